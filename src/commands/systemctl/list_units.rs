//! `list-units`: the units in memory: systemctl(1).

use super::args::Args;
use super::table::Table;
use super::times::terminal_width;
use super::{Next, bus, units};
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::states::{ActiveState, LoadState};
use crate::world::Cx;
use std::cmp::Ordering;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let patterns: Vec<String> = words.get(1..).unwrap_or_default().iter().map(|word| pattern(word)).collect();
    let mut shown: Vec<Unit> = bus::units(cx, scope)
        .into_iter()
        .filter(|unit| patterns.is_empty() || patterns.iter().any(|p| units::fnmatch(p, unit.name.as_str())))
        .filter(|unit| units::is_listed(args, unit))
        .collect();
    shown.sort_by(|a, b| by_type_then_name(a.name.as_str(), b.name.as_str()));
    let text = table(cx, args, scope, &shown).print();
    cx.out(&text);
    if args.shows_legend() {
        legend(cx, args, shown.len(), shown.iter().any(|unit| unit.job.is_some()));
    }
    Next::Exit(0)
}

/// A typed pattern; a plain name gets its suffix.
fn pattern(word: &str) -> String {
    let mangled =
        crate::systemd::mangle::unit_name_mangle(word, "", true, crate::systemd::unit_name::UnitType::Service);
    mangled.map_or_else(|| word.to_owned(), |mangled| mangled.name)
}

/// The order of lists: suffixes by letter, then names, without regard to case.
pub fn by_type_then_name(a: &str, b: &str) -> Ordering {
    let key = |name: &str| {
        let suffix = name.rsplit_once('.').map_or("", |(_, suffix)| suffix);
        (suffix.to_ascii_lowercase(), name.to_ascii_lowercase())
    };
    key(a).cmp(&key(b))
}

/// The width into which tables are squeezed: the terminal's, unless `-l` is given or output goes elsewhere.
pub fn table_width(cx: &Cx<'_, '_>, args: &Args) -> Option<usize> {
    if args.full { None } else { terminal_width(cx) }
}

fn table(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, shown: &[Unit]) -> Table {
    let mut table = Table::new(&["", "unit", "load", "active", "sub", "job", "description"]);
    table.show_header = args.shows_legend();
    table.width = table_width(cx, args);
    if args.plain {
        table.hide(0);
    }
    if !shown.iter().any(|unit| unit.job.is_some()) {
        table.hide(5);
    }
    for unit in shown {
        let bad_load = matches!(
            unit.load_state(),
            LoadState::Error | LoadState::NotFound | LoadState::BadSetting | LoadState::Masked
        );
        let dot = if bad_load || unit.active_state() == ActiveState::Failed { "●" } else { " " };
        let job = unit.job.and_then(|id| bus::manager(cx, scope).job(id)).map_or(" ", |job| job.kind.as_str());
        let cells = [
            dot,
            unit.name.as_str(),
            unit.load_state().as_str(),
            unit.active_state().as_str(),
            unit.sub_state(),
            job,
            unit.description(),
        ];
        table.row(cells.map(str::to_owned).to_vec());
    }
    table
}

fn legend(cx: &mut Cx<'_, '_>, args: &Args, count: usize, jobs: bool) {
    if count > 0 {
        cx.outln(
            "\nLOAD   = Reflects whether the unit definition was properly loaded.\n\
             ACTIVE = The high-level unit activation state, i.e. generalization of SUB.\n\
             SUB    = The low-level unit activation state, values depend on unit type.",
        );
        if jobs {
            cx.outln("JOB    = Pending job for the unit.\n");
        }
    }
    let installed = "To show all installed unit files use 'systemctl list-unit-files'.";
    if args.all || args.states.iter().any(|state| state == "inactive") {
        cx.outln(&format!("{count} loaded units listed.\n{installed}"));
    } else if args.states.is_empty() {
        cx.outln(&format!(
            "{count} loaded units listed. Pass --all to see loaded but inactive units, too.\n{installed}"
        ));
    } else {
        cx.outln(&format!("{count} loaded units listed."));
    }
}
