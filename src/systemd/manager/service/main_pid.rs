//! Finding the main process of a `Type=forking` service: `PIDFile=`, `GuessMainPID=`: systemd.service(5).

use crate::systemd::manager::Core;
use crate::systemd::manager::log::{LOG_INFO, LOG_WARNING};
use crate::systemd::states::{ServiceResult, ServiceState};
use crate::systemd::unit_name::UnitName;
use crate::world::Pid;
use crate::world::fs::Cred;

impl Core<'_> {
    /// Reads the PID file; true when it names a process of ours. `warn`: what is wrong with it is said.
    pub(super) fn load_pid_file(&mut self, u: &UnitName, warn: bool) -> bool {
        let Some(path) = self.m.service_config(u).pid_file.clone() else { return false };
        let text = match self.w.files.read(&Cred::root(), "/", &path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(errno) => {
                if warn {
                    let state = self.m.service(u).state;
                    self.log_unit(u, LOG_INFO, &format!("Can't open PID file {path} (yet?) after {state}: {errno}"));
                }
                return false;
            }
        };
        let first = text.lines().next().unwrap_or_default().trim();
        let Ok(pid) = first.parse::<Pid>() else {
            if warn {
                let errno = crate::world::Errno::EINVAL;
                self.log_unit(u, LOG_INFO, &format!("Failed to read PID from file {path}: {errno}"));
            }
            return false;
        };
        if self.m.service(u).main_pid_known && self.m.service(u).main_pid == Some(pid) {
            return false;
        }
        if !self.is_suitable_main_pid(u, pid, warn) {
            return false;
        }
        self.set_main_pid(u, pid);
        true
    }

    /// Whether a process may be the service's main process.
    pub(super) fn is_suitable_main_pid(&mut self, u: &UnitName, pid: Pid, warn: bool) -> bool {
        let text = if pid <= 1 || pid == self.m.pid {
            format!("New main PID {pid} is the manager, refusing.")
        } else if self.m.service(u).control_pid == Some(pid) {
            format!("New main PID {pid} is the control process, refusing.")
        } else if self.w.process(pid).is_none_or(|p| p.is_zombie()) {
            format!("New main PID {pid} does not exist or is a zombie.")
        } else {
            return true;
        };
        if warn {
            self.log_unit(u, LOG_WARNING, &text);
        }
        false
    }

    /// Takes the only child of ours in the control group for the main process.
    pub(super) fn search_main_pid(&mut self, u: &UnitName) {
        let service = self.m.service(u);
        if service.main_pid_known || !self.m.service_config(u).guess_main_pid {
            return;
        }
        let Some(group) = self.m.unit(u).cgroup.clone() else { return };
        let members = self.w.cgroup_members(&group, true);
        let ours = |pid: &Pid| self.w.process(*pid).is_some_and(|p| p.ppid == self.m.pid);
        let mut candidates = members.into_iter().filter(ours);
        if let (Some(pid), None) = (candidates.next(), candidates.next()) {
            self.set_main_pid(u, pid);
        }
    }

    /// Waits for the PID file; false when that has no sense.
    pub(super) fn demand_pid_file(&mut self, u: &UnitName) -> bool {
        let Some(path) = self.m.service_config(u).pid_file.clone() else { return false };
        let folder = path.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
        let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", folder, true) else { return false };
        self.w.watch(ino);
        self.m.service_mut(u).waiting_for_pid_file = true;
        true
    }

    /// A file changed somewhere: services that wait for their PID file look again.
    pub(in crate::systemd::manager) fn retry_pid_files(&mut self) {
        let waiting: Vec<UnitName> = self
            .m
            .units()
            .filter(|unit| unit.service.as_ref().is_some_and(|s| s.waiting_for_pid_file))
            .map(|unit| unit.name.clone())
            .collect();
        for u in waiting {
            if let Some(path) = self.m.service_config(&u).pid_file.clone() {
                // The file may exist before its contents do.
                if let Ok(ino) = self.w.files.lookup(&Cred::root(), "/", &path, true) {
                    self.w.watch(ino);
                }
            }
            if self.load_pid_file(&u, false) {
                self.m.service_mut(&u).waiting_for_pid_file = false;
                match self.m.service(&u).state {
                    ServiceState::Start => self.enter_start_post(&u),
                    ServiceState::StartPost => self.enter_running(&u, ServiceResult::Success),
                    _ => {}
                }
            }
        }
    }
}
