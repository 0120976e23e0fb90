//! Sockets and messages: socket(2), syslog(3), sd_notify(3).

use super::Sys;
use crate::world::errno::Errno;
use crate::world::net::Address;
use crate::world::process::Fd;
use crate::world::{Family, Notice};

impl Sys<'_> {
    /// A listening socket behind the lowest free descriptor. Errors: as [`World::listen`].
    pub fn listen(&mut self, address: Address, backlog: u32) -> Result<Fd, Errno> {
        self.permit_family(match &address {
            Address::Unix(_) => Family::Unix,
            Address::Tcp(host, _) | Address::Udp(host, _) => Family::of_host(host),
        })?;
        let fd = self.world.free_fd(self.pid, 3)?;
        let file = self.world.listen(self.pid, address, backlog)?;
        self.world.install(self.pid, fd, file, true);
        Ok(fd)
    }

    /// Whether a socket of a family may be made. Errors: EAFNOSUPPORT.
    pub fn permit_family(&self, family: Family) -> Result<(), Errno> {
        if self.me().permits_family(family) { Ok(()) } else { Err(Errno::EAFNOSUPPORT) }
    }

    /// The listener that a connection to a TCP port reaches. Errors: EAFNOSUPPORT, ENETUNREACH, ECONNREFUSED.
    pub fn tcp_listener(&self, host: &str, port: u16) -> Result<u64, Errno> {
        self.permit_family(Family::of_host(host))?;
        let network = self.me().network();
        let names = self.me().sandbox.as_ref().is_some_and(|sandbox| sandbox.names);
        if network != 0 && !names && !matches!(host, "127.0.0.1" | "::1" | "localhost" | "0.0.0.0" | "::") {
            return Err(Errno::ENETUNREACH);
        }
        let host = if names { "127.0.0.1" } else { host };
        self.world.net.tcp(network, host, port).ok_or(Errno::ECONNREFUSED)
    }

    /// A connection to a TCP port of this machine. Errors: EAFNOSUPPORT, ENETUNREACH, ECONNREFUSED.
    pub fn connect_tcp(&mut self, host: &str, port: u16) -> Result<Fd, Errno> {
        let listener = self.tcp_listener(host, port)?;
        self.connect(listener)
    }

    /// A connection to a listener by number. Errors: ECONNREFUSED, EMFILE.
    pub fn connect(&mut self, listener: u64) -> Result<Fd, Errno> {
        let fd = self.world.free_fd(self.pid, 3)?;
        let file = self.world.connect(self.pid, listener)?;
        self.world.install(self.pid, fd, file, true);
        Ok(fd)
    }

    /// The first waiting connection of a listening descriptor. Errors: EAGAIN (wait for the descriptor).
    pub fn accept(&mut self, fd: Fd) -> Result<Fd, Errno> {
        let new = self.world.free_fd(self.pid, 3)?;
        let file = self.world.accept(self.pid, fd)?;
        self.world.install(self.pid, new, file, true);
        Ok(new)
    }

    /// A message to the system log: syslog(3).
    pub fn syslog(&mut self, priority: u8, facility: u8, identifier: Option<&str>, message: &str) {
        let identifier = identifier.map(str::to_owned);
        let Some(sender) = self.world.sender(self.pid) else { return };
        self.world.tell_init(Notice::Log { sender, priority, facility, identifier, message: message.into() });
    }

    /// A message to the service manager: sd_notify(3).
    pub fn sd_notify(&mut self, text: &str) {
        self.world.tell_init(Notice::Notify { pid: self.pid, text: text.into() });
    }
}
