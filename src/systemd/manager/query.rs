//! Questions to a manager: its units, jobs and its own state: org.freedesktop.systemd1(5).

use super::{Job, JobResult, Manager, Objective, RuntimeScope, Service, SystemState, Unit};
use crate::systemd::config::UnitSettings;
use crate::systemd::load::{Loader, SearchPath, UnitFileMap};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_file::specifier::Host;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::accounts;
use crate::world::fs::{Cred, Inode};
use crate::world::{Pid, Time, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A unit without file and state, for questions about units that are not there.
fn blank_unit() -> Unit {
    let name = UnitName::new("blank.service").expect("the literal is a valid name");
    Unit::new(LoadedUnit {
        names: vec![name.clone()],
        name,
        load_state: LoadState::Stub,
        load_error: None,
        fragment_path: None,
        dropin_paths: Vec::new(),
        settings: UnitSettings::new(UnitType::Service),
        warnings: Vec::new(),
        not_simulated: Vec::new(),
    })
}

impl Manager {
    /// A manager that has nothing loaded. `slot` tells the managers of a machine apart in timer tokens and job ids.
    pub fn new(scope: RuntimeScope, pid: Pid, slot: u16, cgroup_root: &str) -> Self {
        Manager {
            scope,
            pid,
            cgroup_root: cgroup_root.to_owned(),
            environment: Vec::new(),
            own_variables: 0,
            log_level: "info",
            service_watchdogs: true,
            started: Time::default(),
            finished: None,
            loaded_at: Time::default(),
            objective: Objective::Ok,
            search_path: SearchPath::system(),
            unit_files: UnitFileMap::default(),
            units: Default::default(),
            names: BTreeMap::new(),
            jobs: Default::default(),
            results: Default::default(),
            next_job: (u64::from(slot) << 32) + 1,
            run_queue: BTreeSet::new(),
            load_queue: Vec::new(),
            gc_queue: BTreeSet::new(),
            stop_when_bound: BTreeSet::new(),
            stop_when_unneeded: BTreeSet::new(),
            start_when_upheld: BTreeSet::new(),
            timeouts: BTreeMap::new(),
            next_token: u64::from(slot) << 48,
            pids: BTreeMap::new(),
            departed: Default::default(),
            records: Default::default(),
            transient: BTreeMap::new(),
            dispatching: false,
            blank: Arc::new(blank_unit()),
            scratch: Arc::new(blank_unit()),
            blank_service: Service::default(),
        }
    }

    /// The loaded unit with this name or alias.
    pub fn get(&self, name: &UnitName) -> Option<&Unit> {
        let main = self.names.get(name)?;
        self.units.get(main).map(|unit| &**unit)
    }

    /// A transient unit as it was when it was unloaded.
    pub fn departed(&self, name: &UnitName) -> Option<&Unit> {
        self.departed.iter().rev().find(|unit| unit.name == *name).map(|unit| &**unit)
    }

    /// All loaded units, by name.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values().map(|unit| &**unit)
    }

    /// All queued jobs, by number.
    pub fn jobs(&self) -> impl Iterator<Item = &Job> {
        self.jobs.values()
    }

    /// The queued job with this number.
    pub fn job(&self, id: u64) -> Option<&Job> {
        self.jobs.get(&id)
    }

    /// How a job ended; `None` while it is queued. Wait for `Channel::Init(id)`.
    pub fn job_result(&self, id: u64) -> Option<JobResult> {
        self.results.get(&id).copied().or_else(|| (!self.jobs.contains_key(&id)).then_some(JobResult::Canceled))
    }

    /// The unit that a process belongs to, by its control group.
    pub fn unit_of_pid(&self, world: &World, pid: Pid) -> Option<&Unit> {
        let process = world.process(pid)?;
        let mut group: &str = &process.cgroup;
        loop {
            let found = self.units().find(|u| u.cgroup.as_deref() == Some(group));
            if found.is_some() {
                return found;
            }
            group = group.rsplit_once('/')?.0;
        }
    }

    /// Processor time of a unit's last run, ended processes included, in microseconds; `None` when it has run nothing.
    pub fn cpu_usage(&self, world: &World, unit: &Unit) -> Option<u64> {
        let used = |group: &str| crate::world::micros(world.cgroup_cpu(group));
        match &unit.cpu_base {
            Some((group, before)) => Some(used(group).saturating_sub(*before)),
            None => unit.cgroup.as_deref().map(used),
        }
    }

    /// How far the machine is.
    pub fn system_state(&self) -> SystemState {
        let is_queued = |name: &str| {
            let unit = UnitName::new(name).and_then(|n| self.get(&n).and_then(|u| u.job));
            unit.is_some_and(|id| self.jobs.get(&id).is_some_and(|j| j.kind == super::JobType::Start))
        };
        if self.objective != Objective::Ok || is_queued("shutdown.target") {
            return SystemState::Stopping;
        }
        if self.finished.is_none() {
            let basic = UnitName::new("basic.target").and_then(|n| self.get(&n).map(Unit::is_active_or_reloading));
            return if basic == Some(true) { SystemState::Starting } else { SystemState::Initializing };
        }
        let rescue = ["rescue.service", "emergency.service", "rescue.target", "emergency.target"];
        let active = |name: &&str| UnitName::new(name).and_then(|n| self.get(&n).map(Unit::is_active_or_reloading));
        if rescue.iter().any(|name| active(name) == Some(true)) {
            return SystemState::Maintenance;
        }
        if self.failed_units() > 0 { SystemState::Degraded } else { SystemState::Running }
    }

    /// How many units are failed.
    pub fn failed_units(&self) -> usize {
        self.units().filter(|u| u.active_state() == ActiveState::Failed).count()
    }

    /// Whether the files of a loaded unit have changed since they were read.
    pub fn need_daemon_reload(&self, world: &World, unit: &Unit) -> bool {
        if unit.transient || unit.perpetual {
            return false;
        }
        let loaded = &unit.loaded;
        let (fragment, dropin) = super::load::file_times(world, loaded);
        if fragment != unit.fragment_mtime || dropin != unit.dropin_mtime {
            return true;
        }
        if unit.load_state() != LoadState::Loaded {
            return !loaded.dropin_paths.is_empty();
        }
        let host = self.host(world);
        // A folder of drop-ins that was made since the search path was read is not looked into.
        let loader = Loader { files: &world.files, path: &self.search_path, map: &self.unit_files, host: &host };
        loader.dropins(&loaded.names) != loaded.dropin_paths
    }

    /// What specifiers stand for in this manager's files.
    pub fn host(&self, world: &World) -> Host {
        let mut host = Host { hostname: world.hostname.clone(), boot_id: world.boot_id.clone(), ..Host::default() };
        if let Some(id) = world.files.text("/etc/machine-id") {
            host.machine_id = id.trim().to_owned();
        }
        if let RuntimeScope::User(uid) = self.scope {
            if let Some(user) = accounts::user_by_id(&world.files, uid) {
                host.group = accounts::group_name(&world.files, user.gid);
                (host.user, host.uid, host.gid) = (user.name, user.uid, user.gid);
                (host.home, host.shell) = (user.home, user.shell);
            }
            host.user_manager = true;
        }
        host
    }
}

/// The file at a path as PID 1 sees it.
pub(super) fn file<'a>(world: &'a World, path: &str) -> Option<&'a Inode> {
    let ino = world.files.lookup(&Cred::root(), "/", path, true).ok()?;
    world.files.inode(ino)
}
