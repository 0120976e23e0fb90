//! supervisor: a process manager beside systemd, which lessons compare with it.

mod config;
pub(super) mod control;
mod daemon;
mod process;
mod report;
mod rpc;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&control::COMMAND, &daemon::COMMAND];
