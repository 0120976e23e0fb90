//! Commands for systemctl and the tools around it.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
