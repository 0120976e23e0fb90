//! Commands and daemons of the network.

mod curl;
pub mod http;
mod ip;
mod lsof;
mod nc;
mod netstat;
mod nginx;
mod ping;
pub mod redis;
pub mod sockets;
mod ss;
mod sshd;
mod wget;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &curl::COMMAND,
    &ip::COMMAND,
    &lsof::COMMAND,
    &nc::COMMAND,
    &netstat::COMMAND,
    &nginx::COMMAND,
    &ping::COMMAND,
    &redis::cli::COMMAND,
    &redis::server::COMMAND,
    &ss::COMMAND,
    &sshd::COMMAND,
    &wget::COMMAND,
];
