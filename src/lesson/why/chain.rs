//! Builds the chain from what the manager recorded.

use super::absence::{absence, ran_before};
use super::{Asker, Cause};
use crate::systemd::Systemd;
use crate::systemd::manager::{JobEnd, JobResult, JobType, Manager, ProcessEnd, Reason, Record, Unit};
use crate::systemd::states::{ActiveState, LoadState, ServiceResult, ServiceState, UnitFileState};
use crate::systemd::unit_name::UnitName;
use crate::world::{ExitStatus, World};

/// How far causes are followed from unit to unit.
const DEPTH: usize = 4;

/// A unit under examination.
struct Case<'a> {
    systemd: &'a Systemd,
    world: &'a World,
    manager: &'a Manager,
    depth: usize,
}

/// Why `unit` of `manager` is in its state; `enabled` is what its links say.
pub fn causes(
    systemd: &Systemd,
    world: &World,
    manager: &Manager,
    unit: &Unit,
    enabled: Option<UnitFileState>,
) -> Vec<Cause> {
    let case = Case { systemd, world, manager, depth: DEPTH };
    let mut chain = case.of(unit, enabled);
    if manager.need_daemon_reload(world, unit) {
        chain.push(Cause::ChangedOnDisk { unit: unit.name.to_string() });
    }
    chain
}

