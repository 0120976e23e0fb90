//! Commands for files and folders.

pub mod glob;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
