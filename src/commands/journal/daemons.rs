//! The daemons systemd-journald(8) and systemd-logind(8) as processes. What they know lives with PID 1; here they only
//! come, listen and go.

use crate::commands::Command;
use crate::systemd::Systemd;
use crate::vps::systemd;
use crate::world::{Program, Signal, Step, Sys, Wait, World};

/// The journal's daemon.
pub const JOURNALD: Command = Command {
    name: "systemd-journald",
    path: "/usr/lib/systemd/systemd-journald",
    program: |_| daemon(12, |systemd, world| systemd.journal.daemon_start(world)),
};

/// The login daemon.
pub const LOGIND: Command = Command {
    name: "systemd-logind",
    path: "/usr/lib/systemd/systemd-logind",
    program: |_| daemon(8, Systemd::logind_start),
};

/// What a daemon does first.
type Greet = fn(&mut Systemd, &mut World);

fn daemon(megabytes: u64, greet: Greet) -> Box<dyn Program> {
    Box::new(Daemon { megabytes, greet, greeted: false })
}

/// A daemon whose work is done elsewhere.
#[derive(Clone)]
struct Daemon {
    megabytes: u64,
    greet: Greet,
    greeted: bool,
}

impl Program for Daemon {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.greeted {
            self.greeted = true;
            sys.me_mut().rss = self.megabytes << 20;
            for signal in [Signal::TERM, Signal::HUP] {
                sys.catch(signal);
            }
            let (systemd, world) = systemd(sys);
            (self.greet)(systemd, world);
            sys.sd_notify("READY=1\nSTATUS=Processing requests...");
        }
        while let Some(signal) = sys.take_signal() {
            if signal == Signal::TERM {
                sys.sd_notify("STOPPING=1\nSTATUS=Shutting down...");
                return Step::Exit(0);
            }
        }
        Step::Wait(Wait::signal())
    }
}
