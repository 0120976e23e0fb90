//! `Restart=`: whether a service that ended is started again, and why: systemd.service(5), table of exit causes.

use crate::systemd::config::{ExitStatusSet, JobMode, RestartPolicy};
use crate::systemd::journal::message_id;
use crate::systemd::manager::Core;
use crate::systemd::manager::job::JobType;
use crate::systemd::manager::log::{LOG_INFO, LOG_WARNING};
use crate::systemd::manager::reason::Reason;
use crate::systemd::states::ServiceResult;
use crate::systemd::unit_name::UnitName;
use crate::world::ExitStatus;

/// A decision about a restart and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::systemd::manager) struct RestartDecision {
    pub restart: bool,
    #[allow(dead_code, reason = "read by tests and by whoever explains")]
    pub reason: &'static str,
}

/// Whether an end is in a set of exit codes and signals.
fn in_set(set: &ExitStatusSet, status: Option<ExitStatus>) -> bool {
    match status {
        Some(ExitStatus::Exited(code)) => set.statuses.contains(&code),
        Some(ExitStatus::Signaled(signal, _)) => set.signals.contains(&i32::from(signal.number())),
        None => false,
    }
}

/// What `Restart=` says about a result.
pub(super) fn policy_restarts(policy: RestartPolicy, result: ServiceResult) -> bool {
    use ServiceResult::*;
    match policy {
        RestartPolicy::No => false,
        RestartPolicy::Always => result != ExecCondition,
        RestartPolicy::OnSuccess => result == Success,
        RestartPolicy::OnFailure => !matches!(result, Success | ExecCondition),
        RestartPolicy::OnAbnormal => !matches!(result, Success | ExitCode | ExecCondition),
        RestartPolicy::OnWatchdog => result == Watchdog,
        RestartPolicy::OnAbort => matches!(result, Signal | CoreDump),
    }
}

impl Core<'_> {
    /// Whether the service that just ended is to be restarted.
    pub(in crate::systemd::manager) fn shall_restart(&self, u: &UnitName) -> RestartDecision {
        let (service, config) = (self.m.service(u), self.m.service_config(u));
        let decision = |restart, reason| RestartDecision { restart, reason };
        if service.forbid_restart {
            return decision(false, "manual stop");
        }
        let status = service.main_status.status;
        if in_set(&config.restart_prevent_status, status) {
            return decision(false, "prevented by exit status");
        }
        if in_set(&config.restart_force_status, status) {
            return decision(true, "forced by exit status");
        }
        decision(policy_restarts(config.restart, service.result), "restart setting")
    }

    /// The time of the restart has come.
    pub(super) fn enter_restart(&mut self, u: &UnitName) {
        if self.m.stop_pending(u) {
            self.log_unit(u, LOG_INFO, "Stop job pending for unit, skipping automatic restart.");
            return;
        }
        let policy = self.m.service_config(u).restart;
        let service = self.m.service(u);
        let reason = Reason::AutoRestart { policy, result: service.result, restarts: service.n_restarts + 1 };
        if let Err(error) = self.add_job(JobType::Restart, u, JobMode::Replace, reason) {
            self.log_unit(u, LOG_WARNING, &format!("Failed to schedule restart job: {}", error.message));
            return self.enter_dead(u, ServiceResult::Resources, false);
        }
        let service = self.m.service_mut(u);
        service.n_restarts += 1;
        service.flush_n_restarts = false;
        let count = service.n_restarts;
        let text = format!("Scheduled restart job, restart counter is at {count}.");
        let extra = [("N_RESTARTS", &*count.to_string()), ("MESSAGE_ID", message_id::UNIT_RESTART_SCHEDULED)];
        self.log_unit_with(u, LOG_INFO, &text, &extra);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_exit_causes() {
        use ServiceResult::*;
        // Clean, exit code, signal, timeout, watchdog.
        let results = [Success, ExitCode, Signal, Timeout, Watchdog];
        for (policy, expected) in [
            (RestartPolicy::No, [false, false, false, false, false]),
            (RestartPolicy::Always, [true, true, true, true, true]),
            (RestartPolicy::OnSuccess, [true, false, false, false, false]),
            (RestartPolicy::OnFailure, [false, true, true, true, true]),
            (RestartPolicy::OnAbnormal, [false, false, true, true, true]),
            (RestartPolicy::OnAbort, [false, false, true, false, false]),
            (RestartPolicy::OnWatchdog, [false, false, false, false, true]),
        ] {
            assert_eq!(results.map(|r| policy_restarts(policy, r)), expected, "{policy}");
        }
    }
}
