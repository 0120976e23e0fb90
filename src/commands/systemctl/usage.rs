//! What a unit's processes use now: tasks, memory, processor time: systemctl(1), `status`.

use super::bus;
use crate::systemd::manager::Unit;
use crate::systemd::states::LoadState;
use crate::vps;
use crate::world::{Cx, Process};

/// The figures; `None` is "not known".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tasks.
    pub tasks: Option<u64>,
    /// Bytes.
    pub memory: Option<u64>,
    /// Microseconds.
    pub cpu: Option<u64>,
    /// The group's inode.
    pub cgroup_id: u64,
}

/// What a unit uses. Without a group nothing is counted; a unit without files loses its accounting of memory and tasks.
pub fn of(cx: &mut Cx<'_, '_>, unit: &Unit) -> Usage {
    let (systemd, world) = vps::systemd(cx.sys);
    let manager = systemd.manager_of(bus::scope_of(unit, systemd)).unwrap_or(&systemd.manager);
    let cpu = manager.cpu_usage(world, unit);
    let Some(group) = unit.cgroup.as_deref() else { return Usage { cpu, ..Usage::default() } };
    let members: Vec<&Process> =
        world.cgroup_members(group, true).into_iter().filter_map(|pid| world.process(pid)).collect();
    let counted = unit.load_state() == LoadState::Loaded;
    Usage {
        tasks: counted.then_some(members.len() as u64),
        memory: counted.then(|| members.iter().map(|p| p.rss).sum()),
        cpu,
        cgroup_id: group.bytes().fold(3000, |sum, byte| (sum * 31 + u64::from(byte)) % 100_000),
    }
}
