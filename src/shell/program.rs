//! The turn of a bash process: it writes what it has to say, looks at its signals, and takes steps until it has to wait.

use super::bash::{Bash, Frame, Unwind};
use super::traps::Event;
use crate::world::{Channel, ChildEvent, Errno, Fd, Program, Signal, Step, Sys, Wait};

/// How many steps one turn may take.
const STEPS: usize = 2000;

/// What a step leads to.
pub(super) enum Flow {
    /// The next step.
    Next,
    /// The turn is over.
    Block(Step),
}

impl Program for Bash {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        self.look_around(sys);
        if std::mem::take(&mut self.fresh) {
            self.begin(sys);
        }
        for _ in 0..STEPS {
            if let Some(fd) = self.flush(sys) {
                return Step::Wait(Wait::fd(fd));
            }
            if sys.is_dead() {
                return Step::Yield;
            }
            self.take_signals(sys);
            if let Some(nap) = self.fork_nap(sys) {
                return Step::Wait(nap);
            }
            if self.fork_failed {
                if !self.gives_up_forking(sys) {
                    continue;
                }
                self.fork_failed = false;
                let status = self.shell.status;
                let how = if self.shell.interactive && !self.child { Unwind::Line } else { Unwind::Exit(status) };
                self.unwind(sys, how);
            }
            if let Flow::Block(step) = self.step(sys) {
                // What the step wrote goes out before it waits or ends.
                if let Some(fd) = self.flush(sys) {
                    return match step {
                        Step::Exit(code) => {
                            self.push(Frame::Exit(code));
                            Step::Wait(Wait::fd(fd))
                        }
                        Step::Wait(wait) => Step::Wait(wait.or_fd(fd)),
                        other => other,
                    };
                }
                return step;
            }
        }
        Step::Yield
    }
}

impl Bash {
    /// Writes what waits to be written. The descriptor that takes no more, if any.
    fn flush(&mut self, sys: &mut Sys<'_>) -> Option<Fd> {
        while let Some((fd, bytes)) = self.output.front_mut() {
            let fd = *fd;
            match sys.write(fd, bytes) {
                Ok(count) if count == bytes.len() => {
                    self.output.pop_front();
                }
                Ok(count) => {
                    bytes.drain(..count);
                }
                Err(Errno::EAGAIN) => return Some(fd),
                Err(errno) => {
                    self.output.retain(|(other, _)| *other != fd);
                    if sys.is_dead() {
                        return None;
                    }
                    self.write_error(fd, errno);
                }
            }
            if sys.is_dead() {
                return None;
            }
        }
        None
    }

    /// A builtin's output was lost: its status is 1.
    fn write_error(&mut self, fd: Fd, errno: Errno) {
        if fd == 2 || self.writer.is_empty() {
            return;
        }
        self.shell.status = 1;
        let message = format!("{}: write error: {}", self.writer, errno.message());
        self.complain(&message);
    }

    /// Takes the signals that arrived.
    fn take_signals(&mut self, sys: &mut Sys<'_>) {
        while let Some(signal) = sys.take_signal() {
            let trap = self.traps.get(Event::Signal(signal.number()));
            if trap.is_some() {
                self.arrived.push(signal);
            } else if self.fatal.is_some() && self.dies_of(signal) {
                // It is dying already.
            } else if self.traps.has_exit() && self.dies_of(signal) {
                self.fatal = Some(signal);
                self.unwind(sys, Unwind::Exit(self.shell.status));
            } else if signal == Signal::INT {
                self.interrupted = true;
            } else if signal == Signal::HUP && self.job_control {
                self.hung_up = true;
            }
        }
        if std::mem::take(&mut self.hung_up) {
            self.hang_up(sys);
        }
        let waits = self.frames.iter().any(|frame| matches!(frame, Frame::Foreground(_) | Frame::Capture(_)));
        if self.interrupted && !waits {
            self.interrupted = false;
            self.nap_until = None;
            self.interrupt(sys);
        }
    }

    /// Ctrl-C in an interactive shell that does not wait for a job: what it does is dropped.
    pub(super) fn interrupt(&mut self, sys: &mut Sys<'_>) {
        self.shell.status = 130;
        self.print(2, "\n");
        self.captured = None;
        self.unwind(sys, Unwind::Line);
        if let Some(Frame::Reader(reader)) = self.frames.last_mut() {
            reader.drop_line();
        }
    }

    /// The connection is gone: jobs are told, and the shell ends as if killed.
    fn hang_up(&mut self, sys: &mut Sys<'_>) {
        self.send_hangups(sys, false);
        self.unwind(sys, Unwind::Exit(129));
    }

