//! Reading, writing and closing descriptors: read(2), write(2), close(2), dup2(2), pipe(2), connect(2).

use crate::world::capability::CapabilitySet;
use crate::world::errno::Errno;
use crate::world::fs::{Device, Kind};
use crate::world::net::{Address, Listener, Pending};
use crate::world::open_file::{OpenFile, OpenFileId, OpenKind};
use crate::world::pipe::Pipe;
use crate::world::process::{Descriptor, Fd, Pid};
use crate::world::program::Channel;
use crate::world::signal::Signal;
use crate::world::{Notice, Resource, UNLIMITED, World};

impl World {
    /// Reads up to `max` bytes; empty means end of file.
    ///
    /// Errors: EBADF, EISDIR, EIO (a terminal of another session), EAGAIN (nothing there yet: wait for it).
    pub fn read_fd(&mut self, pid: Pid, fd: Fd, max: usize) -> Result<Vec<u8>, Errno> {
        let id = self.process(pid).and_then(|p| p.fds.get(&fd)).ok_or(Errno::EBADF)?.file;
        let file = self.open_files.get(id).ok_or(Errno::EBADF)?;
        if !file.read {
            return Err(Errno::EBADF);
        }
        match file.kind.clone() {
            OpenKind::File { ino, offset } => {
                let node = self.files.inode(ino).ok_or(Errno::EIO)?;
                let Kind::File(bytes) = &node.kind else { return Err(Errno::EISDIR) };
                let end = offset.saturating_add(max).min(bytes.len());
                let out = bytes.get(offset..end).unwrap_or_default().to_vec();
                self.seek(id, offset + out.len());
                Ok(out)
            }
            OpenKind::Device(Device::Zero) => Ok(vec![0; max.min(65_536)]),
            OpenKind::Device(Device::Random) => Ok((0..max.min(65_536)).map(|_| self.rng.next_u64() as u8).collect()),
            OpenKind::Device(_) | OpenKind::Stream(_) => Ok(Vec::new()),
            OpenKind::PipeRead(pipe) | OpenKind::Socket { input: pipe, .. } => self.read_pipe(pipe, max),
            OpenKind::Tty(tty) => {
                if self.read_is_from_background(pid, tty) {
                    return self.refuse_background_read(pid);
                }
                let terminal = self.terminals.get_mut(&tty).ok_or(Errno::EIO)?;
                terminal.read(max).ok_or(Errno::EAGAIN)
            }
            OpenKind::PipeWrite(_) | OpenKind::Listener(_) => Err(Errno::EBADF),
        }
    }

    fn read_pipe(&mut self, id: u64, max: usize) -> Result<Vec<u8>, Errno> {
        let pipe = self.pipes.get_mut(&id).ok_or(Errno::EBADF)?;
        if pipe.buffer.is_empty() {
            return if pipe.is_at_end() { Ok(Vec::new()) } else { Err(Errno::EAGAIN) };
        }
        let out = pipe.take(max);
        self.wake_channel(Channel::Pipe(id));
        Ok(out)
    }

    fn read_is_from_background(&self, pid: Pid, tty: u32) -> bool {
        let Some(process) = self.process(pid) else { return false };
        let foreground = self.terminals.get(&tty).map_or(0, |t| t.foreground);
        process.tty == Some(tty) && process.pgid != foreground
    }

    /// A background process that reads from its terminal is stopped, or refused when it cannot be.
    fn refuse_background_read(&mut self, pid: Pid) -> Result<Vec<u8>, Errno> {
        let Some(process) = self.process(pid) else { return Err(Errno::EIO) };
        let deaf = process.signals.ignored.contains(Signal::TTIN) || process.signals.blocked.contains(Signal::TTIN);
        if deaf || self.is_orphaned_group(pid) {
            return Err(Errno::EIO);
        }
        let group = process.pgid;
        self.signal_group(group, Signal::TTIN);
        Err(Errno::EAGAIN)
    }

