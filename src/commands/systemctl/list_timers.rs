//! `list-timers`: when timers elapse next and did last: systemctl(1).

use super::args::Args;
use super::table::Table;
use super::times::{format_timestamp_relative, format_timestamp_style};
use super::{Next, bus, list_units, units};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::manager::Unit;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let patterns = words.get(1..).unwrap_or_default();
    let mut timers: Vec<Unit> = bus::units(cx, scope)
        .into_iter()
        .filter(|unit| unit.name.unit_type() == UnitType::Timer && units::is_listed(args, unit))
        .filter(|unit| patterns.is_empty() || patterns.iter().any(|p| units::fnmatch(p, unit.name.as_str())))
        .collect();
    timers.sort_by_key(|unit| {
        let next = unit.timer.as_ref().and_then(|timer| timer.next_elapse);
        (next.map_or(u64::MAX, |time| time.0), unit.name.clone())
    });
    let now = cx.now();
    let mut table = Table::new(&["next", "left", "last", "passed", "unit", "activates"]);
    table.show_header = args.shows_legend();
    table.width = list_units::table_width(cx, args);
    for unit in &timers {
        let timer = unit.timer.as_deref();
        let next = timer.and_then(|timer| timer.next_elapse);
        let last = timer.and_then(|timer| timer.last_trigger);
        let stamp = |time| format_timestamp_style(time, args.timestamp);
        let triggers: Vec<&str> = unit.dependency(UnitDependency::Triggers).map(|name| name.as_str()).collect();
        table.row(vec![
            next.map_or(String::new(), stamp),
            next.map_or(String::new(), |time| format_timestamp_relative(now, time)),
            last.map_or(String::new(), stamp),
            last.map_or(String::new(), |time| format_timestamp_relative(now, time)),
            unit.name.to_string(),
            triggers.join(" "),
        ]);
    }
    let text = table.print();
    cx.out(&text);
    footer(cx, args, table.rows(), "timer");
    Next::Exit(0)
}

/// `2 timers listed.` and what else could be.
pub fn footer(cx: &mut Cx<'_, '_>, args: &Args, count: usize, what: &str) {
    if !args.shows_legend() {
        return;
    }
    cx.outln(&format!("\n{count} {what}s listed."));
    if !args.all {
        cx.outln(&format!("Pass --all to see loaded but inactive {what}s, too."));
    }
}
