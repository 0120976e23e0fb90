//! Bringing a service up: ExecCondition=, ExecStartPre=, ExecStart=, ExecStartPost=, and ExecReload=.

use crate::systemd::config::{KillMode, ServiceExecCommand as Exec, ServiceType};
use crate::systemd::manager::Core;
use crate::systemd::manager::job_run::Refusal;
use crate::systemd::manager::log::LOG_WARNING;
use crate::systemd::manager::service_state::{ExecStatus, NotifyState};
use crate::systemd::span::INFINITY;
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::{Errno, Time};

impl Core<'_> {
    /// Begins to start a service. Errors: not now (it is stopping, or waits to be restarted).
    pub(in crate::systemd::manager) fn service_start(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        use ServiceState::*;
        match self.m.service(u).state {
            Condition | StartPre | Start | StartPost => return Ok(false),
            Dead | Failed => {}
            _ => return Err(Refusal::Again),
        }
        self.acquire_invocation_id(u);
        let service = self.m.service_mut(u);
        (service.result, service.reload_result) = (ServiceResult::Success, ServiceResult::Success);
        (service.main_pid_known, service.main_pid_alien, service.forbid_restart) = (false, false, false);
        (service.status_text, service.status_errno) = (None, 0);
        service.notify_state = NotifyState::Unknown;
        service.watchdog_override = None;
        service.watchdog_at = None;
        service.commands = Default::default();
        service.main_status = ExecStatus::default();
        if std::mem::take(&mut service.flush_n_restarts) {
            service.n_restarts = 0;
        }
        self.reset_accounting(u);
        self.enter_condition(u);
        Ok(true)
    }

    fn task_failed(&mut self, u: &UnitName, task: &str, error: &str) {
        self.log_unit(u, LOG_WARNING, &format!("Failed to run '{task}' task: {error}"));
    }

    fn enter_condition(&mut self, u: &UnitName) {
        self.unwatch_control_pid(u);
        if !self.has_commands(u, Exec::Condition) {
            return self.enter_start_pre(u);
        }
        let span = self.m.service_config(u).timeout_start;
        match self.warn_leftover(u).and_then(|()| self.run_control(u, Exec::Condition, 0, span)) {
            Ok(()) => self.service_set_state(u, ServiceState::Condition),
            Err(error) => {
                self.task_failed(u, "exec-condition", &error);
                self.enter_dead(u, ServiceResult::Resources, true);
            }
        }
    }

    pub(super) fn enter_start_pre(&mut self, u: &UnitName) {
        self.unwatch_control_pid(u);
        if !self.has_commands(u, Exec::StartPre) {
            return self.enter_start(u);
        }
        let span = self.m.service_config(u).timeout_start;
        match self.warn_leftover(u).and_then(|()| self.run_control(u, Exec::StartPre, 0, span)) {
            Ok(()) => self.service_set_state(u, ServiceState::StartPre),
            Err(error) => {
                self.task_failed(u, "start-pre", &error);
                self.enter_dead(u, ServiceResult::Resources, true);
            }
        }
    }

    pub(super) fn enter_start(&mut self, u: &UnitName) {
        self.unwatch_control_pid(u);
        self.unwatch_main_pid(u);
        if let Err(error) = self.warn_leftover(u) {
            return self.start_failed(u, &error);
        }
        let config = self.m.service_config(u);
        let kind = config.service_type();
        if config.commands(Exec::Start).is_empty() {
            // A oneshot without ExecStart= passes through `start`, so that what hangs on starting happens.
            self.service_set_state(u, ServiceState::Start);
            return self.enter_start_post(u);
        }
        if kind == ServiceType::Forking {
            return match self.run_control(u, Exec::Start, 0, config.timeout_start) {
                Ok(()) => self.service_set_state(u, ServiceState::Start),
                Err(error) => self.start_failed(u, &error),
            };
        }
        let at_once = matches!(kind, ServiceType::Simple | ServiceType::Idle);
        self.service_arm_timer(u, if at_once { INFINITY } else { config.timeout_start });
        self.m.service_mut(u).main_command = Some(0);
        match self.service_spawn(u, Exec::Start, 0) {
            Ok(pid) => {
                self.set_main_pid(u, pid);
                self.m.service_mut(u).main_command = Some(0);
                if at_once {
                    self.enter_start_post(u);
                } else {
                    self.m.service_mut(u).waiting_for_exec = kind == ServiceType::Exec;
                    self.service_set_state(u, ServiceState::Start);
                }
            }
            Err(error) => self.start_failed(u, &error),
        }
    }

    fn start_failed(&mut self, u: &UnitName, error: &str) {
        self.task_failed(u, "start", error);
        self.enter_signal(u, ServiceState::StopSigterm, ServiceResult::Resources);
    }

    pub(super) fn enter_start_post(&mut self, u: &UnitName) {
        self.unwatch_control_pid(u);
        self.reset_watchdog(u);
        if !self.has_commands(u, Exec::StartPost) {
            return self.enter_running(u, ServiceResult::Success);
        }
        let span = self.m.service_config(u).timeout_start;
        match self.run_control(u, Exec::StartPost, 0, span) {
            Ok(()) => self.service_set_state(u, ServiceState::StartPost),
            Err(error) => {
                self.task_failed(u, "start-post", &error);
                self.enter_stop(u, ServiceResult::Resources);
            }
        }
    }

    /// Everything is started: runs, has exited and counts as up, or goes down again.
    pub(super) fn enter_running(&mut self, u: &UnitName, result: ServiceResult) {
        self.note_result(u, result);
        self.unwatch_control_pid(u);
        if self.m.service(u).result != ServiceResult::Success {
            return self.enter_signal(u, ServiceState::StopSigterm, result);
        }
        if self.is_good(u) {
            match self.m.service(u).notify_state {
                NotifyState::Reloading => self.enter_reload_by_notify(u),
                NotifyState::Stopping => self.enter_stop_by_notify(u),
                _ => {
                    self.service_set_state(u, ServiceState::Running);
                    self.arm_runtime_max(u);
                }
            }
        } else if self.m.service_config(u).remain_after_exit {
            self.service_set_state(u, ServiceState::Exited);
        } else {
            self.enter_stop(u, ServiceResult::Success);
        }
    }

    /// `RuntimeMaxSec=` counts from when the service became active.
    fn arm_runtime_max(&mut self, u: &UnitName) {
        if self.m.service(u).state != ServiceState::Running {
            return;
        }
        let span = self.m.service_config(u).runtime_max;
        let from = self.m.unit(u).timestamps.active_enter.unwrap_or(self.w.now);
        let at = (span != INFINITY).then(|| Time(from.0.saturating_add(span)));
        self.service_arm_timer_at(u, at);
    }

    /// Whether the service lives: its main process, or when that is unknown, anything in its control group.
    fn is_good(&self, u: &UnitName) -> bool {
        match self.main_pid_good(u) {
            Some(true) => true,
            Some(false) if self.m.service_config(u).exit_type == crate::systemd::config::ExitType::Main => false,
            _ => self.cgroup_good(u),
        }
    }

    /// Runs `ExecReload=`.
    pub(in crate::systemd::manager) fn service_reload(&mut self, u: &UnitName) {
        self.unwatch_control_pid(u);
        self.m.service_mut(u).reload_result = ServiceResult::Success;
        if !self.has_commands(u, Exec::Reload) {
            return self.enter_running(u, ServiceResult::Success);
        }
        let span = self.m.service_config(u).timeout_start;
        match self.run_control(u, Exec::Reload, 0, span) {
            Ok(()) => self.service_set_state(u, ServiceState::Reload),
            Err(error) => {
                self.task_failed(u, "reload", &error);
                self.m.service_mut(u).reload_result = ServiceResult::Resources;
                self.enter_running(u, ServiceResult::Success);
            }
        }
    }

    /// The next command of the list that the control process works through.
    pub(super) fn run_next_control(&mut self, u: &UnitName) {
        let Some((which, index)) = self.m.service(u).control_command else { return };
        let config = self.m.service_config(u);
        use ServiceState::*;
        let starting = matches!(self.m.service(u).state, Condition | StartPre | Start | StartPost | Running | Reload);
        let span = if starting { config.timeout_start } else { config.timeout_stop };
        self.unwatch_control_pid(u);
        let Err(error) = self.run_control(u, which, index + 1, span) else { return };
        self.task_failed(u, "next", &error);
        match self.m.service(u).state {
            Condition | StartPre | Start | StartPost | Stop => {
                self.enter_signal(u, StopSigterm, ServiceResult::Resources);
            }
            StopPost => self.enter_dead(u, ServiceResult::Resources, true),
            Reload => {
                self.m.service_mut(u).reload_result = ServiceResult::Resources;
                self.enter_running(u, ServiceResult::Success);
            }
            _ => self.enter_stop(u, ServiceResult::Resources),
        }
    }

    /// The next `ExecStart=` of a oneshot.
    pub(super) fn run_next_main(&mut self, u: &UnitName) {
        let next = self.m.service(u).main_command.map_or(0, |index| index + 1);
        self.unwatch_main_pid(u);
        self.m.service_mut(u).main_command = Some(next);
        let span = self.m.service_config(u).timeout_start;
        self.service_arm_timer(u, span);
        match self.service_spawn(u, Exec::Start, next) {
            Ok(pid) => self.set_main_pid(u, pid),
            Err(error) => {
                self.task_failed(u, "next main", &error);
                self.enter_stop(u, ServiceResult::Resources);
            }
        }
    }

    /// Processes that an earlier run left behind are told. Errors: they would be in the way for ever.
    fn warn_leftover(&mut self, u: &UnitName) -> Result<(), String> {
        let service = self.m.service(u);
        let own = [service.main_pid, service.control_pid];
        let Some(group) = self.m.unit(u).cgroup.clone() else { return Ok(()) };
        let mut found = false;
        for pid in self.w.cgroup_members(&group, true) {
            let Some(process) = self.w.process(pid) else { continue };
            if own.contains(&Some(pid)) || process.comm.starts_with('(') {
                continue;
            }
            let text = format!(
                "Found left-over process {pid} ({}) in control group while starting unit. Ignoring.",
                process.comm
            );
            self.log_unit(u, LOG_WARNING, &text);
            let text =
                "This usually indicates unclean termination of a previous run, or service implementation deficiencies.";
            self.log_about(Some(u), LOG_WARNING, text, &[]);
            found = true;
        }
        let kill = &self.m.service_config(u).kill;
        let whole_group = matches!(kill.kill_mode, KillMode::ControlGroup | KillMode::Mixed);
        if found && whole_group && !kill.send_sigkill {
            let text =
                "Will not start SendSIGKILL=no service of type KillMode=control-group or mixed while processes exist";
            self.log_unit(u, LOG_WARNING, text);
            return Err(Errno::EBUSY.to_string());
        }
        Ok(())
    }
}
