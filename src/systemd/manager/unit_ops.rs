//! Starting, stopping and reloading a unit of any type: what comes before its own part: systemd.unit(5).

use super::job::JobType;
use super::job_run::Refusal;
use super::log::{LOG_DEBUG, LOG_NOTICE, LOG_WARNING};
use super::reason::Reason;
use super::{Core, Manager, Objective, RuntimeScope, Timeout, Unit};
use crate::systemd::config::{EmergencyAction, JobMode, ServiceExecCommand, TypeConfig};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{EventId, Time};

/// How many jobs are run at one moment.
const DISPATCH_MAX: usize = 4096;

impl Manager {
    /// Whether the type of the unit knows how to start.
    pub fn can_start(&self, unit: &Unit) -> bool {
        unit.load_state() == LoadState::Loaded && unit.name.unit_type() != UnitType::Device
    }

    /// Whether it can be stopped.
    pub fn can_stop(&self, unit: &Unit) -> bool {
        !unit.perpetual && unit.name.unit_type() != UnitType::Device
    }

    /// Whether it can be reloaded: it has `ExecReload=`, or passes reloads on.
    pub fn can_reload(&self, unit: &Unit) -> bool {
        let own = unit.service_config().is_some_and(|c| !c.commands(ServiceExecCommand::Reload).is_empty());
        own || unit.dependency(Dep::PropagatesReloadTo).next().is_some()
    }
}

