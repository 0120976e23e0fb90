//! Commands about the machine itself: its name, its packages, its clockwork.

pub mod cron;
mod crontab;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&cron::COMMAND, &crontab::COMMAND];
