//! systemd-detect-virt(1): on what the machine runs. The VPS is a KVM guest.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse};
use crate::world::{Cx, NeedInput, one_shot};

/// systemd-detect-virt(1).
pub const COMMAND: Command =
    Command { name: "systemd-detect-virt", path: "/usr/bin/systemd-detect-virt", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('c', "container"),
    flag('v', "vm"),
    flag('r', "chroot"),
    flag('\0', "private-users"),
    flag('q', "quiet"),
    absent('\0', "list"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...]",
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
    if parsed.has("chroot") || parsed.has("private-users") {
        return Ok(1);
    }
    let container = parsed.has("container");
    if !parsed.has("quiet") {
        cx.outln(if container { "none" } else { "kvm" });
    }
    Ok(u8::from(container))
}
