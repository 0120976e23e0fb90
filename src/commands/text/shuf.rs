//! Lines in random order, drawn from the machine's own random numbers: shuf(1).

use super::{Command, lines_of};
use crate::commands::options::{self, Opt, Options, Parsed, Stop, absent, ended, flag, value};
use crate::commands::posix::quote::in_message;
use crate::world::{Cx, OpenFlags, one_shot};

/// `shuf`.
pub const COMMAND: Command =
    Command { name: "shuf", path: "/usr/bin/shuf", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('e', "echo"),
    value('i', "input-range"),
    value('n', "head-count"),
    value('o', "output"),
    absent('\0', "random-source"),
    flag('r', "repeat"),
    flag('z', "zero-terminated"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]");
/// More lines than this are not made out of a range.
const MAX_RANGE: u64 = 10_000_000;

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let mut count = u64::MAX;
    if let Some(text) = parsed.last("head-count") {
        match text.parse() {
            Ok(number) => count = number,
            Err(_) => {
                cx.fail(&format!("invalid line count: ‘{text}’"));
                return Ok(1);
            }
        }
    }
    let mut lines = lines(cx, &parsed)?;
    let end: &[u8] = if parsed.has("zero-terminated") { b"\0" } else { b"\n" };
    let mut out = Vec::new();
    if parsed.has("repeat") {
        if lines.is_empty() && count > 0 {
            cx.fail("no lines to repeat");
            return Ok(1);
        }
        if count > MAX_RANGE {
            return Ok(options::not_simulated(cx, "-r without -n"));
        }
        for _ in 0..count {
            let at = cx.world.rng.below(lines.len() as u64) as usize;
            out.extend(lines[at].iter().chain(end));
        }
    } else {
        for at in (1..lines.len()).rev() {
            let other = cx.world.rng.below(at as u64 + 1) as usize;
            lines.swap(at, other);
        }
        let wanted = usize::try_from(count).unwrap_or(usize::MAX);
        lines.iter().take(wanted).for_each(|line| out.extend(line.iter().chain(end)));
    }
    let Some(path) = parsed.last("output") else {
        cx.print(1, &out);
        return Ok(0);
    };
    match cx.open(path, OpenFlags::WRITE, 0o666) {
        Ok(fd) => {
            cx.print(fd, &out);
            Ok(0)
        }
        Err(errno) => {
            cx.fail(&format!("{}: {}", in_message(path), errno.message()));
            Ok(1)
        }
    }
}

/// What is shuffled: the operands, a range, or the lines of a file.
fn lines(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> Result<Vec<Vec<u8>>, Stop> {
    Ok(if parsed.has("echo") {
        parsed.operands.iter().map(|word| word.as_bytes().to_vec()).collect()
    } else if let Some(range) = parsed.last("input-range") {
        let ends = range.split_once('-').and_then(|(low, high)| Some((low.parse::<u64>().ok()?, high.parse().ok()?)));
        match ends {
            Some((low, high)) if low <= high && high - low < MAX_RANGE => {
                (low..=high).map(|n: u64| n.to_string().into_bytes()).collect()
            }
            Some((low, high)) if low <= high => {
                cx.fail("memory exhausted");
                return Err(Stop::Exit(1));
            }
            _ => {
                cx.fail(&format!("invalid input range: ‘{range}’"));
                return Err(Stop::Exit(1));
            }
        }
    } else {
        if let Some(extra) = parsed.operands.get(1) {
            cx.fail(&format!("extra operand ‘{extra}’"));
            return Err(Stop::Exit(options::misuse(cx, &OPTIONS)));
        }
        let file = parsed.operands.first().cloned().unwrap_or_else(|| "-".into());
        match cx.input(&file)? {
            Ok(bytes) if parsed.has("zero-terminated") => {
                let text = bytes.strip_suffix(b"\0").unwrap_or(&bytes);
                text.split(|b| *b == 0).map(<[u8]>::to_vec).collect()
            }
            Ok(bytes) => lines_of(&bytes),
            Err(errno) => {
                cx.fail(&format!("{}: {}", in_message(&file), errno.message()));
                return Err(Stop::Exit(1));
            }
        }
    })
}
