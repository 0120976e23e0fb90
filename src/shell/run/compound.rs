//! Compound commands: bash(1), Compound Commands.

use std::sync::Arc;

use super::redirect::{SavedFds, expand_redirects};
use super::substitution::Attempt;
use crate::shell::bash::{Bash, Frame, Unwind};
use crate::shell::program::Flow;
use crate::shell::syntax::ast::{
    ArithForClause, CaseClause, CaseEnd, Command, CommandKind, ForClause, IfClause, LoopClause, Word,
};
use crate::shell::syntax::{is_name, print};
use crate::shell::traps::Event;
use crate::world::Sys;

/// A compound command whose redirections are being made.
#[derive(Clone)]
pub(in crate::shell) struct Redirecting {
    command: Arc<Command>,
    results: Vec<String>,
}

/// `if` at work.
#[derive(Clone)]
pub(in crate::shell) struct IfRun {
    command: Arc<Command>,
    arm: usize,
}

/// `for` and `select` at work.
#[derive(Clone)]
pub(in crate::shell) struct ForRun {
    pub(in crate::shell) command: Arc<Command>,
    pub(in crate::shell) results: Vec<String>,
    /// The words, once they are known, the next one last.
    pub(in crate::shell) words: Option<Arc<Vec<String>>>,
    pub(in crate::shell) next: usize,
    /// `select`: the menu was shown.
    pub(in crate::shell) shown: bool,
}

/// `for (( ))` at work.
#[derive(Clone)]
pub(in crate::shell) struct ArithForRun {
    command: Arc<Command>,
    results: Vec<String>,
    /// 0: the first expression is next; 1: the test; 2: the step.
    stage: u8,
}

/// `while` and `until` at work.
#[derive(Clone)]
pub(in crate::shell) struct LoopRun {
    command: Arc<Command>,
    /// The condition was run and its status is there.
    tested: bool,
    /// The status of the body's last turn.
    status: u8,
}

/// `case` at work.
#[derive(Clone)]
pub(in crate::shell) struct CaseRun {
    command: Arc<Command>,
    results: Vec<String>,
    /// The next arm, and whether its list runs without a test.
    arm: usize,
    falls: bool,
    word: Option<String>,
}

/// `[[ ]]` and `(( ))` at work.
#[derive(Clone)]
pub(in crate::shell) struct TestRun {
    pub(in crate::shell) command: Arc<Command>,
    pub(in crate::shell) results: Vec<String>,
}

impl Bash {
    pub(in crate::shell) fn start_command(&mut self, sys: &mut Sys<'_>, command: &Arc<Command>) {
        self.shell.line = command.span.line;
        match &command.kind {
            CommandKind::Simple(_) => self.start_simple(command),
            CommandKind::Function(definition) => self.define_function(definition),
            CommandKind::Coproc(_) => {
                self.complain("coproc: not simulated");
                self.shell.status = 1;
            }
            _ if command.redirects.is_empty() => self.start_kind(sys, command),
            _ => self.push(Frame::Redirecting(Box::new(Redirecting { command: command.clone(), results: Vec::new() }))),
        }
    }

    pub(in crate::shell) fn step_redirecting(&mut self, sys: &mut Sys<'_>, mut run: Box<Redirecting>) -> Flow {
        let command = run.command.clone();
        let attempt = self.expand(sys, &mut run.results, |expander| expand_redirects(expander, &command.redirects));
        match attempt {
            Attempt::Done(redirects) => {
                let mut saved = SavedFds::default();
                let done = self.redirect(sys, &redirects, Some(&mut saved));
                self.push(Frame::Restore(saved));
                match done {
                    Ok(()) => self.start_kind(sys, &command),
                    Err(()) => self.shell.status = 1,
                }
            }
            Attempt::Again => self.push(Frame::Redirecting(run)),
            Attempt::Pending(frame) => {
                self.push(Frame::Redirecting(run));
                self.push(frame);
            }
            Attempt::Failed => {}
        }
        Flow::Next
    }

