//! Commands that the shell also has built in, and the pure functions behind both: IEEE Std 1003.1, Utilities.

pub mod conversion;
pub mod echo;
pub mod escape;
pub mod number;
pub mod printf;
pub mod quote;
pub mod strftime;
pub mod test;

use crate::commands::Command;

/// The commands of this group.
pub const COMMANDS: &[&Command] = &[&echo::COMMAND, &printf::COMMAND, &test::COMMAND, &test::BRACKET];
