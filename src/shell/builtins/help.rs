//! `help`, `enable`, `caller`, `bind`, and what is accepted without effect: bash(1), SHELL BUILTIN COMMANDS.

use super::{BUILTINS, Done};
use crate::shell::bash::Bash;
use crate::world::Sys;

pub(super) fn help(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let names: Vec<&String> = args.iter().skip(1).filter(|word| !word.starts_with('-')).collect();
    if names.is_empty() {
        let lines: Vec<String> =
            BUILTINS.iter().map(|builtin| format!(" {} {}\n", builtin.name, builtin.usage)).collect();
        shell.print(1, &lines.concat());
        return Done::Status(0);
    }
    let mut status = 0;
    for name in names {
        match BUILTINS.iter().find(|builtin| builtin.name == name) {
            Some(builtin) => shell.print(1, &format!("{name}: {name} {}\n", builtin.usage)),
            None => {
                let message =
                    format!("no help topics match `{name}'.  Try `help help' or `man -k {name}' or `info {name}'.");
                shell.builtin_error("help", &message);
                status = 1;
            }
        }
    }
    Done::Status(status)
}

pub(super) fn enable(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    if args.iter().skip(1).any(|word| word == "-n" || word == "-f" || word == "-d") {
        shell.builtin_error("enable", &format!("{}: not simulated", args[1]));
        return Done::Status(1);
    }
    let lines: Vec<String> = BUILTINS.iter().map(|builtin| format!("enable {}\n", builtin.name)).collect();
    shell.print(1, &lines.concat());
    Done::Status(0)
}

pub(super) fn caller(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let calls = &shell.shell.calls;
    let depth = match args.get(1).map(|word| (word, word.parse::<usize>())) {
        None => None,
        Some((_, Ok(depth))) => Some(depth),
        Some((word, Err(_))) => {
            let message = format!("{word}: invalid number");
            shell.builtin_error("caller", &message);
            return shell.usage("caller");
        }
    };
    if calls.is_empty() {
        return Done::Status(1);
    }
    let at = depth.unwrap_or(0);
    let Some(call) = calls.len().checked_sub(at + 1).and_then(|at| calls.get(at)) else { return Done::Status(1) };
    // Who made the call: the function around it, or the script.
    let outer = calls.len().checked_sub(at + 2).and_then(|at| calls.get(at));
    let file = outer.map_or_else(|| shell.shell.script.clone(), |outer| outer.file.clone());
    let text = match (depth, file) {
        (None, file) => format!("{} {}\n", call.line, file.as_deref().unwrap_or("NULL")),
        (Some(_), None) => return Done::Status(1),
        (Some(_), Some(file)) => {
            let name = outer.map_or_else(|| "main".into(), |outer| outer.name.clone());
            format!("{} {name} {file}\n", call.line)
        }
    };
    shell.print(1, &text);
    Done::Status(0)
}

/// Key bindings belong to the front end: they are accepted.
pub(super) fn bind(_: &mut Bash, _: &mut Sys<'_>, _: &[String]) -> Done {
    Done::Status(0)
}

/// Completion belongs to the front end: its settings are accepted.
pub(super) fn accepted(_: &mut Bash, _: &mut Sys<'_>, _: &[String]) -> Done {
    Done::Status(0)
}

pub(super) fn not_simulated(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    shell.complain(&format!("{}: not simulated", args[0]));
    Done::Status(1)
}
