//! Commands for the journal and logind: journalctl, logger, loginctl.

mod daemons;
pub mod format;
mod journalctl;
mod logger;
pub(super) mod loginctl;
mod systemd_cat;
pub mod tail;
mod user_manager;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &daemons::JOURNALD,
    &daemons::LOGIND,
    &user_manager::COMMAND,
    &user_manager::RUNTIME_DIR,
    &journalctl::COMMAND,
    &logger::COMMAND,
    &loginctl::COMMAND,
    &systemd_cat::COMMAND,
];
