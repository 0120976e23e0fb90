//! Bytes in hexadecimal: hexdump(1), hd(1), and xxd(1) with the way back.

use super::Command;
use super::od::letter;
use crate::commands::options::{self, Hint, Opt, Options, Stop, absent, ended, flag, short, short_value, value};
use crate::commands::posix::number::size;
use crate::world::{Cx, one_shot};

/// `hexdump`.
pub const HEXDUMP: Command =
    Command { name: "hexdump", path: "/usr/bin/hexdump", program: |argv| one_shot(|cx| ended(hexdump(cx)), argv) };
/// `hd`: `hexdump -C`.
pub const HD: Command =
    Command { name: "hd", path: "/usr/bin/hd", program: |argv| one_shot(|cx| ended(hexdump(cx)), argv) };
/// `xxd`.
pub const XXD: Command =
    Command { name: "xxd", path: "/usr/bin/xxd", program: |argv| one_shot(|cx| ended(xxd(cx)), argv) };

const HEXDUMP_OPTIONS: Options = Options::util_linux(
    &[
        flag('C', "canonical"),
        flag('b', "one-byte-octal"),
        flag('c', "one-byte-char"),
        flag('d', "two-bytes-decimal"),
        flag('o', "two-bytes-octal"),
        flag('x', "two-bytes-hex"),
        absent('e', "format"),
        absent('f', "format-file"),
        absent('L', "color"),
        value('n', "length"),
        value('s', "skip"),
        flag('v', "no-squeezing"),
    ],
    "[options] <file>...",
);
const XXD_TABLE: &[Opt] = &[
    short_value('c', "c"),
    short_value('g', "g"),
    short_value('l', "l"),
    short_value('s', "s"),
    short('p', "p"),
    short('r', "r"),
    short('u', "u"),
    absent('b', ""),
    absent('e', ""),
    absent('i', ""),
];
const XXD_OPTIONS: Options = Options {
    table: XXD_TABLE,
    usage: "[options] [infile [outfile]]",
    version: "",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

fn printable(bytes: &[u8]) -> String {
    bytes.iter().map(|b| if (32..127).contains(b) { char::from(*b) } else { '.' }).collect()
}

fn hexdump(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &HEXDUMP_OPTIONS)?;
    let files = if parsed.operands.is_empty() { vec!["-".to_owned()] } else { parsed.operands.clone() };
    let (mut bytes, mut status, mut read) = (Vec::new(), 0, false);
    for file in &files {
        match cx.input(file)? {
            Ok(more) => {
                bytes.extend(more);
                read = true;
            }
            Err(errno) => {
                cx.fail(&format!("{file}: {}", errno.message()));
                status = 1;
            }
        }
    }
    if !read {
        cx.fail("all input file arguments failed");
        return Ok(1);
    }
    let number = |key: &str| parsed.last(key).and_then(size).and_then(|n| usize::try_from(n).ok());
    let skip = number("skip").unwrap_or(0).min(bytes.len());
    let end = number("length").map_or(bytes.len(), |n| bytes.len().min(skip.saturating_add(n)));
    let canonical = parsed.has("canonical") || cx.name() == "hd";
    let kind =
        parsed.last_of(&["one-byte-octal", "one-byte-char", "two-bytes-decimal", "two-bytes-octal", "two-bytes-hex"]);
    let digits = if canonical { 8 } else { 7 };
    let mut last: Option<&[u8]> = None;
    let mut starred = false;
    for (at, chunk) in bytes[skip..end].chunks(16).enumerate() {
        if last == Some(chunk) && chunk.len() == 16 && !parsed.has("no-squeezing") {
            if !starred {
                cx.outln("*");
            }
            starred = true;
            continue;
        }
        (last, starred) = (Some(chunk), false);
        let line = if canonical { canonical_line(chunk) } else { plain_line(chunk, kind) };
        cx.outln(&format!("{:0digits$x}{line}", skip + at * 16));
    }
    if end > skip {
        cx.outln(&format!("{end:0digits$x}"));
    }
    Ok(status)
}

