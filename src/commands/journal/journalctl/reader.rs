//! Going through the journal: where to begin, in which direction, when to stop, and `--follow`: journalctl(1).

use std::sync::Arc;

use imbl::Vector;

use super::Output;
use super::options::Request;
use super::query::Query;
use crate::commands::journal::format::{OutputMode, Style, print_entry};
use crate::systemd::journal::{Access, Entry, Journal, Match};
use crate::world::Sys;

/// How many entries are printed before the output is written.
const BATCH: usize = 500;

/// What a step led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// There is more to do.
    More,
    /// It ends with this status.
    Done(u8),
    /// Everything is shown; more may come.
    Wait,
}

/// A reader in the middle of the journal.
#[derive(Clone)]
pub(super) struct Reader {
    access: Access,
    filter: Match,
    range: (u64, u64),
    /// The numbers among which matches are, up to `horizon`; `None`: anywhere.
    candidates: Option<Arc<Vec<u64>>>,
    horizon: u64,
    request: Request,
    style: Style,
    /// The number to look at next.
    position: u64,
    shown: usize,
    /// Whether the first run through the journal is over (`--follow`).
    following: bool,
    previous: Option<Arc<Entry>>,
    /// The boot of the entry looked at last, shown or not.
    boot: Option<Arc<str>>,
}

impl Reader {
    /// Stands at the entry to begin with. Errors: a cursor that is none.
    pub fn new(
        sys: &mut Sys<'_>,
        journal: &Journal,
        access: Access,
        query: Query,
        request: Request,
    ) -> Result<Self, String> {
        let terminal = sys.tty_of(1).and_then(|tty| sys.world.terminals.get(&tty));
        let columns = terminal.map_or(80, |t| usize::from(t.columns));
        let dumb = sys.getenv("TERM").is_none_or(|term| term == "dumb") || sys.getenv("NO_COLOR").is_some();
        let style = Style {
            mode: request.mode,
            columns: (!request.full).then_some(columns),
            all: request.all,
            colour: terminal.is_some() && !dumb,
            no_hostname: request.no_hostname,
            catalog: request.catalog,
            fields: request.fields.clone(),
            ..Style::default()
        };
        let mut reader = Reader {
            access,
            range: query.range,
            candidates: query.filter.candidates(journal).map(Arc::new),
            filter: query.filter,
            horizon: journal.entries().last().map_or(0, |e| e.seqnum),
            request,
            style,
            position: 0,
            shown: 0,
            following: false,
            previous: None,
            boot: None,
        };
        reader.seek(journal)?;
        Ok(reader)
    }

    /// Finds the first entry to be shown.
    fn seek(&mut self, journal: &Journal) -> Result<(), String> {
        let request = &self.request;
        let entries = journal.entries();
        let by_time = |time| entries.get(lower_bound(entries, time)).map_or(self.horizon + 1, |e| e.seqnum);
        if let Some(text) = request.cursor.as_ref().or(request.after_cursor.as_ref()) {
            let cursor = journal.parse_cursor(text).ok_or("Failed to seek to cursor: Invalid argument")?;
            let known = journal.by_seqnum(cursor.seqnum).is_some_and(|e| e.realtime.0 == cursor.realtime);
            let at = if known { cursor.seqnum } else { by_time(cursor.realtime) };
            self.position = at;
            if request.after_cursor.is_some() {
                self.position = if request.reverse { at.saturating_sub(1) } else { at + 1 };
            }
        } else if let (Some(since), false) = (request.since, request.reverse) {
            self.position = by_time(since.0);
        } else if let (Some(until), true) = (request.until, request.reverse) {
            self.position = by_time(until.0 + 1).saturating_sub(1);
        } else if request.reverse {
            self.position = self.horizon;
        } else if let Some(lines) = request.lines {
            self.position = self.skip_back(journal, lines);
        } else {
            self.position = self.range.0;
        }
        Ok(())
    }

    /// The number from which on `lines` entries match.
    fn skip_back(&self, journal: &Journal, lines: usize) -> u64 {
        let mut position = self.horizon + 1;
        for _ in 0..lines {
            match self.previous_match(journal, position.saturating_sub(1)) {
                Some(entry) => position = entry.seqnum,
                None => break,
            }
        }
        position
    }

    /// The first matching entry with this number or a higher one.
    fn next_match(&self, journal: &Journal, from: u64) -> Option<Arc<Entry>> {
        let mut number = from.max(self.range.0).max(journal.entries().front()?.seqnum);
        if let Some(candidates) = &self.candidates {
            let start = candidates.partition_point(|n| *n < number);
            for candidate in candidates.get(start..).unwrap_or_default() {
                if let Some(entry) = self.matching(journal, *candidate) {
                    return Some(entry);
                }
            }
            number = number.max(self.horizon + 1);
        }
        let last = journal.entries().last()?.seqnum.min(self.range.1);
        (number..=last).find_map(|number| self.matching(journal, number))
    }

