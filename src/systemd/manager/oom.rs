//! What a manager does when the kernel killed a process of a unit for want of memory: systemd.service(5) `OOMPolicy=`.

use super::Core;
use super::log::LOG_NOTICE;
use crate::systemd::config::OomPolicy;
use crate::systemd::journal::message_id;
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::Signal;

impl Core<'_> {
    /// A process of the unit was killed by the out-of-memory killer.
    pub(in crate::systemd) fn out_of_memory(&mut self, u: &UnitName) {
        let extra = [("MESSAGE_ID", message_id::UNIT_OUT_OF_MEMORY)];
        self.log_unit_with(u, LOG_NOTICE, "A process of this unit has been killed by the OOM killer.", &extra);
        if self.m.unit(u).service.is_none() {
            return;
        }
        let policy = self.m.service_config(u).oom_policy.unwrap_or(OomPolicy::Stop);
        if policy == OomPolicy::Continue {
            return;
        }
        if self.m.service(u).result == ServiceResult::Success {
            self.m.service_mut(u).result = ServiceResult::OomKill;
        }
        let Some(group) = self.m.unit(u).cgroup.clone() else { return };
        let running = self.m.service(u).state == ServiceState::Running;
        let signal = if policy == OomPolicy::Kill { Signal::KILL } else { Signal::TERM };
        for pid in self.w.cgroup_members(&group, true) {
            if running || policy == OomPolicy::Kill {
                self.w.send_signal(pid, signal);
            }
        }
    }
}
