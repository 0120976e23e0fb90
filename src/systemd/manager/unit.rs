//! A loaded unit with its run-time state: systemd.unit(5), org.freedesktop.systemd1(5).

use super::rate_limit::RateLimit;
use super::reason::Reason;
use super::service_state::{Service, active_state};
use super::socket::SocketRun;
use super::timer_state::TimerRun;
use crate::systemd::config::{ServiceConfig, ServiceType, UnitConfig, UnitSettings};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::named::named_enum;
use crate::systemd::states::{ActiveState, LoadState, ServiceState, UnitFileState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{EventId, Time};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

named_enum! {
    /// The low-level state of all units but services.
    pub enum PlainState {
        Dead = "dead",
        Active = "active",
        Mounting = "mounting",
        Mounted = "mounted",
        Unmounting = "unmounting",
        Activating = "activating",
        Deactivating = "deactivating",
        Running = "running",
        Abandoned = "abandoned",
        StopSigterm = "stop-sigterm",
        StopSigkill = "stop-sigkill",
        Plugged = "plugged",
        Waiting = "waiting",
        Elapsed = "elapsed",
        StartChown = "start-chown",
        Listening = "listening",
        Failed = "failed",
    }
}

impl PlainState {
    fn active_state(self) -> ActiveState {
        match self {
            PlainState::Dead => ActiveState::Inactive,
            PlainState::Failed => ActiveState::Failed,
            PlainState::StartChown | PlainState::Mounting | PlainState::Activating => ActiveState::Activating,
            PlainState::Unmounting | PlainState::Deactivating | PlainState::StopSigterm | PlainState::StopSigkill => {
                ActiveState::Deactivating
            }
            _ => ActiveState::Active,
        }
    }
}

/// When the unit last went from one high-level state to another; `None`: never since it was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timestamps {
    pub state_change: Option<Time>,
    pub inactive_exit: Option<Time>,
    pub active_enter: Option<Time>,
    pub active_exit: Option<Time>,
    pub inactive_enter: Option<Time>,
    pub condition: Option<Time>,
    pub assert: Option<Time>,
}

/// What a checked condition or assertion gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionResult {
    Untested,
    Succeeded,
    Failed,
    Error,
}

/// A loaded unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The main name.
    pub name: UnitName,
    /// What its files say; its `names` are all names.
    pub loaded: Arc<LoadedUnit>,
    /// Modification time of the fragment when it was read.
    pub fragment_mtime: Option<Time>,
    /// The latest modification time of the drop-ins when they were read.
    pub dropin_mtime: Option<Time>,
    /// All dependencies, both directions, implicit ones among them.
    pub dependencies: BTreeMap<UnitDependency, BTreeSet<UnitName>>,
    /// The queued job.
    pub job: Option<u64>,
    /// The state of a service.
    pub service: Option<Box<Service>>,
    /// The state of a timer.
    pub timer: Option<Box<TimerRun>>,
    /// What a socket holds.
    pub socket: Option<Box<SocketRun>>,
    /// How often it has triggered.
    pub(super) trigger_limit: RateLimit,
    /// The description that a connection gave it, instead of its file's.
    pub(super) described: Option<String>,
    /// The files that a path unit watches for changes, as it found them last, by the place of the watch.
    pub(super) seen: Vec<Option<crate::world::fs::Ino>>,
    /// The state of any other unit.
    pub plain: PlainState,
    /// `Result=` of a timer, socket, path, mount or scope: `success`, `resources`, …
    pub plain_result: &'static str,
    pub timestamps: Timestamps,
    pub condition_result: bool,
    pub assert_result: bool,
    /// The result of each condition, in the order of the files.
    pub condition_results: Vec<ConditionResult>,
    /// 32 hexadecimal digits, new with every start.
    pub invocation_id: Option<String>,
    /// Where its processes are, from the first start until it is empty again: `/system.slice/x.service`.
    pub cgroup: Option<String>,
    /// Why it is in its state.
    pub reason: Reason,
    /// Whether its file is enabled, as the manager found when it was asked first; read anew with the files.
    pub(super) file_state: Option<UnitFileState>,
    /// Never unloaded, and not to be started or stopped: `-.slice`, `init.scope`.
    pub perpetual: bool,
    /// Made by a client, not by a file: systemd-run(1).
    pub transient: bool,
    /// Whether the last start was refused because there were too many.
    pub start_limit_hit: bool,
    /// When the starts that count for the start limit happened.
    pub(super) start_times: Vec<Time>,
    /// The control group of its last run and the CPU time, in microseconds, that had been used there before.
    pub(super) cpu_base: Option<(String, u64)>,
    /// A stop because of a missing BindsTo= or of nobody's need was queued at this time: not again at once.
    pub(super) auto_start_stop: Vec<Time>,
    /// A retry of `Upholds=` is due: event and token.
    pub(super) retry: Option<(EventId, u64)>,
    /// For a scope: the manager or session that made it asked for an end of waiting; for others unused.
    pub(super) plain_timer: Option<(EventId, u64)>,
}

