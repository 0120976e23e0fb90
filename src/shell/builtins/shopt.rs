//! `shopt`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::options::{SET_OPTIONS, shopt_options};
use crate::world::Sys;

pub(super) fn shopt(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, names) = match shell.letters(args, "pqsuo") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let of_set = letters.contains('o');
    let quiet = letters.contains('q');
    if letters.contains('s') && letters.contains('u') {
        shell.builtin_error("shopt", "cannot set and unset shell options simultaneously");
        return Done::Status(1);
    }
    let change = if letters.contains('s') { Some(true) } else { letters.contains('u').then_some(false) };
    if names.is_empty() {
        let all: Vec<&str> = if of_set {
            SET_OPTIONS.iter().map(|(name, _, _)| *name).collect()
        } else {
            shopt_options().map(|(name, _)| name).collect()
        };
        for name in all {
            let on = state(shell, name, of_set).unwrap_or(false);
            if change.is_none_or(|wanted| wanted == on) {
                show(shell, name, on, &letters);
            }
        }
        return Done::Status(0);
    }
    let mut status = 0;
    for name in &names {
        let Some(on) = state(shell, name, of_set) else {
            let what = if of_set { "invalid option name" } else { "invalid shell option name" };
            shell.builtin_error("shopt", &format!("{name}: {what}"));
            status = 1;
            continue;
        };
        match change {
            Some(on) if of_set => {
                shell.switch(name, on);
            }
            Some(on) => {
                shell.shell.switches.set_shopt(name, on);
            }
            None => {
                if !on {
                    status = 1;
                }
                if !quiet {
                    show(shell, name, on, &letters);
                }
            }
        }
    }
    Done::Status(status)
}

fn state(shell: &Bash, name: &str, of_set: bool) -> Option<bool> {
    if of_set { shell.shell.switches.option(name) } else { shell.shell.switches.shopt(name) }
}

fn show(shell: &mut Bash, name: &str, on: bool, letters: &str) {
    let text = match (letters.contains('p'), letters.contains('o')) {
        (true, true) => format!("set {}o {name}\n", if on { '-' } else { '+' }),
        (true, false) => format!("shopt -{} {name}\n", if on { 's' } else { 'u' }),
        _ => format!("{name:15}\t{}\n", if on { "on" } else { "off" }),
    };
    shell.print(1, &text);
}
