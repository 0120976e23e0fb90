//! Numbers lines: nl(1).

use super::Command;
use super::regexp::{Flavor, Regexp};
use crate::commands::options::{self, Opt, Options, absent, flag, value};
use crate::world::{Cx, Errno, Filter, FilterFlow, filter};

/// `nl`.
pub const COMMAND: Command = Command { name: "nl", path: "/usr/bin/nl", program: |argv| filter(Nl::default(), argv) };

const TABLE: &[Opt] = &[
    value('b', "body-numbering"),
    absent('d', "section-delimiter"),
    absent('f', "footer-numbering"),
    absent('h', "header-numbering"),
    value('i', "line-increment"),
    absent('l', "join-blank-lines"),
    value('n', "number-format"),
    flag('p', "no-renumber"),
    value('s', "number-separator"),
    value('v', "starting-line-number"),
    value('w', "number-width"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Nl {
    /// `a` all, `t` lines with something on them, `n` none, `p` those that match.
    style: char,
    pattern: Option<Regexp>,
    step: i64,
    next: i64,
    width: usize,
    format: String,
    separator: String,
    failed: bool,
}

impl Filter for Nl {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let style = parsed.last("body-numbering").unwrap_or("t");
        self.style = style.chars().next().unwrap_or('?');
        if !"atnp".contains(self.style) || (self.style != 'p' && style.len() > 1) {
            cx.fail(&format!("invalid body numbering style: ‘{style}’"));
            return Err(options::misuse(cx, &OPTIONS));
        }
        if self.style == 'p' {
            self.pattern = Some(Regexp::new(&style[1..], Flavor::default()).map_err(|wrong| {
                cx.fail(wrong.message());
                1
            })?);
        }
        let mut number = |key: &str, what: &str, usual: i64| match parsed.last(key) {
            None => Ok(usual),
            Some(text) => text.parse::<i64>().map_err(|_| {
                cx.fail(&format!("invalid {what}: ‘{text}’"));
                1
            }),
        };
        self.step = number("line-increment", "line number increment", 1)?;
        self.next = number("starting-line-number", "starting line number", 1)?;
        self.width = usize::try_from(number("number-width", "line number field width", 6)?).unwrap_or(6).min(1_000);
        self.format = parsed.last("number-format").unwrap_or("rn").to_owned();
        self.separator = parsed.last("number-separator").unwrap_or("\t").to_owned();
        Ok(parsed.operands)
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let numbered = match self.style {
            'a' => true,
            't' => !line.is_empty(),
            'p' => self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(line)),
            _ => false,
        };
        let width = self.width;
        if numbered {
            let number = match self.format.as_str() {
                "ln" => format!("{:<width$}", self.next),
                "rz" => format!("{:0>width$}", self.next),
                _ => format!("{:>width$}", self.next),
            };
            cx.out(&format!("{number}{}", self.separator));
            self.next = self.next.saturating_add(self.step);
        } else {
            cx.out(&" ".repeat(width + self.separator.len()));
        }
        cx.print(1, &[line, b"\n"].concat());
        FilterFlow::More
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = true;
        super::complain(cx, file, errno);
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        u8::from(self.failed)
    }
}
