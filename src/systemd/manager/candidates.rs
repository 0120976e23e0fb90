//! A transaction as data: the jobs that are considered and who wants them.

use super::job::JobType;
use super::reason::Reason;
use crate::systemd::unit_name::UnitName;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A job that is considered.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub unit: UnitName,
    pub kind: JobType,
    pub ignore_order: bool,
    pub matters: bool,
    pub reason: Arc<Reason>,
}

/// Why a candidate is considered: another one wants it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub subject: Option<usize>,
    pub object: usize,
    pub matters: bool,
    pub conflicts: bool,
}

/// A transaction that is being built. Candidates keep their numbers; deleted ones are `None`.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    pub candidates: Vec<Option<Candidate>>,
    pub links: Vec<Link>,
    /// Candidates by unit, in the order in which they came.
    pub by_unit: BTreeMap<UnitName, Vec<usize>>,
    pub anchor: usize,
    pub irreversible: bool,
}

impl Transaction {
    pub fn get(&self, index: usize) -> Option<&Candidate> {
        self.candidates.get(index).and_then(Option::as_ref)
    }

    /// Adds a candidate, or finds the same one; tells which and whether it is new.
    pub fn add_one(&mut self, unit: &UnitName, kind: JobType, reason: Arc<Reason>) -> (usize, bool) {
        let list = self.by_unit.entry(unit.clone()).or_default();
        let same = list.iter().copied().find(|i| self.candidates[*i].as_ref().is_some_and(|c| c.kind == kind));
        if let Some(index) = same {
            return (index, false);
        }
        let index = self.candidates.len();
        list.push(index);
        self.candidates.push(Some(Candidate { unit: unit.clone(), kind, ignore_order: false, matters: false, reason }));
        (index, true)
    }

    /// Deletes a candidate, and with it all that need it.
    pub fn delete(&mut self, index: usize, with_dependents: bool) {
        let mut doomed = vec![index];
        while let Some(index) = doomed.pop() {
            let Some(candidate) = self.candidates.get_mut(index).and_then(Option::take) else { continue };
            if let Some(list) = self.by_unit.get_mut(&candidate.unit) {
                list.retain(|i| *i != index);
                if list.is_empty() {
                    self.by_unit.remove(&candidate.unit);
                }
            }
            for link in &self.links {
                if with_dependents && link.object == index && link.matters {
                    doomed.extend(link.subject);
                }
            }
            self.links.retain(|link| link.object != index && link.subject != Some(index));
        }
    }

    /// First step: mark what the anchor cannot do without.
    pub fn find_jobs_that_matter(&mut self) {
        let mut todo = vec![self.anchor];
        while let Some(index) = todo.pop() {
            let Some(candidate) = self.candidates.get_mut(index).and_then(Option::as_mut) else { continue };
            if std::mem::replace(&mut candidate.matters, true) {
                continue;
            }
            todo.extend(self.links.iter().filter(|l| l.subject == Some(index) && l.matters).map(|l| l.object));
        }
    }

    /// Drops candidates that nobody wants any more.
    pub fn collect_garbage(&mut self) {
        loop {
            let wanted = |index: usize| index == self.anchor || self.links.iter().any(|l| l.object == index);
            let unwanted = (0..self.candidates.len()).find(|i| self.candidates[*i].is_some() && !wanted(*i));
            match unwanted {
                Some(index) => self.delete(index, true),
                None => return,
            }
        }
    }
}
