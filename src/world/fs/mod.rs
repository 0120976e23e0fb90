//! The file tree: folders, files, links, devices, with owners and modes: path_resolution(7).
//!
//! It does not know processes: whoever asks brings credentials. `/proc` is written into it by `world::procfs`.

mod inode;
mod mounts;
mod ops;
mod walk;

use std::sync::Arc;

use imbl::OrdMap;

pub use inode::{Bytes, Device, Ino, Inode, Kind};
pub use mounts::{Mount, Mounts, is_below};
pub use walk::{Access, Found, join, normalize};

use crate::world::capability::{Capabilities, CapabilitySet};
use crate::world::time::Time;

/// The inode number of `/`.
pub const ROOT: Ino = 1;

/// How many bytes all files together may hold; beyond that writing fails with ENOSPC.
pub const DISK_BYTES: u64 = 256 * 1024 * 1024;

/// Who asks: the user, the groups, the capabilities, and through which mounts they look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cred {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Supplementary groups.
    pub groups: Arc<[u32]>,
    /// The capabilities that may be kept and gained.
    pub capabilities: Capabilities,
    /// What is mounted over the tree for them; `None`: nothing.
    pub mounts: Option<Arc<Mounts>>,
}

impl Cred {
    /// The superuser.
    pub fn root() -> Self {
        Cred::new(0, 0, [0])
    }

    /// A user with groups, who can have every capability and sees the bare tree.
    pub fn new(uid: u32, gid: u32, groups: impl Into<Arc<[u32]>>) -> Self {
        Cred { uid, gid, groups: groups.into(), capabilities: Capabilities::default(), mounts: None }
    }

    /// These ids with the bounding set and the mounts of another process: what changing the user keeps.
    pub fn inheriting(self, old: &Cred) -> Self {
        let capabilities = Capabilities { ambient: CapabilitySet::default(), ..old.capabilities };
        Cred { capabilities, mounts: old.mounts.clone(), ..self }
    }

    /// The capabilities in force: root has all that its bounding set leaves, others what is ambient.
    pub fn effective(&self) -> CapabilitySet {
        let own = if self.is_root() { CapabilitySet::ALL } else { self.capabilities.ambient };
        CapabilitySet(own.0 & self.capabilities.bounding.0)
    }

    /// Whether a set of capabilities is in force.
    pub fn can(&self, wanted: CapabilitySet) -> bool {
        self.effective().0 & wanted.0 == wanted.0
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
    /// The views that the links `/proc/PID/root` lead into.
    views: OrdMap<Ino, Arc<Mounts>>,
}

impl FileTree {
    /// A tree with nothing but `/`.
    pub fn new(now: Time) -> Self {
        let kind = Kind::Dir { parent: ROOT, entries: OrdMap::new() };
        let root =
            Inode { kind, mode: 0o755, uid: 0, gid: 0, nlink: 1, mtime: now, ctime: now, atime: now, version: 0 };
        FileTree {
            inodes: OrdMap::unit(ROOT, Arc::new(root)),
            next: 2,
            used: 0,
            versions: 0,
            limit: DISK_BYTES,
            views: OrdMap::new(),
        }
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

    /// How often names, contents or times have changed so far.
    pub fn version(&self) -> u64 {
        self.versions
    }

    /// Fills or widens the disk: from now on files may hold `limit` bytes.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    /// Makes a symbolic link lead into another process's view, as `/proc/PID/root` does.
    pub fn set_view(&mut self, link: Ino, view: Arc<Mounts>) {
        self.views.insert(link, view);
    }
}
