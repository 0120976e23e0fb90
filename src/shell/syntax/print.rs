//! Commands as bash prints them, in `jobs`, `declare -f` and `set -x`: bash(1), JOB CONTROL and FUNCTIONS.
//!
//! The layout is bash's own: a list in a function stands on lines of its own, elsewhere on one line; the body of a
//! here-document waits until the line that holds its operator has been printed.

use super::ast::{
    AndOr, AndOrOp, CaseEnd, Command, CommandKind, Condition, ForClause, FunctionDef, IfClause, List, Pipeline,
    Redirect, Separator, SimpleCommand,
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
struct Printer {
    out: String,
    indentation: usize,
    /// The next command continues the line.
    skip_indent: usize,
    in_function: usize,
    in_connection: usize,
    newlines: bool,
    was_here_document: bool,
    /// Bodies of here-documents, with their delimiters.
    deferred: Vec<String>,
}

impl Printer {
    fn finish(mut self) -> String {
        self.print_deferred("");
        self.out
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.indentation));
    }

    fn newline(&mut self, text: &str) {
        self.put("\n");
        self.indent();
        self.put(text);
    }

    fn semicolon(&mut self) {
        if !self.out.ends_with(['&', '\n']) {
            self.put(";");
        }
    }

    /// Begins a command: on the line, or indented.
    fn enter(&mut self) {
        if self.skip_indent > 0 {
            self.skip_indent -= 1;
        } else {
            self.indent();
        }
    }

    /// Runs `inner` one level further to the right.
    fn indented(&mut self, inner: impl FnOnce(&mut Self)) {
        self.indentation += INDENT;
        inner(self);
        self.indentation -= INDENT;
    }

    /// The operator, then the bodies that waited for the end of the line.
    fn print_deferred(&mut self, operator: &str) {
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

    fn list(&mut self, list: &List) {
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
    fn sequence(&mut self, end: Separator) {
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

    fn and_or(&mut self, and_or: &AndOr) {
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

    fn pipeline(&mut self, pipeline: &Pipeline) {
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

    fn command(&mut self, command: &Command) {
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

    fn simple(&mut self, simple: &SimpleCommand, redirects: &[Redirect]) {
        let assignments = simple.assignments.iter().map(|assignment| &*assignment.raw);
        let words: Vec<&str> = assignments.chain(simple.words.iter().map(|word| &*word.raw)).collect();
        self.put(&words.join(" "));
        if !redirects.is_empty() {
            self.put(" ");
            self.redirects(redirects);
        }
    }

    fn redirects(&mut self, redirects: &[Redirect]) {
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

    fn group(&mut self, list: &List) {
        self.put("{ ");
        if self.in_function > 0 {
            self.put("\n");
            self.indented(|printer| printer.list(list));
            self.print_deferred("");
            self.newline("");
        } else {
            self.skip_indent += 1;
            self.list(list);
            self.print_deferred("");
            self.semicolon();
            self.put(" ");
        }
        self.put("}");
    }

    /// The indented body of a loop, up to its last `;`.
    fn body(&mut self, list: &List) {
        self.indented(|printer| {
            printer.list(list);
            printer.print_deferred("");
            printer.semicolon();
        });
    }

    fn if_clause(&mut self, clause: &IfClause) {
        self.if_arm(clause, 0);
    }

    /// An arm, and within its `else` the following ones, as bash keeps them.
    fn if_arm(&mut self, clause: &IfClause, index: usize) {
        let Some((condition, then)) = clause.arms.get(index) else { return };
        self.put("if ");
        self.skip_indent += 1;
        self.list(condition);
        self.semicolon();
        self.put(" then\n");
        self.indented(|printer| {
            printer.list(then);
            printer.print_deferred("");
        });
        let more = index + 1 < clause.arms.len();
        if more || clause.otherwise.is_some() {
            self.semicolon();
            self.newline("else\n");
            self.indented(|printer| {
                match &clause.otherwise {
                    Some(list) if !more => printer.list(list),
                    _ => {
                        printer.enter();
                        printer.if_arm(clause, index + 1);
                    }
                }
                printer.print_deferred("");
            });
        }
        self.semicolon();
        self.newline("fi");
    }

    fn for_clause(&mut self, keyword: &str, clause: &ForClause) {
        let words = match &clause.words {
            Some(words) => words.iter().map(|word| &*word.raw).collect::<Vec<_>>().join(" "),
            None => "\"$@\"".to_string(),
        };
        self.put(&format!("{keyword} {} in {words};", clause.name.raw));
        self.newline("do\n");
        self.body(&clause.body);
        self.newline("done");
    }

    fn loop_clause(&mut self, keyword: &str, condition: &List, body: &List) {
        self.put(keyword);
        self.skip_indent += 1;
        self.list(condition);
        self.print_deferred("");
        self.semicolon();
        self.put(" do\n");
        self.body(body);
        self.newline("done");
    }

    fn case_clause(&mut self, clause: &super::ast::CaseClause) {
        self.put(&format!("case {} in ", clause.word.raw));
        self.indented(|printer| {
            for arm in &clause.arms {
                let patterns: Vec<&str> = arm.patterns.iter().map(|word| &*word.raw).collect();
                printer.newline(&format!("{})\n", patterns.join(" | ")));
                printer.indented(|printer| printer.list(&arm.body));
                printer.print_deferred("");
                printer.newline(match arm.end {
                    CaseEnd::Break => ";;",
                    CaseEnd::FallThrough => ";&",
                    CaseEnd::TestNext => ";;&",
                });
            }
        });
        self.newline("esac");
    }

    /// The body, indented, and the brace that closes it.
    fn function_body(&mut self, definition: &FunctionDef) {
        self.in_function += 1;
        let mut redirects: &[Redirect] = &[];
        self.indented(|printer| {
            match &definition.body.kind {
                CommandKind::BraceGroup(list) => {
                    redirects = &definition.body.redirects;
                    printer.list(list);
                }
                _ => {
                    printer.enter();
                    printer.command(&definition.body);
                }
            }
            printer.print_deferred("");
        });
        self.in_function -= 1;
        self.newline(if redirects.is_empty() { "}" } else { "} " });
        self.redirects(redirects);
    }

    fn condition(&mut self, condition: &Condition, negated: bool) {
        if negated && !matches!(condition, Condition::Not(_)) {
            self.put("! ");
        }
        match condition {
            Condition::Not(inner) => self.condition(inner, !negated),
            Condition::And(left, right) => self.joined(left, " && ", right),
            Condition::Or(left, right) => self.joined(left, " || ", right),
            Condition::Group(inner) => {
                self.put("( ");
                self.condition(inner, false);
                self.put(" )");
            }
            Condition::Unary(operator, word) => self.put(&format!("{operator} {}", word.raw)),
            Condition::Binary(operator, left, right) => {
                self.put(&format!("{} {operator} {}", left.raw, right.raw));
            }
            Condition::Word(word) => self.put(&format!("-n {}", word.raw)),
        }
    }

    fn joined(&mut self, left: &Condition, operator: &str, right: &Condition) {
        self.condition(left, false);
        self.put(operator);
        self.condition(right, false);
    }
}
