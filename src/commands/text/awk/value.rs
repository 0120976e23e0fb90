//! The values of awk: numbers, strings, and strings from the input that look like numbers.

use std::cmp::Ordering;

use crate::commands::posix::conversion::Conversion;
use crate::commands::posix::number::parse_float;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Never set: 0 and the empty string.
    #[default]
    Unset,
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// A field or an input: a number when it looks like one.
    Input(String),
}

impl Value {
    /// As a number: what stands at the start, or 0.
    pub fn number(&self) -> f64 {
        match self {
            Value::Unset => 0.0,
            Value::Number(n) => *n,
            Value::Text(text) | Value::Input(text) => leading_number(text).0,
        }
    }

    /// As a string; numbers that are not whole go through `format` (CONVFMT or OFMT).
    pub fn text(&self, format: &str) -> String {
        match self {
            Value::Unset => String::new(),
            Value::Number(n) => number_text(*n, format),
            Value::Text(text) | Value::Input(text) => text.clone(),
        }
    }

    /// Whether it counts as true.
    pub fn truth(&self) -> bool {
        match self {
            Value::Unset => false,
            Value::Number(n) => *n != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::Input(text) => match numeric(text) {
                Some(n) => n != 0.0,
                None => !text.is_empty(),
            },
        }
    }

    fn as_number(&self) -> Option<f64> {
        match self {
            Value::Unset => Some(0.0),
            Value::Number(n) => Some(*n),
            Value::Text(_) => None,
            Value::Input(text) => numeric(text),
        }
    }

    /// Compares as numbers when both are or look like numbers, as strings otherwise.
    pub fn compare(&self, other: &Value, format: &str) -> Ordering {
        match (self.as_number(), other.as_number()) {
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            _ => self.text(format).cmp(&other.text(format)),
        }
    }
}

/// A text that is a number and nothing else, blanks aside.
fn numeric(text: &str) -> Option<f64> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    let (number, rest) = leading_number(trimmed);
    rest.is_empty().then_some(number)
}

fn leading_number(text: &str) -> (f64, &str) {
    let text = text.trim_start();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Neither `inf` nor `0x10` is a number here.
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return (0.0, text);
    }
    if digits.starts_with("0x") || digits.starts_with("0X") {
        return (0.0, &digits[1..]);
    }
    parse_float(text)
}

/// A number as a string: whole ones in full, others through a printf format such as `%.6g`.
pub fn number_text(n: f64, format: &str) -> String {
    if n.fract() == 0.0 && n.abs() < 1e16 {
        return format!("{}", n as i64);
    }
    if n.is_nan() {
        return if n.is_sign_negative() { "-nan".into() } else { "nan".into() };
    }
    if n.is_infinite() {
        return if n < 0.0 { "-inf".into() } else { "inf".into() };
    }
    let precision = format.strip_prefix("%.").and_then(|f| f.strip_suffix('g')).and_then(|p| p.parse().ok());
    match precision {
        Some(precision) => {
            let conversion = Conversion { precision: Some(precision), ..Conversion::default() };
            String::from_utf8_lossy(&conversion.float(n, 'g')).into_owned()
        }
        None => sprintf(format, &[Value::Number(n)]),
    }
}

/// printf of awk: `%d %i %o %x %X %u %c %s %e %f %g %%`.
pub fn sprintf(format: &str, values: &[Value]) -> String {
    let mut out = Vec::new();
    let mut values = values.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.extend(c.to_string().bytes());
            continue;
        }
        let mut conversion = Conversion::default();
        while chars.peek().is_some_and(|c| conversion.flag(*c)) {
            chars.next();
        }
        if let Some(width) = amount(&mut chars, &mut values) {
            conversion.set_width(width);
        }
        if chars.peek() == Some(&'.') {
            chars.next();
            conversion.set_precision(amount(&mut chars, &mut values).unwrap_or(0));
        }
        while chars.peek().is_some_and(|c| "hlLqjzt".contains(*c)) {
            chars.next();
        }
        let Some(letter) = chars.next() else { break };
        let mut next = || values.next().cloned().unwrap_or_default();
        match letter {
            '%' => out.push(b'%'),
            'd' | 'i' => out.extend(conversion.signed(next().number().trunc() as i64)),
            'o' | 'x' | 'X' | 'u' => out.extend(conversion.unsigned(next().number().trunc() as i64 as u64, letter)),
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => out.extend(conversion.float(next().number(), letter)),
            'c' => {
                let text = match next() {
                    Value::Number(n) => char::from_u32(n as u32).map(String::from).unwrap_or_default(),
                    other => other.text("%.6g").chars().take(1).collect(),
                };
                out.extend(conversion.string(text.as_bytes()));
            }
            's' => out.extend(conversion.string(next().text("%.6g").as_bytes())),
            other => out.extend(format!("%{other}").bytes()),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn amount<'v>(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    values: &mut impl Iterator<Item = &'v Value>,
) -> Option<i64> {
    if chars.peek() == Some(&'*') {
        chars.next();
        return Some(values.next().map_or(0, |v| v.number() as i64).clamp(-65_536, 65_536));
    }
    let mut digits = String::new();
    while let Some(c) = chars.next_if(char::is_ascii_digit) {
        digits.push(c);
    }
    digits.parse::<i64>().ok().map(|n| n.min(65_536))
}
