//! The properties that every unit has: org.freedesktop.systemd1(5), "Unit Objects".

use super::value::{Value, list, monotonic, span, stamp, text, word, yes_no};
use super::{Look, Property};
use crate::systemd::condition::Condition;
use crate::systemd::config::{EmergencyAction, ExecDirectoryType, TypeConfig};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::{ConditionResult, hardware};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::UnitType;

fn related(look: &Look<'_>, kind: UnitDependency) -> Value {
    list(look.unit.dependency(kind).map(|name| name.as_str()))
}

/// Names and dependencies.
pub const RELATIONS: &[Property] = &[
    ("Id", |l| word(&l.unit.name)),
    ("Names", |l| list(l.unit.loaded.names.iter().map(|name| name.as_str()))),
    ("Following", |l| word(hardware::device(l.unit.name.as_str()).map_or("", |device| device.2))),
    ("Requires", |l| related(l, UnitDependency::Requires)),
    ("Requisite", |l| related(l, UnitDependency::Requisite)),
    ("Wants", |l| related(l, UnitDependency::Wants)),
    ("BindsTo", |l| related(l, UnitDependency::BindsTo)),
    ("PartOf", |l| related(l, UnitDependency::PartOf)),
    ("Upholds", |l| related(l, UnitDependency::Upholds)),
    ("RequiredBy", |l| related(l, UnitDependency::RequiredBy)),
    ("RequisiteOf", |l| related(l, UnitDependency::RequisiteOf)),
    ("WantedBy", |l| related(l, UnitDependency::WantedBy)),
    ("BoundBy", |l| related(l, UnitDependency::BoundBy)),
    ("UpheldBy", |l| related(l, UnitDependency::UpheldBy)),
    ("ConsistsOf", |l| related(l, UnitDependency::ConsistsOf)),
    ("Conflicts", |l| related(l, UnitDependency::Conflicts)),
    ("ConflictedBy", |l| related(l, UnitDependency::ConflictedBy)),
    ("Before", |l| related(l, UnitDependency::Before)),
    ("After", |l| related(l, UnitDependency::After)),
    ("OnSuccess", |l| related(l, UnitDependency::OnSuccess)),
    ("OnSuccessOf", |l| related(l, UnitDependency::OnSuccessOf)),
    ("OnFailure", |l| related(l, UnitDependency::OnFailure)),
    ("OnFailureOf", |l| related(l, UnitDependency::OnFailureOf)),
    ("Triggers", |l| related(l, UnitDependency::Triggers)),
    ("TriggeredBy", |l| related(l, UnitDependency::TriggeredBy)),
    ("PropagatesReloadTo", |l| related(l, UnitDependency::PropagatesReloadTo)),
    ("ReloadPropagatedFrom", |l| related(l, UnitDependency::ReloadPropagatedFrom)),
    ("PropagatesStopTo", |l| related(l, UnitDependency::PropagatesStopTo)),
    ("StopPropagatedFrom", |l| related(l, UnitDependency::StopPropagatedFrom)),
    ("JoinsNamespaceOf", |l| related(l, UnitDependency::JoinsNamespaceOf)),
    ("SliceOf", |l| related(l, UnitDependency::SliceOf)),
    ("RequiresMountsFor", |l| list(&l.settings.unit.requires_mounts_for)),
    ("Documentation", |l| list(&l.settings.unit.documentation)),
    ("Description", |l| word(l.unit.description())),
];

