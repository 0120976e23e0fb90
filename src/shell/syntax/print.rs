//! Commands as bash prints them, in `jobs`, `declare -f` and `set -x`: bash(1), JOB CONTROL and FUNCTIONS.
//!
//! The layout is bash's own: a list in a function stands on lines of its own, elsewhere on one line; the body of a
//! here-document waits until the line that holds its operator has been printed.

use super::ast::{
    AndOr, AndOrOp, Command, CommandKind, FunctionDef, List, Pipeline, Redirect, Separator, SimpleCommand,
};
use super::lexer::RESERVED;
use super::print_redirect::redirect_text;

/// Blanks per level.
const INDENT: usize = 4;

/// A list, as in the listing of a job that runs in a subshell.
pub fn list(list: &List) -> String {
    let mut printer = Printer::default();
    printer.list(list);
    printer.out
}

/// An and-or list, as in the listing of a background job.
pub fn and_or(and_or: &AndOr) -> String {
    let mut printer = Printer::default();
    printer.and_or(and_or);
    printer.finish()
}

/// A single command, as each member of a pipeline in the listing of a job.
pub fn command(command: &Command) -> String {
    let mut printer = Printer::default();
    printer.enter();
    printer.command(command);
    printer.finish()
}

/// What stands between the parentheses of `$(…)`: like [`list`], with newlines kept.
pub fn substitution(list: &List) -> String {
    let mut printer = Printer { newlines: true, ..Printer::default() };
    printer.list(list);
    let text = printer.finish();
    // `((` would begin arithmetic.
    if text.starts_with('(') { format!(" {text}") } else { text }
}

/// A function as it stands in the environment (`export -f`): without its name and with less room.
pub fn exported_function(definition: &FunctionDef) -> String {
    let text = function(definition);
    let lines: Vec<&str> = text.lines().collect();
    let body: Vec<&str> = lines.get(2..lines.len() - 1).unwrap_or_default().to_vec();
    let body: Vec<&str> = body.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    format!("() {{  {}\n}}", body.join("\n "))
}

/// A function definition, as `declare -f` and `type` print it; no newline at the end.
pub fn function(definition: &FunctionDef) -> String {
    let mut printer = Printer::default();
    if RESERVED.contains(&&*definition.name) {
        printer.out.push_str("function ");
    }
    printer.out.push_str(&format!("{} () \n{{ \n", definition.name));
    printer.function_body(definition);
    printer.finish()
}

#[derive(Default)]
pub(super) struct Printer {
    pub(super) out: String,
    pub(super) indentation: usize,
    /// The next command continues the line.
    pub(super) skip_indent: usize,
    pub(super) in_function: usize,
    pub(super) in_connection: usize,
    newlines: bool,
    was_here_document: bool,
    /// Bodies of here-documents, with their delimiters.
    deferred: Vec<String>,
}

impl Printer {
    pub(super) fn finish(mut self) -> String {
        self.print_deferred("");
        self.out
    }

