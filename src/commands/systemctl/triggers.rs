//! Which units start a unit: sockets, timers, paths; and the warning when such a unit is stopped: systemctl(1), `stop`.

use super::bus;
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::RuntimeScope;
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::UnitName;
use crate::world::Cx;

/// Names the active units that can start a stopped unit again.
pub fn warn_triggering(cx: &mut Cx<'_, '_>, scope: RuntimeScope, name: &UnitName) {
    let unit = bus::unit(cx, scope, name);
    if unit.load_state() == LoadState::Masked {
        return;
    }
    let triggering: Vec<UnitName> = unit.dependency(UnitDependency::TriggeredBy).cloned().collect();
    let mut first = true;
    for other in triggering {
        let state = bus::unit(cx, scope, &other).active_state();
        if !matches!(state, ActiveState::Active | ActiveState::Reloading) {
            continue;
        }
        if std::mem::take(&mut first) {
            cx.errln(&format!("Warning: Stopping {}, but it can still be activated by:", unit.name));
        }
        cx.errln(&format!("  {other}"));
    }
}
