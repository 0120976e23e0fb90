//! What `trap` set: bash(1), SIGNALS.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::world::{Signal, SignalSet};

/// Signals whose default ends a shell: with a trap for EXIT it catches them, runs the trap, and dies of them.
pub const FATAL: [Signal; 5] = [Signal::HUP, Signal::INT, Signal::TERM, Signal::USR1, Signal::USR2];

/// What a trap is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// `EXIT`, also 0.
    Exit,
    /// A signal.
    Signal(u8),
    /// `DEBUG`
    Debug,
    /// `ERR`
    Err,
    /// `RETURN`
    Return,
}

impl Event {
    /// The event with this name or number.
    pub fn parse(text: &str) -> Option<Event> {
        let upper = text.to_uppercase();
        Some(match upper.as_str() {
            "EXIT" | "0" => Event::Exit,
            "DEBUG" => Event::Debug,
            "ERR" => Event::Err,
            "RETURN" => Event::Return,
            other => Event::Signal(Signal::parse(other)?.number()),
        })
    }

    /// The name that `trap -p` prints.
    pub fn name(self) -> String {
        match self {
            Event::Exit => "EXIT".into(),
            Event::Debug => "DEBUG".into(),
            Event::Err => "ERR".into(),
            Event::Return => "RETURN".into(),
            Event::Signal(number) => {
                let name = Signal::from_number(i64::from(number)).map(Signal::name).unwrap_or_default();
                format!("SIG{name}")
            }
        }
    }
}

/// The traps of a shell; an empty command ignores the signal.
#[derive(Clone, Debug, Default)]
pub struct Traps {
    table: BTreeMap<Event, Arc<str>>,
    /// What a forked copy shows with `trap -p` until it sets a trap itself.
    inherited: bool,
}

impl Traps {
    /// The command for an event.
    pub fn get(&self, event: Event) -> Option<Arc<str>> {
        if self.inherited && !self.table.get(&event)?.is_empty() {
            return None;
        }
        self.table.get(&event).cloned()
    }

    /// Whether something is to be done at the end.
    pub fn has_exit(&self) -> bool {
        self.get(Event::Exit).is_some_and(|command| !command.is_empty())
    }

    /// Sets a trap.
    pub fn set(&mut self, event: Event, command: &str) {
        self.forget_inherited();
        self.table.insert(event, command.into());
    }

    /// Takes a trap away.
    pub fn remove(&mut self, event: Event) {
        self.forget_inherited();
        self.table.remove(&event);
    }

    /// All that `trap -p` prints.
    pub fn iter(&self) -> impl Iterator<Item = (Event, &Arc<str>)> {
        self.table.iter().map(|(event, command)| (*event, command))
    }

    /// A forked copy keeps only what is ignored.
    pub fn inherit(&mut self) {
        self.inherited = true;
    }

    /// The signals that a trap ignores.
    pub fn ignored(&self) -> SignalSet {
        let mut set = SignalSet::default();
        for (event, command) in &self.table {
            if let (Event::Signal(number), true) = (event, command.is_empty())
                && let Some(signal) = Signal::from_number(i64::from(*number))
            {
                set.insert(signal);
            }
        }
        set
    }

    fn forget_inherited(&mut self) {
        if std::mem::take(&mut self.inherited) {
            self.table.retain(|_, command| command.is_empty());
        }
    }
}
