//! `status` without a unit: the machine as a whole: systemctl(1).

use super::cut_at;
use crate::commands::systemctl::args::Args;
use crate::commands::systemctl::times::{format_timestamp_relative, format_timestamp_style};
use crate::commands::systemctl::{bus, cgroup_tree};
use crate::systemd::manager::{RuntimeScope, SystemState};
use crate::world::Cx;

/// Prints it.
pub fn print(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope) {
    let (now, host) = (cx.now(), cx.world.hostname.clone());
    let manager = bus::manager(cx, scope);
    let state = manager.system_state();
    let names: usize = manager.units().map(|unit| unit.loaded.names.len()).sum();
    let (jobs, failed, since) = (manager.jobs().count(), manager.failed_units(), manager.started);
    let group = manager.cgroup_root.clone();
    let dot = if state == SystemState::Degraded || state == SystemState::Maintenance { "×" } else { "●" };
    let dot = if state == SystemState::Running { "●" } else { dot };
    let stamp = format_timestamp_style(since, args.timestamp);
    cx.outln(&format!("{dot} {host}"));
    cx.outln(&format!("    State: {}", state.as_str()));
    cx.outln(&format!("    Units: {names} loaded (incl. loaded aliases)"));
    cx.outln(&format!("     Jobs: {jobs} queued"));
    cx.outln(&format!("   Failed: {failed} units"));
    cx.outln(&format!("    Since: {stamp}; {}", format_timestamp_relative(now, since)));
    cx.outln(&format!("  systemd: {}", crate::systemd::version::PACKAGE_VERSION));
    cx.outln(&format!("   CGroup: {}", if group.is_empty() { "/" } else { &group }));
    let width = cut_at(cx, args).map(|columns| columns.saturating_sub(11));
    for line in cgroup_tree::lines(cx.world, &group, "           ", width) {
        cx.outln(&line);
    }
}
