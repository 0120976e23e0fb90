//! `pidof`: the process ids of a running program: pidof(1) of procps.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, parse, short, short_value};
use crate::world::{Cx, NeedInput, Process, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "pidof", path: "/usr/bin/pidof", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    short('s', "single-shot"),
    short('q', "quiet"),
    short('x', "with-scripts"),
    short('w', "with-workers"),
    short_value('o', "omit-pid"),
    short_value('S', "separator"),
    absent('c', "check-root"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options] [program [...]]",
    version: "from procps-ng 4.0.2",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let omitted: Vec<String> = parsed
        .options
        .iter()
        .filter(|o| o.key == "omit-pid")
        .flat_map(|o| o.text().split(',').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let parent = cx.sys.me().ppid;
    let skip = |p: &Process| omitted.iter().any(|o| o.parse() == Ok(p.pid) || (o == "%PPID" && p.pid == parent));
    let scripts = parsed.has("with-scripts");
    let mut pids: Vec<String> = Vec::new();
    for name in &parsed.operands {
        let mut found: Vec<&Process> = cx
            .sys
            .world
            .processes()
            .filter(|p| !p.is_zombie() && !skip(p) && p.pid != cx.sys.pid && is_called(p, name, scripts))
            .collect();
        found.sort_by_key(|p| std::cmp::Reverse(p.pid));
        pids.extend(found.iter().map(|p| p.pid.to_string()));
    }
    if parsed.has("single-shot") {
        pids.truncate(1);
    }
    if pids.is_empty() {
        return Ok(1);
    }
    if !parsed.has("quiet") {
        cx.outln(&pids.join(parsed.last("separator").unwrap_or(" ")));
    }
    Ok(0)
}

/// Whether the first argument or the program file has this name; with `scripts` the script that an interpreter runs.
fn is_called(p: &Process, name: &str, scripts: bool) -> bool {
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let same = |path: &str| path == name || (!name.contains('/') && base(path) == name);
    let first = p.argv.first().map_or("", |a| a.trim_start_matches('-'));
    if same(first) || same(&p.exe) {
        return true;
    }
    scripts && p.argv.get(1).is_some_and(|script| same(script) && *p.comm == *crate::world::comm_of(script))
}
