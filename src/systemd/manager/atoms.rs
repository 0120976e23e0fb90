//! What each kind of dependency makes the manager do: systemd.unit(5), in systemd's own atoms.

use super::{Manager, Unit};
use crate::systemd::dependency::UnitDependency::{self as Dep, *};
use crate::systemd::unit_name::UnitName;

/// Starting this starts those, and fails with them.
pub(super) const PULL_IN_START: &[Dep] = &[Requires, BindsTo];
/// Starting this starts those, if it can be done.
pub(super) const PULL_IN_START_IGNORED: &[Dep] = &[Wants, Upholds];
/// Starting this asks for those to be up.
pub(super) const PULL_IN_VERIFY: &[Dep] = &[Requisite];
/// Starting this stops those.
pub(super) const PULL_IN_STOP: &[Dep] = &[Conflicts];
/// Starting this stops those, if it can be done.
pub(super) const PULL_IN_STOP_IGNORED: &[Dep] = &[ConflictedBy];
/// Stopping this stops those.
pub(super) const PROPAGATE_STOP: &[Dep] = &[RequiredBy, RequisiteOf, BoundBy, ConsistsOf, PropagatesStopTo];
/// Restarting this restarts those that are up.
pub(super) const PROPAGATE_RESTART: &[Dep] = &[RequiredBy, RequisiteOf, BoundBy, ConsistsOf];
/// A failed start of this fails the starts of those.
pub(super) const PROPAGATE_START_FAILURE: &[Dep] = &[RequiredBy, RequisiteOf, BoundBy];
/// A failed stop of this fails the starts of those.
pub(super) const PROPAGATE_STOP_FAILURE: &[Dep] = &[ConflictedBy];
/// A start of this that leaves it down fails the starts of those.
pub(super) const INACTIVE_START_IS_FAILURE: &[Dep] = &[RequisiteOf, BoundBy];
/// This came up by itself: those are started after the fact.
pub(super) const RETROACTIVE_START: &[Dep] = &[Requires, BindsTo, Upholds];
/// The same, if it can be done.
pub(super) const RETROACTIVE_START_FAIL: &[Dep] = &[Wants];
/// This came up by itself: those are stopped after the fact.
pub(super) const RETROACTIVE_STOP_ON_START: &[Dep] = &[Conflicts, ConflictedBy];
/// This went down by itself: those are stopped after the fact.
pub(super) const RETROACTIVE_STOP_ON_STOP: &[Dep] = &[BoundBy, PropagatesStopTo];
/// This cannot be up without those.
pub(super) const CANNOT_BE_ACTIVE_WITHOUT: &[Dep] = &[BindsTo];
/// Those may have become unneeded when this went down.
pub(super) const ADD_STOP_WHEN_UNNEEDED: &[Dep] = &[Requires, Requisite, Wants, BindsTo, Upholds];
/// As long as one of those is up, this is needed.
pub(super) const PINS_STOP_WHEN_UNNEEDED: &[Dep] = &[RequiredBy, RequisiteOf, WantedBy, BoundBy, UpheldBy];

impl Unit {
    /// The units towards which it has one of these dependencies, each once, in the order of the kinds.
    pub(super) fn with_atom(&self, atom: &[Dep]) -> Vec<UnitName> {
        let mut found: Vec<UnitName> = Vec::new();
        for kind in atom {
            for other in self.dependency(*kind) {
                if !found.contains(other) {
                    found.push(other.clone());
                }
            }
        }
        found
    }
}

impl Manager {
    /// Whether the unit has a job of this type queued.
    pub(super) fn has_job(&self, u: &UnitName, kind: super::JobType) -> bool {
        self.unit(u).job.and_then(|id| self.jobs.get(&id)).is_some_and(|job| job.kind == kind)
    }

    /// Whether the unit's queued job will bring it down: stop or restart.
    pub(super) fn stop_pending(&self, u: &UnitName) -> bool {
        self.has_job(u, super::JobType::Stop)
    }
}
