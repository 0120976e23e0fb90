//! What a service tells its manager: sd_notify(3), `NotifyAccess=`.

use crate::systemd::config::{NotifyAccess, ServiceType};
use crate::systemd::manager::Core;
use crate::systemd::manager::log::LOG_WARNING;
use crate::systemd::manager::service_state::NotifyState;
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::Pid;

impl Core<'_> {
    /// A notification of a process in the service's control group.
    pub(in crate::systemd::manager) fn service_notify_message(&mut self, u: &UnitName, pid: Pid, text: &str) {
        if !self.is_notify_authorized(u, pid) {
            return;
        }
        let tags: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('=')).collect();
        let last = |name: &str| tags.iter().rev().find(|(tag, _)| *tag == name).map(|(_, value)| *value);
        if let Some(value) = last("MAINPID") {
            self.notify_main_pid(u, value);
        }
        if let Some(value) = last("STATUS") {
            self.m.service_mut(u).status_text = (!value.is_empty()).then(|| value.to_owned());
        }
        if let Some(errno) = last("ERRNO").and_then(|value| value.parse().ok()) {
            self.m.service_mut(u).status_errno = errno;
        }
        let state = tags.iter().rev().find_map(|tag| match tag {
            ("READY", "1") => Some(NotifyState::Ready),
            ("RELOADING", "1") => Some(NotifyState::Reloading),
            ("STOPPING", "1") => Some(NotifyState::Stopping),
            _ => None,
        });
        if let Some(state) = state {
            self.notify_state(u, state);
        }
        if let Some(span) = last("EXTEND_TIMEOUT_USEC").and_then(|value| value.parse().ok()) {
            let timed = self.m.service(u).timer.is_some() && self.m.service(u).state != ServiceState::AutoRestart;
            if timed {
                self.service_arm_timer(u, span);
            }
        }
        match last("WATCHDOG") {
            Some("1") => self.reset_watchdog(u),
            Some("trigger") => self.service_watchdog(u),
            _ => {}
        }
        if let Some(span) = last("WATCHDOG_USEC").and_then(|value| value.parse().ok()) {
            self.m.service_mut(u).watchdog_override = Some(span);
            self.reset_watchdog(u);
        }
    }

    fn is_notify_authorized(&mut self, u: &UnitName, pid: Pid) -> bool {
        let (main, control) = (self.m.service(u).main_pid, self.m.service(u).control_pid);
        let text = match self.m.service_config(u).notify_access() {
            NotifyAccess::None => format!("Got notification message from PID {pid}, but reception is disabled."),
            NotifyAccess::Main if main != Some(pid) => match main {
                Some(main) => {
                    format!("Got notification message from PID {pid}, but reception only permitted for main PID {main}")
                }
                None => format!(
                    "Got notification message from PID {pid}, but reception only permitted for main PID which is \
                     currently not known"
                ),
            },
            NotifyAccess::Exec if main != Some(pid) && control != Some(pid) => match (main, control) {
                (Some(main), Some(control)) => format!(
                    "Got notification message from PID {pid}, but reception only permitted for main PID {main} and \
                     control PID {control}"
                ),
                (Some(main), None) => {
                    format!("Got notification message from PID {pid}, but reception only permitted for main PID {main}")
                }
                (None, Some(control)) => format!(
                    "Got notification message from PID {pid}, but reception only permitted for control PID {control}"
                ),
                (None, None) => format!(
                    "Got notification message from PID {pid}, but reception only permitted for main PID and control \
                     PID which are currently not known"
                ),
            },
            _ => return true,
        };
        self.log_unit(u, LOG_WARNING, &text);
        false
    }

    fn notify_main_pid(&mut self, u: &UnitName, value: &str) {
        use ServiceState::*;
        if !matches!(self.m.service(u).state, Start | StartPost | Running | Reload) {
            return;
        }
        let Ok(pid) = value.parse::<Pid>() else {
            let text = format!("Failed to parse MAINPID= field in notification message, ignoring: {value}");
            return self.log_unit(u, LOG_WARNING, &text);
        };
        let known = self.m.service(u).main_pid_known && self.m.service(u).main_pid == Some(pid);
        if !known && self.is_suitable_main_pid(u, pid, true) {
            self.set_main_pid(u, pid);
        }
    }

    fn notify_state(&mut self, u: &UnitName, state: NotifyState) {
        self.m.service_mut(u).notify_state = state;
        let now = self.m.service(u).state;
        match state {
            NotifyState::Ready => {
                let notify = self.m.service_config(u).service_type() == ServiceType::Notify;
                if notify && now == ServiceState::Start {
                    self.enter_start_post(u);
                }
                if now == ServiceState::Reload && self.m.service(u).control_pid.is_none() {
                    self.enter_running(u, ServiceResult::Success);
                }
            }
            NotifyState::Reloading if now == ServiceState::Running => self.enter_reload_by_notify(u),
            NotifyState::Stopping if now == ServiceState::Running => self.enter_stop_by_notify(u),
            _ => {}
        }
    }

    /// The service reloads by itself.
    pub(super) fn enter_reload_by_notify(&mut self, u: &UnitName) {
        let span = self.m.service_config(u).timeout_start;
        self.service_arm_timer(u, span);
        self.service_set_state(u, ServiceState::Reload);
    }

    /// The service stops by itself: as if it had got SIGTERM.
    pub(super) fn enter_stop_by_notify(&mut self, u: &UnitName) {
        let span = self.m.service_config(u).timeout_stop;
        self.service_arm_timer(u, span);
        self.service_set_state(u, ServiceState::StopSigterm);
    }

    /// The main process of a `Type=exec` service has executed its program.
    pub(in crate::systemd::manager) fn service_executed(&mut self, u: &UnitName, pid: Pid) {
        let service = self.m.service_mut(u);
        if service.main_pid == Some(pid) && std::mem::take(&mut service.waiting_for_exec) {
            self.enter_start_post(u);
        }
    }
}
