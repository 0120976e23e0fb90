//! Opening and closing the endpoints of a socket unit: systemd.socket(5), `Listen…=`.

use super::Endpoint;
use crate::systemd::config::{ListenKind, SocketConfig};
use crate::systemd::manager::Core;
use crate::systemd::manager::log::{LOG_ERR, LOG_WARNING};
use crate::systemd::unit_name::UnitName;
use crate::world::fs::{Cred, Kind};
use crate::world::{Address, Errno, Fd, OpenFileId, OpenFlags, OpenKind, Opener, accounts};

/// The manager's descriptors for sockets begin here; those below are its own.
const FIRST_FD: Fd = 40;
/// What the kernel makes of a greater `Backlog=`: `net.core.somaxconn`.
const SOMAXCONN: u32 = 4096;

/// `host:port`, as the loader normalised it.
fn host_and_port(address: &str, six_only: bool) -> Option<(String, u16)> {
    let (host, port) = address.rsplit_once(':')?;
    // A socket of IPv6 takes connections of IPv4 as well.
    let host = if host == "[::]" && !six_only { "*" } else { host.trim_matches(['[', ']']) };
    Some((host.to_owned(), port.parse().ok()?))
}

impl Core<'_> {
    /// Opens all endpoints. Errors: of the first that cannot be opened; those before it are closed again.
    pub(super) fn socket_open(&mut self, u: &UnitName, config: &SocketConfig) -> Result<(), Errno> {
        for listen in &config.listens {
            match self.socket_open_one(config, listen.kind, &listen.address) {
                Ok(Some(endpoint)) => self.m.socket_mut(u).endpoints.push(endpoint),
                Ok(None) => {}
                Err(errno) => {
                    // A child in the unit's control group opens the socket; what it tells of a fault is no more than EIO.
                    let (what, errno) = match listen.kind {
                        ListenKind::Fifo => ("open FIFO", errno),
                        _ => ("receive listening socket", Errno::EIO),
                    };
                    self.log_unit(u, LOG_ERR, &format!("Failed to {what} ({}): {errno}", listen.address));
                    self.socket_close(u, config);
                    return Err(errno);
                }
            }
        }
        for link in &config.symlinks {
            if let Some(target) = config.listens.iter().find(|l| l.address.starts_with('/')) {
                self.make_parents(link, config.directory_mode);
                let now = self.w.now;
                if let Err(errno) = self.w.files.symlink(&Cred::root(), "/", &target.address, link, now) {
                    let text = format!("Failed to create symlink {} → {link}, ignoring: {errno}", target.address);
                    self.log_unit(u, LOG_WARNING, &text);
                }
            }
        }
        Ok(())
    }

    /// One endpoint; `None` for kinds through which nothing can come here.
    fn socket_open_one(
        &mut self,
        config: &SocketConfig,
        kind: ListenKind,
        path: &str,
    ) -> Result<Option<Endpoint>, Errno> {
        let file = match kind {
            ListenKind::Stream | ListenKind::SequentialPacket if path.starts_with(['/', '@']) => {
                if path.starts_with('/') {
                    self.make_node(config, path, Kind::Socket)?;
                }
                self.w.listen(self.m.pid, Address::Unix(path.to_owned()), config.backlog.min(SOMAXCONN))?
            }
            ListenKind::Stream | ListenKind::Datagram if !path.starts_with(['/', '@']) => {
                let Some((host, port)) = host_and_port(path, config.bind_ipv6_only == Some(true)) else {
                    return Ok(None);
                };
                let stream = kind == ListenKind::Stream;
                let address = if stream { Address::Tcp(host, port) } else { Address::Udp(host, port) };
                self.w.listen(self.m.pid, address, config.backlog.min(SOMAXCONN))?
            }
            ListenKind::Fifo => {
                self.make_node(config, path, Kind::Fifo)?;
                let flags = OpenFlags { create: false, truncate: false, ..OpenFlags::READ_WRITE };
                self.w.open(&Opener { cred: &Cred::root(), cwd: "/", umask: 0, tty: None }, path, flags, 0)?
            }
            ListenKind::Datagram if path.starts_with('/') => {
                self.make_node(config, path, Kind::Socket)?;
                return Ok(None);
            }
            _ => return Ok(None),
        };
        let object = match self.w.open_files.get(file).map(|file| &file.kind) {
            Some(OpenKind::Listener(id)) => *id,
            Some(OpenKind::Socket { input, .. }) => *input,
            _ => return Ok(None),
        };
        let fd = self.w.free_fd(self.m.pid, FIRST_FD)?;
        self.w.install(self.m.pid, fd, file, true);
        Ok(Some(Endpoint { fd, object }))
    }

    /// A socket's or pipe's file, with the folders above it. What is there already is replaced, but for a pipe.
    fn make_node(&mut self, config: &SocketConfig, path: &str, kind: Kind) -> Result<(), Errno> {
        self.make_parents(path, config.directory_mode);
        let root = Cred::root();
        let old = self.w.files.find(&root, "/", path, false)?;
        if let Some(node) = old.ino.and_then(|ino| self.w.files.inode(ino)) {
            match (&node.kind, &kind) {
                (Kind::Fifo, Kind::Fifo) => return Ok(()),
                (Kind::Socket, Kind::Socket) => {
                    self.w.unlink(&root, "/", path, false)?;
                }
                (_, Kind::Fifo) => return Err(Errno::EEXIST),
                _ => return Err(Errno::EADDRINUSE),
            }
        }
        let found = self.w.files.find(&root, "/", path, false)?;
        let mode = u16::try_from(config.socket_mode & 0o7777).unwrap_or(0o666);
        let now = self.w.now;
        self.w.files.create(&root, &found, kind, mode, now)?;
        self.w.file_changed(found.parent);
        Ok(())
    }

    fn make_parents(&mut self, path: &str, mode: u32) {
        let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) else { return };
        if self.w.files.get(folder).is_none() {
            let now = self.w.now;
            self.w.files.mkdir_all(folder, now);
            if let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", folder, true) {
                self.w.files.set_mode(ino, u16::try_from(mode & 0o7777).unwrap_or(0o755), now);
            }
        }
    }

    /// Gives the files of the endpoints to `SocketUser=` and `SocketGroup=`. Errors: there is no such account.
    pub(super) fn socket_chown(&mut self, config: &SocketConfig) -> Result<(), Errno> {
        let tree = &self.w.files;
        let user = match &config.socket_user {
            Some(name) => {
                let by_id = || name.parse().ok().and_then(|uid| accounts::user_by_id(tree, uid));
                Some(accounts::user(tree, name).or_else(by_id).ok_or(Errno::ESRCH)?)
            }
            None => None,
        };
        let group = match &config.socket_group {
            Some(name) => {
                let by_id = || name.parse().ok().and_then(|gid| accounts::group_by_id(tree, gid));
                Some(accounts::group(tree, name).or_else(by_id).ok_or(Errno::ESRCH)?.gid)
            }
            None => None,
        };
        let uid = user.as_ref().map_or(0, |user| user.uid);
        let gid = group.or(user.as_ref().map(|user| user.gid)).unwrap_or(0);
        let now = self.w.now;
        for listen in config.listens.iter().filter(|listen| listen.address.starts_with('/')) {
            if let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", &listen.address, false) {
                self.w.files.set_owner(ino, uid, gid, now);
            }
        }
        Ok(())
    }

    /// Closes all endpoints, and with `RemoveOnStop=` takes their files away.
    pub(super) fn socket_close(&mut self, u: &UnitName, config: &SocketConfig) {
        for endpoint in std::mem::take(&mut self.m.socket_mut(u).endpoints) {
            let _ = self.w.close(self.m.pid, endpoint.fd);
        }
        if config.remove_on_stop {
            let paths = config.listens.iter().map(|listen| &listen.address).filter(|path| path.starts_with('/'));
            for path in paths.chain(&config.symlinks) {
                let _ = self.w.unlink(&Cred::root(), "/", path, false);
            }
        }
    }

    /// What a service gets from the sockets that trigger it: open files with their names, in the order of the units.
    /// They belong to the caller, who gives them back or lets a process have them.
    pub(in crate::systemd::manager) fn collect_fds(&mut self, u: &UnitName) -> Vec<(OpenFileId, String)> {
        if let Some(connection) = self.m.service(u).connection.as_ref().map(|connection| connection.file) {
            self.w.open_files.retain(connection);
            return vec![(connection, "connection".to_owned())];
        }
        let mut found = Vec::new();
        for name in self.m.unit(u).with_atom(&[crate::systemd::dependency::UnitDependency::TriggeredBy]) {
            let unit = self.m.unit(&name);
            let crate::systemd::config::TypeConfig::Socket(config) = &unit.settings().kind else { continue };
            let label = config.fd_name.clone().unwrap_or_else(|| name.to_string());
            let fds: Vec<Fd> = unit.socket.iter().flat_map(|run| run.endpoints.iter().map(|e| e.fd)).collect();
            for fd in fds {
                let file = self.w.process(self.m.pid).and_then(|p| p.fds.get(&fd)).map(|d| d.file);
                if let Some(file) = file {
                    self.w.open_files.retain(file);
                    found.push((file, label.clone()));
                }
            }
        }
        found
    }
}
