//! Finding the units of an operation and reading their `[Install]` sections: systemd.unit(5).

use super::Scope;
use crate::systemd::config::InstallConfig;
use crate::systemd::load::{FileKind, UnitFiles};
use crate::systemd::loaded::Warning;
use crate::systemd::unit_file::specifier::{NAME_MAX, Scope as SpecifierScope, Specifiers};
use crate::systemd::unit_file::words::{FLAGS, UNQUOTE_RETAIN_ESCAPE, WHITESPACE, split};
use crate::systemd::unit_file::{Assignment, Assignments, Log, read};
use crate::systemd::unit_name::{UnitName, is_name_char, type_of};
use crate::world::Errno;
use std::collections::BTreeMap;

/// What the file of a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Not looked at yet.
    Unknown,
    Regular,
    /// A link to another name of the search path.
    Alias,
    /// A link out of the search path.
    Linked,
    Masked,
}

/// One unit of an operation.
#[derive(Clone, Debug)]
pub struct Info {
    pub name: String,
    pub path: Option<String>,
    pub mode: Mode,
    /// Where a link leads.
    target: Option<String>,
    pub install: InstallConfig,
    /// Known only from another's `Also=`.
    pub auxiliary: bool,
}

/// The units of an operation, those of `Also=` among them.
#[derive(Clone, Debug, Default)]
pub struct Infos {
    pub list: Vec<Info>,
    /// How many of the list have been dealt with.
    pub processed: usize,
}

/// How many aliases are followed.
const FOLLOW_MAX: usize = 64;

const SECTIONS: &[&str] = &[
    "Install",
    "-Unit",
    "-Automount",
    "-Device",
    "-Mount",
    "-Path",
    "-Scope",
    "-Service",
    "-Slice",
    "-Socket",
    "-Swap",
    "-Target",
    "-Timer",
];

impl Infos {
    /// Adds a unit by name or path unless it is there; `EINVAL` if that is no name.
    pub fn add(&mut self, name_or_path: &str, auxiliary: bool) -> Result<usize, Errno> {
        let (name, path) = match name_or_path.rsplit_once('/') {
            Some((_, base)) if name_or_path.starts_with('/') => (base, Some(name_or_path.to_owned())),
            _ => (name_or_path, None),
        };
        if UnitName::new(name).is_none() {
            return Err(Errno::EINVAL);
        }
        if let Some(at) = self.list.iter().position(|info| info.name == name) {
            self.list[at].auxiliary &= auxiliary;
            return Ok(at);
        }
        let install = InstallConfig::default();
        self.list.push(Info { name: name.to_owned(), path, mode: Mode::Unknown, target: None, install, auxiliary });
        Ok(self.list.len() - 1)
    }

