//! What a socket unit holds: its descriptors, its counters; and the connection that an instance was made for.

use crate::systemd::unit_name::UnitName;
use crate::world::{Fd, OpenFileId};

/// One open endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::systemd::manager) struct Endpoint {
    /// The manager's descriptor.
    pub fd: Fd,
    /// The listener, or the named pipe, by which the kernel announces traffic.
    pub object: u64,
}

/// The run-time state of a socket unit.
#[derive(Clone, Debug, Default)]
pub struct SocketRun {
    /// The open endpoints, in the order of the file's `Listen…=` lines.
    pub(in crate::systemd::manager) endpoints: Vec<Endpoint>,
    /// Connections accepted since it was started.
    pub n_accepted: u32,
    /// Connections whose instances still run.
    pub n_connections: u32,
    /// Connections that were turned away.
    pub n_refused: u32,
}

/// The connection that `Accept=yes` handed to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The open file.
    pub(in crate::systemd::manager) file: OpenFileId,
    /// The socket unit it came by.
    pub(in crate::systemd::manager) socket: UnitName,
    /// The other end's address and port, over TCP.
    pub(in crate::systemd::manager) remote: Option<(String, u16)>,
}
