//! The directives of `[Service]`: systemd.service(5).

use super::commands::exec;
use super::context::PathCheck;
use super::dependencies::{instantiated, list_words};
use super::unit::{failure_action, set, start_limit_action};
use super::{Check, Context, Directive, Parse, row};
use crate::systemd::config::{
    ExitStatusSet, ExitType, NotifyAccess, OomPolicy, RestartPolicy, ServiceConfig, ServiceExecCommand as X,
    ServiceType, TimeoutFailureMode, TypeConfig, UnitSettings,
};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::span::{parse_sec, parse_sec_fix_0};
use crate::systemd::unit_file::words::{FLAGS, UNQUOTE, Words};
use crate::systemd::unit_name::UnitType;
use crate::systemd::value::exit_status::add_to_set;
use crate::systemd::value::names::is_bus_name;
use crate::world::Errno;
use Parse::{Bool, Custom, Known, Sec, SecFix0, Silent, Text, Unsigned, Word};

/// systemd.service(5).
pub const SERVICE: &[Directive] = &[
    row("PIDFile", Custom(pid_file)).of("path"),
    row("ExecCondition", Custom(|c, u, v| commands(c, u, v, X::Condition))).of("command"),
    row("ExecStartPre", Custom(|c, u, v| commands(c, u, v, X::StartPre))).of("command"),
    row("ExecStart", Custom(|c, u, v| commands(c, u, v, X::Start))).of("command"),
    row("ExecStartPost", Custom(|c, u, v| commands(c, u, v, X::StartPost))).of("command"),
    row("ExecReload", Custom(|c, u, v| commands(c, u, v, X::Reload))).of("command"),
    row("ExecStop", Custom(|c, u, v| commands(c, u, v, X::Stop))).of("command"),
    row("ExecStopPost", Custom(|c, u, v| commands(c, u, v, X::StopPost))).of("command"),
    row("RestartSec", Sec(|u| service(u).map(|s| &mut s.restart_sec))),
    row("TimeoutSec", Custom(timeout)).of("time span"),
    row("TimeoutStartSec", Custom(timeout)).of("time span"),
    row("TimeoutStopSec", SecFix0(|u| service(u).map(|s| &mut s.timeout_stop))),
    row("TimeoutAbortSec", Custom(timeout_abort)).of("time span"),
    row(
        "TimeoutStartFailureMode",
        Word("timeout failure mode", |u, v| {
            with(u, |s| set(&mut s.timeout_start_failure_mode, TimeoutFailureMode::parse(v)))
        }),
    ),
    row(
        "TimeoutStopFailureMode",
        Word("timeout failure mode", |u, v| {
            with(u, |s| set(&mut s.timeout_stop_failure_mode, TimeoutFailureMode::parse(v)))
        }),
    ),
    row("RuntimeMaxSec", Sec(|u| service(u).map(|s| &mut s.runtime_max))),
    row("RuntimeRandomizedExtraSec", Sec(|u| service(u).map(|s| &mut s.runtime_rand_extra))),
    row("WatchdogSec", Sec(|u| service(u).map(|s| &mut s.watchdog))),
    row("StartLimitInterval", Sec(|u| Some(&mut u.unit.start_limit_interval))),
    row("StartLimitBurst", Unsigned(|u| Some(&mut u.unit.start_limit_burst))),
    row("StartLimitAction", Custom(start_limit_action)).of("action"),
    row("FailureAction", Custom(failure_action)).of("action"),
    row("RebootArgument", Text(|u| Some(&mut u.unit.reboot_argument))).stored(),
    row("Type", Word("service type", |u, v| with(u, |s| set(&mut s.type_, ServiceType::parse(v).map(Some))))),
    row("ExitType", Word("service exit type", |u, v| with(u, |s| set(&mut s.exit_type, ExitType::parse(v))))),
    row("Restart", Word("service restart specifier", |u, v| with(u, |s| set(&mut s.restart, RestartPolicy::parse(v))))),
    row("PermissionsStartOnly", Bool(|u| service(u).map(|s| &mut s.permissions_start_only))).stored(),
    row("RootDirectoryStartOnly", Bool(|u| service(u).map(|s| &mut s.root_directory_start_only))).stored(),
    row("RemainAfterExit", Bool(|u| service(u).map(|s| &mut s.remain_after_exit))),
    row("GuessMainPID", Bool(|u| service(u).map(|s| &mut s.guess_main_pid))),
    row("RestartPreventExitStatus", Custom(|c, u, v| statuses(c, u, v, |s| &mut s.restart_prevent_status)))
        .of("exit statuses"),
    row("RestartForceExitStatus", Custom(|c, u, v| statuses(c, u, v, |s| &mut s.restart_force_status)))
        .of("exit statuses"),
    row("SuccessExitStatus", Custom(|c, u, v| statuses(c, u, v, |s| &mut s.success_status))).of("exit statuses"),
    row("SysVStartPriority", Silent),
    row("NonBlocking", Bool(|u| service(u).map(|s| &mut s.non_blocking))).stored(),
    row("BusName", Custom(bus_name)).of("bus name"),
    row("FileDescriptorStoreMax", Unsigned(|u| service(u).map(|s| &mut s.fd_store_max))).stored(),
    row(
        "NotifyAccess",
        Word("notify access specifier", |u, v| {
            with(u, |s| set(&mut s.notify_access_set, NotifyAccess::parse(v).map(Some)))
        }),
    ),
    row("Sockets", Custom(sockets)).of("units"),
    row("USBFunctionDescriptors", Known(Check::Path)),
    row("USBFunctionStrings", Known(Check::Path)),
    row("OOMPolicy", Word("OOM policy", |u, v| with(u, |s| set(&mut s.oom_policy, OomPolicy::parse(v).map(Some))))),
];

