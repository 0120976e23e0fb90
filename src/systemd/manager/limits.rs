//! The limits of a unit's control group, handed to the kernel: systemd.resource-control(5); and what happens when
//! memory runs out: systemd.service(5), `OOMPolicy=`.

use super::Core;
use crate::systemd::config::{CgroupContext, OomPolicy};
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
        self.w.set_cgroup_limits(&path, limits(context, policy, self.w.memory));
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

fn limits(context: &CgroupContext, policy: Option<OomPolicy>, memory: u64) -> CgroupLimits {
    CgroupLimits {
        pids: context.tasks_max.and_then(|limit| limit.tasks()),
        memory: context.memory_max.and_then(|limit| limit.bytes(memory)),
        swap: context.memory_swap_max.and_then(|limit| limit.bytes(memory)),
        cpu: context.cpu_quota_per_sec,
        oom_group: policy == Some(OomPolicy::Kill),
    }
}
