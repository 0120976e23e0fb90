//! `kill`, the builtin: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::jobs::{NO_JOB, ProcessState};
use crate::world::{Signal, Sys};

pub(super) fn kill(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut rest = args.get(1..).unwrap_or_default();
    let mut signal = Some(Signal::TERM);
    match rest.first().map(String::as_str) {
        None => return shell.usage("kill"),
        Some("-l" | "-L") => return list(shell, &rest[1..]),
        Some("-s" | "-n") => {
            let Some(name) = rest.get(1) else {
                shell.builtin_error("kill", &format!("{}: option requires an argument", rest[0]));
                return Done::Status(1);
            };
            match named(name) {
                Some(found) => signal = found,
                None => return invalid(shell, name),
            }
            rest = &rest[2..];
        }
        Some("--") => rest = &rest[1..],
        Some(word) if word.starts_with('-') && word.len() > 1 => {
            match named(&word[1..]) {
                Some(found) => signal = found,
                None => return invalid(shell, &word[1..]),
            }
            rest = &rest[1..];
        }
        _ => {}
    }
    if rest.first().is_some_and(|word| word == "--") {
        rest = &rest[1..];
    }
    if rest.is_empty() {
        return shell.usage("kill");
    }
    shell.reap(sys);
    let mut status = 1;
    for word in rest {
        if one(shell, sys, word, signal) {
            status = 0;
        }
    }
    Done::Status(status)
}

/// The signal with this name or number; 0 only asks.
#[allow(clippy::option_option)]
fn named(name: &str) -> Option<Option<Signal>> {
    if name == "0" || name.eq_ignore_ascii_case("EXIT") {
        return Some(None);
    }
    Signal::parse(&name.to_uppercase()).map(Some)
}

fn invalid(shell: &mut Bash, name: &str) -> Done {
    shell.builtin_error("kill", &format!("{name}: invalid signal specification"));
    Done::Status(1)
}

fn one(shell: &mut Bash, sys: &mut Sys<'_>, word: &str, signal: Option<Signal>) -> bool {
    let target = if word.starts_with('%') {
        let found = shell.jobs.find(word).ok().and_then(|id| shell.jobs.get(id)).cloned();
        let Some(job) = found.filter(|job| !job.is_done()) else {
            shell.builtin_error("kill", &format!("{word}: {NO_JOB}"));
            return false;
        };
        if job.controlled { -i64::from(job.pgid) } else { i64::from(job.last_pid()) }
    } else {
        match word.parse::<i64>() {
            Ok(target) => target,
            Err(_) => {
                shell.builtin_error("kill", &format!("{word}: arguments must be process or job IDs"));
                return false;
            }
        }
    };
    match sys.kill(target, signal) {
        Ok(()) => {
            shell.signalled = Some(sys.now());
            shell.note_signal(word, signal);
            // A stopped job that is told to end has to go on for that.
            if target < 0 && matches!(signal, Some(Signal::TERM | Signal::HUP)) {
                let _ = sys.kill(target, Some(Signal::CONT));
            }
            true
        }
        Err(errno) => {
            // dash ends the line twice.
            let message = match shell.shell.posix {
                true => format!("{}\n", errno.message()),
                false => format!("({target}) - {}", errno.message()),
            };
            shell.builtin_error("kill", &message);
            false
        }
    }
}

impl Bash {
    /// A job that was signalled is told of again; one that was continued counts as running at once.
    fn note_signal(&mut self, word: &str, signal: Option<Signal>) {
        let by_pid = word.parse().ok().and_then(|pid| self.jobs.of_pid(pid)).map(|job| job.id);
        let Some(id) = by_pid.or_else(|| self.jobs.find(word).ok()) else { return };
        let Some(job) = self.jobs.get_mut(id) else { return };
        job.told = signal == Some(Signal::CONT);
        if job.told {
            for process in &mut job.processes {
                if matches!(process.state, ProcessState::Stopped(_)) {
                    process.state = ProcessState::Running;
                }
            }
        }
    }
}

fn list(shell: &mut Bash, names: &[String]) -> Done {
    if names.is_empty() {
        let text = table();
        shell.print(1, &text);
        return Done::Status(0);
    }
    let mut status = 0;
    for name in names {
        let text = match name.parse::<i64>() {
            Ok(0) => Some("EXIT".to_string()),
            Ok(number) => Signal::from_number(if number > 128 { number - 128 } else { number }).map(Signal::name),
            Err(_) => Signal::parse(&name.to_uppercase()).map(|signal| signal.number().to_string()),
        };
        match text {
            Some(text) => shell.print(1, &format!("{text}\n")),
            None => {
                shell.builtin_error("kill", &format!("{name}: invalid signal specification"));
                status = 1;
            }
        }
    }
    Done::Status(status)
}

/// The table of `kill -l`: five columns.
pub(super) fn table() -> String {
    let name = |number: u8| -> Option<String> {
        let signal = Signal::from_number(i64::from(number))?;
        // The upper half of the real-time signals is named from the end.
        let name = match number {
            64 => "RTMAX".to_string(),
            50..=63 => format!("RTMAX-{}", 64 - number),
            _ => signal.name(),
        };
        Some(format!("SIG{name}"))
    };
    let mut out = String::new();
    let names: Vec<(u8, String)> = (1..=64).filter_map(|number| Some((number, name(number)?))).collect();
    for (index, (number, name)) in names.iter().enumerate() {
        out.push_str(&format!("{number:2}) {name}"));
        out.push(if index % 5 == 4 { '\n' } else { '\t' });
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}