    /// Writes bytes; returns how many were taken (fewer than offered when a pipe is nearly full).
    ///
    /// Errors: EBADF, EPIPE (and SIGPIPE), EAGAIN (a full pipe: wait for it), ENOSPC, EIO (a terminal that is gone).
    pub fn write_fd(&mut self, pid: Pid, fd: Fd, data: &[u8]) -> Result<usize, Errno> {
        let id = self.process(pid).and_then(|p| p.fds.get(&fd)).ok_or(Errno::EBADF)?.file;
        let file = self.open_files.get(id).ok_or(Errno::EBADF)?;
        if !file.write {
            return Err(Errno::EBADF);
        }
        let append = file.append;
        match file.kind.clone() {
            OpenKind::File { ino, offset } => {
                let size = self.files.inode(ino).map_or(0, |node| node.size() as usize);
                let at = if append { size } else { offset };
                let data = self.within_file_limit(pid, at, data)?;
                self.files.write_at(ino, at, data, self.now)?;
                self.seek(id, at + data.len());
                self.file_changed(ino);
                Ok(data.len())
            }
            OpenKind::Device(Device::Full) => Err(Errno::ENOSPC),
            OpenKind::Device(_) => Ok(data.len()),
            OpenKind::PipeWrite(pipe) | OpenKind::Socket { output: pipe, .. } => self.write_pipe(pid, pipe, data),
            OpenKind::Tty(tty) => {
                let terminal = self.terminals.get_mut(&tty).filter(|t| !t.hung_up).ok_or(Errno::EIO)?;
                terminal.print(data);
                self.wake_channel(Channel::Screen(tty));
                Ok(data.len())
            }
            OpenKind::Stream(id) => {
                if let Some(sender) = self.sender(pid) {
                    self.tell_init(Notice::Stream { id, sender, bytes: data.to_vec() });
                }
                Ok(data.len())
            }
            OpenKind::PipeRead(_) | OpenKind::Listener(_) => Err(Errno::EBADF),
        }
    }