    fn start_kind(&mut self, sys: &mut Sys<'_>, command: &Arc<Command>) {
        let command = command.clone();
        let results = Vec::new();
        match &command.kind {
            CommandKind::BraceGroup(list) => self.push(Frame::List(list.clone(), 0)),
            CommandKind::Subshell(list) => {
                let Some(pid) = self.fork(sys, vec![Frame::List(list.clone(), 0)]) else { return };
                self.place(sys, pid, None, true);
                let id = self.add_job(sys, vec![(pid, print::command(&command))], true);
                self.push(Frame::Foreground(id));
            }
            CommandKind::If(_) => self.push(Frame::If(Box::new(IfRun { command, arm: 0 }))),
            CommandKind::For(clause) | CommandKind::Select(clause) => {
                if !clause.name.plain().is_some_and(is_name) {
                    let name = clause.name.raw.clone();
                    self.complain(&format!("`{name}': not a valid identifier"));
                    self.shell.status = 1;
                    return;
                }
                self.push(Frame::For(Box::new(ForRun { command, results, words: None, next: 0, shown: false })));
            }
            CommandKind::ArithFor(_) => {
                self.push(Frame::ArithFor(Box::new(ArithForRun { command, results, stage: 0 })));
            }
            CommandKind::While(_) | CommandKind::Until(_) => {
                self.push(Frame::Loop(Box::new(LoopRun { command, tested: false, status: 0 })));
            }
            CommandKind::Case(_) => {
                let run = CaseRun { command: command.clone(), results, arm: 0, falls: false, word: None };
                self.push(Frame::Case(Box::new(run)));
                self.run_debug_trap(&command);
            }
            CommandKind::Conditional(_) | CommandKind::Arithmetic(_) => {
                self.push(Frame::Test(Box::new(TestRun { command: command.clone(), results })));
                self.run_debug_trap(&command);
            }
            CommandKind::Simple(_) | CommandKind::Function(_) | CommandKind::Coproc(_) => {}
        }
    }

    /// Runs a list whose failure is no failure.
    fn run_quietly(&mut self, list: &Arc<crate::shell::syntax::ast::List>) {
        self.quiet += 1;
        self.push(Frame::Quiet);
        self.push(Frame::List(list.clone(), 0));
    }

    pub(in crate::shell) fn step_if(&mut self, mut run: Box<IfRun>) -> Flow {
        let command = run.command.clone();
        let CommandKind::If(IfClause { arms, otherwise }) = &command.kind else { return Flow::Next };
        if run.arm > 0 && self.shell.status == 0 {
            self.push(Frame::List(arms[run.arm - 1].1.clone(), 0));
            return Flow::Next;
        }
        match arms.get(run.arm) {
            Some((condition, _)) => {
                run.arm += 1;
                self.push(Frame::If(run));
                self.run_quietly(condition);
            }
            None => match otherwise {
                Some(list) => self.push(Frame::List(list.clone(), 0)),
                None => self.shell.status = 0,
            },
        }
        Flow::Next
    }

    pub(in crate::shell) fn step_for(&mut self, sys: &mut Sys<'_>, mut run: Box<ForRun>) -> Flow {
        let command = run.command.clone();
        let (CommandKind::For(clause) | CommandKind::Select(clause)) = &command.kind else { return Flow::Next };
        let Some(words) = run.words.clone() else {
            self.shell.line = command.span.line;
            let attempt = match &clause.words {
                Some(words) => self.expand(sys, &mut run.results, |expander| expander.words(words)),
                None => Attempt::Done(self.shell.positional.to_vec()),
            };
            match attempt {
                Attempt::Done(words) => {
                    run.words = Some(Arc::new(words));
                    self.shell.status = 0;
                    self.push(Frame::For(run));
                }
                Attempt::Again => self.push(Frame::For(run)),
                Attempt::Pending(frame) => {
                    self.push(Frame::For(run));
                    self.push(frame);
                }
                Attempt::Failed => {}
            }
            return Flow::Next;
        };
        if matches!(command.kind, CommandKind::Select(_)) {
            return self.step_select(sys, run, &words, clause);
        }
        let Some(word) = words.get(run.next) else { return Flow::Next };
        run.next += 1;
        self.trace_for(clause, &words);
        self.push(Frame::For(run));
        self.loop_turn(sys, clause, word);
        self.run_debug_trap(&command);
        Flow::Next
    }

    /// Runs the trap for DEBUG before what stands on the stack.
    fn run_debug_trap(&mut self, command: &Arc<Command>) {
        let in_trap = self.frames.iter().any(|frame| matches!(frame, Frame::TrapEnd(_)));
        let text = self.traps.get(Event::Debug).filter(|text| !text.is_empty() && !in_trap);
        if let Some(text) = text {
            self.shell.command = Some(command.clone());
            self.run_trap(&text);
        }
    }

    /// Sets the variable of a `for` and runs its body.
    pub(in crate::shell) fn loop_turn(&mut self, sys: &mut Sys<'_>, clause: &ForClause, word: &str) {
        let name = clause.name.raw.clone();
        if let Err(message) = self.shell.assign(&name, None, word, false) {
            self.complain(&message);
            self.shell.status = 1;
            self.unwind(sys, Unwind::Line);
            return;
        }
        self.push(Frame::List(clause.body.clone(), 0));
    }

