//! Simple commands: bash(1), SIMPLE COMMAND EXPANSION and COMMAND EXECUTION.

use std::sync::Arc;

use super::redirect::{Ready, SavedFds, expand_redirects};
use super::substitution::Attempt;
use crate::shell::assign::{Assigned, AssignedValue, assign, expand_assignment};
use crate::shell::bash::{Bash, Frame, Unwind};
use crate::shell::builtins::{self, Builtin, Done};
use crate::shell::expand::{Expanded, Expander};
use crate::shell::program::Flow;
use crate::shell::syntax::ast::{AssignmentValue, Command, CommandKind, SimpleCommand};
use crate::shell::syntax::print;
use crate::shell::traps::Event;
use crate::world::Sys;

use super::exec::ExecRun;

/// A simple command that is being expanded.
#[derive(Clone)]
pub(in crate::shell) struct SimpleRun {
    command: Arc<Command>,
    results: Vec<String>,
    debugged: bool,
}

/// A simple command, expanded.
struct Prepared {
    words: Vec<String>,
    redirects: Vec<Ready>,
    assignments: Vec<Assigned>,
    /// What could not be assigned, in a command without words.
    refused: Option<String>,
    /// Compound values among the arguments of a declaration builtin.
    arrays: Vec<Assigned>,
}

impl Bash {
    pub(in crate::shell) fn start_simple(&mut self, command: &Arc<Command>) {
        self.substituted = None;
        self.captured = None;
        let in_trap = self.frames.iter().any(|frame| matches!(frame, Frame::TrapEnd(_)));
        let debugged = in_trap || self.traps.get(Event::Debug).is_none_or(|command| command.is_empty());
        self.push(Frame::Simple(Box::new(SimpleRun { command: command.clone(), results: Vec::new(), debugged })));
    }

    pub(in crate::shell) fn step_simple(&mut self, sys: &mut Sys<'_>, mut run: Box<SimpleRun>) -> Flow {
        let command = run.command.clone();
        self.shell.line = command.span.line;
        if !self.frames.iter().any(|frame| matches!(frame, Frame::TrapEnd(_))) {
            self.shell.command = Some(command.clone());
        }
        if !std::mem::replace(&mut run.debugged, true)
            && let Some(text) = self.traps.get(Event::Debug)
        {
            self.push(Frame::Simple(run));
            self.run_trap(&text);
            return Flow::Next;
        }
        let CommandKind::Simple(simple) = &command.kind else { return Flow::Next };
        let attempt = self.expand(sys, &mut run.results, |expander| prepare(expander, simple, &command));
        match attempt {
            Attempt::Done(prepared) => self.run_prepared(sys, prepared, &command),
            Attempt::Again => {
                self.push(Frame::Simple(run));
                Flow::Next
            }
            Attempt::Pending(frame) => {
                self.push(Frame::Simple(run));
                self.push(frame);
                Flow::Next
            }
            Attempt::Failed => Flow::Next,
        }
    }

    fn run_prepared(&mut self, sys: &mut Sys<'_>, prepared: Prepared, command: &Arc<Command>) -> Flow {
        self.trace_simple(&prepared.words, &prepared.assignments);
        let Some(name) = prepared.words.first().cloned() else {
            self.run_nameless(sys, prepared);
            return Flow::Next;
        };
        self.exit_warned &= matches!(name.as_str(), "exit" | "logout" | "jobs");
        self.shell.set("_", prepared.words.last().map_or("", String::as_str));
        if let Some(function) = self.shell.functions.get(name.as_str()).cloned() {
            self.call_function(sys, &function, prepared.words, &prepared.redirects, &prepared.assignments);
            return Flow::Next;
        }
        if name.starts_with('%') && self.job_control {
            return self.resume_job(sys, prepared);
        }
        if let Some(builtin) = builtins::find(&name, self.shell.posix) {
            return self.run_builtin(sys, builtin, prepared);
        }
        let text = print::command(command);
        self.run_program(sys, prepared.words, prepared.redirects, &prepared.assignments, text)
    }

    /// `%1` is `fg %1`.
    fn resume_job(&mut self, sys: &mut Sys<'_>, mut prepared: Prepared) -> Flow {
        prepared.words.insert(0, "fg".to_string());
        match builtins::find("fg", false) {
            Some(builtin) => self.run_builtin(sys, builtin, prepared),
            None => Flow::Next,
        }
    }

    /// Assignments and redirections alone.
    fn run_nameless(&mut self, sys: &mut Sys<'_>, prepared: Prepared) {
        if let Some(message) = prepared.refused {
            if self.shell.posix {
                self.complain(&message.replace("readonly variable", "is read only"));
                self.unwind(sys, Unwind::Exit(2));
                return;
            }
            self.complain(&message);
            self.shell.status = 1;
            self.close_process_fds(sys);
            self.unwind(sys, Unwind::Line);
            return;
        }
        let mut saved = SavedFds::default();
        let done = self.redirect(sys, &prepared.redirects, Some(&mut saved));
        if done.is_ok() && std::mem::take(&mut self.slurps) {
            // What is not there yet (a pipe's) is not waited for.
            while let Some(bytes) = sys.read(0, 65_536).ok().filter(|bytes| !bytes.is_empty()) {
                self.print_bytes(1, &bytes);
            }
        }
        self.restore(sys, saved);
        self.close_process_fds(sys);
        self.shell.status = match done {
            Ok(()) => self.substituted.unwrap_or(0),
            Err(()) => self.misuse(),
        };
        self.shell.pipe_status = Arc::new(vec![self.shell.status]);
    }