    /// What of `data` fits under the limit of the file's size. Errors: EFBIG (and SIGXFSZ).
    fn within_file_limit<'a>(&mut self, pid: Pid, at: usize, data: &'a [u8]) -> Result<&'a [u8], Errno> {
        let limit = self.process(pid).map_or(UNLIMITED, |p| p.limits.soft(Resource::Fsize));
        let room = usize::try_from(limit.saturating_sub(at as u64)).unwrap_or(usize::MAX);
        if room == 0 && !data.is_empty() {
            self.send_signal(pid, Signal::XFSZ);
            return Err(Errno::EFBIG);
        }
        Ok(&data[..data.len().min(room)])
    }

    fn write_pipe(&mut self, pid: Pid, id: u64, data: &[u8]) -> Result<usize, Errno> {
        let pipe = self.pipes.get_mut(&id).ok_or(Errno::EBADF)?;
        if pipe.is_broken() {
            self.send_signal(pid, Signal::PIPE);
            return Err(Errno::EPIPE);
        }
        let n = if pipe.readers == 0 { 0 } else { data.len().min(pipe.room()) };
        if n == 0 && !data.is_empty() {
            return Err(Errno::EAGAIN);
        }
        pipe.buffer.extend(&data[..n]);
        let named = pipe.named.is_some();
        self.wake_channel(Channel::Pipe(id));
        if named {
            self.tell_init(Notice::Connection(id));
        }
        Ok(n)
    }

    fn seek(&mut self, id: OpenFileId, to: usize) {
        if let Some(OpenFile { kind: OpenKind::File { offset, .. }, .. }) = self.open_files.get_mut(id) {
            *offset = to;
        }
    }

    /// Sets where a descriptor of a regular file reads and writes next: lseek(2). Errors: EBADF, ESPIPE.
    pub fn lseek(&mut self, pid: Pid, fd: Fd, to: usize) -> Result<(), Errno> {
        let id = self.process(pid).and_then(|p| p.fds.get(&fd)).ok_or(Errno::EBADF)?.file;
        match self.open_files.get(id).map(|f| &f.kind) {
            Some(OpenKind::File { .. }) => {
                self.seek(id, to);
                Ok(())
            }
            _ => Err(Errno::ESPIPE),
        }
    }

    /// Puts an open file (with the reference that [`World::open`] gave) behind a descriptor of a process.
    pub fn install(&mut self, pid: Pid, fd: Fd, file: OpenFileId, cloexec: bool) {
        let old = match self.process_mut(pid) {
            Some(process) => process.fds.insert(fd, Descriptor { file, cloexec }),
            None => Some(Descriptor { file, cloexec }),
        };
        if let Some(old) = old {
            self.release(old.file);
        }
    }

    /// Makes `new` another name of `old`: dup2(2). Errors: EBADF.
    pub fn dup2(&mut self, pid: Pid, old: Fd, new: Fd) -> Result<(), Errno> {
        let file = self.process(pid).and_then(|p| p.fds.get(&old)).ok_or(Errno::EBADF)?.file;
        if old != new {
            self.open_files.retain(file);
            self.install(pid, new, file, false);
        }
        Ok(())
    }

    /// Gives a process another one's open file behind the same descriptor: unix(7), `SCM_RIGHTS`. Errors: EBADF.
    pub fn lend(&mut self, lender: Pid, borrower: Pid, fd: Fd) -> Result<(), Errno> {
        let file = self.process(lender).and_then(|p| p.fds.get(&fd)).ok_or(Errno::EBADF)?.file;
        self.open_files.retain(file);
        self.install(borrower, fd, file, false);
        Ok(())
    }

    /// The lowest free descriptor from `from` on. Errors: EMFILE.
    pub fn free_fd(&self, pid: Pid, from: Fd) -> Result<Fd, Errno> {
        let process = self.process(pid).ok_or(Errno::ESRCH)?;
        let limit = u32::try_from(process.limits.soft(Resource::Nofile)).unwrap_or(u32::MAX);
        (from..limit.max(from)).find(|fd| !process.fds.contains_key(fd)).ok_or(Errno::EMFILE)
    }

    /// Closes a descriptor. Errors: EBADF.
    pub fn close(&mut self, pid: Pid, fd: Fd) -> Result<(), Errno> {
        let process = self.process_mut(pid).ok_or(Errno::ESRCH)?;
        let descriptor = process.fds.remove(&fd).ok_or(Errno::EBADF)?;
        self.release(descriptor.file);
        Ok(())
    }

    /// Closes all descriptors of a process.
    pub fn close_all(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else { return };
        for descriptor in std::mem::take(&mut process.fds).into_values() {
            self.release(descriptor.file);
        }
    }

    /// Gives one reference to an open file back; with the last one what is behind it is closed.
    pub fn release(&mut self, id: OpenFileId) {
        let Some(file) = self.open_files.release(id) else { return };
        match file.kind {
            OpenKind::File { ino, .. } => {
                if file.lock.is_some() {
                    self.wake_channel(Channel::Lock(ino));
                }
                self.forget_if_unused(ino);
            }
            OpenKind::PipeRead(pipe) => self.close_pipe(pipe, true, false),
            OpenKind::PipeWrite(pipe) => self.close_pipe(pipe, false, true),
            OpenKind::Socket { input, output } => {
                self.close_pipe(input, true, false);
                self.close_pipe(output, false, true);
            }
            OpenKind::Listener(listener) => {
                let waiting = self.net.listeners.remove(&listener).map(|l| l.pending).unwrap_or_default();
                for pending in waiting {
                    self.close_pipe(pending.input, true, false);
                    self.close_pipe(pending.output, false, true);
                }
            }
            OpenKind::Stream(stream) => self.tell_init(Notice::StreamClosed(stream)),
            OpenKind::Device(_) | OpenKind::Tty(_) => {}
        }
    }

    fn close_pipe(&mut self, id: u64, reader: bool, writer: bool) {
        let Some(pipe) = self.pipes.get_mut(&id) else { return };
        pipe.readers -= u32::from(reader);
        pipe.writers -= u32::from(writer);
        if pipe.readers == 0
            && pipe.writers == 0
            && let Some(ino) = self.pipes.remove(&id).and_then(|pipe| pipe.named)
        {
            self.fifos.remove(&ino);
        }
        self.wake_channel(Channel::Pipe(id));
    }

    /// A new pipe: the open files of its reading and its writing end.
    pub fn make_pipe(&mut self) -> (OpenFileId, OpenFileId) {
        let id = self.object();
        self.pipes.insert(id, Pipe { readers: 1, writers: 1, ..Pipe::default() });
        let path: std::sync::Arc<str> = format!("pipe:[{id}]").into();
        let end =
            |kind, read| OpenFile { kind, read, write: !read, append: false, path: path.clone(), refs: 1, lock: None };
        let reader = self.open_files.insert(end(OpenKind::PipeRead(id), true));
        let writer = self.open_files.insert(end(OpenKind::PipeWrite(id), false));
        (reader, writer)
    }

    /// Opens an end, or both, of the named pipe that is the file `ino`.
    pub(in crate::world) fn open_fifo(&mut self, ino: u64, read: bool, write: bool) -> OpenKind {
        let id = match self.fifos.get(&ino) {
            Some(id) => *id,
            None => {
                let id = self.object();
                self.pipes.insert(id, Pipe { named: Some(ino), ..Pipe::default() });
                self.fifos.insert(ino, id);
                id
            }
        };
        if let Some(pipe) = self.pipes.get_mut(&id) {
            (pipe.readers, pipe.writers) = (pipe.readers + u32::from(read), pipe.writers + u32::from(write));
            pipe.met = (pipe.met.0 || read, pipe.met.1 || write);
        }
        self.wake_channel(Channel::Pipe(id));
        match (read, write) {
            (true, true) => OpenKind::Socket { input: id, output: id },
            (_, false) => OpenKind::PipeRead(id),
            (false, true) => OpenKind::PipeWrite(id),
        }
    }

    /// Takes all that stands in a pipe, from outside the machine.
    pub fn drain_pipe(&mut self, id: u64) -> Vec<u8> {
        let bytes = self.pipes.get_mut(&id).map(|pipe| pipe.take(usize::MAX)).unwrap_or_default();
        if !bytes.is_empty() {
            self.wake_channel(Channel::Pipe(id));
        }
        bytes
    }

    /// An open file without a name in the tree: a stream to the journal, a terminal, a socket.
    pub fn open_object(&mut self, kind: OpenKind, path: &str) -> OpenFileId {
        let file = OpenFile { kind, read: true, write: true, append: false, path: path.into(), refs: 1, lock: None };
        self.open_files.insert(file)
    }

    /// A fresh number for a stream or a listener.
    pub fn new_object(&mut self) -> u64 {
        self.object()
    }

    /// A listening socket. Errors: EADDRINUSE, EACCES (a port under 1024 without the capability for it).
    pub fn listen(&mut self, pid: Pid, address: Address, backlog: u32) -> Result<OpenFileId, Errno> {
        let may_bind = self.process(pid).is_none_or(|p| p.cred.can(CapabilitySet::NET_BIND_SERVICE));
        let low = matches!(&address, Address::Tcp(_, port) | Address::Udp(_, port) if *port < 1024);
        if low && !may_bind {
            return Err(Errno::EACCES);
        }
        let network = self.process(pid).map_or(0, |p| p.network());
        if self.net.in_use(network, &address) {
            return Err(Errno::EADDRINUSE);
        }
        let id = self.object();
        let listener = Listener { address, owner: pid, network, backlog, pending: Default::default() };
        self.net.listeners.insert(id, listener);
        Ok(self.open_object(OpenKind::Listener(id), &format!("socket:[{id}]")))
    }

    /// Connects to a listener: the client's end. Errors: ECONNREFUSED.
    pub fn connect(&mut self, client: Pid, listener: u64) -> Result<OpenFileId, Errno> {
        if !self.net.listeners.contains_key(&listener) {
            return Err(Errno::ECONNREFUSED);
        }
        let (to_server, to_client) = (self.object(), self.object());
        for id in [to_server, to_client] {
            self.pipes.insert(id, Pipe { readers: 1, writers: 1, ..Pipe::default() });
        }
        let port = 32_768 + (to_server.wrapping_mul(7_919) % 28_231) as u16;
        let pending = Pending { input: to_server, output: to_client, client, port };
        if let Some(listener) = self.net.listeners.get_mut(&listener) {
            listener.pending.push_back(pending);
        }
        self.wake_channel(Channel::Listener(listener));
        self.tell_init(Notice::Connection(listener));
        let kind = OpenKind::Socket { input: to_client, output: to_server };
        Ok(self.open_object(kind, &format!("socket:[{to_client}]")))
    }

    /// Takes the first waiting connection of a listening descriptor: the server's end. Errors: EBADF, EAGAIN.
    pub fn accept(&mut self, pid: Pid, fd: Fd) -> Result<OpenFileId, Errno> {
        let id = self.process(pid).and_then(|p| p.fds.get(&fd)).ok_or(Errno::EBADF)?.file;
        let Some(OpenKind::Listener(listener)) = self.open_files.get(id).map(|f| f.kind.clone()) else {
            return Err(Errno::EBADF);
        };
        let listener = self.net.listeners.get_mut(&listener).ok_or(Errno::EBADF)?;
        let pending = listener.pending.pop_front().ok_or(Errno::EAGAIN)?;
        let kind = OpenKind::Socket { input: pending.input, output: pending.output };
        Ok(self.open_object(kind, &format!("socket:[{}]", pending.input)))
    }
}
