//! Compares two files byte by byte: cmp(1).

use super::Command;
use crate::commands::options::{self, Hint, Opt, Options, Stop, ended, flag, value};
use crate::commands::posix::number::size;
use crate::world::{Cx, one_shot};

/// `cmp`.
pub const COMMAND: Command =
    Command { name: "cmp", path: "/usr/bin/cmp", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('b', "print-bytes"),
    value('i', "ignore-initial"),
    flag('l', "verbose"),
    value('n', "bytes"),
    flag('s', "quiet"),
    flag('\0', "silent"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]",
    version: "(GNU diffutils) 3.8",
    status: 2,
    hint: Hint::NamedTry,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let Some(first) = parsed.operands.first().cloned() else {
        cx.fail("missing operand after 'cmp'");
        return Ok(options::misuse(cx, &OPTIONS));
    };
    let second = parsed.operands.get(1).cloned().unwrap_or_else(|| "-".into());
    let quiet = parsed.has("quiet") || parsed.has("silent");
    let mut both = Vec::new();
    for file in [&first, &second] {
        match cx.input(file)? {
            Ok(bytes) => both.push(bytes),
            Err(errno) => {
                if !quiet {
                    cx.fail(&format!("{file}: {}", errno.message()));
                }
                return Ok(2);
            }
        }
    }
    let skip = |at: usize, text: Option<&str>| {
        let text = text?;
        let part = text.split(':').nth(at).or_else(|| text.split(':').next())?;
        size(part).and_then(|n| usize::try_from(n).ok())
    };
    let initial = parsed.last("ignore-initial");
    let limit = parsed.last("bytes").and_then(size).and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    let cut = |at: usize, bytes: &[u8]| {
        let operand = parsed.operands.get(2 + at).map(String::as_str);
        let from = skip(at, initial).or(skip(0, operand)).unwrap_or(0).min(bytes.len());
        bytes[from..].iter().take(limit).copied().collect::<Vec<u8>>()
    };
    let (a, b) = (cut(0, &both[0]), cut(1, &both[1]));
    Ok(compare(cx, [&first, &second], &a, &b, (quiet, parsed.has("verbose"), parsed.has("print-bytes"))))
}

/// Prints where the two differ; `how`: quiet, every byte, with the bytes.
fn compare(cx: &mut Cx<'_, '_>, names: [&String; 2], a: &[u8], b: &[u8], how: (bool, bool, bool)) -> u8 {
    let (quiet, verbose, bytes) = how;
    let different: Vec<usize> = a.iter().zip(b).enumerate().filter(|(_, (x, y))| x != y).map(|(at, _)| at).collect();
    if quiet {
        return u8::from(!different.is_empty() || a.len() != b.len());
    }
    if verbose {
        let width = a.len().min(b.len()).to_string().len();
        for at in &different {
            let (x, y) = (a[*at], b[*at]);
            cx.outln(&match bytes {
                true => format!("{:>width$} {x:>3o} {:<4} {y:>3o} {}", at + 1, shown(x), shown(y)),
                false => format!("{:>width$} {x:>3o} {y:>3o}", at + 1),
            });
        }
    } else if let Some(at) = different.first() {
        let line = a[..*at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let (x, y) = (a[*at], b[*at]);
        let detail = if bytes { format!(" is {x:>3o} {} {y:>3o} {}", shown(x), shown(y)) } else { String::new() };
        cx.outln(&format!("{} {} differ: byte {}, line {line}{detail}", names[0], names[1], at + 1));
        return 1;
    }
    if a.len() != b.len() {
        let (short, name) = if a.len() < b.len() { (a, names[0]) } else { (b, names[1]) };
        let lines = short.iter().filter(|byte| **byte == b'\n').count();
        let place = match short.last() {
            None => " which is empty".to_owned(),
            Some(_) if verbose => format!(" after byte {}", short.len()),
            Some(b'\n') => format!(" after byte {}, line {lines}", short.len()),
            Some(_) => format!(" after byte {}, in line {}", short.len(), lines + 1),
        };
        cx.fail(&format!("EOF on {name}{place}"));
        return 1;
    }
    u8::from(!different.is_empty())
}

fn shown(byte: u8) -> String {
    let (meta, low) = if byte >= 128 { ("M-", byte - 128) } else { ("", byte) };
    match low {
        0..32 => format!("{meta}^{}", char::from(low + 64)),
        127 => format!("{meta}^?"),
        _ => format!("{meta}{}", char::from(low)),
    }
}
