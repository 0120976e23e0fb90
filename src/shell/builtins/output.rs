//! `echo`, `printf`, `true`, `false`, `:`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::commands::posix::echo as posix_echo;
use crate::commands::posix::escape::{Dialect, unescape};
use crate::commands::posix::printf::{Manner, printf as posix_printf};
use crate::shell::bash::Bash;
use crate::world::Sys;

pub(super) fn colon(_: &mut Bash, _: &mut Sys<'_>, _: &[String]) -> Done {
    Done::Status(0)
}

pub(super) fn true_(_: &mut Bash, _: &mut Sys<'_>, _: &[String]) -> Done {
    Done::Status(0)
}

pub(super) fn false_(_: &mut Bash, _: &mut Sys<'_>, _: &[String]) -> Done {
    Done::Status(1)
}

pub(super) fn echo(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let words = args.get(1..).unwrap_or_default();
    let bytes = if shell.shell.posix {
        // dash's echo always knows escapes, and only -n.
        let (words, newline) = match words.first().map(String::as_str) {
            Some("-n") => (&words[1..], false),
            _ => (words, true),
        };
        let (mut bytes, stopped) = unescape(&words.join(" "), Dialect::Echo);
        if newline && !stopped {
            bytes.push(b'\n');
        }
        bytes
    } else {
        posix_echo::echo(words)
    };
    shell.print_bytes(1, &bytes);
    Done::Status(0)
}

pub(super) fn printf(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut rest = args.get(1..).unwrap_or_default();
    let mut variable = None;
    if rest.first().is_some_and(|word| word == "-v") && !shell.shell.posix {
        variable = rest.get(1).cloned();
        rest = rest.get(2..).unwrap_or_default();
        let Some(name) = &variable else {
            shell.builtin_error("printf", "-v: option requires an argument");
            return shell.usage("printf");
        };
        if !crate::shell::syntax::is_name(name.split('[').next().unwrap_or_default()) {
            shell.builtin_error("printf", &format!("`{name}': not a valid identifier"));
            return Done::Status(2);
        }
    }
    if rest.first().is_some_and(|word| word == "--") {
        rest = &rest[1..];
    }
    let Some((format, arguments)) = rest.split_first() else { return shell.usage("printf") };
    let printed = posix_printf(Manner::Bash(sys.now()), format, arguments);
    match variable {
        Some(name) => {
            let text = String::from_utf8_lossy(&printed.out).into_owned();
            if let Err(message) = shell.assign_named(&name, &text) {
                shell.builtin_error("printf", &message);
                return Done::Status(1);
            }
        }
        None => {
            // Standard output is buffered: what is wrong is told first.
            for message in &printed.errors {
                shell.builtin_error("printf", message);
            }
            shell.print_bytes(1, &printed.out);
            return Done::Status(printed.status);
        }
    }
    for message in &printed.errors {
        shell.builtin_error("printf", message);
    }
    Done::Status(printed.status)
}

impl Bash {
    /// Sets `name` or `name[key]`.
    pub(in crate::shell) fn assign_named(&mut self, name: &str, text: &str) -> Result<(), String> {
        let (base, subscript) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((base, subscript)) => (base, Some(subscript)),
            None => (name, None),
        };
        if !crate::shell::syntax::is_name(base) {
            return Err(format!("`{name}': not a valid identifier"));
        }
        let key = match subscript {
            Some(subscript) => Some(self.shell.key(base, subscript).map_err(|error| error.0)?),
            None => None,
        };
        self.shell.assign(base, key.as_ref(), text, false)
    }
}
