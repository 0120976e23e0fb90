//! Requests to a manager: org.freedesktop.systemd1(5), systemctl(1).

use super::{Client, Core, JobType, ManagerError, error_name};
use crate::systemd::config::JobMode;
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::named::named_enum;
use crate::systemd::unit_name::UnitName;
use crate::world::Signal;

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

fn later() -> ManagerError {
    ManagerError::new(error_name::NOT_SUPPORTED, "not simulated")
}

impl Core<'_> {
    /// Reads a unit into memory unless it is there, and tells its main name. It may be unloaded again as soon as time
    /// passes. A unit without file is loaded too, as `not-found`.
    pub fn load_unit(&mut self, name: &UnitName) -> UnitName {
        name.clone()
    }

    /// Queues a job. The number is for `Channel::Init` and [`super::Manager::job_result`]. Errors: org.freedesktop.systemd1's.
    pub fn enqueue(&mut self, verb: Verb, name: &UnitName, mode: JobMode, client: Client) -> Result<u64, ManagerError> {
        let _ = (verb, name, mode, client);
        Err(later())
    }

    /// Makes a unit from settings instead of a file and starts it: systemd-run(1). Errors: UnitExists, as `enqueue`.
    pub fn start_transient(&mut self, unit: LoadedUnit, mode: JobMode, client: Client) -> Result<u64, ManagerError> {
        let _ = (unit, mode, client);
        Err(later())
    }

    /// Lets go of a scope: its processes may stay for ever, its state is `abandoned` until the last one ends.
    /// Errors: NoSuchUnit.
    pub fn abandon_scope(&mut self, name: &UnitName) -> Result<(), ManagerError> {
        let _ = name;
        Err(later())
    }

    /// Takes a queued job back. Errors: NoSuchJob.
    pub fn cancel_job(&mut self, id: u64) -> Result<(), ManagerError> {
        let _ = (id, JobType::Start);
        Err(later())
    }

    /// Sends a signal to processes of a unit. Errors: NoSuchUnit, NoSuchProcess.
    pub fn kill_unit(&mut self, name: &UnitName, who: KillWho, signal: Signal) -> Result<(), ManagerError> {
        let _ = (name, who, signal);
        Err(later())
    }

    /// Forgets that a unit failed, its start limit and its restart counter. Errors: NoSuchUnit.
    pub fn reset_failed_unit(&mut self, name: &UnitName) -> Result<(), ManagerError> {
        let _ = name;
        Err(later())
    }

    /// The same for all units.
    pub fn reset_failed(&mut self) {}

    /// Reads all unit files again.
    pub fn daemon_reload(&mut self) {}

    /// Sets variables (`NAME=value`) of the environment that services get.
    pub fn set_environment(&mut self, assignments: &[String]) {
        let _ = assignments;
    }

    /// Removes variables, by name or by `NAME=value`.
    pub fn unset_environment(&mut self, names: &[String]) {
        let _ = names;
    }
}
