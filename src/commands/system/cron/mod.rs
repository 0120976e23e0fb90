//! `cron`: runs the commands of all crontabs at their time: cron(8).

mod job;
pub mod schedule;
pub mod tables;

use job::{CRON, Job};
use schedule::{Entry, When};
use tables::{SPOOL, Tables, owner};

use crate::commands::Command;
use crate::commands::process::launch::say;
use crate::world::{Channel, OpenFlags, Program, Signal, Step, Sys, Time, Wait, accounts};

/// The command.
pub const COMMAND: Command = Command {
    name: "cron",
    path: "/usr/sbin/cron",
    program: |_| Box::new(Cron { tables: Tables::default(), started: false, done: Time::default() }),
};

/// Stands when the jobs of `@reboot` have been run since the machine came up.
const REBOOTED: &str = "/run/crond.reboot";
/// A minute in microseconds.
const MINUTE: u64 = 60_000_000;

#[derive(Clone)]
struct Cron {
    tables: Tables,
    started: bool,
    /// The last minute whose jobs were started.
    done: Time,
}

impl Cron {
    fn log(sys: &mut Sys<'_>, text: &str) {
        sys.syslog(6, CRON, Some("cron"), text);
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), u8> {
        let pid = sys.pid.to_string();
        let Ok(fd) = sys.open("/run/crond.pid", OpenFlags::WRITE, 0o644) else {
            say(sys, "cron: can't open or create /var/run/crond.pid: Permission denied");
            return Err(1);
        };
        let _ = sys.write(fd, format!("{pid}\n").as_bytes());
        sys.ignore(Signal::HUP);
        Self::log(sys, "(CRON) INFO (pidfile fd = 3)");
        for line in self.tables.refresh(sys.world, true) {
            Self::log(sys, &line);
        }
        if sys.lookup(REBOOTED, true).is_ok() {
            Self::log(sys, "(CRON) INFO (Skipping @reboot jobs -- not system startup)");
        } else {
            if let Ok(fd) = sys.open(REBOOTED, OpenFlags::WRITE, 0o644) {
                let _ = sys.close(fd);
            }
            Self::log(sys, "(CRON) INFO (Running @reboot jobs)");
            self.run(sys, |entry| entry.when == When::Reboot);
        }
        self.done = minute(sys.now());
        Ok(())
    }

    /// Starts the entries that `due` picks.
    fn run(&self, sys: &mut Sys<'_>, due: impl Fn(&Entry) -> bool) {
        for (path, table) in &self.tables.tables {
            for entry in table.entries.iter().filter(|e| due(e)) {
                let name = match &entry.user {
                    Some(name) => name.clone(),
                    None => owner(path),
                };
                match accounts::user(&sys.world.files, &name) {
                    Some(user) => {
                        let _ = sys.fork(Box::new(Job::new(entry, user)));
                    }
                    None if path.starts_with(SPOOL) => Self::log(sys, &format!("({name}) ORPHAN (no passwd entry)")),
                    None => Self::log(sys, &format!("Error: bad username; while reading {path}")),
                }
            }
        }
    }

    /// The next minute in which anything is due.
    fn next(&self) -> Option<Time> {
        let entries = self.tables.tables.values().flat_map(|t| &t.entries);
        entries.filter_map(|e| if let When::At(fields) = &e.when { fields.next(self.done) } else { None }).min()
    }
}

fn minute(time: Time) -> Time {
    Time(time.0 / MINUTE * MINUTE)
}

impl Program for Cron {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(sys) {
                return Step::Exit(status);
            }
        }
        while sys.wait_child(None).is_some() {}
        let now = minute(sys.now());
        if now > self.done {
            for line in self.tables.refresh(sys.world, false) {
                Self::log(sys, &line);
            }
            self.done = now;
            self.run(sys, |entry| matches!(&entry.when, When::At(fields) if fields.is_due(now)));
        }
        // A change is seen at the next full minute, as by the real one, which looks each minute.
        let mut fresh = self.tables.clone();
        let changed = !fresh.refresh(sys.world, false).is_empty() || fresh.watched != self.tables.watched;
        let mut wait = Wait::channel(Channel::Children(sys.pid));
        wait.channels.extend(self.tables.watched.iter().map(|ino| Channel::File(*ino)));
        if changed {
            wait = wait.or_until(Time(self.done.0 + MINUTE));
        }
        Step::Wait(match self.next() {
            Some(at) => wait.or_until(at),
            None => wait,
        })
    }
}
