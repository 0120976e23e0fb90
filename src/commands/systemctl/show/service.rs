//! The properties of a service: org.freedesktop.systemd1(5), "Service Unit Objects".

use super::value::{Value, commands, list, monotonic, span, stamp, text, word, yes_no};
use super::{Look, Property};
use crate::systemd::config::{ExitStatusSet, OomPolicy, ServiceConfig, ServiceExecCommand};
use crate::systemd::manager::Service;
use crate::systemd::span::INFINITY;

/// A getter on the settings.
fn config(look: &Look<'_>, get: impl FnOnce(&ServiceConfig) -> Value) -> Value {
    look.settings.service().map_or(Value::Absent, get)
}

/// A getter on the state.
fn state(look: &Look<'_>, get: impl FnOnce(&Service) -> Value) -> Value {
    look.unit.service.as_deref().map_or(Value::Absent, get)
}

fn exec(look: &Look<'_>, which: ServiceExecCommand, extended: bool) -> Value {
    let statuses = look.unit.service.as_deref().map_or(&[][..], |service| service.command_statuses(which));
    config(look, |c| commands(look, c.commands(which), statuses, extended))
}

fn status_set(set: &ExitStatusSet) -> Value {
    let statuses = set.statuses.iter().map(u8::to_string);
    let signals = set.signals.iter().map(|number| {
        let signal = crate::world::Signal::from_number(i64::from(*number));
        signal.map_or(number.to_string(), |signal| signal.name().trim_start_matches("SIG").to_owned())
    });
    list(statuses.chain(signals))
}

/// The whole interface.
pub const SERVICE: &[Property] = &[
    ("Type", |l| config(l, |c| word(c.service_type()))),
    ("ExitType", |l| config(l, |c| word(c.exit_type))),
    ("Restart", |l| config(l, |c| word(c.restart))),
    ("PIDFile", |l| config(l, |c| text(&c.pid_file))),
    ("NotifyAccess", |l| config(l, |c| word(c.notify_access()))),
    ("RestartUSec", |l| config(l, |c| span(c.restart_sec))),
    ("TimeoutStartUSec", |l| config(l, |c| span(c.timeout_start))),
    ("TimeoutStopUSec", |l| config(l, |c| span(c.timeout_stop))),
    ("TimeoutAbortUSec", |l| config(l, |c| span(c.timeout_abort.unwrap_or(c.timeout_stop)))),
    ("TimeoutStartFailureMode", |l| config(l, |c| word(c.timeout_start_failure_mode))),
    ("TimeoutStopFailureMode", |l| config(l, |c| word(c.timeout_stop_failure_mode))),
    ("RuntimeMaxUSec", |l| config(l, |c| span(c.runtime_max))),
    ("RuntimeRandomizedExtraUSec", |l| config(l, |c| span(c.runtime_rand_extra))),
    ("WatchdogUSec", watchdog),
    ("WatchdogTimestamp", |l| state(l, |s| stamp(l, s.watchdog_at))),
    ("WatchdogTimestampMonotonic", |l| state(l, |s| monotonic(l, s.watchdog_at))),
    ("RootDirectoryStartOnly", |l| config(l, |c| yes_no(c.root_directory_start_only))),
    ("RemainAfterExit", |l| config(l, |c| yes_no(c.remain_after_exit))),
    ("GuessMainPID", |l| config(l, |c| yes_no(c.guess_main_pid))),
    ("RestartPreventExitStatus", |l| config(l, |c| status_set(&c.restart_prevent_status))),
    ("RestartForceExitStatus", |l| config(l, |c| status_set(&c.restart_force_status))),
    ("SuccessExitStatus", |l| config(l, |c| status_set(&c.success_status))),
    ("MainPID", |l| state(l, |s| word(s.main_pid.unwrap_or(0)))),
    ("ControlPID", |l| state(l, |s| word(s.control_pid.unwrap_or(0)))),
    ("BusName", |l| config(l, |c| text(&c.bus_name))),
    ("FileDescriptorStoreMax", |l| config(l, |c| word(c.fd_store_max))),
    ("NFileDescriptorStore", |_| word(0)),
    ("StatusText", |l| state(l, |s| text(&s.status_text))),
    ("StatusErrno", |l| state(l, |s| word(s.status_errno))),
    ("Result", |l| state(l, |s| word(s.result))),
    ("ReloadResult", |l| state(l, |s| word(s.reload_result))),
    ("CleanResult", |_| word("success")),
    ("USBFunctionDescriptors", |l| word(l.settings.kept("USBFunctionDescriptors").unwrap_or_default())),
    ("USBFunctionStrings", |l| word(l.settings.kept("USBFunctionStrings").unwrap_or_default())),
    ("UID", |_| word("[not set]")),
    ("GID", |_| word("[not set]")),
    ("NRestarts", |l| state(l, |s| word(s.n_restarts))),
    ("OOMPolicy", |l| config(l, |c| word(c.oom_policy.unwrap_or(OomPolicy::Stop)))),
    ("ExecMainStartTimestamp", |l| state(l, |s| stamp(l, s.main_status.start))),
    ("ExecMainStartTimestampMonotonic", |l| state(l, |s| monotonic(l, s.main_status.start))),
    ("ExecMainExitTimestamp", |l| state(l, |s| stamp(l, s.main_status.exit))),
    ("ExecMainExitTimestampMonotonic", |l| state(l, |s| monotonic(l, s.main_status.exit))),
    ("ExecMainPID", |l| state(l, |s| word(s.main_status.pid.unwrap_or(0)))),
    ("ExecMainCode", |l| state(l, |s| word(s.main_status.code()))),
    ("ExecMainStatus", |l| state(l, |s| word(s.main_status.number()))),
    ("ExecCondition", |l| exec(l, ServiceExecCommand::Condition, false)),
    ("ExecConditionEx", |l| exec(l, ServiceExecCommand::Condition, true)),
    ("ExecStartPre", |l| exec(l, ServiceExecCommand::StartPre, false)),
    ("ExecStartPreEx", |l| exec(l, ServiceExecCommand::StartPre, true)),
    ("ExecStart", |l| exec(l, ServiceExecCommand::Start, false)),
    ("ExecStartEx", |l| exec(l, ServiceExecCommand::Start, true)),
    ("ExecStartPost", |l| exec(l, ServiceExecCommand::StartPost, false)),
    ("ExecStartPostEx", |l| exec(l, ServiceExecCommand::StartPost, true)),
    ("ExecReload", |l| exec(l, ServiceExecCommand::Reload, false)),
    ("ExecReloadEx", |l| exec(l, ServiceExecCommand::Reload, true)),
    ("ExecStop", |l| exec(l, ServiceExecCommand::Stop, false)),
    ("ExecStopEx", |l| exec(l, ServiceExecCommand::Stop, true)),
    ("ExecStopPost", |l| exec(l, ServiceExecCommand::StopPost, false)),
    ("ExecStopPostEx", |l| exec(l, ServiceExecCommand::StopPost, true)),
];

/// Infinite until the first start; then as set, 0 being none.
fn watchdog(look: &Look<'_>) -> Value {
    let started = look.unit.timestamps.inactive_exit.is_some();
    let overridden = look.unit.service.as_deref().and_then(|service| service.watchdog_override);
    config(look, |c| match overridden {
        Some(usec) => span(usec),
        None if started => span(c.watchdog),
        None => span(INFINITY),
    })
}
