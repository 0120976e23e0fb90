//! `list-unit-files`: the unit files that are installed: systemctl(1).

use super::args::Args;
use super::table::Table;
use super::{Next, bus, list_units, unit_files, units};
use crate::systemd::install::UnitFileEntry;
use crate::systemd::unit_name::type_of;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let patterns = words.get(1..).unwrap_or_default();
    let fits = |entry: &UnitFileEntry| {
        let kind = type_of(&entry.name);
        (patterns.is_empty() || patterns.iter().any(|pattern| units::fnmatch(pattern, &entry.name)))
            && (args.types.is_empty() || kind.is_some_and(|kind| args.types.contains(&kind)))
            && (args.states.is_empty() || args.states.iter().any(|state| state == entry.state.as_str()))
    };
    let mut files = unit_files::list(cx, args, scope);
    files.retain(fits);
    files.sort_by(|a, b| list_units::by_type_then_name(&a.name, &b.name));
    let mut table = Table::new(&["unit file", "state", "preset"]);
    table.show_header = args.shows_legend();
    table.width = list_units::table_width(cx, args);
    for entry in &files {
        let preset = match entry.preset {
            Some(true) => "enabled",
            Some(false) => "disabled",
            None => "-",
        };
        table.row([entry.name.as_str(), entry.state.as_str(), preset].map(str::to_owned).to_vec());
    }
    let text = table.print();
    cx.out(&text);
    if args.shows_legend() {
        cx.outln(&format!("\n{} unit files listed.", files.len()));
    }
    Next::Exit(u8::from(files.is_empty()))
}