    pub(in crate::shell) fn step_arith_for(&mut self, sys: &mut Sys<'_>, mut run: Box<ArithForRun>) -> Flow {
        let command = run.command.clone();
        let CommandKind::ArithFor(ArithForClause { init, test, step, body }) = &command.kind else {
            return Flow::Next;
        };
        let word = match run.stage {
            0 => init,
            1 => test,
            _ => step,
        };
        let attempt = self.evaluate_word(sys, &mut run.results, word);
        match attempt {
            Attempt::Done(Ok(value)) => {
                run.results.clear();
                self.trace_text(&format!("(( {} ))", word.raw));
                if run.stage == 1 && value == 0 {
                    return Flow::Next;
                }
                let turn = run.stage == 1;
                run.stage = if run.stage == 1 { 2 } else { 1 };
                self.push(Frame::ArithFor(run));
                if turn {
                    self.push(Frame::List(body.clone(), 0));
                }
            }
            Attempt::Done(Err(message)) => {
                self.complain(&format!("((: {message}"));
                self.shell.status = 1;
            }
            Attempt::Again => self.push(Frame::ArithFor(run)),
            Attempt::Pending(frame) => {
                self.push(Frame::ArithFor(run));
                self.push(frame);
            }
            Attempt::Failed => {}
        }
        Flow::Next
    }

    /// The value of an arithmetic command's word, or bash's message.
    pub(in crate::shell) fn evaluate_word(
        &mut self,
        sys: &mut Sys<'_>,
        results: &mut Vec<String>,
        word: &Word,
    ) -> Attempt<Result<i64, String>> {
        self.expand(sys, results, |expander| {
            let text = expander.quoted_text(word)?;
            Ok(expander.shell.evaluate(&text).map_err(|error| error.0))
        })
    }

    pub(in crate::shell) fn step_loop(&mut self, mut run: Box<LoopRun>) -> Flow {
        let command = run.command.clone();
        let (clause, wanted) = match &command.kind {
            CommandKind::While(clause) => (clause, true),
            CommandKind::Until(clause) => (clause, false),
            _ => return Flow::Next,
        };
        let LoopClause { condition, body } = clause;
        if !run.tested {
            run.tested = true;
            self.push(Frame::Loop(run));
            self.run_quietly(condition);
        } else if (self.shell.status == 0) == wanted {
            run.tested = false;
            self.push(Frame::Loop(run));
            self.push(Frame::List(body.clone(), 0));
        } else {
            self.shell.status = run.status;
        }
        Flow::Next
    }

    pub(in crate::shell) fn step_case(&mut self, sys: &mut Sys<'_>, mut run: Box<CaseRun>) -> Flow {
        let command = run.command.clone();
        let CommandKind::Case(CaseClause { word, arms }) = &command.kind else { return Flow::Next };
        let Some(arm) = arms.get(run.arm) else { return Flow::Next };
        let (falls, known) = (run.falls, run.word.clone());
        let attempt = self.expand(sys, &mut run.results, |expander| {
            let text = match known {
                Some(text) => text,
                None => expander.string(word)?,
            };
            let mut matched = falls;
            for pattern in &arm.patterns {
                if matched {
                    break;
                }
                let chars = expander.pattern(pattern)?;
                let extglob = expander.shell.switches.has("extglob");
                matched = super::test::matches(&chars, extglob, expander.shell.switches.has("nocasematch"), &text);
            }
            Ok((text, matched))
        });
        match attempt {
            Attempt::Done((text, matched)) => {
                run.results.clear();
                if run.word.is_none() {
                    self.trace_text(&format!("case {} in", word.raw));
                }
                run.word = Some(text);
                run.arm += 1;
                if !matched {
                    if run.arm == arms.len() && !falls {
                        self.shell.status = 0;
                    }
                    self.push(Frame::Case(run));
                    return Flow::Next;
                }
                self.shell.status = 0;
                run.falls = arm.end == CaseEnd::FallThrough;
                if arm.end != CaseEnd::Break {
                    self.push(Frame::Case(run));
                }
                self.push(Frame::List(arm.body.clone(), 0));
            }
            Attempt::Again => self.push(Frame::Case(run)),
            Attempt::Pending(frame) => {
                self.push(Frame::Case(run));
                self.push(frame);
            }
            Attempt::Failed => {}
        }
        Flow::Next
    }
}
