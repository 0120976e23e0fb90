//! Commands for processes and signals.

mod kill;
pub mod launch;
mod matching;
mod nice;
mod nohup;
mod pgrep;
mod pidof;
mod ps;
mod setsid;
mod timeout;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &kill::COMMAND,
    &nice::COMMAND,
    &nohup::COMMAND,
    &pgrep::PGREP,
    &pgrep::PIDWAIT,
    &pgrep::PKILL,
    &pidof::COMMAND,
    &ps::COMMAND,
    &setsid::COMMAND,
    &timeout::COMMAND,
];
