//! Changing the tree: open(2), mkdir(2), unlink(2), rename(2), symlink(2), chmod(2), chown(2).

use std::sync::Arc;

use imbl::OrdMap;

use super::{Access, Bytes, Cred, FileTree, Found, Ino, Inode, Kind, ROOT};
use crate::world::capability::CapabilitySet;
use crate::world::errno::Errno;
use crate::world::time::Time;

impl FileTree {
    /// The contents of the regular file at `path`. Errors: those of the walk, EACCES, EISDIR, EINVAL (not a regular file).
    pub fn read(&self, cred: &Cred, cwd: &str, path: &str) -> Result<Bytes, Errno> {
        let node = self.inode(self.lookup(cred, cwd, path, true)?).ok_or(Errno::ENOENT)?;
        self.permit(cred, node, Access::Read)?;
        match &node.kind {
            Kind::File(bytes) => Ok(bytes.clone()),
            Kind::Dir { .. } => Err(Errno::EISDIR),
            _ => Err(Errno::EINVAL),
        }
    }

    /// The text of the file at an absolute path as the superuser reads it; invalid UTF-8 is replaced.
    pub fn text(&self, path: &str) -> Option<String> {
        match &self.get(path)?.kind {
            Kind::File(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    /// The names in a folder, in byte order, without `.` and `..`. Errors: those of the walk, EACCES, ENOTDIR.
    pub fn list(&self, cred: &Cred, cwd: &str, path: &str) -> Result<Vec<(Arc<str>, Ino)>, Errno> {
        let node = self.inode(self.lookup(cred, cwd, path, true)?).ok_or(Errno::ENOENT)?;
        let Kind::Dir { entries, .. } = &node.kind else { return Err(Errno::ENOTDIR) };
        self.permit(cred, node, Access::Read)?;
        Ok(entries.iter().map(|(name, ino)| (name.clone(), *ino)).collect())
    }

    /// Makes a new file of any kind under the name that `found` leads to; the folder must allow it.
    /// `mode` is taken as it is: the caller applies its umask. Errors: EEXIST, EACCES, ENOENT, ENOTDIR.
    pub fn create(&mut self, cred: &Cred, found: &Found, kind: Kind, mode: u16, now: Time) -> Result<Ino, Errno> {
        if found.ino.is_some() {
            return Err(Errno::EEXIST);
        }
        if found.read_only() {
            return Err(Errno::EROFS);
        }
        self.permit_entries(cred, found.parent)?;
        let setgid = self.inode(found.parent).is_some_and(|dir| dir.mode & 0o2000 != 0);
        let gid = if setgid { self.inode(found.parent).map_or(cred.gid, |dir| dir.gid) } else { cred.gid };
        let node = Inode { kind, mode, uid: cred.uid, gid, nlink: 1, mtime: now, ctime: now, atime: now, version: 0 };
        let ino = self.next;
        self.next += 1;
        self.used += if node.is_file() { node.size() } else { 0 };
        self.inodes.insert(ino, Arc::new(node));
        self.insert_entry(found.parent, &found.name, ino, now);
        Ok(ino)
    }

    /// Makes a folder. Errors: as for [`FileTree::create`].
    pub fn mkdir(&mut self, cred: &Cred, cwd: &str, path: &str, mode: u16, now: Time) -> Result<Ino, Errno> {
        let found = self
            .find(cred, cwd, path.trim_end_matches('/'), true)
            .map_err(|e| if path == "/" { Errno::EEXIST } else { e })?;
        let kind = Kind::Dir { parent: found.parent, entries: OrdMap::new() };
        self.create(cred, &found, kind, mode, now)
    }

    /// Makes a folder and those above it as the superuser, mode 0755; what exists stays as it is.
    pub fn mkdir_all(&mut self, path: &str, now: Time) {
        let mut done = String::new();
        for part in path.split('/').filter(|p| !p.is_empty()) {
            done = format!("{done}/{part}");
            let _ = self.mkdir(&Cred::root(), "/", &done, 0o755, now);
        }
    }

    /// Makes a symbolic link that holds `target`. Errors: as for [`FileTree::create`].
    pub fn symlink(&mut self, cred: &Cred, cwd: &str, target: &str, path: &str, now: Time) -> Result<Ino, Errno> {
        let found = self.find(cred, cwd, path, false)?;
        self.create(cred, &found, Kind::Symlink(target.into()), 0o777, now)
    }

    /// Writes a whole file as the superuser, making it and the folders above it when missing. Owner and mode are set.
    pub fn put(&mut self, path: &str, contents: &[u8], mode: u16, owner: (u32, u32), now: Time) {
        let root = Cred::root();
        if let Some(cut) = path.rfind('/') {
            self.mkdir_all(&path[..cut], now);
        }
        let Ok(found) = self.find(&root, "/", path, true) else { return };
        let ino = match found.ino {
            Some(ino) => ino,
            None => match self.create(&root, &found, Kind::File(Bytes::default()), mode, now) {
                Ok(ino) => ino,
                Err(_) => return,
            },
        };
        let _ = self.truncate(ino, 0, now);
        let _ = self.write_at(ino, 0, contents, now);
        self.set_mode(ino, mode, now);
        self.set_owner(ino, owner.0, owner.1, now);
    }

    /// Writes `data` into a regular file at `offset`; a hole is filled with zero bytes. Errors: ENOSPC, EINVAL.
    pub fn write_at(&mut self, ino: Ino, offset: usize, data: &[u8], now: Time) -> Result<(), Errno> {
        let Some(Kind::File(old)) = self.inode(ino).map(|node| &node.kind) else { return Err(Errno::EINVAL) };
        let end = offset.saturating_add(data.len());
        let grow = end.saturating_sub(old.len()) as u64;
        if grow > 0 && self.used + grow > self.limit {
            return Err(Errno::ENOSPC);
        }
        self.used += grow;
        self.edit(ino, now, |bytes| {
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[offset..end].copy_from_slice(data);
        });
        Ok(())
    }

    /// Cuts or stretches a regular file to `len` bytes. Errors: ENOSPC, EINVAL.
    pub fn truncate(&mut self, ino: Ino, len: usize, now: Time) -> Result<(), Errno> {
        let Some(Kind::File(old)) = self.inode(ino).map(|node| &node.kind) else { return Err(Errno::EINVAL) };
        let (old, len64) = (old.len() as u64, len as u64);
        if self.used - old + len64 > self.limit && len64 > old {
            return Err(Errno::ENOSPC);
        }
        self.used = self.used - old + len64;
        self.edit(ino, now, |bytes| bytes.resize(len, 0));
        Ok(())
    }

    fn edit(&mut self, ino: Ino, now: Time, change: impl FnOnce(&mut Vec<u8>)) {
        self.versions += 1;
        let version = self.versions;
        let Some(node) = self.inode_mut(ino) else { return };
        if let Kind::File(bytes) = &mut node.kind {
            change(Arc::make_mut(bytes));
        }
        (node.mtime, node.ctime, node.version) = (now, now, version);
    }

    /// Takes a name away; a folder must be empty and `dir` set, as rmdir(2) wants it.
    ///
    /// Errors: ENOENT, EACCES, EPERM (a sticky folder), EISDIR, ENOTDIR, ENOTEMPTY, EBUSY (`/`).
    pub fn remove(&mut self, cred: &Cred, cwd: &str, path: &str, dir: bool, now: Time) -> Result<(), Errno> {
        let path = if dir { path.trim_end_matches('/') } else { path };
        let found = self.find(cred, cwd, if path.is_empty() { "/" } else { path }, false)?;
        if found.read_only() {
            return Err(Errno::EROFS);
        }
        let ino = found.ino.ok_or(Errno::ENOENT)?;
        if ino == ROOT || found.is_mount_point() {
            return Err(Errno::EBUSY);
        }
        match &self.inode(ino).ok_or(Errno::ENOENT)?.kind {
            Kind::Dir { .. } if !dir => return Err(Errno::EISDIR),
            Kind::Dir { entries, .. } if !entries.is_empty() => return Err(Errno::ENOTEMPTY),
            Kind::Dir { .. } => {}
            _ if dir => return Err(Errno::ENOTDIR),
            _ => {}
        }
        self.permit_entries(cred, found.parent)?;
        self.permit_sticky(cred, found.parent, ino)?;
        self.drop_entry(found.parent, &found.name, now);
        self.unlink_inode(ino, now);
        Ok(())
    }

    /// Gives a file another name, replacing what had it. Errors: those of [`FileTree::remove`], EINVAL (into itself).
    pub fn rename(&mut self, cred: &Cred, cwd: &str, from: &str, to: &str, now: Time) -> Result<(), Errno> {
        let source = self.find(cred, cwd, from.trim_end_matches('/'), false)?;
        let target = self.find(cred, cwd, to.trim_end_matches('/'), false)?;
        if cred.mounts.is_some() && source.mount_point() != target.mount_point() {
            return Err(Errno::EXDEV);
        }
        if source.read_only() {
            return Err(Errno::EROFS);
        }
        if source.is_mount_point() || target.is_mount_point() {
            return Err(Errno::EBUSY);
        }
        let ino = source.ino.ok_or(Errno::ENOENT)?;
        if target.ino == Some(ino) {
            return Ok(());
        }
        let is_dir = self.inode(ino).is_some_and(Inode::is_dir);
        if is_dir && target.path.starts_with(&format!("{}/", source.path)) {
            return Err(Errno::EINVAL);
        }
        self.permit_entries(cred, source.parent)?;
        self.permit_entries(cred, target.parent)?;
        self.permit_sticky(cred, source.parent, ino)?;
        if let Some(old) = target.ino {
            let old_is_dir = self.inode(old).is_some_and(Inode::is_dir);
            match (is_dir, old_is_dir) {
                (false, true) => return Err(Errno::EISDIR),
                (true, false) => return Err(Errno::ENOTDIR),
                _ => self.remove(cred, "/", &target.path, old_is_dir, now)?,
            }
        }
        self.drop_entry(source.parent, &source.name, now);
        self.insert_entry(target.parent, &target.name, ino, now);
        if let Some(Inode { kind: Kind::Dir { parent, .. }, .. }) = self.inode_mut(ino) {
            *parent = target.parent;
        }
        Ok(())
    }

    /// Gives a file a second name: link(2). Errors: EEXIST, EPERM (a folder), EACCES.
    pub fn link(&mut self, cred: &Cred, cwd: &str, old: &str, new: &str, now: Time) -> Result<(), Errno> {
        let ino = self.lookup(cred, cwd, old, false)?;
        if self.inode(ino).is_some_and(Inode::is_dir) {
            return Err(Errno::EPERM);
        }
        let found = self.find(cred, cwd, new, false)?;
        if found.ino.is_some() {
            return Err(Errno::EEXIST);
        }
        if found.read_only() {
            return Err(Errno::EROFS);
        }
        self.permit_entries(cred, found.parent)?;
        self.insert_entry(found.parent, &found.name, ino, now);
        if let Some(node) = self.inode_mut(ino) {
            node.nlink += 1;
        }
        Ok(())
    }

    /// Sets the permission bits, asking nobody.
    pub fn set_mode(&mut self, ino: Ino, mode: u16, now: Time) {
        if let Some(node) = self.inode_mut(ino) {
            (node.mode, node.ctime) = (mode & 0o7777, now);
        }
    }

    /// Sets the owner and the group, asking nobody.
    pub fn set_owner(&mut self, ino: Ino, uid: u32, gid: u32, now: Time) {
        if let Some(node) = self.inode_mut(ino) {
            (node.uid, node.gid, node.ctime) = (uid, gid, now);
        }
    }

    /// Sets the times of last access and last modification, asking nobody.
    pub fn set_times(&mut self, ino: Ino, atime: Time, mtime: Time, now: Time) {
        self.versions += 1;
        let version = self.versions;
        if let Some(node) = self.inode_mut(ino) {
            (node.atime, node.mtime, node.ctime, node.version) = (atime, mtime, now, version);
        }
    }

    fn permit_entries(&self, cred: &Cred, dir: Ino) -> Result<(), Errno> {
        let node = self.inode(dir).ok_or(Errno::ENOENT)?;
        if !node.is_dir() {
            return Err(Errno::ENOTDIR);
        }
        self.permit(cred, node, Access::Write)?;
        self.permit(cred, node, Access::Execute)
    }

    fn permit_sticky(&self, cred: &Cred, dir: Ino, ino: Ino) -> Result<(), Errno> {
        let owner = |ino| self.inode(ino).map_or(0, |node| node.uid);
        let sticky = self.inode(dir).is_some_and(|node| node.mode & 0o1000 != 0);
        if sticky && !cred.can(CapabilitySet::FOWNER) && owner(ino) != cred.uid && owner(dir) != cred.uid {
            return Err(Errno::EPERM);
        }
        Ok(())
    }

    fn insert_entry(&mut self, dir: Ino, name: &str, ino: Ino, now: Time) {
        self.change_dir(dir, now, |entries| {
            entries.insert(name.into(), ino);
        });
    }

    fn drop_entry(&mut self, dir: Ino, name: &str, now: Time) {
        self.change_dir(dir, now, |entries| {
            entries.remove(name);
        });
    }

    fn change_dir(&mut self, dir: Ino, now: Time, change: impl FnOnce(&mut OrdMap<Arc<str>, Ino>)) {
        self.versions += 1;
        let version = self.versions;
        let Some(node) = self.inode_mut(dir) else { return };
        if let Kind::Dir { entries, .. } = &mut node.kind {
            change(entries);
        }
        (node.mtime, node.ctime, node.version) = (now, now, version);
    }

    /// One name less. The inode itself stays until [`FileTree::forget`]: it may be open.
    fn unlink_inode(&mut self, ino: Ino, now: Time) {
        if let Some(node) = self.inode_mut(ino) {
            (node.nlink, node.ctime) = (node.nlink.saturating_sub(1), now);
        }
    }

    /// Frees a file that has no name left; the caller knows that nobody has it open.
    pub fn forget(&mut self, ino: Ino) {
        let Some(node) = self.inode(ino) else { return };
        if node.nlink == 0 {
            self.used -= if node.is_file() { node.size() } else { 0 };
            self.inodes.remove(&ino);
            self.views.remove(&ino);
        }
    }

    /// Takes away a file or a whole folder as the superuser; nothing happens when there is none.
    pub fn remove_all(&mut self, path: &str, now: Time) {
        let root = Cred::root();
        let Ok(found) = self.find(&root, "/", path, false) else { return };
        let Some(ino) = found.ino.filter(|ino| *ino != ROOT) else { return };
        self.drop_entry(found.parent, &found.name, now);
        self.free_below(ino, now);
    }

    /// Takes a name from a file and from all that is below it, and frees what has none left.
    pub(super) fn free_below(&mut self, ino: Ino, now: Time) {
        let mut todo = vec![ino];
        while let Some(ino) = todo.pop() {
            if let Some(Kind::Dir { entries, .. }) = self.inode(ino).map(|node| &node.kind) {
                todo.extend(entries.values().copied());
            }
            self.unlink_inode(ino, now);
            self.forget(ino);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> FileTree {
        let mut tree = FileTree::new(Time::default());
        tree.put("/etc/passwd", b"root\n", 0o644, (0, 0), Time::default());
        tree.put("/home/deploy/secret", b"x", 0o600, (1000, 1000), Time::default());
        tree
    }

    fn user(uid: u32) -> Cred {
        Cred::new(uid, uid, [uid])
    }

    #[test]
    fn modes_bind_users_but_not_root() {
        let tree = tree();
        assert_eq!(tree.read(&user(1001), "/", "/home/deploy/secret"), Err(Errno::EACCES));
        assert!(tree.read(&user(1000), "/home", "deploy/secret").is_ok());
        assert!(tree.read(&Cred::root(), "/home", "deploy/secret").is_ok());
    }

    #[test]
    fn links_are_followed_but_not_for_ever() {
        let (mut tree, root, now) = (tree(), Cred::root(), Time::default());
        tree.symlink(&root, "/", "../etc", "/home/e", now).unwrap();
        assert_eq!(tree.find(&root, "/", "/home/e/passwd", true).unwrap().path, "/etc/passwd");
        tree.symlink(&root, "/", "/loop", "/loop", now).unwrap();
        assert_eq!(tree.lookup(&root, "/", "/loop", true), Err(Errno::ELOOP));
        assert!(tree.lookup(&root, "/", "/loop", false).is_ok());
    }

    #[test]
    fn a_full_disk_refuses() {
        let mut tree = tree();
        tree.set_limit(10);
        let ino = tree.lookup(&Cred::root(), "/", "/etc/passwd", true).unwrap();
        assert_eq!(tree.write_at(ino, 5, b"123456789", Time::default()), Err(Errno::ENOSPC));
        assert_eq!(tree.text("/etc/passwd").unwrap(), "root\n");
    }

    #[test]
    fn clones_share_until_one_writes() {
        let mut tree = tree();
        let copy = tree.clone();
        tree.put("/etc/passwd", b"changed", 0o644, (0, 0), Time::default());
        assert_eq!(copy.text("/etc/passwd").unwrap(), "root\n");
    }
}
