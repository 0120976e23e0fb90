//! The value of an awk expression, and the built-in functions.

use super::ast::{Binary, Expr};
use super::machine::{Machine, Stop};
use super::value::{Value, sprintf};
use crate::commands::posix::strftime::strftime;
use crate::world::Time;

fn flag(truth: bool) -> Value {
    Value::Number(f64::from(u8::from(truth)))
}

impl Machine {
    /// The value of an expression. Errors: a mistake of the program, or `exit` inside a function.
    pub fn eval(&mut self, expr: &Expr) -> Result<Value, Stop> {
        self.step()?;
        Ok(match expr {
            Expr::Number(n) => Value::Number(*n),
            Expr::Text(text) => Value::Text(text.clone()),
            Expr::Regexp(pattern) => {
                let record = self.field(0);
                flag(self.matches(&record, pattern)?)
            }
            Expr::Name(name) => self.name(name),
            Expr::Element(name, index) => {
                let key = self.key(index)?;
                self.array(name).entry(key).or_default().clone()
            }
            Expr::Field(number) => {
                let number = self.field_number(number)?;
                self.field(number)
            }
            Expr::Assign(target, op, value) => {
                let right = self.eval(value)?;
                let value = match op {
                    None => right,
                    Some(op) => {
                        let left = self.eval(target)?.number();
                        Value::Number(Self::arithmetic(*op, left, right.number())?)
                    }
                };
                self.assign(target, value.clone())?;
                value
            }
            Expr::Step(target, by, after) => {
                let old = self.eval(target)?.number();
                self.assign(target, Value::Number(old + by))?;
                Value::Number(if *after { old } else { old + by })
            }
            Expr::Not(expr) => flag(!self.eval(expr)?.truth()),
            Expr::Minus(expr) => Value::Number(-self.eval(expr)?.number()),
            Expr::Plus(expr) => Value::Number(self.eval(expr)?.number()),
            Expr::Binary(op, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                self.binary(*op, &left, &right)?
            }
            Expr::And(left, right) => flag(self.eval(left)?.truth() && self.eval(right)?.truth()),
            Expr::Or(left, right) => flag(self.eval(left)?.truth() || self.eval(right)?.truth()),
            Expr::Match(text, pattern, negated) => {
                let text = self.eval(text)?;
                let pattern = self.pattern(pattern)?;
                flag(self.matches(&text, &pattern)? != *negated)
            }
            Expr::In(index, array) => {
                let key = self.key(index)?;
                flag(self.array(array).contains_key(&key))
            }
            Expr::Choice(condition, yes, no) => {
                let taken = if self.eval(condition)?.truth() { yes } else { no };
                self.eval(taken)?
            }
            Expr::Builtin(name, arguments) => self.builtin(name, arguments)?,
            Expr::Call(name, arguments) => self.call(name, arguments)?,
            Expr::Group(list) => {
                let key = self.key(list)?;
                Value::Text(key)
            }
        })
    }

    fn binary(&mut self, op: Binary, left: &Value, right: &Value) -> Result<Value, Stop> {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = |machine: &Self| left.compare(right, &machine.variable("CONVFMT").text("%.6g"));
        Ok(match op {
            Binary::Concat => Value::Text(self.text(left) + &self.text(right)),
            Binary::Less => flag(order(self) == Less),
            Binary::LessEqual => flag(order(self) != Greater),
            Binary::Equal => flag(order(self) == Equal),
            Binary::NotEqual => flag(order(self) != Equal),
            Binary::Greater => flag(order(self) == Greater),
            Binary::GreaterEqual => flag(order(self) != Less),
            _ => Value::Number(Self::arithmetic(op, left.number(), right.number())?),
        })
    }

    /// An expression on the right of `~`: `/re/` as written, anything else by its value.
    fn pattern(&mut self, expr: &Expr) -> Result<String, Stop> {
        match expr {
            Expr::Regexp(pattern) => Ok(pattern.clone()),
            other => {
                let value = self.eval(other)?;
                Ok(self.text(&value))
            }
        }
    }

    fn matches(&mut self, value: &Value, pattern: &str) -> Result<bool, Stop> {
        let text = self.text(value);
        Ok(self.regexp(pattern)?.is_match(text.as_bytes()))
    }

