//! shutdown(8), reboot(8), poweroff(8), halt(8): systemctl's other names.

use crate::commands::Command;
use crate::commands::options::{Hint, Options, absent, flag, parse, short};
use crate::commands::systemctl::power;
use crate::systemd::PowerAction;
use crate::world::{Cx, NeedInput, one_shot};

/// reboot(8).
pub const REBOOT: Command = Command { name: "reboot", path: "/usr/sbin/reboot", program: |argv| one_shot(now, argv) };
/// poweroff(8).
pub const POWEROFF: Command =
    Command { name: "poweroff", path: "/usr/sbin/poweroff", program: |argv| one_shot(now, argv) };
/// halt(8).
pub const HALT: Command = Command { name: "halt", path: "/usr/sbin/halt", program: |argv| one_shot(now, argv) };
/// shutdown(8).
pub const SHUTDOWN: Command =
    Command { name: "shutdown", path: "/usr/sbin/shutdown", program: |argv| one_shot(shutdown, argv) };

const NOW: Options = Options {
    table: &[
        flag('\0', "halt"),
        flag('p', "poweroff"),
        flag('\0', "reboot"),
        flag('f', "force"),
        flag('w', "wtmp-only"),
        flag('d', "no-wtmp"),
        flag('n', "no-sync"),
        flag('\0', "no-wall"),
    ],
    usage: "[OPTIONS...]",
    version: super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

/// What leads to which method and action.
fn method(word: &str) -> (&'static str, PowerAction) {
    match word {
        "reboot" => ("Reboot", PowerAction::Reboot),
        "halt" => ("Halt", PowerAction::PowerOff),
        _ => ("PowerOff", PowerAction::PowerOff),
    }
}

fn now(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &NOW) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if parsed.has("wtmp-only") {
        return Ok(0);
    }
    let name = cx.name();
    let word = parsed.last_of(&["halt", "poweroff", "reboot"]).unwrap_or(&name).to_owned();
    let (method, action) = method(&word);
    Ok(power::go(cx, method, action, !parsed.has("no-wall")))
}

const SHUTDOWN_OPTIONS: Options = Options {
    table: &[
        flag('H', "halt"),
        flag('P', "poweroff"),
        flag('r', "reboot"),
        short('h', "h"),
        short('k', "k"),
        flag('\0', "no-wall"),
        absent('c', ""),
        absent('\0', "show"),
    ],
    usage: "[OPTIONS...] [TIME] [WALL...]",
    version: super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

/// At once (`now`, `+0`); a later time would need logind to keep it, which is not simulated.
fn shutdown(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &SHUTDOWN_OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let word = if parsed.has("reboot") {
        "reboot"
    } else if parsed.has("halt") {
        "halt"
    } else {
        "poweroff"
    };
    let time = parsed.operands.first().map_or("+1", String::as_str).to_owned();
    if !matches!(time.as_str(), "now" | "+0") {
        let hour = time.split_once(':').and_then(|(h, m)| Some((h.parse::<u8>().ok()?, m.parse::<u8>().ok()?)));
        let minutes = time.strip_prefix('+').unwrap_or(&time).parse::<u32>().is_ok();
        if !minutes && !hour.is_some_and(|(h, m)| h < 24 && m < 60) {
            cx.errln(&format!("Failed to parse time specification: {time}"));
            return Ok(1);
        }
        cx.errln(&format!("shutdown: a scheduled shutdown ({time}) is not simulated; use \"now\""));
        return Ok(2);
    }
    if parsed.has("k") {
        return Ok(0);
    }
    let (method, action) = method(word);
    Ok(power::go(cx, method, action, !parsed.has("no-wall")))
}
