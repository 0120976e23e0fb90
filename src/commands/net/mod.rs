//! Commands and daemons of the network.

pub mod redis;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&redis::cli::COMMAND, &redis::server::COMMAND];
