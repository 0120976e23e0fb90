//! Transactions: from one wanted job to a consistent set of jobs: systemd(1), "Units", last paragraphs.

use super::atoms::*;
use super::candidates::{Candidate, Link, Transaction};
use super::error::{ManagerError, name};
use super::job::{Job, JobResult, JobState, JobType};
use super::log::{LOG_NOTICE, LOG_WARNING};
use super::reason::Reason;
use super::{Core, Unit};
use crate::systemd::config::JobMode;
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::UnitName;
use std::sync::Arc;

/// How deep dependencies are followed.
const DEPTH_MAX: usize = 400;

/// How a dependency brings a job in.
#[derive(Clone, Copy)]
struct Pull {
    kind: JobType,
    matters: bool,
    conflicts: bool,
    ignore_requirements: bool,
    ignore_order: bool,
}

/// Why a unit cannot be part of a transaction, and whether the one who wants it minds.
pub(super) struct Unfit {
    pub error: ManagerError,
    /// Missing, masked or of a type that cannot do it: not worth a word when only wanted.
    pub quiet: bool,
    /// The job does not apply to the unit; a requirement is satisfied without it.
    pub not_applicable: bool,
}

impl Core<'_> {
    /// Queues a job with all that it brings: the heart of the manager. Errors: as systemd words them.
    pub(super) fn add_job(
        &mut self,
        kind: JobType,
        u: &UnitName,
        mode: JobMode,
        reason: Reason,
    ) -> Result<u64, ManagerError> {
        self.dispatch_load_queue();
        self.check_mode(kind, u, mode)?;
        let kind = kind.collapse(self.m.unit(u).active_state());
        let mut tr = Transaction { irreversible: mode == JobMode::ReplaceIrreversibly, ..Transaction::default() };
        let pull = Pull {
            kind,
            matters: true,
            conflicts: false,
            ignore_requirements: matches!(mode, JobMode::IgnoreDependencies | JobMode::IgnoreRequirements),
            ignore_order: mode == JobMode::IgnoreDependencies,
        };
        self.add_with_dependencies(&mut tr, u, None, pull, Arc::new(reason), 0).map_err(|unfit| unfit.error)?;
        match mode {
            JobMode::Isolate => self.add_isolate_jobs(&mut tr),
            JobMode::Triggering => self.add_triggering_jobs(&mut tr, u),
            _ => {}
        }
        let id = self.activate(tr, mode)?;
        Ok(id)
    }

    fn check_mode(&self, kind: JobType, u: &UnitName, mode: JobMode) -> Result<(), ManagerError> {
        match mode {
            JobMode::Isolate if kind != JobType::Start => {
                Err(ManagerError::new(name::INVALID_ARGS, "Isolate is only valid for start."))
            }
            JobMode::Isolate if !self.m.unit(u).config().allow_isolate => {
                Err(ManagerError::new(name::NO_ISOLATION, "Operation refused, unit may not be isolated."))
            }
            JobMode::Triggering if kind != JobType::Stop => {
                Err(ManagerError::new(name::INVALID_ARGS, "--job-mode=triggering is only valid for stop."))
            }
            _ => Ok(()),
        }
    }

    fn add_with_dependencies(
        &mut self,
        tr: &mut Transaction,
        u: &UnitName,
        by: Option<usize>,
        pull: Pull,
        reason: Arc<Reason>,
        depth: usize,
    ) -> Result<usize, Unfit> {
        let kind = pull.kind;
        if kind != JobType::Stop {
            self.retry_load(u);
            validate_load_state(self.m.unit(u))?;
        }
        if !self.job_is_applicable(u, kind) {
            let text = format!("Job type {kind} is not applicable for unit {u}.");
            let error = ManagerError::new(name::JOB_TYPE_NOT_APPLICABLE, text);
            return Err(Unfit { error, quiet: true, not_applicable: true });
        }
        let (index, is_new) = tr.add_one(u, kind, reason.clone());
        if let Some(Some(candidate)) = tr.candidates.get_mut(index) {
            candidate.ignore_order |= pull.ignore_order;
        }
        if by.is_none() {
            tr.anchor = index;
        }
        tr.links.push(Link { subject: by, object: index, matters: pull.matters, conflicts: pull.conflicts });
        if !is_new || pull.ignore_requirements || kind == JobType::Nop || depth >= DEPTH_MAX {
            return Ok(index);
        }
        let of = |kind, matters, conflicts| Pull { kind, matters, conflicts, ignore_requirements: false, ..pull };
        if matches!(kind, JobType::Start | JobType::Restart) {
            for (atom, pull) in [
                (PULL_IN_START, of(JobType::Start, true, false)),
                (PULL_IN_START_IGNORED, of(JobType::Start, false, false)),
                (PULL_IN_VERIFY, of(JobType::VerifyActive, true, false)),
                (PULL_IN_STOP, of(JobType::Stop, true, true)),
                (PULL_IN_STOP_IGNORED, of(JobType::Stop, false, false)),
            ] {
                self.pull_in(tr, u, index, atom, pull, &reason, depth)?;
            }
        }
        match kind {
            JobType::Stop => self.pull_in(tr, u, index, PROPAGATE_STOP, of(kind, true, false), &reason, depth)?,
            JobType::Restart => {
                let pull = of(JobType::TryRestart, true, false);
                self.pull_in(tr, u, index, PROPAGATE_RESTART, pull, &reason, depth)?;
            }
            JobType::Reload => {
                let pull = of(JobType::TryReload, false, false);
                self.pull_in(tr, u, index, &[Dep::PropagatesReloadTo], pull, &reason, depth)?;
            }
            _ => {}
        }
        Ok(index)
    }

    /// Follows the dependencies of one atom.
    #[allow(clippy::too_many_arguments)]
    fn pull_in(
        &mut self,
        tr: &mut Transaction,
        u: &UnitName,
        subject: usize,
        atom: &[Dep],
        pull: Pull,
        reason: &Arc<Reason>,
        depth: usize,
    ) -> Result<(), Unfit> {
        for kind in atom {
            let others: Vec<UnitName> = self.m.unit(u).dependency(*kind).cloned().collect();
            for other in others {
                let job = pull.kind.collapse(self.m.unit(&other).active_state());
                if job == JobType::Nop {
                    continue;
                }
                let why = match pull.kind {
                    JobType::Stop if matches!(kind, Dep::Conflicts | Dep::ConflictedBy) => {
                        Reason::Conflict { with: u.clone(), why: reason.clone() }
                    }
                    _ => Reason::PulledIn { by: u.clone(), dependency: *kind, why: reason.clone() },
                };
                let pull = Pull { kind: job, ..pull };
                let added = self.add_with_dependencies(tr, &other, Some(subject), pull, Arc::new(why), depth + 1);
                match added {
                    Err(unfit) if pull.matters && !unfit.not_applicable => return Err(unfit),
                    Err(unfit) if !pull.matters && !unfit.quiet => {
                        let text = format!("Cannot add dependency job, ignoring: {}", unfit.error.message);
                        self.log_unit(&other, LOG_WARNING, &text);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// `isolate`: everything that the transaction does not start is to stop.
    fn add_isolate_jobs(&mut self, tr: &mut Transaction) {
        let all: Vec<UnitName> = self.m.units.keys().cloned().collect();
        for u in all {
            let unit = self.m.unit(&u);
            let idle = unit.is_inactive_or_failed() && unit.job.is_none();
            if unit.config().ignore_on_isolate || idle || tr.by_unit.contains_key(&u) {
                continue;
            }
            self.add_stop(tr, &u);
        }
    }

    /// `triggering`: what triggers the unit is to stop as well.
    fn add_triggering_jobs(&mut self, tr: &mut Transaction, u: &UnitName) {
        for other in self.m.unit(u).with_atom(&[Dep::TriggeredBy]) {
            if !tr.by_unit.contains_key(&other) {
                self.add_stop(tr, &other);
            }
        }
    }

    fn add_stop(&mut self, tr: &mut Transaction, u: &UnitName) {
        let Some(anchor) = tr.get(tr.anchor) else { return };
        let reason = Arc::new(Reason::Conflict { with: anchor.unit.clone(), why: anchor.reason.clone() });
        let pull = Pull {
            kind: JobType::Stop,
            matters: true,
            conflicts: false,
            ignore_requirements: false,
            ignore_order: false,
        };
        let subject = Some(tr.anchor);
        let _ = self.add_with_dependencies(tr, u, subject, pull, reason, 0);
    }

    /// Makes the transaction consistent and applies it. Errors: cyclic, conflicting, destructive.
    fn activate(&mut self, mut tr: Transaction, mode: JobMode) -> Result<u64, ManagerError> {
        // 1. Which jobs matter.
        tr.find_jobs_that_matter();
        // 2. Stop nothing that runs if it can be helped.
        if mode == JobMode::Fail {
            self.minimize_impact(&mut tr);
        }
        // 3. Drop what is so already.
        self.drop_redundant(&mut tr);
        // 4. and 5. Drop what nobody wants; break cycles, again until there is none.
        loop {
            if mode != JobMode::Isolate {
                tr.collect_garbage();
            }
            match self.verify_order(&mut tr) {
                Ok(true) => break,
                Ok(false) => {}
                Err(error) => {
                    let text = "Requested transaction contains an unfixable cyclic ordering dependency";
                    self.log_plain(LOG_WARNING, &format!("{text}: {}", error.message));
                    return Err(error);
                }
            }
        }
        // 6. and 7. Merge the jobs of each unit, dropping what contradicts and does not matter.
        loop {
            match self.merge_jobs(&mut tr) {
                Ok(true) => break,
                Ok(false) if mode != JobMode::Isolate => tr.collect_garbage(),
                Ok(false) => {}
                Err(error) => {
                    let text = format!("Requested transaction contains unmergeable jobs: {}", error.message);
                    self.log_plain(LOG_WARNING, &text);
                    return Err(error);
                }
            }
        }
        // 8. Merging may have made more of them redundant.
        self.drop_redundant(&mut tr);
        // 9. May the queue be changed so?
        if let Err(error) = self.check_destructive(&tr, mode) {
            let text = format!("Requested transaction contradicts existing jobs: {}", error.message);
            self.log_plain(LOG_NOTICE, &text);
            return Err(error);
        }
        // 10. Apply.
        Ok(self.apply(tr, mode))
    }

    fn apply(&mut self, tr: Transaction, mode: JobMode) -> u64 {
        if matches!(mode, JobMode::Isolate | JobMode::Flush) {
            let old: Vec<(u64, UnitName)> = self.m.jobs.values().map(|j| (j.id, j.unit.clone())).collect();
            for (id, unit) in old {
                if !tr.by_unit.contains_key(&unit) {
                    self.job_finish(id, JobResult::Canceled, false, false);
                }
            }
        }
        let mut anchor = 0;
        for (index, candidate) in tr.candidates.into_iter().enumerate() {
            let Some(candidate) = candidate else { continue };
            let id = self.install(candidate, tr.irreversible);
            if index == tr.anchor {
                anchor = id;
            }
            self.queue_run(id);
            self.start_job_timer(id, false);
        }
        anchor
    }

    /// Puts a job at its unit; it may melt into the one that is there.
    fn install(&mut self, new: Candidate, irreversible: bool) -> u64 {
        let state = self.m.unit(&new.unit).active_state();
        if let Some(old) = self.m.unit(&new.unit).job.and_then(|id| self.m.jobs.get(&id)).cloned() {
            match old.kind.merge(new.kind, state) {
                None => self.job_finish(old.id, JobResult::Canceled, false, false),
                Some(merged) => {
                    let covered = new.kind != JobType::Reload && old.kind == merged;
                    if let Some(job) = self.m.jobs.get_mut(&old.id) {
                        job.kind = merged;
                        job.irreversible |= irreversible;
                        job.ignore_order |= new.ignore_order;
                        if old.state == JobState::Running && !covered {
                            job.state = JobState::Waiting;
                        }
                    }
                    return old.id;
                }
            }
        }
        let id = self.m.next_job;
        self.m.next_job += 1;
        let job = Job {
            id,
            unit: new.unit.clone(),
            kind: new.kind,
            state: JobState::Waiting,
            irreversible,
            ignore_order: new.ignore_order,
            reason: Arc::unwrap_or_clone(new.reason),
            begin: self.w.now,
            begin_running: None,
            timer: None,
        };
        self.m.unit_mut(&new.unit).job = Some(id);
        self.m.jobs.insert(id, job);
        id
    }
}

/// Whether a unit may be started, going by how it was read.
pub(super) fn validate_load_state(unit: &Unit) -> Result<(), Unfit> {
    let u = &unit.name;
    let (id, text, quiet) = match unit.load_state() {
        LoadState::Loaded => return Ok(()),
        LoadState::Masked => (name::UNIT_MASKED, format!("Unit {u} is masked."), true),
        LoadState::BadSetting => (name::BAD_UNIT_SETTING, format!("Unit {u} has a bad unit file setting."), false),
        LoadState::Error => {
            let known = unit.loaded.load_error.clone();
            let text = known.map_or_else(|| format!("Unit {u} failed to load properly."), |e| e.message);
            (name::LOAD_FAILED, text, false)
        }
        _ => (name::NO_SUCH_UNIT, format!("Unit {u} not found."), true),
    };
    Err(Unfit { error: ManagerError::new(id, text), quiet, not_applicable: false })
}

/// Whether the unit is up or on its way.
pub(super) fn is_active_or_activating(unit: &Unit) -> bool {
    matches!(unit.active_state(), ActiveState::Active | ActiveState::Reloading | ActiveState::Activating)
}
