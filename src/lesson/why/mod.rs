//! Why a unit is in its state: a chain of causes, each a fact that the machine itself recorded, told in both languages.
//!
//! Nothing is worked out twice here: who asked for a job, what pulled it in, what ended a process and why `Restart=` did
//! or did not act come from the manager's own [`crate::systemd::manager::Reason`] and
//! [`crate::systemd::manager::Record`]. The first link is the state; each further one explains the one before.

mod absence;
mod chain;
mod tell;

use crate::systemd::manager::{JobResult, JobType};
use crate::systemd::states::{ActiveState, ServiceResult};
use crate::world::Time;

pub use chain::causes;

/// Who asked the manager for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A command, with its words.
    Command(String),
    /// A client that is gone.
    Somebody,
    /// The boot, by its default target.
    Boot,
    /// The shutdown.
    Shutdown,
}

/// Why nothing pulls a unit in at boot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Its file says by what, but it is not enabled.
    Disabled,
    /// Its file has no `[Install]` section, so that it cannot be enabled.
    NoInstall,
    /// It was enabled after the boot; links are followed when the machine boots.
    EnabledSince,
    /// It is enabled for a target that was not started either.
    ByIdle(String),
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The state itself.
    State { unit: String, active: ActiveState, sub: String, since: Option<Time> },
    /// There is no file of that name.
    NoFile { unit: String, near: Option<String> },
    /// The name is a link to `/dev/null`.
    Masked { unit: String },
    /// The file cannot be used.
    BadFile { unit: String, error: String },
    /// The user's manager does not run.
    NoManager { user: String, lingers: bool },
    /// Since the machine was switched on (`again`: after a reboot) no job has wanted the unit.
    NotPulledIn { unit: String, again: bool, absence: Absence },
    /// It ran before the reboot, and that start was for that boot only.
    RanBefore { unit: String, at: Time },
    /// Somebody asked.
    Asked { unit: String, job: JobType, by: Asker, at: Option<Time> },
    /// Another unit's job brought the job along.
    PulledIn { unit: String, by: String, dependency: &'static str },
    /// It contradicts a unit that was started.
    Conflict { unit: String, with: String },
    /// A timer, socket or path unit triggered it, or another unit's `OnFailure=`.
    Triggered { unit: String, by: String },
    /// What it is bound to is gone.
    BoundTo { unit: String, gone: String },
    /// Nothing needs it any more.
    Unneeded { unit: String },
    /// The kernel or another program made it.
    Outside { unit: String },
    /// Its main process ended with a status.
    Exited { unit: String, status: u8, at: Time },
    /// A signal ended its main process; who sent it, if a process did.
    Signaled { unit: String, signal: String, killer: Option<String>, at: Time },
    /// The kernel killed it for want of memory.
    OutOfMemory { unit: String },
    /// It ended otherwise than by its main process.
    Result { unit: String, result: ServiceResult },
    /// `Restart=` started it again, so often.
    Restarted { unit: String, policy: &'static str, times: u64 },
    /// `Restart=` waits until this moment.
    Restarts { unit: String, policy: &'static str, at: Option<Time> },
    /// `Restart=` does not act on such an end.
    NoRestart { unit: String, policy: &'static str, clean: bool },
    /// It was started too often in too short a time.
    StartLimit { unit: String, burst: u32, seconds: u64 },
    /// A job failed.
    JobFailed { unit: String, job: JobType, result: JobResult },
    /// A job failed because a unit that it needs did.
    DependencyFailed { unit: String, culprit: String },
    /// A condition of its file does not hold.
    Condition { unit: String, condition: String },
    /// Its file changed since it was read.
    ChangedOnDisk { unit: String },
    /// It runs, but nothing will start it at the next boot.
    NotAtBoot { unit: String },
}

impl Cause {
    /// Whether the link says more than the state and its circumstances do: what a goal that is not met quotes.
    pub fn explains(&self) -> bool {
        !matches!(self, Cause::State { .. } | Cause::RanBefore { .. } | Cause::NotAtBoot { .. })
    }
}