/// The service of these settings.
fn service(u: &mut UnitSettings) -> Option<&mut ServiceConfig> {
    match &mut u.kind {
        TypeConfig::Service(service) => Some(service),
        _ => None,
    }
}

/// Applies a change to the service; true when there is none to apply it to.
fn with(u: &mut UnitSettings, change: impl FnOnce(&mut ServiceConfig) -> bool) -> bool {
    service(u).is_none_or(change)
}

fn commands(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str, which: X) -> Result<(), Errno> {
    match service(u) {
        Some(service) => exec(c, service.commands_mut(which), value),
        None => Ok(()),
    }
}

/// `TimeoutStartSec=` and `TimeoutSec=`; 0 means no limit.
fn timeout(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Ok(span) = parse_sec_fix_0(value) else {
        c.ignoring(&format!("{}= parameter", c.key), value);
        return Ok(());
    };
    if let Some(service) = service(u) {
        service.timeout_start = span;
        service.timeout_start_defined = true;
        if c.key == "TimeoutSec" {
            service.timeout_stop = span;
        }
    }
    Ok(())
}

fn timeout_abort(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(service) = service(u) else { return Ok(()) };
    if value.is_empty() {
        service.timeout_abort = None;
        return Ok(());
    }
    match parse_sec(value) {
        Ok(span) => service.timeout_abort = Some(span),
        Err(_) => c.ignoring("TimeoutAbortSec= setting", value),
    }
    Ok(())
}

/// `SuccessExitStatus=` and kin; lists add up.
fn statuses(
    c: &mut Context<'_, '_>,
    u: &mut UnitSettings,
    value: &str,
    which: fn(&mut ServiceConfig) -> &mut ExitStatusSet,
) -> Result<(), Errno> {
    let Some(service) = service(u) else { return Ok(()) };
    let list = which(service);
    if value.is_empty() {
        *list = ExitStatusSet::default();
        return Ok(());
    }
    let mut words = Words::new(value, UNQUOTE);
    loop {
        match words.next_word() {
            Ok(Some(word)) if add_to_set(list, &word) => {}
            Ok(Some(word)) => c.ignoring("value", &word),
            Ok(None) => return Ok(()),
            Err(_) => {
                c.ignoring("value", value);
                return Ok(());
            }
        }
    }
}

/// `PIDFile=`; a relative path is below `/run`.
fn pid_file(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(service) = service(u) else { return Ok(()) };
    if value.is_empty() {
        service.pid_file = None;
        return Ok(());
    }
    let resolved = c.resolve_path(value);
    let Some(path) = c.or_warn(resolved, value) else { return Ok(()) };
    let root = c.resolve("%t").unwrap_or_default();
    let path = if path.starts_with('/') { path } else { format!("{root}/{path}") };
    let mut path = c.simplify(&path, PathCheck::Absolute).ok_or(Errno::EINVAL)?;
    if let Some(rest) = path.strip_prefix("/var/run/") {
        // Debian tells of this at debug level only.
        path = format!("/run/{rest}");
    }
    service.pid_file = Some(path);
    Ok(())
}

fn bus_name(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let resolved = c.resolve(value);
    let Some(name) = c.or_warn_as(resolved, value) else { return Ok(()) };
    if !is_bus_name(&name) {
        c.warn(format!("Invalid bus name, ignoring: {name}"));
    } else if let Some(service) = service(u) {
        service.bus_name = Some(name);
    }
    Ok(())
}

/// `Sockets=`: the service wants its sockets and is triggered by them.
fn sockets(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    for word in list_words(c, value, FLAGS) {
        let resolved = c.resolve_name(&word);
        let Some(name) = c.or_warn(resolved, &word) else { continue };
        if !name.ends_with(".socket") {
            c.warn(format!("Unit must be of type socket, ignoring: {name}"));
            continue;
        }
        match instantiated(c, &name).filter(|n| n.unit_type() == UnitType::Socket) {
            Some(socket) => {
                if let Some(service) = service(u) {
                    service.sockets.push(socket.to_string());
                }
                u.unit.add_dependency(UnitDependency::Wants, socket.clone());
                u.unit.add_dependency(UnitDependency::After, socket.clone());
                u.unit.add_dependency(UnitDependency::TriggeredBy, socket);
            }
            None => c.warn(format!("Failed to add dependency on {name}, ignoring: {}", Errno::EINVAL)),
        }
    }
    Ok(())
}
