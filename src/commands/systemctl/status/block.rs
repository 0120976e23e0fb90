//! The block of a unit's `status`: what it is, how it is, and what belongs to it: systemctl(1).

use super::processes;
use crate::commands::systemctl::args::Args;
use crate::commands::systemctl::bus;
use crate::commands::systemctl::list_sockets::listen_type;
use crate::commands::systemctl::times::{format_bytes, format_timestamp_relative, format_timestamp_style};
use crate::commands::systemctl::unit_files;
use crate::commands::systemctl::usage::{self, Usage};
use crate::systemd::config::{CgroupContext, MemoryLimit, TypeConfig};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::{ConditionResult, RuntimeScope, Unit};
use crate::systemd::span::{INFINITY, MSEC, format_timespan};
use crate::systemd::states::{ActiveState, ServiceResult, UnitFileState};
use crate::systemd::unit_name::UnitType;
use crate::world::{Cx, Duration, Time};
use std::fmt::Write;

/// The block's lines.
pub fn text(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, unit: &Unit) -> String {
    let mut out = String::new();
    head(cx, scope, unit, &mut out);
    active(cx.now(), args, unit, &mut out);
    triggers(cx, args, scope, unit, &mut out);
    conditions(cx.now(), args, unit, &mut out);
    settings(unit, &mut out);
    processes::exits(unit, &mut out);
    processes::pids(cx, unit, &mut out);
    resources(&usage::of(cx, unit), unit, &mut out);
    processes::tree(cx, args, unit, &mut out);
    out
}

/// Adds a line; writing into a `String` cannot fail.
macro_rules! line {
    ($out:expr, $($arg:tt)*) => {{
        let _ = writeln!($out, $($arg)*);
    }};
}
pub(super) use line;

/// Name, files, drop-ins.
fn head(cx: &mut Cx<'_, '_>, scope: RuntimeScope, unit: &Unit, out: &mut String) {
    line!(out, "{} {}", bus::glyph(unit.active_state()), unit.status_name());
    let load = unit.load_state();
    let path = unit.settings().unit.source_path.as_ref().or(unit.loaded.fragment_path.as_ref());
    match (&unit.loaded.load_error, path, unit_files::state_of(cx, scope, unit)) {
        (Some(error), _, _) => line!(out, "     Loaded: {load} (Reason: {})", error.message),
        (None, Some(path), Some(state)) => {
            let preset = unit_files::preset_of(cx, scope, unit).filter(|_| shows_preset(state));
            let preset = preset.map_or(String::new(), |preset| format!("; preset: {preset}"));
            line!(out, "     Loaded: {load} ({path}; {state}{preset})");
        }
        (None, Some(path), None) => line!(out, "     Loaded: {load} ({path})"),
        (None, None, _) => line!(out, "     Loaded: {load}"),
    }
    if unit.transient || unit.name.as_str() == "init.scope" {
        line!(out, "  Transient: yes");
    }
    dropins(unit, out);
}

/// Whether the preset of a unit file in that state says anything.
pub fn shows_preset(state: UnitFileState) -> bool {
    use UnitFileState::{Alias, Generated, Static, Transient};
    !matches!(state, Alias | Static | Generated | Transient)
}

/// Drop-ins by folder, in the order in which they were read.
fn dropins(unit: &Unit, out: &mut String) {
    let mut folders: Vec<(&str, Vec<&str>)> = Vec::new();
    for path in &unit.loaded.dropin_paths {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match folders.last_mut() {
            Some((last, names)) if *last == folder => names.push(name),
            _ => folders.push((folder, vec![name])),
        }
    }
    for (index, (folder, names)) in folders.iter().enumerate() {
        let title = if index == 0 { "    Drop-In:" } else { "            " };
        line!(out, "{title} {folder}");
        line!(out, "             └─{}", names.join(", "));
    }
}

/// The state, since when, and how long the last run took.
fn active(now: Time, args: &Args, unit: &Unit, out: &mut String) {
    let state = unit.active_state();
    let sub = unit.sub_state();
    let mut text = format!("     Active: {state}");
    if sub != state.as_str() {
        let _ = write!(text, " ({sub})");
    }
    let result = match &unit.service {
        Some(service) if service.result != ServiceResult::Success => Some(service.result.as_str()),
        Some(_) => None,
        None => Some(unit.plain_result).filter(|result| *result != "success"),
    };
    if let Some(result) = result {
        let _ = write!(text, " (Result: {result})");
    }
    let times = &unit.timestamps;
    let since = match state {
        ActiveState::Active | ActiveState::Reloading => times.active_enter,
        ActiveState::Inactive | ActiveState::Failed => times.inactive_enter,
        ActiveState::Activating => times.inactive_exit,
        _ => times.active_exit,
    };
    let Some(since) = since else {
        line!(out, "{text}");
        return;
    };
    let stamp =
        |time| format!("{}; {}", format_timestamp_style(time, args.timestamp), format_timestamp_relative(now, time));
    line!(out, "{text} since {}", stamp(since));
    if let Some(service) = unit.service_config()
        && service.runtime_max < INFINITY
        && state == ActiveState::Active
    {
        line!(out, "      Until: {}", stamp(since + Duration::from_micros(service.runtime_max)));
    }
    let down = matches!(state, ActiveState::Inactive | ActiveState::Failed);
    if let (true, Some(enter), Some(exit)) = (down, times.active_enter, times.active_exit)
        && exit >= enter
        && unit.name.unit_type() != UnitType::Target
    {
        line!(out, "   Duration: {}", format_timespan(exit.0 - enter.0, MSEC));
    }
}

