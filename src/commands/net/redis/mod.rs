//! The message queue of the VPS: redis, its command line and its clients.

pub mod cli;
pub mod client;
mod collections;
mod execute;
pub mod resp;
pub mod server;
pub mod sorted;
mod store;
mod stream;
mod streams;

use std::collections::BTreeMap;

use crate::world::World;

pub use execute::glob;

/// How many messages wait in a queue (a list or a stream) of the running redis; `None` when nothing knows it.
pub fn queue_length(world: &World, name: &str) -> Option<u64> {
    server(world)?.store.waiting(name)
}

/// Every queue (list or stream) of the running redis, and how many messages wait in it.
pub fn queues(world: &World) -> BTreeMap<String, u64> {
    server(world).map(|server| server.store.queues()).unwrap_or_default()
}

fn server(world: &World) -> Option<&server::Server> {
    let mut servers = world.processes().filter_map(|p| {
        // The box itself is a value too: look through it.
        let program = p.program.as_ref()?;
        (**program).as_any().downcast_ref::<server::Server>()
    });
    servers.next()
}
