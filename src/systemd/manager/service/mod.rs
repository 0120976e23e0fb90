//! Services: the state machine of systemd.service(5). `enter_*` decides, [`Core::service_set_state`] records.

mod dead;
mod exit;
mod main_pid;
mod notify;
mod restart;
mod start;
mod stop;
mod timeout;

use super::service_state::active_state;
use super::unit_notify::NotifyFlags;
use super::{Core, Timeout};
use crate::systemd::config::{ServiceExecCommand, ServiceType};
use crate::systemd::span::INFINITY;
use crate::systemd::states::{LoadState, ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::{Pid, Time};

impl Core<'_> {
    /// The one door to a service's state: forgets what does not belong to the new state, then lets all that hangs on
    /// the change happen.
    pub(super) fn service_set_state(&mut self, u: &UnitName, state: ServiceState) {
        use ServiceState::*;
        let idle = self.m.service_config(u).service_type() == ServiceType::Idle;
        let service = self.m.service_mut(u);
        let old = std::mem::replace(&mut service.state, state);
        service.waiting_for_pid_file = false;
        if matches!(state, Dead | Exited | Failed) {
            let timer = service.timer.take();
            timer.into_iter().for_each(|timer| self.disarm(timer));
        }
        let alive = matches!(
            state,
            Start
                | StartPost
                | Running
                | Reload
                | Stop
                | StopWatchdog
                | StopSigterm
                | StopSigkill
                | StopPost
                | FinalWatchdog
                | FinalSigterm
                | FinalSigkill
        );
        if !alive {
            self.unwatch_main_pid(u);
            self.m.service_mut(u).main_command = None;
        }
        if matches!(state, Dead | Running | Exited | Failed | AutoRestart) {
            self.unwatch_control_pid(u);
            self.m.service_mut(u).control_command = None;
        }
        let service = self.m.service_mut(u);
        if state != Start {
            service.waiting_for_exec = false;
        }
        if state != AutoRestart {
            service.restart_at = None;
        }
        if !matches!(state, StartPost | Running | Reload) {
            let timer = service.watchdog_timer.take();
            timer.into_iter().for_each(|timer| self.disarm(timer));
        }
        let pending = state == Dead && self.m.unit(u).job.is_some();
        if matches!(state, Dead | Failed | Exited | AutoRestart) && !pending {
            self.close_connection(u);
        }
        if state == Exited {
            self.prune_cgroup(u);
        }
        let service = self.m.service(u);
        let flags = NotifyFlags {
            reload_failure: service.reload_result != ServiceResult::Success,
            will_auto_restart: service.will_auto_restart,
            skip_condition: service.result == ServiceResult::ExecCondition,
        };
        self.unit_notify(u, active_state(old, idle), active_state(state, idle), flags);
    }

    /// Arms the timeout of the state to come, from now on; infinity takes the old one back.
    pub(super) fn service_arm_timer(&mut self, u: &UnitName, span: u64) {
        let at = Time(self.w.now.0.saturating_add(span));
        self.service_arm_timer_at(u, (span != INFINITY).then_some(at));
    }

    fn service_arm_timer_at(&mut self, u: &UnitName, at: Option<Time>) {
        if let Some(old) = self.m.service_mut(u).timer.take() {
            self.disarm(old);
        }
        if let Some(at) = at {
            let timer = self.arm(at, Timeout::State(u.clone()));
            self.m.service_mut(u).timer = Some(timer);
        }
    }

    /// From now on the end of `pid` is the end of the main process.
    pub(super) fn set_main_pid(&mut self, u: &UnitName, pid: Pid) {
        self.unwatch_main_pid(u);
        let now = self.w.now;
        let alien = self.w.process(pid).is_none_or(|p| p.ppid != self.m.pid);
        let service = self.m.service_mut(u);
        service.main_pid = Some(pid);
        service.main_pid_known = true;
        service.main_pid_alien = alien;
        if service.main_status.pid != Some(pid) {
            service.main_status = super::ExecStatus { pid: Some(pid), start: Some(now), exit: None, status: None };
        }
        self.m.pids.insert(pid, u.clone());
        if alien {
            let text = format!(
                "Supervising process {pid} which is not our child. We'll most likely not notice when it exits."
            );
            self.log_unit(u, super::log::LOG_WARNING, &text);
        }
    }

    pub(super) fn unwatch_main_pid(&mut self, u: &UnitName) {
        if let Some(pid) = self.m.service_mut(u).main_pid.take() {
            self.m.pids.remove(&pid);
        }
    }

    pub(super) fn unwatch_control_pid(&mut self, u: &UnitName) {
        if let Some(pid) = self.m.service_mut(u).control_pid.take() {
            self.m.pids.remove(&pid);
        }
    }

    /// Starts one command as the control process and goes to `state`. Errors: the text of the reason.
    fn run_control(&mut self, u: &UnitName, which: ServiceExecCommand, index: usize, span: u64) -> Result<(), String> {
        self.service_arm_timer(u, span);
        let pid = self.service_spawn(u, which, index)?;
        let service = self.m.service_mut(u);
        service.control_pid = Some(pid);
        service.control_command = Some((which, index));
        self.m.pids.insert(pid, u.clone());
        Ok(())
    }

    fn is_loaded(&self, u: &UnitName) -> bool {
        self.m.unit(u).load_state() == LoadState::Loaded
    }

    /// Whether the service has commands of a list.
    fn has_commands(&self, u: &UnitName, which: ServiceExecCommand) -> bool {
        !self.m.service_config(u).commands(which).is_empty()
    }

    /// `Some(true)`: the main process lives; `Some(false)`: it is dead; `None`: there is none that we know.
    pub(super) fn main_pid_good(&self, u: &UnitName) -> Option<bool> {
        let service = self.m.service(u);
        if !service.main_pid_known {
            return None;
        }
        Some(match service.main_pid {
            Some(pid) if service.main_pid_alien => self.w.process(pid).is_some_and(|p| !p.is_zombie()),
            other => other.is_some(),
        })
    }

    fn control_pid_good(&self, u: &UnitName) -> bool {
        self.m.service(u).control_pid.is_some()
    }

    /// Whether any process is left in the service's control group.
    pub(super) fn cgroup_good(&self, u: &UnitName) -> bool {
        let group = self.m.unit(u).cgroup.as_deref();
        group.is_some_and(|group| !self.w.cgroup_members(group, true).is_empty())
    }

    /// Keeps the first result that is no success.
    fn note_result(&mut self, u: &UnitName, result: ServiceResult) {
        let service = self.m.service_mut(u);
        if service.result == ServiceResult::Success {
            service.result = result;
        }
    }
}
