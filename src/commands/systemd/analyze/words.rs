//! `timespan`, `timestamp`, `exit-status`: what a word means to systemd: systemd-analyze(1).

use crate::commands::options::Parsed;
use crate::commands::systemctl::table::Table;
use crate::systemd::calendar::CalendarSpec;
use crate::systemd::span::{format_timespan, parse_sec};
use crate::systemd::timestamp::{format_relative, format_timestamp, parse_timestamp};
use crate::systemd::value::exit_status::{EXIT_STATUS, ExitStatusClass};
use crate::vps;
use crate::world::CAPABILITIES;
use crate::world::Cx;
use jiff::tz::TimeZone;

/// `timespan`
pub fn timespan(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    for (number, text) in words.iter().enumerate() {
        let Ok(span) = parse_sec(text) else {
            cx.errln(&format!("Failed to parse time span '{text}': Invalid argument"));
            return 1;
        };
        if number > 0 {
            cx.outln("");
        }
        cx.outln(&format!("Original: {text}\n      μs: {span}\n   Human: {}", format_timespan(span, 1)));
    }
    0
}

/// `timestamp`
pub fn timestamp(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    let now = cx.now().0;
    let mut status = 0;
    for (number, text) in words.iter().enumerate() {
        if number > 0 {
            cx.outln("");
        }
        let Ok(usec) = parse_timestamp(text, now, &TimeZone::UTC) else {
            cx.errln(&format!("Failed to parse \"{text}\": Invalid argument"));
            hint(cx, text);
            status = 1;
            continue;
        };
        let fraction = match usec % 1_000_000 {
            0 => String::new(),
            fraction => format!(".{fraction:06}"),
        };
        let stamp = format_timestamp(usec, &TimeZone::UTC).unwrap_or_default();
        cx.outln(&format!("  Original form: {text}"));
        cx.outln(&format!("Normalized form: {stamp}"));
        cx.outln(&format!("   UNIX seconds: @{}{fraction}", usec / 1_000_000));
        cx.outln(&format!("       From now: {}", format_relative(usec, now)));
    }
    status
}

/// What else the text could be.
fn hint(cx: &mut Cx<'_, '_>, text: &str) {
    let (kind, verb) = if CalendarSpec::parse(text).is_ok() {
        ("calendar specification", "calendar")
    } else if parse_sec(text).is_ok() {
        ("timespan", "timespan")
    } else {
        return;
    };
    cx.errln(&format!("Hint: this expression is a valid {kind}. Use 'systemd-analyze {verb} \"{text}\"' instead?"));
}

/// `capability`: all of them, or those that are named.
pub fn capability(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    let mut table = Table::new(&["name", "number"]);
    table.align_right(1);
    let mut numbers = Vec::new();
    for word in words {
        let named = CAPABILITIES.iter().position(|name| name.eq_ignore_ascii_case(word));
        let number = named.or_else(|| word.parse().ok().filter(|number| *number < CAPABILITIES.len()));
        let Some(number) = number else {
            cx.errln(&format!("Capability \"{word}\" not known."));
            return 1;
        };
        numbers.push(number);
    }
    if words.is_empty() {
        numbers.extend(0..CAPABILITIES.len());
    }
    for number in numbers {
        table.row(vec![CAPABILITIES[number].to_owned(), number.to_string()]);
    }
    let text = table.print();
    cx.out(&text);
    0
}

/// `filesystems`: Debian's systemd cannot tell them.
pub fn filesystems(cx: &mut Cx<'_, '_>, _parsed: &Parsed, _words: &[String]) -> u8 {
    cx.errln("Not compiled with libbpf support, sorry.");
    1
}

/// Verbs that moved to systemctl: the manager's log level, and whether it watches services.
pub fn manager_verb(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let verb = parsed.operands.first().map_or("", String::as_str);
    let manager = &mut vps::systemd(cx.sys).0.manager;
    let text = if verb == "service-watchdogs" {
        if manager.service_watchdogs { "yes" } else { "no" }
    } else {
        manager.log_level
    };
    if !words.is_empty() {
        return crate::commands::options::not_simulated(cx, verb);
    }
    cx.outln(text);
    0
}

/// `exit-status`: all of them, or those that are named.
pub fn exit_status(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    let mut table = Table::new(&["name", "status", "class"]);
    table.align_right(1);
    let cells = |row: &(u8, &str, ExitStatusClass)| {
        let class = match row.2 {
            ExitStatusClass::Libc => "libc",
            ExitStatusClass::Systemd => "systemd",
            ExitStatusClass::Lsb => "LSB",
            ExitStatusClass::Bsd => "BSD",
        };
        vec![row.1.to_owned(), row.0.to_string(), class.to_owned()]
    };
    if words.is_empty() {
        EXIT_STATUS.iter().for_each(|row| table.row(cells(row)));
    }
    for word in words {
        match EXIT_STATUS.iter().find(|row| row.1 == word || row.0.to_string() == *word) {
            Some(row) => table.row(cells(row)),
            None if word.parse::<u8>().is_ok() => {
                table.row(vec!["-".to_owned(), word.clone(), "-".to_owned()]);
            }
            None => {
                cx.errln(&format!("Invalid exit status \"{word}\"."));
                return 1;
            }
        }
    }
    let text = table.print();
    cx.out(&text);
    0
}
