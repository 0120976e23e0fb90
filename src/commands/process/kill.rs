//! `kill`, the program (the shell has its own): kill(1) of procps.

use crate::commands::Command;
use crate::world::{Cx, NeedInput, Signal, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "kill", path: "/usr/bin/kill", program: |argv| one_shot(run, argv) };

fn usage(cx: &mut Cx<'_, '_>) -> u8 {
    cx.errln("\nUsage:\n kill [options] <pid> [...]\n\nFor more details see kill(1).");
    1
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut args = cx.args();
    if args.is_empty() {
        return Ok(usage(cx));
    }
    let mut signal = Signal::TERM;
    let mut probe = false;
    match args[0].clone().as_str() {
        "-l" | "--list" => return Ok(list(cx, args.get(1).map(String::as_str))),
        "-L" | "--table" => {
            table(cx);
            return Ok(0);
        }
        "-V" | "--version" => {
            cx.outln("kill from procps-ng 4.0.2");
            return Ok(0);
        }
        "-h" | "--help" => {
            cx.outln("\nUsage:\n kill [options] <pid> [...]");
            return Ok(0);
        }
        "--" => {
            args.remove(0);
        }
        option if option.starts_with('-') => {
            args.remove(0);
            let name = match option {
                "-s" | "--signal" if args.is_empty() => return Ok(usage(cx)),
                "-s" | "--signal" => args.remove(0),
                other => other.trim_start_matches('-').trim_start_matches("signal=").to_owned(),
            };
            probe = name == "0";
            match Signal::parse(&name.to_uppercase()) {
                Some(found) => signal = found,
                None if probe => {}
                None if option.starts_with("-s") || option.starts_with("--s") => {
                    cx.errln(&format!("{}: unknown signal name {name}", cx.called()));
                    return Ok(1);
                }
                None => {
                    let letter = name.chars().next().unwrap_or('-');
                    cx.errln(&format!("{}: invalid argument {letter}", cx.called()));
                    return Ok(usage(cx));
                }
            }
            if args.first().is_some_and(|a| a == "--") {
                args.remove(0);
            }
        }
        _ => {}
    }
    let mut status = 0;
    for arg in &args {
        let Ok(target) = arg.parse::<i64>() else {
            cx.errln(&format!("{}: failed to parse argument: '{arg}'", cx.called()));
            return Ok(1);
        };
        if let Err(errno) = cx.sys.kill(target, (!probe).then_some(signal)) {
            cx.errln(&format!("{}: ({target}): {}", cx.called(), errno.message()));
            status = 1;
        }
    }
    Ok(status)
}

/// The name that procps prints for a signal.
fn shown(signal: Signal) -> String {
    if signal == Signal::IO { "POLL".into() } else { signal.name() }
}

fn list(cx: &mut Cx<'_, '_>, which: Option<&str>) -> u8 {
    let Some(which) = which else {
        let names: Vec<String> = Signal::all().map(shown).collect();
        let mut line = String::new();
        for name in names {
            if line.len() + name.len() + 1 > 78 {
                cx.outln(&line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&name);
        }
        cx.outln(&line);
        return 0;
    };
    let found = match which.parse::<i64>() {
        Ok(n) => Signal::from_number(if n > 128 { n - 128 } else { n }).map(shown),
        Err(_) => Signal::parse(&which.to_uppercase()).map(|s| s.number().to_string()),
    };
    match found {
        Some(text) => cx.outln(&text),
        None => {
            cx.errln(&format!("{}: unknown signal name {which}", cx.called()));
            return 1;
        }
    }
    0
}

fn table(cx: &mut Cx<'_, '_>) {
    let cells: Vec<String> = Signal::all().map(|s| format!("{:>2} {:<7}", s.number(), shown(s))).collect();
    for row in cells.chunks(7) {
        cx.outln(row.join(" ").trim_end());
    }
}
