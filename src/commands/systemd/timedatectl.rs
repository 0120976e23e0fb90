//! timedatectl(1): the clock and its zone. The machine's clock is UTC and cannot be set.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse, value};
use crate::world::{Cx, NeedInput, one_shot};

/// timedatectl(1).
pub const COMMAND: Command =
    Command { name: "timedatectl", path: "/usr/bin/timedatectl", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "no-pager"),
    flag('\0', "no-ask-password"),
    value('p', "property"),
    flag('\0', "value"),
    flag('a', "all"),
    flag('\0', "adjust-system-clock"),
    flag('\0', "monitor"),
    absent('H', "host"),
    absent('M', "machine"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] COMMAND ...",
    version: super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let verb = parsed.operands.first().map_or("status", String::as_str).to_owned();
    Ok(match verb.as_str() {
        "status" => status(cx),
        "show" => show(cx, parsed.last("property").unwrap_or_default(), parsed.has("value")),
        "set-time" | "set-timezone" | "set-local-rtc" | "set-ntp" | "list-timezones" | "timesync-status"
        | "show-timesync" | "ntp-servers" | "revert" => {
            cx.errln(&format!("timedatectl: {verb} is not simulated"));
            2
        }
        _ => {
            cx.errln(&format!("Unknown command verb {verb}."));
            1
        }
    })
}

fn status(cx: &mut Cx<'_, '_>) -> u8 {
    let now = cx.now();
    let stamp = now.strftime("%a %Y-%m-%d %H:%M:%S");
    let rows = [
        ("Local time", format!("{stamp} UTC")),
        ("Universal time", format!("{stamp} UTC")),
        ("RTC time", stamp.clone()),
        ("Time zone", "Etc/UTC (UTC, +0000)".to_owned()),
        ("System clock synchronized", "yes".to_owned()),
        ("NTP service", "active".to_owned()),
        ("RTC in local TZ", "no".to_owned()),
    ];
    for (name, value) in rows {
        cx.outln(&format!("{name:>25}: {value}"));
    }
    0
}

fn show(cx: &mut Cx<'_, '_>, property: &str, only_value: bool) -> u8 {
    let stamp = cx.now().strftime("%a %Y-%m-%d %H:%M:%S UTC");
    let rows = [
        ("Timezone", "Etc/UTC".to_owned()),
        ("LocalRTC", "no".to_owned()),
        ("CanNTP", "yes".to_owned()),
        ("NTP", "yes".to_owned()),
        ("NTPSynchronized", "yes".to_owned()),
        ("TimeUSec", stamp.clone()),
        ("RTCTimeUSec", stamp),
    ];
    for (name, value) in rows {
        if property.is_empty() || property.split(',').any(|wanted| wanted == name) {
            cx.outln(&if only_value { value } else { format!("{name}={value}") });
        }
    }
    0
}
