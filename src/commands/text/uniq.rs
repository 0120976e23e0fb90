//! Tells repeated lines: uniq(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Takes, absent, also, flag, value};
use crate::world::{Cx, Errno, Filter, FilterFlow, OpenFlags, filter};

/// `uniq`.
pub const COMMAND: Command =
    Command { name: "uniq", path: "/usr/bin/uniq", program: |argv| filter(Uniq::default(), argv) };

const TABLE: &[Opt] = &[
    flag('c', "count"),
    flag('d', "repeated"),
    also('D', "all-repeated", "all-repeated", Takes::Nothing),
    value('f', "skip-fields"),
    absent('\0', "group"),
    flag('i', "ignore-case"),
    value('s', "skip-chars"),
    flag('u', "unique"),
    absent('z', "zero-terminated"),
    value('w', "check-chars"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [INPUT [OUTPUT]]");

#[derive(Clone, Default)]
struct Uniq {
    count: bool,
    repeated: bool,
    all: bool,
    unique: bool,
    ignore_case: bool,
    fields: usize,
    chars: usize,
    width: Option<usize>,
    /// The first line of the present group and how many it has.
    group: Option<(Vec<u8>, u64)>,
    failed: bool,
}

impl Filter for Uniq {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        self.count = parsed.has("count");
        self.repeated = parsed.has("repeated");
        self.all = parsed.has("all-repeated");
        self.unique = parsed.has("unique");
        self.ignore_case = parsed.has("ignore-case");
        for given in &parsed.options {
            let Some(text) = &given.value else { continue };
            let Ok(number) = text.parse::<usize>() else {
                let what = match given.key {
                    "skip-fields" => "fields to skip",
                    "skip-chars" => "bytes to skip",
                    _ => "bytes to compare",
                };
                cx.fail(&format!("{text}: invalid number of {what}"));
                return Err(1);
            };
            match given.key {
                "skip-fields" => self.fields = number,
                "skip-chars" => self.chars = number,
                _ => self.width = Some(number),
            }
        }
        if let Some(extra) = parsed.operands.get(2) {
            cx.fail(&format!("extra operand ‘{extra}’"));
            return Err(options::misuse(cx, &OPTIONS));
        }
        if let Some(output) = parsed.operands.get(1) {
            match cx.open(output, OpenFlags::WRITE, 0o666) {
                Ok(fd) => drop(cx.dup2(fd, 1)),
                Err(errno) => {
                    super::complain(cx, output, errno);
                    return Err(1);
                }
            }
        }
        Ok(parsed.operands.into_iter().take(1).collect())
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let same = self.group.as_ref().is_some_and(|(first, _)| self.key(first) == self.key(line));
        match &mut self.group {
            Some((first, count)) if same => {
                if self.all {
                    if *count == 1 {
                        cx.print(1, &[first, &b"\n"[..]].concat());
                    }
                    cx.print(1, &[line, b"\n"].concat());
                }
                *count += 1;
            }
            _ => {
                self.flush(cx);
                self.group = Some((line.to_vec(), 1));
            }
        }
        FilterFlow::More
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = true;
        match errno {
            Errno::EISDIR => cx.fail(&format!("error reading '{file}'")),
            errno => super::complain(cx, file, errno),
        }
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        self.flush(cx);
        u8::from(self.failed)
    }
}

impl Uniq {
    /// What of a line is compared.
    fn key(&self, line: &[u8]) -> Vec<u8> {
        let blank = |b: &u8| *b == b' ' || *b == b'\t';
        let mut rest = line;
        for _ in 0..self.fields {
            let start = rest.iter().position(|b| !blank(b)).unwrap_or(rest.len());
            let end = rest[start..].iter().position(blank).map_or(rest.len(), |n| start + n);
            rest = &rest[end..];
        }
        rest = rest.get(self.chars..).unwrap_or_default();
        if let Some(width) = self.width {
            rest = &rest[..width.min(rest.len())];
        }
        if self.ignore_case { rest.to_ascii_lowercase() } else { rest.to_vec() }
    }

    fn flush(&mut self, cx: &mut Cx<'_, '_>) {
        let Some((line, count)) = self.group.take() else { return };
        if self.all || (self.repeated && count == 1) || (self.unique && count > 1) {
            return;
        }
        if self.count {
            cx.out(&format!("{count:>7} "));
        }
        cx.print(1, &[&line[..], b"\n"].concat());
    }
}
