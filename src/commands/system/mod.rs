//! Commands about the machine itself: its name, its packages, its clockwork.

pub mod cron;
mod crontab;
mod daemons;
mod fail2ban;
mod host;
pub mod packages;
mod ufw;
mod upgrade;

use super::Command;
pub use daemons::helpers::ABSENT;
use daemons::{helpers, idle};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &cron::COMMAND,
    &crontab::COMMAND,
    &fail2ban::CLIENT,
    &fail2ban::SERVER,
    &upgrade::APT_DAILY,
    &upgrade::UNATTENDED,
    &helpers::DPKG_DB_BACKUP,
    &helpers::BINFMT,
    &helpers::FSCK,
    &helpers::KMOD,
    &helpers::MACHINE_ID_SETUP,
    &helpers::MODPROBE,
    &helpers::MODULES_LOAD,
    &helpers::NETWORK_GENERATOR,
    &helpers::RANDOM_SEED,
    &helpers::REMOUNT_FS,
    &helpers::SESSIONCLEAN,
    &helpers::SYSCTL,
    &helpers::SYSUSERS,
    &helpers::UDEVADM,
    &helpers::E2SCRUB_ALL,
    &helpers::FSTRIM,
    &helpers::MANDB,
    &helpers::NETWORKD_WAIT,
    &helpers::START_STOP,
    &helpers::TMPFILES,
    &helpers::UPDATE_UTMP,
    &helpers::UFW_INIT,
    &helpers::USER_SESSIONS,
    &host::ARCH,
    &host::DMESG,
    &host::FINDMNT,
    &host::HOSTNAME,
    &host::LSB_RELEASE,
    &host::MOUNT,
    &host::NPROC,
    &host::SYSCTL,
    &host::UNAME,
    &idle::AGETTY,
    &idle::ATD,
    &idle::DBUS,
    &idle::NETWORKD,
    &idle::POLKIT,
    &idle::UDEVD,
    &packages::ABSENT,
    &packages::APT,
    &packages::APT_CACHE,
    &packages::APT_GET,
    &packages::DPKG,
    &packages::DPKG_QUERY,
    &ufw::COMMAND,
];
