//! What the kernel tells a manager: ends of processes, empty control groups, timers, notifications; and its own life.

use super::job::JobType;
use super::log::{LOG_ERR, LOG_INFO, LOG_WARNING};
use super::reason::Reason;
use super::{Core, Manager, RuntimeScope, Timeout, hardware};
use crate::systemd::config::JobMode;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::fs::Ino;
use crate::world::{ExitStatus, Pid, Signal, Time};

/// The environment a manager starts with.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Core<'_> {
    /// Begins to work: starts the default target and all that it wants.
    pub fn startup(&mut self) {
        self.m.started = self.w.process(self.m.pid).map_or(self.w.now, |process| process.started);
        self.m.loaded_at = self.w.now;
        if self.m.environment.is_empty() {
            self.m.environment = vec!["LANG=C.UTF-8".to_owned(), format!("PATH={PATH}")];
        }
        self.m.own_variables = self.m.environment.len();
        let system = self.m.scope == RuntimeScope::System;
        let own: &[&str] = if system { &["-.slice", "system.slice", "init.scope", "-.mount"] } else { &["-.slice"] };
        let devices = hardware::DEVICES.iter().map(|(name, ..)| *name);
        let mounts = hardware::CREDENTIALS.iter().map(|(name, _)| *name);
        let kernels = devices.chain(mounts).filter(|_| system);
        for name in own.iter().copied().chain(kernels) {
            if let Some(name) = UnitName::new(name) {
                self.ensure_loaded(&name);
            }
        }
        self.isolate_default();
        self.dispatch();
        self.check_finished();
    }

    fn isolate_default(&mut self) {
        for name in ["default.target", "rescue.target"] {
            let Some(name) = UnitName::new(name) else { continue };
            let u = self.ensure_loaded(&name);
            let mode = if self.m.scope == RuntimeScope::System { JobMode::Isolate } else { JobMode::Replace };
            match self.add_job(JobType::Start, &u, mode, Reason::Boot) {
                Ok(_) => {
                    let target = self.m.unit(&u).description().to_owned();
                    self.log_plain(LOG_INFO, &format!("Queued start job for default target {target}."));
                    return;
                }
                Err(error) => {
                    self.log_plain(LOG_ERR, &format!("Failed to queue default startup job: {}", error.message));
                }
            }
        }
    }

    /// Starts a target that ends the manager's life: `reboot.target`, `poweroff.target`, `exit.target`.
    pub fn shutdown(&mut self, target: &str) {
        let Some(name) = UnitName::new(target) else { return };
        let u = self.ensure_loaded(&name);
        if let Err(error) = self.add_job(JobType::Start, &u, JobMode::ReplaceIrreversibly, Reason::Shutdown) {
            self.log_plain(LOG_ERR, &format!("Failed to enqueue {u} job: {}", error.message));
        }
        self.dispatch();
    }

    /// A child of the manager ended.
    pub fn child_exited(&mut self, pid: Pid, status: ExitStatus) {
        if let Some(u) = self.m.pids.get(&pid).cloned() {
            self.service_child_exited(&u, pid, status);
        }
        self.m.pids.remove(&pid);
        self.dispatch();
    }

    /// A control group has no process any more. Handled once the ends of its processes have been told.
    pub fn cgroup_empty(&mut self, group: &str) {
        let Some(u) = self.m.unit_by_cgroup(group) else { return };
        let now = self.w.now;
        self.arm(now, Timeout::CgroupEmpty(u));
    }

    /// The kernel killed a process of a control group for want of memory: systemd.service(5), `OOMPolicy=`.
    pub fn oom_killed(&mut self, group: &str) {
        let Some(u) = self.m.unit_by_cgroup(group) else { return };
        self.log_unit(&u, LOG_WARNING, "A process of this unit has been killed by the OOM killer.");
        if u.unit_type() == UnitType::Service {
            self.service_oom_killed(&u);
        }
        self.dispatch();
    }

    fn cgroup_is_empty(&mut self, u: &UnitName) {
        let empty = self.m.unit(u).cgroup.as_ref().is_some_and(|g| self.w.cgroup_members(g, true).is_empty());
        if !empty {
            return;
        }
        if u.unit_type() == UnitType::Service {
            self.service_cgroup_empty(u);
        } else {
            self.plain_cgroup_empty(u);
        }
    }

    /// A process wrote to the notification socket.
    pub fn notified(&mut self, pid: Pid, text: &str) {
        let by_pid = self.m.pids.get(&pid).cloned();
        let group = self.w.process(pid).map(|p| p.cgroup.clone());
        let unit = by_pid.or_else(|| self.m.unit_by_cgroup(&group?));
        if let Some(u) = unit.filter(|u| u.unit_type() == UnitType::Service) {
            self.service_notify_message(&u, pid, text);
            self.dispatch();
        }
    }

    /// A child has executed its program.
    pub fn child_executed(&mut self, u: &UnitName, pid: Pid) {
        self.service_executed(u, pid);
        self.dispatch();
    }

    /// A file that the manager watches changed.
    pub fn file_changed(&mut self, ino: Ino) {
        self.retry_pid_files();
        self.paths_changed(ino);
        self.dispatch();
    }

    /// A timer event is due. True when it was this manager's.
    pub fn timer(&mut self, token: u64) -> bool {
        let Some(what) = self.m.timeouts.remove(&token) else { return false };
        match what {
            Timeout::Dispatch => {}
            Timeout::State(u) if u.unit_type() == UnitType::Service => self.service_timed_out(&u),
            Timeout::State(u) => self.plain_timed_out(&u),
            Timeout::Watchdog(u) => self.service_watchdog(&u),
            Timeout::Job(id) => self.job_timed_out(id),
            Timeout::Elapse(u) => self.timer_elapsed(&u),
            Timeout::Retry(u) => {
                self.m.unit_mut(&u).retry = None;
                self.m.start_when_upheld.insert(u);
            }
            Timeout::CgroupEmpty(u) => self.cgroup_is_empty(&u),
        }
        self.dispatch();
        true
    }

    /// A signal to the manager itself: systemd(1), "Signals".
    pub fn signalled(&mut self, signal: Signal) {
        match signal {
            Signal::HUP => self.daemon_reload(),
            Signal::INT if self.m.scope == RuntimeScope::System => self.shutdown("reboot.target"),
            Signal::TERM if self.m.scope != RuntimeScope::System => self.shutdown("exit.target"),
            _ => {}
        }
    }
}

impl Manager {
    /// The unit whose control group this is.
    pub(super) fn unit_by_cgroup(&self, group: &str) -> Option<UnitName> {
        let name = group.rsplit('/').find_map(UnitName::new)?;
        let direct = self.get(&name).filter(|u| u.cgroup.as_deref() == Some(group));
        direct.or_else(|| self.units().find(|u| u.cgroup.as_deref() == Some(group))).map(|u| u.name.clone())
    }

    /// When the manager began, for whoever shows uptime.
    pub fn started(&self) -> Time {
        self.started
    }
}