fn canonical_line(chunk: &[u8]) -> String {
    let mut text = String::from(" ");
    for at in 0..16 {
        text.push_str(if at == 8 { "  " } else { " " });
        match chunk.get(at) {
            Some(byte) => text.push_str(&format!("{byte:02x}")),
            None => text.push_str("  "),
        }
    }
    format!("{text}  |{}|", printable(chunk))
}

/// A line in one of the forms without a text column; short lines are filled up with blanks.
fn plain_line(chunk: &[u8], kind: Option<&str>) -> String {
    let mut text = String::new();
    let single = matches!(kind, Some("one-byte-octal" | "one-byte-char"));
    for unit in chunk.chunks(if single { 1 } else { 2 }) {
        let number = u16::from(unit[0]) | unit.get(1).map_or(0, |high| u16::from(*high) << 8);
        text.push_str(&match kind {
            Some("one-byte-octal") => format!(" {number:03o}"),
            Some("one-byte-char") => format!(" {:>3}", letter(unit[0])),
            Some("two-bytes-decimal") => format!("   {number:05}"),
            Some("two-bytes-octal") => format!("  {number:06o}"),
            Some(_) => format!("    {number:04x}"),
            None => format!(" {number:04x}"),
        });
    }
    let full = if kind.is_some() { 64 } else { 40 };
    format!("{text:<full$}")
}

fn xxd(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &XXD_OPTIONS)?;
    let file = parsed.operands.first().cloned().unwrap_or_else(|| "-".into());
    if parsed.operands.len() > 1 {
        return Ok(options::not_simulated(cx, "an output file"));
    }
    let bytes = match cx.input(&file)? {
        Ok(bytes) => bytes,
        Err(errno) => {
            cx.fail(&format!("{file}: {}", errno.message()));
            return Ok(2);
        }
    };
    if parsed.has("r") {
        let out = reverse(&bytes, parsed.has("p"));
        cx.print(1, &out);
        return Ok(0);
    }
    let number = |key: &str| parsed.last(key).and_then(size).and_then(|n| usize::try_from(n).ok());
    let skip = number("s").unwrap_or(0).min(bytes.len());
    let end = number("l").map_or(bytes.len(), |n| bytes.len().min(skip.saturating_add(n)));
    let hex = |byte: &u8| if parsed.has("u") { format!("{byte:02X}") } else { format!("{byte:02x}") };
    let columns = number("c").filter(|n| (1..=256).contains(n)).unwrap_or(if parsed.has("p") { 30 } else { 16 });
    let group = number("g").unwrap_or(2).min(columns);
    for (at, chunk) in bytes[skip..end].chunks(columns).enumerate() {
        if parsed.has("p") {
            cx.outln(&chunk.iter().map(hex).collect::<String>());
            continue;
        }
        let mut text = format!("{:08x}:", skip + at * columns);
        for place in 0..columns {
            if place == 0 || (group > 0 && place % group == 0) {
                text.push(' ');
            }
            text.push_str(&chunk.get(place).map_or_else(|| "  ".into(), hex));
        }
        cx.outln(&format!("{text}  {}", printable(chunk)));
    }
    Ok(0)
}

/// The bytes that a dump shows.
fn reverse(text: &[u8], plain: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for line in String::from_utf8_lossy(text).lines() {
        let digits: String = if plain {
            line.chars().filter(char::is_ascii_hexdigit).collect()
        } else {
            let rest = line.split_once(':').map_or("", |(_, rest)| rest);
            let rest = rest.split("  ").next().unwrap_or_default();
            rest.chars().filter(char::is_ascii_hexdigit).collect()
        };
        out.extend(
            digits.as_bytes().chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()),
        );
    }
    out
}
