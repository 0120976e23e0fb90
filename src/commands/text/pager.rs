//! Pagers show a file from its start to its end, as they do when their output is no terminal: less(1), more(1).

use super::{Command, cat};

/// `less`.
pub const LESS: Command = Command { name: "less", path: "/usr/bin/less", program: cat::COMMAND.program };
/// `more`.
pub const MORE: Command = Command { name: "more", path: "/usr/bin/more", program: cat::COMMAND.program };