    /// Adds a unit and follows it to the file that holds it.
    pub fn discover(
        &mut self,
        files: &dyn UnitFiles,
        scope: Scope<'_>,
        name: &str,
        load: bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<usize, Errno> {
        let at = self.add(name, false)?;
        self.traverse(files, scope, at, load, warnings)
    }

    /// Follows a unit through aliases and links; gives the place of the one that holds the settings. `ENOLINK`: the alias
    /// leads nowhere.
    pub fn traverse(
        &mut self,
        files: &dyn UnitFiles,
        scope: Scope<'_>,
        start: usize,
        load: bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<usize, Errno> {
        let mut at = start;
        let mut search = Search { infos: self, files, scope, load, warnings };
        search.find(at)?;
        for _ in 0..FOLLOW_MAX {
            let info = &search.infos.list[at];
            let Some(target) = info.target.clone().filter(|_| matches!(info.mode, Mode::Alias | Mode::Linked)) else {
                return Ok(at);
            };
            let base = target.rsplit('/').next().unwrap_or(&target).to_owned();
            if info.mode == Mode::Linked || base == info.name {
                search.follow(at, &target)?;
                continue;
            }
            let own = UnitName::new(&info.name).filter(UnitName::is_instance);
            let instance = own.as_ref().and_then(UnitName::instance).unwrap_or("");
            let filled = UnitName::new(&base).filter(UnitName::is_template).and_then(|t| t.with_instance(instance));
            let next = match (own.is_some(), filled) {
                (true, Some(filled)) if filled.as_str() == info.name => {
                    search.follow(at, &target)?;
                    continue;
                }
                (true, Some(filled)) => filled.to_string(),
                _ => base,
            };
            at = search.infos.add(&next, false)?;
            search.find(at).map_err(|errno| if errno == Errno::ENOENT { Errno::ENOLINK } else { errno })?;
        }
        Err(Errno::ELOOP)
    }
}

/// A search with all it needs.
struct Search<'a, 'b> {
    infos: &'a mut Infos,
    files: &'a dyn UnitFiles,
    scope: Scope<'b>,
    load: bool,
    warnings: &'a mut Vec<Warning>,
}

impl Search<'_, '_> {
    /// Finds the file of a unit in the search path, an instance's template's if need be, and reads it with its drop-ins.
    fn find(&mut self, at: usize) -> Result<(), Errno> {
        if self.infos.list[at].mode != Mode::Unknown {
            return Ok(());
        }
        if let Some(path) = self.infos.list[at].path.clone() {
            return self.look(at, &path);
        }
        let name = self.infos.list[at].name.clone();
        let template = UnitName::new(&name).and_then(|n| n.template()).map(|t| t.to_string());
        let mut found = false;
        'names: for candidate in std::iter::once(&name).chain(template.iter()) {
            for folder in &self.scope.path.folders {
                let path = format!("{folder}/{candidate}");
                match self.look(at, &path) {
                    Ok(()) => {
                        self.infos.list[at].path = Some(path);
                        found = true;
                        break 'names;
                    }
                    Err(Errno::ENOENT | Errno::ENOTDIR | Errno::EACCES) => {}
                    Err(errno) => return Err(errno),
                }
            }
        }
        if !found {
            return Err(Errno::ENOENT);
        }
        if self.load && self.infos.list[at].mode != Mode::Masked {
            self.drop_ins(at, &name, template.as_deref())?;
        }
        Ok(())
    }

    /// `[Install]` in drop-ins counts too.
    fn drop_ins(&mut self, at: usize, name: &str, template: Option<&str>) -> Result<(), Errno> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for owner in std::iter::once(name).chain(template) {
            for folder in &self.scope.path.folders {
                let folder = format!("{folder}/{owner}.d");
                for file in self.files.list(&folder).into_iter().filter(|file| file.ends_with(".conf")) {
                    found.entry(file.clone()).or_insert_with(|| format!("{folder}/{file}"));
                }
            }
        }
        for path in found.into_values() {
            self.parse(at, &path)?;
        }
        Ok(())
    }

    /// Looks at one path: a file is read, a link is noted.
    fn look(&mut self, at: usize, path: &str) -> Result<(), Errno> {
        match self.files.kind(path).ok_or(Errno::ENOENT)? {
            FileKind::Folder => Err(Errno::EISDIR),
            FileKind::Symlink => self.link(at, path),
            FileKind::Other => {
                self.infos.list[at].mode = Mode::Masked;
                Ok(())
            }
            FileKind::File if self.files.is_null_or_empty(path) => {
                self.infos.list[at].mode = Mode::Masked;
                Ok(())
            }
            FileKind::File => {
                if self.load {
                    self.parse(at, path)?;
                }
                self.infos.list[at].mode = Mode::Regular;
                Ok(())
            }
        }
    }

    fn link(&mut self, at: usize, path: &str) -> Result<(), Errno> {
        let text = self.files.readlink(path).ok_or(Errno::ENOENT)?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let target = if text.starts_with('/') { text } else { format!("{folder}/{text}") };
        let simple = self.files.chase_parent(&target);
        let inside = self.scope.path.relative(&simple).is_some_and(|rest| !rest.contains('/'));
        let shown = if inside { self.preferred(&simple, &target) } else { simple.clone() };
        let info = &mut self.infos.list[at];
        info.mode = if self.files.is_null_or_empty(&simple) {
            Mode::Masked
        } else if inside {
            Mode::Alias
        } else {
            Mode::Linked
        };
        info.target = Some(shown);
        Ok(())
    }

    /// A path of the search path as it is usually written: with the first folder that leads to it.
    fn preferred(&self, simple: &str, written: &str) -> String {
        let rest = self.scope.path.relative(simple).unwrap_or("");
        let same = |folder: &&String| self.files.chase_parent(&format!("{folder}/{rest}")) == simple;
        match self.scope.path.folders.iter().find(same) {
            Some(folder) => format!("{folder}/{rest}"),
            None => written.to_owned(),
        }
    }

