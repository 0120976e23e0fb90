//! Commands and daemons of the network.

pub mod http;
mod nginx;
pub mod redis;
mod sshd;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&nginx::COMMAND, &redis::cli::COMMAND, &redis::server::COMMAND, &sshd::COMMAND];
