//! Interpreters and the applications that run on the VPS: coded ones (the console) and declared ones.

mod console;
mod consumer;
pub mod declared;
mod node;
mod php;
mod python;

use super::Command;
use super::net::redis::queue_length;
use crate::vps::queues::{JobCounts, counts};
use crate::world::World;

/// How a queue stands: what waits in it, and what became of the jobs that were taken from it. `name` is the queue's name
/// or its key in redis. What waits is `None` while redis does not run or knows no such key.
pub fn queue(world: &World, name: &str) -> (Option<u64>, JobCounts) {
    (queue_length(world, name), counts(world, name))
}

/// Bytes of a size such as `128M`.
fn console_size(text: &str) -> Option<u64> {
    console::size(text)
}

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&declared::COMMAND, &node::NODE, &php::COMMAND, &python::COMMAND];
