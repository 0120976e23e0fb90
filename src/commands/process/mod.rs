//! Commands for processes and signals.

mod flock;
mod free;
mod fuser;
mod kill;
mod killall;
pub mod launch;
mod load;
mod matching;
mod nice;
mod nohup;
mod nsenter;
mod pgrep;
mod pidof;
mod priority;
mod prlimit;
mod ps;
mod pstree;
mod pwdx;
mod renice;
mod setsid;
mod time;
mod timeout;
mod vmstat;
mod watch;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &flock::COMMAND,
    &free::COMMAND,
    &fuser::COMMAND,
    &kill::COMMAND,
    &killall::COMMAND,
    &load::LAST,
    &load::TOP,
    &load::UPTIME,
    &load::W,
    &load::WHO,
    &nice::COMMAND,
    &nohup::COMMAND,
    &nsenter::COMMAND,
    &pgrep::PGREP,
    &pgrep::PIDWAIT,
    &pgrep::PKILL,
    &pidof::COMMAND,
    &priority::CHRT,
    &priority::IONICE,
    &priority::STRACE,
    &prlimit::COMMAND,
    &ps::COMMAND,
    &pstree::COMMAND,
    &pwdx::COMMAND,
    &renice::COMMAND,
    &setsid::COMMAND,
    &time::COMMAND,
    &timeout::COMMAND,
    &vmstat::COMMAND,
    &watch::COMMAND,
];
