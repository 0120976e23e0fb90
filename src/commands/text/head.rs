//! Prints the first part of files: head(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Takes, absent, also, flag, value};
use crate::commands::posix::number::size;
use crate::world::{Cx, Errno, Filter, FilterFlow, filter};

/// `head`.
pub const COMMAND: Command =
    Command { name: "head", path: "/usr/bin/head", program: |argv| filter(Head::default(), argv) };

const TABLE: &[Opt] = &[
    value('c', "bytes"),
    value('n', "lines"),
    flag('q', "quiet"),
    also('\0', "silent", "quiet", Takes::Nothing),
    flag('v', "verbose"),
    absent('z', "zero-terminated"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Head {
    bytes: bool,
    /// All but the last ones.
    from_end: bool,
    count: u64,
    left: u64,
    headers: bool,
    any_header: bool,
    /// What may turn out to be among the last ones.
    held: Vec<u8>,
    failed: bool,
}

impl Filter for Head {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let args = cx.args();
        let args = old_count(args);
        let parsed = options::parse_args(cx, &OPTIONS, &args)?;
        self.count = 10;
        if let Some(key) = parsed.last_of(&["bytes", "lines"]) {
            let text = parsed.last(key).unwrap_or_default();
            self.bytes = key == "bytes";
            self.from_end = text.starts_with('-');
            let Some(count) = size(text.strip_prefix(['-', '+']).unwrap_or(text)) else {
                let what = if self.bytes { "bytes" } else { "lines" };
                cx.fail(&format!("invalid number of {what}: ‘{text}’"));
                return Err(1);
            };
            self.count = count;
        }
        self.headers = match parsed.last_of(&["quiet", "verbose"]) {
            Some(key) => key == "verbose",
            None => parsed.operands.len() > 1,
        };
        Ok(parsed.operands)
    }

    fn wants_bytes(&self) -> bool {
        true
    }

    fn file(&mut self, cx: &mut Cx<'_, '_>, file: &str) {
        self.release(cx);
        self.left = self.count;
        self.header(cx, file);
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::More
    }

    fn bytes(&mut self, cx: &mut Cx<'_, '_>, _: &str, bytes: &[u8]) -> FilterFlow {
        if self.from_end {
            self.held.extend_from_slice(bytes);
            return FilterFlow::More;
        }
        let end = if self.bytes { self.first_bytes(bytes) } else { self.first_lines(bytes) };
        cx.print(1, &bytes[..end]);
        if self.left == 0 { FilterFlow::NextFile } else { FilterFlow::More }
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = true;
        if errno == Errno::EISDIR {
            self.release(cx);
            self.header(cx, file);
            cx.fail(&format!("error reading '{file}': {}", errno.message()));
        } else {
            cx.fail(&format!("cannot open '{file}' for reading: {}", errno.message()));
        }
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        self.release(cx);
        u8::from(self.failed)
    }
}

impl Head {
    fn header(&mut self, cx: &mut Cx<'_, '_>, file: &str) {
        if self.headers {
            let gap = if self.any_header { "\n" } else { "" };
            let name = if file == "-" { "standard input" } else { file };
            cx.outln(&format!("{gap}==> {name} <=="));
            self.any_header = true;
        }
    }

    fn first_bytes(&mut self, bytes: &[u8]) -> usize {
        let end = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        self.left -= end as u64;
        end
    }

    fn first_lines(&mut self, bytes: &[u8]) -> usize {
        for (at, byte) in bytes.iter().enumerate() {
            if self.left == 0 {
                return at;
            }
            self.left -= u64::from(*byte == b'\n');
        }
        if self.count == 0 { 0 } else { bytes.len() }
    }

    /// Prints what was held of the last file, without its last part.
    fn release(&mut self, cx: &mut Cx<'_, '_>) {
        let held = std::mem::take(&mut self.held);
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let end = if self.bytes { held.len().saturating_sub(count) } else { super::last_lines(&held, count) };
        cx.print(1, &held[..end]);
    }
}

/// `head -5` is `head -n 5`.
pub(super) fn old_count(mut args: Vec<String>) -> Vec<String> {
    if let Some(first) = args.first_mut() {
        let digits = first.strip_prefix('-').unwrap_or_default();
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            let (number, letters) = digits.split_at(end);
            let unit = if letters.contains('c') { 'c' } else { 'n' };
            let others: String = letters.chars().filter(|c| *c != 'c' && *c != 'l').collect();
            let count = format!("-{unit}{number}");
            *first = if others.is_empty() { count } else { format!("-{others}{}", &count[1..]) };
        }
    }
    args
}
