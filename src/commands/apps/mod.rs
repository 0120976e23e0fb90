//! Interpreters and the applications that run on the VPS: coded ones (the console) and declared ones.

mod bundle;
mod engine;
mod node;
mod npm;
mod php;
mod python;

use super::Command;
use super::net::redis::queue_length;
use crate::vps::program_spec::declared;
use crate::vps::queues::{JobCounts, counts};
use crate::world::World;

/// How a queue stands: what waits in it, and what became of the jobs that were taken from it. `name` is the queue's name
/// or its key in redis. What waits is `None` while redis does not run or knows no such key.
pub fn queue(world: &World, name: &str) -> (Option<u64>, JobCounts) {
    let queues = declared(world).flat_map(|file| &file.queue).filter(|queue| queue.name == name);
    let keys: Vec<&str> = queues.map(|queue| queue.key.as_str()).chain([name]).collect();
    // Several frameworks call a queue `default`: the one that was used is meant.
    let used = |key: &&&str| queue_length(world, key).is_some() || counts(world, key) != JobCounts::default();
    let key = keys.iter().find(used).unwrap_or(&keys[0]);
    (queue_length(world, key), counts(world, key))
}

/// Every command of this group.
pub const COMMANDS: &[&Command] =
    &[&bundle::COMMAND, &engine::COMMAND, &node::NODE, &npm::COMMAND, &php::COMMAND, &python::COMMAND];
