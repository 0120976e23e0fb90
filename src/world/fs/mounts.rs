//! What a process sees mounted over the tree, and which of it is read-only: mount_namespaces(7).
//!
//! Only a process that a sandbox was built for has such a view; all others look at the bare tree.

use std::collections::BTreeMap;

use super::{FileTree, Ino, Inode, Kind, ROOT};
use crate::world::time::Time;

/// One mount of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The file or folder that stands at the mount point.
    pub root: Ino,
    /// Nothing below may be changed: EROFS.
    pub read_only: bool,
    /// Nothing below may be executed: EACCES.
    pub no_exec: bool,
}

/// The mounts of a view by mount point, an absolute path without links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mounts {
    points: BTreeMap<String, Mount>,
    /// Folders made for this view alone, freed with it.
    made: Vec<Ino>,
}

impl Mounts {
    /// Covers `path` with a file or folder; what was mounted there and below is hidden.
    pub fn cover(&mut self, path: &str, root: Ino, read_only: bool) {
        let old = self.of(path).copied();
        let below = format!("{}/", path.trim_end_matches('/'));
        self.points.retain(|point, _| point != path && !point.starts_with(&below));
        let no_exec = old.is_some_and(|old| old.no_exec);
        self.points.insert(path.to_owned(), Mount { root, read_only, no_exec });
    }

    /// Makes what stands at `path` a mount of its own, so that its flags can be changed. `root` is what stands there.
    pub fn split(&mut self, path: &str, root: Ino) -> &mut Mount {
        let flags = self.of(path).copied().unwrap_or(Mount { root, read_only: false, no_exec: false });
        self.points.entry(path.to_owned()).or_insert(Mount { root, ..flags })
    }

    /// Changes the flags of a mount.
    pub fn replace(&mut self, path: &str, mount: Mount) {
        self.points.insert(path.to_owned(), mount);
    }

    /// What is mounted exactly at a path.
    pub fn at(&self, path: &str) -> Option<&Mount> {
        self.points.get(path)
    }

    /// The mount in which a path lies.
    pub fn of(&self, path: &str) -> Option<&Mount> {
        let mut end = path.len();
        loop {
            let here = if end == 0 { "/" } else { &path[..end] };
            if let Some(mount) = self.points.get(here) {
                return Some(mount);
            }
            if end == 0 {
                return None;
            }
            end = path[..end].rfind('/')?;
        }
    }

    /// The mount point in which a path lies; `/` when nothing is mounted above it.
    pub fn point_of(&self, path: &str) -> &str {
        self.points.keys().filter(|point| is_below(path, point)).max_by_key(|point| point.len()).map_or("/", |p| p)
    }

    /// Whether nothing at this path may be changed.
    pub fn read_only(&self, path: &str) -> bool {
        self.of(path).is_some_and(|mount| mount.read_only)
    }

    /// Whether nothing at this path may be executed.
    pub fn no_exec(&self, path: &str) -> bool {
        self.of(path).is_some_and(|mount| mount.no_exec)
    }

    /// The mount points and mounts, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Mount)> {
        self.points.iter().map(|(point, mount)| (point.as_str(), mount))
    }

    /// Sets a flag on every mount at or below a path.
    pub fn remount_below(&mut self, path: &str, change: impl Fn(&mut Mount)) {
        for (_, mount) in self.points.iter_mut().filter(|(point, _)| is_below(point, path)) {
            change(mount);
        }
    }

    /// A new empty folder that only this view shows: a tmpfs. Give it back with [`FileTree::free_view`].
    pub fn make_folder(&mut self, tree: &mut FileTree, mode: u16, now: Time) -> Ino {
        let ino = tree.nameless_folder(mode, now);
        self.made.push(ino);
        ino
    }

    /// The folders made for this view alone.
    pub fn made(&self) -> &[Ino] {
        &self.made
    }

    /// What stands at `/`.
    pub(super) fn root(&self) -> Ino {
        self.points.get("/").map_or(ROOT, |mount| mount.root)
    }
}

