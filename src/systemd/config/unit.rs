//! The settings that every unit has, and the sum of all a unit's settings: systemd.unit(5).

use super::{
    AutomountConfig, CgroupContext, ExecContext, InstallConfig, KillContext, MountConfig, PathConfig, ServiceConfig,
    SliceConfig, SocketConfig, SwapConfig, TimerConfig,
};
use crate::systemd::condition::Condition;
use crate::systemd::dependency::UnitDependency;
use crate::systemd::named::named_enum;
use crate::systemd::span::{INFINITY, SEC, Usec};
use crate::systemd::unit_name::{UnitName, UnitType};
use std::collections::{BTreeMap, BTreeSet};

named_enum! {
    /// `FailureAction=`, `SuccessAction=`, `StartLimitAction=`, `JobTimeoutAction=`.
    pub enum EmergencyAction {
        None = "none",
        Reboot = "reboot",
        RebootForce = "reboot-force",
        RebootImmediate = "reboot-immediate",
        Poweroff = "poweroff",
        PoweroffForce = "poweroff-force",
        PoweroffImmediate = "poweroff-immediate",
        Exit = "exit",
        ExitForce = "exit-force",
    }
}

named_enum! {
    /// How a new job treats the jobs that are already queued.
    pub enum JobMode {
        Fail = "fail",
        Replace = "replace",
        ReplaceIrreversibly = "replace-irreversibly",
        Isolate = "isolate",
        Flush = "flush",
        IgnoreDependencies = "ignore-dependencies",
        IgnoreRequirements = "ignore-requirements",
        Triggering = "triggering",
    }
}

named_enum! {
    /// `CollectMode=`: whether a failed unit may be forgotten.
    pub enum CollectMode {
        Inactive = "inactive",
        InactiveOrFailed = "inactive-or-failed",
    }
}

/// The `[Unit]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitConfig {
    /// `None`: the unit's name is shown instead.
    pub description: Option<String>,
    pub documentation: Vec<String>,
    pub source_path: Option<String>,
    /// Dependencies in the order written, without duplicates. The loader adds links and implicit ones.
    pub dependencies: BTreeMap<UnitDependency, Vec<UnitName>>,
    /// Absolute paths whose mounts are required.
    pub requires_mounts_for: Vec<String>,
    pub conditions: Vec<Condition>,
    pub asserts: Vec<Condition>,
    pub stop_when_unneeded: bool,
    pub refuse_manual_start: bool,
    pub refuse_manual_stop: bool,
    pub allow_isolate: bool,
    pub default_dependencies: bool,
    pub ignore_on_isolate: bool,
    pub on_success_job_mode: JobMode,
    pub on_failure_job_mode: JobMode,
    pub job_timeout: Usec,
    pub job_running_timeout: Usec,
    pub job_timeout_action: EmergencyAction,
    pub job_timeout_reboot_argument: Option<String>,
    /// Microseconds; 0 switches the start limit off.
    pub start_limit_interval: Usec,
    pub start_limit_burst: u32,
    pub start_limit_action: EmergencyAction,
    pub failure_action: EmergencyAction,
    pub success_action: EmergencyAction,
    pub failure_action_exit_status: Option<u8>,
    pub success_action_exit_status: Option<u8>,
    pub reboot_argument: Option<String>,
    pub collect_mode: CollectMode,
}

impl Default for UnitConfig {
    fn default() -> Self {
        Self {
            description: None,
            documentation: Vec::new(),
            source_path: None,
            dependencies: BTreeMap::new(),
            requires_mounts_for: Vec::new(),
            conditions: Vec::new(),
            asserts: Vec::new(),
            stop_when_unneeded: false,
            refuse_manual_start: false,
            refuse_manual_stop: false,
            allow_isolate: false,
            default_dependencies: true,
            ignore_on_isolate: false,
            on_success_job_mode: JobMode::Fail,
            on_failure_job_mode: JobMode::Replace,
            job_timeout: INFINITY,
            job_running_timeout: INFINITY,
            job_timeout_action: EmergencyAction::None,
            job_timeout_reboot_argument: None,
            start_limit_interval: 10 * SEC,
            start_limit_burst: 5,
            start_limit_action: EmergencyAction::None,
            failure_action: EmergencyAction::None,
            success_action: EmergencyAction::None,
            failure_action_exit_status: None,
            success_action_exit_status: None,
            reboot_argument: None,
            collect_mode: CollectMode::Inactive,
        }
    }
}

impl UnitConfig {
    /// The units this one has the given dependency on.
    pub fn dependencies(&self, kind: UnitDependency) -> &[UnitName] {
        self.dependencies.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Adds a dependency unless it is there already.
    pub fn add_dependency(&mut self, kind: UnitDependency, other: UnitName) {
        let list = self.dependencies.entry(kind).or_default();
        if !list.contains(&other) {
            list.push(other);
        }
    }
}

/// The settings of the unit's own type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeConfig {
    Service(Box<ServiceConfig>),
    Socket(Box<SocketConfig>),
    Timer(Box<TimerConfig>),
    Path(Box<PathConfig>),
    Mount(Box<MountConfig>),
    Automount(AutomountConfig),
    Swap(Box<SwapConfig>),
    Slice(Box<SliceConfig>),
    Scope(Box<SliceConfig>),
    Target,
    Device,
}