    /// Tells the jobs that the shell is going. `running_only` is not asked for: stopped ones are woken too.
    pub(super) fn send_hangups(&mut self, sys: &mut Sys<'_>, stopped_only: bool) {
        let jobs: Vec<(u32, bool)> = self
            .jobs
            .iter()
            .filter(|job| !job.no_hup && !job.is_done() && (!stopped_only || job.stopped().is_some()))
            .map(|job| (job.pgid, job.stopped().is_some()))
            .collect();
        for (pgid, stopped) in jobs {
            sys.world.signal_group(pgid, Signal::HUP);
            if stopped {
                sys.world.signal_group(pgid, Signal::CONT);
            }
        }
    }

    /// Notes what became of children.
    pub(super) fn reap(&mut self, sys: &mut Sys<'_>) {
        while let Some((pid, event)) = sys.wait_child(None) {
            if !self.jobs.note(pid, event)
                && let ChildEvent::Ended(status) = event
            {
                self.ended.insert(pid, status);
            }
            if self.ended.len() > 4096 {
                self.ended.pop_first();
            }
        }
    }

    /// The wait for something to become of a child.
    pub(super) fn wait_for_children(&self, sys: &Sys<'_>) -> Flow {
        Flow::Block(Step::Wait(Wait::channel(Channel::Children(sys.pid))))
    }

    /// Runs the trap of the first signal that arrived, if there is one.
    pub(super) fn run_arrived_trap(&mut self) -> bool {
        if self.arrived.is_empty() {
            return false;
        }
        let signal = self.arrived.remove(0);
        match self.traps.get(Event::Signal(signal.number())) {
            Some(command) if !command.is_empty() => {
                self.run_trap(&command);
                true
            }
            _ => false,
        }
    }

    /// Runs the command of a trap; the status is restored after it.
    pub(super) fn run_trap(&mut self, command: &str) {
        self.push(Frame::TrapEnd(self.shell.status));
        self.push_trap(command);
    }

    fn step(&mut self, sys: &mut Sys<'_>) -> Flow {
        let Some(frame) = self.frames.pop() else {
            return self.finish(sys);
        };
        match frame {
            Frame::Reader(reader) => self.step_reader(sys, reader),
            Frame::List(list, next) => self.step_list(sys, list, next),
            Frame::AndOr(and_or, next) => self.step_and_or(sys, and_or, next),
            Frame::Invert => {
                self.shell.status = u8::from(self.shell.status == 0);
                Flow::Next
            }
            Frame::Timed { posix, began, cpu } => self.report_time(sys, posix, began, cpu),
            Frame::Quiet => {
                self.quiet = self.quiet.saturating_sub(1);
                Flow::Next
            }
            Frame::Simple(run) => self.step_simple(sys, run),
            Frame::Exec(run) => self.step_exec(sys, *run),
            Frame::Redirecting(run) => self.step_redirecting(sys, run),
            Frame::If(run) => self.step_if(run),
            Frame::For(run) => self.step_for(sys, run),
            Frame::ArithFor(run) => self.step_arith_for(sys, run),
            Frame::Loop(run) => self.step_loop(run),
            Frame::Case(run) => self.step_case(sys, run),
            Frame::Test(run) => self.step_test(sys, run),
            Frame::Capture(run) => self.step_capture(sys, run),
            Frame::Foreground(id) => self.step_foreground(sys, id),
            Frame::Read(run) => self.step_read(sys, run),
            Frame::Source(run) => self.step_source(sys, run),
            Frame::Mapfile(run) => self.step_mapfile(sys, run),
            Frame::Wait(run) => self.step_wait(sys, run),
            Frame::Exit(code) => self.leave(sys, code),
            undo => {
                self.undo(sys, undo);
                Flow::Next
            }
        }
    }

    /// Nothing is left to do: the shell ends with its status, its EXIT trap first.
    fn finish(&mut self, sys: &mut Sys<'_>) -> Flow {
        self.unwind(sys, Unwind::Exit(self.shell.status));
        Flow::Next
    }

    /// The very end.
    fn leave(&mut self, sys: &mut Sys<'_>, code: u8) -> Flow {
        if let Some(signal) = self.fatal {
            return Flow::Block(Step::Crash(signal));
        }
        // A status that the EXIT trap set with `exit` counts.
        if !self.child && self.shell.interactive {
            self.save_history(sys);
            if self.login && self.shell.switches.has("huponexit") {
                self.send_hangups(sys, false);
            } else {
                self.send_hangups(sys, true);
            }
        }
        Flow::Block(Step::Exit(code))
    }
}
