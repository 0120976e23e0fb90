//! Where unit files are looked for, and which name leads to which file: systemd.unit(5) "Unit File Load Path".

use super::files::{FileKind, UnitFiles};
use crate::systemd::mangle::is_glob;
use crate::systemd::unit_name::{UnitName, UnitType};
use std::collections::{BTreeMap, BTreeSet};

/// The folders of one manager, first found first taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPath {
    pub folders: Vec<String>,
    /// Where `systemctl enable` writes.
    pub config: String,
    /// Where `systemctl enable --runtime` writes.
    pub runtime: String,
    /// Where `systemctl set-property` writes, permanent and runtime.
    pub control: [String; 2],
    pub transient: String,
    pub generators: [String; 3],
}

impl SearchPath {
    /// The system manager's folders.
    pub fn system() -> Self {
        Self::new(
            &[
                "/etc/systemd/system.control",
                "/run/systemd/system.control",
                "/run/systemd/transient",
                "/run/systemd/generator.early",
                "/etc/systemd/system",
                "/etc/systemd/system.attached",
                "/run/systemd/system",
                "/run/systemd/system.attached",
                "/run/systemd/generator",
                "/usr/local/lib/systemd/system",
                "/lib/systemd/system",
                "/usr/lib/systemd/system",
                "/run/systemd/generator.late",
            ]
            .map(str::to_owned),
            ["/etc/systemd/system", "/run/systemd/system"].map(str::to_owned),
            "/run/systemd".to_owned(),
            ["/etc/systemd/system.control", "/run/systemd/system.control"].map(str::to_owned),
        )
    }

    /// A user manager's folders.
    pub fn user(home: &str, uid: u32) -> Self {
        let run = format!("/run/user/{uid}/systemd");
        let config = format!("{home}/.config/systemd");
        Self::new(
            &[
                format!("{config}/user.control"),
                format!("{run}/user.control"),
                format!("{run}/transient"),
                format!("{run}/generator.early"),
                format!("{config}/user"),
                "/etc/xdg/systemd/user".to_owned(),
                "/etc/systemd/user".to_owned(),
                format!("{run}/user"),
                "/run/systemd/user".to_owned(),
                format!("{run}/generator"),
                format!("{home}/.local/share/systemd/user"),
                "/usr/local/share/systemd/user".to_owned(),
                "/usr/share/systemd/user".to_owned(),
                "/usr/local/lib/systemd/user".to_owned(),
                "/usr/lib/systemd/user".to_owned(),
                format!("{run}/generator.late"),
            ],
            [format!("{config}/user"), format!("{run}/user")],
            run.clone(),
            [format!("{config}/user.control"), format!("{run}/user.control")],
        )
    }

    /// The folders of `systemctl --global`: what all users' managers share.
    pub fn global() -> Self {
        Self::new(
            &[
                "/etc/systemd/user",
                "/run/systemd/user",
                "/usr/local/share/systemd/user",
                "/usr/share/systemd/user",
                "/usr/local/lib/systemd/user",
                "/usr/lib/systemd/user",
            ]
            .map(str::to_owned),
            ["/etc/systemd/user", "/run/systemd/user"].map(str::to_owned),
            "/run/systemd".to_owned(),
            [String::new(), String::new()],
        )
    }

    fn new(folders: &[String], [config, runtime]: [String; 2], run: String, control: [String; 2]) -> Self {
        let generators = ["generator", "generator.early", "generator.late"].map(|name| format!("{run}/{name}"));
        let transient = format!("{run}/transient");
        Self { folders: folders.to_vec(), config, runtime, control, transient, generators }
    }

    /// What follows a search folder in a path (`cron.service`, `a.wants/b.service`), if it is in one.
    pub fn relative<'a>(&self, path: &'a str) -> Option<&'a str> {
        self.folders.iter().find_map(|folder| path.strip_prefix(folder.as_str())?.strip_prefix('/'))
    }
}

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Leads {
    /// A file, or a link out of the search path.
    File(String),
    /// Another name.
    Alias(String),
}

