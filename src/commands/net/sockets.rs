//! The listening sockets of the machine with the processes that hold them, for `ss`, `netstat`, `lsof` and `fuser`.

use crate::world::{Address, Fd, OpenKind, Pid, Sys};

/// A listening socket.
#[derive(Clone, Debug)]
pub struct Socket {
    /// Its number.
    pub id: u64,
    /// Where it listens.
    pub address: Address,
    /// The length of its queue.
    pub backlog: u32,
    /// How many connections wait.
    pub waiting: usize,
    /// Who holds it, as far as the asking user may know: name, process, descriptor.
    pub users: Vec<(String, Pid, Fd)>,
}

/// Every listening socket, those of IPv4 first, by port. Only root sees whose sockets they are; others see their own.
pub fn listening(sys: &Sys<'_>) -> Vec<Socket> {
    let world = &*sys.world;
    let cred = sys.cred();
    let network = sys.me().network();
    let mut sockets: Vec<Socket> = world
        .net
        .listeners
        .iter()
        .filter(|(_, l)| l.network == network || matches!(l.address, Address::Unix(_)))
        .map(|(id, l)| Socket {
            id: *id,
            address: l.address.clone(),
            backlog: l.backlog,
            waiting: l.pending.len(),
            users: Vec::new(),
        })
        .collect();
    for process in world.processes().filter(|p| cred.is_root() || p.cred.uid == cred.uid) {
        for (fd, descriptor) in &process.fds {
            let Some(OpenKind::Listener(id)) = world.open_files.get(descriptor.file).map(|f| &f.kind) else { continue };
            if let Some(socket) = sockets.iter_mut().find(|s| s.id == *id) {
                socket.users.push((process.comm.to_string(), process.pid, *fd));
            }
        }
    }
    sockets.sort_by_key(|s| match &s.address {
        Address::Tcp(host, port) | Address::Udp(host, port) => (host.contains(':') || host == "*", *port),
        Address::Unix(_) => (true, u16::MAX),
    });
    sockets
}

/// Names of ports: services(5).
const SERVICES: &[(u16, &str)] = &[
    (21, "ftp"),
    (22, "ssh"),
    (25, "smtp"),
    (53, "domain"),
    (80, "http"),
    (443, "https"),
    (3306, "mysql"),
    (5432, "postgresql"),
    (6379, "redis"),
    (8080, "http-alt"),
    (68, "bootpc"),
];

/// A port's name, or its number.
pub fn service(port: u16) -> String {
    SERVICES.iter().find(|(p, _)| *p == port).map_or_else(|| port.to_string(), |(_, name)| (*name).to_owned())
}

/// A port by number or name.
pub fn port(text: &str) -> Option<u16> {
    text.parse().ok().or_else(|| SERVICES.iter().find(|(_, name)| *name == text).map(|(p, _)| *p))
}
