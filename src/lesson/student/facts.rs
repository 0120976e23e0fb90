//! What judging asks, answered by a simulated VPS: the same words that its own commands print.

use super::Student;
use crate::lesson::content::condition::{FileKind, UnitId};
use crate::lesson::judge::facts::{Facts, FileFacts, ListenerFacts, ProcessFacts, QueueFacts, UnitFacts};
use crate::lesson::why::Cause;
use crate::systemd::journal::{Entry, message_id};
use crate::vps::queues;
use crate::world::fs::{Cred, Kind};
use crate::world::{Address, Duration, Process, Time, accounts};
use std::sync::Arc;

/// How long a command of ours may take on a copy.
const PROBE: Duration = Duration::from_secs(60);

/// How many entries of a stream no consumer has finished, from what `XINFO GROUPS` prints: name and value alternate.
fn waiting(groups: &str) -> Option<u64> {
    let words: Vec<&str> = groups.lines().collect();
    let value = |key: &str| words.get(words.iter().position(|word| *word == key)? + 1)?.parse::<u64>().ok();
    Some(value("pending")? + value("lag")?)
}

/// A word that bash takes as it is.
pub(super) fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

impl Facts for Student {
    fn now(&self) -> Time {
        self.vps.now()
    }

    fn booted(&self) -> Time {
        self.vps.world.booted
    }

    fn unit(&self, id: &UnitId) -> Option<UnitFacts> {
        self.look_at(id, |unit, enabled| UnitFacts {
            active: unit.active_state(),
            sub: unit.sub_state().to_owned(),
            enabled,
            result: unit.service.as_ref().map_or(unit.plain_result, |service| service.result.as_str()).to_owned(),
            restarts: unit.service.as_ref().map_or(0, |service| u64::from(service.n_restarts)),
            since: unit.timestamps.state_change.unwrap_or(self.vps.world.booted),
            next_elapse: unit.timer.as_ref().and_then(|timer| timer.next_elapse),
            last_trigger: unit.timer.as_ref().and_then(|timer| timer.last_trigger),
        })
    }

    fn unit_property(&self, id: &UnitId, property: &str) -> Option<String> {
        let (who, scope) = match &id.user {
            Some(user) => (user.as_str(), "--user "),
            None => ("root", ""),
        };
        let shown = self.ask(who, &format!("systemctl {scope}show -p {property} -- {}", quoted(&id.name)));
        shown.strip_prefix(property)?.strip_prefix('=').map(|value| value.trim_end().to_owned())
    }

    fn unit_up(&self, id: &UnitId, since: Time) -> u64 {
        let now = self.vps.now();
        let mut up = Duration::ZERO;
        let mut start: Option<Time> = None;
        for entry in self.vps.systemd.journal.entries().iter().filter(|e| self.is_about(e, id)) {
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

    fn why(&self, id: &UnitId) -> Vec<Cause> {
        self.causes_of(id)
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

    fn journal(&self, unit: Option<&UnitId>, since: Time) -> Vec<String> {
        let wanted =
            |e: &&Arc<Entry>| e.realtime >= since && unit.is_none_or(|id| self.is_about(e, id) || self.is_from(e, id));
        self.vps.systemd.journal.entries().iter().filter(wanted).map(|e| e.message().into_owned()).collect()
    }

    fn boots(&self) -> u64 {
        self.vps.systemd.journal.boots().len() as u64
    }

    fn queue(&self, name: &str) -> Option<QueueFacts> {
        // A list or a stream; the other kind answers with an error instead of a number.
        let key = quoted(name);
        let ask = |words: String| self.ask("root", &format!("redis-cli {words}"));
        let number = |words| ask(words).trim().parse::<u64>().ok();
        let counts = queues::counts(&self.vps.world, name);
        let depth = match number(format!("LLEN {key}")) {
            // Who takes from a list takes it off: what is being worked on is counted by the machine.
            Some(length) => length + counts.in_hand,
            None => {
                let entries = number(format!("XLEN {key}"))?;
                waiting(&ask(format!("XINFO GROUPS {key}"))).unwrap_or(entries)
            }
        };
        Some(QueueFacts { depth, handled: counts.handled, lost: counts.lost + counts.purged })
    }

    fn lingers(&self, user: &str) -> Option<bool> {
        accounts::user(&self.vps.world.files, user)?;
        Some(self.vps.systemd.lingers(&self.vps.world, user))
    }
}

impl Student {
    /// What a command prints when `user` runs it on a copy of the machine.
    fn ask(&self, user: &str, command: &str) -> String {
        self.vps.clone().run_command(user, command, PROBE).text
    }

    /// Every process of the machine that is a program: no zombie, nothing of the kernel.
    pub(super) fn living(&self) -> impl Iterator<Item = &Process> {
        self.vps.world.processes().filter(|p| !p.is_zombie() && !p.argv.is_empty())
    }

    /// Whether a manager wrote the entry about the unit.
    fn is_about(&self, entry: &Entry, id: &UnitId) -> bool {
        self.has(entry, id, "UNIT", "USER_UNIT")
    }

    /// Whether a process of the unit wrote the entry, or another program about it.
    fn is_from(&self, entry: &Entry, id: &UnitId) -> bool {
        self.has(entry, id, "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT")
            || self.has(entry, id, "OBJECT_SYSTEMD_UNIT", "OBJECT_SYSTEMD_USER_UNIT")
    }

    fn has(&self, entry: &Entry, id: &UnitId, system: &str, user: &str) -> bool {
        match &id.user {
            None => entry.has(system, id.name.as_bytes()),
            Some(name) => {
                let uid = accounts::user(&self.vps.world.files, name).map(|account| account.uid.to_string());
                entry.has(user, id.name.as_bytes()) && uid.is_some_and(|uid| entry.has("_UID", uid.as_bytes()))
            }
        }
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
        | message_id::UNIT_SUCCESS => Some(false),
        // Only the main process: a helper's end says nothing.
        message_id::UNIT_PROCESS_EXIT if entry.has("COMMAND", b"ExecStart") => Some(false),
        _ => None,
    }
}
