//! What a manager makes of a change of the realtime clock: systemd.timer(5).

use super::Core;
use crate::systemd::Systemd;
use crate::systemd::config::{TimerSpec, TypeConfig};
use crate::systemd::unit_name::UnitName;
use crate::world::World;

impl Core<'_> {
    /// Calendar timers look at the calendar again; what elapsed in the time that was skipped elapses now.
    fn clock_changed(&mut self) {
        let by_calendar = |kind: &TypeConfig| match kind {
            TypeConfig::Timer(timer) => timer.specs.iter().any(|spec| matches!(spec, TimerSpec::Calendar(_))),
            _ => false,
        };
        let units = self.m.units().filter(|unit| by_calendar(&unit.settings().kind));
        let timers: Vec<UnitName> = units.map(|unit| unit.name.clone()).collect();
        for timer in timers {
            self.timer_clock_changed(&timer);
        }
    }
}

impl Systemd {
    /// The realtime clock was set.
    pub fn clock_changed(&mut self, world: &mut World) {
        self.each_core(world, |core| core.clock_changed());
    }
}
