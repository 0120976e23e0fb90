//! Completion of options and of their values. Which options a command has it says itself: to the empty long name `--=`
//! getopt_long(3) answers with every possibility.

use super::{Candidate, Place, finished, plain, signals, units, users};
use crate::systemd::unit_name::UnitType;

/// The long options that begin with `word`.
pub(super) fn long(place: &Place<'_>, command: &str, word: &str) -> Vec<Candidate> {
    let answer = place.ask(&format!("'{}' --=", command.replace('\'', "")));
    let Some((_, names)) = answer.split_once("possibilities:") else { return Vec::new() };
    let names = names.lines().next().unwrap_or_default().split_whitespace();
    plain(names.map(|name| name.trim_matches('\'')), word)
}

/// The values of an option that has known ones; none for any other.
pub(super) fn values(place: &Place<'_>, command: &str, option: &str, word: &str) -> Vec<Candidate> {
    match (command, option) {
        ("journalctl", "-u" | "--unit") => units::of_journal(place, word),
        ("journalctl", "-t" | "--identifier") => units::journal_values(place, "SYSLOG_IDENTIFIER", word),
        ("journalctl", "-p" | "--priority") => plain(PRIORITIES.iter().copied(), word),
        ("journalctl", "-F" | "--field") => units::journal_fields(place, word),
        ("systemctl", "-s" | "--signal") | ("kill", "-s") => signals("", word),
        ("systemctl", "-t" | "--type") => plain(UnitType::ALL.iter().map(|kind| kind.as_str()), word),
        ("sudo" | "ps" | "pgrep" | "pkill", "-u" | "-U" | "--user") => users(place, word),
        ("systemctl" | "loginctl" | "systemd-run", "-M" | "--machine" | "-H" | "--host") => vec![finished("")],
        _ => Vec::new(),
    }
}

/// The names of priorities: syslog(3).
const PRIORITIES: &[&str] = &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
