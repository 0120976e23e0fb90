//! `list-sockets`: what socket units listen on: systemctl(1).

use super::args::Args;
use super::table::Table;
use super::{Next, bus, list_timers, list_units, units};
use crate::systemd::config::{ListenKind, TypeConfig};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let patterns = words.get(1..).unwrap_or_default();
    let mut rows: Vec<[String; 4]> = Vec::new();
    for unit in bus::units(cx, scope) {
        let fits = patterns.is_empty() || patterns.iter().any(|p| units::fnmatch(p, unit.name.as_str()));
        let TypeConfig::Socket(socket) = &unit.settings().kind else { continue };
        if !fits || unit.name.unit_type() != UnitType::Socket || !units::is_listed(args, &unit) {
            continue;
        }
        let activates: Vec<&str> = unit.dependency(UnitDependency::Triggers).map(|name| name.as_str()).collect();
        for listen in &socket.listens {
            rows.push([
                listen.address.clone(),
                listen_type(listen.kind).to_owned(),
                unit.name.to_string(),
                if activates.is_empty() { "-".to_owned() } else { activates.join(" ") },
            ]);
        }
    }
    rows.sort();
    let mut table = Table::new(&["listen", "type", "unit", "activates"]);
    table.show_header = args.shows_legend();
    table.width = list_units::table_width(cx, args);
    if !args.show_types {
        table.hide(1);
    }
    for row in rows {
        table.row(row.to_vec());
    }
    let text = table.print();
    cx.out(&text);
    list_timers::footer(cx, args, table.rows(), "socket");
    Next::Exit(0)
}

/// The word of a kind of endpoint: `ListenStream` is `Stream`.
pub fn listen_type(kind: ListenKind) -> &'static str {
    let word = kind.as_str();
    word.strip_prefix("Listen").unwrap_or(word)
}
