//! PID 1 and its friends in systemd's own vocabulary: systemd(1).

pub mod calendar;
pub mod condition;
pub mod config;
pub mod dependency;
pub mod directives;
pub mod environment;
pub mod escaping;
pub mod expand;
pub mod install;
pub mod journal;
pub mod load;
pub mod loaded;
pub mod logind;
pub mod manager;
pub mod mangle;
mod named;
pub mod span;
pub mod states;
pub mod timestamp;
pub mod unit_file;
pub mod unit_name;
pub mod value;

use std::any::Any;
use std::collections::BTreeMap;

use crate::world::{Init, Notice, World};
use journal::Journal;
use logind::Logind;
use manager::{Core, Manager, RuntimeScope};

pub use journal::JOURNAL_CHANNEL;

/// What shutting down leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerAction {
    /// The machine is off until somebody switches it on.
    PowerOff,
    /// The machine starts again at once.
    Reboot,
}

/// PID 1 with the daemons that belong to it: the system manager, the users' managers, the journal, logind.
#[derive(Clone, Debug)]
pub struct Systemd {
    /// The system manager.
    pub manager: Manager,
    /// The users' managers, by user id.
    pub users: BTreeMap<u32, Manager>,
    /// The journal.
    pub journal: Journal,
    /// Sessions and their users.
    pub logind: Logind,
    power: Option<PowerAction>,
}

impl Default for Systemd {
    fn default() -> Self {
        Systemd {
            manager: Manager::new(RuntimeScope::System, 1, 0, ""),
            users: BTreeMap::new(),
            journal: Journal::default(),
            logind: Logind::default(),
            power: None,
        }
    }
}

impl Systemd {
    /// The system manager at work.
    pub fn core<'a>(&'a mut self, world: &'a mut World) -> Core<'a> {
        Core { m: &mut self.manager, w: world, j: &mut self.journal }
    }

    /// A user's manager at work, if it runs.
    pub fn user_core<'a>(&'a mut self, world: &'a mut World, uid: u32) -> Option<Core<'a>> {
        let manager = self.users.get_mut(&uid)?;
        Some(Core { m: manager, w: world, j: &mut self.journal })
    }

    /// A manager by scope, to ask it something.
    pub fn manager_of(&self, scope: RuntimeScope) -> Option<&Manager> {
        match scope {
            RuntimeScope::System => Some(&self.manager),
            RuntimeScope::User(uid) => self.users.get(&uid),
        }
    }

    /// Starts as PID 1 on a machine that was just switched on. What survives a reboot (the journal) is kept.
    pub fn boot(&mut self, world: &mut World) {
        self.power = None;
        self.journal.boot(world);
        self.logind_boot();
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
    fn notice(&mut self, world: &mut World, notice: Notice) {
        match &notice {
            Notice::Stream { id, pid, bytes } => self.journal.stream_write(world, *id, *pid, bytes),
            Notice::StreamClosed(id) => self.journal.stream_closed(world, *id),
            Notice::Log { pid, priority, facility, identifier, message } => {
                self.journal.log(world, *pid, *priority, *facility, identifier.as_deref(), message);
            }
            _ => {}
        }
        self.logind_notice(world, &notice);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
