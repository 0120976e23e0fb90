//! mask, unmask, link, revert and set-default: systemctl(1).

use super::{Change, Installer, Outcome};
use crate::systemd::load::FileKind;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Errno;
use std::collections::BTreeSet;

impl Installer<'_> {
    /// `systemctl mask NAME…`: a link to `/dev/null` in the place of the unit file.
    pub fn mask(mut self, names: &[String]) -> Outcome {
        let mut done = Ok(0);
        for name in names {
            let result = if UnitName::new(name).is_none() {
                Err(Errno::EINVAL)
            } else {
                let path = format!("{}/{name}", self.config());
                self.create_symlink("/dev/null", &path, self.flags.force)
            };
            if let Err(errno) = result {
                done = done.and(Err(errno));
            }
        }
        self.outcome(done)
    }

    /// `systemctl unmask NAME…`.
    pub fn unmask(mut self, names: &[String]) -> Outcome {
        if names.iter().any(|name| UnitName::new(name).is_none()) {
            return self.outcome(Err(Errno::EINVAL));
        }
        let mut marked = BTreeSet::new();
        for name in names {
            let path = format!("{}/{name}", self.config());
            if !self.files.is_null_or_empty(&path) || self.files.remove(&path).is_err() {
                continue;
            }
            marked.insert(path.clone());
            self.changes.push(Change::Unlink(path));
        }
        self.remove_marked(marked, self.config());
        self.outcome(Ok(0))
    }

    /// `systemctl link PATH…`.
    pub fn link(mut self, paths: &[String]) -> Outcome {
        let mut todo = Vec::new();
        for path in paths {
            let base = path.rsplit('/').next().unwrap_or("");
            let fault = if !path.starts_with('/') || UnitName::new(base).is_none() {
                Some(Errno::EINVAL)
            } else {
                match self.files.kind(path) {
                    None => Some(Errno::ENOENT),
                    Some(FileKind::Symlink) => Some(Errno::ELOOP),
                    Some(FileKind::Folder) => Some(Errno::EISDIR),
                    Some(FileKind::Other) => Some(Errno::EINVAL),
                    Some(FileKind::File) => None,
                }
            };
            if let Some(errno) = fault {
                let named = match errno {
                    Errno::ENOENT => Errno::ENOENT,
                    Errno::EINVAL if UnitName::new(base).is_none() => Errno::EUCLEAN,
                    _ => return self.outcome(Err(errno)),
                };
                let done = self.fail(named, path, None);
                return self.outcome(done);
            }
            if self.scope.path.relative(path).is_none_or(|rest| rest.contains('/')) {
                todo.push((path.clone(), base.to_owned()));
            }
        }
        let mut done = Ok(0);
        for (path, base) in todo {
            let link = format!("{}/{base}", self.config());
            if let Err(errno) = self.create_symlink(&path, &link, self.flags.force) {
                done = done.and(Err(errno));
            }
        }
        self.outcome(done)
    }

    /// `systemctl revert NAME…`: back to what the package says; drop-ins go, and the administrator's file if there is
    /// another one.
    pub fn revert(mut self, names: &[String]) -> Outcome {
        let mut todo: Vec<String> = Vec::new();
        for name in names {
            if UnitName::new(name).is_none() {
                return self.outcome(Err(Errno::EINVAL));
            }
            self.revert_one(name, &mut todo);
        }
        let mut marked = BTreeSet::new();
        for path in todo {
            let mut names = self.files.list(&path);
            if path.starts_with("/run/") {
                // A tmpfs lists what was made last first.
                names.sort_by_key(|name| std::cmp::Reverse(self.files.serial(&format!("{path}/{name}"))));
            }
            for inside in names {
                let file = format!("{path}/{inside}");
                if self.files.remove(&file).is_ok() {
                    self.changes.push(Change::Unlink(file));
                }
            }
            let removed = if self.files.kind(&path) == Some(FileKind::Folder) {
                self.files.remove_folder(&path)
            } else {
                self.files.remove(&path)
            };
            if removed.is_ok() {
                marked.insert(path.clone());
                self.changes.push(Change::Unlink(path));
            }
        }
        let path = self.scope.path;
        self.remove_marked(marked.clone(), &path.runtime);
        self.remove_marked(marked, &path.config);
        self.outcome(Ok(0))
    }

    /// What is to go for one unit.
    fn revert_one(&self, name: &str, todo: &mut Vec<String>) {
        let scope = self.scope;
        let mut add = |path: String| {
            if !todo.contains(&path) {
                todo.push(path);
            }
        };
        let mut vendor = false;
        for folder in &scope.path.folders {
            let path = format!("{folder}/{name}");
            vendor |=
                self.files.kind(&path) == Some(FileKind::File) && (scope.is_vendor(&path) || scope.is_generated(&path));
            let drop_ins = format!("{path}.d");
            let revert = scope.is_config(&drop_ins) || scope.is_transient(&drop_ins) || scope.is_control(&drop_ins);
            if self.files.kind(&drop_ins) == Some(FileKind::Folder) && revert {
                add(drop_ins);
            }
        }
        if vendor {
            for folder in &scope.path.folders {
                let path = format!("{folder}/{name}");
                let file = matches!(self.files.kind(&path), Some(FileKind::File | FileKind::Symlink));
                if file && scope.is_config(&path) {
                    add(path);
                }
            }
        }
    }

    /// `systemctl set-default TARGET`.
    pub fn set_default(mut self, name: &str) -> Outcome {
        let target = UnitName::new(name).filter(|unit| unit.unit_type() == UnitType::Target);
        if target.is_none() || name == "default.target" {
            return self.outcome(Err(Errno::EINVAL));
        }
        let mut infos = super::info::Infos::default();
        let found = infos.discover(&*self.files, self.scope, name, false, &mut self.warnings);
        let done = match found {
            Err(errno) => self.fail(errno, name, None),
            Ok(at) => {
                let path = infos.list[at].path.clone().unwrap_or_default();
                let link = format!("{}/default.target", self.scope.path.config);
                self.create_symlink(&path, &link, true).map(|_| 0)
            }
        };
        self.outcome(done)
    }
}
