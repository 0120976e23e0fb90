//! The formats of one line an entry, like syslog's: journalctl(1), `-o short` and its kin, `-o cat`.

use std::fmt::Write as _;

use super::multiline::{self, Place};
use super::{OutputMode, Style, blob, is_printable};
use crate::systemd::journal::Entry;

/// An entry in one of the short formats; tells whether it was shortened.
pub(super) fn short(entry: &Entry, style: &Style, out: &mut Vec<u8>) -> bool {
    let Some(message) = entry.get("MESSAGE") else { return false };
    let mut head = timestamp(entry, style);
    let shown = |name: &str| entry.text(name).filter(|t| style.all || is_printable(t.as_bytes()));
    if !style.no_hostname
        && let Some(host) = shown("_HOSTNAME")
    {
        let _ = write!(head, " {host}");
    }
    let unit = shown("_SYSTEMD_UNIT").or_else(|| shown("UNIT"));
    let user_unit = shown("_SYSTEMD_USER_UNIT").or_else(|| shown("USER_UNIT"));
    match (style.mode, unit, user_unit) {
        (OutputMode::WithUnit, Some(unit), Some(user_unit)) => {
            let _ = write!(head, " {unit}/{user_unit}");
        }
        (OutputMode::WithUnit, Some(unit), None) | (OutputMode::WithUnit, None, Some(unit)) => {
            let _ = write!(head, " {unit}");
        }
        _ => {
            let name = shown("SYSLOG_IDENTIFIER").or_else(|| shown("_COMM"));
            let _ = write!(head, " {}", name.as_deref().unwrap_or("unknown"));
        }
    }
    if let Some(pid) = shown("_PID").or_else(|| shown("SYSLOG_PID")) {
        let _ = write!(head, "[{pid}]");
    }
    head.push_str(": ");
    out.extend_from_slice(head.as_bytes());
    if !style.all && !is_printable(message) {
        out.extend_from_slice(blob(message.len()).as_bytes());
        out.push(b'\n');
        return false;
    }
    if message.is_empty() {
        out.push(b'\n');
        return false;
    }
    let place = Place {
        prefix: head.chars().count(),
        columns: style.columns.filter(|_| !style.all),
        colour: colour(entry, style),
        highlight: style.highlight,
    };
    multiline::print(message, &place, out)
}

/// `-o cat`: the message alone, or the fields asked for.
pub(super) fn cat(entry: &Entry, style: &Style, out: &mut Vec<u8>) {
    let wanted = |name: &str| match &style.fields {
        Some(fields) => fields.iter().any(|field| field == name),
        None => name == "MESSAGE",
    };
    for field in entry.as_stored().filter(|f| wanted(&f.name)) {
        let (on, off) = colour(entry, style);
        let highlight = style.highlight.filter(|(from, to)| from < to && *to <= field.value.len());
        match highlight {
            Some((from, to)) if style.colour && field.name == "MESSAGE" => {
                let (start, rest) = field.value.split_at(from);
                let (hit, end) = rest.split_at(to - from);
                for part in [on.as_bytes(), start, b"\x1b[0;1;31m", hit, b"\x1b[0m", on.as_bytes(), end] {
                    out.extend_from_slice(part);
                }
            }
            _ => {
                out.extend_from_slice(on.as_bytes());
                out.extend_from_slice(&field.value);
            }
        }
        out.extend_from_slice(off.as_bytes());
        out.push(b'\n');
    }
}

/// Escape sequences for an entry's priority.
fn colour(entry: &Entry, style: &Style) -> (&'static str, &'static str) {
    let on = match entry.priority().filter(|_| style.colour) {
        Some(0..=3) => "\x1b[0;1;31m",
        Some(4) => "\x1b[0;1;38;5;185m",
        Some(5) => "\x1b[0;1;39m",
        Some(7) => "\x1b[0;38;5;245m",
        _ => return ("", ""),
    };
    (on, "\x1b[0m")
}

fn timestamp(entry: &Entry, style: &Style) -> String {
    let time = entry.realtime;
    let (secs, micros) = (time.secs(), time.0 % 1_000_000);
    match style.mode {
        OutputMode::ShortFull | OutputMode::WithUnit => time.strftime("%a %Y-%m-%d %H:%M:%S UTC"),
        OutputMode::ShortIso => time.strftime("%Y-%m-%dT%H:%M:%S+0000"),
        OutputMode::ShortIsoPrecise => format!("{}.{micros:06}+0000", time.strftime("%Y-%m-%dT%H:%M:%S")),
        OutputMode::ShortPrecise => format!("{}.{micros:06}", time.strftime("%b %d %H:%M:%S")),
        OutputMode::ShortUnix => format!("{secs:10}.{micros:06}"),
        OutputMode::ShortMonotonic => format!("[{}]", seconds(entry.monotonic)),
        OutputMode::ShortDelta => format!("[{}{}]", seconds(entry.monotonic), delta(entry, style)),
        _ => time.strftime("%b %d %H:%M:%S"),
    }
}

fn seconds(micros: u64) -> String {
    format!("{:5}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

/// The time since the entry printed before; across a boot by the realtime clock, which is marked.
fn delta(entry: &Entry, style: &Style) -> String {
    match &style.previous {
        Some(previous) if previous.boot == entry.boot => {
            format!(" <{} >", seconds(entry.monotonic.saturating_sub(previous.monotonic)))
        }
        Some(previous) => format!(" <{}*>", seconds(entry.realtime.0.saturating_sub(previous.realtime.0))),
        None => " ".repeat(16),
    }
}
