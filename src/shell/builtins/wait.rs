//! `wait`: bash(1), SHELL BUILTIN COMMANDS. A signal with a trap ends it.

use super::Done;
use crate::shell::bash::{Bash, Frame};
use crate::shell::jobs::{JobId, NO_JOB};
use crate::shell::program::Flow;
use crate::shell::traps::Event;
use crate::world::{Pid, Sys};

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// A process.
    Process(Pid),
    /// A job.
    Job(JobId),
}

/// `wait` at work.
#[derive(Clone)]
pub(in crate::shell) struct WaitRun {
    /// In order; none: all children.
    targets: Vec<Target>,
    all: bool,
    /// `-n`
    any: bool,
    /// `-p`
    variable: Option<String>,
    status: u8,
}

pub(super) fn wait(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut run = WaitRun { targets: Vec::new(), all: false, any: false, variable: None, status: 0 };
    let mut at = 1;
    while let Some(word) = args.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
        at += 1;
        match word.as_str() {
            "-n" => run.any = true,
            "-f" => {}
            "-p" => {
                run.variable = args.get(at).cloned();
                at += 1;
            }
            "--" => break,
            other => return shell.bad_option("wait", other),
        }
    }
    shell.reap(sys);
    let words = args.get(at..).unwrap_or_default();
    run.all = words.is_empty();
    for word in words {
        match target(shell, word) {
            Ok(target) => run.targets.push(target),
            Err(message) => {
                shell.builtin_error("wait", &message);
                run.status = if message.contains("not a pid") { 1 } else { 127 };
            }
        }
    }
    if !run.all && run.targets.is_empty() {
        return Done::Status(run.status);
    }
    Done::Frames(vec![Frame::Wait(Box::new(run))])
}

fn target(shell: &mut Bash, word: &str) -> Result<Target, String> {
    if word.starts_with('%') {
        return shell.jobs.find(word).map(Target::Job).map_err(|_| format!("{word}: {NO_JOB}"));
    }
    let Ok(pid) = word.parse::<Pid>() else {
        return Err(format!("`{word}': not a pid or valid job spec"));
    };
    if let Some(job) = shell.jobs.of_pid(pid).filter(|job| job.last_pid() == pid) {
        return Ok(Target::Job(job.id));
    }
    if shell.jobs.of_pid(pid).is_some() || shell.ended.contains_key(&pid) {
        return Ok(Target::Process(pid));
    }
    Err(format!("pid {pid} is not a child of this shell"))
}

impl Bash {
    pub(in crate::shell) fn step_wait(&mut self, sys: &mut Sys<'_>, mut run: Box<WaitRun>) -> Flow {
        self.reap(sys);
        if let Some(signal) = self.arrived.first() {
            self.shell.status = 128 + signal.number();
            self.run_arrived_trap();
            return Flow::Next;
        }
        if self.interrupted {
            return Flow::Next;
        }
        if run.any {
            return self.wait_any(sys, run);
        }
        if run.all {
            if self.jobs.iter().any(|job| !job.is_done() && job.stopped().is_none()) {
                self.push(Frame::Wait(run));
                return self.wait_for_children(sys);
            }
            self.shell.status = 0;
            self.forget_waited(sys);
            return Flow::Next;
        }
        while let Some(target) = run.targets.first() {
            let Some(status) = self.ended_status(target) else {
                self.push(Frame::Wait(run));
                return self.wait_for_children(sys);
            };
            run.status = status;
            if let Target::Job(id) = run.targets.remove(0) {
                self.tell_waited(sys, id);
            }
        }
        self.shell.status = run.status;
        Flow::Next
    }

    /// How a target ended, if it did. A stopped job is waited for.
    fn ended_status(&mut self, target: &Target) -> Option<u8> {
        match target {
            Target::Process(pid) => match self.ended.get(pid) {
                Some(status) => Some(status.code()),
                None if self.jobs.of_pid(*pid).is_none() => Some(127),
                None => {
                    let job = self.jobs.of_pid(*pid)?;
                    let process = job.processes.iter().find(|process| process.pid == *pid)?;
                    match process.state {
                        crate::shell::jobs::ProcessState::Ended(status) => Some(status.code()),
                        _ => None,
                    }
                }
            },
            Target::Job(id) => match self.jobs.get(*id) {
                Some(job) if job.is_done() => job.status().map(|status| status.code()),
                Some(_) => None,
                None => Some(127),
            },
        }
    }

    /// In a script a waited-for job is forgotten silently; a killed one is told of. A person hears before the prompt.
    fn tell_waited(&mut self, sys: &mut Sys<'_>, id: JobId) {
        if self.shell.interactive && !self.child {
            self.tell_of_jobs(sys);
            return;
        }
        let Some(job) = self.jobs.get(id).cloned() else { return };
        if let Some(crate::world::ExitStatus::Signaled(signal, _)) = job.status() {
            let trapped = self.traps.get(Event::Signal(signal.number())).is_some();
            let quiet = {
                use crate::world::Signal;
                matches!(signal, Signal::INT | Signal::PIPE | Signal::TERM)
            };
            if !trapped && !quiet && !self.child && !self.shell.posix {
                let folder = sys.me().cwd.to_string();
                let line = format!("{}{}", self.prefix(), job.long_lines(None, &folder));
                self.print(2, &line);
            }
        }
        self.forget_job(id);
    }

    fn forget_waited(&mut self, sys: &mut Sys<'_>) {
        if self.shell.interactive && !self.child {
            self.tell_of_jobs(sys);
            return;
        }
        let done: Vec<JobId> = self.jobs.iter().filter(|job| job.is_done()).map(|job| job.id).collect();
        for id in done {
            self.forget_job(id);
        }
    }

    fn wait_any(&mut self, sys: &mut Sys<'_>, run: Box<WaitRun>) -> Flow {
        let done = self.jobs.iter().find(|job| {
            let wanted = run.all
                || run.targets.iter().any(|target| match target {
                    Target::Job(id) => *id == job.id,
                    Target::Process(pid) => job.processes.iter().any(|process| process.pid == *pid),
                });
            wanted && job.is_done()
        });
        let Some(job) = done.cloned() else {
            if !self.jobs.iter().any(|job| !job.is_done()) {
                self.shell.status = 127;
                return Flow::Next;
            }
            self.push(Frame::Wait(run));
            return self.wait_for_children(sys);
        };
        self.shell.status = job.status().map_or(0, |status| status.code());
        if let Some(name) = &run.variable {
            let _ = self.assign_named(name, &job.last_pid().to_string());
        }
        if self.shell.interactive && !self.child {
            self.tell_of_jobs(sys);
        }
        self.forget_job(job.id);
        Flow::Next
    }
}
