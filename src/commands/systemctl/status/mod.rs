//! `status`: how units are, with the end of their log: systemctl(1).

mod block;
mod processes;
mod system;

use super::args::{Args, Scope};
use super::{Next, bus, list_units, units};
use crate::commands::journal::tail::{Tail, tail};
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::vps;
use crate::world::{Cx, Pid};

/// The verb; without names the state of the whole machine.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let typed = words.get(1..).unwrap_or_default();
    if typed.is_empty() && !args.all && args.types.is_empty() && args.states.is_empty() {
        system::print(cx, args, scope);
        return Next::Exit(0);
    }
    let names = match names(cx, args, scope, typed) {
        Ok(names) => names,
        Err(status) => return Next::Exit(status),
    };
    let mut printed = Printed::default();
    let mut status = 0;
    for name in names {
        let Some(unit_name) = units::loadable(&name) else {
            cx.errln(&format!(
                "Failed to get properties: Unit name {name} is neither a valid invocation ID nor unit name."
            ));
            return Next::Exit(1);
        };
        let one = print_one(cx, args, scope, &unit_name, &mut printed);
        if status == 0 {
            status = one;
        }
    }
    if printed.ellipsized && !args.quiet {
        cx.outln("Hint: Some lines were ellipsized, use -l to show in full.");
    }
    Next::Exit(status)
}

#[derive(Default)]
struct Printed {
    /// A block stands above.
    any: bool,
    /// A line of a log was shortened.
    ellipsized: bool,
}

/// The units that are meant: names, globs, and processes by number.
fn names(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, typed: &[String]) -> Result<Vec<String>, u8> {
    if typed.is_empty() {
        let mut listed: Vec<String> = bus::units(cx, scope)
            .iter()
            .filter(|unit| units::is_listed(args, unit))
            .map(|unit| unit.name.to_string())
            .collect();
        listed.sort_by(|a, b| list_units::by_type_then_name(a, b));
        return Ok(listed);
    }
    let mut words = Vec::new();
    for word in typed {
        if word.is_empty() {
            cx.errln("Failed to mangle name: Invalid argument\nFailed to expand names: Invalid argument");
            return Err(1);
        }
        match word.parse::<Pid>() {
            Err(_) => words.push(word.clone()),
            Ok(pid) => {
                let (systemd, world) = vps::systemd(cx.sys);
                let manager = systemd.manager_of(scope).unwrap_or(&systemd.manager);
                match manager.unit_of_pid(world, pid).map(|unit| unit.name.to_string()) {
                    Some(name) => words.push(name),
                    None => {
                        cx.errln(&format!(
                            "Failed to get unit for PID {pid}: PID {pid} does not belong to any loaded unit."
                        ));
                        return Err(1);
                    }
                }
            }
        }
    }
    Ok(units::expand(cx, args, scope, &words, UnitType::Service).names)
}

/// Prints a unit's block; the status that it gives.
fn print_one(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, name: &UnitName, printed: &mut Printed) -> u8 {
    let unit = bus::unit(cx, scope, name);
    let state = unit.active_state();
    if unit.load_state() == LoadState::NotFound && state == ActiveState::Inactive {
        cx.errln(&format!("Unit {name} could not be found."));
        return 4;
    }
    if std::mem::replace(&mut printed.any, true) {
        cx.outln("");
    }
    let text = block::text(cx, args, scope, &unit);
    cx.out(&text);
    print_log(cx, args, scope, &unit, printed);
    if bus::need_daemon_reload(cx, scope, &unit) {
        bus::warn_changed(cx, args, unit.name.as_str());
    }
    if matches!(state, ActiveState::Active | ActiveState::Reloading) { 0 } else { 3 }
}

/// The columns of the terminal when long lines are to be cut: both outputs go to it and `-l` is not given.
fn cut_at(cx: &Cx<'_, '_>, args: &Args) -> Option<usize> {
    cx.tty_of(2)?;
    list_units::table_width(cx, args)
}

fn print_log(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, unit: &Unit, printed: &mut Printed) {
    let columns = cut_at(cx, args);
    let reader = cx.cred();
    let user = match (args.scope, scope) {
        (Scope::User, RuntimeScope::User(uid)) => Some(uid),
        _ => None,
    };
    let (systemd, world) = vps::systemd(cx.sys);
    let since = unit.timestamps.inactive_exit.map(|time| time.0.saturating_sub(world.booted.0));
    let log = tail(
        &systemd.journal,
        world,
        &Tail {
            unit: unit.name.as_str(),
            user,
            reader: &reader,
            lines: args.lines,
            since,
            columns,
            all: args.all,
            output: args.output,
            colour: false,
        },
    );
    printed.ellipsized |= log.ellipsized;
    cx.out(&log.text);
}
