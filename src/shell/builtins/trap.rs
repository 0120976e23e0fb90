//! `trap`: bash(1), SIGNALS.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::syntax::escape::single_quote;
use crate::shell::traps::{Event, FATAL};
use crate::world::{Signal, Sys};

pub(super) fn trap(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut rest = args.get(1..).unwrap_or_default();
    match rest.first().map(String::as_str) {
        Some("-l") => {
            let text = super::kill::table();
            shell.print(1, &text);
            return Done::Status(0);
        }
        Some("-p") => return show(shell, &rest[1..]),
        Some("--") => rest = &rest[1..],
        Some(word) if word.len() > 1 && word.starts_with('-') => {
            return shell.bad_option("trap", word);
        }
        _ => {}
    }
    let Some((first, mut names)) = rest.split_first() else { return show(shell, &[]) };
    let mut action = Some(first.as_str());
    if names.is_empty() || first.parse::<u32>().is_ok() {
        // Only names: they are reset.
        if Event::parse(first).is_none() {
            if names.is_empty() {
                return shell.usage("trap");
            }
        } else {
            (action, names) = (None, rest);
        }
    }
    if action == Some("-") {
        action = None;
    }
    let mut status = 0;
    for name in names {
        match Event::parse(name) {
            Some(event) => set(shell, sys, event, action),
            None => {
                shell.builtin_error("trap", &format!("{name}: invalid signal specification"));
                status = 1;
            }
        }
    }
    Done::Status(status)
}

fn set(shell: &mut Bash, sys: &mut Sys<'_>, event: Event, action: Option<&str>) {
    if let Event::Signal(number) = event {
        let Some(signal) = Signal::from_number(i64::from(number)) else { return };
        // A signal that was ignored when the shell began stays so.
        if shell.ignored.contains(signal) && !shell.shell.interactive || signal.is_unstoppable() {
            return;
        }
        let own = shell.shell.interactive && !shell.child;
        match action {
            Some("") => sys.ignore(signal),
            Some(_) => sys.catch(signal),
            None if own && matches!(signal, Signal::INT | Signal::HUP) => sys.catch(signal),
            None if own && matches!(signal, Signal::TERM | Signal::QUIT | Signal::TSTP) => sys.ignore(signal),
            None => sys.default_signal(signal),
        }
    }
    match action {
        Some(text) => shell.traps.set(event, text),
        None => shell.traps.remove(event),
    }
    if shell.shell.posix || shell.shell.interactive {
        return;
    }
    let armed = shell.traps.has_exit();
    for signal in FATAL {
        let trapped = shell.traps.get(Event::Signal(signal.number())).is_some();
        match armed {
            _ if trapped || shell.ignored.contains(signal) => {}
            true => sys.catch(signal),
            false if event == Event::Exit => sys.default_signal(signal),
            false => {}
        }
    }
}

impl Bash {
    /// Whether a signal ends this shell: one of those that it catches for its EXIT trap only.
    pub(in crate::shell) fn dies_of(&self, signal: Signal) -> bool {
        !self.shell.posix && !self.shell.interactive && FATAL.contains(&signal)
    }
}

fn show(shell: &mut Bash, names: &[String]) -> Done {
    let mut status = 0;
    let mut wanted = Vec::new();
    for name in names {
        match Event::parse(name) {
            Some(event) => wanted.push(event),
            None => {
                shell.builtin_error("trap", &format!("{name}: invalid signal specification"));
                status = 1;
            }
        }
    }
    let lines: Vec<String> = shell
        .traps
        .iter()
        .filter(|(event, _)| names.is_empty() || wanted.contains(event))
        .map(|(event, text)| format!("trap -- {} {}\n", single_quote(text), event.name()))
        .collect();
    shell.print(1, &lines.concat());
    Done::Status(status)
}
