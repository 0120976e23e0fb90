//! Breaks lines and widens tabs: fold(1), expand(1), unexpand(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, absent, flag, value};
use crate::commands::posix::number::size;
use crate::world::{Cx, Errno, Filter, FilterFlow, filter};

/// `fold`.
pub const FOLD: Command =
    Command { name: "fold", path: "/usr/bin/fold", program: |argv| filter(Fold::default(), argv) };
/// `expand`.
pub const EXPAND: Command =
    Command { name: "expand", path: "/usr/bin/expand", program: |argv| filter(Expand::default(), argv) };

const TABLE: &[Opt] = &[flag('b', "bytes"), flag('s', "spaces"), value('w', "width")];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");
const EXPAND_TABLE: &[Opt] = &[flag('i', "initial"), value('t', "tabs"), absent('z', "zero")];
const EXPAND_OPTIONS: Options = Options::coreutils(EXPAND_TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Fold {
    width: usize,
    spaces: bool,
    failed: bool,
    unterminated: bool,
}

impl Filter for Fold {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        self.spaces = parsed.has("spaces");
        let text = parsed.last("width").unwrap_or("80");
        match size(text).and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0) {
            Some(width) => self.width = width,
            None => {
                cx.fail(&format!("invalid number of columns: ‘{text}’"));
                return Err(1);
            }
        }
        Ok(parsed.operands)
    }

    fn unterminated(&mut self, _: &mut Cx<'_, '_>) {
        self.unterminated = true;
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let (mut start, mut at, mut column) = (0, 0, 0);
        while at < line.len() {
            let next = match line[at] {
                b'\t' => column / 8 * 8 + 8,
                _ => column + 1,
            };
            if next <= self.width || at == start {
                (at, column) = (at + 1, next);
                continue;
            }
            let blank = line[start..at].iter().rposition(|b| *b == b' ' || *b == b'\t').filter(|_| self.spaces);
            let cut = blank.map_or(at, |blank| start + blank + 1);
            cx.print(1, &[&line[start..cut], b"\n"].concat());
            (start, at, column) = (cut, cut, 0);
        }
        let rest = &line[start..];
        let end: &[u8] = if std::mem::take(&mut self.unterminated) { b"" } else { b"\n" };
        cx.print(1, &[rest, end].concat());
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

#[derive(Clone, Default)]
struct Expand {
    tab: usize,
    initial: bool,
    failed: bool,
}

impl Filter for Expand {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &EXPAND_OPTIONS)?;
        self.initial = parsed.has("initial");
        let text = parsed.last("tabs").unwrap_or("8");
        match text.parse::<usize>() {
            Ok(tab) if (1..=1_000).contains(&tab) => self.tab = tab,
            _ if text.contains([',', ' ']) => return Err(options::not_simulated(cx, "a list of tab stops")),
            _ => {
                cx.fail(&format!("tab size contains invalid character(s): ‘{text}’"));
                return Err(1);
            }
        }
        Ok(parsed.operands)
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let (mut out, mut column, mut leading) = (Vec::new(), 0, true);
        for byte in line {
            leading &= *byte == b' ' || *byte == b'\t';
            if *byte == b'\t' && (leading || !self.initial) {
                let blanks = self.tab - column % self.tab;
                out.resize(out.len() + blanks, b' ');
                column += blanks;
            } else {
                out.push(*byte);
                column += usize::from(byte & 0xc0 != 0x80);
            }
        }
        out.push(b'\n');
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
