//! The system calls of one process: what a program can do to its machine. syscalls(2).

mod signals;
mod sockets;

use std::any::Any;
use std::sync::Arc;

use super::capability::CapabilitySet;
use super::errno::Errno;
use super::fs::{Access, Bytes, Cred, Ino, Inode};
use super::kernel::Opener;
use super::open_file::{OpenFileId, OpenFlags, OpenKind};
use super::process::{ChildEvent, Fd, Pid, Process, Strings};
use super::program::{Program, Step};
use super::signal::Signal;
use super::tty::TtyId;
use super::{Duration, Init, Time, World};

/// A process looking at its machine.
pub struct Sys<'a> {
    /// The machine.
    pub world: &'a mut World,
    /// PID 1.
    pub init: &'a mut dyn Init,
    /// Which process this is.
    pub pid: Pid,
}

impl Sys<'_> {
    /// This process. It is there as long as it runs.
    ///
    /// # Panics
    /// When the process was reaped while it ran: the kernel keeps a running process as a zombie at least.
    pub fn me(&self) -> &Process {
        self.world.process(self.pid).expect("a running process is in the process table")
    }

    /// This process, to change it.
    pub fn me_mut(&mut self) -> &mut Process {
        self.world.process_mut(self.pid).expect("a running process is in the process table")
    }

    /// PID 1 in its own type, for the layers that know it.
    pub fn init_as<T: Any>(&mut self) -> Option<(&mut T, &mut World)> {
        Some((self.init.as_any().downcast_mut::<T>()?, self.world))
    }

    /// The clock.
    pub fn now(&self) -> Time {
        self.world.now
    }

    /// Uses processor time.
    pub fn charge(&mut self, time: Duration) {
        self.world.charge(self.pid, time);
    }

    /// The process holds this many bytes beside what its program takes.
    pub fn hold_memory(&mut self, bytes: u64) {
        let program = super::kernel::SMALL;
        let me = self.me_mut();
        me.rss = me.rss.max(program + bytes);
    }

    /// Whether the process has been killed in the middle of this turn (it signalled itself): stop working.
    pub fn is_dead(&self) -> bool {
        self.world.process(self.pid).is_none_or(Process::is_zombie)
    }

    // ---- identity and environment ----

    /// Rights.
    pub fn cred(&self) -> Cred {
        self.me().cred.clone()
    }

    /// Effective user id.
    pub fn uid(&self) -> u32 {
        self.me().cred.uid
    }

    /// Working directory.
    pub fn cwd(&self) -> Arc<str> {
        self.me().cwd.clone()
    }

    /// Arguments, the name first.
    pub fn argv(&self) -> Strings {
        self.me().argv.clone()
    }

    /// A variable of the environment.
    pub fn getenv(&self, name: &str) -> Option<String> {
        self.me().getenv(name).map(str::to_owned)
    }

    /// Changes the working directory: chdir(2). Errors: those of the walk, ENOTDIR, EACCES.
    pub fn chdir(&mut self, path: &str) -> Result<(), Errno> {
        let (cred, cwd) = (self.cred(), self.cwd());
        self.world.refresh_proc(&super::fs::join(&cwd, path));
        let found = self.world.files.find(&cred, &cwd, path, true)?;
        let node = found.ino.and_then(|ino| self.world.files.inode(ino)).ok_or(Errno::ENOENT)?;
        if !node.is_dir() {
            return Err(Errno::ENOTDIR);
        }
        self.world.files.permit(&cred, node, Access::Execute)?;
        self.me_mut().cwd = found.path.into();
        Ok(())
    }

    // ---- descriptors ----

    /// Opens a file behind the lowest free descriptor. Errors: as [`World::open`], EMFILE.
    pub fn open(&mut self, path: &str, flags: OpenFlags, mode: u16) -> Result<Fd, Errno> {
        let fd = self.world.free_fd(self.pid, 0)?;
        let file = self.open_file(path, flags, mode)?;
        self.world.install(self.pid, fd, file, false);
        Ok(fd)
    }

    /// Opens a file and leaves it to the caller where to put it ([`World::install`]).
    /// `/dev/stdin`, `/dev/fd/N` and their kin are another name of the descriptor.
    pub fn open_file(&mut self, path: &str, flags: OpenFlags, mode: u16) -> Result<OpenFileId, Errno> {
        if let Some(fd) = own_descriptor(path) {
            let file = self.me().fds.get(&fd).ok_or(Errno::ENOENT)?.file;
            self.world.open_files.retain(file);
            return Ok(file);
        }
        let me = self.me();
        let (cred, cwd, umask, tty) = (me.cred.clone(), me.cwd.clone(), me.umask, me.tty);
        self.world.open(&Opener { cred: &cred, cwd: &cwd, umask, tty }, path, flags, mode)
    }

    /// Reads; empty means end of file, EAGAIN means: return `Step::Wait(Wait::fd(fd))` and try again.
    pub fn read(&mut self, fd: Fd, max: usize) -> Result<Vec<u8>, Errno> {
        self.world.read_fd(self.pid, fd, max)
    }

    /// Writes; may take less than offered; EAGAIN means wait.
    pub fn write(&mut self, fd: Fd, data: &[u8]) -> Result<usize, Errno> {
        self.world.write_fd(self.pid, fd, data)
    }

    /// Closes a descriptor.
    pub fn close(&mut self, fd: Fd) -> Result<(), Errno> {
        self.world.close(self.pid, fd)
    }

    /// Makes `new` another name of `old`.
    pub fn dup2(&mut self, old: Fd, new: Fd) -> Result<(), Errno> {
        self.world.dup2(self.pid, old, new)
    }

    /// A pipe: reading and writing descriptor, closed on exec as `cloexec` says. Errors: EMFILE.
    pub fn pipe(&mut self, cloexec: bool) -> Result<(Fd, Fd), Errno> {
        let read = self.world.free_fd(self.pid, 3)?;
        let write = self.world.free_fd(self.pid, read + 1)?;
        let (reader, writer) = self.world.make_pipe();
        self.world.install(self.pid, read, reader, cloexec);
        self.world.install(self.pid, write, writer, cloexec);
        Ok((read, write))
    }

    /// The terminal behind a descriptor: isatty(3), ttyname(3).
    pub fn tty_of(&self, fd: Fd) -> Option<TtyId> {
        let descriptor = self.me().fds.get(&fd)?;
        match self.world.open_files.get(descriptor.file)?.kind {
            OpenKind::Tty(tty) if self.world.terminals.get(&tty).is_some_and(|t| !t.hung_up) => Some(tty),
            _ => None,
        }
    }

    /// Whether a descriptor is a terminal.
    pub fn isatty(&self, fd: Fd) -> bool {
        self.tty_of(fd).is_some()
    }

    // ---- files by path ----

    /// A file by path, symbolic links followed: stat(2).
    pub fn stat(&mut self, path: &str) -> Result<&Inode, Errno> {
        let ino = self.lookup(path, true)?;
        self.world.files.inode(ino).ok_or(Errno::ENOENT)
    }

    /// A file by path, the last symbolic link not followed: lstat(2).
    pub fn lstat(&mut self, path: &str) -> Result<&Inode, Errno> {
        let ino = self.lookup(path, false)?;
        self.world.files.inode(ino).ok_or(Errno::ENOENT)
    }

    /// The number of the file at a path.
    pub fn lookup(&mut self, path: &str, follow: bool) -> Result<Ino, Errno> {
        let (cred, cwd) = (self.cred(), self.cwd());
        self.world.refresh_proc(&super::fs::join(&cwd, path));
        self.world.files.lookup(&cred, &cwd, path, follow)
    }

    /// access(2).
    pub fn access(&mut self, path: &str, access: Access) -> Result<(), Errno> {
        let cred = self.cred();
        let ino = self.lookup(path, true)?;
        let node = self.world.files.inode(ino).ok_or(Errno::ENOENT)?;
        let special = !(node.is_file() || node.is_dir());
        if access == Access::Write && !special && self.on_read_only(path, true) {
            return Err(Errno::EROFS);
        }
        let node = self.world.files.inode(ino).ok_or(Errno::ENOENT)?;
        self.world.files.permit(&cred, node, access)
    }

    /// Whether a path lies on a mount that is read-only for this process.
    pub fn on_read_only(&mut self, path: &str, follow: bool) -> bool {
        let cred = &self.me().cred;
        if cred.mounts.is_none() {
            return false;
        }
        let (cred, cwd) = (cred.clone(), self.cwd());
        self.world.files.find(&cred, &cwd, path, follow).is_ok_and(|found| found.read_only())
    }

    /// Like [`Sys::lookup`], for a change of attributes. Errors: EROFS too.
    pub fn lookup_to_change(&mut self, path: &str, follow: bool) -> Result<Ino, Errno> {
        let ino = self.lookup(path, follow)?;
        if self.on_read_only(path, follow) { Err(Errno::EROFS) } else { Ok(ino) }
    }

    /// A whole regular file.
    pub fn read_file(&mut self, path: &str) -> Result<Bytes, Errno> {
        let (cred, cwd) = (self.cred(), self.cwd());
        self.world.refresh_proc(&super::fs::join(&cwd, path));
        self.world.files.read(&cred, &cwd, path)
    }

    /// The names in a folder, in byte order, without `.` and `..`.
    pub fn read_dir(&mut self, path: &str) -> Result<Vec<Arc<str>>, Errno> {
        let (cred, cwd) = (self.cred(), self.cwd());
        self.world.refresh_proc(&super::fs::join(&cwd, path));
        Ok(self.world.files.list(&cred, &cwd, path)?.into_iter().map(|(name, _)| name).collect())
    }

    /// Makes a folder; the umask applies.
    pub fn mkdir(&mut self, path: &str, mode: u16) -> Result<(), Errno> {
        self.permit_mode(mode)?;
        let (cred, cwd, umask, now) = (self.cred(), self.cwd(), self.me().umask, self.now());
        self.world.files.mkdir(&cred, &cwd, path, mode & !umask, now)?;
        self.tell_parent_folder(path);
        Ok(())
    }

    /// Takes a file's name away (with `dir`: an empty folder).
    pub fn unlink(&mut self, path: &str, dir: bool) -> Result<(), Errno> {
        let (cred, cwd) = (self.cred(), self.cwd());
        self.world.unlink(&cred, &cwd, path, dir)
    }

    /// Gives a file another name.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), Errno> {
        let (cred, cwd, now) = (self.cred(), self.cwd(), self.now());
        self.world.files.rename(&cred, &cwd, from, to, now)?;
        self.tell_parent_folder(from);
        self.tell_parent_folder(to);
        Ok(())
    }

    /// Makes a symbolic link at `path`.
    pub fn symlink(&mut self, target: &str, path: &str) -> Result<(), Errno> {
        let (cred, cwd, now) = (self.cred(), self.cwd(), self.now());
        self.world.files.symlink(&cred, &cwd, target, path, now)?;
        self.tell_parent_folder(path);
        Ok(())
    }

    fn tell_parent_folder(&mut self, path: &str) {
        let (cred, cwd) = (self.cred(), self.cwd());
        if let Ok(found) = self.world.files.find(&cred, &cwd, path.trim_end_matches('/'), false) {
            self.world.file_changed(found.parent);
        }
    }

    /// Changes the mode: chmod(2). Errors: EPERM (not the owner).
    pub fn chmod(&mut self, path: &str, mode: u16) -> Result<(), Errno> {
        let (ino, now) = (self.owned(path)?, self.now());
        self.permit_mode(mode)?;
        self.world.files.set_mode(ino, mode, now);
        Ok(())
    }

    /// A sandbox may forbid set-uid and set-gid files. Errors: EPERM.
    fn permit_mode(&self, mode: u16) -> Result<(), Errno> {
        let banned = self.me().sandbox.as_ref().is_some_and(|sandbox| sandbox.restrict_suid_sgid);
        if banned && mode & 0o6000 != 0 { Err(Errno::EPERM) } else { Ok(()) }
    }

    /// The file at a path if it is ours (or we may change any). Errors: EROFS, EPERM.
    pub fn owned(&mut self, path: &str) -> Result<Ino, Errno> {
        let (ino, cred) = (self.lookup_to_change(path, true)?, self.cred());
        let owner = self.world.files.inode(ino).map_or(0, |node| node.uid);
        if cred.can(CapabilitySet::FOWNER) || owner == cred.uid { Ok(ino) } else { Err(Errno::EPERM) }
    }

    // ---- processes ----

    /// A child that runs `program` with copies of all that this process has: fork(2). Errors: EAGAIN.
    pub fn fork(&mut self, program: Box<dyn Program>) -> Result<Pid, Errno> {
        self.world.fork(self.pid, program)
    }

    /// Becomes another program: return the step. Errors: as [`World::load`]; then nothing has changed.
    pub fn exec(&mut self, path: &str, argv: &[String], env: Vec<String>) -> Result<Step, Errno> {
        Ok(Step::Exec(self.world.prepare_exec(self.pid, path, argv, env)?))
    }

    /// fork and exec in one, with this process's environment and descriptors: posix_spawn(3). Errors: of both.
    pub fn spawn(&mut self, path: &str, argv: &[String]) -> Result<Pid, Errno> {
        let (cred, cwd, env) = (self.cred(), self.cwd(), self.me().env.to_vec());
        let loaded = self.world.load(&cred, &cwd, path, argv)?;
        let child = self.world.fork(self.pid, loaded.program)?;
        self.world.exec(child, path, argv, env)?;
        Ok(child)
    }

    /// The first child (or this one) that has something to tell; ended ones are reaped. `None`: wait for
    /// `Channel::Children(self.pid)`, or there is none at all ([`World::has_child`]).
    pub fn wait_child(&mut self, child: Option<Pid>) -> Option<(Pid, ChildEvent)> {
        self.world.wait_child(self.pid, child)
    }

    /// kill(2): a process (`target` > 0), our group (0), everyone we may (-1), a group (< -1). `None` only asks.
    pub fn kill(&mut self, target: i64, signal: Option<Signal>) -> Result<(), Errno> {
        let me = self.pid;
        let target = self.in_container(target);
        let targets: Vec<Pid> = match target {
            1.. => vec![Pid::try_from(target).map_err(|_| Errno::ESRCH)?],
            0 => self.world.group_members(self.me().pgid),
            -1 => self.world.processes().filter(|p| p.pid > 1 && p.pid != me).map(|p| p.pid).collect(),
            _ => self.world.group_members(Pid::try_from(-target).map_err(|_| Errno::ESRCH)?),
        };
        let mut result = Err(Errno::ESRCH);
        for pid in targets {
            match self.world.may_signal(me, pid, signal) {
                Ok(()) => {
                    if let Some(signal) = signal {
                        self.world.note_sender(me, pid, signal);
                        self.world.send_signal(pid, signal);
                    }
                    result = Ok(());
                }
                Err(errno) if result.is_err() => result = Err(errno),
                Err(_) => {}
            }
        }
        result
    }

    /// Process 1 of a container is its first process; who lives outside cannot be named: pid_namespaces(7).
    fn in_container(&self, target: i64) -> i64 {
        let group = self.me().cgroup.clone();
        if !group.starts_with("/system.slice/docker-") || target < 1 {
            return target;
        }
        let inside = self.world.cgroup_members(&group, true);
        match Pid::try_from(target) {
            Ok(1) => inside.iter().min().map_or(target, |pid| i64::from(*pid)),
            Ok(pid) if inside.contains(&pid) => target,
            _ => i64::from(Pid::MAX),
        }
    }
}

/// The descriptor of the opener that a path names: `/dev/stdin`, `/dev/fd/3`, `/proc/self/fd/3`.
fn own_descriptor(path: &str) -> Option<Fd> {
    match path {
        "/dev/stdin" => Some(0),
        "/dev/stdout" => Some(1),
        "/dev/stderr" => Some(2),
        _ => path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"))?.parse().ok(),
    }
}
