//! `renice`: changes the niceness of running processes: renice(1).

use crate::commands::Command;
use crate::world::{Cx, Errno, NeedInput, Pid, accounts, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "renice", path: "/usr/bin/renice", program: |argv| one_shot(run, argv) };

fn try_help(cx: &mut Cx<'_, '_>, message: &str) -> u8 {
    cx.fail(message);
    cx.errln("Try 'renice --help' for more information.");
    1
}

/// What the numbers after the priority name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Process,
    Group,
    User,
}

impl Which {
    fn shown(self) -> &'static str {
        match self {
            Which::Process => "process ID",
            Which::Group => "process group ID",
            Which::User => "user ID",
        }
    }
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut args = cx.args();
    if matches!(args.first().map(String::as_str), Some("-h" | "--help")) {
        cx.outln("Usage: renice [-n] <priority> [-p|--pid] <pid>...");
        return Ok(0);
    }
    let mut relative = false;
    if matches!(args.first().map(String::as_str), Some("-n" | "--priority" | "--relative")) {
        relative = args.remove(0) == "--relative";
    }
    if args.len() < 2 {
        return Ok(try_help(cx, "not enough arguments"));
    }
    let text = args.remove(0);
    let Ok(priority) = text.parse::<i64>() else { return Ok(try_help(cx, &format!("invalid priority '{text}'"))) };
    let mut which = Which::Process;
    let mut status = 0;
    for arg in &args {
        match arg.as_str() {
            "-p" | "--pid" => which = Which::Process,
            "-g" | "--pgrp" => which = Which::Group,
            "-u" | "--user" => which = Which::User,
            name => {
                let id = match (which, name.parse::<u32>()) {
                    (_, Ok(id)) => Some(id),
                    (Which::User, Err(_)) => accounts::user(&cx.sys.world.files, name).map(|u| u.uid),
                    _ => None,
                };
                match id {
                    Some(id) => status |= renice(cx, which, id, priority, relative),
                    None if which == Which::User => {
                        cx.fail(&format!("unknown user {name}"));
                        status = 1;
                    }
                    None => {
                        cx.fail(&format!("bad {} value: {name}", which.shown()));
                        status = 1;
                    }
                }
            }
        }
    }
    Ok(status)
}

fn renice(cx: &mut Cx<'_, '_>, which: Which, id: u32, priority: i64, relative: bool) -> u8 {
    let pids: Vec<Pid> = cx
        .sys
        .world
        .processes()
        .filter(|p| match which {
            Which::Process => p.pid == id,
            Which::Group => p.pgid == id,
            Which::User => p.cred.uid == id,
        })
        .map(|p| p.pid)
        .collect();
    let Some(old) = pids.first().and_then(|pid| cx.sys.world.process(*pid)).map(|p| p.nice) else {
        cx.fail(&format!("failed to get priority for {id} ({}): {}", which.shown(), Errno::ESRCH.message()));
        return 1;
    };
    let wanted = if relative { i64::from(old) + priority } else { priority };
    let wanted = i8::try_from(wanted.clamp(-20, 19)).unwrap_or(0);
    let cred = cx.sys.cred();
    for pid in pids {
        let refusal = match cx.sys.world.process(pid) {
            Some(p) if !cred.is_root() && p.cred.uid != cred.uid => Some(Errno::EPERM),
            Some(p) if !cred.is_root() && wanted < p.nice => Some(Errno::EACCES),
            _ => None,
        };
        if let Some(errno) = refusal {
            cx.fail(&format!("failed to set priority for {id} ({}): {}", which.shown(), errno.message()));
            return 1;
        }
        if let Some(process) = cx.sys.world.process_mut(pid) {
            process.nice = wanted;
        }
    }
    cx.outln(&format!("{id} ({}) old priority {old}, new priority {wanted}", which.shown()));
    0
}
