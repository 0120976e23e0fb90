//! What judging asks, answered by a simulated VPS: the same words that its own commands print.
//!
//! Questions about units go to `systemctl show`, run as root on a copy: it loads units on demand, as any client makes
//! systemd do, and the student's machine stays as it is.

use super::content::action::{Action, Input};
use super::content::condition::FileKind;
use super::judge::facts::{Facts, FileFacts, ListenerFacts, Machine, ProcessFacts, UnitFacts};
use super::student::Student;
use crate::systemd::journal::{Entry, message_id};
use crate::systemd::states::{ActiveState, UnitFileState};
use crate::world::fs::{Cred, Kind};
use crate::world::{Address, Duration, Pid, Process, Signal, Time, accounts};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a line may hold the terminal when nobody says how long to wait.
const FOREGROUND: Duration = Duration::from_secs(30);
/// How long a program is given to react to a key.
const KEY: Duration = Duration::from_secs(5);
/// How long a command of ours may take on a copy.
const PROBE: Duration = Duration::from_secs(60);

impl Student {
    /// What a command prints when root runs it on a copy of the machine.
    fn ask(&self, command: &str) -> String {
        self.vps.clone().run_command("root", command, PROBE).text
    }

    fn show(&self, unit: &str) -> BTreeMap<String, String> {
        let text = self.ask(&format!("systemctl show -- {}", quoted(unit)));
        text.lines().filter_map(|l| l.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    /// The main process of a unit, or every process whose command line contains the text.
    fn targets(&self, name: &str) -> Vec<Pid> {
        if name.ends_with(".service") {
            let main = self.show(name).get("MainPID").and_then(|p| p.parse::<Pid>().ok()).filter(|p| *p > 1);
            return main.into_iter().collect();
        }
        self.living().filter(|p| p.argv.join(" ").contains(name)).map(|p| p.pid).collect()
    }

    /// Every process of the machine that is a program: no zombie, nothing of the kernel.
    fn living(&self) -> impl Iterator<Item = &Process> {
        self.vps.world.processes().filter(|p| !p.is_zombie() && !p.argv.is_empty())
    }

    fn signal(&mut self, name: &str, signal: Signal) -> bool {
        let targets = self.targets(name);
        for pid in &targets {
            self.vps.world.send_signal(*pid, signal);
        }
        self.vps.world.deliver(&mut self.vps.systemd);
        !targets.is_empty()
    }

    /// Leaves as by `exit`, whatever runs in the foreground.
    fn log_out(&mut self) -> bool {
        if !self.is_inside() {
            return false;
        }
        // Twice: bash first warns about stopped jobs.
        for text in ["\u{3}", "exit\n", "exit\n"] {
            self.type_text(text);
            let deadline = self.vps.now() + KEY;
            self.run_until(deadline);
        }
        true
    }

    fn type_and_wait(&mut self, text: &str, until: Option<Time>, limit: Duration) {
        if !self.is_inside() && self.log_in().is_err() {
            return;
        }
        self.type_text(text);
        let deadline = until.unwrap_or_else(|| self.vps.now() + limit);
        self.run_until(deadline);
    }
}

/// A word that bash takes as it is.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

impl Facts for Student {
    fn now(&self) -> Time {
        self.vps.now()
    }

    fn unit(&self, name: &str) -> Option<UnitFacts> {
        let show = self.show(name);
        let get = |key: &str| show.get(key).map(String::as_str).unwrap_or_default();
        if matches!(get("LoadState"), "" | "not-found") {
            return None;
        }
        let changed: u64 = get("StateChangeTimestampMonotonic").parse().unwrap_or(0);
        let age = Duration::from_micros(self.vps.world.monotonic().saturating_sub(changed));
        Some(UnitFacts {
            active: ActiveState::parse(get("ActiveState")).unwrap_or(ActiveState::Inactive),
            sub: get("SubState").to_owned(),
            enabled: UnitFileState::parse(get("UnitFileState")),
            result: get("Result").to_owned(),
            restarts: get("NRestarts").parse().unwrap_or(0),
            since: self.vps.now() - age,
        })
    }

    fn unit_property(&self, name: &str, property: &str) -> Option<String> {
        self.show(name).remove(property)
    }

    fn unit_up(&self, name: &str, since: Time) -> u64 {
        let now = self.vps.now();
        let mut up = Duration::ZERO;
        let mut start: Option<Time> = None;
        for entry in self.vps.systemd.journal.entries().iter().filter(|e| e.has("UNIT", name.as_bytes())) {
            match (goes_up(entry), start) {
                (Some(true), None) => start = Some(entry.realtime.max(since)),
                (Some(false), Some(from)) => {
                    up += entry.realtime.max(since).since(from);
                    start = None;
                }
                _ => {}
            }
        }
        up += start.map_or(Duration::ZERO, |from| now.since(from));
        let whole = now.since(since).as_micros().max(1);
        u64::try_from(up.as_micros() * 1_000_000 / whole).unwrap_or(1_000_000).min(1_000_000)
    }

    fn file(&self, path: &str) -> Option<FileFacts> {
        let tree = &self.vps.world.files;
        let node = tree.inode(tree.lookup(&Cred::root(), "/", path, false).ok()?)?;
        let kind = match node.kind {
            Kind::File(_) => Some(FileKind::Regular),
            Kind::Dir { .. } => Some(FileKind::Directory),
            Kind::Symlink(_) => Some(FileKind::Symlink),
            _ => None,
        };
        let (user, group) = (accounts::user_name(tree, node.uid), accounts::group_name(tree, node.gid));
        Some(FileFacts { kind, mode: u32::from(node.mode), user, group })
    }

    fn file_text(&self, path: &str) -> Option<String> {
        self.vps.world.files.text(path)
    }

    fn processes(&self) -> Vec<ProcessFacts> {
        let facts = |p: &Process| ProcessFacts {
            pid: p.pid,
            parent: p.ppid,
            user: accounts::user_name(&self.vps.world.files, p.cred.uid),
            args: p.argv.join(" "),
            terminal: p.tty.is_some(),
        };
        self.living().map(facts).collect()
    }

    fn listeners(&self) -> Vec<ListenerFacts> {
        let unit = |pid| self.vps.systemd.manager.unit_of_pid(&self.vps.world, pid).map(|u| u.name.to_string());
        let listeners = self.vps.world.net.listeners.values();
        let tcp = listeners.filter_map(|l| match l.address {
            Address::Tcp(_, port) => Some(ListenerFacts { port, unit: unit(l.owner) }),
            _ => None,
        });
        tcp.collect()
    }

    fn journal(&self, unit: Option<&str>) -> Vec<String> {
        let about = |e: &&Arc<Entry>| match unit {
            None => true,
            Some(unit) => ["_SYSTEMD_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT"].iter().any(|f| e.has(f, unit.as_bytes())),
        };
        self.vps.systemd.journal.entries().iter().filter(about).map(|e| e.message().into_owned()).collect()
    }

    fn boots(&self) -> u64 {
        self.vps.systemd.journal.boots().len() as u64
    }

    fn queue(&self, name: &str) -> Option<u64> {
        // A list or a stream; the other kind answers with an error instead of a number.
        let ask = |verb| self.ask(&format!("redis-cli {verb} {}", quoted(name))).trim().parse().ok();
        ask("LLEN").or_else(|| ask("XLEN"))
    }
}

/// Whether an entry about a unit says that it came up (`true`) or went down.
fn goes_up(entry: &Entry) -> Option<bool> {
    match entry.text("MESSAGE_ID")?.as_ref() {
        message_id::UNIT_STARTED => Some(true),
        message_id::UNIT_STOPPING
        | message_id::UNIT_STOPPED
        | message_id::UNIT_FAILED
        | message_id::UNIT_FAILURE_RESULT
        | message_id::UNIT_SUCCESS
        | message_id::UNIT_PROCESS_EXIT => Some(false),
        _ => None,
    }
}

impl Machine for Student {
    fn input(&mut self, input: &Input, until: Option<Time>) -> String {
        let mut shown = String::new();
        match input {
            Input::Type(line) => {
                // Enter at a closed terminal opens a new one, and is read by nobody.
                if self.is_inside() || (self.log_in().is_ok() && !line.is_empty()) {
                    self.enter(line);
                    self.run_until(until.unwrap_or_else(|| self.vps.now() + FOREGROUND));
                }
            }
            Input::Interrupt => self.type_and_wait("\u{3}", until, KEY),
            Input::EndOfFile => self.type_and_wait("\u{4}", until, KEY),
            Input::Advance(time) => self.vps.advance(*time),
            Input::Drop => {
                shown = self.take_output();
                self.cut();
            }
            Input::Reboot => {
                shown = self.take_output();
                self.reboot();
            }
        }
        shown.push_str(&self.take_output());
        if matches!(input, Input::Drop | Input::Reboot) && self.log_in().is_ok() {
            shown.push_str(&self.take_output());
        }
        shown
    }

    fn act(&mut self, action: &Action) -> bool {
        match action {
            Action::Crash(name) => self.signal(name, Signal::KILL),
            Action::Kill { signal, target } => Signal::parse(signal).is_some_and(|s| self.signal(target, s)),
            Action::Logout => self.log_out(),
            Action::Drop => {
                let inside = self.is_inside();
                self.cut();
                inside
            }
            Action::Reboot => {
                self.reboot();
                true
            }
            Action::Advance(time) => {
                self.vps.advance(*time);
                true
            }
        }
    }
}
