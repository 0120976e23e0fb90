//! Mounts and swaps: how they come up and go down. No file system is mounted behind them: systemd.mount(5), systemd.swap(5).

use super::Core;
use super::log::LOG_NOTICE;
use super::unit::PlainState;
use crate::systemd::config::TypeConfig;
use crate::systemd::journal::EntryBuilder;
use crate::systemd::unit_name::{UnitName, UnitType};

/// How long mount(8) and swapon(8) take, in microseconds.
const HELPER: u64 = 30_000;

impl Core<'_> {
    /// Begins to mount, or to swap.
    pub(super) fn mount_start(&mut self, u: &UnitName) {
        self.acquire_invocation_id(u);
        self.reset_accounting(u);
        self.realize_cgroup(u);
        self.m.unit_mut(u).plain_result = "success";
        let state = if u.unit_type() == UnitType::Mount { PlainState::Mounting } else { PlainState::Activating };
        self.set_plain_state(u, state);
        self.arm_plain(u, HELPER);
    }

    /// Begins to unmount, or to swap no more.
    pub(super) fn mount_stop(&mut self, u: &UnitName) {
        let state = if u.unit_type() == UnitType::Mount { PlainState::Unmounting } else { PlainState::Deactivating };
        self.set_plain_state(u, state);
        self.arm_plain(u, HELPER);
    }

    /// The helper has ended.
    pub(super) fn mount_timed_out(&mut self, u: &UnitName) {
        match self.m.unit(u).plain {
            PlainState::Mounting => self.mounted(u),
            PlainState::Activating => self.swap_activated(u),
            PlainState::Unmounting | PlainState::Deactivating => {
                self.log_unit_success(u);
                self.set_plain_state(u, PlainState::Dead);
            }
            _ => {}
        }
    }

    fn mounted(&mut self, u: &UnitName) {
        let place = match &self.m.unit(u).settings().kind {
            TypeConfig::Mount(mount) => mount.where_.clone(),
            _ => None,
        };
        if let Some(place) = place {
            self.w.files.mkdir_all(&place, self.w.now);
        }
        self.set_plain_state(u, PlainState::Mounted);
    }

    fn swap_activated(&mut self, u: &UnitName) {
        let what = match &self.m.unit(u).settings().kind {
            TypeConfig::Swap(swap) => swap.what.clone().unwrap_or_default(),
            _ => String::new(),
        };
        if self.w.files.get(&what).is_some() {
            return self.set_plain_state(u, PlainState::Active);
        }
        let text = format!("swapon: cannot open {what}: No such file or directory");
        let group = self.cgroup_path(u);
        let entry = EntryBuilder::daemon(self.w, &group, "swapon", 6, text);
        self.j.append(self.w, entry);
        self.log_unit(u, LOG_NOTICE, "Swap process exited, code=exited, status=255/EXCEPTION");
        self.m.unit_mut(u).plain_result = "exit-code";
        self.log_unit_failure(u, "exit-code");
        self.set_plain_state(u, PlainState::Failed);
    }
}
