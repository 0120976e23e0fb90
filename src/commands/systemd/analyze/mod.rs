//! systemd-analyze(1): checks unit files, times and calendar events, and tells how long the boot took.

mod boot;
mod calendar;
mod condition;
mod config;
mod dot;
mod plot;
mod security;
mod verify;
mod versions;
mod words;

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, flag, optional, parse, value};
use crate::world::{Cx, NeedInput, one_shot};

/// systemd-analyze(1).
pub const COMMAND: Command =
    Command { name: "systemd-analyze", path: "/usr/bin/systemd-analyze", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "system"),
    flag('\0', "user"),
    flag('\0', "no-pager"),
    flag('q', "quiet"),
    value('\0', "iterations"),
    value('\0', "base-time"),
    value('\0', "recursive-errors"),
    optional('\0', "man"),
    optional('\0', "generators"),
    value('\0', "fuzz"),
    value('\0', "offline"),
    value('\0', "threshold"),
    absent('\0', "security-policy"),
    absent('\0', "json"),
    absent('\0', "profile"),
    absent('\0', "global"),
    absent('\0', "root"),
    absent('\0', "image"),
    absent('H', "host"),
    absent('M', "machine"),
    flag('\0', "order"),
    flag('\0', "require"),
    value('\0', "from-pattern"),
    value('\0', "to-pattern"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] COMMAND ...",
    version: super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

type Verb = fn(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8;

/// The verbs: name, fewest and most words (the verb among them), code; no code means "not simulated".
const VERBS: &[(&str, usize, usize, Option<Verb>)] = &[
    ("time", 0, 1, Some(boot::time)),
    ("blame", 0, 1, Some(boot::blame)),
    ("critical-chain", 0, usize::MAX, Some(boot::critical_chain)),
    ("plot", 0, 1, Some(plot::run)),
    ("dot", 0, usize::MAX, Some(dot::run)),
    ("dump", 0, usize::MAX, None),
    ("cat-config", 2, usize::MAX, Some(config::run)),
    ("unit-files", 0, usize::MAX, None),
    ("unit-paths", 1, 1, Some(verify::unit_paths)),
    ("exit-status", 0, usize::MAX, Some(words::exit_status)),
    ("syscall-filter", 0, usize::MAX, None),
    ("capability", 0, usize::MAX, Some(words::capability)),
    ("filesystems", 0, usize::MAX, Some(words::filesystems)),
    ("condition", 0, usize::MAX, Some(condition::run)),
    ("compare-versions", 3, 4, Some(versions::run)),
    ("verify", 2, usize::MAX, Some(verify::run)),
    ("calendar", 2, usize::MAX, Some(calendar::run)),
    ("timestamp", 2, usize::MAX, Some(words::timestamp)),
    ("timespan", 2, usize::MAX, Some(words::timespan)),
    ("security", 0, usize::MAX, Some(security::run)),
    ("inspect-elf", 2, usize::MAX, None),
    ("log-level", 0, 2, Some(words::manager_verb)),
    ("get-log-level", 0, 1, Some(words::manager_verb)),
    ("set-log-level", 2, 2, Some(words::manager_verb)),
    ("service-watchdogs", 0, 2, Some(words::manager_verb)),
];

/// The names of the verbs that are simulated.
pub(crate) fn verbs() -> Vec<&'static str> {
    VERBS.iter().filter(|verb| verb.3.is_some()).map(|verb| verb.0).collect()
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let words = parsed.operands.clone();
    let Some(name) = words.first() else { return Ok(boot::time(cx, &parsed, &[])) };
    let message = match VERBS.iter().find(|(verb, ..)| verb == name) {
        None => format!("Unknown command verb {name}."),
        Some((_, min, ..)) if words.len() < *min => "Too few arguments.".to_owned(),
        Some((_, _, max, _)) if words.len() > *max => "Too many arguments.".to_owned(),
        Some((.., Some(code))) => return Ok(code(cx, &parsed, &words[1..])),
        Some((.., None)) => {
            cx.errln(&format!("systemd-analyze: {name} is not simulated"));
            return Ok(2);
        }
    };
    cx.errln(&message);
    Ok(1)
}
