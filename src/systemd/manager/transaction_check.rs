//! Making a transaction consistent: redundant jobs, cycles, merging, and what it may not replace.

use super::candidates::Transaction;
use super::error::{ManagerError, name};
use super::job::JobType;
use super::log::{LOG_ERR, LOG_WARNING};
use super::transaction::is_active_or_activating;
use super::{Core, Manager};
use crate::systemd::config::JobMode;
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::unit_name::UnitName;
use std::collections::BTreeMap;

/// Where the walk along the order is at a unit.
#[derive(Clone, PartialEq, Eq)]
enum Mark {
    /// On the path; where it came from.
    Open(Option<UnitName>),
    /// No cycle from here.
    Closed,
}

impl Core<'_> {
    fn queued(&self, u: &UnitName) -> Option<JobType> {
        self.m.unit(u).job.and_then(|id| self.m.jobs.get(&id)).map(|job| job.kind)
    }

    /// Drops jobs that would stop what runs or change what is queued, unless they matter.
    pub(super) fn minimize_impact(&self, tr: &mut Transaction) {
        loop {
            let found = (0..tr.candidates.len()).find(|i| {
                let Some(c) = tr.get(*i).filter(|c| !c.matters) else { return false };
                let stops = c.kind == JobType::Stop && is_active_or_activating(self.m.unit(&c.unit));
                stops || self.queued(&c.unit).is_some_and(|kind| c.kind.conflicts(kind))
            });
            match found {
                Some(index) => tr.delete(index, true),
                None => return,
            }
        }
    }

    /// Drops the jobs of units that are already what all their jobs want.
    pub(super) fn drop_redundant(&self, tr: &mut Transaction) {
        let units: Vec<UnitName> = tr.by_unit.keys().cloned().collect();
        for u in units {
            let list = tr.by_unit.get(&u).cloned().unwrap_or_default();
            let state = self.m.unit(&u).active_state();
            let keep = list.iter().any(|i| {
                let Some(c) = tr.get(*i) else { return false };
                *i == tr.anchor
                    || !c.kind.is_redundant(state)
                    || self.queued(&u).is_some_and(|kind| c.kind.conflicts(kind))
            });
            if !keep {
                list.into_iter().for_each(|i| tr.delete(i, false));
            }
        }
    }

    /// The job of a unit that counts for the order: the transaction's, or the queued one.
    fn order_job(&self, tr: &Transaction, u: &UnitName) -> Option<(JobType, bool)> {
        let own = tr.by_unit.get(u).and_then(|list| tr.get(*list.first()?)).map(|c| (c.kind, c.ignore_order));
        own.or_else(|| {
            let job = self.m.jobs.get(&self.m.unit(u).job?)?;
            Some((job.kind, job.ignore_order))
        })
    }

    /// The units whose jobs run after `u`'s.
    fn followers(&self, tr: &Transaction, u: &UnitName) -> Vec<UnitName> {
        let Some(own) = self.order_job(tr, u) else { return Vec::new() };
        let mut out = Vec::new();
        for (kind, before) in [(Dep::Before, true), (Dep::After, false)] {
            for other in self.m.unit(u).dependency(kind) {
                let job = self.order_job(tr, other);
                if job.is_some_and(|job| Manager::job_compare(own, job, before) < 0) {
                    out.push(other.clone());
                }
            }
        }
        out
    }

    /// Looks for a cycle in the order. `true`: there is none; `false`: a job was dropped to break one, look again.
    /// Errors: a cycle of jobs that all matter.
    pub(super) fn verify_order(&mut self, tr: &mut Transaction) -> Result<bool, ManagerError> {
        let mut marks: BTreeMap<UnitName, Mark> = BTreeMap::new();
        let starts: Vec<UnitName> = tr.by_unit.keys().cloned().collect();
        for start in starts {
            if marks.contains_key(&start) {
                continue;
            }
            marks.insert(start.clone(), Mark::Open(None));
            let followers = self.followers(tr, &start);
            let mut stack = vec![(start, followers.into_iter())];
            while let Some((u, rest)) = stack.last_mut() {
                let Some(next) = rest.next() else {
                    marks.insert(u.clone(), Mark::Closed);
                    stack.pop();
                    continue;
                };
                match marks.get(&next) {
                    Some(Mark::Closed) => {}
                    Some(Mark::Open(_)) => {
                        let from = u.clone();
                        return self.break_cycle(tr, &next, &from, &marks);
                    }
                    None => {
                        marks.insert(next.clone(), Mark::Open(Some(u.clone())));
                        let followers = self.followers(tr, &next);
                        stack.push((next, followers.into_iter()));
                    }
                }
            }
        }
        Ok(true)
    }

    /// Tells the cycle that ends with `from` before `start`, and drops a job of it that does not matter.
    fn break_cycle(
        &mut self,
        tr: &mut Transaction,
        start: &UnitName,
        from: &UnitName,
        marks: &BTreeMap<UnitName, Mark>,
    ) -> Result<bool, ManagerError> {
        let job = |core: &Self, u: &UnitName| core.order_job(tr, u).map_or("nop", |job| job.0.as_str());
        let mut path = Vec::new();
        let mut at = Some(from.clone());
        while let Some(u) = at {
            path.push(u.clone());
            if u == *start {
                break;
            }
            at = match marks.get(&u) {
                Some(Mark::Open(back)) => back.clone(),
                _ => None,
            };
        }
        let matters = |u: &UnitName| tr.by_unit[u].iter().any(|i| tr.get(*i).is_some_and(|c| c.matters));
        let delete = path.iter().find(|u| tr.by_unit.contains_key(*u) && !matters(u)).cloned();
        let lines: Vec<String> = path
            .iter()
            .enumerate()
            .map(|(i, u)| {
                let what = if i == 0 { "Found ordering cycle on" } else { "Found dependency on" };
                format!("{what} {u}/{}", job(self, u))
            })
            .collect();
        let of_start = job(self, start);
        let end = match &delete {
            Some(u) => {
                format!("Job {u}/{} deleted to break ordering cycle starting with {start}/{of_start}", job(self, u))
            }
            None => format!("Unable to break cycle starting with {start}/{of_start}"),
        };
        for line in lines {
            self.log_unit(start, LOG_WARNING, &line);
        }
        self.log_unit(start, LOG_ERR, &end);
        let Some(delete) = delete else {
            let text = "Transaction order is cyclic. See system logs for details.";
            return Err(ManagerError::new(name::TRANSACTION_ORDER_IS_CYCLIC, text));
        };
        for index in tr.by_unit.get(&delete).cloned().unwrap_or_default() {
            tr.delete(index, true);
        }
        Ok(false)
    }

    /// Makes one job of all jobs of each unit. `false`: a job was dropped to make that possible, look again.
    /// Errors: jobs that contradict each other and all matter.
    pub(super) fn merge_jobs(&mut self, tr: &mut Transaction) -> Result<bool, ManagerError> {
        let units: Vec<UnitName> = tr.by_unit.keys().cloned().collect();
        for u in &units {
            let list = tr.by_unit.get(u).cloned().unwrap_or_default();
            if self.merged(tr, u, &list).is_none() {
                return delete_one_unmergeable(tr, u, &list);
            }
        }
        for u in units {
            let list = tr.by_unit.get(&u).cloned().unwrap_or_default();
            let Some(kind) = self.merged(tr, &u, &list) else { continue };
            let Some(kept) = list.iter().copied().find(|i| *i == tr.anchor).or(list.first().copied()) else { continue };
            for other in list.iter().copied().filter(|i| *i != kept) {
                merge_and_delete(tr, kept, other);
            }
            if let Some(Some(candidate)) = tr.candidates.get_mut(kept) {
                candidate.kind = kind;
            }
        }
        Ok(true)
    }

    fn merged(&self, tr: &Transaction, u: &UnitName, list: &[usize]) -> Option<JobType> {
        let state = self.m.unit(u).active_state();
        let mut kinds = list.iter().filter_map(|i| tr.get(*i)).map(|c| c.kind);
        let first = kinds.next()?;
        kinds.try_fold(first, |merged, kind| merged.merge(kind, state))
    }

    /// Whether the transaction would replace jobs that it may not replace.
    pub(super) fn check_destructive(&self, tr: &Transaction, mode: JobMode) -> Result<(), ManagerError> {
        for candidate in tr.candidates.iter().flatten() {
            let Some(old) = self.m.unit(&candidate.unit).job.and_then(|id| self.m.jobs.get(&id)) else { continue };
            if (mode == JobMode::Fail || old.irreversible) && old.kind.conflicts(candidate.kind) {
                let Some(anchor) = tr.get(tr.anchor) else { continue };
                let text = format!(
                    "Transaction for {}/{} is destructive ({} has '{}' job queued, but '{}' is included in transaction).",
                    anchor.unit, anchor.kind, candidate.unit, old.kind, candidate.kind
                );
                return Err(ManagerError::new(name::TRANSACTION_IS_DESTRUCTIVE, text));
            }
        }
        Ok(())
    }
}

