//! Lines backwards: rev(1); files backwards: tac(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag};
use crate::world::{Cx, Errno, Filter, FilterFlow, filter, one_shot};

/// `rev`.
pub const REV: Command = Command { name: "rev", path: "/usr/bin/rev", program: |argv| filter(Rev::default(), argv) };
/// `tac`.
pub const TAC: Command =
    Command { name: "tac", path: "/usr/bin/tac", program: |argv| one_shot(|cx| ended(tac(cx)), argv) };

const REV_OPTIONS: Options = Options::util_linux(&[absent('0', "zero")], "[options] [<file> ...]");
const TAC_TABLE: &[Opt] = &[flag('b', "before"), flag('r', "regex"), options::value('s', "separator")];
const TAC_OPTIONS: Options = Options::coreutils(TAC_TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Rev {
    failed: bool,
    unterminated: bool,
}

impl Filter for Rev {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        Ok(options::parse(cx, &REV_OPTIONS)?.operands)
    }

    fn unterminated(&mut self, _: &mut Cx<'_, '_>) {
        self.unterminated = true;
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let reversed: String = String::from_utf8_lossy(line).chars().rev().collect();
        let end = if std::mem::take(&mut self.unterminated) { "" } else { "\n" };
        cx.out(&format!("{reversed}{end}"));
        FilterFlow::More
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = true;
        match errno {
            Errno::EISDIR => cx.fail(&format!("{file}: 0: {}", errno.message())),
            errno => cx.fail(&format!("cannot open {file}: {}", errno.message())),
        }
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        u8::from(self.failed)
    }
}

fn tac(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &TAC_OPTIONS)?;
    if parsed.has("regex") || parsed.has("before") {
        return Ok(options::not_simulated(cx, "option -r or -b"));
    }
    let separator = parsed.last("separator").unwrap_or("\n").as_bytes().to_vec();
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".into());
    }
    let mut status = 0;
    for operand in &operands {
        let bytes = match cx.input(operand)? {
            Ok(bytes) => bytes,
            Err(errno) => {
                match errno {
                    Errno::EISDIR => cx.fail(&format!("{operand}: read error: {}", errno.message())),
                    errno => cx.fail(&format!("failed to open '{operand}' for reading: {}", errno.message())),
                }
                status = 1;
                continue;
            }
        };
        let mut parts: Vec<Vec<u8>> = Vec::new();
        let mut rest = &bytes[..];
        while let Some(at) = rest.windows(separator.len().max(1)).position(|window| window == separator) {
            let (part, after) = rest.split_at(at + separator.len());
            parts.push(part.to_vec());
            rest = after;
        }
        parts.push(rest.to_vec());
        for part in parts.iter().rev() {
            cx.print(1, part);
        }
    }
    Ok(status)
}
