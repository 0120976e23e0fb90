//! `pstree`: processes as a tree: pstree(1) of psmisc.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, flag, parse};
use crate::world::{Cx, NeedInput, Process, World, accounts, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "pstree", path: "/usr/bin/pstree", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('p', "show-pids"),
    flag('a', "arguments"),
    flag('c', "compact-not"),
    flag('u', "uid-changes"),
    flag('A', "ascii"),
    flag('U', "unicode"),
    flag('l', "long"),
    flag('n', "numeric-sort"),
    flag('T', "hide-threads"),
    absent('h', "highlight-all"),
    absent('s', "show-parents"),
    absent('g', "show-pgids"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-acnpuAU] [PID | USER]",
    version: "(PSmisc) 23.6",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

/// The pieces of the branches: only child, first, in between, last, and the line past children.
struct Art {
    only: &'static str,
    first: &'static str,
    between: &'static str,
    last: &'static str,
    past: &'static str,
}

const UNICODE: Art = Art { only: "───", first: "─┬─", between: " ├─", last: " └─", past: " │ " };
const ASCII: Art = Art { only: "---", first: "-+-", between: " |-", last: " `-", past: " | " };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let world = &*cx.sys.world;
    let art = if parsed.has("ascii") { &ASCII } else { &UNICODE };
    let mut roots: Vec<u32> = vec![1];
    if let Some(start) = parsed.operands.first() {
        roots = match (start.parse::<u32>(), accounts::user(&world.files, start)) {
            (Ok(pid), _) => vec![pid],
            (_, Some(user)) => {
                let own = |p: &&Process| {
                    p.cred.uid == user.uid && world.process(p.ppid).is_none_or(|q| q.cred.uid != user.uid)
                };
                world.processes().filter(own).map(|p| p.pid).collect()
            }
            _ => {
                cx.errln(&format!("No such user name: {start}"));
                return Ok(1);
            }
        };
    }
    let mut text = String::new();
    for root in &roots {
        if let Some(process) = world.process(*root) {
            if parsed.has("arguments") {
                lines(world, process, "", "", &parsed, &mut text, art);
            } else {
                text.push_str(&tree(world, process, &parsed, art, 0).join("\n"));
                text.push('\n');
            }
        }
    }
    let empty = text.is_empty();
    cx.out(&text);
    Ok(u8::from(empty))
}

fn label(world: &World, p: &Process, parsed: &Parsed) -> String {
    let mut out = p.comm.to_string();
    let changed = world.process(p.ppid).is_some_and(|q| q.cred.uid != p.cred.uid);
    let user = (parsed.has("uid-changes") && changed).then(|| accounts::user_name(&world.files, p.cred.uid));
    match (parsed.has("show-pids"), user) {
        (true, Some(user)) => out.push_str(&format!("({},{user})", p.pid)),
        (true, None) => out.push_str(&format!("({})", p.pid)),
        (false, Some(user)) => out.push_str(&format!("({user})")),
        _ => {}
    }
    out
}

fn children<'a>(world: &'a World, p: &Process, parsed: &Parsed) -> Vec<&'a Process> {
    let mut found: Vec<&Process> = world.processes().filter(|c| c.ppid == p.pid && c.pid != p.pid).collect();
    if !parsed.has("numeric-sort") {
        found.sort_by(|a, b| a.comm.cmp(&b.comm).then(a.pid.cmp(&b.pid)));
    }
    found
}

/// How deep a tree is drawn; deeper ones are cut.
const DEPTH: usize = 100;

/// The lines of a process and all below it.
fn tree(world: &World, p: &Process, parsed: &Parsed, art: &Art, depth: usize) -> Vec<String> {
    let name = label(world, p, parsed);
    if depth > DEPTH {
        return vec![name];
    }
    let mut below: Vec<(usize, Vec<String>)> = Vec::new();
    for child in children(world, p, parsed) {
        let lines = tree(world, child, parsed, art, depth + 1);
        match below
            .iter_mut()
            .find(|(_, same)| *same == lines && !parsed.has("compact-not") && !parsed.has("show-pids"))
        {
            Some((count, _)) => *count += 1,
            None => below.push((1, lines)),
        }
    }
    let blank = " ".repeat(name.chars().count());
    let mut out = Vec::new();
    let groups = below.len();
    for (at, (count, lines)) in below.into_iter().enumerate() {
        let (mark, close) = if count > 1 { (format!("{count}*["), "]") } else { (String::new(), "") };
        let inner_pad = " ".repeat(mark.len());
        for (row, line) in lines.iter().enumerate() {
            let close = if row == 0 { close } else { "" };
            let piece = match (row, at, groups) {
                (0, 0, 1) => art.only,
                (0, 0, _) => art.first,
                (0, at, n) if at + 1 == n => art.last,
                (0, ..) => art.between,
                (_, at, n) if at + 1 == n => "   ",
                _ => art.past,
            };
            let start = if row == 0 && at == 0 { &name } else { &blank };
            let mark = if row == 0 { &mark } else { &inner_pad };
            out.push(format!("{start}{piece}{mark}{line}{close}"));
        }
    }
    if out.is_empty() { vec![name] } else { out }
}

/// With arguments: one process a line.
fn lines(world: &World, p: &Process, lead: &str, branch: &str, parsed: &Parsed, out: &mut String, art: &Art) {
    if lead.chars().count() > DEPTH * 4 {
        return;
    }
    let pid = if parsed.has("show-pids") { format!(",{}", p.pid) } else { String::new() };
    let args: String = p.argv.iter().skip(1).map(|a| format!(" {a}")).collect();
    out.push_str(&format!("{lead}{branch}{}{pid}{args}\n", p.comm));
    let below = match branch {
        "" => lead.to_owned(),
        b if b.starts_with(['├', '|']) => format!("{lead}{}   ", art.past.trim()),
        _ => format!("{lead}    "),
    };
    let all = children(world, p, parsed);
    for (at, child) in all.iter().enumerate() {
        let last = at + 1 == all.len();
        let branch = format!(
            "{}{}",
            if last { art.last } else { art.between }.trim_start(),
            art.only.chars().next().unwrap_or('-')
        );
        let lead = if below.is_empty() { "  ".to_owned() } else { below.clone() };
        lines(world, child, &lead, &branch.chars().take(2).collect::<String>(), parsed, out, art);
    }
}
