//! Completion of what systemd knows: units by what a verb can act on, fields and values of the journal.

use super::{Candidate, Place, finished, plain};
use std::collections::BTreeSet;

/// A unit that systemctl lists.
struct Listed {
    name: String,
    /// `LOAD`, `ACTIVE`, `SUB` of a loaded unit; nothing for a file that is not loaded.
    active: String,
}

/// The units that a verb of systemctl can act on.
pub(super) fn for_verb(place: &Place<'_>, verb: &str, user: bool, word: &str) -> Vec<Candidate> {
    if user {
        return Vec::new();
    }
    let names: Vec<String> = match verb {
        "start" => with_activity(place, |active| !matches!(active, "active" | "activating" | "reloading")),
        "stop" | "kill" | "try-restart" | "reload" | "condrestart" => {
            with_activity(place, |a| matches!(a, "active" | "activating" | "reloading" | "deactivating"))
        }
        "reset-failed" => with_activity(place, |active| active == "failed"),
        "isolate" | "set-default" => {
            with_activity(place, |_| true).into_iter().filter(|n| n.ends_with(".target")).collect()
        }
        "enable" | "preset" => with_state(place, |state| matches!(state, "disabled" | "indirect" | "linked")),
        "disable" | "reenable" => with_state(place, |state| state.starts_with("enabled") || state == "linked"),
        "mask" => with_state(place, |state| state != "masked"),
        "unmask" => with_state(place, |state| state.starts_with("masked")),
        "edit" | "cat" | "revert" | "is-enabled" => with_state(place, |_| true),
        "daemon-reload" | "daemon-reexec" | "list-units" | "list-unit-files" | "list-timers" => Vec::new(),
        _ => with_activity(place, |_| true),
    };
    begun(names, word)
}

/// Services by their names without the suffix, as service(8) wants them.
pub(super) fn services(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let names = with_activity(place, |_| true);
    let names: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(".service")).collect();
    plain(names.into_iter(), word)
}

/// Of units, those that begin with `word`: services and timers first, the others when a dot is typed or nothing else fits.
fn begun(mut names: Vec<String>, word: &str) -> Vec<Candidate> {
    names.retain(|name| name.starts_with(word));
    let usual = |name: &String| name.ends_with(".service") || name.ends_with(".timer");
    if !word.contains('.') && names.iter().any(usual) {
        names.retain(usual);
    }
    names.iter().map(|name| finished(name)).collect()
}

/// Loaded units and unit files, by their activity; a file that is not loaded is inactive.
fn with_activity(place: &Place<'_>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let answer = place.ask("systemctl list-units --all --no-legend --plain --no-pager");
    let mut listed: Vec<Listed> = Vec::new();
    for line in answer.lines() {
        let mut columns = line.split_whitespace();
        let (Some(name), Some(load), Some(active)) = (columns.next(), columns.next(), columns.next()) else { continue };
        if load != "not-found" {
            listed.push(Listed { name: name.to_owned(), active: active.to_owned() });
        }
    }
    let loaded: BTreeSet<&str> = listed.iter().map(|unit| unit.name.as_str()).collect();
    let files = with_state(place, |state| !state.starts_with("masked") && state != "alias");
    let files: Vec<String> = files.into_iter().filter(|name| !loaded.contains(name.as_str())).collect();
    let loaded = listed.into_iter().filter(|unit| wanted(&unit.active)).map(|unit| unit.name);
    loaded.chain(files.into_iter().filter(|_| wanted("inactive"))).filter(|name| !name.contains("@.")).collect()
}

/// Unit files by their state.
fn with_state(place: &Place<'_>, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let answer = place.ask("systemctl list-unit-files --no-legend --no-pager");
    let rows = answer.lines().filter_map(|line| {
        let mut columns = line.split_whitespace();
        Some((columns.next()?, columns.next()?))
    });
    rows.filter(|(_, state)| wanted(state)).map(|(name, _)| name.to_owned()).collect()
}

/// The units that the journal knows.
pub(super) fn of_journal(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let journal = &place.vps.systemd.journal;
    let names = ["UNIT", "_SYSTEMD_UNIT"].iter().flat_map(|field| journal.values(field));
    let names: BTreeSet<String> = names.map(|(value, _)| String::from_utf8_lossy(value).into_owned()).collect();
    begun(names.into_iter().collect(), word)
}

/// The values that a field has in the journal.
pub(super) fn journal_values(place: &Place<'_>, field: &str, word: &str) -> Vec<Candidate> {
    let entries = place.vps.systemd.journal.entries().iter();
    let values: BTreeSet<String> = entries.filter_map(|e| e.text(field).map(|v| v.into_owned())).collect();
    plain(values.iter().map(String::as_str), word)
}

/// The fields that the journal has entries with.
pub(super) fn journal_fields(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let answer = place.ask("journalctl -N --no-pager");
    let named = answer.lines().filter(|name| name.starts_with(word));
    named.map(|name| Candidate { text: format!("{name}="), shown: name.to_owned() }).collect()
}

/// The programs of supervisord.
pub(super) fn supervised(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let answer = place.ask("supervisorctl status");
    let names: Vec<&str> =
        answer.lines().filter(|l| l.contains("  ")).filter_map(|l| l.split_whitespace().next()).collect();
    plain(names.into_iter(), word)
}
