//! Commands about terminals: their settings, and the multiplexers whose terminals outlive a connection.

mod attach;
mod pane;
mod screen;
mod stty;
mod tmux;
mod tput;
mod wall;

use super::Command;

/// Every command of this group.
pub const COMMANDS: &[&Command] =
    &[&screen::COMMAND, &stty::COMMAND, &tmux::COMMAND, &tput::COMMAND, &tput::RESET, &wall::MESG, &wall::WALL];
