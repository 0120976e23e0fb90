//! `list-machines`: this machine, as there are no containers: systemctl(1).

use super::args::Args;
use super::table::Table;
use super::{Next, bus};
use crate::systemd::manager::RuntimeScope;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, _words: &[String]) -> Next {
    let host = format!("{} (host)", cx.world.hostname);
    let manager = bus::manager(cx, RuntimeScope::System);
    let state = manager.system_state();
    let (failed, jobs) = (manager.failed_units(), manager.jobs().count());
    let dot = if failed > 0 { "●" } else { " " };
    let mut table = Table::new(&["", "name", "state", "failed", "jobs"]);
    table.show_header = args.shows_legend();
    if args.plain {
        table.hide(0);
    }
    [3, 4].into_iter().for_each(|column| table.align_right(column));
    table.row(vec![dot.to_owned(), host, state.as_str().to_owned(), failed.to_string(), jobs.to_string()]);
    let text = table.print();
    cx.out(&text);
    if args.shows_legend() {
        cx.outln("\n1 machines listed.");
    }
    Next::Exit(0)
}
