//! `set`: bash(1), SHELL BUILTIN COMMANDS.

use std::sync::Arc;

use super::Done;
use crate::shell::bash::{Bash, Unwind};
use crate::shell::expand::{compound, traced};
use crate::shell::options::{SET_OPTIONS, Switches};
use crate::shell::syntax::print;
use crate::shell::variables::Value;
use crate::world::Sys;

pub(super) fn set(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    if args.len() == 1 {
        list_variables(shell);
        return Done::Status(0);
    }
    let mut at = 1;
    while let Some(word) = args.get(at) {
        if word == "--" {
            shell.shell.positional = Arc::new(args[at + 1..].to_vec());
            return Done::Status(0);
        }
        if word == "-" {
            shell.shell.switches.set_option("xtrace", false);
            shell.shell.switches.set_option("verbose", false);
            at += 1;
            break;
        }
        if !word.starts_with(['-', '+']) || word.len() < 2 {
            break;
        }
        at += 1;
        let on = word.starts_with('-');
        for letter in word.chars().skip(1) {
            if letter == 'o' {
                match args.get(at) {
                    Some(name) => {
                        at += 1;
                        if !shell.switch(name, on) {
                            shell.builtin_error("set", &format!("{name}: invalid option name"));
                            return fatal(shell);
                        }
                    }
                    None => list_options(shell, on),
                }
                continue;
            }
            match Switches::letter(letter) {
                Some(name) => {
                    shell.switch(name, on);
                }
                None => {
                    let sign = if on { '-' } else { '+' };
                    return shell.bad_option("set", &format!("{sign}{letter}"));
                }
            }
        }
    }
    if at < args.len() {
        shell.shell.positional = Arc::new(args[at..].to_vec());
    }
    Done::Status(0)
}

fn fatal(shell: &Bash) -> Done {
    if shell.shell.posix && !shell.shell.interactive { Done::Unwind(Unwind::Exit(2)) } else { Done::Status(2) }
}

impl Bash {
    /// Switches an option of `set -o`; false: there is none with this name.
    pub(in crate::shell) fn switch(&mut self, name: &str, on: bool) -> bool {
        if name == "monitor" {
            self.job_control = on && self.tty.is_some() && !self.child;
        }
        self.shell.switches.set_option(name, on)
    }
}

fn list_options(shell: &mut Bash, readable: bool) {
    let mut out = String::new();
    for (name, _, _) in SET_OPTIONS {
        let on = shell.shell.switches.is(name);
        out.push_str(&if readable {
            format!("{name:15}\t{}\n", if on { "on" } else { "off" })
        } else {
            format!("set {}o {name}\n", if on { '-' } else { '+' })
        });
    }
    shell.print(1, &out);
}

fn list_variables(shell: &mut Bash) {
    let mut out = String::new();
    for (name, variable) in shell.shell.variables.iter() {
        match &variable.value {
            Some(Value::Scalar(text)) if text.is_empty() => out.push_str(&format!("{name}=\n")),
            Some(Value::Scalar(text)) => out.push_str(&format!("{name}={}\n", traced(text))),
            Some(_) => out.push_str(&format!("{name}={}\n", compound(variable))),
            None => {}
        }
    }
    for function in shell.shell.functions.values() {
        out.push_str(&format!("{}\n", print::function(&function.definition)));
    }
    shell.print(1, &out);
}
