//! Pipelines and the wait for them: bash(1), Pipelines; JOB CONTROL.

use std::sync::Arc;

use crate::shell::bash::{Bash, Frame, Unwind};
use crate::shell::jobs::{JobId, ProcessState};
use crate::shell::program::Flow;
use crate::shell::syntax::ast::{Command, Pipeline};
use crate::shell::syntax::print;
use crate::shell::traps::Event;
use crate::world::{ExitStatus, Pid, Signal, Sys};

impl Bash {
    pub(in crate::shell) fn start_pipeline(&mut self, sys: &mut Sys<'_>, pipeline: &Pipeline) {
        if let Some(timed) = pipeline.timed {
            self.push(Frame::Timed { posix: timed.posix, began: sys.now(), cpu: sys.me().cpu });
        }
        if pipeline.negated {
            self.quiet += 1;
            self.push(Frame::Quiet);
            self.push(Frame::Invert);
        }
        match pipeline.commands.as_slice() {
            [] => self.shell.status = 0,
            [command] => self.start_command(sys, command),
            _ => {
                if let Some(id) = self.start_members(sys, pipeline, true) {
                    self.push(Frame::Foreground(id));
                }
            }
        }
    }

    /// Starts every command of a pipeline; gives the job.
    pub(in crate::shell) fn start_members(
        &mut self,
        sys: &mut Sys<'_>,
        pipeline: &Pipeline,
        foreground: bool,
    ) -> Option<JobId> {
        let mut members: Vec<(Pid, String)> = Vec::new();
        let mut input = None;
        for (index, command) in pipeline.commands.iter().enumerate() {
            let last = index + 1 == pipeline.commands.len();
            if !last && self.pipe_refused(sys) {
                break;
            }
            let pipe = if last { None } else { Some(sys.world.make_pipe()) };
            let Some(pid) = self.fork(sys, vec![Frame::AndOr(alone(command), 0)]) else { break };
            if index == 0 && !foreground {
                self.quieten(sys, pid);
            }
            if let Some(reader) = input.take() {
                sys.world.install(pid, 0, reader, false);
            }
            if let Some((reader, writer)) = pipe {
                sys.world.install(pid, 1, writer, false);
                input = Some(reader);
            }
            self.place(sys, pid, members.first().map(|(first, _)| *first), foreground);
            members.push((pid, print::command(command)));
        }
        if let Some(reader) = input {
            sys.world.release(reader);
        }
        if members.is_empty() {
            return None;
        }
        let id = self.add_job(sys, members, foreground);
        if !foreground {
            self.announce(id);
        }
        Some(id)
    }

    /// Whether there are no two descriptors left for a pipe; then the shell says so and drops what it does.
    fn pipe_refused(&mut self, sys: &mut Sys<'_>) -> bool {
        let two = sys.world.free_fd(sys.pid, 0).and_then(|first| sys.world.free_fd(sys.pid, first + 1));
        let Err(errno) = two else { return false };
        let text = format!("{}: pipe error: {}\n", self.error_name(), errno.message());
        self.print(2, &text);
        let how = if self.shell.interactive && !self.child { Unwind::Line } else { Unwind::Exit(129) };
        self.shell.status = 129;
        self.unwind(sys, how);
        true
    }

    pub(in crate::shell) fn step_foreground(&mut self, sys: &mut Sys<'_>, id: JobId) -> Flow {
        self.reap(sys);
        let Some(job) = self.jobs.get(id) else { return Flow::Next };
        if job.is_done() {
            self.end_foreground(sys, id);
            return Flow::Next;
        }
        if let (Some(signal), true) = (job.stopped(), job.controlled) {
            self.stop_foreground(sys, id, signal);
            return Flow::Next;
        }
        self.push(Frame::Foreground(id));
        self.wait_for_children(sys)
    }

