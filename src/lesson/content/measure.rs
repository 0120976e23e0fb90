//! Durations, moments and comparisons as course files write them: `10s`, `1h 30min`, `>= 99.9%`. systemd.time(7).

use super::problem::Want;
use super::reader::Node;
use crate::systemd::span::{INFINITY, parse_sec};
use std::fmt;
use std::time::Duration;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`, or nothing.
    Is,
    /// `!=`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// The signs, longest first so that `>=` is not read as `>`.
const SIGNS: [(&str, Op); 7] = [
    (">=", Op::AtLeast),
    ("<=", Op::AtMost),
    ("!=", Op::IsNot),
    ("==", Op::Is),
    ("=", Op::Is),
    (">", Op::More),
    ("<", Op::Less),
];

/// A comparison with a fixed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compare<T> {
    /// How.
    pub op: Op,
    /// With what.
    pub than: T,
}

impl<T: PartialOrd> Compare<T> {
    /// Whether `value` satisfies the comparison.
    pub fn holds(&self, value: &T) -> bool {
        match self.op {
            Op::Is => *value == self.than,
            Op::IsNot => *value != self.than,
            Op::Less => *value < self.than,
            Op::AtMost => *value <= self.than,
            Op::More => *value > self.than,
            Op::AtLeast => *value >= self.than,
        }
    }
}

impl<T: fmt::Display> fmt::Display for Compare<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.op {
            Op::Is => "",
            Op::IsNot => "!= ",
            Op::Less => "< ",
            Op::AtMost => "<= ",
            Op::More => "> ",
            Op::AtLeast => ">= ",
        };
        write!(f, "{sign}{}", self.than)
    }
}

/// A duration that displays as course files write it: `1h 30min`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if rest == 0 {
            return write!(f, "0s");
        }
        let mut gap = "";
        for (unit, millis) in SHOWN {
            let n = rest / millis;
            if n > 0 {
                write!(f, "{gap}{n}{unit}")?;
                gap = " ";
                rest %= millis;
            }
        }
        Ok(())
    }
}

/// The units that durations are shown in, in milliseconds, longest first.
const SHOWN: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)];

/// A duration as systemd's settings write them; a bare number counts seconds. `None` when it is none, or endless.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let span = parse_sec(text).ok().filter(|span| *span != INFINITY)?;
    Some(Duration::from_micros(span))
}

/// The sign of a comparison and the text after it.
fn split_sign(text: &str) -> (Op, &str) {
    let text = text.trim();
    let found = SIGNS.iter().find_map(|(sign, op)| Some((*op, text.strip_prefix(sign)?.trim())));
    found.unwrap_or((Op::Is, text))
}

impl Node<'_> {
    /// The value as a duration.
    pub fn duration(&self) -> Option<Duration> {
        parse_duration(&self.string()?).or_else(|| self.not(Want::Duration))
    }

    /// The value as a moment in RFC 3339.
    pub fn time(&self) -> Option<jiff::Timestamp> {
        self.string()?.parse().ok().or_else(|| self.not(Want::Time))
    }

    /// The value as a number or a comparison with one.
    pub fn compare_count(&self) -> Option<Compare<u64>> {
        if let Some(n) = self.if_integer() {
            return u64::try_from(n)
                .ok()
                .map(|than| Compare { op: Op::Is, than })
                .or_else(|| self.not(Want::Comparison));
        }
        let text = self.string()?;
        let (op, rest) = split_sign(&text);
        rest.parse().ok().map(|than| Compare { op, than }).or_else(|| self.not(Want::Comparison))
    }

    /// The value as a comparison with a duration.
    pub fn compare_duration(&self) -> Option<Compare<Span>> {
        let text = self.string()?;
        let (op, rest) = split_sign(&text);
        parse_duration(rest).map(|d| Compare { op, than: Span(d) }).or_else(|| self.not(Want::Duration))
    }

    /// The value as a comparison with a percentage, in millionths: `>= 99.9%` is `>= 999000`.
    pub fn compare_share(&self) -> Option<Compare<u64>> {
        let text = self.string()?;
        let (op, rest) = split_sign(&text);
        parse_share(rest).map(|than| Compare { op, than }).or_else(|| self.not(Want::Percentage))
    }
}

fn parse_share(text: &str) -> Option<u64> {
    let number = text.strip_suffix('%')?.trim();
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.len() > 4 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let millionths: u64 = format!("{fraction:0<4}").parse().ok()?;
    let total = whole.parse::<u64>().ok()?.checked_mul(10_000)?.checked_add(millionths)?;
    (total <= 1_000_000).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_write() {
        assert_eq!(parse_duration("1h 30min"), Some(Duration::from_secs(5400)));
        assert_eq!(parse_duration("90d").map(|d| Span(d).to_string()), Some("90d".into()));
        assert_eq!(parse_duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(parse_duration("5"), Some(Duration::from_secs(5)));
        assert_eq!(parse_duration("5 parsecs"), None);
        assert_eq!(parse_duration(""), None);
        assert_eq!(parse_duration("99999999999999999999d"), None);
    }

    #[test]
    fn comparisons_read() {
        assert_eq!(split_sign(">= 3"), (Op::AtLeast, "3"));
        assert_eq!(split_sign("3"), (Op::Is, "3"));
        assert_eq!(parse_share("99.9%"), Some(999_000));
        assert_eq!(parse_share("101%"), None);
        assert!(Compare { op: Op::AtLeast, than: 2 }.holds(&2));
        assert!(!Compare { op: Op::Less, than: 2 }.holds(&2));
    }
}
