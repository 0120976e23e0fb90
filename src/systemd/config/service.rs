//! The `[Service]` section: systemd.service(5).

use super::{CgroupContext, ExecCommand, ExecContext, KillContext};
use crate::systemd::named::named_enum;
use crate::systemd::span::{INFINITY, MSEC, SEC, Usec};
use std::collections::BTreeSet;

named_enum! {
    /// `Type=`: when the service counts as started.
    pub enum ServiceType {
        Simple = "simple",
        Forking = "forking",
        Oneshot = "oneshot",
        Dbus = "dbus",
        Notify = "notify",
        Idle = "idle",
        Exec = "exec",
    }
}

named_enum! {
    /// `ExitType=`: whose end is the end of the service.
    pub enum ExitType {
        Main = "main",
        Cgroup = "cgroup",
    }
}

named_enum! {
    /// `Restart=`.
    pub enum RestartPolicy {
        No = "no",
        OnSuccess = "on-success",
        OnFailure = "on-failure",
        OnAbnormal = "on-abnormal",
        OnWatchdog = "on-watchdog",
        OnAbort = "on-abort",
        Always = "always",
    }
}

named_enum! {
    /// `NotifyAccess=`: whose notifications count.
    pub enum NotifyAccess {
        None = "none",
        All = "all",
        Exec = "exec",
        Main = "main",
    }
}

named_enum! {
    /// `TimeoutStartFailureMode=`, `TimeoutStopFailureMode=`.
    pub enum TimeoutFailureMode {
        Terminate = "terminate",
        Abort = "abort",
        Kill = "kill",
    }
}

named_enum! {
    /// `OOMPolicy=`.
    pub enum OomPolicy {
        Continue = "continue",
        Stop = "stop",
        Kill = "kill",
    }
}

named_enum! {
    /// The lists of commands of a service.
    pub enum ServiceExecCommand {
        Condition = "ExecCondition",
        StartPre = "ExecStartPre",
        Start = "ExecStart",
        StartPost = "ExecStartPost",
        Reload = "ExecReload",
        Stop = "ExecStop",
        StopPost = "ExecStopPost",
    }
}

/// A set of exit codes and signals (`SuccessExitStatus=` and kin).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExitStatusSet {
    pub statuses: BTreeSet<u8>,
    pub signals: BTreeSet<i32>,
}

impl ExitStatusSet {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.statuses.is_empty() && self.signals.is_empty()
    }
}

/// A service's settings. The loader has already applied what depends on the type (oneshot has no start timeout, notify
/// implies `NotifyAccess=main`, …).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceConfig {
    /// `None` until the loader has decided (see [`ServiceConfig::service_type`]).
    pub type_: Option<ServiceType>,
    pub exit_type: ExitType,
    pub restart: RestartPolicy,
    pub restart_prevent_status: ExitStatusSet,
    pub restart_force_status: ExitStatusSet,
    pub success_status: ExitStatusSet,
    /// Microseconds.
    pub restart_sec: Usec,
    pub timeout_start: Usec,
    /// Whether a file set `TimeoutStartSec=` or `TimeoutSec=`.
    pub timeout_start_defined: bool,
    pub timeout_stop: Usec,
    /// `None`: `timeout_stop` is used.
    pub timeout_abort: Option<Usec>,
    pub timeout_start_failure_mode: TimeoutFailureMode,
    pub timeout_stop_failure_mode: TimeoutFailureMode,
    pub runtime_max: Usec,
    pub runtime_rand_extra: Usec,
    /// 0: no watchdog.
    pub watchdog: Usec,
    pub remain_after_exit: bool,
    pub guess_main_pid: bool,
    pub root_directory_start_only: bool,
    pub permissions_start_only: bool,
    pub non_blocking: bool,
    pub pid_file: Option<String>,
    pub bus_name: Option<String>,
    /// `None` until the loader has decided (see [`ServiceConfig::notify_access`]).
    pub notify_access_set: Option<NotifyAccess>,
    pub oom_policy: Option<OomPolicy>,
    pub fd_store_max: u32,
    pub sockets: Vec<String>,
    /// The command lists, by [`ServiceExecCommand`] in its order.
    pub commands: [Vec<ExecCommand>; 7],
    pub exec: ExecContext,
    pub kill: KillContext,
    pub cgroup: CgroupContext,
}

impl Default for ServiceConfig {
    fn default() -> Self {
        Self {
            type_: None,
            exit_type: ExitType::Main,
            restart: RestartPolicy::No,
            restart_prevent_status: ExitStatusSet::default(),
            restart_force_status: ExitStatusSet::default(),
            success_status: ExitStatusSet::default(),
            restart_sec: 100 * MSEC,
            timeout_start: 90 * SEC,
            timeout_start_defined: false,
            timeout_stop: 90 * SEC,
            timeout_abort: None,
            timeout_start_failure_mode: TimeoutFailureMode::Terminate,
            timeout_stop_failure_mode: TimeoutFailureMode::Terminate,
            runtime_max: INFINITY,
            runtime_rand_extra: 0,
            watchdog: 0,
            remain_after_exit: false,
            guess_main_pid: true,
            root_directory_start_only: false,
            permissions_start_only: false,
            non_blocking: false,
            pid_file: None,
            bus_name: None,
            notify_access_set: None,
            oom_policy: None,
            fd_store_max: 0,
            sockets: Vec::new(),
            commands: Default::default(),
            exec: ExecContext::default(),
            kill: KillContext::default(),
            cgroup: CgroupContext::default(),
        }
    }
}

impl ServiceConfig {
    /// One of the command lists.
    pub fn commands(&self, which: ServiceExecCommand) -> &[ExecCommand] {
        &self.commands[which as usize]
    }

    /// One of the command lists, to be changed.
    pub fn commands_mut(&mut self, which: ServiceExecCommand) -> &mut Vec<ExecCommand> {
        &mut self.commands[which as usize]
    }

    /// The type in force: as set, or dbus with `BusName=`, oneshot without `ExecStart=`, else simple.
    pub fn service_type(&self) -> ServiceType {
        self.type_.unwrap_or(if self.bus_name.is_some() {
            ServiceType::Dbus
        } else if self.commands(ServiceExecCommand::Start).is_empty() {
            ServiceType::Oneshot
        } else {
            ServiceType::Simple
        })
    }

    /// Whose notifications count, as set or as the type implies.
    pub fn notify_access(&self) -> NotifyAccess {
        match self.notify_access_set.unwrap_or(NotifyAccess::None) {
            NotifyAccess::None
                if self.service_type() == ServiceType::Notify || self.watchdog > 0 || self.fd_store_max > 0 =>
            {
                NotifyAccess::Main
            }
            access => access,
        }
    }
}