    /// The job in the foreground was stopped: it goes to the background.
    fn stop_foreground(&mut self, sys: &mut Sys<'_>, id: JobId, signal: Signal) {
        let own = sys.me().pgid;
        self.give_terminal(sys, own);
        self.jobs.make_current(id);
        if let Some(job) = self.jobs.get_mut(id) {
            job.foreground = false;
            job.told = true;
        }
        self.shell.status = 128 + signal.number();
        self.shell.pipe_status = Arc::new(vec![self.shell.status]);
        let folder = sys.me().cwd.to_string();
        let marker = self.jobs.marker(id);
        if let Some(job) = self.jobs.get(id) {
            let line = format!("\n{}", job.line(marker, &folder));
            self.print(2, &line);
        }
        // What was stopped within loops leaves them all.
        let depth = self.loop_depth();
        if depth > 0 {
            self.unwind(sys, Unwind::Break(depth));
        }
    }

    fn end_foreground(&mut self, sys: &mut Sys<'_>, id: JobId) {
        let Some(job) = self.jobs.get(id).cloned() else { return };
        self.jobs.remove(id);
        let codes: Vec<u8> = job
            .processes
            .iter()
            .map(|process| match process.state {
                ProcessState::Ended(status) => status.code(),
                _ => 0,
            })
            .collect();
        let last = codes.last().copied().unwrap_or(0);
        self.shell.status = last;
        if self.shell.switches.is("pipefail") {
            self.shell.status = codes.iter().rev().copied().find(|code| *code != 0).unwrap_or(0);
        }
        self.shell.pipe_status = Arc::new(codes);
        if job.controlled {
            let own = sys.me().pgid;
            self.give_terminal(sys, own);
        }
        if self.shell.interactive && !self.child {
            // Within a line, too, a person hears of other jobs as soon as a command in the foreground has ended.
            self.tell_of_known(sys);
        }
        let killed = job.processes.iter().find_map(|process| match process.state {
            ProcessState::Ended(ExitStatus::Signaled(signal, core)) => Some((signal, core)),
            _ => None,
        });
        let Some((signal, core)) = killed else { return };
        let last_killed = matches!(job.status(), Some(ExitStatus::Signaled(..)));
        if signal == Signal::INT && last_killed {
            self.interrupted_by_child(sys, job.controlled);
        } else if signal != Signal::INT && signal != Signal::PIPE && (last_killed || !self.shell.interactive) {
            self.tell_killed(sys, &job, signal, core);
        }
    }

    /// What bash says of a foreground command that a signal killed.
    fn tell_killed(&mut self, sys: &mut Sys<'_>, job: &crate::shell::jobs::Job, signal: Signal, core: bool) {
        let trapped = self.traps.get(Event::Signal(signal.number())).is_some();
        let dumped = if core { " (core dumped)" } else { "" };
        // bash is built not to report SIGTERM at length.
        if self.shell.interactive || trapped || self.shell.posix || signal == Signal::TERM {
            self.print(2, &format!("{}{dumped}\n", signal.description()));
        } else if !self.child {
            let folder = sys.me().cwd.to_string();
            let lines = job.long_lines(None, &folder);
            let line = format!("{}{lines}", self.prefix());
            self.print(2, &line);
        }
    }

    /// Ctrl-C ended the foreground command: an interactive shell drops the rest of the line, a script ends likewise.
    fn interrupted_by_child(&mut self, sys: &mut Sys<'_>, controlled: bool) {
        if self.traps.get(Event::Signal(Signal::INT.number())).is_some() {
            return;
        }
        if controlled {
            self.print(2, "\n");
            self.interrupted = false;
            self.unwind(sys, Unwind::Line);
        }
    }
}

/// A command as an and-or list of its own: what the member of a pipeline runs.
fn alone(command: &Arc<Command>) -> Arc<crate::shell::syntax::ast::AndOr> {
    let pipeline = Pipeline { negated: false, timed: None, commands: vec![command.clone()] };
    Arc::new(crate::shell::syntax::ast::AndOr { first: Arc::new(pipeline), rest: Vec::new() })
}
