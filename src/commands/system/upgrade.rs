//! `unattended-upgrade` and the daily chore that calls it: unattended-upgrade(8). What there is to upgrade is what a scenario
//! says: a file that names the packages; after a kernel the machine wants to be restarted, and restarts itself if it may.

use crate::commands::Command;
use crate::commands::process::launch::{immediate, print, say};
use crate::world::{OpenFlags, Program, Step, Sys, Time, Wait};

/// `unattended-upgrade`.
pub const UNATTENDED: Command = Command {
    name: "unattended-upgrade",
    path: "/usr/libexec/concierge/unattended-upgrade",
    program: |argv| immediate(upgrade, argv),
};

/// `apt.systemd.daily`: `install` upgrades, if the program for it is there.
pub const APT_DAILY: Command = Command {
    name: "apt.systemd.daily",
    path: "/usr/lib/apt/apt.systemd.daily",
    program: |argv| immediate(daily, argv),
};

/// The packages that wait to be upgraded, one a line; a scenario writes it.
const WAITING: &str = "/var/lib/apt/upgrades";
const LOG: &str = "/var/log/unattended-upgrades/unattended-upgrades.log";
const FOLDER: &str = "/etc/apt/apt.conf.d";

fn daily(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let program = "/usr/bin/unattended-upgrade";
    if argv.get(1).map(String::as_str) != Some("install") || sys.stat(program).is_err() {
        return Step::Exit(0);
    }
    let env = sys.me().env.to_vec();
    sys.exec(program, &[program.to_owned()], env).unwrap_or(Step::Exit(0))
}

/// The value of an `Unattended-Upgrade::` setting; later files win.
fn setting(sys: &mut Sys<'_>, name: &str) -> Option<String> {
    let mut value = None;
    for file in sys.read_dir(FOLDER).unwrap_or_default() {
        let text = sys.read_file(&format!("{FOLDER}/{file}")).map(|b| String::from_utf8_lossy(&b).into_owned());
        for line in text.unwrap_or_default().lines() {
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("Unattended-Upgrade::").and_then(|l| l.strip_prefix(name)) {
                value = rest.trim().trim_end_matches(';').trim_matches('"').to_owned().into();
            }
        }
    }
    value
}

fn upgrade(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    if sys.uid() != 0 {
        say(sys, "You need to be root to run this application");
        return Step::Exit(1);
    }
    if let Some(option) = argv.get(1).filter(|a| !matches!(a.as_str(), "-v" | "--verbose" | "-d" | "--debug")) {
        say(sys, &format!("unattended-upgrade: option {option} is not simulated"));
        return Step::Exit(2);
    }
    let talks = argv.len() > 1;
    note(sys, talks, "INFO", "Starting unattended upgrades script");
    let waiting = sys.read_file(WAITING).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
    let packages: Vec<&str> = waiting.split_whitespace().collect();
    if packages.is_empty() {
        note(sys, talks, "INFO", "No packages found that can be upgraded unattended and no pending auto-removals");
        return Step::Exit(0);
    }
    note(sys, talks, "INFO", &format!("Packages that will be upgraded: {}", packages.join(" ")));
    note(sys, talks, "INFO", "All upgrades installed");
    let now = sys.now();
    sys.world.files.put(WAITING, b"", 0o644, (0, 0), now);
    if !packages.iter().any(|name| name.starts_with("linux-image") || *name == "libc6") {
        return Step::Exit(0);
    }
    sys.world.files.put("/run/reboot-required", b"*** System restart required ***\n", 0o644, (0, 0), now);
    if setting(sys, "Automatic-Reboot ").as_deref() != Some("true") {
        return Step::Exit(0);
    }
    let when = setting(sys, "Automatic-Reboot-Time ").unwrap_or_else(|| "now".into());
    note(sys, talks, "WARNING", "Found /var/run/reboot-required, rebooting");
    let planned = Planned { at: moment(sys.now(), &when) };
    let Ok(child) = sys.fork(Box::new(planned)) else { return Step::Exit(1) };
    // logind keeps what is planned; it must outlive the unit that planned it.
    if let Some(process) = sys.world.process_mut(child) {
        process.cgroup = "/system.slice/systemd-logind.service".into();
        process.ppid = 1;
    }
    Step::Exit(0)
}

/// The next time of day `HH:MM`; at once when it is none.
fn moment(now: Time, when: &str) -> Time {
    const DAY: u64 = 86_400 * 1_000_000;
    let parsed = when.split_once(':').and_then(|(h, m)| Some((h.parse::<u64>().ok()?, m.parse::<u64>().ok()?)));
    let Some((hours, minutes)) = parsed.filter(|(h, m)| *h < 24 && *m < 60) else { return now };
    let today = Time(now.0 / DAY * DAY + (hours * 3600 + minutes * 60) * 1_000_000);
    if today > now { today } else { Time(today.0 + DAY) }
}

/// A planned restart.
#[derive(Clone)]
struct Planned {
    at: Time,
}

impl Program for Planned {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if sys.now() < self.at {
            return Step::Wait(Wait::until(self.at));
        }
        let argv = ["shutdown", "-r", "now"].map(str::to_owned);
        let env = sys.me().env.to_vec();
        sys.exec("/usr/sbin/shutdown", &argv, env).unwrap_or(Step::Exit(1))
    }
}

/// Writes to the log, and to the terminal of whoever wants to see it.
fn note(sys: &mut Sys<'_>, talks: bool, level: &str, text: &str) {
    let now = sys.now();
    sys.world.files.mkdir_all("/var/log/unattended-upgrades", now);
    if let Ok(fd) = sys.open(LOG, OpenFlags::APPEND, 0o644) {
        print(sys, fd, &format!("{} {level} {text}\n", now.strftime("%Y-%m-%d %H:%M:%S,%3f")));
        let _ = sys.close(fd);
    }
    if talks {
        print(sys, 1, &format!("{text}\n"));
    }
}
