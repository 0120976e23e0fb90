//! A service manager: units, their dependencies and jobs, in systemd's own order of things: systemd(1).
//!
//! [`Manager`] is the state (there is one for the system and one for each user that has any); [`Core`] is a manager at
//! work on its machine, with the journal at hand. Questions go to `Manager`, requests to `Core`.

mod api;
mod atoms;
mod builtin;
mod candidates;
mod clock;
mod conditions;
mod error;
mod events;
pub(in crate::systemd) mod exec;
pub mod glob;
pub mod hardware;
mod implicit;
mod job;
mod job_run;
mod kill;
mod limits;
mod load;
mod log;
mod messages;
mod mount;
mod path;
mod plain;
mod query;
mod rate_limit;
mod reason;
mod record;
mod service;
mod service_state;
mod socket;
mod timer;
mod timer_state;
mod transaction;
mod transaction_check;
mod unit;
mod unit_notify;
mod unit_ops;

use crate::systemd::journal::Journal;
use crate::systemd::load::{SearchPath, UnitFileMap};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::unit_name::UnitName;
use crate::world::{Pid, Time, World};
use imbl::{OrdMap, Vector};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use api::{KillWho, Verb};
pub use conditions::holds as condition_holds;
pub use error::{ManagerError, name as error_name};
pub use job::{Job, JobResult, JobState, JobType};
pub use messages::job_number;
pub use reason::{Client, Reason};
pub use record::{JobEnd, ProcessEnd, Record};
pub use service_state::{ExecStatus, NotifyState, Service};
pub use socket::{Connection, SocketRun};
pub use timer_state::TimerRun;
pub use unit::{ConditionResult, PlainState, Timestamps, Unit};

/// Whose manager it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuntimeScope {
    /// PID 1.
    System,
    /// The manager of the user with this id.
    User(u32),
}

/// What a timer event of a manager is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Timeout {
    /// Look after what is queued (garbage collection above all).
    Dispatch,
    /// The state of a service, a scope, … has lasted long enough.
    State(UnitName),
    /// No sign of life from a service with a watchdog.
    Watchdog(UnitName),
    /// A job takes too long.
    Job(u64),
    /// A timer unit elapses.
    Elapse(UnitName),
    /// A retry of `Upholds=` and the like.
    Retry(UnitName),
    /// The last process of a unit's control group ended a moment ago.
    CgroupEmpty(UnitName),
}

/// How far the machine is: `systemctl is-system-running`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemState {
    Initializing,
    Starting,
    Running,
    Degraded,
    Maintenance,
    Stopping,
}

impl SystemState {
    /// The word that systemctl prints.
    pub fn as_str(self) -> &'static str {
        match self {
            SystemState::Initializing => "initializing",
            SystemState::Starting => "starting",
            SystemState::Running => "running",
            SystemState::Degraded => "degraded",
            SystemState::Maintenance => "maintenance",
            SystemState::Stopping => "stopping",
        }
    }
}

/// What a manager that has nothing left to do makes of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    Ok,
    Reboot,
    Poweroff,
    Exit,
}

/// A service manager.
#[derive(Clone, Debug)]
pub struct Manager {
    pub scope: RuntimeScope,
    /// Its process.
    pub pid: Pid,
    /// The control group in which its units live: empty for the system's.
    pub cgroup_root: String,
    /// Environment that it gives to all its processes, as `set-environment` and its own start made it.
    pub environment: Vec<String>,
    /// How many variables at the front of `environment` it had from the start.
    pub own_variables: usize,
    /// What is logged: a word of syslog(3). Nothing below `info` is said here.
    pub log_level: &'static str,
    /// Whether `WatchdogSec=` of services counts: `systemctl service-watchdogs`.
    pub service_watchdogs: bool,
    /// When it began to work and when the boot was finished.
    pub started: Time,
    pub finished: Option<Time>,
    /// When it read its unit files last.
    pub loaded_at: Time,
    pub objective: Objective,
    /// Where its units' files are.
    pub search_path: SearchPath,
    pub(super) unit_files: UnitFileMap,
    pub(super) units: OrdMap<UnitName, Arc<Unit>>,
    pub(super) names: BTreeMap<UnitName, UnitName>,
    pub(super) jobs: OrdMap<u64, Job>,
    pub(super) results: OrdMap<u64, JobResult>,
    pub(super) next_job: u64,
    pub(super) run_queue: BTreeSet<u64>,
    pub(super) load_queue: Vec<UnitName>,
    pub(super) gc_queue: BTreeSet<UnitName>,
    pub(super) stop_when_bound: BTreeSet<UnitName>,
    pub(super) stop_when_unneeded: BTreeSet<UnitName>,
    pub(super) start_when_upheld: BTreeSet<UnitName>,
    pub(super) timeouts: BTreeMap<u64, Timeout>,
    pub(super) next_token: u64,
    /// Which unit a process belongs to.
    pub(super) pids: BTreeMap<Pid, UnitName>,
    /// What scripted clients made: transient units by name.
    /// Transient units as they were when they were unloaded, the last ones.
    pub(super) departed: Vector<Arc<Unit>>,
    pub(super) transient: BTreeMap<UnitName, LoadedUnit>,
    /// What is remembered of units, loaded or not.
    pub(super) records: OrdMap<UnitName, Arc<Record>>,
    pub(super) dispatching: bool,
    blank: Arc<Unit>,
    scratch: Arc<Unit>,
    blank_service: Service,
}

/// A manager at work: it may change its machine and write to the journal.
pub struct Core<'a> {
    pub m: &'a mut Manager,
    pub w: &'a mut World,
    pub j: &'a mut Journal,
}
