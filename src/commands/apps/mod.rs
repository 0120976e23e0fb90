//! Interpreters and the applications that run on the VPS: coded ones (the console) and declared ones.

mod console;
mod consumer;
pub mod declared;
mod node;
mod php;
mod python;

use super::Command;

/// Bytes of a size such as `128M`.
fn console_size(text: &str) -> Option<u64> {
    console::size(text)
}

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&declared::COMMAND, &node::NODE, &php::COMMAND, &python::COMMAND];
