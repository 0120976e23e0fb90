//! Commands for processes and signals.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
