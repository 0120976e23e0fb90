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
    /// By the moment of the monotonic clock, which a change of the realtime clock does not move.
    events: BTreeMap<EventId, Event>,
    sequence: u64,
    /// How far the realtime clock was set forward (or back) since, in microseconds.
    set_by: i64,
}

impl EventQueue {
    /// Files `event` for `at`; among equals the earlier call comes first.
    pub fn push(&mut self, at: Time, event: Event) -> EventId {
        self.sequence += 1;
        let id = (Time(at.0.saturating_add_signed(-self.set_by)), self.sequence);
        self.events.insert(id, event);
        id
    }

    /// Takes an event back; nothing happens when it is gone already.
    pub fn cancel(&mut self, id: EventId) {
        self.events.remove(&id);
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<Time> {
        self.events.keys().next().map(|id| self.realtime(id.0))
    }

    /// Takes the next event that is due at `deadline` or before.
    pub fn pop_until(&mut self, deadline: Time) -> Option<(Time, Event)> {
        let set_by = self.set_by;
        let entry = self.events.first_entry()?;
        let at = Time(entry.key().0.0.saturating_add_signed(set_by));
        if at > deadline {
            return None;
        }
        Some((at, entry.remove()))
    }

    fn realtime(&self, at: Time) -> Time {
        Time(at.0.saturating_add_signed(self.set_by))
    }

    /// The realtime clock is set forward by so many microseconds, or back: everything stays as far away as it was.
    pub fn clock_set(&mut self, by: i64) {
        self.set_by = self.set_by.saturating_add(by);
    }

    /// Drops all events: the machine was switched off.
    pub fn clear(&mut self) {
        self.events.clear();
    }
}