impl Core<'_> {
    /// Whether a job makes sense for the unit.
    pub(super) fn job_is_applicable(&self, u: &UnitName, kind: JobType) -> bool {
        let unit = self.m.unit(u);
        match kind {
            JobType::Start | JobType::VerifyActive | JobType::Nop => true,
            JobType::Stop => !unit.perpetual,
            JobType::Restart | JobType::TryRestart => self.m.can_start(unit) && self.m.can_stop(unit),
            JobType::Reload | JobType::TryReload => self.m.can_reload(unit),
            JobType::ReloadOrStart => self.m.can_reload(unit) && self.m.can_start(unit),
        }
    }

    /// Starts a unit: `Ok(true)` when that takes time, `Ok(false)` when nothing is to be said about it.
    pub(super) fn unit_start(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        let state = self.m.unit(u).active_state();
        if matches!(state, ActiveState::Active | ActiveState::Reloading) {
            return Err(Refusal::Already);
        }
        if state == ActiveState::Maintenance {
            return Err(Refusal::Again);
        }
        if self.m.unit(u).load_state() != LoadState::Loaded {
            return Err(Refusal::Failed);
        }
        if u.unit_type() == UnitType::Scope && self.m.unit(u).timestamps.inactive_enter.is_some() {
            return Err(Refusal::Stale);
        }
        if state != ActiveState::Activating {
            if !self.test_conditions(u) {
                self.test_start_limit(u)?;
                return Err(Refusal::Condition);
            }
            if !self.test_asserts(u) {
                self.log_unit(u, LOG_NOTICE, "Starting requested but asserts failed.");
                return Err(Refusal::Assert);
            }
        }
        if !self.verify_deps(u) {
            return Err(Refusal::Link);
        }
        match u.unit_type() {
            UnitType::Service => {
                if self.test_start_limit(u).is_err() {
                    self.service_start_limit_hit(u);
                    return Err(Refusal::Failed);
                }
                self.service_start(u)
            }
            UnitType::Device => Err(Refusal::BadRequest),
            _ => self.plain_start(u),
        }
    }

    /// Stops a unit; as [`Core::unit_start`].
    pub(super) fn unit_stop(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        if self.m.unit(u).is_inactive_or_failed() {
            return Err(Refusal::Already);
        }
        match u.unit_type() {
            UnitType::Service => self.service_stop(u),
            UnitType::Device => Err(Refusal::BadRequest),
            _ => self.plain_stop(u),
        }
    }

    /// Reloads a unit; as [`Core::unit_start`].
    pub(super) fn unit_reload(&mut self, u: &UnitName) -> Result<bool, Refusal> {
        let unit = self.m.unit(u);
        if unit.load_state() != LoadState::Loaded {
            return Err(Refusal::Failed);
        }
        if !self.m.can_reload(unit) {
            return Err(Refusal::BadRequest);
        }
        match unit.active_state() {
            ActiveState::Reloading => return Err(Refusal::Again),
            ActiveState::Active => {}
            _ => {
                self.log_unit(u, LOG_WARNING, "Unit cannot be reloaded because it is inactive.");
                return Err(Refusal::NotExecutable);
            }
        }
        if unit.service.is_some() {
            self.service_reload(u);
            return Ok(true);
        }
        self.unit_notify(u, ActiveState::Active, ActiveState::Active, Default::default());
        Ok(false)
    }

    /// Whether what the unit is bound to is up, as far as it is ordered after it.
    fn verify_deps(&self, u: &UnitName) -> bool {
        let unit = self.m.unit(u);
        unit.dependency(Dep::BindsTo)
            .all(|other| !unit.depends_on(Dep::After, other) || self.m.unit(other).is_active_or_reloading())
    }

    /// Counts a start against `StartLimitBurst=` in `StartLimitIntervalSec=`.
    fn test_start_limit(&mut self, u: &UnitName) -> Result<(), Refusal> {
        let now = self.w.now;
        let unit = self.m.unit_mut(u);
        unit.start_limit_hit = false;
        let config = &unit.loaded.settings.unit;
        let (interval, burst, action) =
            (config.start_limit_interval, config.start_limit_burst, config.start_limit_action);
        if interval == 0 || burst == 0 {
            return Ok(());
        }
        let begin = unit.start_times.first().copied();
        if begin.is_none_or(|begin| begin.0.saturating_add(interval) < now.0) {
            unit.start_times = vec![now];
            return Ok(());
        }
        if unit.start_times.len() < burst as usize {
            unit.start_times.push(now);
            return Ok(());
        }
        unit.start_limit_hit = true;
        self.log_unit(u, LOG_WARNING, "Start request repeated too quickly.");
        self.emergency_action(action, true, &format!("unit {u} failed"));
        Err(Refusal::Failed)
    }

    /// A new run: a new id.
    pub(super) fn acquire_invocation_id(&mut self, u: &UnitName) {
        let id = self.w.rng.id128();
        self.m.unit_mut(u).invocation_id = Some(id);
    }

    /// A new run's use of the processor is counted from here.
    pub(super) fn reset_accounting(&mut self, u: &UnitName) {
        let path = self.cgroup_path(u);
        let before = crate::world::micros(self.w.cgroup_cpu(&path));
        self.m.unit_mut(u).cpu_base = Some((path, before));
    }

    /// The control group of the unit's processes, made when it is not there.
    pub(super) fn realize_cgroup(&mut self, u: &UnitName) -> String {
        let path = self.cgroup_path(u);
        let id = self.m.unit(u).invocation_id.clone();
        self.j.set_invocation(&path, id.as_deref());
        self.m.unit_mut(u).cgroup = Some(path.clone());
        self.apply_cgroup_limits(u);
        self.apply_slice_limits(u);
        path
    }

    /// Where a unit's control group is or would be.
    pub(super) fn cgroup_path(&self, u: &UnitName) -> String {
        if u.as_str() == "init.scope" {
            return format!("{}/init.scope", self.m.cgroup_root);
        }
        if u.unit_type() == UnitType::Slice {
            return format!("{}{}", self.m.cgroup_root, slice_path(u));
        }
        let slice = self.m.unit(u).dependency(Dep::InSlice).next();
        let above = slice.map(slice_path).unwrap_or_default();
        format!("{}{above}/{u}", self.m.cgroup_root)
    }

    /// Forgets the control group of a unit that is down, when it is empty.
    pub(super) fn prune_cgroup(&mut self, u: &UnitName) {
        let Some(group) = self.m.unit(u).cgroup.clone() else { return };
        if self.w.cgroup_members(&group, true).is_empty() {
            self.m.unit_mut(u).cgroup = None;
        }
    }

    /// What a failure or success means for the whole machine; with `warn` the journal is told why.
    pub(super) fn emergency_action(&mut self, action: EmergencyAction, warn: bool, reason: &str) {
        use EmergencyAction::*;
        let (text, target, objective) = match action {
            None => return,
            Reboot => ("Rebooting", "reboot.target", Objective::Reboot),
            RebootForce | RebootImmediate => ("Forcibly rebooting", "", Objective::Reboot),
            Poweroff => ("Powering off", "poweroff.target", Objective::Poweroff),
            PoweroffForce | PoweroffImmediate => ("Forcibly powering off", "", Objective::Poweroff),
            Exit | ExitForce if self.m.scope == RuntimeScope::System => {
                ("Exiting", "poweroff.target", Objective::Poweroff)
            }
            Exit => ("Exiting", "exit.target", Objective::Exit),
            ExitForce => ("Exiting immediately", "", Objective::Exit),
        };
        if target.is_empty() {
            self.m.objective = objective;
        } else if let Some(target) = UnitName::new(target) {
            self.log_plain(if warn { LOG_WARNING } else { LOG_DEBUG }, &format!("{text}: {reason}"));
            let target = self.ensure_loaded(&target);
            let _ = self.add_job(JobType::Start, &target, JobMode::ReplaceIrreversibly, Reason::Shutdown);
        }
    }

    /// What triggers this unit hears of its change of state.
    pub(super) fn trigger_notify(&mut self, u: &UnitName) {
        for other in self.m.unit(u).with_atom(&[Dep::TriggeredBy]) {
            match self.m.unit(&other).settings().kind {
                TypeConfig::Timer(_) => self.timer_trigger_notify(&other, u),
                TypeConfig::Path(_) => self.path_trigger_notify(&other, u),
                TypeConfig::Socket(_) => self.socket_trigger_notify(&other, u),
                _ => {}
            }
        }
    }

    /// Asks to be told at a moment.
    pub(super) fn arm(&mut self, at: Time, what: Timeout) -> (EventId, u64) {
        self.m.next_token += 1;
        let token = self.m.next_token;
        self.m.timeouts.insert(token, what);
        (self.w.wake_init_at(at, token), token)
    }

    /// Takes that back.
    pub(super) fn disarm(&mut self, (event, token): (EventId, u64)) {
        self.w.events.cancel(event);
        self.m.timeouts.remove(&token);
    }

    /// Takes back all that is armed for a unit.
    pub(super) fn cancel_unit_timers(&mut self, u: &UnitName) {
        let unit = self.m.unit_mut(u);
        let mut timers = vec![unit.retry.take(), unit.plain_timer.take()];
        if let Some(service) = &mut unit.service {
            timers.extend([service.timer.take(), service.watchdog_timer.take()]);
        }
        if let Some(timer) = &mut unit.timer {
            timers.push(timer.armed.take());
        }
        timers.into_iter().flatten().for_each(|timer| self.disarm(timer));
    }

    /// Does all that is queued, then forgets what is not needed.
    pub(super) fn dispatch(&mut self) {
        if std::mem::replace(&mut self.m.dispatching, true) {
            return;
        }
        let mut budget = DISPATCH_MAX;
        loop {
            self.dispatch_load_queue();
            budget = self.dispatch_run_queue(budget);
            self.dispatch_state_queues();
            if self.m.run_queue.is_empty() && self.m.load_queue.is_empty() {
                break;
            }
            if budget == 0 {
                // Units that start each other without end: the rest of the machine gets its turn.
                let later = Time(self.w.now.0 + 1_000);
                self.arm(later, Timeout::Dispatch);
                break;
            }
        }
        self.collect_garbage();
        self.m.dispatching = false;
    }
}

/// The path of a slice below the root: `/a.slice/a-b.slice` for `a-b.slice`, empty for `-.slice`.
pub(super) fn slice_path(slice: &UnitName) -> String {
    let stem = slice.stem();
    if stem == "-" {
        return String::new();
    }
    let ends = stem.match_indices('-').map(|(i, _)| i).filter(|i| *i > 0).chain([stem.len()]);
    ends.map(|end| format!("/{}.slice", &stem[..end])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_nest_by_their_dashes() {
        for (name, path) in [
            ("-.slice", ""),
            ("system.slice", "/system.slice"),
            ("system-k.slice", "/system.slice/system-k.slice"),
            ("a-b-c.slice", "/a.slice/a-b.slice/a-b-c.slice"),
        ] {
            assert_eq!(slice_path(&UnitName::new(name).unwrap()), path);
        }
    }
}
