//! The last lines of a unit's log, as `systemctl status` shows them: systemctl(1).

use std::sync::Arc;

use super::format::{OutputMode, Style, print_entry};
use crate::systemd::journal::{Access, Entry, Journal, JournalFiles, Match, Opened};
use crate::world::World;
use crate::world::fs::Cred;

/// Which lines, and how they are shown.
#[derive(Clone, Debug)]
pub struct Tail<'a> {
    /// The unit's full name.
    pub unit: &'a str,
    /// The user whose manager the unit belongs to; `None`: a unit of the system.
    pub user: Option<u32>,
    /// Who asks: root, adm and systemd-journal see everything, others their own lines.
    pub reader: &'a Cred,
    /// `-n`: 10 by default.
    pub lines: usize,
    /// The unit's InactiveExitTimestampMonotonic, in microseconds; earlier entries are left out.
    pub since: Option<u64>,
    /// The width of the terminal; `None`: nothing is ellipsized (no terminal, or `-l`).
    pub columns: Option<usize>,
    /// `-a`: unprintable text is shown.
    pub all: bool,
    /// `-o`: `short` by default.
    pub output: OutputMode,
    /// Whether priorities are coloured.
    pub colour: bool,
}

/// The lines, each ended by a newline; an empty line stands before them when there are any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TailText {
    /// What is printed after the status block.
    pub text: String,
    /// Whether a line was shortened: the caller prints the hint about `-l` at its very end.
    pub ellipsized: bool,
}

/// The tail of a unit's log in the running boot.
pub fn tail(journal: &Journal, world: &World, tail: &Tail<'_>) -> TailText {
    let access = Access::new(world, tail.reader, JournalFiles::All);
    let filter = match tail.user {
        None => Match::unit(tail.unit),
        Some(uid) => Match::user_unit(tail.unit, uid),
    };
    let shown = last_entries(journal, &access, &filter, tail);
    let style =
        Style { mode: tail.output, columns: tail.columns, all: tail.all, colour: tail.colour, ..Style::default() };
    let mut out = Vec::new();
    let mut ellipsized = false;
    for entry in &shown {
        ellipsized |= print_entry(journal, entry, &style, &mut out);
    }
    if shown.len() < tail.lines && is_cut_off(journal, &access, tail) {
        let blocked = access.opened(journal) == Opened::Some;
        out.extend_from_slice(match (blocked, shown.is_empty()) {
            (true, true) => {
                b"Warning: some journal files were not opened due to insufficient permissions.\n".as_slice()
            }
            (false, _) => b"Notice: journal has been rotated since unit was started, output may be incomplete.\n",
            (true, false) => {
                b"Warning: journal has been rotated since unit was started and some journal files were not opened \
                  due to insufficient permissions, output may be incomplete.\n"
            }
        });
    }
    if !out.is_empty() {
        out.insert(0, b'\n');
    }
    TailText { text: String::from_utf8_lossy(&out).into_owned(), ellipsized }
}

/// The entries, oldest first.
fn last_entries(journal: &Journal, access: &Access, filter: &Match, tail: &Tail<'_>) -> Vec<Arc<Entry>> {
    let Some(boot) = journal.boots().last() else { return Vec::new() };
    let numbers = filter.candidates(journal).unwrap_or_default();
    let mut shown = Vec::new();
    for number in numbers.into_iter().rev() {
        let Some(entry) = journal.by_seqnum(number) else { break };
        let too_old = tail.since.is_some_and(|since| entry.monotonic < since);
        if shown.len() == tail.lines || number < boot.first || too_old {
            break;
        }
        if access.sees(entry) && filter.holds(entry) {
            shown.push(entry.clone());
        }
    }
    shown.reverse();
    shown
}

/// Whether the oldest readable entry of this boot is younger than the unit's start.
fn is_cut_off(journal: &Journal, access: &Access, tail: &Tail<'_>) -> bool {
    let (Some(since), Some(boot)) = (tail.since, journal.boots().last()) else { return false };
    let oldest = journal.entries().front().map_or(0, |e| e.seqnum);
    let mut number = boot.first.max(oldest);
    while let Some(entry) = journal.by_seqnum(number) {
        if access.sees(entry) {
            return since < entry.monotonic;
        }
        number += 1;
    }
    false
}
