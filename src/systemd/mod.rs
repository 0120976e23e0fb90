//! PID 1 and its friends in systemd's own vocabulary: systemd(1).

pub mod condition;
pub mod config;
pub mod dependency;
pub mod journal;
pub mod loaded;
mod named;
pub mod span;
pub mod states;
pub mod unit_name;

use std::any::Any;

use crate::world::{Init, Notice, World};

/// The channel (`Channel::Init`) that is woken by every new journal entry.
pub const JOURNAL_CHANNEL: u64 = 1 << 60;

/// What shutting down leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerAction {
    /// The machine is off until somebody switches it on.
    PowerOff,
    /// The machine starts again at once.
    Reboot,
}

/// PID 1 with the daemons that belong to it: the system manager, the journal, logind.
#[derive(Clone, Debug, Default)]
pub struct Systemd {
    power: Option<PowerAction>,
}

impl Systemd {
    /// Starts as PID 1 on a machine that was just switched on. What survives a reboot (the journal) is kept.
    pub fn boot(&mut self, _world: &mut World) {
        self.power = None;
    }

    /// Begins an orderly shutdown; [`Systemd::take_power_action`] tells when it is done.
    pub fn shutdown(&mut self, _world: &mut World, action: PowerAction) {
        self.power = Some(action);
    }

    /// What is to be done with the power, once everything has been stopped.
    pub fn take_power_action(&mut self) -> Option<PowerAction> {
        self.power.take()
    }
}

impl Init for Systemd {
    fn notice(&mut self, _world: &mut World, _notice: Notice) {}

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