/// Drops one of two jobs of a unit that contradict each other.
fn delete_one_unmergeable(tr: &mut Transaction, u: &UnitName, list: &[usize]) -> Result<bool, ManagerError> {
    let conflicted = |i: usize| tr.links.iter().any(|l| l.object == i && l.conflicts);
    for (n, a) in list.iter().copied().enumerate() {
        for b in list[n + 1..].iter().copied() {
            let (Some(ja), Some(jb)) = (tr.get(a), tr.get(b)) else { continue };
            if !ja.kind.conflicts(jb.kind) {
                continue;
            }
            let loser = match (ja.matters, jb.matters) {
                // Rather no stop than no start, except where the stop comes from a conflict.
                (false, false) if ja.kind == JobType::Stop => {
                    if conflicted(a) {
                        b
                    } else {
                        a
                    }
                }
                (false, false) if jb.kind == JobType::Stop => {
                    if conflicted(b) {
                        a
                    } else {
                        b
                    }
                }
                (false, _) => a,
                (_, false) => b,
                (true, true) => {
                    let text = format!(
                        "Transaction contains conflicting jobs '{}' and '{}' for {u}. \
                         Probably contradicting requirement dependencies configured.",
                        ja.kind, jb.kind
                    );
                    return Err(ManagerError::new(name::TRANSACTION_JOBS_CONFLICTING, text));
                }
            };
            tr.delete(loser, true);
            return Ok(false);
        }
    }
    Ok(true)
}

/// Lets `kept` take over what is known of `other`, which goes.
fn merge_and_delete(tr: &mut Transaction, kept: usize, other: usize) {
    let Some(gone) = tr.get(other).cloned() else { return };
    if let Some(Some(candidate)) = tr.candidates.get_mut(kept) {
        candidate.ignore_order |= gone.ignore_order;
        candidate.matters |= gone.matters;
    }
    for link in &mut tr.links {
        if link.object == other {
            link.object = kept;
        }
        if link.subject == Some(other) {
            link.subject = Some(kept);
        }
    }
    tr.delete(other, false);
}
