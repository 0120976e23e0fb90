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
pub mod version;

use std::any::Any;
use std::collections::BTreeMap;

use crate::world::{Init, Notice, Pid, World};
use journal::Journal;
use logind::Logind;
use manager::{Core, Manager, Objective, RuntimeScope};
use unit_name::UnitName;

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
        self.users.clear();
        self.manager = Manager::new(RuntimeScope::System, 1, 0, "");
        self.core(world).startup();
    }

    /// Begins an orderly shutdown; [`Systemd::take_power_action`] tells when it is done.
    pub fn shutdown(&mut self, world: &mut World, action: PowerAction) {
        let target = match action {
            PowerAction::PowerOff => "poweroff.target",
            PowerAction::Reboot => "reboot.target",
        };
        self.core(world).shutdown(target);
        self.note_objective();
    }

    /// What is to be done with the power, once everything has been stopped.
    pub fn take_power_action(&mut self) -> Option<PowerAction> {
        self.note_objective();
        self.power.take()
    }

    /// The system manager may have come to its end.
    fn note_objective(&mut self) {
        match std::mem::replace(&mut self.manager.objective, Objective::Ok) {
            Objective::Ok => {}
            Objective::Reboot => self.power = Some(PowerAction::Reboot),
            Objective::Poweroff | Objective::Exit => self.power = Some(PowerAction::PowerOff),
        }
    }

    /// A child of a manager has executed its program.
    pub(in crate::systemd) fn child_executed(
        &mut self,
        world: &mut World,
        scope: RuntimeScope,
        u: &UnitName,
        pid: Pid,
    ) {
        match scope {
            RuntimeScope::System => self.core(world).child_executed(u, pid),
            RuntimeScope::User(uid) => {
                if let Some(mut core) = self.user_core(world, uid) {
                    core.child_executed(u, pid);
                }
            }
        }
    }

    /// Does something with every manager, the system's first.
    fn each_core(&mut self, world: &mut World, mut act: impl FnMut(&mut Core<'_>)) {
        act(&mut self.core(world));
        for manager in self.users.values_mut() {
            act(&mut Core { m: manager, w: world, j: &mut self.journal });
        }
    }

    /// The user whose manager a process is.
    fn user_of_manager(&self, pid: Pid) -> Option<u32> {
        self.users.iter().find(|(_, manager)| manager.pid == pid).map(|(uid, _)| *uid)
    }
}

impl Init for Systemd {
    fn notice(&mut self, world: &mut World, notice: Notice) {
        let for_logind = logind::hears(&notice).then(|| notice.clone());
        match notice {
            Notice::Exited { pid, parent, status, .. } => match self.user_of_manager(parent) {
                Some(uid) => {
                    if let Some(mut core) = self.user_core(world, uid) {
                        core.child_exited(pid, status);
                    }
                }
                None => self.core(world).child_exited(pid, status),
            },
            Notice::CgroupEmpty(group) => self.each_core(world, |core| core.cgroup_empty(&group)),
            Notice::OomKill(group) => self.each_core(world, |core| core.oom_killed(&group)),
            Notice::Kernel { priority, text } => {
                self.journal.append(world, journal::EntryBuilder::kernel(priority, text));
            }
            Notice::Stream { id, sender, bytes } => self.journal.stream_write(world, id, sender, &bytes),
            Notice::StreamClosed(id) => self.journal.stream_closed(world, id),
            Notice::Log { sender, priority, facility, identifier, message } => {
                self.journal.log_from(world, sender, priority, facility, identifier.as_deref(), &message);
            }
            Notice::Notify { pid, text } => self.each_core(world, |core| core.notified(pid, &text)),
            Notice::FileChanged(ino) => self.each_core(world, |core| core.file_changed(ino)),
            Notice::Timer(token) => self.each_core(world, |core| {
                core.timer(token);
            }),
            Notice::Signal(signal) => self.core(world).signalled(signal),
            Notice::Connection(object) => self.each_core(world, |core| core.connection(object)),
        }
        if let Some(notice) = for_logind {
            self.logind_notice(world, &notice);
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
