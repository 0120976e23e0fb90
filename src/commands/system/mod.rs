//! Commands about the machine itself: its name, its packages, its clockwork.

pub mod cron;
mod crontab;
mod daemons;

use super::Command;
use daemons::{helpers, idle};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &cron::COMMAND,
    &crontab::COMMAND,
    &helpers::APT_DAILY,
    &helpers::DPKG_DB_BACKUP,
    &helpers::E2SCRUB_ALL,
    &helpers::FSTRIM,
    &helpers::NETWORKD_WAIT,
    &helpers::RUNTIME_DIR,
    &helpers::START_STOP,
    &helpers::TMPFILES,
    &helpers::UFW_INIT,
    &helpers::USER_SESSIONS,
    &idle::AGETTY,
    &idle::DBUS,
    &idle::FAIL2BAN,
    &idle::NETWORKD,
    &idle::POLKIT,
    &idle::TIMESYNCD,
    &idle::UDEVD,
];
