//! The file tree: folders, files, links, devices, with owners and modes: path_resolution(7).
//!
//! It does not know processes: whoever asks brings credentials. `/proc` is written into it by `world::procfs`.

mod inode;
mod ops;
mod walk;

use std::sync::Arc;

use imbl::OrdMap;

pub use inode::{Bytes, Device, Ino, Inode, Kind};
pub use walk::{Access, Found, join, normalize};

use crate::world::time::Time;

/// The inode number of `/`.
pub const ROOT: Ino = 1;

/// How many bytes all files together may hold; beyond that writing fails with ENOSPC.
pub const DISK_BYTES: u64 = 256 * 1024 * 1024;

/// Who asks: the user, the groups, and whether the rules of ownership bind them at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cred {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Arc<[u32]>,
}

impl Cred {
    /// The superuser.
    pub fn root() -> Self {
        Cred { uid: 0, gid: 0, groups: Arc::from([0]) }
    }

    /// Whether the user is the superuser.
    pub fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// Whether `gid` is the group or one of the supplementary groups.
    pub fn in_group(&self, gid: u32) -> bool {
        self.gid == gid || self.groups.contains(&gid)
    }
}

/// All files of a machine. Cloning shares them.
#[derive(Clone, Debug)]
pub struct FileTree {
    inodes: OrdMap<Ino, Arc<Inode>>,
    next: Ino,
    used: u64,
    versions: u64,
    limit: u64,
}

impl FileTree {
    /// A tree with nothing but `/`.
    pub fn new(now: Time) -> Self {
        let kind = Kind::Dir { parent: ROOT, entries: OrdMap::new() };
        let root =
            Inode { kind, mode: 0o755, uid: 0, gid: 0, nlink: 1, mtime: now, ctime: now, atime: now, version: 0 };
        FileTree { inodes: OrdMap::unit(ROOT, Arc::new(root)), next: 2, used: 0, versions: 0, limit: DISK_BYTES }
    }

    /// The file with this number. Numbers come from this tree, so it is there as long as it is named or open.
    pub fn inode(&self, ino: Ino) -> Option<&Inode> {
        self.inodes.get(&ino).map(|node| &**node)
    }

    fn inode_mut(&mut self, ino: Ino) -> Option<&mut Inode> {
        self.inodes.get_mut(&ino).map(Arc::make_mut)
    }

    /// Bytes held by all regular files.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// How many files there are.
    pub fn inode_count(&self) -> usize {
        self.inodes.len()
    }

    /// Bytes that all files may hold.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Fills or widens the disk: from now on files may hold `limit` bytes.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }
}
