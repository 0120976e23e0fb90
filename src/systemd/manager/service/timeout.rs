//! What happens when a state lasts too long, and the watchdog: systemd.service(5), `Timeout*Sec=`, `WatchdogSec=`.

use crate::systemd::config::TimeoutFailureMode as Mode;
use crate::systemd::manager::log::{LOG_ERR, LOG_WARNING};
use crate::systemd::manager::{Core, Timeout};
use crate::systemd::span::format_timespan;
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::{Signal, Time};

impl Core<'_> {
    /// The timeout of the service's state.
    pub(in crate::systemd::manager) fn service_timed_out(&mut self, u: &UnitName) {
        use ServiceState::*;
        self.m.service_mut(u).timer = None;
        let state = self.m.service(u).state;
        let config = self.m.service_config(u);
        let (start_mode, stop_mode) = (config.timeout_start_failure_mode, config.timeout_stop_failure_mode);
        match state {
            Condition | StartPre | Start | StartPost => {
                self.escalate(u, &format!("{state} operation timed out."), start_mode, StopSigterm);
            }
            Running => {
                self.log_unit(u, LOG_WARNING, "Service reached runtime time limit. Stopping.");
                self.enter_stop(u, ServiceResult::Timeout);
            }
            Reload => {
                self.log_unit(u, LOG_WARNING, "Reload operation timed out. Killing reload process.");
                if let Some(pid) = self.m.service(u).control_pid {
                    self.w.send_signal(pid, Signal::KILL);
                }
                self.m.service_mut(u).reload_result = ServiceResult::Timeout;
                self.enter_running(u, ServiceResult::Success);
            }
            Stop => self.escalate(u, "Stopping timed out.", stop_mode, StopSigterm),
            StopWatchdog => self.escalate(u, "State 'stop-watchdog' timed out.", Mode::Kill, StopSigterm),
            StopSigterm => {
                let mode = if stop_mode == Mode::Abort { Mode::Abort } else { Mode::Kill };
                self.escalate(u, "State 'stop-sigterm' timed out.", mode, StopSigterm);
            }
            StopSigkill => {
                self.log_unit(u, LOG_WARNING, "Processes still around after SIGKILL. Ignoring.");
                self.enter_stop_post(u, ServiceResult::Timeout);
            }
            StopPost => self.escalate(u, "State 'stop-post' timed out.", stop_mode, FinalSigterm),
            FinalWatchdog => self.escalate(u, "State 'final-watchdog' timed out.", Mode::Kill, FinalSigterm),
            FinalSigterm => {
                let mode = if stop_mode == Mode::Abort { Mode::Abort } else { Mode::Kill };
                self.escalate(u, "State 'final-sigterm' timed out.", mode, FinalSigterm);
            }
            FinalSigkill => {
                self.log_unit(u, LOG_WARNING, "Processes still around after final SIGKILL. Entering failed mode.");
                self.enter_dead(u, ServiceResult::Timeout, true);
            }
            AutoRestart => self.enter_restart(u),
            Dead | Exited | Failed | Cleaning => {}
        }
    }

    /// The next, harder step: terminate, abort or kill; `term` tells whether the stop or its clean-up is meant.
    fn escalate(&mut self, u: &UnitName, text: &str, mode: Mode, term: ServiceState) {
        use ServiceState::*;
        let last = term == FinalSigterm;
        let send_sigkill = self.m.service_config(u).kill.send_sigkill;
        let (word, state) = match mode {
            Mode::Terminate => ("Terminating.", term),
            Mode::Abort => ("Aborting.", if last { FinalWatchdog } else { StopWatchdog }),
            Mode::Kill if send_sigkill => ("Killing.", if last { FinalSigkill } else { StopSigkill }),
            Mode::Kill if last => {
                self.log_unit(u, LOG_WARNING, &format!("{text} Skipping SIGKILL. Entering failed mode."));
                return self.enter_dead(u, ServiceResult::Timeout, false);
            }
            Mode::Kill => {
                self.log_unit(u, LOG_WARNING, &format!("{text} Skipping SIGKILL."));
                return self.enter_stop_post(u, ServiceResult::Timeout);
            }
        };
        self.log_unit(u, LOG_WARNING, &format!("{text} {word}"));
        self.enter_signal(u, state, ServiceResult::Timeout);
    }

    /// Counts the watchdog's time anew.
    pub(super) fn reset_watchdog(&mut self, u: &UnitName) {
        let now = self.w.now;
        let span = self.watchdog_span(u);
        let service = self.m.service_mut(u);
        service.watchdog_at = Some(now);
        let old = service.watchdog_timer.take();
        old.into_iter().for_each(|timer| self.disarm(timer));
        if span > 0 && span != crate::systemd::span::INFINITY {
            let timer = self.arm(Time(now.0.saturating_add(span)), Timeout::Watchdog(u.clone()));
            self.m.service_mut(u).watchdog_timer = Some(timer);
        }
    }

    fn watchdog_span(&self, u: &UnitName) -> u64 {
        self.m.service(u).watchdog_override.unwrap_or(self.m.service_config(u).watchdog)
    }

    /// The watchdog's time is over.
    pub(in crate::systemd::manager) fn service_watchdog(&mut self, u: &UnitName) {
        self.m.service_mut(u).watchdog_timer = None;
        let limit = format_timespan(self.watchdog_span(u), 1);
        self.log_unit(u, LOG_ERR, &format!("Watchdog timeout (limit {limit})!"));
        self.enter_signal(u, ServiceState::StopWatchdog, ServiceResult::Watchdog);
    }
}
