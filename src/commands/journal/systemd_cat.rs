//! `systemd-cat`: runs a command, or a pipe's end, with its output connected to the journal: systemd-cat(1).

use super::journalctl::log_level;
use crate::commands::Command;
use crate::commands::options::{Hint, Options, Takes, also, value};
use crate::commands::process::launch::{execvp, immediate, print, read_options, say};
use crate::systemd::journal::StreamOptions;
use crate::systemd::value::parse_boolean;
use crate::systemd::version::{FEATURES, VERSION};
use crate::vps::systemd;
use crate::world::{Fd, OpenKind, Step, Sys};

/// The command.
pub const COMMAND: Command =
    Command { name: "systemd-cat", path: "/usr/bin/systemd-cat", program: |argv| immediate(turn, argv) };

const OPTIONS: Options = Options {
    table: &[
        also('\0', "version", "show-version", Takes::Nothing),
        value('t', "identifier"),
        value('p', "priority"),
        value('\0', "stderr-priority"),
        value('\0', "level-prefix"),
    ],
    usage: "[OPTIONS...] COMMAND ...",
    version: "",
    status: 1,
    hint: Hint::Nothing,
    in_order: true,
};

fn turn(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let parsed = match read_options(sys, argv, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Step::Exit(status),
    };
    if parsed.has("show-version") {
        print(sys, 1, &format!("systemd {VERSION}\n{FEATURES}\n"));
        return Step::Exit(0);
    }
    let level = |key: &str| parsed.last(key).map(log_level);
    let (priority, errors) = match (level("priority"), level("stderr-priority")) {
        (Some(None), _) => return refuse(sys, "Failed to parse priority value."),
        (_, Some(None)) => return refuse(sys, "Failed to parse stderr priority value."),
        (priority, errors) => (priority.flatten().unwrap_or(6), errors.flatten()),
    };
    let level_prefix = match parsed.last("level-prefix") {
        None => true,
        Some(text) => match parse_boolean(text) {
            Some(prefix) => prefix,
            None => {
                return refuse(sys, &format!("Failed to parse boolean argument to --level-prefix=: {text}."));
            }
        },
    };
    let (cgroup, uid) = (sys.me().cgroup.clone(), sys.uid());
    let identifier = parsed.last("identifier").unwrap_or_default().to_owned();
    let options = StreamOptions { cgroup, identifier, priority, facility: None, level_prefix, uid };
    if let Some(priority) = errors {
        connect(sys, &[1], options.clone());
        connect(sys, &[2], StreamOptions { priority, ..options });
    } else {
        connect(sys, &[1, 2], options);
    }
    let command = if parsed.operands.is_empty() { vec!["cat".to_owned()] } else { parsed.operands };
    let saved = sys.me().fds.get(&SAVED).copied();
    match execvp(sys, &command, None) {
        Ok(step) => step,
        Err(errno) => {
            if saved.is_some() {
                let _ = sys.dup2(SAVED, 2);
            }
            refuse(sys, &format!("Failed to execute process: {}", errno.message()))
        }
    }
}

/// Where the old standard error stands until the command runs; closed by executing it.
const SAVED: Fd = 250;

/// Puts a new stream in place of descriptors.
fn connect(sys: &mut Sys<'_>, fds: &[Fd], options: StreamOptions) {
    let pid = sys.pid;
    let (systemd, world) = systemd(sys);
    let stream = systemd.journal.open_stream(world, options);
    let file = sys.world.open_object(OpenKind::Stream(stream), "/run/systemd/journal/stdout");
    for fd in fds {
        if *fd == 2
            && let Some(old) = sys.me().fds.get(&2).copied()
        {
            sys.world.open_files.retain(old.file);
            sys.world.install(pid, SAVED, old.file, true);
        }
    }
    let (first, rest) = match fds {
        [first, rest @ ..] => (*first, rest),
        [] => return,
    };
    sys.world.install(pid, first, file, false);
    for fd in rest {
        let _ = sys.dup2(first, *fd);
    }
}

fn refuse(sys: &mut Sys<'_>, message: &str) -> Step {
    say(sys, message);
    Step::Exit(1)
}
