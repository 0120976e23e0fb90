//! Units without processes of their own making: targets, slices, mounts, sockets, paths, scopes, swaps: systemd.target(5),
//! systemd.slice(5), systemd.scope(5).

use super::job::JobType;
use super::job_run::Refusal;
use super::kill::KillOperation;
use super::log::{LOG_ERR, LOG_INFO, LOG_WARNING};
use super::unit::{PlainState, Unit};
use super::{Core, Timeout, hardware};
use crate::systemd::config::{JobMode, KillContext, TypeConfig};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::escaping::escape_path;
use crate::systemd::span::SEC;
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Time;

impl Core<'_> {
    /// The door to the state of all units but services.
    pub(super) fn set_plain_state(&mut self, u: &UnitName, state: PlainState) {
        let unit = self.m.unit_mut(u);
        let old = unit.active_state();
        unit.plain = state;
        let new = unit.active_state();
        if !matches!(state, PlainState::StopSigterm | PlainState::StopSigkill) {
            let timer = unit.plain_timer.take();
            timer.into_iter().for_each(|timer| self.disarm(timer));
        }
        self.unit_notify(u, old, new, Default::default());
    }

    /// Starts such a unit.
    pub(super) fn plain_start(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        let state = match u.unit_type() {
            UnitType::Timer => return self.timer_start(u),
            UnitType::Target => PlainState::Active,
            UnitType::Slice => {
                self.acquire_invocation_id(u);
                self.realize_cgroup(u);
                PlainState::Active
            }
            UnitType::Mount | UnitType::Swap => {
                self.mount_start(u);
                return Ok(true);
            }
            UnitType::Path => return self.path_start(u),
            UnitType::Socket => return self.socket_start(u),
            UnitType::Scope => {
                self.acquire_invocation_id(u);
                self.realize_cgroup(u);
                PlainState::Running
            }
            UnitType::Automount => PlainState::Waiting,
            UnitType::Device | UnitType::Service => return Err(Refusal::BadRequest),
        };
        if self.m.unit(u).invocation_id.is_none() || !matches!(u.unit_type(), UnitType::Slice | UnitType::Scope) {
            self.acquire_invocation_id(u);
        }
        self.m.unit_mut(u).plain_result = "success";
        self.set_plain_state(u, state);
        Ok(true)
    }

    /// Whether what a timer, socket or path unit triggers can be started at all.
    pub(super) fn check_trigger_loaded(&mut self, u: &UnitName) -> Result<(), Refusal> {
        let Some(trigger) = self.m.unit(u).dependency(Dep::Triggers).next().cloned() else { return Ok(()) };
        self.retry_load(&trigger);
        if self.m.unit(&trigger).load_state() == LoadState::Loaded {
            return Ok(());
        }
        self.log_unit(u, LOG_ERR, &format!("Refusing to start, unit {trigger} to trigger not loaded."));
        Err(Refusal::Failed)
    }

    /// Stops such a unit.
    pub(super) fn plain_stop(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        match u.unit_type() {
            UnitType::Timer => self.timer_enter_dead(u, "success"),
            UnitType::Scope => self.scope_stop(u),
            UnitType::Mount | UnitType::Swap if self.m.unit(u).loaded.fragment_path.is_some() => self.mount_stop(u),
            UnitType::Socket => self.socket_enter_dead(u, "success"),
            UnitType::Mount => {
                self.log_unit_success(u);
                self.set_plain_state(u, PlainState::Dead);
            }
            _ => self.set_plain_state(u, PlainState::Dead),
        }
        Ok(true)
    }

    /// The kernel tells that something was mounted or unmounted at a place.
    pub fn mount_changed(&mut self, place: &str, mounted: bool) {
        let Some(name) = escape_path(place).and_then(|stem| UnitName::new(&format!("{stem}.mount"))) else { return };
        let u = self.ensure_loaded(&name);
        let is_mounted = self.m.unit(&u).plain == PlainState::Mounted;
        if mounted && !is_mounted {
            self.m.unit_mut(&u).reason = super::Reason::Outside;
            self.set_plain_state(&u, PlainState::Mounted);
        } else if !mounted && is_mounted {
            self.log_unit_success(&u);
            self.set_plain_state(&u, PlainState::Dead);
        }
        self.dispatch();
    }

    /// A process looked into a place that is mounted when somebody does.
    pub fn automount_requested(&mut self, place: &str, pid: crate::world::Pid) {
        let Some(stem) = escape_path(place) else { return };
        let (automount, mount) = (format!("{stem}.automount"), format!("{stem}.mount"));
        let (Some(automount), Some(mount)) = (UnitName::new(&automount), UnitName::new(&mount)) else { return };
        let u = self.ensure_loaded(&automount);
        if self.m.unit(&u).plain != PlainState::Waiting {
            return;
        }
        let who = self.w.process(pid).map_or(String::new(), |process| process.comm.to_string());
        self.log_unit(&u, LOG_INFO, &format!("Got automount request for {place}, triggered by {pid} ({who})"));
        let mount = self.ensure_loaded(&mount);
        let reason = super::Reason::Triggered { by: u.clone() };
        if self.add_job(JobType::Start, &mount, JobMode::Replace, reason).is_ok() {
            self.set_plain_state(&u, PlainState::Running);
        }
        self.dispatch();
    }

    fn scope_settings(&self, u: &UnitName) -> (KillContext, u64) {
        match &self.m.unit(u).settings().kind {
            TypeConfig::Scope(scope) => (scope.kill.clone(), scope.timeout_stop),
            _ => (KillContext::default(), 90 * SEC),
        }
    }

    fn scope_stop(&mut self, u: &UnitName) {
        let (kill, timeout) = self.scope_settings(u);
        if self.unit_kill_context(u, &kill, KillOperation::Terminate, None, None, false) {
            self.arm_plain(u, timeout);
            self.set_plain_state(u, PlainState::StopSigterm);
        } else {
            self.scope_enter_dead(u);
        }
    }

    pub(super) fn arm_plain(&mut self, u: &UnitName, span: u64) {
        let at = Time(self.w.now.0.saturating_add(span));
        let timer = self.arm(at, Timeout::State(u.clone()));
        if let Some(old) = self.m.unit_mut(u).plain_timer.replace(timer) {
            self.disarm(old);
        }
    }

    fn scope_enter_dead(&mut self, u: &UnitName) {
        let result = self.m.unit(u).plain_result;
        if result == "success" {
            self.log_unit_success(u);
            self.set_plain_state(u, PlainState::Dead);
        } else {
            self.log_unit_failure(u, result);
            self.set_plain_state(u, PlainState::Failed);
        }
    }

    /// The timeout of a scope's stop; a socket's next step.
    pub(super) fn plain_timed_out(&mut self, u: &UnitName) {
        self.m.unit_mut(u).plain_timer = None;
        if u.unit_type() == UnitType::Socket {
            return self.socket_timed_out(u);
        }
        if matches!(u.unit_type(), UnitType::Mount | UnitType::Swap) {
            return self.mount_timed_out(u);
        }
        match self.m.unit(u).plain {
            PlainState::StopSigterm => {
                self.log_unit(u, LOG_WARNING, "Stopping timed out. Killing.");
                self.m.unit_mut(u).plain_result = "timeout";
                let (kill, timeout) = self.scope_settings(u);
                if self.unit_kill_context(u, &kill, KillOperation::Kill, None, None, false) {
                    self.arm_plain(u, timeout);
                    self.set_plain_state(u, PlainState::StopSigkill);
                } else {
                    self.scope_enter_dead(u);
                }
            }
            PlainState::StopSigkill => {
                self.log_unit(u, LOG_WARNING, "Still around after SIGKILL. Ignoring.");
                self.scope_enter_dead(u);
            }
            _ => {}
        }
    }

    /// The last process of a scope or slice is gone.
    pub(super) fn plain_cgroup_empty(&mut self, u: &UnitName) {
        let state = self.m.unit(u).plain;
        use PlainState::*;
        if u.unit_type() == UnitType::Scope && matches!(state, Running | Abandoned | StopSigterm | StopSigkill) {
            if !self.m.unit(u).perpetual {
                self.scope_enter_dead(u);
            }
        } else {
            self.prune_cgroup(u);
        }
    }

    /// The state in which a unit is when it is brought into memory.
    pub(super) fn unit_coldplug(&mut self, u: &UnitName) {
        let state = match u.as_str() {
            "-.slice" => PlainState::Active,
            "system.slice" if self.m.scope == super::RuntimeScope::System => PlainState::Active,
            "-.mount" => PlainState::Mounted,
            "init.scope" => PlainState::Running,
            name if u.unit_type() == UnitType::Device && hardware::device(name).is_some() => PlainState::Plugged,
            name if hardware::CREDENTIALS.iter().any(|(unit, _)| *unit == name) => PlainState::Mounted,
            _ => return,
        };
        let now = if self.m.started.0 > 0 { self.m.started } else { self.w.now };
        let path = self.cgroup_path(u);
        let unit: &mut Unit = self.m.unit_mut(u);
        if unit.plain != PlainState::Dead {
            return;
        }
        let is_kernels =
            unit.name.unit_type() == UnitType::Device || hardware::CREDENTIALS.iter().any(|c| c.0 == u.as_str());
        unit.plain = state;
        unit.perpetual = !is_kernels;
        unit.reason = super::Reason::Outside;
        let times = &mut unit.timestamps;
        (times.state_change, times.inactive_exit, times.active_enter) = (Some(now), Some(now), Some(now));
        if matches!(u.unit_type(), UnitType::Slice | UnitType::Scope) {
            unit.cgroup = Some(path);
        }
    }
}
