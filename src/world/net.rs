//! Listening sockets and the connections that wait at them: socket(7), unix(7). No packets, no other hosts.

use std::collections::{BTreeMap, VecDeque};

use super::process::Pid;

/// Where a socket listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    /// TCP at an address of this machine (`0.0.0.0`, `127.0.0.1`, `::`, `::1`, `*` for both families) and a port.
    Tcp(String, u16),
    /// UDP likewise.
    Udp(String, u16),
    /// A socket in the file system.
    Unix(String),
}

/// A connection that was made and not accepted yet: the pipe the server reads, and the one it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Client to server.
    pub input: u64,
    /// Server to client.
    pub output: u64,
    /// Who connects.
    pub client: Pid,
    /// The client's port.
    pub port: u16,
}

/// A listening socket.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Where.
    pub address: Address,
    /// Who opened it.
    pub owner: Pid,
    /// In which network: 0 is the machine's own.
    pub network: u64,
    /// Its queue's length, as `ss` shows it.
    pub backlog: u32,
    /// Connections not accepted yet.
    pub pending: VecDeque<Pending>,
}

/// All listening sockets by number.
#[derive(Clone, Debug, Default)]
pub struct Net {
    /// Number to listener.
    pub listeners: BTreeMap<u64, Listener>,
}

impl Net {
    /// The listener that a client reaches who connects to `port` of `host` (a name or address of this machine).
    pub fn tcp(&self, network: u64, host: &str, port: u16) -> Option<u64> {
        let six = host.contains(':');
        let fits = |at: &str| match (six, at) {
            (_, "::" | "*") => true,
            (false, "0.0.0.0" | "127.0.0.1") => true,
            (true, "::1") => true,
            _ => at == host,
        };
        self.listeners
            .iter()
            .find(|(_, l)| l.network == network && matches!(&l.address, Address::Tcp(at, p) if *p == port && fits(at)))
            .map(|(id, _)| *id)
    }

    /// The listener at a path.
    pub fn unix(&self, path: &str) -> Option<u64> {
        self.listeners.iter().find(|(_, l)| matches!(&l.address, Address::Unix(at) if at == path)).map(|(id, _)| *id)
    }

    /// Whether binding to `address` would fail with EADDRINUSE.
    pub fn in_use(&self, network: u64, address: &Address) -> bool {
        let there = |l: &&Listener| l.network == network || matches!(l.address, Address::Unix(_));
        self.listeners.values().filter(there).any(|l| match (&l.address, address) {
            (Address::Tcp(a, p), Address::Tcp(b, q)) | (Address::Udp(a, p), Address::Udp(b, q)) => {
                p == q
                    && (a == b
                        || a == "*"
                        || b == "*"
                        || (a == "0.0.0.0" && !b.contains(':'))
                        || (b == "0.0.0.0" && !a.contains(':')))
            }
            (a, b) => a == b,
        })
    }
}