    fn builtin(&mut self, name: &str, arguments: &[Expr]) -> Result<Value, Stop> {
        match name {
            "length" => return self.length(arguments.first()),
            "split" => return self.split_into(arguments),
            "sub" | "gsub" => return self.substitute(arguments, name == "gsub"),
            "match" => return self.match_at(arguments),
            _ => {}
        }
        let values = arguments.iter().map(|a| self.eval(a)).collect::<Result<Vec<_>, _>>()?;
        let text = |n: usize| values.get(n).map(|v| self.text(v)).unwrap_or_default();
        let number = |n: usize| values.get(n).map_or(0.0, Value::number);
        Ok(match name {
            "substr" => Value::Text(substr(&text(0), number(1), values.get(2).map(Value::number))),
            "index" => {
                let (text, part) = (text(0), text(1));
                Value::Number(text.find(&part).map_or(0.0, |at| text[..at].chars().count() as f64 + 1.0))
            }
            "sprintf" => Value::Text(sprintf(&text(0), values.get(1..).unwrap_or_default())),
            "tolower" => Value::Text(text(0).to_lowercase()),
            "toupper" => Value::Text(text(0).to_uppercase()),
            "int" => Value::Number(number(0).trunc()),
            "sqrt" => Value::Number(number(0).sqrt()),
            "exp" => Value::Number(number(0).exp()),
            "log" => Value::Number(number(0).ln()),
            "sin" => Value::Number(number(0).sin()),
            "cos" => Value::Number(number(0).cos()),
            "atan2" => Value::Number(number(0).atan2(number(1))),
            "rand" => Value::Number(self.random.below(1 << 52) as f64 / (1u64 << 52) as f64),
            "srand" => {
                let seed = if values.is_empty() { self.now as f64 } else { number(0) };
                self.random = crate::world::Rng::new(seed.to_bits());
                Value::Number(std::mem::replace(&mut self.seed, seed))
            }
            "systime" => Value::Number(self.now as f64),
            "strftime" => {
                let format = if values.is_empty() { "%c".to_owned() } else { text(0) };
                let at = if values.len() > 1 { number(1).max(0.0) as u64 } else { self.now };
                Value::Text(strftime(Time::from_secs(at.min(1 << 38)), &format))
            }
            "close" | "fflush" => Value::Number(0.0),
            other => return Err(Stop::Error(format!("{other}() is not simulated"))),
        })
    }

    fn length(&mut self, argument: Option<&Expr>) -> Result<Value, Stop> {
        if let Some(Expr::Name(name)) = argument {
            if self.name(name) == Value::Unset && !self.array(name).is_empty() {
                return Ok(Value::Number(self.array(name).len() as f64));
            }
        }
        let value = match argument {
            Some(argument) => self.eval(argument)?,
            None => self.field(0),
        };
        Ok(Value::Number(self.text(&value).chars().count() as f64))
    }

    fn split_into(&mut self, arguments: &[Expr]) -> Result<Value, Stop> {
        let Some(Expr::Name(array)) = arguments.get(1) else {
            return Err(Stop::Error("split wants an array as its second argument".into()));
        };
        let value = self.eval(&arguments[0])?;
        let text = self.text(&value);
        let separator = match arguments.get(2) {
            Some(separator) => self.pattern(separator)?,
            None => self.variable("FS").text("%.6g"),
        };
        let pieces = self.pieces(&text, &separator)?;
        let count = pieces.len();
        let target = self.array(array);
        target.clear();
        target.extend(pieces.into_iter().enumerate().map(|(n, piece)| ((n + 1).to_string(), Value::Input(piece))));
        Ok(Value::Number(count as f64))
    }

    fn substitute(&mut self, arguments: &[Expr], all: bool) -> Result<Value, Stop> {
        let pattern = self.pattern(&arguments[0])?;
        let regexp = self.regexp(&pattern)?;
        let replacement = self.eval(&arguments[1])?;
        let replacement = self.text(&replacement);
        let record = Expr::Field(Box::new(Expr::Number(0.0)));
        let target = arguments.get(2).unwrap_or(&record);
        let value = self.eval(target)?;
        let text = self.text(&value);
        let bytes = text.as_bytes();
        let (mut out, mut from, mut at, mut count) = (Vec::new(), 0, 0, 0);
        while at <= bytes.len() {
            let Some(Some((start, end))) = regexp.find_at(bytes, at).and_then(|s| s.first().copied()) else { break };
            out.extend_from_slice(&bytes[from..start]);
            out.extend(replaced(&replacement, &bytes[start..end]));
            count += 1;
            from = end;
            at = end;
            if start == end {
                out.extend(bytes.get(end));
                from = (end + 1).min(bytes.len());
                at = end + 1;
            }
            if !all {
                break;
            }
            self.step()?;
        }
        if count > 0 {
            out.extend_from_slice(bytes.get(from..).unwrap_or_default());
            self.assign(target, Value::Text(String::from_utf8_lossy(&out).into_owned()))?;
        }
        Ok(Value::Number(f64::from(count)))
    }

    fn match_at(&mut self, arguments: &[Expr]) -> Result<Value, Stop> {
        let value = self.eval(&arguments[0])?;
        let text = self.text(&value);
        let pattern = self.pattern(&arguments[1])?;
        let found = self.regexp(&pattern)?.find_at(text.as_bytes(), 0).and_then(|s| s.first().copied().flatten());
        let (start, length) = match found {
            Some((start, end)) => {
                let count = |to: usize| String::from_utf8_lossy(&text.as_bytes()[..to]).chars().count() as f64;
                (count(start) + 1.0, count(end) - count(start))
            }
            None => (0.0, -1.0),
        };
        self.set_variable("RSTART", Value::Number(start));
        self.set_variable("RLENGTH", Value::Number(length));
        Ok(Value::Number(start))
    }
}

/// `&` is what matched, `\&` an ampersand.
fn replaced(replacement: &str, matched: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = replacement.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if matches!(bytes.peek(), Some(b'&' | b'\\')) => out.extend(bytes.next()),
            b'&' => out.extend_from_slice(matched),
            other => out.push(other),
        }
    }
    out
}

/// Characters from `start` (1 is the first) for `length`, both rounded, as POSIX has it.
fn substr(text: &str, start: f64, length: Option<f64>) -> String {
    let start = start.round();
    let end = length.map_or(f64::INFINITY, |length| start + length.round());
    text.chars()
        .enumerate()
        .filter(|(n, _)| (*n as f64 + 1.0) >= start && (*n as f64 + 1.0) < end)
        .map(|(_, c)| c)
        .collect()
}
