//! Commands for users, groups and whose rights a command has.

mod id;
pub mod pam;
mod su;
mod sudo;
mod who_am_i;

use super::Command;

pub use sudo::sudoers_policy;
pub use who_am_i::{Login, logins};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &id::GROUPS,
    &id::ID,
    &su::RUNUSER,
    &su::SU,
    &sudo::COMMAND,
    &who_am_i::LOGNAME,
    &who_am_i::USERS,
    &who_am_i::WHOAMI,
];
