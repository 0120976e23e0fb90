//! What follows from a unit's change of state: timestamps, its job, its dependencies, OnFailure= and its kin.

use super::atoms::*;
use super::job::{Job, JobResult, JobState, JobType};
use super::log::{LOG_INFO, LOG_WARNING};
use super::reason::Reason;
use super::{Core, Timeout};
use crate::systemd::config::JobMode;
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::states::ActiveState;
use crate::systemd::unit_name::UnitName;

/// Circumstances of a change of state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NotifyFlags {
    /// A reload went wrong.
    pub reload_failure: bool,
    /// `Restart=` is about to act.
    pub will_auto_restart: bool,
    /// `ExecCondition=` said no.
    pub skip_condition: bool,
}

fn is_down(state: ActiveState) -> bool {
    matches!(state, ActiveState::Inactive | ActiveState::Failed)
}

fn is_up(state: ActiveState) -> bool {
    matches!(state, ActiveState::Active | ActiveState::Reloading)
}

fn is_up_or_coming(state: ActiveState) -> bool {
    is_up(state) || state == ActiveState::Activating
}

fn is_down_or_going(state: ActiveState) -> bool {
    is_down(state) || state == ActiveState::Deactivating
}

impl Core<'_> {
    /// A unit went from `old` to `new`: everything that hangs on it happens here, in systemd's order.
    pub(super) fn unit_notify(&mut self, u: &UnitName, old: ActiveState, new: ActiveState, flags: NotifyFlags) {
        // 1. When.
        self.record_time(u, old, new);
        if is_down(new) {
            self.prune_cgroup(u);
        }
        // 2. The job that wanted it, or nobody.
        let unexpected = match self.m.unit(u).job {
            Some(id) => self.unit_process_job(id, new, flags),
            None => true,
        };
        // 3. What should have been done before, had anybody known.
        if unexpected && is_down(old) && is_up_or_coming(new) {
            self.retroactively_start_dependencies(u);
        } else if unexpected && is_up_or_coming(old) && is_down_or_going(new) {
            self.retroactively_stop_dependencies(u);
        }
        // 4. Who wants to hear of it.
        if new != old && new == ActiveState::Failed && !flags.will_auto_restart {
            self.start_on(u, Dep::OnFailure);
        }
        let was_alive = !matches!(old, ActiveState::Failed | ActiveState::Inactive | ActiveState::Maintenance);
        if new == ActiveState::Inactive && was_alive && !flags.will_auto_restart {
            self.start_on(u, Dep::OnSuccess);
        }
        self.trigger_notify(u);
        // 5. Actions for the whole machine.
        if old != ActiveState::Failed && new == ActiveState::Failed {
            let action = self.m.unit(u).config().failure_action;
            self.emergency_action(action, false, &format!("unit {u} failed"));
        } else if !is_down(old) && new == ActiveState::Inactive {
            let action = self.m.unit(u).config().success_action;
            self.emergency_action(action, false, &format!("unit {u} succeeded"));
        }
        // 6. Queues for what depends on the state, not on the change.
        self.submit_to_queues(u, new);
    }

    fn record_time(&mut self, u: &UnitName, old: ActiveState, new: ActiveState) {
        let now = Some(self.w.now);
        let times = &mut self.m.unit_mut(u).timestamps;
        times.state_change = now;
        if is_down(old) && !is_down(new) {
            times.inactive_exit = now;
        } else if !is_down(old) && is_down(new) {
            times.inactive_enter = now;
        }
        if !is_up(old) && is_up(new) {
            times.active_enter = now;
        } else if is_up(old) && !is_up(new) {
            times.active_exit = now;
        }
    }

    /// Tells a unit's job of the unit's new state; whether the job did not want that.
    fn unit_process_job(&mut self, id: u64, new: ActiveState, flags: NotifyFlags) -> bool {
        let Some(Job { kind, state, .. }) = self.m.jobs.get(&id).cloned() else { return true };
        if state == JobState::Waiting {
            // A waiting job was not at work yet, but what it wants may be there already.
            let done = match kind {
                JobType::Start | JobType::VerifyActive => is_up(new),
                JobType::Stop | JobType::Restart => is_down(new),
                _ => false,
            };
            if done {
                self.job_finish(id, JobResult::Done, true, false);
            }
            return false;
        }
        let (result, unexpected) = match kind {
            JobType::Start | JobType::VerifyActive => match new {
                _ if is_up(new) => (Some(JobResult::Done), false),
                ActiveState::Activating => (None, false),
                ActiveState::Failed => (Some(JobResult::Failed), true),
                ActiveState::Inactive if flags.skip_condition => (Some(JobResult::Skipped), true),
                ActiveState::Inactive => (Some(JobResult::Done), true),
                _ => (None, true),
            },
            JobType::Reload => match new {
                ActiveState::Active if flags.reload_failure => (Some(JobResult::Failed), false),
                ActiveState::Active => (Some(JobResult::Done), false),
                ActiveState::Activating | ActiveState::Reloading => (None, false),
                ActiveState::Failed => (Some(JobResult::Failed), true),
                ActiveState::Inactive => (Some(JobResult::Done), true),
                _ => (None, true),
            },
            JobType::Stop | JobType::Restart => match new {
                _ if is_down(new) => (Some(JobResult::Done), false),
                ActiveState::Deactivating => (None, false),
                _ => (Some(JobResult::Failed), true),
            },
            _ => (None, true),
        };
        if let Some(result) = result {
            self.job_finish(id, result, true, false);
        }
        unexpected
    }

    fn retroactively_start_dependencies(&mut self, u: &UnitName) {
        let why =
            |dependency, u: &UnitName| Reason::PulledIn { by: u.clone(), dependency, why: Reason::Outside.into() };
        for (atom, mode) in [(RETROACTIVE_START, JobMode::Replace), (RETROACTIVE_START_FAIL, JobMode::Fail)] {
            for other in self.m.unit(u).with_atom(atom) {
                let state = self.m.unit(&other).active_state();
                if !self.m.unit(u).depends_on(Dep::After, &other) && !is_up_or_coming(state) {
                    let _ = self.add_job(JobType::Start, &other, mode, why(Dep::Requires, u));
                }
            }
        }
        for other in self.m.unit(u).with_atom(RETROACTIVE_STOP_ON_START) {
            if !is_down_or_going(self.m.unit(&other).active_state()) {
                let reason = Reason::Conflict { with: u.clone(), why: Reason::Outside.into() };
                let _ = self.add_job(JobType::Stop, &other, JobMode::Replace, reason);
            }
        }
    }

    fn retroactively_stop_dependencies(&mut self, u: &UnitName) {
        for other in self.m.unit(u).with_atom(RETROACTIVE_STOP_ON_STOP) {
            if !is_down_or_going(self.m.unit(&other).active_state()) {
                let reason = Reason::BoundTo { gone: u.clone() };
                let _ = self.add_job(JobType::Stop, &other, JobMode::Replace, reason);
            }
        }
    }

    /// Starts what `OnFailure=` or `OnSuccess=` names.
    pub(super) fn start_on(&mut self, u: &UnitName, kind: Dep) {
        let others: Vec<UnitName> = self.m.unit(u).dependency(kind).cloned().collect();
        if others.is_empty() {
            return;
        }
        self.log_unit(u, LOG_INFO, &format!("Triggering {kind}= dependencies."));
        let config = self.m.unit(u).config();
        let mode = if kind == Dep::OnFailure { config.on_failure_job_mode } else { config.on_success_job_mode };
        for other in others {
            let reason = Reason::Notified { by: u.clone(), dependency: kind };
            if let Err(error) = self.add_job(JobType::Start, &other, mode, reason) {
                let text = format!("Failed to enqueue {kind}= job, ignoring: {}", error.message);
                self.log_unit(u, LOG_WARNING, &text);
            }
        }
    }

    fn submit_to_queues(&mut self, u: &UnitName, new: ActiveState) {
        self.m.gc_queue.insert(u.clone());
        if is_down_or_going(new) {
            for other in self.m.unit(u).with_atom(ADD_STOP_WHEN_UNNEEDED) {
                self.m.stop_when_unneeded.insert(other);
            }
            for other in self.m.unit(u).with_atom(&[Dep::BoundBy]) {
                self.m.stop_when_bound.insert(other);
            }
            for other in self.m.unit(u).with_atom(&[Dep::UpheldBy]) {
                if is_up(self.m.unit(&other).active_state()) {
                    self.m.start_when_upheld.insert(u.clone());
                }
            }
        } else {
            self.m.stop_when_unneeded.insert(u.clone());
            self.m.stop_when_bound.insert(u.clone());
        }
        if is_up(new) {
            for other in self.m.unit(u).with_atom(&[Dep::Upholds]) {
                self.m.start_when_upheld.insert(other);
            }
        }
    }

    /// Does what follows from states: units that nobody needs, that are bound to nothing, that are held up.
    pub(super) fn dispatch_state_queues(&mut self) {
        while let Some(u) = self.m.start_when_upheld.pop_first() {
            let by = self.m.unit(&u).with_atom(&[Dep::UpheldBy]);
            let by = by.into_iter().find(|by| {
                let unit = self.m.unit(by);
                is_up(unit.active_state()) && !self.m.stop_pending(by)
            });
            let unit = self.m.unit(&u);
            let wanted = unit.is_inactive_or_failed() && unit.job.is_none();
            let Some(by) = by.filter(|_| wanted) else { continue };
            if self.auto_start_stop_below(&u, Timeout::Retry(u.clone())) {
                let _ = self.add_job(JobType::Start, &u, JobMode::Fail, Reason::Upheld { by });
            }
        }
        while let Some(u) = self.m.stop_when_bound.pop_first() {
            let unit = self.m.unit(&u);
            if !is_up_or_coming(unit.active_state()) || unit.job.is_some() {
                continue;
            }
            let gone = unit.with_atom(CANNOT_BE_ACTIVE_WITHOUT).into_iter().find(|other| {
                let other = self.m.unit(other);
                is_down(other.active_state()) && other.job.is_none()
            });
            if let Some(gone) = gone {
                let reason = Reason::BoundTo { gone };
                let _ = self.add_job(JobType::Stop, &u, JobMode::Replace, reason);
            }
        }
        while let Some(u) = self.m.stop_when_unneeded.pop_first() {
            let unit = self.m.unit(&u);
            let idle = unit.config().stop_when_unneeded && is_up_or_coming(unit.active_state()) && unit.job.is_none();
            let needed = || {
                unit.with_atom(PINS_STOP_WHEN_UNNEEDED).iter().any(|by| {
                    let by = self.m.unit(by);
                    !is_down_or_going(by.active_state()) || by.job.is_some()
                })
            };
            if idle && !needed() {
                self.log_unit(&u, LOG_INFO, "Unit not needed anymore. Stopping.");
                let _ = self.add_job(JobType::Stop, &u, JobMode::Fail, Reason::Unneeded);
            }
        }
    }

    /// Whether an automatic start may happen now (16 in 10 s); else it is tried again later.
    fn auto_start_stop_below(&mut self, u: &UnitName, retry: Timeout) -> bool {
        const INTERVAL: u64 = 10_000_000;
        const BURST: usize = 16;
        let now = self.w.now;
        let times = &mut self.m.unit_mut(u).auto_start_stop;
        times.retain(|t| t.0 + INTERVAL > now.0);
        if times.len() < BURST {
            times.push(now);
            return true;
        }
        let at = crate::world::Time(times[0].0 + INTERVAL);
        let timer = self.arm(at, retry);
        if let Some(old) = self.m.unit_mut(u).retry.replace(timer) {
            self.disarm(old);
        }
        false
    }
}