/// All that a unit's fragment and drop-ins say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitSettings {
    pub unit: UnitConfig,
    pub install: InstallConfig,
    pub kind: TypeConfig,
    /// What was assigned to settings that the simulation only keeps and shows, by key: all values in order, an empty one
    /// having taken back those before it.
    pub kept: BTreeMap<String, Vec<String>>,
}

impl UnitSettings {
    /// systemd's defaults for a unit of that type, before any file is read.
    pub fn new(unit_type: UnitType) -> Self {
        let kind = match unit_type {
            UnitType::Service => TypeConfig::Service(Box::default()),
            UnitType::Socket => TypeConfig::Socket(Box::default()),
            UnitType::Timer => TypeConfig::Timer(Box::default()),
            UnitType::Path => TypeConfig::Path(Box::default()),
            UnitType::Mount => TypeConfig::Mount(Box::default()),
            UnitType::Automount => TypeConfig::Automount(AutomountConfig::default()),
            UnitType::Swap => TypeConfig::Swap(Box::default()),
            UnitType::Slice => TypeConfig::Slice(Box::default()),
            UnitType::Scope => TypeConfig::Scope(Box::default()),
            UnitType::Target => TypeConfig::Target,
            UnitType::Device => TypeConfig::Device,
        };
        Self { unit: UnitConfig::default(), install: InstallConfig::default(), kind, kept: BTreeMap::new() }
    }

    /// The last value that was given to a setting which is only kept.
    pub fn kept(&self, key: &str) -> Option<&str> {
        self.kept.get(key)?.last().map(String::as_str)
    }

    /// `RestrictAddressFamilies=`: whether the list allows (else it forbids), and the families by name.
    pub fn address_families(&self) -> (bool, Vec<&str>) {
        let mut allows = None;
        let mut families = BTreeSet::new();
        for value in self.kept.get("RestrictAddressFamilies").into_iter().flatten() {
            let (inverted, names) = match value.strip_prefix('~') {
                Some(names) => (true, names),
                None => (false, value.as_str()),
            };
            let allow = *allows.get_or_insert(!inverted);
            for name in names.split_whitespace().filter(|name| *name != "none") {
                if inverted == allow {
                    families.remove(name)
                } else {
                    families.insert(name)
                };
            }
        }
        (allows.unwrap_or(false), families.into_iter().collect())
    }

    /// The service's settings, if this is a service.
    pub fn service(&self) -> Option<&ServiceConfig> {
        match &self.kind {
            TypeConfig::Service(service) => Some(service),
            _ => None,
        }
    }

    /// The execution context, in the types that run something.
    pub fn exec(&self) -> Option<&ExecContext> {
        match &self.kind {
            TypeConfig::Service(s) => Some(&s.exec),
            TypeConfig::Socket(s) => Some(&s.exec),
            TypeConfig::Mount(m) => Some(&m.exec),
            TypeConfig::Swap(s) => Some(&s.exec),
            _ => None,
        }
    }

    /// The execution context, to be changed.
    pub fn exec_mut(&mut self) -> Option<&mut ExecContext> {
        match &mut self.kind {
            TypeConfig::Service(s) => Some(&mut s.exec),
            TypeConfig::Socket(s) => Some(&mut s.exec),
            TypeConfig::Mount(m) => Some(&mut m.exec),
            TypeConfig::Swap(s) => Some(&mut s.exec),
            _ => None,
        }
    }

    /// How the unit's processes are killed, in the types that have some.
    pub fn kill_mut(&mut self) -> Option<&mut KillContext> {
        match &mut self.kind {
            TypeConfig::Service(s) => Some(&mut s.kill),
            TypeConfig::Socket(s) => Some(&mut s.kill),
            TypeConfig::Mount(m) => Some(&mut m.kill),
            TypeConfig::Swap(s) => Some(&mut s.kill),
            TypeConfig::Scope(s) => Some(&mut s.kill),
            _ => None,
        }
    }

    /// The control group's settings, in the types that have a group.
    pub fn cgroup(&self) -> Option<&CgroupContext> {
        match &self.kind {
            TypeConfig::Service(s) => Some(&s.cgroup),
            TypeConfig::Socket(s) => Some(&s.cgroup),
            TypeConfig::Mount(m) => Some(&m.cgroup),
            TypeConfig::Swap(s) => Some(&s.cgroup),
            TypeConfig::Slice(s) | TypeConfig::Scope(s) => Some(&s.cgroup),
            _ => None,
        }
    }

    /// The control group's settings, to be changed.
    pub fn cgroup_mut(&mut self) -> Option<&mut CgroupContext> {
        match &mut self.kind {
            TypeConfig::Service(s) => Some(&mut s.cgroup),
            TypeConfig::Socket(s) => Some(&mut s.cgroup),
            TypeConfig::Mount(m) => Some(&mut m.cgroup),
            TypeConfig::Swap(s) => Some(&mut s.cgroup),
            TypeConfig::Slice(s) | TypeConfig::Scope(s) => Some(&mut s.cgroup),
            _ => None,
        }
    }
}
