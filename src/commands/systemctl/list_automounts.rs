//! `list-automounts`: what is mounted when somebody looks: systemctl(1).

use super::args::Args;
use super::table::Table;
use super::{Next, bus, list_timers, list_units, units};
use crate::systemd::config::TypeConfig;
use crate::systemd::manager::PlainState;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let patterns = words.get(1..).unwrap_or_default();
    let mut table = Table::new(&["what", "where", "mounted", "idle timeout", "unit"]);
    table.show_header = args.shows_legend();
    table.width = list_units::table_width(cx, args);
    for unit in bus::units(cx, scope) {
        let fits = patterns.is_empty() || patterns.iter().any(|p| units::fnmatch(p, unit.name.as_str()));
        if unit.name.unit_type() != UnitType::Automount || !fits || !units::is_listed(args, &unit) {
            continue;
        }
        let TypeConfig::Automount(automount) = &unit.settings().kind else { continue };
        let mount = unit.name.with_type(UnitType::Mount).map(|name| bus::unit(cx, scope, &name));
        let what = mount.and_then(|mount| match &mount.settings().kind {
            TypeConfig::Mount(mount) => mount.what.clone(),
            _ => None,
        });
        let mounted = if unit.plain == PlainState::Running { "yes" } else { "no" };
        let place = automount.where_.clone().unwrap_or_default();
        table.row(vec![what.unwrap_or_default(), place, mounted.to_owned(), "0".to_owned(), unit.name.to_string()]);
    }
    let text = table.print();
    cx.out(&text);
    list_timers::footer(cx, args, table.rows(), "automount");
    Next::Exit(0)
}
