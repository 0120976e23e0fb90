//! Commands for text: filters and calculators.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
