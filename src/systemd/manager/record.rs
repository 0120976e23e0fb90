//! What a manager remembers of a unit for whoever asks why, also when the unit was unloaded since: its last job, and what
//! ended its main process. systemd itself leaves this to the journal.

use super::job::{Job, JobResult, JobType};
use super::reason::Reason;
use super::{ConditionResult, Core, Manager, Unit};
use crate::systemd::unit_name::UnitName;
use crate::world::{ExitStatus, Time};
use std::sync::Arc;

/// How many units are remembered.
const MOST: usize = 1024;

/// What is remembered of one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The last job that did something.
    pub job: Option<JobEnd>,
    /// The last end of the main process.
    pub exit: Option<ProcessEnd>,
    /// The unit whose failure fails the job that is about to end.
    culprit: Option<UnitName>,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobEnd {
    pub kind: JobType,
    pub result: JobResult,
    /// Who wanted it.
    pub reason: Reason,
    /// The command line of the client that asked, when one did and was still there.
    pub command: Option<String>,
    /// The unit that it needed and that failed.
    pub culprit: Option<UnitName>,
    /// The condition of its file that did not hold, as it is written there.
    pub condition: Option<String>,
    pub at: Time,
}

/// How a main process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessEnd {
    pub status: ExitStatus,
    /// The command line of the process that sent the deadly signal; `None`: nobody did, or a manager.
    pub killer: Option<String>,
    pub at: Time,
}

impl Manager {
    /// What is remembered of a unit; `None` when it has done nothing since the manager started.
    pub fn record(&self, u: &UnitName) -> Option<&Record> {
        self.records.get(u).map(|record| &**record)
    }

    pub(super) fn record_mut(&mut self, u: &UnitName) -> &mut Record {
        if self.records.len() >= MOST && !self.records.contains_key(u) {
            let first = self.records.keys().next().cloned();
            first.into_iter().for_each(|name| drop(self.records.remove(&name)));
        }
        Arc::make_mut(self.records.entry(u.clone()).or_default())
    }
}

fn unmet_condition(unit: &Unit) -> Option<String> {
    let results = unit.condition_results.iter().zip(&unit.config().conditions);
    let (_, unmet) = results.into_iter().find(|(result, _)| **result == ConditionResult::Failed)?;
    Some(format!("Condition{}={}{}", unmet.kind, if unmet.negate { "!" } else { "" }, unmet.parameter))
}

impl Core<'_> {
    /// A job is over. `already`: it had nothing to do, which explains nothing.
    pub(super) fn record_job(&mut self, job: Job, kind: JobType, result: JobResult, already: bool) {
        let culprit = self.m.records.get(&job.unit).and_then(|record| record.culprit.clone());
        if already && result == JobResult::Done {
            return;
        }
        let command = match job.reason.root() {
            Reason::Requested { client, .. } => self.w.process(client.pid).map(|process| process.argv.join(" ")),
            _ => None,
        };
        let condition = self.m.get(&job.unit).filter(|_| kind == JobType::Start).and_then(unmet_condition);
        let record = self.m.record_mut(&job.unit);
        record.culprit = None;
        record.job = Some(JobEnd { kind, result, reason: job.reason, command, culprit, condition, at: self.w.now });
    }

    /// A job of `u` is about to fail because of `culprit`.
    pub(super) fn record_culprit(&mut self, u: &UnitName, culprit: &UnitName) {
        self.m.record_mut(u).culprit = Some(culprit.clone());
    }

    /// The main process of `u` ended.
    pub(super) fn record_exit(&mut self, u: &UnitName, pid: crate::world::Pid, status: ExitStatus) {
        let killer = match status {
            ExitStatus::Signaled(signal, _) => self.w.killer(pid, signal).map(|sender| sender.argv.join(" ")),
            ExitStatus::Exited(_) => None,
        };
        let at = self.w.now;
        self.m.record_mut(u).exit = Some(ProcessEnd { status, killer, at });
    }
}
