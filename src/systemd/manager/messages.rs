//! The words with which jobs begin and end in the journal: systemd.unit(5), messages of job_emit_*.

use super::log::{LOG_ERR, LOG_INFO, LOG_NOTICE, LOG_WARNING};
use super::{Core, JobResult, JobType, RuntimeScope};
use crate::systemd::config::ServiceType;
use crate::systemd::journal::message_id;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Channel, Pid};

/// `Starting %s...` and its kin; the unit's name goes between the two halves.
fn begin_words(kind: UnitType, job: JobType) -> Option<(&'static str, &'static str)> {
    Some(match (job, kind) {
        (JobType::Start, UnitType::Mount) => ("Mounting ", "..."),
        (JobType::Start, UnitType::Swap) => ("Activating swap ", "..."),
        (JobType::Start, _) => ("Starting ", "..."),
        (JobType::Stop, UnitType::Mount) => ("Unmounting ", "..."),
        (JobType::Stop, UnitType::Swap) => ("Deactivating swap ", "..."),
        (JobType::Stop, _) => ("Stopping ", "..."),
        (JobType::Reload, _) => ("Reloading ", "..."),
        _ => return None,
    })
}

fn start_words(kind: UnitType, oneshot: bool, result: JobResult) -> Option<(&'static str, &'static str)> {
    Some(match (result, kind) {
        (JobResult::Done, UnitType::Service) if oneshot => ("Finished ", "."),
        (JobResult::Done, UnitType::Target) => ("Reached target ", "."),
        (JobResult::Done, UnitType::Mount) => ("Mounted ", "."),
        (JobResult::Failed, UnitType::Mount) => ("Failed to mount ", "."),
        (JobResult::Timeout, UnitType::Mount) => ("Timed out mounting ", "."),
        (JobResult::Done, UnitType::Swap) => ("Activated swap ", "."),
        (JobResult::Failed, UnitType::Swap) => ("Failed to activate swap ", "."),
        (JobResult::Done, UnitType::Socket) => ("Listening on ", "."),
        (JobResult::Failed, UnitType::Socket) => ("Failed to listen on ", "."),
        (JobResult::Done, UnitType::Slice) => ("Created slice ", "."),
        (JobResult::Done, UnitType::Device) => ("Found device ", "."),
        (JobResult::Timeout, UnitType::Device) => ("Timed out waiting for device ", "."),
        (JobResult::Done, UnitType::Automount) => ("Set up automount ", "."),
        (JobResult::Done, _) => ("Started ", "."),
        (JobResult::Timeout, _) => ("Timed out starting ", "."),
        (JobResult::Failed, _) => ("Failed to start ", "."),
        (JobResult::Dependency, _) => ("Dependency failed for ", "."),
        (JobResult::Assert, _) => ("Assertion failed for ", "."),
        (JobResult::Unsupported, _) => ("Starting of ", " unsupported."),
        (JobResult::Collected, _) => ("Unnecessary job was removed for ", "."),
        (JobResult::Once, _) => ("Unit ", " has been started before and cannot be started again."),
        (JobResult::Skipped, _) => ("Condition check resulted in ", " being skipped."),
        (JobResult::Canceled | JobResult::Invalid, _) => return None,
    })
}

fn stop_words(kind: UnitType, result: JobResult) -> Option<(&'static str, &'static str)> {
    Some(match (result, kind) {
        (JobResult::Done, UnitType::Target) => ("Stopped target ", "."),
        (JobResult::Done, UnitType::Mount) => ("Unmounted ", "."),
        (JobResult::Failed, UnitType::Mount) => ("Failed unmounting ", "."),
        (JobResult::Done, UnitType::Swap) => ("Deactivated swap ", "."),
        (JobResult::Done, UnitType::Socket) => ("Closed ", "."),
        (JobResult::Done, UnitType::Slice) => ("Removed slice ", "."),
        (JobResult::Done, UnitType::Automount) => ("Unset automount ", "."),
        (JobResult::Done, _) => ("Stopped ", "."),
        (JobResult::Failed, _) => ("Stopped (with error) ", "."),
        (JobResult::Timeout, _) => ("Timed out stopping ", "."),
        _ => return None,
    })
}

fn end_words(kind: UnitType, oneshot: bool, job: JobType, result: JobResult) -> Option<(&'static str, &'static str)> {
    match (job, result) {
        (JobType::Start, _) => start_words(kind, oneshot, result),
        (JobType::Stop | JobType::Restart, _) => stop_words(kind, result),
        (JobType::Reload, JobResult::Done) => Some(("Reloaded ", ".")),
        (JobType::Reload, JobResult::Failed) => Some(("Reload failed for ", ".")),
        (JobType::Reload, JobResult::Timeout) => Some(("Timed out reloading ", ".")),
        (JobType::VerifyActive, JobResult::Skipped) => Some(("", " is inactive.")),
        _ => None,
    }
}

