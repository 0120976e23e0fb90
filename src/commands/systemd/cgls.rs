//! systemd-cgls(1): control groups with their processes as a tree.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse, short, value};
use crate::commands::systemctl::times::terminal_width;
use crate::commands::systemctl::{bus, cgroup_tree};
use crate::systemd::manager::RuntimeScope;
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Cx, NeedInput, one_shot};

/// systemd-cgls(1).
pub const COMMAND: Command =
    Command { name: "systemd-cgls", path: "/usr/bin/systemd-cgls", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "no-pager"),
    flag('a', "all"),
    value('u', "unit"),
    absent('\0', "user-unit"),
    flag('l', "full"),
    short('k', "k"),
    absent('M', "machine"),
    absent('x', "xattr"),
    absent('c', "cgroup-id"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] [CGROUP...]",
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
    let width = if parsed.has("full") { None } else { terminal_width(cx) };
    let units: Vec<String> = parsed.options.iter().filter(|o| o.key == "unit").map(|o| o.text().to_owned()).collect();
    if !units.is_empty() {
        return Ok(show_units(cx, units.iter().chain(&parsed.operands), width));
    }
    if parsed.operands.is_empty() {
        cx.outln("Control group /:\n-.slice");
        print(cx, "", width);
        return Ok(0);
    }
    for group in parsed.operands.clone() {
        let group = format!("/{}", group.trim_matches('/'));
        if cx.world.cgroup_members(&group, true).is_empty() {
            cx.errln(&format!("Failed to list cgroup tree {group}: No such file or directory"));
            return Ok(1);
        }
        cx.outln(&format!("Control group {group}:"));
        print(cx, &group, width);
    }
    Ok(0)
}

fn print(cx: &mut Cx<'_, '_>, group: &str, width: Option<usize>) {
    for line in cgroup_tree::lines(cx.world, group, "", width) {
        cx.outln(&line);
    }
}

fn show_units<'a>(cx: &mut Cx<'_, '_>, names: impl Iterator<Item = &'a String>, width: Option<usize>) -> u8 {
    for typed in names {
        let name = unit_name_mangle(typed, "", false, UnitType::Service).map_or(typed.clone(), |mangled| mangled.name);
        let unit = UnitName::new(&name).map(|name| bus::unit(cx, RuntimeScope::System, &name));
        let group = unit.as_ref().and_then(|unit| unit.cgroup.clone());
        let Some(group) = group else {
            cx.errln(&format!("Unit {name} not found."));
            cx.errln("Failed to list cgroup tree: No such file or directory");
            return 1;
        };
        cx.outln(&format!("Unit {name} ({group}):"));
        print(cx, &group, width);
    }
    0
}
