//! Evaluates an expression: expr(1).

use std::cmp::Ordering;

use super::Command;
use super::regexp::{Flavor, Regexp};
use crate::commands::options::{self, Options, Refused, Stop, ended, scan};
use crate::world::{Cx, one_shot};

/// `expr`.
pub const COMMAND: Command =
    Command { name: "expr", path: "/usr/bin/expr", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const OPTIONS: Options = Options::coreutils(&[], "EXPRESSION").status(2);

/// Deeper parentheses are refused.
const MAX_DEPTH: usize = 200;

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let mut args = cx.args();
    if let ([_], Err(Refused::Help | Refused::Version)) = (&args[..], scan(&OPTIONS, &args)) {
        return Err(options::parse(cx, &OPTIONS).err().unwrap_or(0).into());
    }
    if args.first().is_some_and(|arg| arg == "--") {
        args.remove(0);
    }
    if args.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let mut reader = Reader { words: &args, at: 0, depth: 0 };
    let value = reader.or().and_then(|value| match reader.peek() {
        Some(word) => Err(format!("syntax error: unexpected argument ‘{word}’")),
        None => Ok(value),
    });
    match value {
        Ok(value) => {
            cx.outln(&value);
            Ok(u8::from(is_null(&value)))
        }
        Err(message) => {
            cx.fail(&message);
            Ok(2)
        }
    }
}

fn is_null(value: &str) -> bool {
    value.is_empty() || (value.trim_start_matches('-').bytes().all(|b| b == b'0') && value != "-")
}

fn number(value: &str) -> Result<i128, String> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    match value.parse() {
        Ok(number) if digits.bytes().all(|b| b.is_ascii_digit()) => Ok(number),
        _ => Err("non-integer argument".into()),
    }
}

struct Reader<'a> {
    words: &'a [String],
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn take(&mut self, words: &[&str]) -> Option<&'a str> {
        let word = self.peek().filter(|word| words.contains(word))?;
        self.at += 1;
        Some(word)
    }

    fn or(&mut self) -> Result<String, String> {
        let mut left = self.and()?;
        while self.take(&["|"]).is_some() {
            let right = self.and()?;
            left = match (is_null(&left), is_null(&right)) {
                (false, _) => left,
                (true, false) => right,
                (true, true) => "0".into(),
            };
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<String, String> {
        let mut left = self.comparison()?;
        while self.take(&["&"]).is_some() {
            let right = self.comparison()?;
            if is_null(&left) || is_null(&right) {
                left = "0".into();
            }
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<String, String> {
        let mut left = self.sum()?;
        while let Some(operator) = self.take(&["<", "<=", "=", "==", "!=", ">=", ">"]) {
            let right = self.sum()?;
            let order = match (number(&left), number(&right)) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => left.cmp(&right),
            };
            let holds = match operator {
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                ">" => order == Ordering::Greater,
                ">=" => order != Ordering::Less,
                "!=" => order != Ordering::Equal,
                _ => order == Ordering::Equal,
            };
            left = u8::from(holds).to_string();
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<String, String> {
        let mut left = self.product()?;
        while let Some(operator) = self.take(&["+", "-"]) {
            let right = self.product()?;
            let (a, b) = (number(&left)?, number(&right)?);
            let value = if operator == "+" { a.checked_add(b) } else { a.checked_sub(b) };
            left = value.ok_or("Numerical result out of range")?.to_string();
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<String, String> {
        let mut left = self.matching()?;
        while let Some(operator) = self.take(&["*", "/", "%"]) {
            let right = self.matching()?;
            let (a, b) = (number(&left)?, number(&right)?);
            if b == 0 && operator != "*" {
                return Err("division by zero".into());
            }
            let value = match operator {
                "*" => a.checked_mul(b),
                "/" => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            left = value.ok_or("Numerical result out of range")?.to_string();
        }
        Ok(left)
    }

    fn matching(&mut self) -> Result<String, String> {
        let mut left = self.operand()?;
        while self.take(&[":"]).is_some() {
            let pattern = self.operand()?;
            left = matched(&left, &pattern)?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<String, String> {
        let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
        let Some(word) = self.peek() else {
            let before = before.map_or("", String::as_str);
            return Err(format!("syntax error: missing argument after ‘{before}’"));
        };
        self.at += 1;
        let argument = |reader: &mut Self| reader.operand();
        match word {
            "(" => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err("syntax error: too deep".into());
                }
                let value = self.or()?;
                self.depth -= 1;
                match self.peek() {
                    Some(")") => {
                        self.at += 1;
                        Ok(value)
                    }
                    Some(other) => Err(format!("syntax error: expecting ')' instead of ‘{other}’")),
                    None => {
                        let last = self.words.last().map_or("", String::as_str);
                        Err(format!("syntax error: expecting ')' after ‘{last}’"))
                    }
                }
            }
            ")" => Err("syntax error: unexpected ')'".into()),
            "+" if self.peek().is_some() => {
                self.at += 1;
                Ok(self.words[self.at - 1].clone())
            }
            "length" if self.peek().is_some() => Ok(argument(self)?.chars().count().to_string()),
            "match" if self.words.len() >= self.at + 2 => {
                let text = argument(self)?;
                let pattern = argument(self)?;
                matched(&text, &pattern)
            }
            "index" if self.words.len() >= self.at + 2 => {
                let text = argument(self)?;
                let set = argument(self)?;
                let at = text.chars().position(|c| set.contains(c));
                Ok(at.map_or(0, |at| at + 1).to_string())
            }
            "substr" if self.words.len() >= self.at + 3 => {
                let text = argument(self)?;
                let (start, length) = (number(&argument(self)?), number(&argument(self)?));
                match (start, length) {
                    (Ok(start), Ok(length)) if start > 0 && length > 0 => {
                        let skip = usize::try_from(start - 1).unwrap_or(usize::MAX);
                        Ok(text.chars().skip(skip).take(usize::try_from(length).unwrap_or(usize::MAX)).collect())
                    }
                    _ => Ok(String::new()),
                }
            }
            other => Ok(other.to_owned()),
        }
    }
}

/// `text : pattern`, anchored at the start: the first group, or how many characters matched.
fn matched(text: &str, pattern: &str) -> Result<String, String> {
    let regexp = Regexp::new(pattern, Flavor::default()).map_err(|wrong| wrong.message().to_owned())?;
    let spans = regexp.find_at(text.as_bytes(), 0).filter(|spans| spans[0].is_some_and(|(from, _)| from == 0));
    Ok(match (regexp.groups(), spans) {
        (0, None) => "0".into(),
        (_, None) => String::new(),
        (0, Some(spans)) => spans[0].map_or(0, |(_, to)| text[..to].chars().count()).to_string(),
        (_, Some(spans)) => spans.get(1).copied().flatten().map_or("", |(from, to)| &text[from..to]).to_owned(),
    })
}
