//! Switching on and off: what the firmware, the kernel and the first moments of user space do. bootup(7).

use super::{Vps, baseline};
use crate::systemd::PowerAction;
use crate::world::Duration;

/// From the reset button to PID 1.
const KERNEL: Duration = Duration::from_millis(1_800);
/// How long the machine is dark during a reboot.
const FIRMWARE: Duration = Duration::from_secs(4);

impl Vps {
    /// Switches the machine on; it boots as time passes.
    pub fn power_on(&mut self) {
        self.world.power_on();
        baseline::prepare_boot(&mut self.world);
        self.world.now += KERNEL;
        self.world.start_init("/usr/lib/systemd/systemd", &["/sbin/init"]);
        self.world.skip_pids(160);
        self.on = true;
        self.systemd.boot(&mut self.world);
        self.world.deliver(&mut self.systemd);
    }

    /// Pulls the plug: no process is asked.
    pub fn power_off(&mut self) {
        self.world.power_off();
        self.world.now += FIRMWARE;
        self.on = false;
    }

    /// Reboots in order, as `systemctl reboot` does, and waits until the machine answers again (at most `limit`).
    pub fn reboot(&mut self, limit: Duration) {
        let old = self.world.boot_id.clone();
        let deadline = self.now() + limit;
        if self.on {
            self.systemd.shutdown(&mut self.world, PowerAction::Reboot);
            self.world.deliver(&mut self.systemd);
            while self.world.boot_id == old && self.run_one(deadline) {}
        }
        if self.world.boot_id == old {
            self.power_off();
            self.power_on();
        }
        // Long enough for every service of a plausible machine to have come up.
        self.advance(Duration::from_secs(20));
    }
}
