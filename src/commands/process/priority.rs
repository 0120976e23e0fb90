//! `chrt`, `ionice`, `taskset` and `prlimit`: scheduling and limits that lessons only look at, and tools that are absent.

use super::launch::{exec_status, execvp, immediate, print, say};
use crate::commands::Command;
use crate::commands::options::not_simulated;
use crate::world::{Cx, NeedInput, Pid, Step, Sys, one_shot};

/// `ionice`: accepted, without effect.
pub const IONICE: Command =
    Command { name: "ionice", path: "/usr/bin/ionice", program: |argv| immediate(ionice, argv) };
/// `chrt`: accepted, without effect.
pub const CHRT: Command = Command { name: "chrt", path: "/usr/bin/chrt", program: |argv| immediate(chrt, argv) };
/// `prlimit`: shows the limits of a process.
pub const PRLIMIT: Command =
    Command { name: "prlimit", path: "/usr/bin/prlimit", program: |argv| one_shot(prlimit, argv) };
/// `strace`: there are no system calls to trace.
pub const STRACE: Command = Command { name: "strace", path: "/usr/bin/strace", program: |argv| one_shot(absent, argv) };

fn absent(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    Ok(not_simulated(cx, "tracing system calls"))
}

/// Runs the words from the first one that is neither an option nor an option's value.
fn run_rest(sys: &mut Sys<'_>, name: &str, command: &[String]) -> Step {
    execvp(sys, command, None).unwrap_or_else(|errno| {
        let program = command.first().map_or("", String::as_str);
        say(sys, &format!("{name}: failed to execute {program}: {}", errno.message()));
        Step::Exit(exec_status(errno))
    })
}

fn ionice(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let mut rest = argv.iter().skip(1).peekable();
    let mut pid = false;
    while let Some(option) = rest.next_if(|a| a.starts_with('-')) {
        match option.as_str() {
            "-c" | "-n" | "--class" | "--classdata" => drop(rest.next()),
            "-p" | "-P" | "-u" => pid = true,
            _ => {}
        }
    }
    let rest: Vec<String> = rest.cloned().collect();
    if pid || rest.is_empty() {
        print(sys, 1, "none: prio 0\n");
        return Step::Exit(0);
    }
    run_rest(sys, "ionice", &rest)
}

fn chrt(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let mut rest = argv.iter().skip(1).peekable();
    let mut pid = false;
    while let Some(option) = rest.next_if(|a| a.starts_with('-')) {
        pid |= option.contains('p');
    }
    let mut rest: Vec<String> = rest.cloned().collect();
    if pid {
        let id = rest.last().cloned().unwrap_or_default();
        print(
            sys,
            1,
            &format!("pid {id}'s current scheduling policy: SCHED_OTHER\npid {id}'s current scheduling priority: 0\n"),
        );
        return Step::Exit(0);
    }
    if rest.len() < 2 {
        say(sys, "chrt: bad usage\nTry 'chrt --help' for more information.");
        return Step::Exit(1);
    }
    rest.remove(0);
    run_rest(sys, "chrt", &rest)
}

/// A limit: its option, name, description and unit.
const LIMITS: &[(&str, &str, &str, &str)] = &[
    ("--core", "CORE", "max core file size", "bytes"),
    ("--nofile", "NOFILE", "max number of open files", "files"),
    ("--nproc", "NPROC", "max number of processes", "processes"),
];

fn prlimit(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let mut pid: Pid = cx.sys.pid;
    let mut wanted = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let (name, value) = arg.split_once('=').map_or((arg.as_str(), None), |(n, v)| (n, Some(v)));
        match name {
            "-p" | "--pid" => {
                let text = value.map(str::to_owned).or_else(|| rest.next().cloned()).unwrap_or_default();
                match text.parse() {
                    Ok(found) => pid = found,
                    Err(_) => {
                        cx.fail(&format!("invalid PID argument: '{text}'"));
                        return Ok(1);
                    }
                }
            }
            _ if LIMITS.iter().any(|l| l.0 == name) && value.is_none() => wanted.push(name.to_owned()),
            "-n" => wanted.push("--nofile".into()),
            other => return Ok(not_simulated(cx, &format!("option {other}"))),
        }
    }
    let Some(limits) = cx.sys.world.process(pid).map(|p| p.limits) else {
        cx.fail("failed to get old NOFILE limit: No such process");
        return Ok(1);
    };
    let number = |n: Option<u64>| n.map_or_else(|| "unlimited".to_owned(), |n| n.to_string());
    let rows: Vec<[String; 5]> = LIMITS
        .iter()
        .filter(|l| wanted.is_empty() || wanted.iter().any(|w| w == l.0))
        .map(|(option, name, text, unit)| {
            let (soft, hard) = match *option {
                "--core" => (number(limits.core), "unlimited".to_owned()),
                "--nofile" => (limits.nofile.0.to_string(), limits.nofile.1.to_string()),
                _ => (number(limits.nproc), number(limits.nproc)),
            };
            [(*name).into(), (*text).into(), soft, hard, (*unit).into()]
        })
        .collect();
    let heads = ["RESOURCE", "DESCRIPTION", "SOFT", "HARD", "UNITS"];
    let width = |at: usize| rows.iter().map(|r| r[at].len()).chain([heads[at].len()]).max().unwrap_or(0);
    let w: Vec<usize> = (0..5).map(width).collect();
    let line = |r: [&str; 5]| {
        format!(
            "{:<a$} {:<b$} {:>c$} {:>d$} {}\n",
            r[0],
            r[1],
            r[2],
            r[3],
            r[4],
            a = w[0],
            b = w[1],
            c = w[2],
            d = w[3]
        )
    };
    let mut text = line(heads);
    for row in &rows {
        text += &line([&row[0], &row[1], &row[2], &row[3], &row[4]]);
    }
    cx.out(&text);
    Ok(0)
}