/// What `systemctl clean` could remove.
fn can_clean(look: &Look<'_>) -> Vec<&'static str> {
    let Some(exec) = look.settings.exec() else { return Vec::new() };
    let kinds = [
        (ExecDirectoryType::Runtime, "runtime"),
        (ExecDirectoryType::State, "state"),
        (ExecDirectoryType::Cache, "cache"),
        (ExecDirectoryType::Logs, "logs"),
        (ExecDirectoryType::Configuration, "configuration"),
    ];
    kinds.iter().filter(|(kind, _)| !exec.directory(*kind).paths.is_empty()).map(|(_, word)| *word).collect()
}

fn file_state(look: &Look<'_>) -> Value {
    word(look.file_state.map_or("", |state| state.as_str()))
}

fn can_start(look: &Look<'_>) -> bool {
    let kind = look.unit.name.unit_type();
    look.unit.load_state() == LoadState::Loaded
        && !look.settings.unit.refuse_manual_start
        && !matches!(kind, UnitType::Device | UnitType::Scope)
}

fn can_stop(look: &Look<'_>) -> bool {
    !look.settings.unit.refuse_manual_stop && !look.unit.perpetual && look.unit.name.unit_type() != UnitType::Device
}

fn can_reload(look: &Look<'_>) -> bool {
    use crate::systemd::config::ServiceExecCommand::Reload;
    look.settings.service().is_some_and(|service| !service.commands(Reload).is_empty())
        || matches!(look.settings.kind, TypeConfig::Mount(_))
}

/// The states and when they changed.
pub const STATE: &[Property] = &[
    ("LoadState", |l| word(l.unit.load_state())),
    ("ActiveState", |l| word(l.unit.active_state())),
    ("FreezerState", |_| word("running")),
    ("SubState", |l| word(l.unit.sub_state())),
    ("FragmentPath", |l| text(&l.unit.loaded.fragment_path)),
    ("SourcePath", |l| text(&l.settings.unit.source_path)),
    ("DropInPaths", |l| list(&l.unit.loaded.dropin_paths)),
    ("UnitFileState", file_state),
    ("UnitFilePreset", |l| word(l.preset.unwrap_or_default())),
    ("StateChangeTimestamp", |l| stamp(l, l.unit.timestamps.state_change)),
    ("StateChangeTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.state_change)),
    ("InactiveExitTimestamp", |l| stamp(l, l.unit.timestamps.inactive_exit)),
    ("InactiveExitTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.inactive_exit)),
    ("ActiveEnterTimestamp", |l| stamp(l, l.unit.timestamps.active_enter)),
    ("ActiveEnterTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.active_enter)),
    ("ActiveExitTimestamp", |l| stamp(l, l.unit.timestamps.active_exit)),
    ("ActiveExitTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.active_exit)),
    ("InactiveEnterTimestamp", |l| stamp(l, l.unit.timestamps.inactive_enter)),
    ("InactiveEnterTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.inactive_enter)),
    ("CanStart", |l| yes_no(can_start(l))),
    ("CanStop", |l| yes_no(can_stop(l))),
    ("CanReload", |l| yes_no(can_reload(l))),
    ("CanIsolate", |l| yes_no(l.settings.unit.allow_isolate)),
    ("CanClean", |l| list(can_clean(l))),
    ("CanFreeze", |l| yes_no(freezes(l.unit.name.unit_type()))),
    ("Job", |l| l.unit.job.map_or(Value::Absent, word)),
];

fn action(action: EmergencyAction) -> Value {
    word(action)
}

/// Whether units of a type can be frozen.
fn freezes(kind: UnitType) -> bool {
    matches!(kind, UnitType::Service | UnitType::Scope | UnitType::Slice)
}

fn exit_status(status: Option<u8>) -> Value {
    status.map_or_else(|| Value::Unset("-1".to_owned()), word)
}

/// Conditions with their results: `{ ConditionPathExists=/x yes }`.
fn conditions(prefix: &str, conditions: &[Condition], results: &[ConditionResult]) -> Value {
    let line = |(index, c): (usize, &Condition)| {
        let result = match results.get(index) {
            Some(ConditionResult::Succeeded) => "succeeded",
            Some(ConditionResult::Failed) => "failed",
            Some(ConditionResult::Error) => "error",
            Some(ConditionResult::Untested) | None => "untested",
        };
        let sign = format!("{}{}", if c.trigger { "|" } else { "" }, if c.negate { "!" } else { "" });
        format!("{prefix}{}={sign}{} ({result})", c.kind, c.parameter)
    };
    Value::Lines(conditions.iter().enumerate().map(line).collect())
}

fn load_error(look: &Look<'_>) -> Value {
    match &look.unit.loaded.load_error {
        Some(error) => Value::Text(format!("{} \"{}\"", error.name, error.message)),
        None => word(""),
    }
}

/// The rest of the `[Unit]` section, and what belongs to it.
pub const SETTINGS: &[Property] = &[
    ("StopWhenUnneeded", |l| yes_no(l.settings.unit.stop_when_unneeded)),
    ("RefuseManualStart", |l| yes_no(l.settings.unit.refuse_manual_start)),
    ("RefuseManualStop", |l| yes_no(l.settings.unit.refuse_manual_stop)),
    ("AllowIsolate", |l| yes_no(l.settings.unit.allow_isolate)),
    ("DefaultDependencies", |l| yes_no(l.settings.unit.default_dependencies)),
    ("OnSuccessJobMode", |l| word(l.settings.unit.on_success_job_mode)),
    ("OnFailureJobMode", |l| word(l.settings.unit.on_failure_job_mode)),
    ("IgnoreOnIsolate", |l| yes_no(l.settings.unit.ignore_on_isolate)),
    ("NeedDaemonReload", |l| yes_no(l.need_reload)),
    ("JobTimeoutUSec", |l| span(l.settings.unit.job_timeout)),
    ("JobRunningTimeoutUSec", |l| span(l.settings.unit.job_running_timeout)),
    ("JobTimeoutAction", |l| action(l.settings.unit.job_timeout_action)),
    ("JobTimeoutRebootArgument", |l| text(&l.settings.unit.job_timeout_reboot_argument)),
    ("ConditionResult", |l| yes_no(l.unit.condition_result)),
    ("AssertResult", |l| yes_no(l.unit.assert_result)),
    ("ConditionTimestamp", |l| stamp(l, l.unit.timestamps.condition)),
    ("ConditionTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.condition)),
    ("AssertTimestamp", |l| stamp(l, l.unit.timestamps.assert)),
    ("AssertTimestampMonotonic", |l| monotonic(l, l.unit.timestamps.assert)),
    ("Conditions", |l| conditions("Condition", &l.settings.unit.conditions, &l.unit.condition_results)),
    ("Asserts", |l| conditions("Assert", &l.settings.unit.asserts, &[])),
    ("LoadError", load_error),
    ("Transient", |l| yes_no(l.unit.transient)),
    ("Perpetual", |l| yes_no(l.unit.perpetual)),
    ("StartLimitIntervalUSec", |l| span(l.settings.unit.start_limit_interval)),
    ("StartLimitBurst", |l| word(l.settings.unit.start_limit_burst)),
    ("StartLimitAction", |l| action(l.settings.unit.start_limit_action)),
    ("FailureAction", |l| action(l.settings.unit.failure_action)),
    ("FailureActionExitStatus", |l| exit_status(l.settings.unit.failure_action_exit_status)),
    ("SuccessAction", |l| action(l.settings.unit.success_action)),
    ("SuccessActionExitStatus", |l| exit_status(l.settings.unit.success_action_exit_status)),
    ("RebootArgument", |l| text(&l.settings.unit.reboot_argument)),
    ("InvocationID", |l| text(&l.unit.invocation_id)),
    ("CollectMode", |l| word(l.settings.unit.collect_mode)),
];
