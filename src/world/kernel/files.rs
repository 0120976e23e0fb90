//! Opening files by path, and telling those who watch when one changes: open(2), inotify(7).

use std::sync::Arc;

use crate::world::errno::Errno;
use crate::world::fs::{Access, Bytes, Cred, Device, Ino, Kind};
use crate::world::open_file::{FileLock, OpenFile, OpenFileId, OpenFlags, OpenKind};
use crate::world::process::{Fd, Pid};
use crate::world::program::Channel;
use crate::world::tty::TtyId;
use crate::world::{Notice, World};

/// Who opens, and from where.
#[derive(Clone, Debug)]
pub struct Opener<'a> {
    /// Rights.
    pub cred: &'a Cred,
    /// Working directory.
    pub cwd: &'a str,
    /// Bits taken from the mode of a new file.
    pub umask: u16,
    /// What `/dev/tty` is.
    pub tty: Option<TtyId>,
}

impl World {
    /// Opens a file by path; `mode` is that of a new one before the umask.
    ///
    /// Errors: those of the walk, EACCES, EISDIR, EEXIST, ENXIO (no terminal), ENOSPC is left to writing.
    pub fn open(&mut self, who: &Opener<'_>, path: &str, flags: OpenFlags, mode: u16) -> Result<OpenFileId, Errno> {
        self.refresh_proc(&crate::world::fs::join(who.cwd, path));
        let found = self.files.find(who.cred, who.cwd, path, true)?;
        let ino = match found.ino {
            Some(_) if flags.create && flags.exclusive => return Err(Errno::EEXIST),
            Some(ino) => {
                let node = self.files.inode(ino).ok_or(Errno::ENOENT)?;
                if node.is_dir() && flags.write {
                    return Err(Errno::EISDIR);
                }
                let frozen = flags.write && node.is_file() && found.read_only();
                if frozen && flags.truncate {
                    return Err(Errno::EROFS);
                }
                if flags.read {
                    self.files.permit(who.cred, node, Access::Read)?;
                }
                if flags.write {
                    self.files.permit(who.cred, node, Access::Write)?;
                }
                if frozen {
                    return Err(Errno::EROFS);
                }
                ino
            }
            None if !flags.create => return Err(Errno::ENOENT),
            None if path.ends_with('/') => return Err(Errno::EISDIR),
            None => {
                let kind = Kind::File(Bytes::default());
                let ino = self.files.create(who.cred, &found, kind, mode & !who.umask, self.now)?;
                self.file_changed(found.parent);
                ino
            }
        };
        let kind = self.open_kind(who, ino, flags)?;
        let path: Arc<str> = found.path.into();
        let file =
            OpenFile { kind, read: flags.read, write: flags.write, append: flags.append, path, refs: 1, lock: None };
        Ok(self.open_files.insert(file))
    }

    fn open_kind(&mut self, who: &Opener<'_>, ino: Ino, flags: OpenFlags) -> Result<OpenKind, Errno> {
        let device = match &self.files.inode(ino).ok_or(Errno::ENOENT)?.kind {
            Kind::Device(device) => *device,
            Kind::Socket => return Err(Errno::ENXIO),
            Kind::Fifo => return Ok(self.open_fifo(ino, flags.read, flags.write)),
            Kind::File(_) => {
                if flags.truncate {
                    self.files.truncate(ino, 0, self.now)?;
                    self.file_changed(ino);
                }
                return Ok(OpenKind::File { ino, offset: 0 });
            }
            _ => return Ok(OpenKind::File { ino, offset: 0 }),
        };
        match device {
            Device::Tty => Ok(OpenKind::Tty(who.tty.ok_or(Errno::ENXIO)?)),
            Device::Terminal(tty) if self.terminals.contains_key(&tty) => Ok(OpenKind::Tty(tty)),
            Device::Terminal(_) => Err(Errno::EIO),
            other => Ok(OpenKind::Device(other)),
        }
    }

    /// A file was written: readers that follow it wake up, and PID 1 hears of it where it watches.
    pub fn file_changed(&mut self, ino: Ino) {
        self.wake_channel(Channel::File(ino));
        if self.watched.contains(&ino) {
            self.tell_init(Notice::FileChanged(ino));
        }
    }

    /// PID 1 wants to hear of changes of this file or folder.
    pub fn watch(&mut self, ino: Ino) {
        self.watched.insert(ino);
    }

    /// Takes a name away: unlink(2), or rmdir(2) with `dir`. Errors: as for the tree's `remove`.
    pub fn unlink(&mut self, cred: &Cred, cwd: &str, path: &str, dir: bool) -> Result<(), Errno> {
        let found = self.files.find(cred, cwd, path, false)?;
        self.files.remove(cred, cwd, path, dir, self.now)?;
        if let Some(ino) = found.ino {
            self.file_changed(ino);
            self.forget_if_unused(ino);
        }
        self.file_changed(found.parent);
        Ok(())
    }

    /// Frees a file that has neither a name nor an open descriptor.
    pub(in crate::world) fn forget_if_unused(&mut self, ino: Ino) {
        let nameless = self.files.inode(ino).is_some_and(|node| node.nlink == 0);
        if nameless && !self.open_files.any(|f| matches!(f.kind, OpenKind::File { ino: open, .. } if open == ino)) {
            self.files.forget(ino);
        }
    }

    /// Takes, changes or gives up (`None`) the lock of an open file: flock(2). Returns the file's number.
    ///
    /// Errors: EBADF, EINVAL (no file), EAGAIN (another open file holds it: wait for `Channel::Lock`).
    pub fn flock(&mut self, pid: Pid, fd: Fd, lock: Option<FileLock>) -> Result<Ino, Errno> {
        let id = self.process(pid).and_then(|p| p.fds.get(&fd)).ok_or(Errno::EBADF)?.file;
        let OpenKind::File { ino, .. } = self.open_files.get(id).ok_or(Errno::EBADF)?.kind else {
            return Err(Errno::EINVAL);
        };
        let conflicts = |file: &OpenFile| {
            let same = matches!(file.kind, OpenKind::File { ino: other, .. } if other == ino);
            let held = matches!(
                (file.lock, lock),
                (Some(FileLock::Exclusive), Some(_)) | (Some(_), Some(FileLock::Exclusive))
            );
            same && held
        };
        let own = self.open_files.get_mut(id).and_then(|file| file.lock.take());
        if self.open_files.any(conflicts) {
            if let Some(file) = self.open_files.get_mut(id) {
                file.lock = own;
            }
            return Err(Errno::EAGAIN);
        }
        if let Some(file) = self.open_files.get_mut(id) {
            file.lock = lock;
        }
        if own.is_some() && own != lock {
            self.wake_channel(Channel::Lock(ino));
        }
        Ok(ino)
    }
}
