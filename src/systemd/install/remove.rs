//! Removing the links to units: systemctl(1) "disable".

use super::info::{Infos, Mode};
use super::{Change, InstallError, Installer};
use crate::systemd::load::FileKind;
use crate::systemd::unit_name::UnitName;
use crate::world::Errno;
use std::collections::BTreeSet;

impl Installer<'_> {
    /// Removes every link to the units and to those of their `Also=`.
    pub(super) fn do_disable(&mut self, names: &[String]) -> Result<(), Errno> {
        let mut infos = Infos::default();
        for name in names {
            if UnitName::new(name).is_none() {
                return self.fail(Errno::EUCLEAN, name, None);
            }
            infos.add(name, false)?;
        }
        let marked = self.mark_for_removal(&mut infos)?;
        self.remove_marked(marked, self.config());
        Ok(())
    }

    /// The names whose links are to go.
    pub(super) fn mark_for_removal(&mut self, infos: &mut Infos) -> Result<BTreeSet<String>, Errno> {
        let mut marked = BTreeSet::new();
        while infos.processed < infos.list.len() {
            let at = infos.processed;
            infos.processed += 1;
            let traversed = infos.traverse(&*self.files, self.scope, at, true, &mut self.warnings);
            let info = &infos.list[at];
            let shown = info.path.clone().unwrap_or_else(|| info.name.clone());
            match traversed {
                Err(Errno::ENOLINK) => self.changes.push(Change::IsDangling(shown)),
                Err(Errno::ENOENT) if info.auxiliary => {}
                Err(errno) => self.changes.push(Change::Failed(InstallError::new(errno, &shown, None))),
                Ok(_) if info.mode == Mode::Masked => {
                    self.changes.push(Change::IsMasked(shown));
                    continue;
                }
                Ok(_) if info.mode != Mode::Regular => continue,
                Ok(_) => {}
            }
            marked.insert(info.name.clone());
        }
        Ok(marked)
    }

    /// Removes the links below a folder that have a marked name or lead to a marked name or path, again and again while that marks more.
    pub(super) fn remove_marked(&mut self, mut marked: BTreeSet<String>, folder: &str) {
        while !marked.is_empty() && self.remove_pass(&mut marked, folder, folder) {}
    }

    /// One walk through a folder and those in it; says whether something new was marked. A real file system lists its
    /// entries in an order of its own; here links come before folders and the newest first.
    fn remove_pass(&mut self, marked: &mut BTreeSet<String>, root: &str, folder: &str) -> bool {
        let mut entries = self.files.list(folder);
        entries.sort_by_key(|name| {
            let path = format!("{folder}/{name}");
            (self.files.kind(&path) == Some(FileKind::Folder), std::cmp::Reverse(self.files.serial(&path)))
        });
        let mut again = false;
        for name in entries {
            let path = format!("{folder}/{name}");
            match self.files.kind(&path) {
                Some(FileKind::Folder) if folder == root => again |= self.remove_pass(marked, root, &path),
                Some(FileKind::Symlink) if self.is_marked(marked, &name, &path) => {
                    if self.files.remove(&path).is_err() {
                        continue;
                    }
                    if folder != root {
                        // An emptied folder goes too; a full one refuses.
                        let _ = self.files.remove_folder(folder);
                    }
                    again |= marked.insert(path.clone());
                    self.changes.push(Change::Unlink(path));
                }
                _ => {}
            }
        }
        again
    }

    fn is_marked(&self, marked: &BTreeSet<String>, name: &str, path: &str) -> bool {
        let Some(unit) = UnitName::new(name) else { return false };
        if unit.template().is_some_and(|template| marked.contains(template.as_str())) {
            return true;
        }
        let end = self.chase(path);
        let base = end.rsplit('/').next().unwrap_or("");
        marked.contains(name) || marked.contains(base) || marked.contains(&end)
    }

    /// Where a chain of links ends, whether that exists or not.
    fn chase(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for _ in 0..40 {
            let Some(target) = self.files.readlink(&path) else { break };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            path = if target.starts_with('/') { target } else { format!("{folder}/{target}") };
        }
        path
    }
}
