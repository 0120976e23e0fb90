//! Commands for the machine itself: packages, cron, firewall, names.

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[];
