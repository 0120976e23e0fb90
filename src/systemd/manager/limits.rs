//! The limits of a unit's control group, handed to the kernel: systemd.resource-control(5); and what happens when
//! memory runs out: systemd.service(5), `OOMPolicy=`.

use super::Core;
use crate::systemd::config::{CgroupContext, MemoryLimit, OomPolicy};
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::CgroupLimits;

impl Core<'_> {
    /// Tells the kernel what the processes of a unit may use.
    pub(super) fn apply_cgroup_limits(&mut self, u: &UnitName) {
        let Some(path) = self.m.unit(u).cgroup.clone() else { return };
        let loaded = self.m.unit(u).loaded.clone();
        let Some(context) = loaded.settings.cgroup() else { return };
        let policy = loaded.settings.service().and_then(|service| service.oom_policy);
        self.w.set_cgroup_limits(&path, limits(context, u.unit_type(), policy, self.w.memory));
    }

    /// The same for every unit that has a control group, after its files were read again.
    pub(super) fn apply_all_cgroup_limits(&mut self) {
        let units: Vec<UnitName> = self.m.units().filter(|u| u.cgroup.is_some()).map(|u| u.name.clone()).collect();
        for u in units {
            self.apply_cgroup_limits(&u);
        }
    }

    /// The limits of the slices above a unit: they hold as long as anything runs in them.
    pub(super) fn apply_slice_limits(&mut self, u: &UnitName) {
        let mut slice = self.m.unit(u).dependency(crate::systemd::dependency::UnitDependency::InSlice).next().cloned();
        while let Some(name) = slice.filter(|name| name.unit_type() == UnitType::Slice) {
            self.apply_cgroup_limits(&name);
            slice = self.m.unit(&name).dependency(crate::systemd::dependency::UnitDependency::InSlice).next().cloned();
        }
    }

    /// The kernel killed one of a service's processes.
    pub(super) fn service_oom_killed(&mut self, u: &UnitName) {
        use ServiceState::*;
        let policy = self.m.service_config(u).oom_policy.unwrap_or(OomPolicy::Stop);
        if policy == OomPolicy::Continue {
            return;
        }
        let kill = policy == OomPolicy::Kill;
        match self.m.service(u).state {
            Condition | StartPre | Start | StartPost | Stop => {
                let state = if kill { FinalSigkill } else { StopSigterm };
                self.enter_signal(u, state, ServiceResult::OomKill);
            }
            Exited | Running if kill => self.enter_signal(u, StopSigkill, ServiceResult::OomKill),
            Exited | Running => self.enter_stop(u, ServiceResult::OomKill),
            StopWatchdog | StopSigterm => self.enter_signal(u, StopSigkill, ServiceResult::OomKill),
            StopPost | FinalWatchdog | FinalSigterm => self.enter_signal(u, FinalSigkill, ServiceResult::OomKill),
            _ => {}
        }
    }
}

fn limits(context: &CgroupContext, kind: UnitType, policy: Option<OomPolicy>, memory: u64) -> CgroupLimits {
    let bytes = |limit: Option<MemoryLimit>| limit.and_then(|limit| limit.bytes(memory));
    CgroupLimits {
        pids: context.effective_tasks_max(kind),
        memory: bytes(context.memory_max),
        swap: bytes(context.memory_swap_max),
        cpu: context.cpu_quota_per_sec,
        memory_high: bytes(context.memory_high),
        memory_low: bytes(context.memory_low).unwrap_or(0),
        memory_min: bytes(context.memory_min).unwrap_or(0),
        cpu_weight: context.cpu_weight,
        io_weight: context.io_weight,
        oom_group: policy == Some(OomPolicy::Kill),
    }
}