/// How grave the end of a job is.
fn end_priority(result: JobResult) -> u8 {
    match result {
        JobResult::Done | JobResult::Canceled | JobResult::Invalid | JobResult::Collected => LOG_INFO,
        JobResult::Timeout | JobResult::Failed | JobResult::Once => LOG_ERR,
        JobResult::Dependency | JobResult::Assert | JobResult::Unsupported => LOG_WARNING,
        JobResult::Skipped => LOG_NOTICE,
    }
}

impl Core<'_> {
    /// A job has begun and is not over at once.
    pub(super) fn job_emit_start_message(&mut self, u: &UnitName, id: u64, job: JobType) {
        let Some((before, after)) = begin_words(u.unit_type(), job) else { return };
        let mid = match job {
            JobType::Start => message_id::UNIT_STARTING,
            JobType::Stop => message_id::UNIT_STOPPING,
            _ => message_id::UNIT_RELOADING,
        };
        let text = format!("{before}{}{after}", self.m.unit(u).status_name());
        self.log_about(
            Some(u),
            LOG_INFO,
            &text,
            &[
                ("JOB_ID", &job_number(id).to_string()),
                ("JOB_TYPE", job.as_str()),
                ("CODE_FUNC", "job_emit_start_message"),
                ("MESSAGE_ID", mid),
            ],
        );
    }

    /// A job is over.
    pub(super) fn job_emit_done_message(&mut self, u: &UnitName, id: u64, job: JobType, result: JobResult) {
        let number = job_number(id).to_string();
        let name = self.m.unit(u).status_name();
        let skipped = job == JobType::Start && result == JobResult::Done && !self.m.unit(u).condition_result;
        if let Some(text) = self.failed_condition_text(u, &name).filter(|_| skipped) {
            let extra = [
                ("JOB_ID", number.as_str()),
                ("JOB_TYPE", job.as_str()),
                ("JOB_RESULT", result.as_str()),
                ("CODE_FUNC", "job_emit_done_message"),
                ("MESSAGE_ID", message_id::UNIT_STARTED),
            ];
            return self.log_about(Some(u), LOG_INFO, &text, &extra);
        }
        let oneshot = self.m.unit(u).service_config().is_some_and(|c| c.service_type() == ServiceType::Oneshot);
        let Some((before, after)) = end_words(u.unit_type(), oneshot, job, result) else { return };
        let mid = match (job, result) {
            (JobType::Start, JobResult::Done) => message_id::UNIT_STARTED,
            (JobType::Start, _) => message_id::UNIT_FAILED,
            (JobType::Reload, _) => message_id::UNIT_RELOADED,
            (JobType::Stop | JobType::Restart, _) => message_id::UNIT_STOPPED,
            _ => "",
        };
        let text = format!("{before}{name}{after}");
        let all = [
            ("JOB_ID", number.as_str()),
            ("JOB_TYPE", job.as_str()),
            ("JOB_RESULT", result.as_str()),
            ("CODE_FUNC", "job_emit_done_message"),
            ("MESSAGE_ID", mid),
        ];
        let extra = if mid.is_empty() { &all[..4] } else { &all[..] };
        self.log_about(Some(u), end_priority(result), &text, extra);
    }

    /// The machine has finished to boot, if it has: nothing is queued any more.
    pub(super) fn check_finished(&mut self) {
        if self.m.jobs.is_empty() {
            self.w.wake_channel(Channel::Init(idle_channel(self.m.pid)));
        }
        if !self.m.jobs.is_empty() || self.m.finished.is_some() || self.m.started.0 == 0 {
            return;
        }
        self.m.finished = Some(self.w.now);
        let total = self.w.now.since(self.m.started);
        match self.m.scope {
            RuntimeScope::System => {
                let kernel = self.m.started.since(self.w.booted);
                let text = format!(
                    "Startup finished in {} (kernel) + {} (userspace) = {}.",
                    seconds(kernel),
                    seconds(total),
                    seconds(kernel + total)
                );
                self.log_about(None, LOG_INFO, &text, &[("MESSAGE_ID", message_id::STARTUP_FINISHED)]);
            }
            RuntimeScope::User(_) => {
                let text = format!("Startup finished in {}.", seconds(total));
                self.log_about(None, LOG_INFO, &text, &[("MESSAGE_ID", message_id::USER_STARTUP_FINISHED)]);
            }
        }
    }
}

/// The channel that is woken when a manager's queue is empty: who waits for a quiet moment to start, goes on.
pub(super) fn idle_channel(manager: Pid) -> u64 {
    u64::MAX - 1 - u64::from(manager)
}

/// A span in systemd's words, to the millisecond.
fn seconds(span: crate::world::Duration) -> String {
    crate::systemd::span::format_timespan(crate::world::micros(span), crate::systemd::span::MSEC)
}

/// The number of a job within its manager, as `list-jobs` shows it.
pub fn job_number(id: u64) -> u64 {
    id & 0xffff_ffff
}
