//! `calendar`: what a calendar event means and when it happens next: systemd-analyze(1), systemd.time(7).

use crate::commands::options::Parsed;
use crate::systemd::calendar::CalendarSpec;
use crate::systemd::span::parse_sec;
use crate::systemd::timestamp::{format_relative, format_timestamp, parse_timestamp};
use crate::world::Cx;
use jiff::tz::TimeZone;

/// More repetitions than anybody reads are not computed.
const MAX_ITERATIONS: u32 = 10_000;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let now = cx.now().0;
    let iterations = match parsed.last("iterations").map(str::parse::<u32>) {
        None => 1,
        Some(Ok(count)) => count.min(MAX_ITERATIONS),
        Some(Err(_)) => {
            let text = parsed.last("iterations").unwrap_or_default();
            cx.errln(&format!("Failed to parse iterations: {text}"));
            return 1;
        }
    };
    let base = match parsed.last("base-time") {
        None => now,
        Some(text) => match parse_timestamp(text, now, &TimeZone::UTC) {
            Ok(base) => base,
            Err(_) => {
                cx.errln(&format!("Failed to parse --base-time= parameter: {text}"));
                return 1;
            }
        },
    };
    // An empty line follows each but the last; where nobody watches it stays in the buffer until more is printed.
    let watched = cx.isatty(1);
    let mut status = 0;
    let mut pending = String::new();
    for (number, text) in words.iter().enumerate() {
        if CalendarSpec::parse(text).is_ok() || watched {
            cx.out(&std::mem::take(&mut pending));
        }
        if !one(cx, parsed, text, base, iterations) {
            status = 1;
        }
        if number + 1 < words.len() {
            pending.push('\n');
        }
    }
    cx.out(&pending);
    status
}

fn one(cx: &mut Cx<'_, '_>, parsed: &Parsed, text: &str, base: u64, iterations: u32) -> bool {
    let spec = match CalendarSpec::parse(text) {
        Ok(spec) => spec,
        Err(errno) => {
            cx.errln(&format!("Failed to parse calendar specification '{text}': {}", errno.message()));
            if !parsed.has("quiet") && parse_sec(text).is_ok() {
                cx.errln(&format!(
                    "Hint: this expression is a valid timespan. Use 'systemd-analyze timespan \"{text}\"' instead?"
                ));
            }
            return false;
        }
    };
    let now = cx.now().0;
    let normal = spec.to_string();
    if normal != text {
        cx.outln(&format!("  Original form: {text}"));
    }
    cx.outln(&format!("Normalized form: {normal}"));
    let mut after = base;
    for iteration in 1..=iterations {
        let Some(next) = spec.next_elapse(after, &TimeZone::UTC) else {
            if iteration == 1 {
                cx.outln("    Next elapse: never");
            }
            return true;
        };
        let title = if iteration == 1 { "Next elapse".to_owned() } else { format!("Iter. #{iteration}") };
        let stamp = format_timestamp(next, &TimeZone::UTC).unwrap_or_default();
        cx.outln(&format!("{title:>15}: {stamp}"));
        cx.outln(&format!("       From now: {}", format_relative(next, now)));
        after = next;
    }
    true
}
