//! Setting the clock of a running machine: clock_settime(2), and what timers make of it: systemd.timer(5).
//!
//! The realtime clock jumps; the monotonic one, by which programs sleep and services restart, goes on as if nothing had
//! happened. What was filed for a moment therefore moves with the clock, and only calendar timers are looked at again.

use super::{Vps, queues};
use crate::world::Time;

impl Vps {
    /// Sets the realtime clock while the machine runs.
    pub fn set_clock(&mut self, to: Time) {
        let from = self.world.now;
        self.world.set_clock(to);
        queues::clock_set(&mut self.world, |time| Time((time.0 + to.0).saturating_sub(from.0)));
        self.systemd.clock_changed(&mut self.world);
        self.world.deliver(&mut self.systemd);
    }
}
