//! Prints numbers in a row: seq(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, flag, value};
use crate::commands::posix::conversion::Conversion;
use crate::world::{Cx, Filter, FilterFlow, Produce, filter};

/// `seq`.
pub const COMMAND: Command =
    Command { name: "seq", path: "/usr/bin/seq", program: |argv| filter(Seq::default(), argv) };

const TABLE: &[Opt] = &[flag('w', "equal-width"), value('s', "separator"), value('f', "format")];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FIRST [INCREMENT]] LAST").in_order();

#[derive(Clone, Default)]
struct Seq {
    first: f64,
    step: f64,
    last: f64,
    index: u64,
    separator: String,
    /// What stands before and after the number, and how it is written.
    format: (String, Conversion, char, String),
}

impl Filter for Seq {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let args = protect_negative(cx.args());
        let parsed = options::parse_args(cx, &OPTIONS, &args)?;
        let operands = parsed.operands.clone();
        let (first, step, last) = match &operands[..] {
            [last] => ("1", "1", last.as_str()),
            [first, last] => (first.as_str(), "1", last.as_str()),
            [first, step, last] => (first.as_str(), step.as_str(), last.as_str()),
            [] => {
                cx.fail("missing operand");
                return Err(options::misuse(cx, &OPTIONS));
            }
            [_, _, _, extra, ..] => {
                cx.fail(&format!("extra operand ‘{extra}’"));
                return Err(options::misuse(cx, &OPTIONS));
            }
        };
        for (text, slot) in [(first, &mut self.first), (step, &mut self.step), (last, &mut self.last)] {
            match text.trim().parse::<f64>() {
                Ok(number) if !number.is_nan() => *slot = number,
                _ => {
                    cx.fail(&format!("invalid floating point argument: ‘{text}’"));
                    return Err(options::misuse(cx, &OPTIONS));
                }
            }
        }
        if self.step == 0.0 {
            cx.fail(&format!("invalid Zero increment value: ‘{step}’"));
            return Err(options::misuse(cx, &OPTIONS));
        }
        self.separator = parsed.last("separator").unwrap_or("\n").to_owned();
        let precision = decimals(first).max(decimals(step));
        let mut conversion = Conversion { precision: Some(precision), ..Conversion::default() };
        if parsed.has("equal-width") {
            conversion.zero = true;
            let wide = |number: f64| format!("{number:.precision$}").len();
            let end = self.first + ((self.last - self.first) / self.step).floor().max(0.0) * self.step;
            conversion.width = wide(self.first).max(if end.is_finite() { wide(end) } else { 0 });
        }
        self.format = (String::new(), conversion, 'f', String::new());
        if let Some(format) = parsed.last("format") {
            self.format = match format_of(format) {
                Some(format) => format,
                None => {
                    cx.fail(&format!("format ‘{format}’ has no % directive"));
                    return Err(1);
                }
            };
        }
        Ok(Vec::new())
    }

    fn produce(&mut self, cx: &mut Cx<'_, '_>) -> Produce {
        let mut out = Vec::new();
        for _ in 0..2_000 {
            let value = self.first + self.index as f64 * self.step;
            // A little more than the last number, so that 0.1 steps reach it.
            let over = (value - self.last) / self.step;
            if over > 1e-9 || value.is_infinite() {
                if self.index > 0 {
                    out.push(b'\n');
                }
                cx.print(1, &out);
                return Produce::End(0);
            }
            if self.index > 0 {
                out.extend(self.separator.bytes());
            }
            let (before, conversion, letter, after) = &self.format;
            out.extend(before.bytes());
            out.extend(conversion.float(if value == 0.0 { 0.0 } else { value }, *letter));
            out.extend(after.bytes());
            self.index += 1;
        }
        cx.print(1, &out);
        Produce::More
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::Done
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        0
    }
}

/// Digits after the point, as the number was written.
fn decimals(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, digits)| digits.len().min(30))
}

/// A negative number is an operand, not an option.
fn protect_negative(mut args: Vec<String>) -> Vec<String> {
    let number =
        |a: &String| a.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        if number(arg) {
            args.insert(at, "--".into());
        }
        if !args[at].starts_with('-') || args[at] == "--" {
            break;
        }
        at += if ["-s", "-f", "--separator", "--format"].contains(&args[at].as_str()) { 2 } else { 1 };
    }
    args
}

fn format_of(format: &str) -> Option<(String, Conversion, char, String)> {
    let (before, rest) = format.split_once('%')?;
    let mut conversion = Conversion::default();
    let digits = rest.trim_start_matches(|c| conversion.flag(c));
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (width, precision) = match digits[..end].split_once('.') {
        Some((width, precision)) => (width, Some(precision)),
        None => (&digits[..end], None),
    };
    conversion.set_width(width.parse().unwrap_or(0));
    if let Some(precision) = precision {
        conversion.set_precision(precision.parse().unwrap_or(0));
    }
    let letter = digits[end..].chars().next().filter(|c| "eEfFgG".contains(*c))?;
    Some((before.to_owned(), conversion, letter, digits[end + 1..].to_owned()))
}
