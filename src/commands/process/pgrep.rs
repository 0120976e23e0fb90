//! `pgrep`, `pkill` and `pidwait`: processes by name and other attributes: pgrep(1).

use super::matching::{Criteria, criteria};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, Takes, absent, also, flag, parse_args, value};
use crate::world::{Channel, Cx, NeedInput, Pid, Program, Signal, Step, Sys, Wait, one_shot};

/// `pgrep`.
pub const PGREP: Command = Command { name: "pgrep", path: "/usr/bin/pgrep", program: |argv| one_shot(list, argv) };
/// `pkill`.
pub const PKILL: Command = Command { name: "pkill", path: "/usr/bin/pkill", program: |argv| one_shot(kill, argv) };
/// `pidwait`.
pub const PIDWAIT: Command = Command {
    name: "pidwait",
    path: "/usr/bin/pidwait",
    program: |argv| Box::new(PidWait { start: one_shot(wait_list, argv), argv: argv.to_vec(), pids: None }),
};

const TABLE: &[Opt] = &[
    flag('c', "count"),
    value('d', "delimiter"),
    flag('l', "list-name"),
    flag('a', "list-full"),
    flag('v', "inverse"),
    flag('w', "lightweight"),
    flag('f', "full"),
    value('g', "pgroup"),
    value('G', "group"),
    flag('i', "ignore-case"),
    flag('n', "newest"),
    flag('o', "oldest"),
    value('O', "older"),
    value('P', "parent"),
    value('s', "session"),
    value('t', "terminal"),
    value('u', "euid"),
    value('U', "uid"),
    flag('x', "exact"),
    value('F', "pidfile"),
    flag('L', "logpidfile"),
    value('r', "runstates"),
    flag('A', "ignore-ancestors"),
    value('\0', "cgroup"),
    value('\0', "signal"),
    flag('e', "echo"),
    absent('q', "queue"),
    absent('\0', "ns"),
    absent('\0', "nslist"),
    also('h', "", "help", Takes::Nothing),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[options] <pattern>",
    version: "from procps-ng 4.0.2",
    status: 2,
    hint: Hint::Nothing,
    in_order: false,
};

/// Reads options and criteria; on a mistake prints it and returns the status.
fn read(cx: &mut Cx<'_, '_>, args: &[String]) -> Result<(Parsed, Criteria), u8> {
    let name = cx.name();
    let parsed = parse_args(cx, &OPTIONS, args).inspect_err(|status| {
        if *status == 2 {
            cx.errln(&format!("\nUsage:\n {name} [options] <pattern>\n\nFor more details see pgrep(1)."));
        }
    })?;
    let criteria = match criteria(cx, &parsed) {
        Ok(criteria) => criteria,
        Err(refusal) => {
            cx.fail(&refusal.0);
            if refusal.1 {
                cx.errln(&format!("Try `{name} --help' for more information."));
            }
            return Err(2);
        }
    };
    if criteria.is_hopeless(&parsed) {
        cx.fail("pattern that searches for process name longer than 15 characters will result in zero matches");
        cx.errln(&format!("Try `{name} -f' option to match against the complete command line."));
    }
    Ok((parsed, criteria))
}

fn list(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let (parsed, criteria) = match read(cx, &args) {
        Ok(read) => read,
        Err(status) => return Ok(status),
    };
    let lines: Vec<String> = criteria
        .matches(cx)
        .iter()
        .map(|p| {
            if parsed.has("list-full") {
                let line = if p.argv.is_empty() { p.comm.to_string() } else { p.argv.join(" ") };
                format!("{} {line}", p.pid)
            } else if parsed.has("list-name") {
                format!("{} {}", p.pid, p.comm)
            } else {
                p.pid.to_string()
            }
        })
        .collect();
    if parsed.has("count") {
        cx.outln(&lines.len().to_string());
    } else if !lines.is_empty() {
        cx.outln(&lines.join(parsed.last("delimiter").unwrap_or("\n")));
    }
    Ok(u8::from(lines.is_empty()))
}

/// Takes the first argument of the form `-SIGNAL` out of the arguments.
fn take_signal(args: &mut Vec<String>) -> Option<Signal> {
    let at = args.iter().take_while(|a| *a != "--").position(|a| {
        let name = a.strip_prefix('-').unwrap_or_default();
        let starts = name.starts_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
        starts && Signal::parse(name).is_some()
    })?;
    Signal::parse(args.remove(at).trim_start_matches('-'))
}

fn kill(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut args = cx.args();
    let dashed = take_signal(&mut args);
    let (parsed, criteria) = match read(cx, &args) {
        Ok(read) => read,
        Err(status) => return Ok(status),
    };
    let signal = match parsed.last("signal") {
        None => dashed.unwrap_or(Signal::TERM),
        Some(name) => match Signal::parse(&name.to_uppercase()) {
            Some(signal) => signal,
            None => {
                cx.fail(&format!("unknown signal: {name}"));
                return Ok(2);
            }
        },
    };
    let found: Vec<(Pid, String)> = criteria.matches(cx).iter().map(|p| (p.pid, p.comm.to_string())).collect();
    let mut killed = 0;
    for (pid, comm) in &found {
        match cx.sys.kill(i64::from(*pid), Some(signal)) {
            Ok(()) => {
                killed += 1;
                if parsed.has("echo") {
                    cx.outln(&format!("{comm} killed (pid {pid})"));
                }
            }
            Err(errno) => cx.fail(&format!("killing pid {pid} failed: {}", errno.message())),
        }
    }
    if parsed.has("count") {
        cx.outln(&found.len().to_string());
    }
    Ok(u8::from(killed == 0))
}

/// The first turn of `pidwait`: only refusals end there.
fn wait_list(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let found = match read(cx, &args) {
        Ok((_, criteria)) => criteria.matches(cx).len(),
        Err(status) => return Ok(status),
    };
    Ok(u8::from(found == 0))
}

/// How often a waiting `pidwait` looks again, in milliseconds.
const LOOK: u64 = 100;

#[derive(Clone)]
struct PidWait {
    start: Box<dyn Program>,
    argv: Vec<String>,
    pids: Option<Vec<Pid>>,
}

impl Program for PidWait {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.pids.is_none() {
            match self.start.resume(sys) {
                Step::Exit(0) => {}
                other => return other,
            }
            let pattern = self.argv.iter().skip(1).rfind(|a| !a.starts_with('-')).cloned().unwrap_or_default();
            let me = sys.pid;
            let full = self.argv.iter().any(|a| a.starts_with('-') && !a.starts_with("--") && a.contains('f'));
            let regex = regex::Regex::new(&pattern).ok();
            let takes = |p: &crate::world::Process| {
                let subject = if full { p.argv.join(" ") } else { p.comm.to_string() };
                p.pid != me && regex.as_ref().is_some_and(|r| r.is_match(&subject))
            };
            self.pids = Some(sys.world.processes().filter(|p| takes(p)).map(|p| p.pid).collect());
        }
        let alive = |pid: &Pid| sys.world.process(*pid).is_some_and(|p| !p.is_zombie());
        if self.pids.iter().flatten().any(alive) {
            let at = sys.now() + std::time::Duration::from_millis(LOOK);
            return Step::Wait(Wait::channel(Channel::Children(sys.pid)).or_until(at));
        }
        Step::Exit(0)
    }
}
