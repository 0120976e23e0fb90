//! `setsid`: runs a program in a new session: setsid(1).

use super::launch::{exec_status, execvp, misuse, read_options, say};
use crate::commands::Command;
use crate::commands::options::{Options, flag};
use crate::world::{Channel, ChildEvent, ExitStatus, Pid, Program, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "setsid",
    path: "/usr/bin/setsid",
    program: |argv| Box::new(Setsid { argv: argv.to_vec(), state: State::Start }),
};

const OPTIONS: Options = Options::util_linux(
    &[flag('c', "ctty"), flag('f', "fork"), flag('w', "wait")],
    "[options] <program> [arguments ...]",
)
.in_order();

#[derive(Clone)]
struct Setsid {
    argv: Vec<String>,
    state: State,
}

#[derive(Clone)]
enum State {
    /// Nothing done yet.
    Start,
    /// The child, or the process itself: becomes the program.
    Leader { command: Vec<String>, ctty: bool },
    /// The parent waits.
    Parent(Pid),
}

impl Program for Setsid {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        match self.state.clone() {
            State::Start => self.start(sys),
            State::Leader { command, ctty } => lead(sys, &command, ctty),
            State::Parent(child) => wait(sys, child),
        }
    }
}

impl Setsid {
    fn start(&mut self, sys: &mut Sys<'_>) -> Step {
        let parsed = match read_options(sys, &self.argv, &OPTIONS) {
            Ok(parsed) => parsed,
            Err(status) => return Step::Exit(status),
        };
        if parsed.operands.is_empty() {
            say(sys, "setsid: no command specified");
            return Step::Exit(misuse(sys, &self.argv, &OPTIONS));
        }
        let (ctty, waits) = (parsed.has("ctty"), parsed.has("wait"));
        let leader = State::Leader { command: parsed.operands.clone(), ctty };
        if !parsed.has("fork") && sys.me().pgid != sys.pid {
            return lead(sys, &parsed.operands, ctty);
        }
        match sys.fork(Box::new(Setsid { argv: self.argv.clone(), state: leader })) {
            Err(errno) => {
                say(sys, &format!("setsid: fork: {}", errno.message()));
                Step::Exit(1)
            }
            Ok(_) if !waits => Step::Exit(0),
            Ok(child) => {
                self.state = State::Parent(child);
                wait(sys, child)
            }
        }
    }
}

fn lead(sys: &mut Sys<'_>, command: &[String], ctty: bool) -> Step {
    let pid = sys.pid;
    if let Err(errno) = sys.world.setsid(pid) {
        say(sys, &format!("setsid: setsid failed: {}", errno.message()));
        return Step::Exit(1);
    }
    if ctty {
        let taken = match sys.tty_of(0) {
            Some(tty) => sys.world.set_controlling_terminal(pid, tty),
            None => Err(crate::world::Errno::ENOTTY),
        };
        if let Err(errno) = taken {
            say(sys, &format!("setsid: failed to set the controlling terminal: {}", errno.message()));
            return Step::Exit(1);
        }
    }
    match execvp(sys, command, None) {
        Ok(step) => step,
        Err(errno) => {
            let name = command.first().map_or("", String::as_str);
            say(sys, &format!("setsid: failed to execute {name}: {}", errno.message()));
            Step::Exit(exec_status(errno))
        }
    }
}

fn wait(sys: &mut Sys<'_>, child: Pid) -> Step {
    while let Some((_, event)) = sys.wait_child(Some(child)) {
        match event {
            ChildEvent::Ended(ExitStatus::Exited(status)) => return Step::Exit(status),
            ChildEvent::Ended(ExitStatus::Signaled(signal, _)) => {
                say(sys, &format!("setsid: child {child} did not exit normally"));
                return Step::Exit(signal.number());
            }
            _ => {}
        }
    }
    Step::Wait(Wait::channel(Channel::Children(sys.pid)))
}
