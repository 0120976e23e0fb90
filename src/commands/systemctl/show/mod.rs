//! `show`: the properties of units and of the manager, in systemd's own fixed order: systemctl(1),
//! org.freedesktop.systemd1(5). Each interface of D-Bus is one table of names and getters.

mod cgroup;
mod exec;
mod kill;
mod manager;
mod service;
mod triggers;
mod unit;
mod value;

use super::args::Args;
use super::{Next, bus, unit_files, units, usage};
use crate::systemd::config::{TypeConfig, UnitSettings};
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::states::UnitFileState;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Cx, Time};
use usage::Usage;
use value::Value;

/// What the getters look at.
pub struct Look<'a> {
    pub unit: &'a Unit,
    pub settings: &'a UnitSettings,
    /// Zero of the monotonic clock.
    pub booted: Time,
    pub usage: Usage,
    pub file_state: Option<UnitFileState>,
    pub preset: Option<&'static str>,
    pub need_reload: bool,
    pub args: &'a Args,
}

/// A property: its name and how it is found.
pub type Property = (&'static str, fn(&Look<'_>) -> Value);

/// The verb; without names the manager's own properties.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let typed = words.get(1..).unwrap_or_default().to_vec();
    if typed.is_empty() {
        manager::print_all(cx, args, scope);
        return Next::Exit(0);
    }
    if let Some(number) = typed.iter().find(|word| word.parse::<u32>().is_ok()) {
        // A bare number is a job's.
        cx.errln(&format!("Failed to get properties: Unknown object '/org/freedesktop/systemd1/job/{number}'."));
        return Next::Exit(1);
    }
    let mut first = true;
    for name in units::expand(cx, args, scope, &typed, UnitType::Service).names {
        let Some(unit_name) = units::loadable(&name) else {
            cx.errln(&format!(
                "Failed to get properties: Unit name {name} is neither a valid invocation ID nor unit name."
            ));
            return Next::Exit(1);
        };
        if !std::mem::take(&mut first) {
            cx.outln("");
        }
        print_unit(cx, args, scope, &unit_name);
    }
    Next::Exit(0)
}

fn print_unit(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, name: &UnitName) {
    let unit = bus::unit(cx, scope, name);
    let look = Look {
        settings: unit.settings(),
        booted: cx.world.booted,
        usage: usage::of(cx, &unit),
        file_state: unit_files::state_of(cx, scope, &unit),
        preset: unit_files::preset_of(cx, scope, &unit),
        need_reload: bus::need_daemon_reload(cx, scope, &unit),
        unit: &unit,
        args,
    };
    for table in tables(&unit) {
        for (property, getter) in table {
            if args.properties.is_empty() || args.properties.iter().any(|wanted| wanted == property) {
                let value = getter(&look);
                print(cx, args, property, value);
            }
        }
    }
}

/// Prints a property. Empty ones are left out unless they were asked for.
fn print(cx: &mut Cx<'_, '_>, args: &Args, name: &str, value: Value) {
    let lines = match value {
        Value::Absent => return,
        Value::Text(text) if text.is_empty() && args.properties.is_empty() && !args.all => return,
        Value::Unset(_) if args.properties.is_empty() && !args.all => return,
        Value::Text(text) | Value::Unset(text) => vec![text],
        Value::Lines(lines) => lines,
    };
    for line in lines {
        if args.value_only {
            cx.outln(&line);
        } else {
            cx.outln(&format!("{name}={line}"));
        }
    }
}

/// The name of every property that a unit of any type may have, sorted.
pub fn property_names() -> Vec<&'static str> {
    let tables = [
        service::SERVICE,
        triggers::SOCKET,
        triggers::TIMER,
        triggers::PATH,
        triggers::MOUNT,
        triggers::SCOPE,
        cgroup::UNIT,
        cgroup::CONTEXT,
        exec::CONTEXT,
        exec::RIGHTS,
        kill::CONTEXT,
        unit::RELATIONS,
        unit::STATE,
        unit::SETTINGS,
    ];
    let mut names: Vec<&'static str> = tables.iter().flat_map(|table| table.iter().map(|(name, _)| *name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The tables of a unit's interfaces, in the order in which they are printed.
fn tables(unit: &Unit) -> Vec<&'static [Property]> {
    let context: &[&'static [Property]] = &[cgroup::UNIT, cgroup::CONTEXT, exec::CONTEXT, exec::RIGHTS, kill::CONTEXT];
    let mut tables: Vec<&'static [Property]> = match &unit.settings().kind {
        TypeConfig::Service(_) => vec![service::SERVICE],
        TypeConfig::Socket(_) => vec![triggers::SOCKET],
        TypeConfig::Timer(_) => vec![triggers::TIMER],
        TypeConfig::Path(_) => vec![triggers::PATH],
        TypeConfig::Mount(_) => vec![triggers::MOUNT],
        TypeConfig::Slice(_) => vec![cgroup::UNIT, cgroup::CONTEXT],
        TypeConfig::Scope(_) => vec![triggers::SCOPE, cgroup::UNIT, cgroup::CONTEXT, kill::CONTEXT],
        _ => Vec::new(),
    };
    if unit.settings().exec().is_some() {
        tables.extend(context);
    }
    tables.extend([unit::RELATIONS, unit::STATE, unit::SETTINGS]);
    tables
}
