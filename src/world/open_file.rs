//! Open files, shared by descriptors and by forked processes: open(2).

use imbl::OrdMap;

use super::fs::{Device, Ino};
use super::tty::TtyId;

/// The number of an open file.
pub type OpenFileId = u64;

/// What is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenKind {
    /// A file or folder of the tree.
    File {
        /// Which.
        ino: Ino,
        /// Where reading and writing go on, in bytes.
        offset: usize,
    },
    /// A device without state.
    Device(Device),
    /// The reading end of a pipe.
    PipeRead(u64),
    /// The writing end of a pipe.
    PipeWrite(u64),
    /// Both directions of a connection: what is read, and what is written.
    Socket {
        /// Pipe to read from.
        input: u64,
        /// Pipe to write to.
        output: u64,
    },
    /// A terminal.
    Tty(TtyId),
    /// A listening socket.
    Listener(u64),
    /// A stream to the journal, by a number that PID 1 gave out: sd-journald's `/run/systemd/journal/stdout`.
    Stream(u64),
}

/// An open file with its flags.
#[derive(Clone, Debug)]
pub struct OpenFile {
    /// What is open.
    pub kind: OpenKind,
    /// May be read.
    pub read: bool,
    /// May be written.
    pub write: bool,
    /// Every write goes to the end.
    pub append: bool,
    /// The path it was opened by, as `/proc/PID/fd/N` shows it.
    pub path: std::sync::Arc<str>,
    /// How many descriptors share it.
    pub refs: u32,
    /// Its advisory lock: flock(2).
    pub lock: Option<FileLock>,
}

/// An advisory lock on a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileLock {
    /// Others may hold it, too.
    Shared,
    /// Nobody else holds it.
    Exclusive,
}

/// How open(2) is to open a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenFlags {
    /// O_RDONLY or O_RDWR.
    pub read: bool,
    /// O_WRONLY or O_RDWR.
    pub write: bool,
    /// O_APPEND.
    pub append: bool,
    /// O_CREAT.
    pub create: bool,
    /// O_TRUNC.
    pub truncate: bool,
    /// O_EXCL.
    pub exclusive: bool,
}

impl OpenFlags {
    /// For reading only.
    pub const READ: OpenFlags =
        OpenFlags { read: true, write: false, append: false, create: false, truncate: false, exclusive: false };
    /// For writing from the start, made when missing: a shell's `>`.
    pub const WRITE: OpenFlags =
        OpenFlags { read: false, write: true, append: false, create: true, truncate: true, exclusive: false };
    /// For writing at the end, made when missing: a shell's `>>`.
    pub const APPEND: OpenFlags =
        OpenFlags { read: false, write: true, append: true, create: true, truncate: false, exclusive: false };
    /// For reading and writing, made when missing: a shell's `<>`.
    pub const READ_WRITE: OpenFlags =
        OpenFlags { read: true, write: true, append: false, create: true, truncate: false, exclusive: false };
}

/// All open files of the machine.
#[derive(Clone, Debug, Default)]
pub struct OpenFiles {
    files: OrdMap<OpenFileId, OpenFile>,
    next: OpenFileId,
}

impl OpenFiles {
    /// Files a new open file with one reference.
    pub fn insert(&mut self, mut file: OpenFile) -> OpenFileId {
        self.next += 1;
        file.refs = 1;
        self.files.insert(self.next, file);
        self.next
    }

    /// The open file with this number.
    pub fn get(&self, id: OpenFileId) -> Option<&OpenFile> {
        self.files.get(&id)
    }

    /// The same, to change its offset.
    pub fn get_mut(&mut self, id: OpenFileId) -> Option<&mut OpenFile> {
        self.files.get_mut(&id)
    }

    /// One more descriptor shares it.
    pub fn retain(&mut self, id: OpenFileId) {
        if let Some(file) = self.files.get_mut(&id) {
            file.refs += 1;
        }
    }

    /// One descriptor less; the open file is given back when that was the last.
    pub fn release(&mut self, id: OpenFileId) -> Option<OpenFile> {
        let file = self.files.get_mut(&id)?;
        file.refs -= 1;
        if file.refs == 0 { self.files.remove(&id) } else { None }
    }

    /// Whether any open file satisfies `test`.
    pub fn any(&self, test: impl Fn(&OpenFile) -> bool) -> bool {
        self.files.values().any(test)
    }
}