    pub(super) fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(super) fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.indentation));
    }

    pub(super) fn newline(&mut self, text: &str) {
        self.put("\n");
        self.indent();
        self.put(text);
    }

    pub(super) fn semicolon(&mut self) {
        if !self.out.ends_with(['&', '\n']) {
            self.put(";");
        }
    }

    /// Begins a command: on the line, or indented.
    pub(super) fn enter(&mut self) {
        if self.skip_indent > 0 {
            self.skip_indent -= 1;
        } else {
            self.indent();
        }
    }

    /// Runs `inner` one level further to the right.
    pub(super) fn indented(&mut self, inner: impl FnOnce(&mut Self)) {
        self.indentation += INDENT;
        inner(self);
        self.indentation -= INDENT;
    }

    /// The operator, then the bodies that waited for the end of the line.
    pub(super) fn print_deferred(&mut self, operator: &str) {
        self.put(operator);
        if self.deferred.is_empty() {
            return;
        }
        self.put("\n");
        for body in std::mem::take(&mut self.deferred) {
            self.put(&body);
            self.put("\n");
        }
        if !operator.is_empty() {
            self.put(" ");
        }
        self.was_here_document = true;
    }

    pub(super) fn list(&mut self, list: &List) {
        let trailing = list.items.last().is_some_and(|item| item.end == Separator::Background);
        let connections = list.items.len().saturating_sub(1) + usize::from(trailing);
        if connections > 0 {
            self.enter();
            self.skip_indent += 1;
        }
        self.in_connection += connections;
        for (index, item) in list.items.iter().enumerate() {
            self.and_or(&item.and_or);
            if index > 0 {
                self.print_deferred("");
                self.in_connection -= 1;
            }
            let more = index + 1 < list.items.len();
            match item.end {
                Separator::Background => {
                    self.print_deferred(" &");
                    if more {
                        self.put(" ");
                        self.skip_indent += 1;
                    } else {
                        self.in_connection -= 1;
                    }
                }
                end if more => self.sequence(end),
                _ => {}
            }
        }
    }

    /// Between two members of a list.
    pub(super) fn sequence(&mut self, end: Separator) {
        let newline = self.newlines && end == Separator::Newline;
        if !self.deferred.is_empty() {
            self.print_deferred("");
        } else if self.was_here_document {
            self.was_here_document = false;
        } else {
            self.put(if newline { "\n" } else { ";" });
        }
        if self.in_function > 0 {
            self.put("\n");
        } else {
            if !newline {
                self.put(" ");
            }
            self.skip_indent += 1;
        }
    }

    pub(super) fn and_or(&mut self, and_or: &AndOr) {
        if !and_or.rest.is_empty() {
            self.enter();
            self.skip_indent += 1;
        }
        self.in_connection += and_or.rest.len();
        self.pipeline(&and_or.first);
        for (op, pipeline) in &and_or.rest {
            self.print_deferred(match op {
                AndOrOp::And => " && ",
                AndOrOp::Or => " || ",
            });
            self.skip_indent += 1;
            self.pipeline(pipeline);
            self.print_deferred("");
            self.in_connection -= 1;
        }
    }

    pub(super) fn pipeline(&mut self, pipeline: &Pipeline) {
        self.enter();
        if let Some(timed) = pipeline.timed {
            self.put(if timed.posix { "time -p " } else { "time " });
        }
        if pipeline.negated {
            self.put("! ");
        }
        let connections = pipeline.commands.len().saturating_sub(1);
        self.in_connection += connections;
        for (index, command) in pipeline.commands.iter().enumerate() {
            if index > 0 {
                self.print_deferred(" |");
                self.put(" ");
            }
            self.command(command);
        }
        if connections > 0 {
            self.print_deferred("");
        }
        self.in_connection -= connections;
    }

    pub(super) fn command(&mut self, command: &Command) {
        match &command.kind {
            CommandKind::Simple(simple) => self.simple(simple, &command.redirects),
            CommandKind::BraceGroup(list) => self.group(list),
            CommandKind::Subshell(list) => {
                self.put("( ");
                self.skip_indent += 1;
                self.list(list);
                self.print_deferred("");
                self.put(" )");
            }
            CommandKind::If(clause) => self.if_clause(clause),
            CommandKind::For(clause) => self.for_clause("for", clause),
            CommandKind::Select(clause) => self.for_clause("select", clause),
            CommandKind::ArithFor(clause) => {
                self.put(&format!("for (({}; {}; {}))", clause.init.raw, clause.test.raw, clause.step.raw));
                self.newline("do\n");
                self.body(&clause.body);
                self.newline("done");
            }
            CommandKind::While(clause) => self.loop_clause("while ", &clause.condition, &clause.body),
            CommandKind::Until(clause) => self.loop_clause("until ", &clause.condition, &clause.body),
            CommandKind::Case(clause) => self.case_clause(clause),
            CommandKind::Function(definition) => {
                self.put(&format!("function {} () \n", definition.name));
                self.indent();
                self.put("{ \n");
                self.function_body(definition);
            }
            CommandKind::Conditional(condition) => {
                self.put("[[ ");
                self.condition(condition, false);
                self.put(" ]]");
            }
            CommandKind::Arithmetic(word) => self.put(&format!("(({}))", word.raw)),
            CommandKind::Coproc(coproc) => {
                self.put(&format!("coproc {} ", coproc.name));
                self.command(&coproc.body);
            }
        }
        if !matches!(command.kind, CommandKind::Simple(_)) && !command.redirects.is_empty() {
            self.put(" ");
            self.redirects(&command.redirects);
        }
    }

    pub(super) fn simple(&mut self, simple: &SimpleCommand, redirects: &[Redirect]) {
        let assignments = simple.assignments.iter().map(|assignment| &*assignment.raw);
        let words: Vec<&str> = assignments.chain(simple.words.iter().map(|word| &*word.raw)).collect();
        self.put(&words.join(" "));
        if !redirects.is_empty() {
            self.put(" ");
            self.redirects(redirects);
        }
    }

    pub(super) fn redirects(&mut self, redirects: &[Redirect]) {
        self.was_here_document = false;
        let mut bodies = Vec::new();
        for (index, redirect) in redirects.iter().enumerate() {
            if index > 0 {
                self.put(" ");
            }
            self.put(&redirect_text(redirect));
            if let Some(here) = &redirect.here {
                let body = here.body.get().map_or("", |body| &*body.word.raw);
                bodies.push(format!("{body}{}", here.delimiter));
            }
        }
        self.deferred.extend(bodies);
        if self.in_connection == 0 {
            self.print_deferred("");
        }
    }
}
