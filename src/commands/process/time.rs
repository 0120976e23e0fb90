//! `time`, the program (the shell has a keyword): runs a command and tells what it used: time(1).

use super::launch::{exec_status, execvp, print, say};
use crate::commands::Command;
use crate::world::{Channel, ChildEvent, ExitStatus, Pid, Program, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "time",
    path: "/usr/bin/time",
    program: |argv| Box::new(Timer { argv: argv.to_vec(), child: None, began: Time::default(), posix: false }),
};

#[derive(Clone)]
struct Timer {
    argv: Vec<String>,
    child: Option<Pid>,
    began: Time,
    posix: bool,
}

#[derive(Clone)]
struct Child(Vec<String>);

impl Program for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        execvp(sys, &self.0, None).unwrap_or_else(|errno| {
            say(sys, &format!("time: cannot run {}: {}", self.0[0], errno.message()));
            Step::Exit(exec_status(errno))
        })
    }
}

impl Program for Timer {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let Some(child) = self.child else {
            let mut command = self.argv.get(1..).unwrap_or_default().to_vec();
            while let Some(option) = command.first().filter(|a| a.starts_with('-')).cloned() {
                command.remove(0);
                match option.as_str() {
                    "-p" | "--portability" => self.posix = true,
                    "--" => break,
                    option => {
                        say(sys, &format!("time: option {option} is not simulated"));
                        return Step::Exit(2);
                    }
                }
            }
            if command.is_empty() {
                print(sys, 2, "Usage: time [-p] command [arg...]\n");
                return Step::Exit(125);
            }
            self.began = sys.now();
            self.child = sys.fork(Box::new(Child(command))).ok();
            return if self.child.is_some() { Step::Yield } else { Step::Exit(125) };
        };
        let used = sys.world.process(child).map_or(std::time::Duration::ZERO, |p| p.cpu);
        while let Some((_, event)) = sys.wait_child(Some(child)) {
            if let ChildEvent::Ended(status) = event {
                return self.report(sys, status, used.as_secs_f64());
            }
        }
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }
}

impl Timer {
    fn report(&self, sys: &mut Sys<'_>, status: ExitStatus, cpu: f64) -> Step {
        let real = sys.now().since(self.began).as_secs_f64();
        let mut text = String::new();
        match status {
            ExitStatus::Exited(0) => {}
            ExitStatus::Exited(code) => text = format!("Command exited with non-zero status {code}\n"),
            ExitStatus::Signaled(signal, _) => text = format!("Command terminated by signal {}\n", signal.number()),
        }
        text += &if self.posix {
            format!("real {real:.2}\nuser {cpu:.2}\nsys 0.00\n")
        } else {
            let (minutes, seconds) = ((real / 60.0) as u64, real % 60.0);
            let percent = if real > 0.0 { (cpu / real * 100.0) as u64 } else { 0 };
            format!(
                "{cpu:.2}user 0.00system {minutes}:{seconds:05.2}elapsed {percent}%CPU (0avgtext+0avgdata 2048maxresident)k\n0inputs+0outputs (0major+80minor)pagefaults 0swaps\n"
            )
        };
        print(sys, 2, &text);
        Step::Exit(status.code())
    }
}
