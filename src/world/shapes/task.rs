//! The third shape: a command that works in steps and waits between them (for a job, a child, a moment). Like the
//! others it prints into a buffer that is written out before it waits or ends.

use super::{Cx, Io, flush_step};
use crate::world::process::Strings;
use crate::world::program::{Program, Step, Wait};
use crate::world::sys::Sys;

/// What a task wants after a step.
pub enum TaskStep {
    /// To be stepped again when something happens; the output so far is written first.
    Wait(Wait),
    /// To be stepped again soon; the output so far is written first.
    Again,
    /// To end with this status.
    Exit(u8),
}

/// A command in steps. A step may be taken without cause: it looks for itself what happened.
pub trait Task: Clone + Send + Sync + 'static {
    /// Goes on until it has to wait.
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep;
}

/// A task as a program.
pub fn task<T: Task>(task: T, argv: &[String]) -> Box<dyn Program> {
    Box::new(TaskProgram { task, argv: Strings::new(argv.to_vec()), io: Io::default(), status: None })
}

#[derive(Clone)]
struct TaskProgram<T: Task> {
    task: T,
    argv: Strings,
    io: Io,
    /// It has ended; only its output is still to be written.
    status: Option<u8>,
}

impl<T: Task> Program for TaskProgram<T> {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let mut failed = 0;
        let mut waits = None;
        loop {
            if let Some(step) = flush_step(&mut self.io, sys, &self.argv, "write error", &mut failed) {
                return step;
            }
            if sys.is_dead() {
                return Step::Yield;
            }
            if let Some(status) = self.status {
                return Step::Exit(if status == 0 { failed } else { status });
            }
            if let Some(wait) = waits {
                return Step::Wait(wait);
            }
            let mut cx = Cx { sys, argv: self.argv.clone(), io: &mut self.io };
            match self.task.step(&mut cx) {
                TaskStep::Wait(wait) => waits = Some(wait),
                TaskStep::Again if self.io.output.is_empty() => return Step::Yield,
                TaskStep::Again => {}
                TaskStep::Exit(status) => self.status = Some(status),
            }
        }
    }
}
