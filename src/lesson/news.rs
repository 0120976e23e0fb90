//! What happened on the machine by itself since it was last looked at: a restart, a failure, a timer, mail that piles up.
//!
//! All of it is read from the machine's own value: the journal, the timers of its manager, its queues.

use super::text::Text;
use crate::commands::net::redis::queues;
use crate::systemd::journal::{Entry, message_id};
use crate::vps::Vps;
use crate::world::Time;
use std::collections::BTreeMap;

/// How the machine stood when it was looked at.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    seqnum: u64,
    boots: usize,
    timers: BTreeMap<String, Time>,
    queues: BTreeMap<String, u64>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// When, on the machine's clock.
    pub at: Time,
    /// What.
    pub say: Text,
}

/// How many messages more than before are worth a word.
const PILE: u64 = 5;

impl Mark {
    /// How `vps` stands now.
    pub fn of(vps: &Vps) -> Mark {
        let entries = vps.systemd.journal.entries();
        Mark {
            seqnum: entries.last().map_or(0, |entry| entry.seqnum),
            boots: vps.systemd.journal.boots().len(),
            timers: timers(vps),
            queues: queues(&vps.world),
        }
    }

    /// What happened since, in the order of time.
    pub fn news(&self, vps: &Vps) -> Vec<Happened> {
        let fresh = vps.systemd.journal.entries().iter().rev().take_while(|entry| entry.seqnum > self.seqnum);
        let mut found: Vec<Happened> = fresh.filter_map(|entry| of_entry(entry)).collect();
        found.reverse();
        found.extend(self.boots(vps));
        for (name, at) in timers(vps).iter().filter(|(name, at)| self.timers.get(*name).is_some_and(|b| b < *at)) {
            found.push(Happened {
                at: *at,
                say: Text::set(format!("{name} fired"), &format!("{name} s'est déclenché")),
            });
        }
        found.sort_by_key(|happened| happened.at);
        found.extend(self.piles(vps));
        found
    }

    fn boots(&self, vps: &Vps) -> Option<Happened> {
        let boots = vps.systemd.journal.boots();
        let boot = boots.last().filter(|_| self.boots > 0 && boots.len() > self.boots)?;
        Some(Happened { at: boot.first_realtime, say: Text::set("the machine restarted", "la machine a redémarré") })
    }

    /// Queues that grew.
    fn piles(&self, vps: &Vps) -> Vec<Happened> {
        let at = vps.now();
        let grown = |(name, now): (String, u64)| {
            let before = self.queues.get(&name).copied().unwrap_or(0);
            (now >= before + PILE).then(|| {
                let (en, fr) =
                    (format!("{now} messages wait in {name}"), format!("{now} messages attendent dans {name}"));
                Happened { at, say: Text::set(en, &fr) }
            })
        };
        queues(&vps.world).into_iter().filter_map(grown).collect()
    }
}

/// When each timer fired last.
fn timers(vps: &Vps) -> BTreeMap<String, Time> {
    let units = vps.systemd.manager.units();
    let fired = units.filter_map(|unit| Some((unit.name.to_string(), unit.timer.as_ref()?.last_trigger?)));
    fired.collect()
}

/// What an entry of PID 1 tells, when nobody asked for it.
fn of_entry(entry: &Entry) -> Option<Happened> {
    let unit = entry.text("UNIT")?;
    let say = match entry.text("MESSAGE_ID")?.as_ref() {
        message_id::UNIT_RESTART_SCHEDULED => {
            let count = entry.text("N_RESTARTS").unwrap_or_default();
            Text::set(
                format!("systemd restarts {unit} (restart {count})"),
                &format!("systemd relance {unit} (relance {count})"),
            )
        }
        message_id::UNIT_FAILURE_RESULT => {
            let result = entry.text("UNIT_RESULT").unwrap_or_default();
            Text::set(format!("{unit} failed ({result})"), &format!("{unit} a échoué ({result})"))
        }
        message_id::UNIT_OUT_OF_MEMORY => Text::set(
            format!("the kernel killed a process of {unit}: no memory left"),
            &format!("le noyau a tué un processus de {unit} : plus de mémoire"),
        ),
        _ => return None,
    };
    Some(Happened { at: entry.realtime, say })
}
