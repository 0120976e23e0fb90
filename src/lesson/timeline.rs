//! What became of each unit over time, read from the machine's own journal: states, restarts, reboots, share of time up.

use crate::systemd::journal::{Entry, message_id};
use crate::vps::Vps;
use crate::world::Time;
use std::collections::BTreeMap;

/// The state of a unit, as the journal lets one see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The machine is off, or the unit not loaded yet.
    Off,
    /// It runs.
    Active,
    /// It starts, stops, or waits for its restart.
    Changing,
    /// It does not run.
    Inactive,
    /// It failed.
    Failed,
}

/// One unit's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The unit.
    pub unit: String,
    /// When it entered each state; the first entry is where the timeline begins.
    pub changes: Vec<(Time, State)>,
    /// How often systemd restarted it.
    pub restarts: u32,
    /// Parts per million of the time in which it was active.
    pub up: u64,
}

/// Units and boots between two moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Where it begins.
    pub from: Time,
    /// Where it ends.
    pub to: Time,
    /// The units, by name.
    pub lanes: Vec<Lane>,
    /// When the machine booted, after the beginning.
    pub boots: Vec<Time>,
}

/// Reads the timeline of `vps` from `from` until now. Units are those whose files an administrator wrote, and those
/// services whose state changed meanwhile.
pub fn timeline(vps: &Vps, from: Time) -> Timeline {
    let to = vps.now();
    let boots = vps.systemd.journal.boots().iter().map(|boot| boot.first_realtime);
    let boots: Vec<Time> = boots.filter(|at| *at > from).collect();
    let mut lives: BTreeMap<String, Lane> = BTreeMap::new();
    let mut changed: Vec<String> = Vec::new();
    for entry in vps.systemd.journal.entries() {
        let Some(unit) = entry.text("UNIT").map(|unit| unit.into_owned()) else { continue };
        let Some(state) = state_after(entry) else { continue };
        let lane = lives.entry(unit.clone()).or_insert_with(|| Lane {
            unit: unit.clone(),
            changes: vec![(from, State::Off)],
            restarts: 0,
            up: 0,
        });
        let fresh = entry.realtime > from;
        if fresh && entry.text("MESSAGE_ID").as_deref() == Some(message_id::UNIT_RESTART_SCHEDULED) {
            lane.restarts += 1;
        }
        if fresh && !boots.iter().any(|boot| is_near(entry.realtime, *boot)) {
            changed.push(unit);
        }
        // A oneshot is told to have finished after it went down.
        let finished = state == State::Active && entry.message().starts_with("Finished");
        if !finished || lane.changes.last().is_none_or(|(_, last)| *last != State::Inactive) {
            lane.enter(entry.realtime.max(from), state);
        }
    }
    let own = own_units(vps);
    let mut lanes: Vec<Lane> = lives.into_values().filter(|l| wanted(l, &own, &changed)).collect();
    for lane in &mut lanes {
        boots.iter().for_each(|boot| lane.reboot(*boot));
        lane.up = lane.share(State::Active, to);
    }
    Timeline { from, to, lanes, boots }
}

/// Whether a moment belongs to a reboot: everything goes down and comes up then.
fn is_near(at: Time, boot: Time) -> bool {
    at.since(boot).max(boot.since(at)).as_secs() < 60
}

/// Whether a unit is worth a lane.
fn wanted(lane: &Lane, own: &[String], changed: &[String]) -> bool {
    own.contains(&lane.unit)
        || (lane.unit.ends_with(".service") && !lane.unit.contains('@') && changed.contains(&lane.unit))
}

/// The units whose files stand in the administrator's folder.
fn own_units(vps: &Vps) -> Vec<String> {
    let units = vps.systemd.manager.units();
    let written = units.filter(|unit| {
        let path = unit.loaded.fragment_path.as_ref();
        path.is_some_and(|path| path.to_string().starts_with("/etc/systemd/system/"))
    });
    written.map(|unit| unit.name.to_string()).collect()
}

