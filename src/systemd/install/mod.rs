//! What `systemctl enable` and its kin do to the links on disk: systemctl(1) "Unit File Commands", systemd.unit(5) "[Install]".
//!
//! Nothing here talks to a manager: after a change somebody has to reload it.

mod apply;
mod change;
mod info;
mod mask;
mod preset;
mod remove;
mod state;

pub use change::{Change, InstallError, Outcome};
pub use preset::PresetMode;
pub use state::{UnitFileEntry, list_unit_files, preset_of, unit_file_state};

use crate::systemd::load::{SearchPath, UnitFiles, UnitFilesMut};
use crate::systemd::loaded::Warning;
use crate::systemd::unit_file::specifier::Host;
use crate::world::Errno;
use info::Infos;

/// What is known to every step: where to look, and what specifiers mean.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    pub path: &'a SearchPath,
    pub host: &'a Host,
}

/// How links are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstallFlags {
    /// `--runtime`: below `/run`, gone after a reboot.
    pub runtime: bool,
    /// `--force`: links that are in the way are replaced.
    pub force: bool,
}

/// One operation on the unit files: each public method is a verb of systemctl. Names are whole unit names (mangled by the
/// caller); paths are absolute.
pub struct Installer<'a> {
    files: &'a mut dyn UnitFilesMut,
    scope: Scope<'a>,
    flags: InstallFlags,
    /// Presets say nothing about a template that has no instance to be enabled as.
    presetting: bool,
    changes: Vec<Change>,
    warnings: Vec<Warning>,
}

impl<'a> Installer<'a> {
    /// Prepares one operation.
    pub fn new(files: &'a mut dyn UnitFilesMut, scope: Scope<'a>, flags: InstallFlags) -> Self {
        Self { files, scope, flags, presetting: false, changes: Vec::new(), warnings: Vec::new() }
    }

    /// Where links are made.
    fn config(&self) -> &'a str {
        let path = self.scope.path;
        if self.flags.runtime { &path.runtime } else { &path.config }
    }

    fn reading(&self) -> &dyn UnitFiles {
        &*self.files
    }

    /// The result of the operation: `done` is how many rules were found, or why it ended early.
    fn outcome(self, done: Result<usize, Errno>) -> Outcome {
        Outcome::new(self.changes, self.warnings, done)
    }

    /// Remembers a failed step and gives its error on.
    fn fail<T>(&mut self, errno: Errno, path: &str, source: Option<&str>) -> Result<T, Errno> {
        self.changes.push(Change::Failed(InstallError::new(errno, path, source)));
        Err(errno)
    }

    /// `systemctl enable NAME|PATH…`.
    pub fn enable(mut self, names: &[String]) -> Outcome {
        let done = self.do_enable(names);
        self.outcome(done)
    }

    /// `systemctl disable NAME…`.
    pub fn disable(mut self, names: &[String]) -> Outcome {
        let done = self.do_disable(names);
        self.outcome(done.map(|()| 0))
    }

    /// `systemctl reenable NAME|PATH…`: disable, then enable.
    pub fn reenable(mut self, names: &[String]) -> Outcome {
        let bare: Vec<String> = names.iter().map(|n| n.rsplit('/').next().unwrap_or(n).to_owned()).collect();
        let found: Vec<String> = names.iter().map(|name| self.found_path(name)).collect();
        let done = self.do_disable(&bare).and_then(|()| self.do_enable(&found));
        self.outcome(done)
    }

    /// `systemctl add-wants TARGET NAME…` and `add-requires`.
    pub fn add_dependency(mut self, target: &str, names: &[String], requires: bool) -> Outcome {
        let done = self.do_add_dependency(target, names, requires);
        self.outcome(done)
    }

    /// The path of a unit's file, which could not be found by name any more once its link is removed; else the name.
    fn found_path(&self, name: &str) -> String {
        let mut infos = Infos::default();
        let found = infos.discover(&*self.files, self.scope, name, false, &mut Vec::new());
        found.ok().and_then(|at| infos.list[at].path.clone()).unwrap_or_else(|| name.to_owned())
    }

    fn do_enable(&mut self, names: &[String]) -> Result<usize, Errno> {
        let mut infos = Infos::default();
        for name in names {
            self.discover(&mut infos, name, true)?;
        }
        self.apply(&mut infos, true)
    }

    fn do_add_dependency(&mut self, target: &str, names: &[String], requires: bool) -> Result<usize, Errno> {
        let mut targets = Infos::default();
        let at = self.discover(&mut targets, target, false)?;
        let target = targets.list[at].name.clone();
        let mut infos = Infos::default();
        for name in names {
            let at = self.discover(&mut infos, name, false)?;
            let install = &mut infos.list[at].install;
            let list = if requires { &mut install.required_by } else { &mut install.wanted_by };
            *list = vec![target.clone()];
        }
        self.apply(&mut infos, false)
    }

    /// Finds a unit that may be enabled; its place in `infos`.
    fn discover(&mut self, infos: &mut Infos, name: &str, load: bool) -> Result<usize, Errno> {
        let found = infos.discover(&*self.files, self.scope, name, load, &mut self.warnings);
        let at = match found {
            Ok(at) => at,
            Err(errno) => return self.fail(errno, name, None),
        };
        let info = &infos.list[at];
        let path = info.path.clone().unwrap_or_default();
        if info.mode == info::Mode::Masked {
            return self.fail(Errno::ERFKILL, &path, None);
        }
        if self.scope.is_generated(&path) || self.scope.is_transient(&path) {
            return self.fail(Errno::EADDRNOTAVAIL, &path, None);
        }
        Ok(at)
    }
}

impl Scope<'_> {
    /// Whether a path lies in that folder.
    fn is_in(folder: &str, path: &str) -> bool {
        !folder.is_empty() && path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    fn is_generated(&self, path: &str) -> bool {
        self.path.generators.iter().any(|folder| Self::is_in(folder, path))
    }

    fn is_transient(&self, path: &str) -> bool {
        Self::is_in(&self.path.transient, path)
    }

    fn is_control(&self, path: &str) -> bool {
        self.path.control.iter().any(|folder| Self::is_in(folder, path))
    }

    /// Whether a path is directly in a folder that the administrator writes to.
    fn is_config(&self, path: &str) -> bool {
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        parent == self.path.config || parent == self.path.runtime
    }

    fn is_runtime(&self, path: &str) -> bool {
        path.starts_with("/run/")
    }

    /// Whether a path belongs to a package: neither configuration nor generated, transient or runtime.
    fn is_vendor(&self, path: &str) -> bool {
        !self.is_config(path) && !self.is_transient(path) && !self.is_control(path) && !self.is_runtime(path)
    }
}

#[cfg(test)]
mod tests;
