//! Waiting for jobs, and what systemctl says when one fails: systemctl(1), "Exit status".

use super::args::Args;
use super::{Next, Waiting, bus, triggers};
use crate::systemd::manager::{JobResult, RuntimeScope};
use crate::systemd::states::{ActiveState, ServiceResult};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Channel, Cx, Time, Wait};
use std::time::Duration;

/// Jobs that systemctl waits for, and what it does then.
#[derive(Clone)]
pub struct JobWait {
    pub args: Args,
    pub scope: RuntimeScope,
    /// Jobs that have not ended, with their units.
    pub jobs: Vec<(u64, UnitName)>,
    /// The exit status so far.
    pub status: u8,
    /// Whether a job failed.
    pub failed: bool,
    /// Units that were stopped, to look whether something may start them again.
    pub stopped: Vec<UnitName>,
    /// `--wait`: units whose end is awaited after their jobs.
    pub ends: Vec<UnitName>,
}

impl JobWait {
    /// Looks which jobs have ended.
    pub fn step(mut self, cx: &mut Cx<'_, '_>) -> Next {
        let pending = std::mem::take(&mut self.jobs);
        for (id, unit) in pending {
            match bus::manager(cx, self.scope).job_result(id) {
                None => self.jobs.push((id, unit)),
                Some(result) => {
                    if !matches!(result, JobResult::Done | JobResult::Skipped) {
                        self.failed = true;
                        self.complain(cx, &unit, result);
                    }
                }
            }
        }
        if !self.jobs.is_empty() {
            let mut wait = Wait::default();
            for (id, _) in &self.jobs {
                wait = wait.or_channel(Channel::Init(*id));
            }
            return Next::Wait(Box::new(Waiting::Jobs(self)), wait);
        }
        if self.failed {
            return Next::Exit(1);
        }
        if !self.args.quiet {
            for unit in std::mem::take(&mut self.stopped) {
                triggers::warn_triggering(cx, self.scope, &unit);
            }
        }
        self.wait_for_ends(cx)
    }

    /// `--wait`: until every started unit has ended again.
    fn wait_for_ends(mut self, cx: &mut Cx<'_, '_>) -> Next {
        let ends = std::mem::take(&mut self.ends);
        for name in ends {
            let state = bus::manager(cx, self.scope).get(&name).map(|unit| unit.active_state());
            match state {
                Some(ActiveState::Failed) => self.status = self.status.max(1),
                None | Some(ActiveState::Inactive) => {}
                Some(_) => self.ends.push(name),
            }
        }
        if self.ends.is_empty() {
            return Next::Exit(self.status);
        }
        // The manager announces no end of a unit; looking ten times a second is what a student cannot tell apart.
        let soon: Time = cx.now() + Duration::from_millis(100);
        Next::Wait(Box::new(Waiting::Jobs(self)), Wait::until(soon))
    }

    fn complain(&self, cx: &mut Cx<'_, '_>, unit: &UnitName, result: JobResult) {
        if self.args.quiet {
            return;
        }
        let text = match result {
            JobResult::Canceled => format!("Job for {unit} canceled."),
            JobResult::Timeout => format!("Job for {unit} timed out."),
            JobResult::Dependency => {
                format!("A dependency job for {unit} failed. See 'journalctl -xe' for details.")
            }
            JobResult::Invalid => format!("{unit} is not active, cannot reload."),
            JobResult::Assert => format!("Assertion failed on job for {unit}."),
            JobResult::Unsupported => format!("Operation on or unit type of {unit} not supported on this system."),
            JobResult::Collected => format!("Queued job for {unit} was garbage collected."),
            JobResult::Once => format!("Unit {unit} was started already once and can't be started again."),
            JobResult::Failed if unit.unit_type() == UnitType::Service => return self.service_failed(cx, unit),
            JobResult::Failed | JobResult::Done | JobResult::Skipped => {
                "Job failed. See \"journalctl -xe\" for details.".to_owned()
            }
        };
        cx.errln(&text);
    }

    fn service_failed(&self, cx: &mut Cx<'_, '_>, unit: &UnitName) {
        let user = self.args.user_flag();
        let result = bus::unit(cx, self.scope, unit).service.map(|service| service.result);
        let because = result.and_then(explanation).map_or(String::new(), |text| format!(" because {text}"));
        let quoted = quote(unit.as_str());
        cx.errln(&format!(
            "Job for {unit} failed{because}.\n\
             See \"systemctl{user} status {quoted}\" and \"journalctl{user} -xeu {quoted}\" for details."
        ));
        if result == Some(ServiceResult::StartLimitHit) {
            cx.errln(&format!(
                "To force a start use \"systemctl{user} reset-failed {quoted}\"\n\
                 followed by \"systemctl{user} start {quoted}\" again."
            ));
        }
    }
}

/// Why a service failed, in the words of systemctl.
fn explanation(result: ServiceResult) -> Option<&'static str> {
    Some(match result {
        ServiceResult::Resources => "of unavailable resources or another system error",
        ServiceResult::Protocol => "the service did not take the steps required by its unit configuration",
        ServiceResult::Timeout => "a timeout was exceeded",
        ServiceResult::ExitCode => "the control process exited with error code",
        ServiceResult::Signal => "a fatal signal was delivered to the control process",
        ServiceResult::CoreDump => "a fatal signal was delivered causing the control process to dump core",
        ServiceResult::Watchdog => "the service failed to send watchdog ping",
        ServiceResult::StartLimitHit => "start of the service was attempted too often",
        _ => return None,
    })
}

/// A unit's name as it can be typed into a shell.
pub fn quote(name: &str) -> String {
    if name.contains('\\') { format!("\"{}\"", name.replace('\\', "\\\\")) } else { name.to_owned() }
}