    /// The last matching entry with this number or a lower one.
    fn previous_match(&self, journal: &Journal, from: u64) -> Option<Arc<Entry>> {
        let from = from.min(self.range.1).min(journal.entries().last()?.seqnum);
        let first = journal.entries().front()?.seqnum.max(self.range.0);
        match &self.candidates {
            Some(candidates) => {
                let end = candidates.partition_point(|n| *n <= from);
                candidates[..end].iter().rev().find_map(|number| self.matching(journal, *number))
            }
            None => (first..=from).rev().find_map(|number| self.matching(journal, number)),
        }
    }

    fn matching(&self, journal: &Journal, number: u64) -> Option<Arc<Entry>> {
        if number < self.range.0 || number > self.range.1 {
            return None;
        }
        let entry = journal.by_seqnum(number)?;
        (self.access.sees(entry) && self.filter.holds(entry)).then(|| entry.clone())
    }

    /// Prints the next entries.
    pub fn advance(&mut self, journal: &Journal, output: &mut Output) -> Progress {
        for _ in 0..BATCH {
            if !self.following && self.request.lines.is_some_and(|lines| self.shown >= lines) {
                return self.pause(journal, output);
            }
            let found = match self.request.reverse {
                true => self.previous_match(journal, self.position),
                false => self.next_match(journal, self.position),
            };
            let Some(entry) = found else { return self.pause(journal, output) };
            let too_late = self.request.until.is_some_and(|until| entry.realtime > until) && !self.request.reverse;
            let too_early = self.request.since.is_some_and(|since| entry.realtime < since) && self.request.reverse;
            if too_late || too_early {
                return self.end(journal, output);
            }
            self.position = if self.request.reverse { entry.seqnum - 1 } else { entry.seqnum + 1 };
            if !self.print(journal, &entry, output) {
                continue;
            }
            self.shown += 1;
            self.previous = Some(entry);
            if self.position == 0 && self.request.reverse {
                return self.end(journal, output);
            }
        }
        Progress::More
    }

    /// Prints an entry unless the pattern keeps it out.
    fn print(&mut self, journal: &Journal, entry: &Arc<Entry>, output: &mut Output) -> bool {
        let mut bytes = Vec::new();
        let previous = self.boot.replace(entry.boot.clone());
        if previous.is_some_and(|boot| boot != entry.boot) && !self.request.merge && !self.request.quiet {
            let (on, off) = if self.style.colour { ("\x1b[0;1;39m", "\x1b[0m") } else { ("", "") };
            output.line(&format!("{on}-- Boot {} --{off}", entry.boot));
        }
        if let Some(pattern) = &self.request.pattern {
            let Some(found) = entry.get("MESSAGE").and_then(|message| pattern.find(message)) else { return false };
            self.style.highlight = self.style.colour.then_some((found.start(), found.end()));
        }
        if self.style.mode == OutputMode::ShortDelta {
            self.style.previous = self.previous.clone();
        }
        print_entry(journal, entry, &self.style, &mut bytes);
        output.bytes(1, &bytes);
        true
    }

    /// The file that wants to know where the reading ended, and that place.
    pub fn cursor_to_keep(&self, journal: &Journal) -> Option<(String, String)> {
        let path = self.request.cursor_file.clone()?;
        let last = self.previous.as_ref()?;
        Some((path, journal.cursor(last)))
    }

    /// All there is has been shown.
    fn pause(&mut self, journal: &Journal, output: &mut Output) -> Progress {
        if !self.request.follow {
            return self.end(journal, output);
        }
        self.following = true;
        Progress::Wait
    }

    fn end(&mut self, journal: &Journal, output: &mut Output) -> Progress {
        if self.shown == 0 && !self.request.quiet {
            output.line("-- No entries --");
        }
        if self.request.show_cursor {
            let tail = || self.previous_match(journal, self.horizon).filter(|_| self.request.lines == Some(0));
            if let Some(last) = self.previous.clone().or_else(tail) {
                output.line(&format!("-- cursor: {}", journal.cursor(&last)));
            }
        }
        let fruitless = self.shown == 0 && self.request.pattern.is_some();
        Progress::Done(u8::from(fruitless))
    }
}

/// The index of the first entry received at `time` (microseconds since the epoch) or later.
fn lower_bound(entries: &Vector<Arc<Entry>>, time: u64) -> usize {
    let (mut low, mut high) = (0, entries.len());
    while low < high {
        let middle = low + (high - low) / 2;
        match entries.get(middle) {
            Some(entry) if entry.realtime.0 < time => low = middle + 1,
            _ => high = middle,
        }
    }
    low
}
