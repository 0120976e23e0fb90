//! `[[ ]]` and `(( ))`: bash(1), CONDITIONAL EXPRESSIONS.

use std::sync::Arc;

use super::compound::TestRun;
use super::substitution::Attempt;
use crate::shell::bash::{Bash, Frame};
use crate::shell::expand::pattern::{Pattern, Quoted};
use crate::shell::expand::{Expanded, Expander};
use crate::shell::program::Flow;
use crate::shell::syntax::ast::{CommandKind, Condition};
use crate::shell::variables::{Value, Variable};
use crate::world::Sys;

/// A leaf of a condition with its words expanded, or what came of it.
enum Outcome {
    /// It is known.
    Known(bool),
    /// bash's message.
    Wrong(String),
}

impl Bash {
    pub(in crate::shell) fn step_test(&mut self, sys: &mut Sys<'_>, mut run: Box<TestRun>) -> Flow {
        let command = run.command.clone();
        self.shell.line = command.span.line;
        let status = match &command.kind {
            CommandKind::Arithmetic(word) => {
                let attempt = self.evaluate_word(sys, &mut run.results, word);
                match self.settle_test(attempt, run) {
                    Some(Ok(value)) => {
                        self.trace_text(&format!("(( {} ))", word.raw));
                        u8::from(value == 0)
                    }
                    Some(Err(message)) => {
                        self.complain(&format!("((: {message}"));
                        1
                    }
                    None => return Flow::Next,
                }
            }
            CommandKind::Conditional(condition) => {
                let mut seen = Vec::new();
                let attempt = self.expand(sys, &mut run.results, |expander| evaluate(expander, condition, &mut seen));
                if matches!(attempt, Attempt::Done(_)) {
                    seen.iter().for_each(|text| self.trace_text(&format!("[[ {text} ]]")));
                }
                match self.settle_test(attempt, run) {
                    Some(Outcome::Known(value)) => u8::from(!value),
                    Some(Outcome::Wrong(message)) if message.is_empty() => 2,
                    Some(Outcome::Wrong(message)) => {
                        self.complain(&message);
                        1
                    }
                    None => return Flow::Next,
                }
            }
            _ => 0,
        };
        self.shell.status = status;
        self.shell.pipe_status = Arc::new(vec![status]);
        Flow::Next
    }

    /// The value, or nothing when the frame has to wait or has failed.
    fn settle_test<T>(&mut self, attempt: Attempt<T>, run: Box<TestRun>) -> Option<T> {
        match attempt {
            Attempt::Done(value) => return Some(value),
            Attempt::Again => self.push(Frame::Test(run)),
            Attempt::Pending(frame) => {
                self.push(Frame::Test(run));
                self.push(frame);
            }
            Attempt::Failed => {}
        }
        None
    }
}

/// The value of a condition; bash stops at the first word that is wrong.
fn evaluate(expander: &mut Expander<'_>, condition: &Condition, seen: &mut Vec<String>) -> Expanded<Outcome> {
    Ok(match condition {
        Condition::Group(inner) => evaluate(expander, inner, seen)?,
        Condition::Not(inner) => match evaluate(expander, inner, seen)? {
            Outcome::Known(value) => Outcome::Known(!value),
            wrong => wrong,
        },
        Condition::And(left, right) => match evaluate(expander, left, seen)? {
            Outcome::Known(true) => evaluate(expander, right, seen)?,
            other => other,
        },
        Condition::Or(left, right) => match evaluate(expander, left, seen)? {
            Outcome::Known(false) => evaluate(expander, right, seen)?,
            other => other,
        },
        Condition::Word(word) => {
            let text = expander.string(word)?;
            seen.push(format!("-n {}", shown(&text)));
            Outcome::Known(!text.is_empty())
        }
        Condition::Unary(operator, word) => {
            let text = expander.string(word)?;
            seen.push(format!("{operator} {}", shown(&text)));
            Outcome::Known(unary(expander, operator, &text))
        }
        Condition::Binary(operator, left, right) => {
            let left = expander.string(left)?;
            seen.push(format!("{} {operator} {}", shown(&left), right_side(expander, operator, right)?));
            binary(expander, operator, &left, right)?
        }
    })
}

/// An operand as `set -x` prints it.
fn shown(text: &str) -> String {
    if text.is_empty() { "''".to_string() } else { text.to_string() }
}

