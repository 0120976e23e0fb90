//! Prints files one after the other: cat(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, flag, short};
use crate::world::{Cx, Errno, Filter, FilterFlow, filter};

/// `cat`.
pub const COMMAND: Command =
    Command { name: "cat", path: "/usr/bin/cat", program: |argv| filter(Cat { start: true, ..Cat::default() }, argv) };

const TABLE: &[Opt] = &[
    flag('A', "show-all"),
    flag('b', "number-nonblank"),
    short('e', "e"),
    flag('E', "show-ends"),
    flag('n', "number"),
    flag('s', "squeeze-blank"),
    short('t', "t"),
    flag('T', "show-tabs"),
    short('u', "u"),
    flag('v', "show-nonprinting"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Cat {
    number: bool,
    number_nonblank: bool,
    squeeze: bool,
    ends: bool,
    tabs: bool,
    nonprinting: bool,
    /// The next byte begins a line.
    start: bool,
    /// Empty lines in a row so far.
    blank: u32,
    line: u64,
    failed: bool,
}

impl Filter for Cat {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let has = |keys: &[&str]| parsed.last_of(keys).is_some();
        self.number = has(&["number"]);
        self.number_nonblank = has(&["number-nonblank"]);
        self.squeeze = has(&["squeeze-blank"]);
        self.ends = has(&["show-all", "e", "show-ends"]);
        self.tabs = has(&["show-all", "t", "show-tabs"]);
        self.nonprinting = has(&["show-all", "e", "t", "show-nonprinting"]);
        Ok(parsed.operands)
    }

    fn wants_bytes(&self) -> bool {
        true
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::More
    }

    fn bytes(&mut self, cx: &mut Cx<'_, '_>, _: &str, bytes: &[u8]) -> FilterFlow {
        let plain = !(self.number || self.number_nonblank || self.squeeze || self.ends || self.tabs);
        if plain && !self.nonprinting {
            cx.print(1, bytes);
            return FilterFlow::More;
        }
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 4);
        bytes.iter().for_each(|byte| self.byte(*byte, &mut out));
        cx.print(1, &out);
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

impl Cat {
    fn byte(&mut self, byte: u8, out: &mut Vec<u8>) {
        let empty = self.start && byte == b'\n';
        if self.start {
            self.blank = if empty { self.blank + 1 } else { 0 };
            if self.squeeze && self.blank > 1 {
                return;
            }
            if (self.number && !self.number_nonblank) || (self.number_nonblank && !empty) {
                self.line += 1;
                out.extend(format!("{:>6}\t", self.line).bytes());
            }
        }
        self.start = byte == b'\n';
        match byte {
            b'\n' => {
                if self.ends {
                    out.push(b'$');
                }
                out.push(b'\n');
            }
            b'\t' if !self.tabs => out.push(byte),
            b'\t' => out.extend(b"^I"),
            _ if self.nonprinting => caret(byte, out),
            _ => out.push(byte),
        }
    }
}

/// `^A`, `M-a`: control characters and bytes outside ASCII made visible.
fn caret(byte: u8, out: &mut Vec<u8>) {
    match byte {
        0..=31 => out.extend([b'^', byte + 64]),
        127 => out.extend(b"^?"),
        128.. => {
            out.extend(b"M-");
            caret(byte - 128, out);
        }
        _ => out.push(byte),
    }
}
