//! `ps`: a table of processes: ps(1) of procps.

mod columns;
mod forest;
mod format;
mod parse;
mod select;

use crate::commands::Command;
use crate::world::{Cx, NeedInput, one_shot};

pub use columns::{Look, command_line, user_field};

/// The command.
pub const COMMAND: Command = Command { name: "ps", path: "/usr/bin/ps", program: |argv| one_shot(run, argv) };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let request = match parse::parse(&args, cx.sys.world) {
        Ok(parse::Answer::Request(request)) => request,
        Ok(parse::Answer::Text(text)) => {
            cx.outln(&text);
            return Ok(0);
        }
        Err(parse::Mistake::NotSimulated(option)) => {
            cx.errln(&format!("ps: option {option} is not simulated"));
            return Ok(2);
        }
        Err(parse::Mistake::Usage(message)) => {
            cx.errln(&format!("error: {message}"));
            cx.errln("\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'");
            cx.errln("  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).");
            return Ok(1);
        }
    };
    let pid = cx.sys.pid;
    let world = &*cx.sys.world;
    let me = world.process(pid);
    let width = match cx.sys.tty_of(1) {
        Some(tty) if !request.wide => world.terminals.get(&tty).map(|t| usize::from(t.columns)),
        _ => None,
    };
    let mut found: Vec<_> =
        world.processes().filter(|p| me.is_some_and(|me| me.sees(p) && select::is_selected(&request, p, me))).collect();
    let look = Look { world, me: pid };
    columns::sort(&look, &mut found, &request.sort);
    let rows = forest::arrange(found, request.tree);
    let text = format::table(&look, &request, &rows, width);
    let empty = rows.is_empty();
    cx.out(&text);
    Ok(u8::from(empty))
}
