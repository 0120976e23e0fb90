//! The processes in a unit's `status`: how they ended, which run, and the tree of its control group: systemctl(1).

use super::block::line;
use super::cut_at;
use crate::commands::systemctl::args::Args;
use crate::commands::systemctl::cgroup_tree;
use crate::systemd::config::ServiceExecCommand;
use crate::systemd::manager::Unit;
use crate::systemd::value::exit_status::short_name;
use crate::world::{Cx, ExitStatus};
use std::fmt::Write;

/// The commands that have ended, a line each.
pub fn exits(unit: &Unit, out: &mut String) {
    let (Some(service), Some(config)) = (&unit.service, unit.service_config()) else { return };
    for which in ServiceExecCommand::ALL {
        for (command, status) in config.commands(*which).iter().zip(service.command_statuses(*which)) {
            let (Some(pid), Some(exit)) = (status.pid, status.status) else { continue };
            line!(out, "    Process: {pid} {which}={} ({})", command.argv.join(" "), how(exit));
        }
    }
}

/// `code=exited, status=1/FAILURE`, `code=killed, signal=TERM`.
fn how(exit: ExitStatus) -> String {
    match exit {
        ExitStatus::Exited(status) => {
            let name = short_name(status).map_or(String::new(), |name| format!("/{name}"));
            format!("code=exited, status={status}{name}")
        }
        ExitStatus::Signaled(signal, dumped) => {
            let code = if dumped { "dumped" } else { "killed" };
            let name = signal.name();
            format!("code={code}, signal={}", name.trim_start_matches("SIG"))
        }
    }
}

/// Main and control process, and what the service says of itself.
pub fn pids(cx: &Cx<'_, '_>, unit: &Unit, out: &mut String) {
    let Some(service) = &unit.service else { return };
    let comm = |pid| cx.world.process(pid).map_or(String::new(), |process| format!(" ({})", process.comm));
    let mut text = String::new();
    if let Some(pid) = service.main_pid {
        let _ = write!(text, "   Main PID: {pid}{}", comm(pid));
    } else if let (Some(pid), Some(exit)) = (service.main_status.pid, service.main_status.status) {
        let _ = write!(text, "   Main PID: {pid} ({})", how(exit));
    } else if let Some(pid) = service.main_status.pid {
        // It was left running, and how it ends will not be known.
        let _ = write!(text, "   Main PID: {pid}");
    }
    if let Some(pid) = service.control_pid {
        text.push_str(if text.is_empty() { "  Cntrl PID: " } else { "; Control PID: " });
        let _ = write!(text, "{pid}{}", comm(pid));
    }
    if !text.is_empty() {
        line!(out, "{text}");
    }
    if let Some(status) = &service.status_text {
        line!(out, "     Status: \"{status}\"");
    }
    if service.status_errno > 0 {
        line!(out, "      Error: {}", service.status_errno);
    }
}

/// The control group with its processes, if there are any.
pub fn tree(cx: &Cx<'_, '_>, args: &Args, unit: &Unit, out: &mut String) {
    let Some(group) = unit.cgroup.as_deref() else { return };
    const PREFIX: &str = "             ";
    let width = cut_at(cx, args).map(|columns| columns.saturating_sub(PREFIX.len()));
    let lines = cgroup_tree::lines(cx.world, group, PREFIX, width);
    line!(out, "     CGroup: {group}");
    for text in lines {
        line!(out, "{text}");
    }
}
