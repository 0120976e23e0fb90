//! The end of a service's process: what it means in each state: systemd.service(5).

use crate::systemd::config::{ExitStatusSet, ExitType, ServiceExecCommand as Exec, ServiceType};
use crate::systemd::journal::message_id;
use crate::systemd::manager::Core;
use crate::systemd::manager::log::{LOG_DEBUG, LOG_NOTICE, LOG_WARNING};
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::systemd::value::exit_status;
use crate::world::{ExitStatus, Pid, Signal};

/// Whether an end is no failure. `daemon`: these signals end a daemon as it should be ended.
fn is_clean(status: ExitStatus, daemon: bool, also: &ExitStatusSet) -> bool {
    match status {
        ExitStatus::Exited(code) => code == 0 || also.statuses.contains(&code),
        ExitStatus::Signaled(signal, core) => {
            let usual = [Signal::HUP, Signal::INT, Signal::TERM, Signal::PIPE].contains(&signal);
            (daemon && !core && usual) || (!core && also.signals.contains(&i32::from(signal.number())))
        }
    }
}

/// `exited, code=exited, status=1/FAILURE`.
fn process_exit_text(status: ExitStatus) -> String {
    match status {
        ExitStatus::Exited(code) => {
            let name = exit_status::name(code).unwrap_or("n/a");
            format!("exited, code=exited, status={code}/{name}")
        }
        ExitStatus::Signaled(signal, core) => {
            let code = if core { "dumped" } else { "killed" };
            format!("exited, code={code}, status={}/{}", signal.number(), signal.name())
        }
    }
}