/// Units that start this one, when a timer elapses, and what this one starts.
fn triggers(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, unit: &Unit, out: &mut String) {
    let now = cx.now();
    for (index, other) in unit.dependency(UnitDependency::TriggeredBy).enumerate() {
        let glyph = bus::glyph(bus::unit(cx, scope, other).active_state());
        let title = if index == 0 { "TriggeredBy:" } else { "            " };
        line!(out, "{title} {glyph} {other}");
    }
    if let Some(timer) = &unit.timer {
        match timer.next_elapse {
            Some(next) => {
                let stamp = format_timestamp_style(next, args.timestamp);
                line!(out, "    Trigger: {stamp}; {}", format_timestamp_relative(now, next));
            }
            None => line!(out, "    Trigger: n/a"),
        }
    }
    for (index, other) in unit.dependency(UnitDependency::Triggers).enumerate() {
        let title = if index == 0 { "   Triggers:" } else { "            " };
        line!(out, "{title} ● {other}");
    }
}

/// Conditions and assertions that kept the unit from starting.
fn conditions(now: Time, args: &Args, unit: &Unit, out: &mut String) {
    let stamp =
        |time| format!("{}; {}", format_timestamp_style(time, args.timestamp), format_timestamp_relative(now, time));
    if let (false, Some(time)) = (unit.condition_result, unit.timestamps.condition) {
        line!(out, "  Condition: start condition failed at {}", stamp(time));
        let all = unit.config().conditions.iter().zip(&unit.condition_results);
        let failed: Vec<_> = all.filter(|(_, result)| **result == ConditionResult::Failed).collect();
        for (index, (condition, _)) in failed.iter().enumerate() {
            let glyph = if index + 1 < failed.len() { "├─" } else { "└─" };
            line!(
                out,
                "             {glyph} Condition{}={}{}{} was not met",
                condition.kind,
                if condition.trigger { "|" } else { "" },
                if condition.negate { "!" } else { "" },
                condition.parameter
            );
        }
    }
    if let (false, true, Some(time)) = (unit.assert_result, unit.condition_result, unit.timestamps.assert) {
        line!(out, "     Assert: start assertion failed at {}", stamp(time));
        if let Some(assert) = unit.config().asserts.iter().find(|assert| !assert.trigger) {
            let negate = if assert.negate { "!" } else { "" };
            line!(out, "             Assert{}={negate}{} was not met", assert.kind, assert.parameter);
        }
    }
}

/// Places, documentation and endpoints.
fn settings(unit: &Unit, out: &mut String) {
    if let TypeConfig::Mount(mount) = &unit.settings().kind {
        if let Some(path) = &mount.where_ {
            line!(out, "      Where: {path}");
        }
        if let Some(what) = &mount.what {
            line!(out, "       What: {what}");
        }
    }
    if let TypeConfig::Swap(swap) = &unit.settings().kind
        && let Some(what) = &swap.what
    {
        line!(out, "       What: {what}");
    }
    if let TypeConfig::Automount(automount) = &unit.settings().kind
        && let Some(path) = &automount.where_
    {
        line!(out, "      Where: {path}");
    }
    for (index, page) in unit.config().documentation.iter().enumerate() {
        let title = if index == 0 { "Docs:" } else { "" };
        line!(out, " {title:>11} {page}");
    }
    if let TypeConfig::Socket(socket) = &unit.settings().kind {
        for (index, listen) in socket.listens.iter().enumerate() {
            let title = if index == 0 { "Listen:" } else { "" };
            line!(out, " {title:>11} {} ({})", listen.address, listen_type(listen.kind));
        }
        if socket.accept {
            let run = unit.socket.as_deref().cloned().unwrap_or_default();
            let refused = if run.n_refused > 0 { format!(" Refused: {};", run.n_refused) } else { String::new() };
            line!(out, "   Accepted: {}; Connected: {};{refused}", run.n_accepted, run.n_connections);
        }
    }
}

/// What the unit's processes use.
fn resources(usage: &Usage, unit: &Unit, out: &mut String) {
    let none = CgroupContext::default();
    let limits = unit.settings().cgroup().unwrap_or(&none);
    if let Some(tasks) = usage.tasks {
        match limits.effective_tasks_max(unit.name.unit_type()) {
            Some(limit) => line!(out, "      Tasks: {tasks} (limit: {limit})"),
            None => line!(out, "      Tasks: {tasks}"),
        }
    }
    if let Some(memory) = usage.memory {
        line!(out, "     Memory: {}{}", format_bytes(memory), memory_limits(limits, memory));
    }
    if let Some(cpu) = usage.cpu {
        line!(out, "        CPU: {}", format_timespan(cpu, MSEC));
    }
}

fn memory_limits(limits: &CgroupContext, used: u64) -> String {
    let bytes = |limit: Option<MemoryLimit>| limit.and_then(|limit| limit.bytes(1 << 30));
    let all = [
        ("min", bytes(limits.memory_min)),
        ("low", bytes(limits.memory_low)),
        ("high", bytes(limits.memory_high)),
        ("max", bytes(limits.memory_max)),
        ("swap max", bytes(limits.memory_swap_max)),
        ("available", limits.memory_available(used)),
    ];
    let shown: Vec<String> =
        all.iter().filter_map(|(name, value)| value.map(|value| format!("{name}: {}", format_bytes(value)))).collect();
    if shown.is_empty() { String::new() } else { format!(" ({})", shown.join(" ")) }
}
