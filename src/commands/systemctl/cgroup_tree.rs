//! A control group's processes as a tree: systemctl(1) `status`, systemd-cgls(1).

use super::table::ellipsize;
use crate::systemd::escaping::quote_command_line;
use crate::world::{Pid, Process, World};
use std::collections::BTreeSet;

/// The lines below a group, each with `prefix` in front. `width` is the room for a line without the prefix.
pub fn lines(world: &World, group: &str, prefix: &str, width: Option<usize>) -> Vec<String> {
    let mut out = Vec::new();
    add(world, group, prefix, width, &mut out);
    out
}

/// Groups nest no deeper in what systemd makes; deeper ones are not shown.
const MAX_DEPTH: usize = 32;

fn add(world: &World, group: &str, prefix: &str, width: Option<usize>, out: &mut Vec<String>) {
    if group.matches('/').count() > MAX_DEPTH {
        return;
    }
    let pids: Vec<Pid> = world.cgroup_members(group, false);
    let children = children(world, group);
    let digits = pids.iter().map(|pid| pid.to_string().len()).max().unwrap_or(0);
    for (index, pid) in pids.iter().enumerate() {
        let Some(process) = world.process(*pid) else { continue };
        let more = index + 1 < pids.len() || !children.is_empty();
        let glyph = if more { "├─" } else { "└─" };
        let mut name = command_line(process);
        if let Some(width) = width {
            name = ellipsize(&name, width.saturating_sub(digits + 3).max(20), 100);
        }
        out.push(format!("{prefix}{glyph}{pid:>digits$} {name}"));
    }
    for (index, child) in children.iter().enumerate() {
        let last = index + 1 == children.len();
        let name = child.rsplit('/').next().unwrap_or(child);
        out.push(format!("{prefix}{}{name}", if last { "└─" } else { "├─" }));
        let below = format!("{prefix}{}", if last { "  " } else { "│ " });
        add(world, child, &below, width.map(|width| width.saturating_sub(2)), out);
    }
}

/// The groups right below one that have processes in them or further below, by name.
fn children(world: &World, group: &str) -> Vec<String> {
    let base = group.trim_end_matches('/');
    let mut found = BTreeSet::new();
    for process in world.processes().filter(|process| !process.is_zombie()) {
        let Some(rest) = process.cgroup.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) else { continue };
        if let Some(name) = rest.split('/').next().filter(|name| !name.is_empty()) {
            found.insert(format!("{base}/{name}"));
        }
    }
    found.into_iter().collect()
}

/// A process's arguments, or its name in brackets.
fn command_line(process: &Process) -> String {
    if process.argv.is_empty() {
        return format!("[{}]", process.comm);
    }
    quote_command_line(&process.argv)
}
