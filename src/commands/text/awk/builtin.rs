//! The functions that awk brings: awk(1p), Arithmetic and String Functions.

use std::sync::Arc;

use super::Value;
use super::ast::{Expr, Place};
use super::machine::{FS, Machine, RLENGTH, RSTART};
use crate::commands::posix::strftime::strftime;
use crate::world::{Cx, Time};

impl Machine {
    pub fn builtin(&mut self, cx: &mut Cx<'_, '_>, name: &str, arguments: &[Expr]) -> Result<Value, String> {
        match name {
            "sub" | "gsub" => return self.substitute(cx, arguments, name == "gsub"),
            "split" => return self.split_into(cx, arguments),
            "match" => return self.find(cx, arguments),
            "sprintf" => return Ok(Value::text(self.formatted(cx, arguments, "sprintf")?)),
            "length" => return self.length(cx, arguments),
            "system" => return Err("system() is not simulated".into()),
            _ => {}
        }
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.eval(cx, argument)?);
        }
        let number = |at: usize| values.get(at).map_or(0.0, Value::number);
        let text = |at: usize| values.get(at).map_or_else(|| Arc::from(&b""[..]), |value| self.text(value));
        Ok(Value::Number(match name {
            "atan2" => number(0).atan2(number(1)),
            "cos" => number(0).cos(),
            "sin" => number(0).sin(),
            "exp" => number(0).exp(),
            "log" => number(0).ln(),
            "sqrt" => number(0).sqrt(),
            "int" => number(0).trunc(),
            "rand" => (self.rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64,
            "srand" => {
                let before = self.seed;
                self.seed = if values.is_empty() { self.now.secs() as f64 } else { number(0) };
                self.rng = crate::world::Rng::new(self.seed.to_bits());
                before
            }
            "systime" => self.now.secs() as f64,
            "index" => {
                let (all, part) = (text(0), text(1));
                let at = all.windows(part.len().max(1)).position(|window| window == &part[..]);
                if part.is_empty() && !all.is_empty() { 1.0 } else { at.map_or(0.0, |at| at as f64 + 1.0) }
            }
            "close" => {
                let name = text(0);
                self.close(&name)
            }
            "fflush" => 0.0,
            "tolower" => return Ok(Value::text(text(0).to_ascii_lowercase())),
            "toupper" => return Ok(Value::text(text(0).to_ascii_uppercase())),
            "substr" => {
                let length = values.get(2).map(Value::number);
                return Ok(Value::text(substr(&text(0), number(1), length)));
            }
            "strftime" => {
                let format = if values.is_empty() { Arc::from(&b"%c"[..]) } else { text(0) };
                let time = if values.len() > 1 { Time::from_secs(number(1).max(0.0) as u64) } else { self.now };
                return Ok(Value::text(strftime(time, &String::from_utf8_lossy(&format)).into_bytes()));
            }
            "mktime" => {
                let words = String::from_utf8_lossy(&text(0)).into_owned();
                let parts: Vec<&str> = words.split_whitespace().collect();
                let [y, m, d, h, min, s] = parts[..] else { return Ok(Value::Number(-1.0)) };
                let date = format!("{y}-{m}-{d} {h}:{min}:{s}");
                crate::commands::posix::date_parse::parse(&date, self.now).map_or(-1.0, |time| time.secs() as f64)
            }
            other => return Err(format!("{other} is not simulated")),
        }))
    }

    fn length(&mut self, cx: &mut Cx<'_, '_>, arguments: &[Expr]) -> Result<Value, String> {
        let length = match arguments {
            [] => self.record.len(),
            [Expr::Place(Place::Var(var))] if matches!(self.cell(*var), Some(super::machine::Cell::Array(_))) => {
                let array = self.array(*var)?;
                self.arrays.get(&array).map_or(0, super::value::Array::len)
            }
            [argument, ..] => {
                let value = self.eval(cx, argument)?;
                self.text(&value).len()
            }
        };
        Ok(Value::Number(length as f64))
    }

    fn split_into(&mut self, cx: &mut Cx<'_, '_>, arguments: &[Expr]) -> Result<Value, String> {
        let [text, Expr::Place(Place::Var(var)), rest @ ..] = arguments else {
            return Err("line 1: syntax error at or near split".into());
        };
        let value = self.eval(cx, text)?;
        let text = self.text(&value);
        let parts = match rest.first() {
            None => {
                let separator = self.global_text(FS);
                self.split(&text, &separator, false)?
            }
            Some(Expr::Regexp(regexp)) => {
                let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
                while let Some((start, end)) = regexp.find_at(&text, at).and_then(|spans| spans[0]) {
                    at = end.max(start + 1);
                    if end > start {
                        parts.push(text[from..start].to_vec());
                        from = end;
                    }
                    if at > text.len() {
                        break;
                    }
                }
                if !text.is_empty() {
                    parts.push(text[from..].to_vec());
                }
                parts
            }
            Some(separator) => {
                let separator = self.eval(cx, separator)?;
                let separator = self.text(&separator);
                self.split(&text, &separator, false)?
            }
        };
        let array = self.array(*var)?;
        self.arrays.entry(array).or_default().clear();
        for (at, part) in parts.iter().enumerate() {
            *self.item(array, &Arc::from((at + 1).to_string().as_bytes())) = Value::input(part);
        }
        Ok(Value::Number(parts.len() as f64))
    }

    fn find(&mut self, cx: &mut Cx<'_, '_>, arguments: &[Expr]) -> Result<Value, String> {
        let [text, pattern, ..] = arguments else { return Err("line 1: syntax error at or near match".into()) };
        let value = self.eval(cx, text)?;
        let text = self.text(&value);
        let found = self.pattern(cx, pattern)?.find_at(&text, 0).and_then(|spans| spans[0]);
        let (start, length) = found.map_or((0.0, -1.0), |(from, to)| (from as f64 + 1.0, (to - from) as f64));
        self.globals[RSTART] = super::machine::Cell::Value(Value::Number(start));
        self.globals[RLENGTH] = super::machine::Cell::Value(Value::Number(length));
        Ok(Value::Number(start))
    }

    fn substitute(&mut self, cx: &mut Cx<'_, '_>, arguments: &[Expr], all: bool) -> Result<Value, String> {
        let [pattern, replacement, rest @ ..] = arguments else {
            return Err("line 1: syntax error at or near sub".into());
        };
        let regexp = self.pattern(cx, pattern)?;
        let replacement = self.eval(cx, replacement)?;
        let replacement = self.text(&replacement);
        let whole = Place::Field(Box::new(Expr::Number(0.0)));
        let place = match rest.first() {
            None => whole,
            Some(Expr::Place(place)) => place.clone(),
            Some(_) => return Err("line 1: syntax error at or near )".into()),
        };
        let value = self.get(cx, &place)?;
        let text = self.text(&value);
        let (mut out, mut copied, mut at, mut count) = (Vec::new(), 0, 0, 0u32);
        while let Some((from, to)) = regexp.find_at(&text, at).and_then(|spans| spans[0]) {
            if to > from || from > copied || count == 0 {
                out.extend_from_slice(&text[copied..from]);
                fill(&replacement, &text[from..to], &mut out);
                (copied, count) = (to, count + 1);
                if !all {
                    break;
                }
            }
            at = if to > from { to } else { to + 1 };
            if at > text.len() {
                break;
            }
        }
        if count > 0 {
            out.extend_from_slice(&text[copied..]);
            self.put(cx, &place, Value::text(out))?;
        }
        Ok(Value::Number(f64::from(count)))
    }
}

/// `&` is what matched, `\&` is an ampersand.
fn fill(replacement: &[u8], matched: &[u8], out: &mut Vec<u8>) {
    let mut bytes = replacement.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'&' => out.extend_from_slice(matched),
            b'\\' => match bytes.peek() {
                Some(b'&' | b'\\') => out.extend(bytes.next()),
                _ => out.push(b'\\'),
            },
            other => out.push(other),
        }
    }
}

/// Characters from the `start`-th on, as mawk counts them: a start before the first makes the part longer.
fn substr(text: &[u8], start: f64, length: Option<f64>) -> Vec<u8> {
    let start = if start.is_nan() { 0.0 } else { start.trunc() };
    let length = length.unwrap_or(f64::INFINITY) + (-start).max(0.0);
    let first = start.max(1.0);
    let last = (first + length.round()).min(text.len() as f64 + 1.0);
    if first >= last || last.is_nan() {
        return Vec::new();
    }
    text[first as usize - 1..last as usize - 1].to_vec()
}
