//! The directives of `[Unit]` and `[Install]`: systemd.unit(5).

use super::dependencies::{condition, dependency, documentation, mounts_for, on_failure_isolate};
use super::{Context, Directive, Parse, row};
use crate::systemd::condition::ConditionKind;
use crate::systemd::config::{CollectMode, EmergencyAction, JobMode, UnitSettings};
use crate::systemd::dependency::UnitDependency as D;
use crate::systemd::span::parse_sec_fix_0;
use crate::systemd::value::exit_status;
use crate::world::Errno;
use Parse::{Bool, Custom, Sec, Text, Unsigned, Word};

/// `[Unit]`.
pub const UNIT: &[Directive] = &[
    row("Description", Text(|u| Some(&mut u.unit.description))),
    row("Documentation", Custom(documentation)).of("URLs"),
    row("SourcePath", Parse::Path(|u| Some(&mut u.unit.source_path))),
    row("Requires", Custom(|c, u, v| dependency(c, u, v, D::Requires))).of("units"),
    row("Requisite", Custom(|c, u, v| dependency(c, u, v, D::Requisite))).of("units"),
    row("Wants", Custom(|c, u, v| dependency(c, u, v, D::Wants))).of("units"),
    row("BindsTo", Custom(|c, u, v| dependency(c, u, v, D::BindsTo))).of("units"),
    row("BindTo", Custom(|c, u, v| dependency(c, u, v, D::BindsTo))).of("units"),
    row("Upholds", Custom(|c, u, v| dependency(c, u, v, D::Upholds))).of("units"),
    row("Conflicts", Custom(|c, u, v| dependency(c, u, v, D::Conflicts))).of("units"),
    row("Before", Custom(|c, u, v| dependency(c, u, v, D::Before))).of("units"),
    row("After", Custom(|c, u, v| dependency(c, u, v, D::After))).of("units"),
    row("OnSuccess", Custom(|c, u, v| dependency(c, u, v, D::OnSuccess))).of("units"),
    row("OnFailure", Custom(|c, u, v| dependency(c, u, v, D::OnFailure))).of("units"),
    row("PropagatesReloadTo", Custom(|c, u, v| dependency(c, u, v, D::PropagatesReloadTo))).of("units"),
    row("PropagateReloadTo", Custom(|c, u, v| dependency(c, u, v, D::PropagatesReloadTo))).of("units"),
    row("ReloadPropagatedFrom", Custom(|c, u, v| dependency(c, u, v, D::ReloadPropagatedFrom))).of("units"),
    row("PropagateReloadFrom", Custom(|c, u, v| dependency(c, u, v, D::ReloadPropagatedFrom))).of("units"),
    row("PropagatesStopTo", Custom(|c, u, v| dependency(c, u, v, D::PropagatesStopTo))).of("units"),
    row("StopPropagatedFrom", Custom(|c, u, v| dependency(c, u, v, D::StopPropagatedFrom))).of("units"),
    row("PartOf", Custom(|c, u, v| dependency(c, u, v, D::PartOf))).of("units"),
    row("JoinsNamespaceOf", Custom(|c, u, v| dependency(c, u, v, D::JoinsNamespaceOf))).of("units"),
    row("RequiresOverridable", Custom(|c, u, v| obsolete(c, u, v, D::Requires))).of("units"),
    row("RequisiteOverridable", Custom(|c, u, v| obsolete(c, u, v, D::Requisite))).of("units"),
    row("RequiresMountsFor", Custom(mounts_for)).of("paths"),
    row("StopWhenUnneeded", Bool(|u| Some(&mut u.unit.stop_when_unneeded))),
    row("RefuseManualStart", Bool(|u| Some(&mut u.unit.refuse_manual_start))),
    row("RefuseManualStop", Bool(|u| Some(&mut u.unit.refuse_manual_stop))),
    row("AllowIsolate", Bool(|u| Some(&mut u.unit.allow_isolate))),
    row("DefaultDependencies", Bool(|u| Some(&mut u.unit.default_dependencies))),
    row("OnSuccessJobMode", Word("job mode", |u, v| set(&mut u.unit.on_success_job_mode, JobMode::parse(v)))),
    row("OnFailureJobMode", Word("job mode", |u, v| set(&mut u.unit.on_failure_job_mode, JobMode::parse(v)))),
    row("OnFailureIsolate", Custom(on_failure_isolate)).of("boolean"),
    row("IgnoreOnIsolate", Bool(|u| Some(&mut u.unit.ignore_on_isolate))),
    row("JobTimeoutSec", Custom(job_timeout)).of("time span"),
    row("JobRunningTimeoutSec", Custom(job_running_timeout)).of("time span"),
    row("JobTimeoutAction", Custom(|c, u, v| action(c, &mut u.unit.job_timeout_action, v))).of("action"),
    row("JobTimeoutRebootArgument", Text(|u| Some(&mut u.unit.job_timeout_reboot_argument))).stored(),
    row("StartLimitIntervalSec", Sec(|u| Some(&mut u.unit.start_limit_interval))),
    row("StartLimitInterval", Sec(|u| Some(&mut u.unit.start_limit_interval))),
    row("StartLimitBurst", Unsigned(|u| Some(&mut u.unit.start_limit_burst))),
    row("StartLimitAction", Custom(start_limit_action)).of("action"),
    row("FailureAction", Custom(failure_action)).of("action"),
    row("SuccessAction", Custom(|c, u, v| action(c, &mut u.unit.success_action, v))).of("action"),
    row("FailureActionExitStatus", Custom(|c, u, v| exit_code(c, &mut u.unit.failure_action_exit_status, v)))
        .of("exit status")
        .stored(),
    row("SuccessActionExitStatus", Custom(|c, u, v| exit_code(c, &mut u.unit.success_action_exit_status, v)))
        .of("exit status")
        .stored(),
    row("RebootArgument", Text(|u| Some(&mut u.unit.reboot_argument))).stored(),
    row("CollectMode", Word("garbage collection mode", |u, v| set(&mut u.unit.collect_mode, CollectMode::parse(v)))),
];

