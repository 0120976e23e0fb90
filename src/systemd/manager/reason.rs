//! Why a unit is in the state it is in, as a chain of causes that lessons and graders can read.

use super::job::JobType;
use crate::systemd::config::{JobMode, RestartPolicy};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::states::ServiceResult;
use crate::systemd::unit_name::UnitName;
use crate::world::Pid;
use std::sync::Arc;

/// Who asks the manager for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The process that asks.
    pub pid: Pid,
    /// Its effective user.
    pub uid: u32,
}

/// A cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reason {
    /// Nothing ever asked for the unit.
    #[default]
    Untouched,
    /// A client asked.
    Requested { client: Client, job: JobType, mode: JobMode },
    /// The boot transaction.
    Boot,
    /// The machine goes down or restarts.
    Shutdown,
    /// Another unit's job brought it in by a dependency of that unit.
    PulledIn { by: UnitName, dependency: UnitDependency, why: Arc<Reason> },
    /// A conflict with a unit that was started.
    Conflict { with: UnitName, why: Arc<Reason> },
    /// `Restart=` acts after the service ended with this result.
    AutoRestart { policy: RestartPolicy, result: ServiceResult, restarts: u32 },
    /// A timer, socket or path unit triggered it.
    Triggered { by: UnitName },
    /// `OnFailure=` or `OnSuccess=` of another unit.
    Notified { by: UnitName, dependency: UnitDependency },
    /// It stopped because what it is bound to (`BindsTo=`) is gone.
    BoundTo { gone: UnitName },
    /// It is held up by another unit's `Upholds=`.
    Upheld { by: UnitName },
    /// It stopped because nothing needs it (`StopWhenUnneeded=`).
    Unneeded,
    /// It changed state by itself: its processes ended, with this result.
    Ended { result: ServiceResult },
    /// The kernel or another program made it: mounts, devices, sessions.
    Outside,
}

impl Reason {
    /// The cause at the end of the chain.
    pub fn root(&self) -> &Reason {
        match self {
            Reason::PulledIn { why, .. } | Reason::Conflict { why, .. } => why.root(),
            other => other,
        }
    }
}
