//! Commands for applications: PHP, Python, Node and what scenarios declare.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
