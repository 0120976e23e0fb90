//! Commands for ports, redis, nginx, sshd.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
