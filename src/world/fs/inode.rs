//! What a file is: its kind, owner, mode and times: inode(7).

use std::sync::Arc;

use imbl::OrdMap;

use crate::world::time::Time;

/// The number of a file.
pub type Ino = u64;

/// The contents of a regular file, shared between clones of the machine until one of them writes.
pub type Bytes = Arc<Vec<u8>>;

/// A character device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// `/dev/null`: swallows, and is always at its end.
    Null,
    /// `/dev/zero`: endless zero bytes.
    Zero,
    /// `/dev/full`: writing to it fails with ENOSPC.
    Full,
    /// `/dev/urandom` and `/dev/random`.
    Random,
    /// `/dev/tty`: the terminal of whoever opens it.
    Tty,
    /// `/dev/pts/N` or `/dev/ttyN`: that terminal.
    Terminal(u32),
}

/// What kind of file an inode is, with its contents.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A regular file.
    File(Bytes),
    /// A folder: its parent and its entries in the order of their names.
    Dir {
        /// The folder that holds this one; the root holds itself.
        parent: Ino,
        /// Name to inode.
        entries: OrdMap<Arc<str>, Ino>,
    },
    /// A symbolic link and the text it holds.
    Symlink(Arc<str>),
    /// A named pipe.
    Fifo,
    /// A socket in the file system.
    Socket,
    /// A character device.
    Device(Device),
}

/// A file with its attributes.
#[derive(Clone, Debug)]
pub struct Inode {
    /// What it is.
    pub kind: Kind,
    /// Permission bits with set-uid, set-gid and sticky: `0o7777`.
    pub mode: u16,
    /// Owner.
    pub uid: u32,
    /// Owning group.
    pub gid: u32,
    /// How many names it has.
    pub nlink: u32,
    /// Last change of contents.
    pub mtime: Time,
    /// Last change of contents or attributes.
    pub ctime: Time,
    /// Last read; moved only by `touch`, as on a `noatime` mount.
    pub atime: Time,
    /// Changed with every write; watchers compare it.
    pub version: u64,
}

impl Inode {
    /// Size in bytes as stat(2) gives it.
    pub fn size(&self) -> u64 {
        match &self.kind {
            Kind::File(bytes) => bytes.len() as u64,
            Kind::Dir { .. } => 4096,
            Kind::Symlink(target) => target.len() as u64,
            _ => 0,
        }
    }

    /// Whether it is a folder.
    pub fn is_dir(&self) -> bool {
        matches!(self.kind, Kind::Dir { .. })
    }

    /// Whether it is a regular file.
    pub fn is_file(&self) -> bool {
        matches!(self.kind, Kind::File(_))
    }

    /// Whether it is a symbolic link.
    pub fn is_symlink(&self) -> bool {
        matches!(self.kind, Kind::Symlink(_))
    }

    /// The letter of the kind and the nine of the mode, as `ls -l` prints them: `drwxr-xr-x`.
    pub fn mode_string(&self) -> String {
        let kind = match self.kind {
            Kind::File(_) => '-',
            Kind::Dir { .. } => 'd',
            Kind::Symlink(_) => 'l',
            Kind::Fifo => 'p',
            Kind::Socket => 's',
            Kind::Device(_) => 'c',
        };
        let mut out = String::from(kind);
        for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
            let bits = self.mode >> shift;
            out.push(if bits & 4 != 0 { 'r' } else { '-' });
            out.push(if bits & 2 != 0 { 'w' } else { '-' });
            out.push(match (bits & 1 != 0, self.mode & special != 0) {
                (true, true) => letter,
                (false, true) => letter.to_ascii_uppercase(),
                (true, false) => 'x',
                (false, false) => '-',
            });
        }
        out
    }
}