impl Unit {
    /// A unit that was just read.
    pub fn new(loaded: LoadedUnit) -> Self {
        let kind = loaded.name.unit_type();
        Unit {
            name: loaded.name.clone(),
            loaded: Arc::new(loaded),
            fragment_mtime: None,
            dropin_mtime: None,
            dependencies: BTreeMap::new(),
            job: None,
            service: (kind == UnitType::Service).then(Box::default),
            timer: (kind == UnitType::Timer).then(Box::default),
            socket: (kind == UnitType::Socket).then(Box::default),
            trigger_limit: RateLimit::default(),
            described: None,
            seen: Vec::new(),
            plain: PlainState::Dead,
            plain_result: "success",
            timestamps: Timestamps::default(),
            condition_result: false,
            assert_result: false,
            condition_results: Vec::new(),
            invocation_id: None,
            cgroup: None,
            reason: Reason::Untouched,
            file_state: None,
            perpetual: false,
            transient: false,
            start_limit_hit: false,
            start_times: Vec::new(),
            cpu_base: None,
            auto_start_stop: Vec::new(),
            retry: None,
            plain_timer: None,
        }
    }

    /// Everything its files say.
    pub fn settings(&self) -> &UnitSettings {
        &self.loaded.settings
    }

    /// Its `[Unit]` section.
    pub fn config(&self) -> &UnitConfig {
        &self.loaded.settings.unit
    }

    /// Its `[Service]` section, if it is a service.
    pub fn service_config(&self) -> Option<&ServiceConfig> {
        self.loaded.settings.service()
    }

    /// `LoadState=`.
    pub fn load_state(&self) -> LoadState {
        self.loaded.load_state
    }

    /// Its description, or its name.
    pub fn description(&self) -> &str {
        let own = self.described.as_deref().or(self.config().description.as_deref());
        own.unwrap_or(self.name.as_str())
    }

    /// How messages name it: `x.service - Desc`, or the name alone.
    pub fn status_name(&self) -> String {
        match self.described.as_ref().or(self.config().description.as_ref()) {
            Some(description) if !description.is_empty() && description != self.name.as_str() => {
                format!("{} - {description}", self.name)
            }
            _ => self.name.to_string(),
        }
    }

    /// `ActiveState=`.
    pub fn active_state(&self) -> ActiveState {
        match &self.service {
            Some(service) => {
                let idle = self.service_config().is_some_and(|c| c.service_type() == ServiceType::Idle);
                active_state(service.state, idle)
            }
            None => self.plain.active_state(),
        }
    }

    /// `SubState=`.
    pub fn sub_state(&self) -> &'static str {
        match &self.service {
            Some(service) => service.state.as_str(),
            None => self.plain.as_str(),
        }
    }

    /// The state of a service; dead for what is none.
    pub fn service_state(&self) -> ServiceState {
        self.service.as_ref().map_or(ServiceState::Dead, |s| s.state)
    }

    /// Whether it is neither up nor on its way up or down.
    pub fn is_inactive_or_failed(&self) -> bool {
        matches!(self.active_state(), ActiveState::Inactive | ActiveState::Failed)
    }

    /// Whether it is up.
    pub fn is_active_or_reloading(&self) -> bool {
        matches!(self.active_state(), ActiveState::Active | ActiveState::Reloading)
    }

    /// The units it has a dependency on.
    pub fn dependency(&self, kind: UnitDependency) -> impl Iterator<Item = &UnitName> {
        self.dependencies.get(&kind).into_iter().flatten()
    }

    /// Whether it has that dependency on that unit.
    pub fn depends_on(&self, kind: UnitDependency, other: &UnitName) -> bool {
        self.dependencies.get(&kind).is_some_and(|set| set.contains(other))
    }
}