impl Core<'_> {
    /// A process of the service ended.
    pub(in crate::systemd::manager) fn service_child_exited(&mut self, u: &UnitName, pid: Pid, status: ExitStatus) {
        let (config, service) = (self.m.service_config(u), self.m.service(u));
        let forks = service.control_command.is_some_and(|(which, _)| which == Exec::Start);
        let helper = service.control_pid == Some(pid) && !forks;
        // A unit whose file is gone or masked has no type; what runs of it is taken for a daemon.
        let oneshot = self.is_loaded(u) && config.service_type() == ServiceType::Oneshot;
        let daemon = !oneshot && !helper;
        let result = match status {
            _ if is_clean(status, daemon, &config.success_status) => ServiceResult::Success,
            ExitStatus::Exited(_) => ServiceResult::ExitCode,
            ExitStatus::Signaled(_, true) => ServiceResult::CoreDump,
            ExitStatus::Signaled(_, false) => ServiceResult::Signal,
        };
        if service.main_pid == Some(pid) {
            self.main_exited(u, pid, status, result);
        } else if service.control_pid == Some(pid) {
            self.control_exited(u, pid, status, result);
        }
    }

    fn log_process_exit(&mut self, u: &UnitName, kind: &str, which: Exec, success: bool, status: ExitStatus) {
        let priority = match status {
            _ if success => LOG_DEBUG,
            ExitStatus::Exited(_) => LOG_NOTICE,
            ExitStatus::Signaled(..) => LOG_WARNING,
        };
        let text = format!("{kind} {}", process_exit_text(status));
        let (code, number) = match status {
            ExitStatus::Exited(code) => ("exited", code),
            ExitStatus::Signaled(signal, true) => ("dumped", signal.number()),
            ExitStatus::Signaled(signal, false) => ("killed", signal.number()),
        };
        let extra = [
            ("MESSAGE_ID", message_id::UNIT_PROCESS_EXIT),
            ("EXIT_CODE", code),
            ("EXIT_STATUS", &*number.to_string()),
            ("COMMAND", which.as_str()),
        ];
        self.log_unit_with(u, priority, &text, &extra);
    }

    fn main_exited(&mut self, u: &UnitName, pid: Pid, status: ExitStatus, mut result: ServiceResult) {
        // A daemon may hand over to another process by its PID file.
        if self.load_pid_file(u, false) {
            return;
        }
        let now = self.w.now;
        let config = self.m.service_config(u);
        let service = self.m.service_mut(u);
        service.main_pid = None;
        service.main_status.exit = Some(now);
        service.main_status.status = Some(status);
        let (command, main_status) = (service.main_command, service.main_status.clone());
        if let Some(index) = command {
            *service.command_status_mut(Exec::Start, index) = main_status;
        }
        self.m.pids.remove(&pid);
        self.record_exit(u, pid, status);
        let ignored = config.commands(Exec::Start).get(command.unwrap_or(0)).is_some_and(|c| c.ignore_failure);
        if ignored {
            result = ServiceResult::Success;
        }
        self.log_process_exit(u, "Main process", Exec::Start, result == ServiceResult::Success, status);
        self.note_result(u, result);
        let oneshot = self.is_loaded(u) && config.service_type() == ServiceType::Oneshot;
        let more = command.is_some_and(|index| index + 1 < config.commands(Exec::Start).len());
        if oneshot && more && result == ServiceResult::Success {
            return self.run_next_main(u);
        }
        self.m.service_mut(u).main_command = None;
        if config.exit_type == ExitType::Main || !self.cgroup_good(u) {
            self.after_main(u, result);
        }
    }

    /// The main process is gone for good.
    fn after_main(&mut self, u: &UnitName, result: ServiceResult) {
        use ServiceState::*;
        let control = self.control_pid_good(u);
        let config = self.m.service_config(u);
        match self.m.service(u).state {
            StartPost | Reload if !control => self.enter_stop(u, result),
            Start => match config.service_type() {
                ServiceType::Oneshot if result == ServiceResult::Success => self.enter_start_post(u),
                ServiceType::Oneshot => self.enter_signal(u, StopSigterm, result),
                ServiceType::Notify if result != ServiceResult::Success => self.enter_signal(u, StopSigterm, result),
                ServiceType::Notify => self.enter_signal(u, StopSigterm, ServiceResult::Protocol),
                _ => self.enter_running(u, result),
            },
            Running => self.enter_running(u, result),
            StopWatchdog | StopSigterm | StopSigkill if !control => self.enter_stop_post(u, result),
            StopPost if !control => self.enter_signal(u, FinalSigterm, result),
            FinalWatchdog | FinalSigterm | FinalSigkill if !control => self.enter_dead(u, result, true),
            _ => {}
        }
    }

    fn control_exited(&mut self, u: &UnitName, pid: Pid, status: ExitStatus, mut result: ServiceResult) {
        let now = self.w.now;
        let config = self.m.service_config(u);
        let service = self.m.service_mut(u);
        let (state, command) = (service.state, service.control_command);
        service.control_pid = None;
        if let Some((which, index)) = command {
            let record = service.command_status_mut(which, index);
            (record.exit, record.status) = (Some(now), Some(status));
            if config.commands(which).get(index).is_some_and(|c| c.ignore_failure) {
                result = ServiceResult::Success;
            }
        }
        self.m.pids.remove(&pid);
        let mut kind = "Control process";
        let mut success = result == ServiceResult::Success;
        if state == ServiceState::Condition {
            kind = "Condition check process";
            let skip = result == ServiceResult::ExitCode && status != ExitStatus::Exited(255);
            if skip {
                (result, success) = (ServiceResult::ExecCondition, true);
            }
            if success {
                self.m.unit_mut(u).condition_result = !skip;
            }
        }
        let which = command.map_or(Exec::Start, |(which, _)| which);
        self.log_process_exit(u, kind, which, success, status);
        if state != ServiceState::Reload {
            self.note_result(u, result);
        }
        let more = command.is_some_and(|(which, index)| index + 1 < config.commands(which).len());
        if more && result == ServiceResult::Success {
            return self.run_next_control(u);
        }
        self.m.service_mut(u).control_command = None;
        self.after_control(u, state, result);
    }

    /// The list of commands that the control process worked through is done, or one of them failed.
    fn after_control(&mut self, u: &UnitName, state: ServiceState, result: ServiceResult) {
        use ServiceState::*;
        let ok = result == ServiceResult::Success;
        let main = self.main_pid_good(u) == Some(true);
        match state {
            Condition if ok => self.enter_start_pre(u),
            StartPre if ok => self.enter_start(u),
            Condition | StartPre => self.enter_signal(u, StopSigterm, result),
            Start if self.m.service_config(u).service_type() == ServiceType::Forking => self.forked(u, result),
            StartPost if !ok => self.enter_signal(u, StopSigterm, result),
            StartPost => self.post_started(u),
            Reload => {
                if ok && !self.load_pid_file(u, true) {
                    self.search_main_pid(u);
                }
                self.m.service_mut(u).reload_result = result;
                self.enter_running(u, ServiceResult::Success);
            }
            Stop => self.enter_signal(u, StopSigterm, result),
            StopWatchdog | StopSigterm | StopSigkill if !main => self.enter_stop_post(u, result),
            StopPost if !main => self.enter_signal(u, FinalSigterm, result),
            FinalWatchdog | FinalSigterm | FinalSigkill if !main => self.enter_dead(u, result, true),
            _ => {}
        }
    }

    /// The process that a `Type=forking` service was started with is gone; its child is the service.
    fn forked(&mut self, u: &UnitName, result: ServiceResult) {
        if result != ServiceResult::Success {
            return self.enter_signal(u, ServiceState::StopSigterm, result);
        }
        if self.m.service_config(u).pid_file.is_none() {
            self.search_main_pid(u);
            return self.enter_start_post(u);
        }
        let has_post = self.has_commands(u, Exec::StartPost);
        if !self.load_pid_file(u, !has_post) && !has_post {
            if !self.demand_pid_file(u) || !self.cgroup_good(u) {
                self.enter_signal(u, ServiceState::StopSigterm, ServiceResult::Protocol);
            }
            return;
        }
        self.enter_start_post(u);
    }

    fn post_started(&mut self, u: &UnitName) {
        if self.m.service_config(u).pid_file.is_none() {
            self.search_main_pid(u);
        } else if !self.m.service(u).main_pid_known && !self.load_pid_file(u, true) {
            if !self.demand_pid_file(u) || !self.cgroup_good(u) {
                self.enter_stop(u, ServiceResult::Protocol);
            }
            return;
        }
        self.enter_running(u, ServiceResult::Success);
    }
}