impl Case<'_> {
    fn of(&self, unit: &Unit, enabled: Option<UnitFileState>) -> Vec<Cause> {
        let name = unit.name.to_string();
        let (active, sub) = (unit.active_state(), unit.sub_state().to_owned());
        let mut chain = vec![Cause::State { unit: name.clone(), active, sub, since: unit.timestamps.state_change }];
        match unit.load_state() {
            LoadState::Masked => chain.push(Cause::Masked { unit: name }),
            LoadState::Error | LoadState::BadSetting => {
                let error = unit.loaded.load_error.as_ref().map_or_else(String::new, |error| error.message.clone());
                chain.push(Cause::BadFile { unit: name, error });
            }
            _ => match active {
                ActiveState::Failed => self.failed(unit, &mut chain),
                ActiveState::Inactive => self.inactive(unit, enabled, &mut chain),
                ActiveState::Activating if unit.service_state() == ServiceState::AutoRestart => {
                    self.ended(unit, &mut chain);
                    let (policy, at) = (policy(unit), unit.service.as_ref().and_then(|service| service.restart_at));
                    chain.push(Cause::Restarts { unit: name, policy, at });
                }
                _ => self.up(unit, enabled, &mut chain),
            },
        }
        chain
    }

    fn record(&self, unit: &Unit) -> Record {
        self.manager.record(&unit.name).cloned().unwrap_or_default()
    }

    /// It runs, or is on its way: who wanted it.
    fn up(&self, unit: &Unit, enabled: Option<UnitFileState>, chain: &mut Vec<Cause>) {
        let job = self.record(unit).job.filter(|job| job.reason == unit.reason);
        self.reason(unit, JobType::Start, &unit.reason, job.as_ref(), chain);
        if enabled == Some(UnitFileState::Disabled) {
            chain.push(Cause::NotAtBoot { unit: unit.name.to_string() });
        }
    }

    fn failed(&self, unit: &Unit, chain: &mut Vec<Cause>) {
        let name = unit.name.to_string();
        let Some(service) = &unit.service else {
            return self.job_end(unit, chain);
        };
        if unit.start_limit_hit || service.result == ServiceResult::StartLimitHit {
            let config = unit.config();
            let (burst, seconds) = (config.start_limit_burst, config.start_limit_interval / 1_000_000);
            chain.push(Cause::StartLimit { unit: name, burst, seconds });
            return self.process_end(unit, chain);
        }
        self.ended(unit, chain);
        let stopped = self.record(unit).job.is_some_and(|job| job.kind == JobType::Stop);
        if !stopped {
            chain.push(Cause::NoRestart { unit: name, policy: policy(unit), clean: false });
        }
    }

    fn inactive(&self, unit: &Unit, enabled: Option<UnitFileState>, chain: &mut Vec<Cause>) {
        let name = unit.name.to_string();
        let record = self.record(unit);
        if let Some(condition) = record.job.as_ref().and_then(|job| job.condition.clone()) {
            return chain.push(Cause::Condition { unit: name, condition });
        }
        // Whoever was started and ended by itself may have been unloaded since; then the record is all there is.
        let by_itself = match (&record.job, &record.exit) {
            (Some(job), Some(exit)) => job.kind != JobType::Stop && exit.at >= job.at,
            _ => matches!(unit.reason, Reason::Ended { .. }),
        };
        match (&record.job, &unit.reason) {
            (None, Reason::Untouched) => {
                let again = self.systemd.journal.boots().len() > 1;
                let before = ran_before(self.systemd, self.world, unit);
                let again = again && (before.is_some() || enabled.is_some());
                chain.push(Cause::NotPulledIn { unit: name, again, absence: absence(self.manager, unit, enabled) });
                chain.extend(before);
            }
            _ if by_itself => {
                self.process_end(unit, chain);
                chain.push(Cause::NoRestart { unit: name, policy: policy(unit), clean: true });
            }
            _ => self.job_end(unit, chain),
        }
    }

    /// What the last job says.
    fn job_end(&self, unit: &Unit, chain: &mut Vec<Cause>) {
        let Some(job) = self.record(unit).job else { return };
        match (job.result, &job.culprit) {
            (JobResult::Dependency, Some(culprit)) => self.dependency(unit, culprit, chain),
            (JobResult::Done, _) => self.reason(unit, job.kind, &job.reason, Some(&job), chain),
            (result, _) => {
                chain.push(Cause::JobFailed { unit: unit.name.to_string(), job: job.kind, result });
            }
        }
    }

    fn dependency(&self, unit: &Unit, culprit: &UnitName, chain: &mut Vec<Cause>) {
        chain.push(Cause::DependencyFailed { unit: unit.name.to_string(), culprit: culprit.to_string() });
        match self.manager.get(culprit) {
            Some(other) if self.depth > 0 && other.load_state() != LoadState::NotFound => {
                let deeper = Case { depth: self.depth - 1, ..*self };
                chain.extend(deeper.of(other, None));
            }
            _ => chain.push(Cause::NoFile { unit: culprit.to_string(), near: None }),
        }
    }

    /// How the last run ended.
    fn ended(&self, unit: &Unit, chain: &mut Vec<Cause>) {
        let name = unit.name.to_string();
        match unit.service.as_ref().map(|service| service.result) {
            Some(ServiceResult::OomKill) => chain.push(Cause::OutOfMemory { unit: name }),
            Some(
                ServiceResult::ExitCode | ServiceResult::Signal | ServiceResult::CoreDump | ServiceResult::Success,
            ) => self.process_end(unit, chain),
            Some(result) => chain.push(Cause::Result { unit: name, result }),
            None => {}
        }
    }

    fn process_end(&self, unit: &Unit, chain: &mut Vec<Cause>) {
        let name = unit.name.to_string();
        let Some(ProcessEnd { status, killer, at }) = self.record(unit).exit else { return };
        chain.push(match status {
            ExitStatus::Exited(status) => Cause::Exited { unit: name, status, at },
            ExitStatus::Signaled(signal, _) => {
                Cause::Signaled { unit: name, signal: format!("SIG{}", signal.name()), killer, at }
            }
        });
    }

    /// Follows a reason to its root. `end` is the job that it is about, when it is over.
    fn reason(&self, unit: &Unit, job: JobType, reason: &Reason, end: Option<&JobEnd>, chain: &mut Vec<Cause>) {
        let name = unit.name.to_string();
        let at = end.map(|end| end.at);
        match reason {
            Reason::Untouched => {}
            Reason::Requested { job: asked, .. } => {
                let by = end.and_then(|end| end.command.clone()).map_or(Asker::Somebody, Asker::Command);
                let job = if job == JobType::Start { *asked } else { job };
                chain.push(Cause::Asked { unit: name, job, by, at });
            }
            Reason::Boot => chain.push(Cause::Asked { unit: name, job, by: Asker::Boot, at }),
            Reason::Shutdown => chain.push(Cause::Asked { unit: name, job, by: Asker::Shutdown, at }),
            Reason::PulledIn { by, dependency, why } => {
                chain.push(Cause::PulledIn { unit: name, by: by.to_string(), dependency: dependency.as_str() });
                if let Some(other) = self.manager.get(by).filter(|_| chain.len() < 8) {
                    self.reason(other, job, why, end, chain);
                }
            }
            Reason::Conflict { with, why } => {
                chain.push(Cause::Conflict { unit: name, with: with.to_string() });
                if let Some(other) = self.manager.get(with).filter(|_| chain.len() < 8) {
                    self.reason(other, JobType::Start, why, end, chain);
                }
            }
            Reason::AutoRestart { policy, restarts, .. } => {
                self.process_end(unit, chain);
                let times = unit.service.as_ref().map_or(*restarts, |service| service.n_restarts.max(1));
                chain.push(Cause::Restarted { unit: name, policy: policy.as_str(), times: u64::from(times) });
            }
            Reason::Triggered { by } | Reason::Notified { by, .. } | Reason::Upheld { by } => {
                chain.push(Cause::Triggered { unit: name, by: by.to_string() });
            }
            Reason::BoundTo { gone } => chain.push(Cause::BoundTo { unit: name, gone: gone.to_string() }),
            Reason::Unneeded => chain.push(Cause::Unneeded { unit: name }),
            Reason::Ended { .. } => self.process_end(unit, chain),
            Reason::Outside => chain.push(Cause::Outside { unit: name }),
        }
    }
}

fn policy(unit: &Unit) -> &'static str {
    unit.service_config().map_or("no", |config| config.restart.as_str())
}
