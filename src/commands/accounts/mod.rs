//! Commands for users, groups and whose rights a command has.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