/// What the search path holds. Built once and kept until a folder changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFileMap {
    leads: BTreeMap<String, Leads>,
    /// The aliases of a name.
    aliases: BTreeMap<String, BTreeSet<String>>,
    /// The folders of links and drop-ins that exist.
    folders: BTreeSet<String>,
    /// Their names: most units have none, and are asked for often.
    folder_names: BTreeSet<String>,
    stamps: Vec<Option<u64>>,
    /// [`UnitFiles::changes`] when the stamps were looked at last.
    looked_at: Option<u64>,
}

/// How many aliases are followed.
const FOLLOW_MAX: usize = 8;

impl UnitFileMap {
    /// Reads the search path.
    pub fn build(files: &dyn UnitFiles, path: &SearchPath) -> Self {
        let mut map = Self { stamps: stamps(files, path), looked_at: Some(files.changes()), ..Self::default() };
        for folder in &path.folders {
            for name in files.list(folder) {
                map.add(files, path, folder, &name);
            }
        }
        for (name, leads) in &map.leads {
            if let Leads::Alias(target) = leads {
                map.aliases.entry(target.clone()).or_default().insert(name.clone());
            }
        }
        map
    }

    /// Reads the search path again if one of its folders has changed since.
    pub fn refresh(&mut self, files: &dyn UnitFiles, path: &SearchPath) {
        let changes = files.changes();
        if self.looked_at == Some(changes) {
            return;
        }
        if self.stamps != stamps(files, path) {
            *self = Self::build(files, path);
        }
        self.looked_at = Some(changes);
    }

    fn add(&mut self, files: &dyn UnitFiles, path: &SearchPath, folder: &str, name: &str) {
        let full = format!("{folder}/{name}");
        let is_unit = UnitName::new(name).is_some();
        let is_folder = [".wants", ".requires", ".d"].iter().any(|suffix| name.ends_with(suffix));
        let leads = match files.kind(&full) {
            Some(FileKind::Folder | FileKind::Symlink) if is_folder && !is_unit => {
                self.folder_names.insert(name.to_owned());
                self.folders.insert(full);
                return;
            }
            Some(FileKind::File) if is_unit => Leads::File(full),
            Some(FileKind::Symlink) if is_unit => match resolve_link(files, path, folder, name) {
                Some(leads) => leads,
                None => return,
            },
            _ => return,
        };
        self.leads.entry(name.to_owned()).or_insert(leads);
    }

    /// Whether any folder of the search path holds a folder of that name.
    pub fn has_folder_named(&self, name: &str) -> bool {
        self.folder_names.contains(name)
    }

    /// The folders `x.d`, `x.wants`, `x.requires` that exist.
    pub fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// The file of a name, aliases followed; `None` if there is none.
    pub fn file(&self, name: &str) -> Option<&str> {
        let mut name = name.to_owned();
        for _ in 0..FOLLOW_MAX {
            let template = UnitName::new(&name).and_then(|n| n.template());
            let found = self.leads.get(&name).or_else(|| self.leads.get(template.as_ref()?.as_str()));
            match found? {
                Leads::File(path) => return Some(path),
                Leads::Alias(target) => name = target.clone(),
            }
        }
        None
    }

    /// All names that lead to a file directly, with the aliases of it, for lists of unit files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.leads.keys().map(String::as_str)
    }

    /// Whether a name is only another's alias.
    pub fn is_alias(&self, name: &str) -> bool {
        matches!(self.leads.get(name), Some(Leads::Alias(_)))
    }

    /// The file of a unit, and all its names, the main one first. An instance without a file of its own has its
    /// template's.
    pub fn find(&self, name: &UnitName) -> (Option<&str>, Vec<UnitName>) {
        let Some(file) = self.file(name.as_str()) else { return (None, vec![name.clone()]) };
        let base = file.rsplit('/').next().unwrap_or(file);
        let mut names: Vec<UnitName> = Vec::new();
        let own = |base: &str| -> Option<UnitName> {
            let unit = UnitName::new(base)?;
            if unit.is_template() { unit.with_instance(name.instance()?) } else { Some(unit) }
        };
        let main = own(base).filter(|unit| unit.unit_type() == name.unit_type()).unwrap_or_else(|| name.clone());
        names.push(main.clone());
        let mut todo = vec![base.to_owned(), main.to_string(), name.to_string()];
        let mut seen = BTreeSet::new();
        while let Some(next) = todo.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            if let Some(unit) = own(&next).filter(|unit| self.file(unit.as_str()) == Some(file))
                && !names.contains(&unit)
            {
                names.push(unit);
            }
            todo.extend(self.aliases.get(&next).into_iter().flatten().cloned());
        }
        names[1..].sort();
        (Some(file), names)
    }
}

