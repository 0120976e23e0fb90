//! Taking a service down: ExecStop=, the signals, ExecStopPost=: systemd.service(5), systemd.kill(5).

use crate::systemd::config::ServiceExecCommand as Exec;
use crate::systemd::manager::Core;
use crate::systemd::manager::job::JobType;
use crate::systemd::manager::job_run::Refusal;
use crate::systemd::manager::kill::KillOperation;
use crate::systemd::manager::log::LOG_WARNING;
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;

impl Core<'_> {
    /// Begins to stop a service.
    pub(in crate::systemd::manager) fn service_stop(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        use ServiceState::*;
        self.m.service_mut(u).forbid_restart = true;
        match self.m.service(u).state {
            Stop | StopSigterm | StopSigkill | StopPost | FinalWatchdog | FinalSigterm | FinalSigkill => Ok(false),
            AutoRestart => {
                self.service_set_state(u, Dead);
                Ok(false)
            }
            Condition | StartPre | Start | StartPost | Reload | StopWatchdog => {
                self.enter_signal(u, StopSigterm, ServiceResult::Success);
                Ok(false)
            }
            Cleaning => {
                self.enter_signal(u, FinalSigkill, ServiceResult::Success);
                Ok(false)
            }
            Running | Exited | Dead | Failed => {
                self.enter_stop(u, ServiceResult::Success);
                Ok(true)
            }
        }
    }

    pub(in crate::systemd::manager) fn enter_stop(&mut self, u: &UnitName, result: ServiceResult) {
        self.note_result(u, result);
        self.unwatch_control_pid(u);
        if !self.has_commands(u, Exec::Stop) {
            return self.enter_signal(u, ServiceState::StopSigterm, ServiceResult::Success);
        }
        let span = self.m.service_config(u).timeout_stop;
        match self.run_control(u, Exec::Stop, 0, span) {
            Ok(()) => self.service_set_state(u, ServiceState::Stop),
            Err(error) => {
                self.log_unit(u, LOG_WARNING, &format!("Failed to run 'stop' task: {error}"));
                self.enter_signal(u, ServiceState::StopSigterm, ServiceResult::Resources);
            }
        }
    }

    pub(super) fn enter_stop_post(&mut self, u: &UnitName, result: ServiceResult) {
        self.note_result(u, result);
        self.unwatch_control_pid(u);
        if !self.has_commands(u, Exec::StopPost) {
            return self.enter_signal(u, ServiceState::FinalSigterm, ServiceResult::Success);
        }
        let span = self.m.service_config(u).timeout_stop;
        match self.run_control(u, Exec::StopPost, 0, span) {
            Ok(()) => self.service_set_state(u, ServiceState::StopPost),
            Err(error) => {
                self.log_unit(u, LOG_WARNING, &format!("Failed to run 'stop-post' task: {error}"));
                self.enter_signal(u, ServiceState::FinalSigterm, ServiceResult::Resources);
            }
        }
    }

    /// Signals the service's processes and waits for their end, or goes on when there are none.
    pub(in crate::systemd::manager) fn enter_signal(
        &mut self,
        u: &UnitName,
        state: ServiceState,
        result: ServiceResult,
    ) {
        use ServiceState::*;
        self.note_result(u, result);
        let config = self.m.service_config(u);
        let operation = match state {
            StopWatchdog | FinalWatchdog => KillOperation::Watchdog,
            StopSigterm if self.m.has_job(u, JobType::Restart) => KillOperation::Restart,
            StopSigterm | FinalSigterm => KillOperation::Terminate,
            _ => KillOperation::Kill,
        };
        let service = self.m.service(u);
        let (main, control, alien) = (service.main_pid, service.control_pid, service.main_pid_alien);
        let kill = config.kill.clone();
        if self.unit_kill_context(u, &kill, operation, main, control, alien) {
            let abort = config.timeout_abort.unwrap_or(config.timeout_stop);
            self.service_arm_timer(u, if operation == KillOperation::Watchdog { abort } else { config.timeout_stop });
            self.service_set_state(u, state);
            return;
        }
        match state {
            StopWatchdog | StopSigterm if kill.send_sigkill => {
                self.enter_signal(u, StopSigkill, ServiceResult::Success);
            }
            StopWatchdog | StopSigterm | StopSigkill => self.enter_stop_post(u, ServiceResult::Success),
            FinalWatchdog | FinalSigterm if kill.send_sigkill => {
                self.enter_signal(u, FinalSigkill, ServiceResult::Success);
            }
            _ => self.enter_dead(u, ServiceResult::Success, true),
        }
    }

    /// The last process of the service's control group is gone.
    pub(in crate::systemd::manager) fn service_cgroup_empty(&mut self, u: &UnitName) {
        use ServiceState::*;
        let dead = self.main_pid_good(u) != Some(true) && !self.control_pid_good(u);
        let known_dead = self.main_pid_good(u) == Some(false) && !self.control_pid_good(u);
        let config = self.m.service_config(u);
        match self.m.service(u).state {
            Start if config.service_type() == crate::systemd::config::ServiceType::Notify && known_dead => {
                self.enter_stop_post(u, ServiceResult::Protocol);
            }
            state @ (Start | StartPost) if config.pid_file.is_some() && self.m.service(u).waiting_for_pid_file => {
                self.log_unit(u, LOG_WARNING, "Daemon never wrote its PID file. Failing.");
                self.m.service_mut(u).waiting_for_pid_file = false;
                if state == Start {
                    self.enter_stop_post(u, ServiceResult::Protocol);
                } else {
                    self.enter_stop(u, ServiceResult::Protocol);
                }
            }
            Running => self.enter_running(u, ServiceResult::Success),
            StopWatchdog | StopSigterm | StopSigkill if dead => self.enter_stop_post(u, ServiceResult::Success),
            StopPost | FinalWatchdog | FinalSigterm | FinalSigkill if dead => {
                self.enter_dead(u, ServiceResult::Success, true);
            }
            Dead | Failed | AutoRestart => {
                self.prune_cgroup(u);
                self.m.gc_queue.insert(u.clone());
            }
            _ => {}
        }
    }
}
