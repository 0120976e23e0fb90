//! The tools beside systemctl that come with systemd, and the older ones that lead to it: systemd-analyze, systemd-escape,
//! systemd-run, systemd-notify, systemd-cgls, hostnamectl, timedatectl, shutdown, service.

pub(super) mod analyze;
mod cgls;
mod detect_virt;
mod escape;
mod hostnamectl;
mod notify;
mod run;
mod service;
mod shutdown;
mod timedatectl;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &analyze::COMMAND,
    &cgls::COMMAND,
    &detect_virt::COMMAND,
    &escape::COMMAND,
    &hostnamectl::COMMAND,
    &notify::COMMAND,
    &run::COMMAND,
    &service::COMMAND,
    &shutdown::HALT,
    &shutdown::POWEROFF,
    &shutdown::REBOOT,
    &shutdown::SHUTDOWN,
    &timedatectl::COMMAND,
];

/// The version that all of systemd's tools print.
pub use crate::systemd::version::VERSION;
