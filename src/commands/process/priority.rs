//! `chrt`, `ionice` and `taskset`: scheduling that lessons only look at, and tools that are absent.

use super::launch::{exec_status, execvp, immediate, print, say};
use crate::commands::Command;
use crate::commands::options::not_simulated;
use crate::world::{Cx, NeedInput, Step, Sys, one_shot};

/// `ionice`: accepted, without effect.
pub const IONICE: Command =
    Command { name: "ionice", path: "/usr/bin/ionice", program: |argv| immediate(ionice, argv) };
/// `chrt`: accepted, without effect.
pub const CHRT: Command = Command { name: "chrt", path: "/usr/bin/chrt", program: |argv| immediate(chrt, argv) };
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
