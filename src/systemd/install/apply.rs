//! Making the links that `[Install]` asks for: systemctl(1) "enable".

use super::info::{Info, Infos, Mode};
use super::{Change, Installer};
use crate::systemd::load::may_alias;
use crate::systemd::unit_name::UnitName;
use crate::world::Errno;

/// The number of rules of several steps, or the first error.
fn gather(steps: impl IntoIterator<Item = Result<usize, Errno>>) -> Result<usize, Errno> {
    steps.into_iter().sum()
}

impl Installer<'_> {
    /// Deals with every unit of the operation and those of their `Also=`; gives the number of rules found.
    pub(super) fn apply(&mut self, infos: &mut Infos, load: bool) -> Result<usize, Errno> {
        let mut rules = Ok(0);
        while infos.processed < infos.list.len() {
            let at = infos.processed;
            infos.processed += 1;
            let traversed = infos.traverse(&*self.files, self.scope, at, load, &mut self.warnings);
            let info = infos.list[at].clone();
            match traversed {
                Err(_) if info.auxiliary => self.changes.push(Change::AuxiliaryFailed(info.name)),
                Err(errno) => return self.fail(errno, &info.name, None),
                Ok(_) if info.mode == Mode::Masked => {
                    self.changes.push(Change::IsMasked(info.path.unwrap_or(info.name)));
                    rules = rules.map(|n| n + 1);
                }
                Ok(_) if info.mode != Mode::Regular => {}
                Ok(_) => match self.install(&info) {
                    Ok(found) => rules = rules.map(|n| n + found),
                    Err(errno) => rules = rules.and(Err(errno)),
                },
            }
        }
        rules
    }

    /// All links of one unit: to the file itself, its aliases, its wants, its requires. A link that fails does not keep the
    /// others from being made.
    fn install(&mut self, info: &Info) -> Result<usize, Errno> {
        let path = info.path.clone().unwrap_or_default();
        if self.scope.path.relative(&path).is_none_or(|rest| rest.contains('/')) {
            let link = format!("{}/{}", self.config(), info.name);
            self.create_symlink(&path, &link, self.flags.force)?;
        }
        let aliases: Vec<_> = info.install.aliases.iter().map(|alias| self.alias(info, &path, alias)).collect();
        let wants = self.dependencies(info, &path, &info.install.wanted_by, "wants");
        let requires = self.dependencies(info, &path, &info.install.required_by, "requires");
        gather(aliases.into_iter().chain([wants, requires]))
    }

    fn alias(&mut self, info: &Info, path: &str, alias: &str) -> Result<usize, Errno> {
        let mut name = match info.resolve(alias, self.scope) {
            Ok(name) => name,
            Err(errno) => return self.fail(errno, alias, None),
        };
        let instance = UnitName::new(&info.name).filter(UnitName::is_instance);
        if let (Some(own), Some(template)) = (instance, UnitName::new(&name).filter(UnitName::is_template)) {
            name = template.with_instance(own.instance().unwrap_or("")).map_or(name, |n| n.to_string());
        }
        if name == info.name {
            return Ok(0);
        }
        if !may_alias(&name, &info.name) {
            return self.fail(Errno::EXDEV, &name, Some(&info.name));
        }
        let link = format!("{}/{name}", self.config());
        self.create_symlink(path, &link, self.flags.force).map(usize::from)
    }

    /// The links in `.wants/` or `.requires/` of other units.
    fn dependencies(&mut self, info: &Info, path: &str, list: &[String], suffix: &str) -> Result<usize, Errno> {
        if list.is_empty() {
            return Ok(0);
        }
        let own = UnitName::new(&info.name).ok_or(Errno::EINVAL)?;
        let name = match &info.install.default_instance {
            Some(instance) if own.is_template() => self.default_instance(&own, instance)?,
            _ => info.name.clone(),
        };
        let wanted: Vec<_> = list.iter().map(|wanted| self.dependency(info, path, &name, wanted, suffix)).collect();
        gather(wanted)
    }

    /// One such link; `name` is the unit's own, or that of its default instance.
    fn dependency(&mut self, info: &Info, path: &str, name: &str, wanted: &str, suffix: &str) -> Result<usize, Errno> {
        let destination = match info.resolve(wanted, self.scope) {
            Ok(destination) => destination,
            Err(errno) => return self.fail(errno, wanted, None),
        };
        let open_template = UnitName::new(name).is_some_and(|own| own.is_template());
        let unit = match UnitName::new(&destination) {
            Some(unit) if !open_template || unit.is_template() => unit,
            _ if self.presetting => return Ok(0),
            Some(_) => return self.fail(Errno::EIDRM, &destination, Some(name)),
            None => return self.fail(Errno::EUCLEAN, &destination, None),
        };
        let link = format!("{}/{destination}.{suffix}/{name}", self.config());
        let made = self.create_symlink(path, &link, true)?;
        if !self.unit_exists(&unit) {
            self.changes.push(Change::DestinationNotPresent { destination, unit: path.to_owned() });
        }
        Ok(usize::from(made))
    }

    /// The instance that a template is enabled as; refused when that instance is masked.
    fn default_instance(&mut self, template: &UnitName, instance: &str) -> Result<String, Errno> {
        let name = template.with_instance(instance).ok_or(Errno::EINVAL)?.to_string();
        let mut infos = Infos::default();
        let found = infos.discover(&*self.files, self.scope, &name, false, &mut Vec::new());
        if let Some(info) = found.ok().map(|at| &infos.list[at]).filter(|info| info.mode == Mode::Masked) {
            let path = info.path.clone().unwrap_or_default();
            return self.fail(Errno::ERFKILL, &path, None);
        }
        Ok(name)
    }

    /// Whether the search path has a file of that name, or of its template.
    pub(super) fn unit_exists(&self, name: &UnitName) -> bool {
        let files = self.reading();
        let template = name.template();
        self.scope.path.folders.iter().any(|folder| {
            files.kind(&format!("{folder}/{name}")).is_some()
                || template.as_ref().is_some_and(|t| files.kind(&format!("{folder}/{t}")).is_some())
        })
    }

    /// Whether two files mean the same unit: the same name, each in a folder of the search path.
    fn are_equivalent(&self, a: &str, b: &str) -> bool {
        let known = |folder: &str| self.scope.path.folders.iter().any(|f| self.reading().chase_parent(f) == folder);
        match (a.rsplit_once('/'), b.rsplit_once('/')) {
            (Some((a, name)), Some((b, other))) => name == other && known(a) && known(b),
            _ => false,
        }
    }

    /// Makes a link unless it is there; true when it is there in the end. Without `force` another file is in the way.
    pub(super) fn create_symlink(&mut self, target: &str, path: &str, force: bool) -> Result<bool, Errno> {
        let made = |path: &str| Change::Symlink { path: path.to_owned(), target: target.to_owned() };
        match self.files.symlink(target, path) {
            Ok(()) => {
                self.changes.push(made(path));
                return Ok(true);
            }
            Err(Errno::EEXIST) => {}
            Err(errno) => return self.fail(errno, path, None),
        }
        let Some(old) = self.files.readlink(path) else {
            return self.fail(Errno::EEXIST, path, None);
        };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let absolute = if old.starts_with('/') { old.clone() } else { format!("{folder}/{old}") };
        let (absolute, wanted) = (self.files.chase_parent(&absolute), self.files.chase_parent(target));
        if absolute == wanted || self.are_equivalent(&absolute, &wanted) {
            return Ok(true);
        }
        if !force {
            return self.fail(Errno::EEXIST, path, Some(&old));
        }
        let replaced = self.files.remove(path).and_then(|()| self.files.symlink(target, path));
        if let Err(errno) = replaced {
            return self.fail(errno, path, None);
        }
        self.changes.push(Change::Unlink(path.to_owned()));
        self.changes.push(made(path));
        Ok(true)
    }
}
