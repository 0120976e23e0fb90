//! Jobs and how they merge: systemctl(1) "list-jobs", systemd's job types.

use super::reason::Reason;
use crate::systemd::named::named_enum;
use crate::systemd::states::ActiveState;
use crate::systemd::unit_name::UnitName;
use crate::world::{EventId, Time};

named_enum! {
    /// What a job does.
    pub enum JobType {
        Start = "start",
        VerifyActive = "verify-active",
        Stop = "stop",
        Reload = "reload",
        Restart = "restart",
        Nop = "nop",
        TryRestart = "try-restart",
        TryReload = "try-reload",
        ReloadOrStart = "reload-or-start",
    }
}

named_enum! {
    /// Whether a job has begun.
    pub enum JobState {
        Waiting = "waiting",
        Running = "running",
    }
}

named_enum! {
    /// How a job ended.
    pub enum JobResult {
        Done = "done",
        Canceled = "canceled",
        Timeout = "timeout",
        Failed = "failed",
        Dependency = "dependency",
        Skipped = "skipped",
        Invalid = "invalid",
        Assert = "assert",
        Unsupported = "unsupported",
        Collected = "collected",
        Once = "once",
    }
}

/// A queued job.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: u64,
    pub unit: UnitName,
    pub kind: JobType,
    pub state: JobState,
    /// A job that later transactions may not replace.
    pub irreversible: bool,
    /// `ignore-dependencies`: runs without regard to After= and Before=.
    pub ignore_order: bool,
    /// Who wants it.
    pub reason: Reason,
    /// When it was queued.
    pub begin: Time,
    /// When it began to run.
    pub begin_running: Option<Time>,
    /// The timeout that is armed: event and token.
    pub(super) timer: Option<(EventId, u64)>,
}

/// What merging two jobs of one unit gives; `None`: they contradict each other.
fn merge_basic(a: JobType, b: JobType) -> Option<JobType> {
    use JobType::*;
    match (a, b) {
        (a, b) if a == b => Some(a),
        (Start, VerifyActive) | (VerifyActive, Start) => Some(Start),
        (Start, Reload) | (Reload, Start) => Some(ReloadOrStart),
        (Start, Restart) | (Restart, Start) => Some(Restart),
        (VerifyActive, Reload) | (Reload, VerifyActive) => Some(Reload),
        (VerifyActive, Restart) | (Restart, VerifyActive) => Some(Restart),
        (Reload, Restart) | (Restart, Reload) => Some(Restart),
        (Start, ReloadOrStart) | (ReloadOrStart, Start) => Some(ReloadOrStart),
        (Reload, ReloadOrStart) | (ReloadOrStart, Reload) => Some(ReloadOrStart),
        (VerifyActive, ReloadOrStart) | (ReloadOrStart, VerifyActive) => Some(ReloadOrStart),
        (Restart, ReloadOrStart) | (ReloadOrStart, Restart) => Some(Restart),
        _ => None,
    }
}

impl JobType {
    /// The merged job of two jobs, made concrete for a unit in `state`; `None` when they conflict.
    pub fn merge(self, other: JobType, state: ActiveState) -> Option<JobType> {
        merge_basic(self, other).map(|merged| merged.collapse(state))
    }

    /// Whether two jobs of one unit contradict each other.
    pub fn conflicts(self, other: JobType) -> bool {
        merge_basic(self, other).is_none()
    }

    /// The job with the choices made that depend on the unit's state: `try-restart` becomes `restart` or `nop`.
    pub fn collapse(self, state: ActiveState) -> JobType {
        let down = matches!(state, ActiveState::Inactive | ActiveState::Deactivating | ActiveState::Failed);
        match self {
            JobType::TryRestart if down => JobType::Nop,
            JobType::TryRestart => JobType::Restart,
            JobType::TryReload if down => JobType::Nop,
            JobType::TryReload => JobType::Reload,
            JobType::ReloadOrStart if down => JobType::Start,
            JobType::ReloadOrStart => JobType::Reload,
            other => other,
        }
    }

    /// Whether a unit in `state` already is what the job wants.
    pub fn is_redundant(self, state: ActiveState) -> bool {
        match self {
            JobType::Start | JobType::VerifyActive => matches!(state, ActiveState::Active | ActiveState::Reloading),
            JobType::Stop => matches!(state, ActiveState::Inactive | ActiveState::Failed),
            JobType::Reload => state == ActiveState::Reloading,
            JobType::Restart => state == ActiveState::Activating,
            JobType::Nop => true,
            JobType::TryRestart | JobType::TryReload | JobType::ReloadOrStart => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_is_symmetric() {
        use JobType::*;
        for a in [Start, VerifyActive, Stop, Reload, Restart] {
            for b in [Start, VerifyActive, Stop, Reload, Restart] {
                assert_eq!(merge_basic(a, b), merge_basic(b, a), "{a} {b}");
                let stop_alone = (a == Stop) != (b == Stop);
                assert_eq!(a.conflicts(b), stop_alone, "{a} {b}");
            }
        }
    }

    #[test]
    fn what_a_job_becomes_depends_on_the_unit() {
        assert_eq!(JobType::TryRestart.collapse(ActiveState::Failed), JobType::Nop);
        assert_eq!(JobType::TryRestart.collapse(ActiveState::Activating), JobType::Restart);
        assert_eq!(JobType::Reload.merge(JobType::Start, ActiveState::Inactive), Some(JobType::Start));
        assert_eq!(JobType::Reload.merge(JobType::Start, ActiveState::Active), Some(JobType::Reload));
    }
}
