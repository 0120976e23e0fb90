//! Cuts a file into pieces: split(1).

use super::{Command, lines_of};
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, optional, short, value};
use crate::commands::posix::number::size;
use crate::commands::posix::quote::{in_message, shell_escape_always as quoted};
use crate::world::{Cx, OpenFlags, one_shot};

/// `split`.
pub const COMMAND: Command =
    Command { name: "split", path: "/usr/bin/split", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    value('a', "suffix-length"),
    value('\0', "additional-suffix"),
    value('b', "bytes"),
    absent('C', "line-bytes"),
    short('d', "d"),
    optional('\0', "numeric-suffixes"),
    absent('x', "hex-suffixes"),
    flag('e', "elide-empty-files"),
    absent('\0', "filter"),
    value('l', "lines"),
    value('n', "number"),
    absent('t', "separator"),
    absent('u', "unbuffered"),
    flag('\0', "verbose"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE [PREFIX]]");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    if let Some(extra) = parsed.operands.get(2) {
        cx.fail(&format!("extra operand ‘{extra}’"));
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let file = parsed.operands.first().cloned().unwrap_or_else(|| "-".into());
    let prefix = parsed.operands.get(1).cloned().unwrap_or_else(|| "x".into());
    let how = parsed.last_of(&["bytes", "lines", "number"]).unwrap_or("lines");
    let text = parsed.last(how).unwrap_or("1000").to_owned();
    let Some(amount) = size(&text).filter(|n| *n > 0).and_then(|n| usize::try_from(n).ok()) else {
        match how {
            "number" => cx.fail(&format!("invalid number of chunks: ‘{text}’")),
            unit => {
                let range = if size(&text) == Some(0) { ": Numerical result out of range" } else { "" };
                cx.fail(&format!("invalid number of {unit}: ‘{text}’{range}"));
            }
        }
        return Ok(1);
    };
    let bytes = match cx.input(&file)? {
        Ok(bytes) => bytes,
        Err(errno) => {
            cx.fail(&format!("cannot open {} for reading: {}", quoted(&file), errno.message()));
            return Ok(1);
        }
    };
    let pieces: Vec<Vec<u8>> = match how {
        "bytes" => bytes.chunks(amount).map(<[u8]>::to_vec).collect(),
        "number" => {
            let each = bytes.len() / amount;
            let cut = |at: usize| if at + 1 == amount { bytes.len() } else { (at + 1) * each };
            (0..amount.min(100_000)).map(|at| bytes[at * each..cut(at)].to_vec()).collect()
        }
        _ => {
            let ended = bytes.last() == Some(&b'\n');
            let lines = lines_of(&bytes);
            let mut pieces: Vec<Vec<u8>> = lines.chunks(amount).map(|chunk| chunk.join(&b'\n')).collect();
            let last = pieces.len();
            for (at, piece) in pieces.iter_mut().enumerate() {
                if ended || at + 1 < last {
                    piece.push(b'\n');
                }
            }
            pieces
        }
    };
    let digits = parsed.has("d") || parsed.has("numeric-suffixes");
    let first: usize = parsed.last("numeric-suffixes").and_then(|n| n.parse().ok()).unwrap_or(0);
    let length = parsed.last("suffix-length").and_then(|n| n.parse::<usize>().ok()).unwrap_or(2).clamp(1, 16);
    let ending = parsed.last("additional-suffix").unwrap_or_default().to_owned();
    for (at, piece) in pieces.iter().filter(|p| !p.is_empty() || !parsed.has("elide-empty-files")).enumerate() {
        let Some(suffix) = suffix(at + first, length, digits) else {
            cx.fail("output file suffixes exhausted");
            return Ok(1);
        };
        let name = format!("{prefix}{suffix}{ending}");
        if parsed.has("verbose") {
            cx.outln(&format!("creating file {}", quoted(&name)));
        }
        match cx.open(&name, OpenFlags::WRITE, 0o666) {
            Ok(fd) => write(cx, fd, piece),
            Err(errno) => {
                cx.fail(&format!("{}: {}", in_message(&name), errno.message()));
                return Ok(1);
            }
        }
    }
    Ok(0)
}

fn write(cx: &mut Cx<'_, '_>, fd: u32, mut rest: &[u8]) {
    while !rest.is_empty() {
        match cx.write(fd, rest) {
            Ok(n) if n > 0 => rest = &rest[n..],
            _ => break,
        }
    }
    let _ = cx.close(fd);
}

/// The ending of the piece with this number; `None` when there are too many.
fn suffix(mut number: usize, length: usize, digits: bool) -> Option<String> {
    let base = if digits { 10 } else { 26 };
    let mut out = Vec::new();
    for _ in 0..length {
        let value = u8::try_from(number % base).ok()?;
        out.push(if digits { b'0' + value } else { b'a' + value });
        number /= base;
    }
    out.reverse();
    (number == 0).then(|| String::from_utf8_lossy(&out).into_owned())
}
