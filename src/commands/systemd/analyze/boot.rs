//! `time`, `blame`, `critical-chain`: how long the boot took: systemd-analyze(1). The kernel's share is a fixed figure of
//! the model; what the units took is real.

use crate::commands::options::Parsed;
use crate::commands::systemctl::bus;
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::span::{MSEC, format_timespan};
use crate::systemd::unit_name::UnitName;
use crate::vps;
use crate::world::{Cx, Time};

/// `time`
pub fn time(cx: &mut Cx<'_, '_>, _parsed: &Parsed, _words: &[String]) -> u8 {
    let booted = cx.world.booted;
    let (systemd, _) = vps::systemd(cx.sys);
    let manager = &systemd.manager;
    let Some(finished) = manager.finished else {
        cx.errln("Bootup is not yet finished. Please try again later.");
        return 1;
    };
    let kernel = manager.started.0.saturating_sub(booted.0);
    let userspace = finished.0.saturating_sub(manager.started.0);
    let target = UnitName::new("graphical.target").and_then(|name| manager.get(&name)?.timestamps.active_enter);
    let show = |span| format_timespan(span, MSEC);
    let mut text = String::from("Startup finished in ");
    if kernel > 0 {
        text.push_str(&format!("{} (kernel) + ", show(kernel)));
    }
    text.push_str(&format!("{} (userspace)", show(userspace)));
    if kernel > 0 {
        text.push_str(&format!(" = {} ", show(kernel + userspace)));
    }
    cx.outln(text.trim_end());
    if let Some(reached) = target {
        let after = reached.0.saturating_sub(systemd_started(cx).0);
        cx.outln(&format!("graphical.target reached after {} in userspace.", show(after)));
    }
    0
}

fn systemd_started(cx: &mut Cx<'_, '_>) -> Time {
    bus::manager(cx, RuntimeScope::System).started
}

/// How long a unit took to start.
fn took(unit: &Unit) -> u64 {
    match (unit.timestamps.inactive_exit, unit.timestamps.active_enter) {
        (Some(begin), Some(end)) => end.0.saturating_sub(begin.0),
        _ => 0,
    }
}

/// `blame`
pub fn blame(cx: &mut Cx<'_, '_>, _parsed: &Parsed, _words: &[String]) -> u8 {
    let mut units: Vec<(u64, String)> = bus::units(cx, RuntimeScope::System)
        .iter()
        .map(|unit| (took(unit), unit.name.to_string()))
        .filter(|(span, _)| *span > 0)
        .collect();
    units.sort_by(|a, b| b.cmp(a));
    let width = units.iter().map(|(span, _)| format_timespan(*span, MSEC).len()).max().unwrap_or(0);
    for (span, name) in units {
        cx.outln(&format!("{:>width$} {name}", format_timespan(span, MSEC)));
    }
    0
}

/// `critical-chain`
pub fn critical_chain(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    let start = systemd_started(cx);
    cx.outln("The time when unit became active or started is printed after the \"@\" character.");
    cx.outln("The time the unit took to start is printed after the \"+\" character.\n");
    let names = if words.is_empty() { vec!["graphical.target".to_owned()] } else { words.to_vec() };
    for name in names {
        let Some(mut unit) = UnitName::new(&name).map(|name| bus::unit(cx, RuntimeScope::System, &name)) else {
            cx.errln(&format!("Failed to get ID: Unit name {name} is neither a valid invocation ID nor unit name."));
            continue;
        };
        let mut depth = 0;
        let mut seen = Vec::new();
        loop {
            line(cx, &unit, start, depth);
            seen.push(unit.name.clone());
            let before: Vec<UnitName> = unit.dependency(UnitDependency::After).cloned().collect();
            let last = before
                .iter()
                .filter(|other| !seen.contains(other))
                .map(|other| bus::unit(cx, RuntimeScope::System, other))
                .filter(|other| other.timestamps.active_enter.is_some_and(|time| time >= start))
                .max_by_key(|other| (other.timestamps.active_enter, other.name.clone()));
            match last {
                Some(other) => unit = other,
                None => break,
            }
            depth += 1;
        }
    }
    0
}

fn line(cx: &mut Cx<'_, '_>, unit: &Unit, start: Time, depth: usize) {
    let indent = if depth == 0 { String::new() } else { format!("{}└─", "  ".repeat(depth - 1)) };
    let at = unit.timestamps.active_enter.map_or(0, |time| time.0.saturating_sub(start.0));
    let span = took(unit);
    let plus = if span > 0 { format!(" +{}", format_timespan(span, MSEC)) } else { String::new() };
    cx.outln(&format!("{indent}{} @{}{plus}", unit.name, format_timespan(at, MSEC)));
}
