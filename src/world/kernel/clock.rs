//! Setting the realtime clock: clock_settime(2). The monotonic clock goes on as if nothing had happened.

use crate::world::{Pid, Time, World};

impl World {
    /// Sets the realtime clock. What is due stays as far away as it was; what is told as a date of this boot (its
    /// beginning, the starts of processes) moves along, as the kernel computes it from ticks.
    pub fn set_clock(&mut self, to: Time) {
        let by = i64::try_from(i128::from(to.0) - i128::from(self.now.0)).unwrap_or(0);
        let moved = |time: Time| Time(time.0.saturating_add_signed(by));
        self.now = moved(self.now);
        self.booted = moved(self.booted);
        self.events.clock_set(by);
        let pids: Vec<Pid> = self.processes.keys().copied().collect();
        for process in pids {
            if let Some(process) = self.process_mut(process) {
                process.started = moved(process.started);
                process.busy_until = moved(process.busy_until);
            }
        }
    }
}
