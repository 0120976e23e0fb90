//! Commands for users, groups and whose rights a command has.

mod database;
mod id;
pub mod pam;
mod passwd;
mod su;
mod sudo;
mod useradd;
mod usermod;
mod who_am_i;

use super::Command;

pub use sudo::sudoers_policy;
pub use who_am_i::{Login, logins};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &id::GROUPS,
    &id::ID,
    &passwd::CHSH,
    &passwd::GETENT,
    &passwd::NOLOGIN,
    &passwd::PASSWD,
    &passwd::VISUDO,
    &su::RUNUSER,
    &su::SU,
    &sudo::COMMAND,
    &useradd::ADDUSER,
    &useradd::USERADD,
    &usermod::GPASSWD,
    &usermod::GROUPADD,
    &usermod::GROUPDEL,
    &usermod::USERDEL,
    &usermod::USERMOD,
    &who_am_i::LOGNAME,
    &who_am_i::USERS,
    &who_am_i::WHOAMI,
];