/// Whether `path` is `above` or lies below it.
pub fn is_below(path: &str, above: &str) -> bool {
    let above = above.trim_end_matches('/');
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl FileTree {
    fn nameless_folder(&mut self, mode: u16, now: Time) -> Ino {
        let ino = self.next;
        self.next += 1;
        let kind = Kind::Dir { parent: ino, entries: imbl::OrdMap::new() };
        let node = Inode { kind, mode, uid: 0, gid: 0, nlink: 1, mtime: now, ctime: now, atime: now, version: 0 };
        self.inodes.insert(ino, std::sync::Arc::new(node));
        ino
    }

    /// Frees the folders that were made for a view, with all that is in them.
    pub fn free_view(&mut self, view: &Mounts, now: Time) {
        for ino in view.made() {
            self.free_below(*ino, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::fs::Cred;
    use crate::world::{Errno, Time};
    use std::sync::Arc;

    fn seen(tree: &FileTree, mounts: &Mounts, path: &str) -> Result<String, Errno> {
        let cred = Cred { mounts: Some(Arc::new(mounts.clone())), ..Cred::root() };
        tree.read(&cred, "/", path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn a_cover_hides_what_is_below_and_goes_by_the_nearest_mount() {
        let now = Time::default();
        let mut tree = FileTree::new(now);
        tree.put("/etc/motd", b"real", 0o644, (0, 0), now);
        tree.put("/srv/motd", b"other", 0o644, (0, 0), now);
        let other = tree.lookup(&Cred::root(), "/", "/srv", true).unwrap();
        let mut mounts = Mounts::default();
        mounts.split("/", ROOT).read_only = true;
        mounts.cover("/etc", other, false);
        assert_eq!(seen(&tree, &mounts, "/etc/motd").as_deref(), Ok("other"));
        assert_eq!(seen(&tree, &mounts, "/etc/../etc/motd").as_deref(), Ok("other"));
        assert!(mounts.read_only("/var/x") && !mounts.read_only("/etc/motd") && mounts.read_only("/etcetera"));
        assert_eq!((mounts.point_of("/etc/x"), mounts.point_of("/var")), ("/etc", "/"));
    }

    #[test]
    fn a_folder_of_the_view_is_freed_with_it() {
        let now = Time::default();
        let mut tree = FileTree::new(now);
        let (before, mut mounts) = (tree.inode_count(), Mounts::default());
        let ino = mounts.make_folder(&mut tree, 0o755, now);
        tree.mkdir_all("/home", now);
        mounts.cover("/home", ino, false);
        let cred = Cred { mounts: Some(Arc::new(mounts.clone())), ..Cred::root() };
        tree.mkdir(&cred, "/", "/home/x", 0o755, now).unwrap();
        assert!(tree.get("/home/x").is_none());
        tree.free_view(&mounts, now);
        assert_eq!(tree.inode_count(), before + 1);
    }

    #[test]
    fn what_is_read_only_refuses_with_erofs() {
        let now = Time::default();
        let mut tree = FileTree::new(now);
        tree.put("/etc/motd", b"real", 0o644, (0, 0), now);
        let mut mounts = Mounts::default();
        mounts.split("/", ROOT).read_only = true;
        let cred = Cred { mounts: Some(Arc::new(mounts)), ..Cred::root() };
        assert_eq!(tree.mkdir(&cred, "/", "/etc/new", 0o755, now), Err(Errno::EROFS));
        assert_eq!(tree.mkdir(&cred, "/", "/etc", 0o755, now), Err(Errno::EEXIST));
        assert_eq!(tree.remove(&cred, "/", "/etc/motd", false, now), Err(Errno::EROFS));
        assert_eq!(tree.rename(&cred, "/", "/etc/motd", "/etc/m", now), Err(Errno::EROFS));
        assert_eq!(tree.link(&cred, "/", "/etc/motd", "/etc/m", now), Err(Errno::EROFS));
    }
}
