//! Running jobs: what is runnable, what a run gives, and what a job's end sets free: systemd's job engine.

use super::atoms::*;
use super::job::{Job, JobResult, JobState, JobType};
use super::log::LOG_NOTICE;
use super::{Core, Manager, Timeout};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::span::INFINITY;
use crate::systemd::states::ActiveState;
use crate::systemd::unit_name::UnitName;
use crate::world::{Channel, Time};

/// Why a unit does not do what a job asks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is there already.
    Already,
    /// Not now.
    Again,
    /// A condition does not hold.
    Condition,
    /// Units of this type cannot do that.
    BadRequest,
    /// It is not in a state for that.
    NotExecutable,
    /// An assertion does not hold.
    Assert,
    /// What it needs is not there.
    Link,
    /// It can be started once only.
    Stale,
    /// Anything else.
    Failed,
}

/// How many finished jobs are remembered for clients that have not asked yet.
const RESULTS_MAX: usize = 4096;

impl Manager {
    /// Negative: `a` runs before `b`; positive: after; zero: no matter. `a` is ordered before `b`, or after it.
    pub(super) fn job_compare(a: (JobType, bool), b: (JobType, bool), a_is_before: bool) -> i8 {
        if a.0 == JobType::Nop || b.0 == JobType::Nop || a.1 || b.1 {
            return 0;
        }
        if !a_is_before {
            return -Self::job_compare(b, a, true);
        }
        // A stop goes first, whatever the order; a restart is a stop as long as it has not become a start.
        if matches!(b.0, JobType::Stop | JobType::Restart) { 1 } else { -1 }
    }

    /// Whether no other job has to be over before this one may run.
    fn job_is_runnable(&self, job: &Job) -> bool {
        if job.ignore_order || job.kind == JobType::Nop {
            return true;
        }
        let unit = self.unit(&job.unit);
        [(Dep::After, false), (Dep::Before, true)].into_iter().all(|(kind, before)| {
            unit.dependency(kind).all(|other| {
                let other = self.unit(other).job.and_then(|id| self.jobs.get(&id));
                other.is_none_or(|o| {
                    Self::job_compare((job.kind, job.ignore_order), (o.kind, o.ignore_order), before) <= 0
                })
            })
        })
    }

    /// The job that runs next: slices before the rest, services last, then by name.
    fn next_in_run_queue(&self) -> Option<u64> {
        let rank = |id: &u64| self.jobs.get(id).map(|job| (std::cmp::Reverse(job.unit.unit_type()), job.unit.clone()));
        self.run_queue.iter().min_by_key(|id| rank(id)).copied()
    }
}

