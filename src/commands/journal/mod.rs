//! Commands for the journal and logind: journalctl, logger, loginctl.

pub mod format;
mod journalctl;
mod logger;
mod systemd_cat;
pub mod tail;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&journalctl::COMMAND, &logger::COMMAND, &systemd_cat::COMMAND];