fn stamps(files: &dyn UnitFiles, path: &SearchPath) -> Vec<Option<u64>> {
    path.folders.iter().map(|folder| files.stamp(folder)).collect()
}

/// Where a link in a search folder leads: to another unit of the search path, or out of it. `None`: it is refused.
fn resolve_link(files: &dyn UnitFiles, path: &SearchPath, folder: &str, name: &str) -> Option<Leads> {
    let full = format!("{folder}/{name}");
    let target = files.readlink(&full)?;
    let target = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
    let target = files.chase_parent(&target);
    let inside = path.relative(&target).is_some_and(|rest| !rest.contains('/'));
    if !inside {
        return Some(Leads::File(full));
    }
    let base = target.rsplit('/').next()?;
    may_alias(name, base).then(|| Leads::Alias(base.to_owned()))
}

/// Whether `name` may be an alias of `target`: the same type, and template for template, instance for the same instance.
pub fn may_alias(name: &str, target: &str) -> bool {
    let (Some(from), Some(to)) = (UnitName::new(name), UnitName::new(target)) else { return false };
    let kinds = match (from.instance(), to.instance()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(""), Some("")) => true,
        (Some(""), _) => false,
        (Some(a), Some(b)) => b.is_empty() || a == b,
        (Some(_), None) => false,
    };
    from != to && from.unit_type() == to.unit_type() && UnitType::may_alias(from.unit_type()) && kinds
}

/// Whether a unit name matches a shell pattern; a plain text must be equal.
pub fn name_matches(pattern: &str, name: &str) -> bool {
    if is_glob(pattern) { fnmatch(pattern.as_bytes(), name.as_bytes()) } else { pattern == name }
}

/// fnmatch(3) without flags, for `*`, `?` and `[…]`.
fn fnmatch(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, t));
                p += 1;
                continue;
            }
            Some(b'?') => Some(1),
            Some(b'[') => match_class(&pattern[p..], text[t]),
            Some(b'\\') if pattern.get(p + 1) == Some(&text[t]) => Some(2),
            Some(c) if *c == text[t] => Some(1),
            _ => None,
        };
        match (step, star) {
            (Some(length), _) => {
                p += length;
                t += 1;
            }
            (None, Some((after, from))) => {
                star = Some((after, from + 1));
                (p, t) = (after, from + 1);
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

/// Whether the class at the start of `pattern` holds `byte`; its length if so. An open `[` stands for itself.
fn match_class(pattern: &[u8], byte: u8) -> Option<usize> {
    let negated = matches!(pattern.get(1), Some(b'!' | b'^'));
    let first = 1 + usize::from(negated);
    let Some(length) = pattern.iter().skip(first + 1).position(|c| *c == b']') else {
        return (byte == b'[').then_some(1);
    };
    let inside = &pattern[first..first + 1 + length];
    let mut at = 0;
    let mut found = false;
    while at < inside.len() {
        if inside.get(at + 1) == Some(&b'-') && at + 2 < inside.len() {
            found |= (inside[at]..=inside[at + 2]).contains(&byte);
            at += 3;
        } else {
            found |= inside[at] == byte;
            at += 1;
        }
    }
    (found != negated).then_some(first + 1 + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name, expected) in [
            ("worker@*.service", "worker@1.service", true),
            ("worker@[12].service", "worker@3.service", false),
            ("worker@[!12].service", "worker@3.service", true),
            ("w*r*e", "worker.service", true),
            ("?.service", "ab.service", false),
            ("[a", "[a", true),
            ("*", "", true),
        ] {
            assert_eq!(name_matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
