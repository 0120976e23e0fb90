//! Requests to a manager: org.freedesktop.systemd1(5), systemctl(1).

use super::error::{ManagerError, name as error};
use super::job::{JobResult, JobType};
use super::reason::{Client, Reason};
use super::{Core, Timeout};
use crate::systemd::config::JobMode;
use crate::systemd::install;
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::named::named_enum;
use crate::systemd::states::{LoadState, ServiceResult, ServiceState, UnitFileState};
use crate::systemd::unit_name::UnitName;
use crate::world::{Signal, Time};

named_enum! {
    /// Which processes of a unit a signal is for: `--kill-whom=`.
    pub enum KillWho {
        Main = "main",
        Control = "control",
        All = "all",
        MainFail = "main-fail",
        ControlFail = "control-fail",
        AllFail = "all-fail",
    }
}

named_enum! {
    /// What a client wants of a unit; the words are systemctl's.
    pub enum Verb {
        Start = "start",
        Stop = "stop",
        Reload = "reload",
        Restart = "restart",
        TryRestart = "try-restart",
        ReloadOrRestart = "reload-or-restart",
        ReloadOrTryRestart = "reload-or-try-restart",
    }
}

impl Core<'_> {
    /// Reads a unit into memory unless it is there, and tells its main name. It may be unloaded again as soon as time
    /// passes. A unit without file is loaded too, as `not-found`.
    pub fn load_unit(&mut self, name: &UnitName) -> UnitName {
        if !self.m.names.contains_key(name) {
            let soon = Time(self.w.now.0 + 1);
            self.arm(soon, Timeout::Dispatch);
        }
        self.ensure_loaded(name)
    }

    /// Makes the transaction that would start a unit, as a rehearsal: its jobs stay queued and do not run.
    /// Errors: as `enqueue`.
    pub fn try_start(&mut self, name: &UnitName) -> Result<(), ManagerError> {
        let u = self.ensure_loaded(name);
        self.add_job(JobType::Start, &u, JobMode::Replace, Reason::Untouched).map(|_| ())
    }

    /// Forgets units that are down and that nothing refers to, without waiting for time to pass.
    pub fn collect(&mut self) {
        self.dispatch();
    }

    /// Queues a job. The number is for `Channel::Init` and [`super::Manager::job_result`].
    /// Errors: org.freedesktop.systemd1's.
    pub fn enqueue(&mut self, verb: Verb, name: &UnitName, mode: JobMode, client: Client) -> Result<u64, ManagerError> {
        let u = self.ensure_loaded(name);
        let result = self.queue_unit_job(verb, &u, mode, client);
        self.dispatch();
        result
    }

    fn queue_unit_job(&mut self, verb: Verb, u: &UnitName, mode: JobMode, client: Client) -> Result<u64, ManagerError> {
        let unit = self.m.unit(u);
        let can_reload = self.m.can_reload(unit);
        let kind = match verb {
            Verb::Start => JobType::Start,
            Verb::Stop => JobType::Stop,
            Verb::Reload => JobType::Reload,
            Verb::Restart => JobType::Restart,
            Verb::TryRestart => JobType::TryRestart,
            Verb::ReloadOrRestart if can_reload => JobType::ReloadOrStart,
            Verb::ReloadOrRestart => JobType::Restart,
            Verb::ReloadOrTryRestart if can_reload => JobType::TryReload,
            Verb::ReloadOrTryRestart => JobType::TryRestart,
        };
        let missing = matches!(unit.load_state(), LoadState::NotFound | LoadState::Error | LoadState::BadSetting);
        if kind == JobType::Stop && missing && unit.is_inactive_or_failed() {
            return Err(ManagerError::not_loaded(u.as_str()));
        }
        let config = unit.config();
        let (no_start, no_stop) = (config.refuse_manual_start, config.refuse_manual_stop);
        let refused = match kind {
            JobType::Start => no_start,
            JobType::Stop => no_stop,
            JobType::Restart | JobType::TryRestart => no_start || no_stop,
            JobType::ReloadOrStart => no_start && kind.collapse(unit.active_state()) == JobType::Start,
            _ => false,
        };
        if refused {
            return Err(ManagerError::only_by_dependency(u));
        }
        self.add_job(kind, u, mode, Reason::Requested { client, job: kind, mode })
    }

    /// Makes a unit from settings instead of a file and starts it: systemd-run(1). Errors: UnitExists, as `enqueue`.
    pub fn start_transient(&mut self, unit: LoadedUnit, mode: JobMode, client: Client) -> Result<u64, ManagerError> {
        let name = unit.name.clone();
        let old = self.ensure_loaded(&name);
        let known = self.m.unit(&old);
        if known.load_state() != LoadState::NotFound || !known.is_inactive_or_failed() {
            let text = format!("Unit {name} was already loaded or has a fragment file.");
            return Err(ManagerError::new(error::UNIT_EXISTS, text));
        }
        let references = known.dependencies.clone();
        self.m.transient.insert(name.clone(), unit.clone());
        self.insert_loaded(unit);
        let fresh = self.m.unit_mut(&name);
        fresh.dependencies = references;
        fresh.transient = true;
        let reason = Reason::Requested { client, job: JobType::Start, mode };
        let result = self.add_job(JobType::Start, &name, mode, reason);
        self.dispatch();
        result
    }

    /// Lets go of a scope: its processes may stay for ever, its state is `abandoned` until the last one ends.
    /// Errors: NoSuchUnit.
    pub fn abandon_scope(&mut self, name: &UnitName) -> Result<(), ManagerError> {
        let u = self.loaded_unit(name)?;
        if self.m.unit(&u).plain == super::PlainState::Running {
            self.set_plain_state(&u, super::PlainState::Abandoned);
            self.dispatch();
        }
        Ok(())
    }

    /// Takes a queued job back. Errors: NoSuchJob.
    pub fn cancel_job(&mut self, id: u64) -> Result<(), ManagerError> {
        if !self.m.jobs.contains_key(&id) {
            let text = format!("Job {} does not exist.", super::job_number(id));
            return Err(ManagerError::new(error::NO_SUCH_JOB, text));
        }
        self.job_finish(id, JobResult::Canceled, true, false);
        self.dispatch();
        Ok(())
    }

    /// The unit in memory with this name. Errors: NoSuchUnit.
    fn loaded_unit(&mut self, name: &UnitName) -> Result<UnitName, ManagerError> {
        self.dispatch();
        self.m.names.get(name).cloned().ok_or_else(|| ManagerError::not_loaded(name.as_str()))
    }

    /// Sends a signal to processes of a unit. Errors: NoSuchUnit, NoSuchProcess.
    pub fn kill_unit(&mut self, name: &UnitName, who: KillWho, signal: Signal) -> Result<(), ManagerError> {
        let u = self.loaded_unit(name)?;
        self.unit_kill(&u, who, signal)
    }

    /// Forgets that a unit failed, its start limit and its restart counter. Errors: NoSuchUnit.
    pub fn reset_failed_unit(&mut self, name: &UnitName) -> Result<(), ManagerError> {
        let u = self.loaded_unit(name)?;
        self.unit_reset_failed(&u);
        self.dispatch();
        Ok(())
    }

    /// The same for all units.
    pub fn reset_failed(&mut self) {
        let all: Vec<UnitName> = self.m.units.keys().cloned().collect();
        all.iter().for_each(|u| self.unit_reset_failed(u));
        self.dispatch();
    }

    fn unit_reset_failed(&mut self, u: &UnitName) {
        let unit = self.m.unit_mut(u);
        unit.start_times.clear();
        unit.plain_result = "success";
        if unit.plain == super::PlainState::Failed {
            self.set_plain_state(u, super::PlainState::Dead);
        }
        if self.m.unit(u).service.is_none() {
            return;
        }
        if self.m.service(u).state == ServiceState::Failed {
            self.service_set_state(u, ServiceState::Dead);
        }
        let service = self.m.service_mut(u);
        service.result = ServiceResult::Success;
        service.reload_result = ServiceResult::Success;
        service.n_restarts = 0;
        service.flush_n_restarts = false;
    }

    /// Reads all unit files again.
    pub fn daemon_reload(&mut self) {
        self.log_plain(super::log::LOG_INFO, "Reloading.");
        self.reload_units();
        self.apply_all_cgroup_limits();
        self.drop_lost_timers();
        self.dispatch();
    }

    /// Whether the file of a unit in memory is enabled: `UnitFileState=`. The answer is kept until the files are read
    /// again; `None` when there is no file.
    pub fn unit_file_state(&mut self, name: &UnitName) -> Option<UnitFileState> {
        let u = self.m.names.get(name)?.clone();
        let unit = self.m.unit(&u);
        unit.loaded.fragment_path.as_ref()?;
        if unit.file_state.is_some() {
            return unit.file_state;
        }
        let (host, mut warnings) = (self.m.host(self.w), Vec::new());
        let scope = install::Scope { path: &self.m.search_path, host: &host };
        let state = install::unit_file_state(&self.w.files, scope, u.as_str(), &mut warnings).ok();
        self.log_warnings(&warnings);
        self.m.unit_mut(&u).file_state = state;
        state
    }

    /// Sets variables (`NAME=value`) of the environment that services get.
    pub fn set_environment(&mut self, assignments: &[String]) {
        for pair in assignments {
            if let Some((name, value)) = pair.split_once('=') {
                crate::world::setenv(&mut self.m.environment, name, value);
            }
        }
        // What the manager began with stays in front; what clients set is kept by name.
        let own = self.m.own_variables.min(self.m.environment.len());
        self.m.environment[own..].sort();
    }

    /// Removes variables, by name or by `NAME=value`.
    pub fn unset_environment(&mut self, names: &[String]) {
        let gone = |pair: &String| {
            names.iter().any(|name| match name.contains('=') {
                true => name == pair,
                false => pair.split('=').next() == Some(name),
            })
        };
        let own = self.m.own_variables.min(self.m.environment.len());
        self.m.own_variables -= self.m.environment[..own].iter().filter(|pair| gone(pair)).count();
        self.m.environment.retain(|pair| !gone(pair));
    }
}
