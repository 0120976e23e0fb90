//! Commands for files and folders.

pub mod glob;
mod ls;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&ls::DIR, &ls::LS, &ls::VDIR];
