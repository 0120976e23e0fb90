//! Daemons that only have to be there: bus, policy, terminals, devices, network, clock. They answer signals and no more.

use crate::commands::Command;
use crate::world::{Channel, Program, Signal, Step, Sys, Wait};

/// What an idle daemon does.
struct Idle {
    /// It tells the service manager when it is ready.
    notifies: bool,
    /// Memory in bytes.
    memory: u64,
    /// What it logs when it is ready.
    says: &'static [&'static str],
}

const MB: u64 = 1024 * 1024;

#[derive(Clone)]
struct Daemon {
    kind: &'static Idle,
    started: bool,
}

impl Program for Daemon {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            sys.me_mut().rss = self.kind.memory;
            for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
                sys.catch(signal);
            }
            for line in self.kind.says {
                sys.syslog(6, 3, None, line);
            }
            if self.kind.notifies {
                sys.sd_notify("READY=1");
            }
        }
        while let Some(signal) = sys.take_signal() {
            if signal != Signal::HUP {
                return Step::Exit(0);
            }
        }
        while sys.wait_child(None).is_some() {}
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }
}

macro_rules! daemons {
    ($($constant:ident = $name:literal $path:literal $notifies:literal $memory:expr, $says:expr;)*) => {
        $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Command = Command {
                name: $name,
                path: $path,
                program: |_| {
                    static KIND: Idle = Idle { notifies: $notifies, memory: $memory, says: $says };
                    Box::new(Daemon { kind: &KIND, started: false })
                },
            };
        )*
    };
}

daemons! {
    DBUS = "dbus-daemon" "/usr/bin/dbus-daemon" true 5 * MB, &[];
    POLKIT = "polkitd" "/usr/lib/polkit-1/polkitd" false 9 * MB, &[];
    AGETTY = "agetty" "/usr/sbin/agetty" false 2 * MB, &[];
    UDEVD = "systemd-udevd" "/usr/lib/systemd/systemd-udevd" true 7 * MB, &[];
    NETWORKD = "systemd-networkd" "/usr/lib/systemd/systemd-networkd" true 9 * MB, &["lo: Link UP", "lo: Gained carrier", "ens3: Link UP", "ens3: Gained carrier"];
    ATD = "atd" "/usr/sbin/atd" false MB, &[];
}
