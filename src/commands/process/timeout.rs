//! `timeout`: runs a command and ends it when it takes too long: timeout(1).

use std::time::Duration;

use super::launch::{FORWARDED, exec_status, execvp, interval, misuse, read_options, say};
use crate::commands::Command;
use crate::commands::options::{Options, flag, value};
use crate::world::{Channel, ChildEvent, ExitStatus, Pid, Program, Signal, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "timeout",
    path: "/usr/bin/timeout",
    program: |argv| Box::new(Timeout { argv: argv.to_vec(), watch: None }),
};

const OPTIONS: Options = Options::coreutils(
    &[
        flag('\0', "foreground"),
        value('k', "kill-after"),
        flag('\0', "preserve-status"),
        value('s', "signal"),
        flag('v', "verbose"),
    ],
    "[OPTION] DURATION COMMAND [ARG]...",
)
.status(125)
.in_order();

#[derive(Clone)]
struct Timeout {
    argv: Vec<String>,
    watch: Option<Watch>,
}

#[derive(Clone)]
struct Watch {
    child: Pid,
    name: String,
    signal: Signal,
    foreground: bool,
    preserve: bool,
    verbose: bool,
    kill_after: Option<Duration>,
    due: Option<Time>,
    timed_out: bool,
}

/// The child, before it becomes the command.
#[derive(Clone)]
struct Child(Vec<String>);

impl Program for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        sys.default_signal(Signal::TTIN);
        sys.default_signal(Signal::TTOU);
        match execvp(sys, &self.0, None) {
            Ok(step) => step,
            Err(errno) => {
                let name = self.0.first().map_or("", String::as_str);
                say(sys, &format!("timeout: failed to run command ‘{name}’: {}", errno.message()));
                Step::Exit(exec_status(errno))
            }
        }
    }
}

impl Program for Timeout {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.watch.is_none() {
            match start(sys, &self.argv) {
                Ok(watch) => self.watch = Some(watch),
                Err(status) => return Step::Exit(status),
            }
        }
        match &mut self.watch {
            Some(watch) => watch.go_on(sys),
            None => Step::Exit(125),
        }
    }
}

fn start(sys: &mut Sys<'_>, argv: &[String]) -> Result<Watch, u8> {
    let parsed = read_options(sys, argv, &OPTIONS)?;
    let time = |sys: &mut Sys<'_>, text: &str| {
        interval(text).ok_or_else(|| {
            say(sys, &format!("timeout: invalid time interval ‘{text}’"));
            misuse(sys, argv, &OPTIONS)
        })
    };
    let kill_after = parsed.last("kill-after").map(|text| time(sys, text)).transpose()?;
    let signal = match parsed.last("signal").map(|name| (name, Signal::parse(&name.to_uppercase()))) {
        None => Signal::TERM,
        Some((_, Some(signal))) => signal,
        Some((name, None)) => {
            say(sys, &format!("timeout: ‘{name}’: invalid signal"));
            return Err(misuse(sys, argv, &OPTIONS));
        }
    };
    let [limit, command @ ..] = &parsed.operands[..] else { return Err(misuse(sys, argv, &OPTIONS)) };
    if command.is_empty() {
        return Err(misuse(sys, argv, &OPTIONS));
    }
    let limit = time(sys, limit)?;
    let foreground = parsed.has("foreground");
    let pid = sys.pid;
    if !foreground {
        let _ = sys.world.setpgid(pid, pid);
    }
    for caught in FORWARDED.iter().copied().chain([signal]).filter(|s| !s.is_unstoppable()) {
        sys.catch(caught);
    }
    sys.ignore(Signal::TTIN);
    sys.ignore(Signal::TTOU);
    let child = sys.fork(Box::new(Child(command.to_vec()))).map_err(|errno| {
        say(sys, &format!("timeout: fork system call failed: {}", errno.message()));
        125_u8
    })?;
    let kill_after = kill_after.filter(|after| !after.is_zero());
    Ok(Watch {
        child,
        name: command[0].clone(),
        signal,
        foreground,
        preserve: parsed.has("preserve-status"),
        verbose: parsed.has("verbose"),
        kill_after,
        due: (!limit.is_zero()).then(|| sys.now() + limit),
        timed_out: false,
    })
}

impl Watch {
    fn go_on(&mut self, sys: &mut Sys<'_>) -> Step {
        while let Some(signal) = sys.take_signal() {
            if signal != Signal::CHLD {
                self.send(sys, signal);
            }
        }
        if let Some((_, ChildEvent::Ended(status))) = sys.wait_child(Some(self.child)) {
            return self.finish(status);
        }
        if self.due.is_some_and(|due| due <= sys.now()) {
            self.timed_out = true;
            let signal = self.signal;
            self.due = None;
            if let Some(after) = self.kill_after.take() {
                self.due = Some(sys.now() + after);
                self.signal = Signal::KILL;
            }
            self.send(sys, signal);
            // The child may have ended at once, before anybody waited for it.
            return Step::Yield;
        }
        let wait = Wait::channel(Channel::Children(sys.pid));
        Step::Wait(match self.due {
            Some(due) => wait.or_until(due),
            None => wait,
        })
    }

    /// Signals the command, and unless it is in the foreground the whole group, oneself excepted where that is possible.
    fn send(&mut self, sys: &mut Sys<'_>, signal: Signal) {
        if self.verbose && self.timed_out {
            say(sys, &format!("timeout: sending signal {} to command ‘{}’", signal.name(), self.name));
        }
        let child = i64::from(self.child);
        let _ = sys.kill(child, Some(signal));
        if self.foreground {
            return;
        }
        if !signal.is_unstoppable() {
            sys.ignore(signal);
        }
        let _ = sys.kill(0, Some(signal));
        if signal != Signal::KILL && signal != Signal::CONT {
            sys.ignore(Signal::CONT);
            let _ = sys.kill(child, Some(Signal::CONT));
            let _ = sys.kill(0, Some(Signal::CONT));
        }
    }

    fn finish(&self, status: ExitStatus) -> Step {
        match status {
            _ if self.timed_out && !self.preserve && !killed(status) => Step::Exit(124),
            ExitStatus::Signaled(signal, _) if !self.timed_out => Step::Crash(signal),
            status => Step::Exit(status.code()),
        }
    }
}

fn killed(status: ExitStatus) -> bool {
    matches!(status, ExitStatus::Signaled(Signal::KILL, _))
}