/// The right side of an operator as `set -x` prints it: a quoted character of a pattern after a backslash.
fn right_side(expander: &mut Expander<'_>, operator: &str, word: &crate::shell::syntax::ast::Word) -> Expanded<String> {
    if !matches!(operator, "=" | "==" | "!=") {
        return Ok(shown(&expander.string(word)?));
    }
    let chars = expander.pattern(word)?;
    Ok(shown(
        &chars.iter().map(|(c, quoted)| if *quoted { format!("\\{c}") } else { c.to_string() }).collect::<String>(),
    ))
}

fn unary(expander: &mut Expander<'_>, operator: &str, text: &str) -> bool {
    match operator {
        "-v" => is_set(expander, text),
        "-o" => expander.shell.switches.option(text).unwrap_or(false),
        _ => expander.file_test(&[operator, text]),
    }
}

/// Whether a variable or an element is set.
fn is_set(expander: &mut Expander<'_>, text: &str) -> bool {
    match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
        Some((name, "@" | "*")) => expander.shell.variable(name).is_some_and(|v| !v.elements().is_empty()),
        Some((name, subscript)) => match expander.shell.key(name, subscript) {
            Ok(key) => expander.shell.variables.element(name, &key).is_some(),
            Err(_) => false,
        },
        None => expander.shell.text(text).is_some(),
    }
}

fn binary(
    expander: &mut Expander<'_>,
    operator: &str,
    left: &str,
    right: &crate::shell::syntax::ast::Word,
) -> Expanded<Outcome> {
    Ok(match operator {
        "=" | "==" | "!=" => {
            let chars = expander.pattern(right)?;
            let matched = matches(&chars, true, expander.shell.switches.has("nocasematch"), left);
            Outcome::Known(matched == (operator != "!="))
        }
        "=~" => regex(expander, left, right)?,
        "<" => Outcome::Known(*left < *expander.string(right)?),
        ">" => Outcome::Known(*left > *expander.string(right)?),
        "-nt" | "-ot" | "-ef" => {
            let right = expander.string(right)?;
            Outcome::Known(expander.file_test(&[left, operator, &right]))
        }
        _ => {
            let right = expander.string(right)?;
            let number = |expander: &mut Expander<'_>, text: &str| expander.shell.evaluate(text);
            match (number(expander, left), number(expander, &right)) {
                (Ok(left), Ok(right)) => Outcome::Known(compare(operator, left, right)),
                (Err(error), _) | (_, Err(error)) => Outcome::Wrong(format!("[[: {}", error.0)),
            }
        }
    })
}

/// Whether a text fits a pattern, with or without regard to case (`nocasematch`).
pub(super) fn matches(chars: &[Quoted], extglob: bool, loose: bool, text: &str) -> bool {
    if !loose {
        return Pattern::new(chars, extglob).matches(text);
    }
    let lower = |(c, quoted): &Quoted| (c.to_lowercase().next().unwrap_or(*c), *quoted);
    let chars: Vec<Quoted> = chars.iter().map(lower).collect();
    Pattern::new(&chars, extglob).matches(&text.to_lowercase())
}

fn compare(operator: &str, left: i64, right: i64) -> bool {
    match operator {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    }
}

/// `=~`, which sets `BASH_REMATCH`. A bad expression is no match, with status 2.
fn regex(expander: &mut Expander<'_>, left: &str, right: &crate::shell::syntax::ast::Word) -> Expanded<Outcome> {
    let mut text = expander.regex(right)?;
    if expander.shell.switches.has("nocasematch") {
        text.insert_str(0, "(?i)");
    }
    let Ok(compiled) = regex::RegexBuilder::new(&text).dot_matches_new_line(true).size_limit(1 << 20).build() else {
        return Ok(Outcome::Wrong(String::new()));
    };
    let found = compiled.captures(left);
    let groups = found.iter().flat_map(|found| found.iter()).map(|group| group.map_or("", |group| group.as_str()));
    let elements = groups.enumerate().map(|(index, text)| (index as u64, Arc::from(text))).collect();
    let variable = Variable { value: Some(Value::Indexed(elements)), ..Variable::default() };
    expander.shell.variables.put("BASH_REMATCH", variable);
    Ok(Outcome::Known(found.is_some()))
}