    /// Goes on from a link to its target, under the same name.
    fn follow(&mut self, at: usize, target: &str) -> Result<(), Errno> {
        self.infos.list[at].path = Some(target.to_owned());
        self.infos.list[at].mode = Mode::Unknown;
        self.infos.list[at].target = None;
        self.look(at, target)
    }

    /// Reads the `[Install]` section of a file.
    fn parse(&mut self, at: usize, path: &str) -> Result<(), Errno> {
        let bytes = self.files.read(path)?.into_owned();
        let name = self.infos.list[at].name.clone();
        let mut reader = InstallReader { infos: self.infos, at, scope: self.scope };
        let mut log = Log { path, unit: &name, warnings: self.warnings };
        read(&bytes, SECTIONS, &mut log, &mut reader)
    }
}

impl Info {
    /// Resolves the specifiers of a name in `[Install]`.
    pub fn resolve(&self, text: &str, scope: Scope<'_>) -> Result<String, Errno> {
        let name = UnitName::new(&self.name).ok_or(Errno::EINVAL)?;
        let filled = self.install.default_instance.as_deref().filter(|_| name.is_template());
        let name = filled.and_then(|instance| name.with_instance(instance)).unwrap_or(name);
        Specifiers { name: &name, fragment_path: None, host: scope.host }.resolve(text, SpecifierScope::Name, NAME_MAX)
    }
}

/// Takes the assignments of an `[Install]` section.
struct InstallReader<'a, 'b> {
    infos: &'a mut Infos,
    at: usize,
    scope: Scope<'b>,
}

impl Assignments for InstallReader<'_, '_> {
    fn assign(&mut self, a: Assignment<'_>, log: &mut Log<'_>) -> Result<(), Errno> {
        let flags = if a.key == "Also" { FLAGS } else { UNQUOTE_RETAIN_ESCAPE };
        let words = split(a.value, WHITESPACE, flags).unwrap_or_default();
        let info = &mut self.infos.list[self.at];
        let install = &mut info.install;
        let list = match a.key {
            "Alias" => {
                if let Some(kind) = type_of(&info.name).filter(|kind| !kind.may_alias()) {
                    log.warn(a.line, format!("Alias= is not allowed for {kind} units, ignoring."));
                    return Ok(());
                }
                &mut install.aliases
            }
            "WantedBy" => &mut install.wanted_by,
            "RequiredBy" => &mut install.required_by,
            "DefaultInstance" => return self.default_instance(a, log),
            "Also" => return self.also(a, &words, log),
            key if key.starts_with("X-") => return Ok(()),
            key => {
                log.warn(a.line, format!("Unknown key '{key}' in section [{}], ignoring.", a.section));
                return Ok(());
            }
        };
        if a.value.is_empty() {
            list.clear();
        }
        list.extend(words);
        Ok(())
    }
}

impl InstallReader<'_, '_> {
    fn default_instance(&mut self, a: Assignment<'_>, log: &mut Log<'_>) -> Result<(), Errno> {
        let info = &mut self.infos.list[self.at];
        let name = UnitName::new(&info.name).ok_or(Errno::EINVAL)?;
        if name.is_instance() {
            return Ok(());
        }
        if !name.is_template() {
            log.warn(a.line, "DefaultInstance= only makes sense for template units, ignoring.".to_owned());
            return Ok(());
        }
        match info.resolve(a.value, self.scope) {
            Err(errno) => {
                log.warn(
                    a.line,
                    format!("Failed to resolve instance name in DefaultInstance=\"{}\": {errno}", a.value),
                );
            }
            Ok(instance) if instance.is_empty() => info.install.default_instance = None,
            Ok(instance) if !instance.chars().all(|c| c == '@' || is_name_char(c)) => {
                log.warn(a.line, format!("Invalid DefaultInstance= value \"{instance}\"."));
            }
            Ok(instance) => info.install.default_instance = Some(instance),
        }
        Ok(())
    }

    fn also(&mut self, a: Assignment<'_>, words: &[String], log: &mut Log<'_>) -> Result<(), Errno> {
        for word in words {
            match self.infos.list[self.at].resolve(word, self.scope) {
                Err(errno) => {
                    log.warn(a.line, format!("Failed to resolve unit name in Also=\"{word}\": {errno}"));
                }
                Ok(name) => {
                    self.infos.add(&name, true)?;
                    self.infos.list[self.at].install.also.push(name);
                }
            }
        }
        Ok(())
    }
}
