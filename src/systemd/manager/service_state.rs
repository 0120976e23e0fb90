//! What a service is doing: its processes, its result and how each of its commands went: systemd.service(5).

use super::exec::ExecRuntime;
use crate::systemd::config::ServiceExecCommand;
use crate::systemd::states::{ActiveState, ServiceResult, ServiceState};
use crate::world::{EventId, ExitStatus, Pid, Time};

/// How one command of a service went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecStatus {
    /// Its process; `None` before it was started.
    pub pid: Option<Pid>,
    /// When it was started.
    pub start: Option<Time>,
    /// When it ended.
    pub exit: Option<Time>,
    /// How it ended; `None` while it runs.
    pub status: Option<ExitStatus>,
}

impl ExecStatus {
    /// The `si_code` that `ExecMainCode=` shows: 1 exited, 2 killed, 3 dumped, 0 not ended.
    pub fn code(&self) -> u8 {
        match self.status {
            None => 0,
            Some(ExitStatus::Exited(_)) => 1,
            Some(ExitStatus::Signaled(_, false)) => 2,
            Some(ExitStatus::Signaled(_, true)) => 3,
        }
    }

    /// The exit status or the signal's number, as `ExecMainStatus=` shows it.
    pub fn number(&self) -> u8 {
        match self.status {
            None => 0,
            Some(ExitStatus::Exited(status)) => status,
            Some(ExitStatus::Signaled(signal, _)) => signal.number(),
        }
    }
}

/// What a notification said last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotifyState {
    #[default]
    Unknown,
    Ready,
    Reloading,
    Stopping,
}

/// The run-time state of a service.
#[derive(Clone, Debug)]
pub struct Service {
    pub state: ServiceState,
    /// How the last run ended.
    pub result: ServiceResult,
    /// How the last reload ended.
    pub reload_result: ServiceResult,
    pub main_pid: Option<Pid>,
    /// Whether the manager knows which process is the main one (it may be dead).
    pub main_pid_known: bool,
    /// Whether `main_pid` is not the manager's child, so that its end is not told.
    pub main_pid_alien: bool,
    pub control_pid: Option<Pid>,
    /// Which command of which list the control process runs.
    pub control_command: Option<(ServiceExecCommand, usize)>,
    /// Which `ExecStart=` the main process runs.
    pub main_command: Option<usize>,
    /// The main process, also after its end.
    pub main_status: ExecStatus,
    /// How each command went, by [`ServiceExecCommand`] and then in the order of the list.
    pub commands: [Vec<ExecStatus>; 7],
    /// `STATUS=` of the last notification.
    pub status_text: Option<String>,
    /// `ERRNO=` of the last notification.
    pub status_errno: i32,
    /// How often `Restart=` has restarted it.
    pub n_restarts: u32,
    /// When `Restart=` will act, in `auto-restart`.
    pub restart_at: Option<Time>,
    /// The last sign of life, with `WatchdogSec=`.
    pub watchdog_at: Option<Time>,
    /// `WATCHDOG_USEC=` of a notification overrides the file.
    pub watchdog_override: Option<u64>,
    /// The connection it was started for.
    pub(super) connection: Option<super::Connection>,
    pub(super) notify_state: NotifyState,
    /// Set by a stop request: `Restart=` does not act.
    pub(super) forbid_restart: bool,
    /// Set when the next stop is a restart by `Restart=`.
    pub(super) will_auto_restart: bool,
    /// Set when a client's start or restart is to set `n_restarts` back.
    pub(super) flush_n_restarts: bool,
    /// Set between fork and execve of a `Type=exec` service.
    pub(super) waiting_for_exec: bool,
    /// Whether a `PIDFile=` is waited for.
    pub(super) waiting_for_pid_file: bool,
    /// What the processes of this run share.
    pub runtime: ExecRuntime,
    /// The state's timeout: event and token.
    pub(super) timer: Option<(EventId, u64)>,
    pub(super) watchdog_timer: Option<(EventId, u64)>,
}

impl Default for Service {
    fn default() -> Self {
        Service {
            state: ServiceState::Dead,
            result: ServiceResult::Success,
            reload_result: ServiceResult::Success,
            main_pid: None,
            main_pid_known: false,
            main_pid_alien: false,
            control_pid: None,
            control_command: None,
            main_command: None,
            main_status: ExecStatus::default(),
            commands: Default::default(),
            status_text: None,
            status_errno: 0,
            n_restarts: 0,
            restart_at: None,
            watchdog_at: None,
            watchdog_override: None,
            connection: None,
            notify_state: NotifyState::Unknown,
            forbid_restart: false,
            will_auto_restart: false,
            flush_n_restarts: false,
            waiting_for_exec: false,
            waiting_for_pid_file: false,
            runtime: ExecRuntime::default(),
            timer: None,
            watchdog_timer: None,
        }
    }
}

impl Service {
    /// The statuses of one command list.
    pub fn command_statuses(&self, which: ServiceExecCommand) -> &[ExecStatus] {
        &self.commands[which as usize]
    }

    /// The status of one command; made when it is not there yet.
    pub(super) fn command_status_mut(&mut self, which: ServiceExecCommand, index: usize) -> &mut ExecStatus {
        let list = &mut self.commands[which as usize];
        if list.len() <= index {
            list.resize(index + 1, ExecStatus::default());
        }
        &mut list[index]
    }
}

/// The high-level state that a service state stands for; `Type=idle` differs only in when `start` is entered.
pub fn active_state(state: ServiceState, idle: bool) -> ActiveState {
    use ServiceState::*;
    match state {
        Dead => ActiveState::Inactive,
        Condition | StartPre | Start | StartPost if idle => ActiveState::Active,
        Condition | StartPre | Start | StartPost | AutoRestart => ActiveState::Activating,
        Running | Exited => ActiveState::Active,
        Reload => ActiveState::Reloading,
        Stop | StopWatchdog | StopSigterm | StopSigkill | StopPost | FinalWatchdog | FinalSigterm | FinalSigkill => {
            ActiveState::Deactivating
        }
        Failed => ActiveState::Failed,
        Cleaning => ActiveState::Maintenance,
    }
}
