//! hostnamectl(1): the machine's name and what it is.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse};
use crate::world::{Cx, NeedInput, one_shot};

/// hostnamectl(1).
pub const COMMAND: Command =
    Command { name: "hostnamectl", path: "/usr/bin/hostnamectl", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "no-ask-password"),
    flag('\0', "transient"),
    flag('\0', "static"),
    flag('\0', "pretty"),
    absent('H', "host"),
    absent('M', "machine"),
    absent('\0', "json"),
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
    let words: Vec<&str> = parsed.operands.iter().map(String::as_str).collect();
    Ok(match words.as_slice() {
        [] | ["status"] => status(cx),
        ["hostname" | "set-hostname", name] => set(cx, name),
        ["hostname"] => {
            let name = cx.world.hostname.clone();
            cx.outln(&name);
            0
        }
        ["set-hostname"] => complain(cx, "Too few arguments."),
        ["status", ..] | ["hostname" | "set-hostname", ..] => complain(cx, "Too many arguments."),
        ["icon-name" | "chassis" | "deployment" | "location", ..]
        | ["set-icon-name" | "set-chassis" | "set-deployment" | "set-location", ..] => {
            complain(cx, &format!("hostnamectl: {} is not simulated", words[0]));
            2
        }
        [verb, ..] => complain(cx, &format!("Unknown command verb {verb}.")),
    })
}

fn complain(cx: &mut Cx<'_, '_>, message: &str) -> u8 {
    cx.errln(message);
    1
}

fn status(cx: &mut Cx<'_, '_>) -> u8 {
    let world = &cx.world;
    let pretty = world.files.text("/etc/os-release").and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
        Some(line.trim_matches('"').to_owned())
    });
    let machine = world.files.text("/etc/machine-id").unwrap_or_default();
    let rows = [
        ("Static hostname", world.hostname.clone()),
        ("Icon name", "computer-vm".to_owned()),
        ("Chassis", "vm 🖴".to_owned()),
        ("Machine ID", machine.trim().to_owned()),
        ("Boot ID", world.boot_id.clone()),
        ("Virtualization", "kvm".to_owned()),
        ("Operating System", pretty.unwrap_or_else(|| "Debian GNU/Linux 12 (bookworm)".into())),
        ("Kernel", format!("Linux {}", crate::world::KERNEL_RELEASE)),
        ("Architecture", "x86-64".to_owned()),
    ];
    for (name, value) in rows {
        cx.outln(&format!("{name:>16}: {value}"));
    }
    0
}

fn set(cx: &mut Cx<'_, '_>, name: &str) -> u8 {
    let valid = !name.is_empty()
        && name.len() <= 64
        && name.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    if cx.uid() != 0 {
        cx.errln("Could not set static hostname: Interactive authentication required.");
        return 1;
    }
    if !valid {
        cx.errln(&format!("Could not set static hostname: Invalid static hostname '{name}'"));
        return 1;
    }
    let now = cx.now();
    cx.world.hostname = name.to_owned();
    cx.world.files.put("/etc/hostname", format!("{name}\n").as_bytes(), 0o644, (0, 0), now);
    0
}