impl Core<'_> {
    /// Puts a job into the run queue.
    pub(super) fn queue_run(&mut self, id: u64) {
        self.m.run_queue.insert(id);
    }

    /// Runs jobs that can run, as many as `budget` allows; what is left of it is told.
    pub(super) fn dispatch_run_queue(&mut self, mut budget: usize) -> usize {
        while budget > 0
            && let Some(id) = self.m.next_in_run_queue()
        {
            self.m.run_queue.remove(&id);
            self.job_run(id);
            budget -= 1;
        }
        budget
    }

    fn job_run(&mut self, id: u64) {
        let Some(job) = self.m.jobs.get(&id).cloned() else { return };
        if job.state != JobState::Waiting || !self.m.job_is_runnable(&job) {
            return;
        }
        self.start_job_timer(id, true);
        if let Some(job) = self.m.jobs.get_mut(&id) {
            (job.state, job.begin_running) = (JobState::Running, Some(self.w.now));
        }
        let u = &job.unit;
        let state = self.m.unit(u).active_state();
        let outcome = match job.kind {
            JobType::VerifyActive => match state {
                ActiveState::Active | ActiveState::Reloading => Err(Refusal::Already),
                ActiveState::Activating => Err(Refusal::Again),
                _ => Err(Refusal::BadRequest),
            },
            JobType::Start | JobType::Stop | JobType::Restart => match self.perform(id, &job) {
                Err(Refusal::BadRequest) => Ok(false),
                other => other,
            },
            JobType::Reload => self.perform(id, &job),
            _ => Err(Refusal::Already),
        };
        if !self.m.jobs.contains_key(&id) {
            return;
        }
        let result = match outcome {
            Ok(_) => return,
            Err(Refusal::Again) => {
                if let Some(job) = self.m.jobs.get_mut(&id) {
                    job.state = JobState::Waiting;
                }
                return;
            }
            Err(Refusal::Already) => return self.job_finish(id, JobResult::Done, true, true),
            Err(Refusal::Condition) => JobResult::Done,
            Err(Refusal::BadRequest) => JobResult::Skipped,
            Err(Refusal::NotExecutable) => JobResult::Invalid,
            Err(Refusal::Assert) => JobResult::Assert,
            Err(Refusal::Link) => JobResult::Dependency,
            Err(Refusal::Stale) => JobResult::Once,
            Err(Refusal::Failed) => JobResult::Failed,
        };
        self.job_finish(id, result, true, false);
    }

    /// Lets the unit do it, and says so if it takes time.
    fn perform(&mut self, id: u64, job: &Job) -> Result<bool, Refusal> {
        let u = &job.unit;
        if self.m.unit(u).reason != job.reason {
            self.m.unit_mut(u).reason = job.reason.clone();
        }
        let (kind, outcome) = match job.kind {
            JobType::Start => (JobType::Start, self.unit_start(u)),
            JobType::Reload => (JobType::Reload, self.unit_reload(u)),
            _ => (JobType::Stop, self.unit_stop(u)),
        };
        if outcome == Ok(true) && self.m.jobs.contains_key(&id) {
            self.job_emit_start_message(u, id, kind);
        }
        outcome
    }

    /// Ends a job: says so, tells who waits, fails what depended on it, lets others run. `already`: it did nothing.
    pub(super) fn job_finish(&mut self, id: u64, result: JobResult, recursive: bool, already: bool) {
        let Some(job) = self.m.jobs.get(&id).cloned() else { return };
        let (u, kind) = (job.unit.clone(), job.kind);
        // 1. The journal.
        if !already {
            self.job_emit_done_message(&u, id, kind, result);
        }
        // 2. The stop of a restart is over: now its start.
        if result == JobResult::Done && kind == JobType::Restart {
            if let Some(job) = self.m.jobs.get_mut(&id) {
                (job.kind, job.state) = (JobType::Start, JobState::Waiting);
            }
            self.queue_run(id);
            return self.wake_neighbours(&u);
        }
        // 3. Out of the queue, and the clients are told.
        self.uninstall(id, result);
        self.record_job(job, kind, result, already);
        // 4. What depended on it.
        if result != JobResult::Done && recursive {
            match kind {
                JobType::Start | JobType::VerifyActive => self.fail_dependents(&u, PROPAGATE_START_FAILURE),
                JobType::Stop => self.fail_dependents(&u, PROPAGATE_STOP_FAILURE),
                _ => {}
            }
        }
        if result == JobResult::Done && kind == JobType::Start && self.m.unit(&u).is_inactive_or_failed() {
            self.fail_dependents(&u, INACTIVE_START_IS_FAILURE);
        }
        if matches!(result, JobResult::Timeout | JobResult::Dependency) {
            let text = format!("Job {u}/{kind} failed with result '{result}'.");
            let extra = [("JOB_TYPE", kind.as_str()), ("JOB_RESULT", result.as_str())];
            self.log_unit_with(&u, LOG_NOTICE, &text, &extra);
            self.start_on(&u, Dep::OnFailure);
        }
        self.trigger_notify(&u);
        // 5. Others may run now.
        self.wake_neighbours(&u);
        self.check_finished();
    }

    /// Takes a job out of the queue and keeps its result for whoever waits.
    fn uninstall(&mut self, id: u64, result: JobResult) {
        let Some(job) = self.m.jobs.remove(&id) else { return };
        self.m.run_queue.remove(&id);
        if let Some(timer) = job.timer {
            self.disarm(timer);
        }
        let unit = self.m.unit_mut(&job.unit);
        if unit.job == Some(id) {
            unit.job = None;
        }
        self.m.gc_queue.insert(job.unit);
        self.m.results.insert(id, result);
        while self.m.results.len() > RESULTS_MAX {
            let Some(oldest) = self.m.results.keys().next().copied() else { break };
            self.m.results.remove(&oldest);
        }
        self.w.wake_channel(Channel::Init(id));
    }

    fn fail_dependents(&mut self, u: &UnitName, atom: &[Dep]) {
        for other in self.m.unit(u).with_atom(atom) {
            let job = self.m.unit(&other).job.and_then(|id| self.m.jobs.get(&id));
            if let Some(Job { id, kind: JobType::Start | JobType::VerifyActive, .. }) = job {
                let id = *id;
                self.record_culprit(&other, u);
                self.job_finish(id, JobResult::Dependency, true, false);
            }
        }
    }

    /// Jobs of units ordered before or after this one may be runnable now.
    fn wake_neighbours(&mut self, u: &UnitName) {
        for other in self.m.unit(u).with_atom(&[Dep::After, Dep::Before]) {
            if let Some(id) = self.m.unit(&other).job {
                self.queue_run(id);
            }
        }
    }

    /// Arms `JobTimeoutSec=` (from queueing) or `JobRunningTimeoutSec=` (from running).
    pub(super) fn start_job_timer(&mut self, id: u64, running: bool) {
        let Some(job) = self.m.jobs.get(&id) else { return };
        let config = self.m.unit(&job.unit).config();
        let (span, from) =
            if running { (config.job_running_timeout, self.w.now) } else { (config.job_timeout, job.begin) };
        if span == INFINITY || span == 0 {
            return;
        }
        let at = Time(from.0.saturating_add(span));
        if job.timer.is_some_and(|(event, _)| event.0 <= at) {
            return;
        }
        let timer = self.arm(at, Timeout::Job(id));
        if let Some(old) = self.m.jobs.get_mut(&id).and_then(|job| job.timer.replace(timer)) {
            self.disarm(old);
        }
    }

    /// A job took too long.
    pub(super) fn job_timed_out(&mut self, id: u64) {
        let Some(job) = self.m.jobs.get(&id) else { return };
        let u = job.unit.clone();
        let action = self.m.unit(&u).config().job_timeout_action;
        self.job_finish(id, JobResult::Timeout, true, false);
        self.emergency_action(action, true, &format!("job for unit {u} timed out"));
    }
}
