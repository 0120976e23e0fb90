//! Prints the time: date(1).

use super::{date_parse, strftime};
use crate::commands::Command;
use crate::commands::options::{self, Opt, Options, Stop, Takes, absent, also, ended, flag, optional, value};
use crate::world::{Cx, one_shot};

/// The command file.
pub const COMMAND: Command =
    Command { name: "date", path: "/usr/bin/date", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    value('d', "date"),
    absent('\0', "debug"),
    absent('f', "file"),
    optional('I', "iso-8601"),
    absent('\0', "resolution"),
    flag('R', "rfc-email"),
    also('\0', "rfc-2822", "rfc-email", Takes::Nothing),
    value('\0', "rfc-3339"),
    value('r', "reference"),
    absent('s', "set"),
    flag('u', "utc"),
    also('\0', "universal", "utc", Takes::Nothing),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [+FORMAT]");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let mut time = cx.now();
    if let Some(text) = parsed.last("date") {
        let Some(parsed) = date_parse::parse(text, time) else {
            cx.fail(&format!("invalid date ‘{text}’"));
            return Ok(1);
        };
        time = parsed;
    } else if let Some(path) = parsed.last("reference") {
        match cx.stat(path) {
            Ok(node) => time = node.mtime,
            Err(errno) => {
                cx.fail(&format!("{path}: {}", errno.message()));
                return Ok(1);
            }
        }
    }
    let mut format = match parsed.last_of(&["iso-8601", "rfc-email", "rfc-3339"]) {
        Some("rfc-email") => "%a, %d %b %Y %H:%M:%S %z".to_owned(),
        Some(key) => precise(cx, key, parsed.last(key).unwrap_or_default())?,
        None => "%a %b %e %H:%M:%S %Z %Y".to_owned(),
    };
    match &parsed.operands[..] {
        [] => {}
        [operand] => match operand.strip_prefix('+') {
            Some(text) => format = text.to_owned(),
            None if operand.bytes().all(|b| b.is_ascii_digit()) => {
                return Ok(options::not_simulated(cx, "setting the clock"));
            }
            None => {
                cx.fail(&format!("invalid date ‘{operand}’"));
                return Ok(1);
            }
        },
        [_, extra, ..] => {
            cx.fail(&format!("extra operand ‘{extra}’"));
            return Ok(options::misuse(cx, &OPTIONS));
        }
    }
    cx.outln(&strftime::strftime(time, &format));
    Ok(0)
}

/// The format of `-I` and `--rfc-3339` for a precision.
fn precise(cx: &mut Cx<'_, '_>, key: &str, precision: &str) -> Result<String, u8> {
    let (mark, zone) = if key == "rfc-3339" { (' ', "%:z") } else { ('T', "%:z") };
    let time = match precision {
        "" | "date" => return Ok("%Y-%m-%d".into()),
        "seconds" | "s" | "second" => "%H:%M:%S",
        "ns" => "%H:%M:%S,%N",
        "hours" if key != "rfc-3339" => "%H",
        "minutes" if key != "rfc-3339" => "%H:%M",
        other => {
            cx.fail(&format!("invalid argument ‘{other}’ for ‘--{key}’"));
            cx.errln("Valid arguments are:");
            let valid = ["hours", "minutes", "date", "seconds", "ns"];
            for name in &valid[if key == "rfc-3339" { 2 } else { 0 }..] {
                cx.errln(&format!("  - ‘{name}’"));
            }
            return Err(options::misuse(cx, &OPTIONS));
        }
    };
    let time = if key == "rfc-3339" { time.replace(',', ".") } else { time.to_owned() };
    Ok(format!("%Y-%m-%d{mark}{time}{zone}"))
}
