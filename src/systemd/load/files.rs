//! The little that reading and installing units needs of a file tree.

use crate::world::Errno;
use crate::world::Time;
use crate::world::fs::{Cred, FileTree, Inode, Kind, normalize};
use std::borrow::Cow;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    File,
    Folder,
    Symlink,
    /// A device, pipe or socket.
    Other,
}

/// Reading. All paths are absolute, all asking is done as root.
pub trait UnitFiles {
    /// The contents of a regular file, links followed; a device reads as empty.
    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, Errno>;
    /// The names in a folder, in byte order; none if it is not there.
    fn list(&self, folder: &str) -> Vec<String>;
    /// What is at the path itself, links not followed.
    fn kind(&self, path: &str) -> Option<FileKind>;
    /// The text of a symbolic link.
    fn readlink(&self, path: &str) -> Option<String>;
    /// The path with all links but the last resolved and without `.` and `..`; what does not exist stays as it is.
    fn chase_parent(&self, path: &str) -> String;
    /// A value that changes when the folder changes; `None` if it is not there.
    fn stamp(&self, folder: &str) -> Option<u64>;
    /// A value that changes whenever anything in the tree does.
    fn changes(&self) -> u64;
    /// A number that is greater the later the file was made.
    fn serial(&self, path: &str) -> u64;

    /// Whether something is at the path, links followed.
    fn exists(&self, path: &str) -> bool {
        match self.read(path) {
            Ok(_) | Err(Errno::EISDIR) => true,
            Err(_) => false,
        }
    }

    /// Whether the path leads to a device or to an empty file, which masks.
    fn is_null_or_empty(&self, path: &str) -> bool {
        self.read(path).is_ok_and(|bytes| bytes.is_empty())
    }
}

/// Reading and changing links and folders.
pub trait UnitFilesMut: UnitFiles {
    /// Makes a symbolic link at `path`, and the folders above it.
    fn symlink(&mut self, target: &str, path: &str) -> Result<(), Errno>;
    /// Removes a file or link.
    fn remove(&mut self, path: &str) -> Result<(), Errno>;
    /// Removes an empty folder.
    fn remove_folder(&mut self, path: &str) -> Result<(), Errno>;
}

fn inode<'a>(tree: &'a FileTree, path: &str, follow: bool) -> Result<&'a Inode, Errno> {
    let ino = tree.lookup(&Cred::root(), "/", path, follow)?;
    tree.inode(ino).ok_or(Errno::ENOENT)
}

impl UnitFiles for FileTree {
    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, Errno> {
        match &inode(self, path, true)?.kind {
            Kind::File(bytes) => Ok(Cow::Borrowed(bytes.as_slice())),
            Kind::Device(_) => Ok(Cow::Borrowed(&[])),
            Kind::Dir { .. } => Err(Errno::EISDIR),
            _ => Err(Errno::EINVAL),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        match FileTree::list(self, &Cred::root(), "/", folder) {
            Ok(entries) => entries.into_iter().map(|(name, _)| name.to_string()).collect(),
            Err(_) => Vec::new(),
        }
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        Some(match inode(self, path, false).ok()?.kind {
            Kind::File(_) => FileKind::File,
            Kind::Dir { .. } => FileKind::Folder,
            Kind::Symlink(_) => FileKind::Symlink,
            _ => FileKind::Other,
        })
    }

    fn readlink(&self, path: &str) -> Option<String> {
        match &inode(self, path, false).ok()?.kind {
            Kind::Symlink(target) => Some(target.to_string()),
            _ => None,
        }
    }

    fn chase_parent(&self, path: &str) -> String {
        self.find(&Cred::root(), "/", path, false).map_or_else(|_| normalize(path), |found| found.path)
    }

    fn stamp(&self, folder: &str) -> Option<u64> {
        let node = inode(self, folder, true).ok()?;
        Some(node.mtime.0.rotate_left(20) ^ node.version)
    }

    fn changes(&self) -> u64 {
        self.version()
    }

    fn serial(&self, path: &str) -> u64 {
        self.lookup(&Cred::root(), "/", path, false).unwrap_or(0)
    }
}

/// A file tree with the time at which changes are made.
pub struct Writable<'a> {
    pub tree: &'a mut FileTree,
    pub now: Time,
}

impl UnitFiles for Writable<'_> {
    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, Errno> {
        UnitFiles::read(self.tree, path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        UnitFiles::list(self.tree, folder)
    }

    fn kind(&self, path: &str) -> Option<FileKind> {
        self.tree.kind(path)
    }

    fn readlink(&self, path: &str) -> Option<String> {
        self.tree.readlink(path)
    }

    fn chase_parent(&self, path: &str) -> String {
        self.tree.chase_parent(path)
    }

    fn stamp(&self, folder: &str) -> Option<u64> {
        self.tree.stamp(folder)
    }

    fn changes(&self) -> u64 {
        self.tree.changes()
    }

    fn serial(&self, path: &str) -> u64 {
        self.tree.serial(path)
    }
}

impl UnitFilesMut for Writable<'_> {
    fn symlink(&mut self, target: &str, path: &str) -> Result<(), Errno> {
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.tree.mkdir_all(folder, self.now);
        }
        self.tree.symlink(&Cred::root(), "/", target, path, self.now).map(|_| ())
    }

    fn remove(&mut self, path: &str) -> Result<(), Errno> {
        self.tree.remove(&Cred::root(), "/", path, false, self.now)
    }

    fn remove_folder(&mut self, path: &str) -> Result<(), Errno> {
        self.tree.remove(&Cred::root(), "/", path, true, self.now)
    }
}
