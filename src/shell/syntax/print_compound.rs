//! Compound commands as bash prints them: bash(1), Compound Commands.

use super::ast::{CaseClause, CaseEnd, CommandKind, Condition, ForClause, FunctionDef, IfClause, List, Redirect};
use super::print::Printer;

impl Printer {
    pub(super) fn group(&mut self, list: &List) {
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
    pub(super) fn body(&mut self, list: &List) {
        self.indented(|printer| {
            printer.list(list);
            printer.print_deferred("");
            printer.semicolon();
        });
    }

    pub(super) fn if_clause(&mut self, clause: &IfClause) {
        self.if_arm(clause, 0);
    }

    /// An arm, and within its `else` the following ones, as bash keeps them.
    pub(super) fn if_arm(&mut self, clause: &IfClause, index: usize) {
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

    pub(super) fn for_clause(&mut self, keyword: &str, clause: &ForClause) {
        let words = match &clause.words {
            Some(words) => words.iter().map(|word| &*word.raw).collect::<Vec<_>>().join(" "),
            None => "\"$@\"".to_string(),
        };
        self.put(&format!("{keyword} {} in {words};", clause.name.raw));
        self.newline("do\n");
        self.body(&clause.body);
        self.newline("done");
    }

    pub(super) fn loop_clause(&mut self, keyword: &str, condition: &List, body: &List) {
        self.put(keyword);
        self.skip_indent += 1;
        self.list(condition);
        self.print_deferred("");
        self.semicolon();
        self.put(" do\n");
        self.body(body);
        self.newline("done");
    }

    pub(super) fn case_clause(&mut self, clause: &CaseClause) {
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
    pub(super) fn function_body(&mut self, definition: &FunctionDef) {
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

    pub(super) fn condition(&mut self, condition: &Condition, negated: bool) {
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

    pub(super) fn joined(&mut self, left: &Condition, operator: &str, right: &Condition) {
        self.condition(left, false);
        self.put(operator);
        self.condition(right, false);
    }
}
