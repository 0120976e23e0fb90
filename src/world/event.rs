//! The event queue: what will happen, ordered by time and then by the order in which it was asked for.

use std::collections::BTreeMap;

use super::process::Pid;
use super::time::Time;

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A process gets the processor.
    Run(Pid),
    /// A process's wait is over; the number tells which wait, so that an answered one is not answered again.
    Timeout(Pid, u64),
    /// PID 1 asked to be told; the token is its own.
    Init(u64),
}

/// A handle with which an event can be taken back.
pub type EventId = (Time, u64);

/// Events ordered by (time, sequence).
#[derive(Clone, Debug, Default)]
pub struct EventQueue {
    events: BTreeMap<EventId, Event>,
    sequence: u64,
}

impl EventQueue {
    /// Files `event` for `at`; among equals the earlier call comes first.
    pub fn push(&mut self, at: Time, event: Event) -> EventId {
        self.sequence += 1;
        let id = (at, self.sequence);
        self.events.insert(id, event);
        id
    }

    /// Takes an event back; nothing happens when it is gone already.
    pub fn cancel(&mut self, id: EventId) {
        self.events.remove(&id);
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<Time> {
        self.events.keys().next().map(|id| id.0)
    }

    /// Takes the next event that is due at `deadline` or before.
    pub fn pop_until(&mut self, deadline: Time) -> Option<(Time, Event)> {
        let entry = self.events.first_entry()?;
        if entry.key().0 > deadline {
            return None;
        }
        let at = entry.key().0;
        Some((at, entry.remove()))
    }

    /// Drops all events: the machine was switched off.
    pub fn clear(&mut self) {
        self.events.clear();
    }
}
