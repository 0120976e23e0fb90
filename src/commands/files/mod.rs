//! Commands for files and folders.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
