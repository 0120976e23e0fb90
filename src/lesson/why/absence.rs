//! Why no job has wanted a unit since the boot: `[Install]`, links and targets: systemd.unit(5).

use super::{Absence, Cause};
use crate::systemd::Systemd;
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::journal::message_id;
use crate::systemd::manager::{Manager, Unit};
use crate::systemd::states::UnitFileState;
use crate::world::World;

/// What stands in the way of a unit that nothing has started.
pub(super) fn absence(manager: &Manager, unit: &Unit, enabled: Option<UnitFileState>) -> Absence {
    let wants = [Dep::WantedBy, Dep::RequiredBy, Dep::UpheldBy, Dep::BoundBy];
    let pullers: Vec<_> = wants.into_iter().flat_map(|kind| unit.dependency(kind)).collect();
    let is_up =
        |name: &&&crate::systemd::unit_name::UnitName| manager.get(name).is_some_and(Unit::is_active_or_reloading);
    if let Some(idle) = pullers.iter().find(|name| !is_up(name)).filter(|_| !pullers.iter().any(|name| is_up(&name))) {
        return Absence::ByIdle(idle.to_string());
    }
    match enabled {
        Some(UnitFileState::Static) => Absence::NoInstall,
        Some(state) if state.is_enabled() => Absence::EnabledSince,
        _ if !pullers.is_empty() => Absence::EnabledSince,
        _ => Absence::Disabled,
    }
}

/// The last start of the unit before this boot, if the journal tells of one.
pub(super) fn ran_before(systemd: &Systemd, world: &World, unit: &Unit) -> Option<Cause> {
    let name = unit.name.as_str().as_bytes();
    let started =
        systemd.journal.entries().iter().rev().filter(|entry| entry.realtime < world.booted).find(|entry| {
            (entry.has("UNIT", name) || entry.has("USER_UNIT", name))
                && entry.text("MESSAGE_ID").as_deref() == Some(message_id::UNIT_STARTED)
        })?;
    Some(Cause::RanBefore { unit: unit.name.to_string(), at: started.realtime })
}