/// The state that an entry about a unit tells of.
fn state_after(entry: &Entry) -> Option<State> {
    Some(match entry.text("MESSAGE_ID")?.as_ref() {
        message_id::UNIT_STARTED => State::Active,
        message_id::UNIT_STARTING | message_id::UNIT_STOPPING | message_id::UNIT_RESTART_SCHEDULED => State::Changing,
        message_id::UNIT_PROCESS_EXIT => State::Changing,
        message_id::UNIT_STOPPED | message_id::UNIT_SUCCESS => State::Inactive,
        message_id::UNIT_FAILED | message_id::UNIT_FAILURE_RESULT => State::Failed,
        _ => return None,
    })
}

impl Lane {
    fn enter(&mut self, at: Time, state: State) {
        match self.changes.last_mut() {
            Some(last) if last.0 == at => last.1 = state,
            Some(last) if last.1 == state => {}
            _ => self.changes.push((at, state)),
        }
    }

    /// A boot: what ran before does not run until it is started again.
    fn reboot(&mut self, boot: Time) {
        let at = self.changes.partition_point(|(time, _)| *time < boot);
        if self.changes.get(at).is_none_or(|(time, _)| *time > boot) {
            self.changes.insert(at, (boot, State::Inactive));
        }
    }

    /// Parts per million of the time that it spent in `state`.
    fn share(&self, state: State, to: Time) -> u64 {
        let ends = self.changes.iter().skip(1).map(|(at, _)| *at).chain([to]);
        let spans = self.changes.iter().zip(ends).filter(|((_, s), _)| *s == state);
        let inside: u128 = spans.map(|((at, _), end)| end.since(*at).as_micros()).sum();
        let whole = self.changes.first().map_or(0, |(from, _)| to.since(*from).as_micros()).max(1);
        u64::try_from(inside * 1_000_000 / whole).unwrap_or(1_000_000).min(1_000_000)
    }

    /// The worst state between two moments.
    pub fn worst(&self, from: Time, to: Time) -> State {
        let first = self.changes.iter().take_while(|(at, _)| *at <= from).last().map_or(State::Off, |(_, s)| *s);
        let inside = self.changes.iter().filter(|(at, _)| *at > from && *at < to).map(|(_, state)| *state);
        inside.fold(first, Ord::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{TRANSCRIPT_CLOCK, baseline};
    use crate::world::Duration;

    #[test]
    fn a_service_that_falls_and_is_lifted_is_seen() {
        let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
        let unit = "[Service]\nExecStart=/usr/bin/sleep 1000\nRestart=always\nRestartSec=5s\n";
        vps.write_file("/etc/systemd/system/nap.service", unit.as_bytes(), 0o644, (0, 0));
        let from = vps.now();
        vps.run_command("root", "systemctl start nap", Duration::from_secs(10));
        vps.advance(Duration::from_secs(60));
        vps.run_command("root", "kill -9 $(systemctl show -p MainPID --value nap)", Duration::from_secs(10));
        vps.advance(Duration::from_secs(35));
        let line = timeline(&vps, from);
        let lane = line.lanes.iter().find(|lane| lane.unit == "nap.service").unwrap();
        assert_eq!(lane.restarts, 1);
        assert!((930_000..980_000).contains(&lane.up), "{} ppm", lane.up);
        assert_eq!(lane.worst(from, line.to), State::Failed);
        assert_eq!(lane.changes.last().unwrap().1, State::Active);
    }

    #[test]
    fn a_reboot_ends_what_is_not_enabled() {
        let mut vps = baseline(TRANSCRIPT_CLOCK, 1);
        let unit = "[Service]\nExecStart=/usr/bin/sleep 1000\n";
        vps.write_file("/etc/systemd/system/nap.service", unit.as_bytes(), 0o644, (0, 0));
        let from = vps.now();
        vps.run_command("root", "systemctl start nap", Duration::from_secs(10));
        vps.advance(Duration::from_secs(60));
        vps.reboot(Duration::from_secs(600));
        let line = timeline(&vps, from);
        assert_eq!(line.boots.len(), 1);
        let lane = line.lanes.iter().find(|lane| lane.unit == "nap.service");
        assert!(lane.is_none_or(|lane| lane.changes.last().unwrap().1 == State::Inactive));
    }
}
