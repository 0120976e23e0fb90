//! systemctl and the tools around it: what a person asks of the service manager, systemctl(1).
//!
//! [`verbs`] is the table of what systemctl can do; every other file is a verb or a family of them. None of them knows how
//! the manager works: all go through [`bus`].

mod add_dependency;
pub mod allowed;
mod args;
pub mod bus;
mod cat;
pub mod cgroup_tree;
mod clean;
mod daemon_reload;
mod default_target;
mod edit;
mod elsewhere;
mod enable;
mod environment;
mod help;
mod is_active;
mod is_enabled;
mod is_system_running;
mod jobs;
mod kill;
mod list_automounts;
mod list_dependencies;
mod list_machines;
mod list_sockets;
mod list_timers;
mod list_unit_files;
mod list_units;
mod log_level;
pub mod power;
mod reset_failed;
mod set_property;
mod show;
mod start;
mod status;
mod sysv;
pub mod table;
pub mod times;
mod triggers;
pub mod unit_files;
pub mod units;
mod usage;
pub mod verbs;
mod wait;

pub use show::property_names;

use super::Command;
use crate::world::{Cx, Task, TaskStep, Wait, task};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[&COMMAND];

/// systemctl(1).
pub const COMMAND: Command =
    Command { name: "systemctl", path: "/usr/bin/systemctl", program: |argv| task(Systemctl::default(), argv) };

/// What happens after a piece of a verb's work.
pub enum Next {
    /// It is over.
    Exit(u8),
    /// It goes on when something has happened.
    Wait(Box<Waiting>, Wait),
}

/// What systemctl can be waiting for.
#[derive(Clone)]
pub enum Waiting {
    /// The ends of jobs.
    Jobs(wait::JobWait),
    /// The end of the boot.
    Boot,
    /// An editor.
    Editor(edit::Editing),
}

/// The command between its steps.
#[derive(Clone, Default)]
struct Systemctl {
    waiting: Option<Box<Waiting>>,
}

impl Task for Systemctl {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        let next = match self.waiting.take().map(|waiting| *waiting) {
            None => begin(cx),
            Some(Waiting::Jobs(jobs)) => jobs.step(cx),
            Some(Waiting::Boot) => is_system_running::wait(cx),
            Some(Waiting::Editor(editing)) => editing.step(cx),
        };
        match next {
            Next::Exit(status) => TaskStep::Exit(status),
            Next::Wait(waiting, wait) => {
                self.waiting = Some(waiting);
                TaskStep::Wait(wait)
            }
        }
    }
}

fn begin(cx: &mut Cx<'_, '_>) -> Next {
    let args = match args::parse(cx) {
        Ok(args) => args,
        Err(status) => return Next::Exit(status),
    };
    if args.machine.is_some() {
        cx.errln("Failed to connect to bus: Host is down");
        return Next::Exit(1);
    }
    if args.elsewhere && verbs::find(&args.operands).is_ok() {
        return Next::Exit(elsewhere::refuse(cx, &args, &args.operands));
    }
    run(cx, &args, &args.operands)
}

/// Runs the verb that `words` begins with.
fn run(cx: &mut Cx<'_, '_>, args: &args::Args, words: &[String]) -> Next {
    match verbs::find(words) {
        Err(message) => {
            cx.errln(&message);
            Next::Exit(1)
        }
        Ok(verb) => match verb.run {
            Some(code) => code(cx, args, words),
            None => {
                cx.errln(&format!("systemctl: {} is not simulated", verb.name));
                Next::Exit(2)
            }
        },
    }
}
