//! Bytes as letters and back: base64(1), base32(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, ended, flag, value};
use crate::commands::posix::quote::in_message;
use crate::world::{Cx, one_shot};

/// `base64`.
pub const BASE64: Command =
    Command { name: "base64", path: "/usr/bin/base64", program: |argv| one_shot(|cx| ended(run(cx)), argv) };
/// `base32`.
pub const BASE32: Command =
    Command { name: "base32", path: "/usr/bin/base32", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[flag('d', "decode"), flag('i', "ignore-garbage"), value('w', "wrap")];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]");

/// The letters of an encoding, the bits a letter holds, the letters in a group.
struct Code {
    letters: &'static [u8],
    bits: u32,
    group: usize,
}

const SIXTY_FOUR: Code =
    Code { letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6, group: 4 };
const THIRTY_TWO: Code = Code { letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, group: 8 };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let code = if cx.name() == "base32" { THIRTY_TWO } else { SIXTY_FOUR };
    let wrap = match parsed.last("wrap").map(|text| (text, text.parse::<usize>())) {
        None => 76,
        Some((_, Ok(columns))) => columns,
        Some((text, Err(_))) => {
            cx.fail(&format!("invalid wrap size: ‘{text}’"));
            return Ok(1);
        }
    };
    if let Some(extra) = parsed.operands.get(1) {
        cx.fail(&format!("extra operand ‘{extra}’"));
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let file = parsed.operands.first().cloned().unwrap_or_else(|| "-".into());
    let bytes = match cx.input(&file)? {
        Ok(bytes) => bytes,
        Err(errno) => {
            cx.fail(&format!("{}: {}", in_message(&file), errno.message()));
            return Ok(1);
        }
    };
    if !parsed.has("decode") {
        let text = encode(&code, &bytes);
        if wrap == 0 {
            cx.print(1, &text);
        } else {
            for line in text.chunks(wrap) {
                cx.print(1, line);
                cx.print(1, b"\n");
            }
        }
        return Ok(0);
    }
    let (decoded, whole) = decode(&code, &bytes, parsed.has("ignore-garbage"));
    cx.print(1, &decoded);
    if !whole {
        cx.fail("invalid input");
    }
    Ok(u8::from(!whole))
}

fn encode(code: &Code, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 8 / code.bits as usize + code.group);
    let (mut held, mut count) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        count += 8;
        while count >= code.bits {
            count -= code.bits;
            out.push(code.letters[(held >> count) as usize % code.letters.len()]);
        }
        held &= (1 << count) - 1;
    }
    if count > 0 {
        out.push(code.letters[(held << (code.bits - count)) as usize % code.letters.len()]);
    }
    while !out.len().is_multiple_of(code.group) {
        out.push(b'=');
    }
    out
}

/// What the letters mean, up to the first mistake; the flag tells that there was none.
fn decode(code: &Code, text: &[u8], ignore: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(text.len());
    let mut group: Vec<u32> = Vec::new();
    let mut padding = 0;
    let wanted = text.iter().filter(|b| **b != b'\n');
    for byte in wanted {
        match code.letters.iter().position(|letter| letter == byte) {
            Some(_) if padding > 0 => return (out, false),
            Some(value) => group.push(u32::try_from(value).unwrap_or(0)),
            None if *byte == b'=' => padding += 1,
            None if ignore => continue,
            None => {
                out.extend(bytes_of(code, &group));
                return (out, false);
            }
        }
        if group.len() + padding == code.group {
            if padding > 0 && group.len() < 2 {
                return (out, false);
            }
            out.extend(bytes_of(code, &group));
            (group, padding) = (Vec::new(), 0);
        }
    }
    out.extend(bytes_of(code, &group));
    (out, group.is_empty() && padding == 0)
}

fn bytes_of(code: &Code, group: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut held, mut count) = (0_u64, 0);
    for value in group {
        held = held << code.bits | u64::from(*value);
        count += code.bits;
        if count >= 8 {
            count -= 8;
            out.push((held >> count) as u8);
        }
    }
    out
}