/// `Condition…=` and `Assert…=`, whose keys are made of [`ConditionKind`]'s words.
pub const CONDITION: Directive = row("Condition", Custom(condition));

/// `[Install]` as the manager sees it: the names are known and left to `systemctl enable`.
pub const INSTALL: &[Directive] = &[
    row("Alias", Parse::Silent).of("units").acting().of("condition"),
    row("WantedBy", Parse::Silent).of("units").acting(),
    row("RequiredBy", Parse::Silent).of("units").acting(),
    row("Also", Parse::Silent).of("units").acting(),
    row("DefaultInstance", Parse::Silent).of("instance name").acting(),
];

/// The kind that the key of a condition or an assertion names.
pub fn condition_kind(key: &str) -> Option<ConditionKind> {
    let word = key.strip_prefix("Condition").or_else(|| key.strip_prefix("Assert"))?;
    ConditionKind::parse(word).filter(|kind| key != "AssertFirmware" || *kind != ConditionKind::Firmware)
}

/// Stores a parsed word; says whether there was one.
pub fn set<T>(place: &mut T, value: Option<T>) -> bool {
    let known = value.is_some();
    if let Some(value) = value {
        *place = value;
    }
    known
}

fn obsolete(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str, kind: D) -> Result<(), Errno> {
    c.warn(format!("Unit dependency type {}= is obsolete, replacing by {kind}=, please update your unit file", c.key));
    dependency(c, u, value, kind)
}

fn job_timeout(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    match parse_sec_fix_0(value) {
        Ok(span) => {
            u.unit.job_timeout = span;
            if u.unit.job_running_timeout == crate::systemd::span::INFINITY {
                u.unit.job_running_timeout = span;
            }
        }
        Err(_) => c.ignoring("JobTimeoutSec= parameter", value),
    }
    Ok(())
}

fn job_running_timeout(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    match parse_sec_fix_0(value) {
        Ok(span) => u.unit.job_running_timeout = span,
        Err(_) => c.ignoring("JobRunningTimeoutSec= parameter", value),
    }
    Ok(())
}

/// Reads an emergency action; a user's manager knows only the harmless ones.
pub fn action(c: &mut Context<'_, '_>, place: &mut EmergencyAction, value: &str) -> Result<(), Errno> {
    use EmergencyAction::{Exit, ExitForce, None as Nothing};
    let user = c.specifiers.host.user_manager;
    match EmergencyAction::parse(value) {
        Some(action) if user && !matches!(action, Nothing | Exit | ExitForce) => {
            c.warn(format!("{}= specified as user mode action, ignoring: {value}", c.key));
        }
        Some(action) => *place = action,
        None => c.ignoring(&format!("{}=", c.key), value),
    }
    Ok(())
}

/// `StartLimitAction=`, in `[Unit]` and in `[Service]`.
pub fn start_limit_action(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    action(c, &mut u.unit.start_limit_action, value)
}

/// `FailureAction=`, in `[Unit]` and in `[Service]`.
pub fn failure_action(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    action(c, &mut u.unit.failure_action, value)
}

fn exit_code(c: &mut Context<'_, '_>, place: &mut Option<u8>, value: &str) -> Result<(), Errno> {
    if value.is_empty() {
        *place = None;
        return Ok(());
    }
    match exit_status::parse(value) {
        Ok(status) => *place = Some(status),
        Err(errno) => {
            c.warn(format!("Failed to parse exit status '{value}', ignoring: {errno}"));
        }
    }
    Ok(())
}
