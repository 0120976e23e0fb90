//! The end of a run: its result, the line about it, and whether `Restart=` acts: systemd.service(5).

use crate::systemd::journal::message_id;
use crate::systemd::manager::Core;
use crate::systemd::manager::log::{LOG_INFO, LOG_WARNING};
use crate::systemd::manager::reason::Reason;
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::Time;

impl Core<'_> {
    /// The service is down: failed or not; it may be restarted.
    pub(super) fn enter_dead(&mut self, u: &UnitName, result: ServiceResult, allow_restart: bool) {
        // 1. What is already asked for is not undone.
        let allow_restart = allow_restart && !self.m.stop_pending(u);
        // 2. The result and its line.
        self.note_result(u, result);
        let result = self.m.service(u).result;
        let end = self.log_result(u, result);
        self.warn_remaining(u);
        // 3. Again?
        let restart = allow_restart && self.shall_restart(u).restart;
        self.m.service_mut(u).will_auto_restart = restart;
        if self.m.unit(u).job.is_none() {
            self.m.unit_mut(u).reason = Reason::Ended { result };
        }
        self.service_set_state(u, end);
        // 4. Wait for the time of the restart, or have the counter set back by the next start.
        if std::mem::take(&mut self.m.service_mut(u).will_auto_restart) {
            let config = self.m.service_config(u);
            self.service_arm_timer(u, config.restart_sec);
            let at = Time(self.w.now.0.saturating_add(config.restart_sec));
            let service = self.m.service_mut(u);
            service.restart_at = Some(at);
            let restarts = service.n_restarts + 1;
            self.m.unit_mut(u).reason = Reason::AutoRestart { policy: config.restart, result, restarts };
            self.service_set_state(u, ServiceState::AutoRestart);
            self.m.service_mut(u).restart_at = Some(at);
        } else {
            self.m.service_mut(u).flush_n_restarts = true;
        }
        // 5. What belongs to a run only.
        self.m.service_mut(u).forbid_restart = false;
        self.destroy_runtime(u);
        self.remove_runtime_files(u);
    }

    fn log_result(&mut self, u: &UnitName, result: ServiceResult) -> ServiceState {
        match result {
            ServiceResult::Success => {
                self.log_unit_success(u);
                ServiceState::Dead
            }
            ServiceResult::ExecCondition => {
                let extra = [("MESSAGE_ID", message_id::UNIT_SKIPPED), ("UNIT_RESULT", result.as_str())];
                self.log_unit_with(u, LOG_INFO, &format!("Skipped due to '{result}'."), &extra);
                ServiceState::Dead
            }
            _ => {
                self.log_unit_failure(u, result.as_str());
                ServiceState::Failed
            }
        }
    }

    /// Processes that the stop left alone (`KillMode=process`, `none`).
    fn warn_remaining(&mut self, u: &UnitName) {
        let Some(group) = self.m.unit(u).cgroup.clone() else { return };
        for pid in self.w.cgroup_members(&group, true) {
            let Some(process) = self.w.process(pid) else { continue };
            if process.comm.starts_with('(') {
                continue;
            }
            let text = format!("Unit process {pid} ({}) remains running after unit stopped.", process.comm);
            self.log_unit(u, LOG_WARNING, &text);
        }
    }

    /// The start limit was hit: no start, and no restart either.
    pub(in crate::systemd::manager) fn service_start_limit_hit(&mut self, u: &UnitName) {
        self.enter_dead(u, ServiceResult::StartLimitHit, false);
    }

    /// The PID file, and the folders below `/run` that go with the service.
    fn remove_runtime_files(&mut self, u: &UnitName) {
        let config = self.m.service_config(u);
        if let Some(path) = &config.pid_file {
            self.w.files.remove_all(path, self.w.now);
        }
        self.remove_runtime_directories(u, &config.exec);
    }
}
