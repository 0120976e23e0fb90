//! Puts lines of files side by side: paste(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, value};
use crate::world::{Cx, one_shot};

/// `paste`.
pub const COMMAND: Command =
    Command { name: "paste", path: "/usr/bin/paste", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[value('d', "delimiters"), flag('s', "serial"), absent('z', "zero-terminated")];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let delimiters = delimiters(parsed.last("delimiters").unwrap_or("\t"));
    let mut operands = parsed.operands.clone();
    if operands.is_empty() {
        operands.push("-".into());
    }
    let stdins = operands.iter().filter(|operand| *operand == "-").count();
    let (mut files, mut turn, mut status) = (Vec::new(), 0, 0);
    for operand in &operands {
        match cx.input(operand)? {
            Ok(bytes) => {
                let mut lines = super::lines_of(&bytes);
                if operand == "-" && stdins > 1 && !parsed.has("serial") {
                    // Several `-` take the lines in turn.
                    lines = lines.into_iter().skip(turn).step_by(stdins).collect();
                    turn += 1;
                }
                files.push(lines);
            }
            Err(errno) => {
                super::complain(cx, operand, errno);
                status = 1;
                if !parsed.has("serial") {
                    return Ok(1);
                }
            }
        }
    }
    let mut out = Vec::new();
    if parsed.has("serial") {
        for lines in &files {
            let parts: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
            join(&mut out, &parts, &delimiters);
        }
    } else {
        for row in 0..files.iter().map(Vec::len).max().unwrap_or(0) {
            let parts: Vec<&[u8]> = files.iter().map(|lines| lines.get(row).map_or(&b""[..], Vec::as_slice)).collect();
            join(&mut out, &parts, &delimiters);
        }
    }
    cx.print(1, &out);
    Ok(status)
}

fn join(out: &mut Vec<u8>, parts: &[&[u8]], delimiters: &[Vec<u8>]) {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(&delimiters[(at - 1) % delimiters.len()]);
        }
        out.extend_from_slice(part);
    }
    out.push(b'\n');
}

/// One delimiter a character; `\n`, `\t`, `\\` and `\0` (none) are escapes.
fn delimiters(text: &str) -> Vec<Vec<u8>> {
    let mut list = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let one = match letter {
            '\\' => match letters.next() {
                Some('n') => "\n".to_owned(),
                Some('t') => "\t".to_owned(),
                Some('0') => String::new(),
                Some(other) => other.to_string(),
                None => "\\".to_owned(),
            },
            other => other.to_string(),
        };
        list.push(one.into_bytes());
    }
    if list.is_empty() {
        list.push(Vec::new());
    }
    list
}