    fn run_builtin(&mut self, sys: &mut Sys<'_>, builtin: &'static Builtin, prepared: Prepared) -> Flow {
        let mut saved = SavedFds::default();
        let permanent = builtin.name == "exec";
        let keep = if permanent { None } else { Some(&mut saved) };
        if self.redirect(sys, &prepared.redirects, keep).is_err() {
            self.restore(sys, saved);
            self.shell.status = 1;
            self.close_process_fds(sys);
            if self.shell.posix {
                // In dash a failed redirection of a special builtin ends the shell; any other has the status 2.
                self.shell.status = 2;
                if builtin.special && !self.shell.interactive {
                    self.unwind(sys, Unwind::Exit(2));
                }
            }
            return Flow::Next;
        }
        self.push(Frame::Restore(saved));
        self.set_temporarily(&prepared.assignments);
        for array in &prepared.arrays {
            self.prepare_array(&prepared.words, array);
            if let Err(message) = assign(&mut self.shell, array) {
                self.complain(&message);
            }
        }
        self.writer = builtin.name;
        let done = (builtin.run)(self, sys, &prepared.words);
        self.settle(sys, done)
    }

    /// The status of a failed redirection: dash's is 2.
    pub(in crate::shell) fn misuse(&self) -> u8 {
        if self.shell.posix { 2 } else { 1 }
    }

    /// What a builtin gave becomes the status, or something else to do.
    pub(in crate::shell) fn settle(&mut self, sys: &mut Sys<'_>, done: Done) -> Flow {
        match done {
            Done::Status(status) => {
                self.shell.status = status;
                self.shell.pipe_status = Arc::new(vec![status]);
            }
            Done::Frames(frames) => self.frames.extend(frames),
            Done::Unwind(how) => self.unwind(sys, how),
            Done::Step(step) => return Flow::Block(step),
        }
        Flow::Next
    }

    /// `a=1 builtin` and `a=1 function`: the variables are there, exported, until the command ends.
    pub(in crate::shell) fn set_temporarily(&mut self, assignments: &[Assigned]) {
        if assignments.is_empty() {
            return;
        }
        self.shell.variables.push_scope();
        self.push(Frame::Scope);
        for assigned in assignments {
            self.shell.variables.hide(&assigned.name);
            match assign(&mut self.shell, assigned) {
                Ok(()) => self.shell.variables.entry(&assigned.name).attributes.exported = true,
                Err(message) => self.complain(&message),
            }
        }
    }

    fn run_program(
        &mut self,
        sys: &mut Sys<'_>,
        words: Vec<String>,
        redirects: Vec<Ready>,
        assignments: &[Assigned],
        text: String,
    ) -> Flow {
        let extra = assignments
            .iter()
            .filter_map(|assigned| match &assigned.value {
                AssignedValue::Scalar(text) => Some((assigned.name.clone(), text.clone())),
                AssignedValue::Array(_) => None,
            })
            .collect();
        let name = words.first().cloned().unwrap_or_default();
        // The last command of `-c` takes the shell's place only when nothing has to be redirected for it.
        let replaces = self.child || redirects.is_empty();
        let exec = Frame::Exec(Box::new(ExecRun::new(words, redirects, extra)));
        if replaces && self.is_at_end() {
            self.child = true;
            self.frames.clear();
            self.push(exec);
            return Flow::Next;
        }
        self.remember(sys, &name);
        let Some(pid) = self.fork(sys, vec![exec]) else { return Flow::Next };
        self.place(sys, pid, None, true);
        self.close_process_fds(sys);
        let id = self.add_job(sys, vec![(pid, text)], true);
        self.push(Frame::Foreground(id));
        Flow::Next
    }
}

/// Expands all of a simple command; assignments without a command are made.
fn prepare(expander: &mut Expander<'_>, simple: &SimpleCommand, command: &Command) -> Expanded<Prepared> {
    let words = expander.words(&simple.words)?;
    let redirects = expand_redirects(expander, &command.redirects)?;
    let mut arrays = Vec::new();
    for word in &simple.words {
        if let Some(assignment) = &word.assignment
            && matches!(assignment.value, AssignmentValue::Array(_))
        {
            arrays.push(expand_assignment(expander, assignment)?);
        }
    }
    let before = expander.shell.clone();
    let mut assignments = Vec::new();
    let mut refused = None;
    for assignment in &simple.assignments {
        let assigned = expand_assignment(expander, assignment)?;
        if let Err(message) = assign(&mut expander.shell, &assigned) {
            refused = Some(message);
            break;
        }
        assignments.push(assigned);
    }
    if !words.is_empty() {
        expander.shell = before;
    }
    Ok(Prepared { words, redirects, assignments, refused, arrays })
}
