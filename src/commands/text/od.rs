//! Bytes as numbers and letters: od(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, short, value};
use crate::commands::posix::number::size;
use crate::world::{Cx, one_shot};

/// `od`.
pub const COMMAND: Command =
    Command { name: "od", path: "/usr/bin/od", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    value('A', "address-radix"),
    value('j', "skip-bytes"),
    value('N', "read-bytes"),
    value('t', "format"),
    flag('v', "output-duplicates"),
    value('w', "width"),
    absent('S', "strings"),
    absent('\0', "endian"),
    absent('\0', "traditional"),
    short('a', "a"),
    short('b', "b"),
    short('c', "c"),
    short('d', "d"),
    short('i', "i"),
    short('l', "l"),
    short('o', "o"),
    short('s', "s"),
    short('x', "x"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

/// How the bytes of a line are shown: a letter (`a c d o u x`), bytes a number takes, and whether `>text<` follows.
#[derive(Clone, Copy)]
struct Format {
    kind: char,
    size: usize,
    text: bool,
}

impl Format {
    /// Columns that one number takes, with the blank before it.
    fn width(self) -> usize {
        1 + match (self.kind, self.size) {
            ('a' | 'c', _) => 3,
            ('x', n) => 2 * n,
            ('o', 1) => 3,
            ('o', 2) => 6,
            ('o', 4) => 11,
            ('o', _) => 22,
            ('d', 1) => 4,
            ('d', 2) => 6,
            ('d', 4) => 11,
            ('d', _) => 20,
            (_, 1) => 3,
            (_, 2) => 5,
            (_, 4) => 10,
            _ => 20,
        }
    }

    fn show(self, bytes: &[u8]) -> String {
        let mut whole = [0_u8; 8];
        whole[..bytes.len()].copy_from_slice(bytes);
        let number = u64::from_le_bytes(whole);
        let unused = 64 - 8 * self.size as u32;
        match self.kind {
            'c' => letter(bytes[0]),
            'a' => named(bytes[0]),
            'x' => format!("{number:0width$x}", width = 2 * self.size),
            'o' => format!("{number:0width$o}", width = self.width() - 1),
            'd' => ((number << unused) as i64 >> unused).to_string(),
            _ => number.to_string(),
        }
    }
}

/// A byte as `-c` shows it, hexdump's too.
pub(super) fn letter(byte: u8) -> String {
    match byte {
        0 => "\\0".into(),
        7 => "\\a".into(),
        8 => "\\b".into(),
        9 => "\\t".into(),
        10 => "\\n".into(),
        11 => "\\v".into(),
        12 => "\\f".into(),
        13 => "\\r".into(),
        32..127 => char::from(byte).to_string(),
        _ => format!("{byte:03o}"),
    }
}

/// A byte as `-a` shows it: the names of ASCII's control characters.
fn named(byte: u8) -> String {
    const NAMES: [&str; 33] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle",
        "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp",
    ];
    match byte & 127 {
        low @ 0..=32 => NAMES[usize::from(low)].into(),
        127 => "del".into(),
        low => char::from(low).to_string(),
    }
}

/// The formats that a `-t` names.
fn formats(text: &str) -> Result<Vec<Format>, String> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(kind) = chars.next() {
        let mut digits = String::new();
        let mut size = match kind {
            'a' | 'c' => 1,
            'd' | 'o' | 'u' | 'x' => 4,
            'f' => return Err("type string ‘f’ is not simulated".into()),
            _ => return Err(format!("invalid character '{kind}' in type string ‘{text}’")),
        };
        if let (true, Some(unit)) = (!"ac".contains(kind), chars.peek().copied()) {
            if let Some((_, bytes)) = [('C', 1), ('S', 2), ('I', 4), ('L', 8)].iter().find(|(c, _)| *c == unit) {
                size = *bytes;
                chars.next();
            } else {
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                if !digits.is_empty() {
                    size = digits.parse().unwrap_or(0);
                }
            }
        }
        if ![1, 2, 4, 8].contains(&size) {
            return Err(format!(
                "invalid type string ‘{text}’;\nthis system doesn't provide a {size}-byte integral type"
            ));
        }
        let show_text = chars.next_if_eq(&'z').is_some();
        found.push(Format { kind, size, text: show_text });
    }
    Ok(found)
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let mut shown = Vec::new();
    for given in &parsed.options {
        let text = match given.key {
            "format" => given.text(),
            "a" => "a",
            "b" => "o1",
            "c" => "c",
            "d" => "u2",
            "i" => "d4",
            "l" => "d8",
            "o" => "o2",
            "s" => "d2",
            "x" => "x2",
            _ => continue,
        };
        match formats(text) {
            Ok(more) => shown.extend(more),
            Err(message) => {
                cx.fail(&message);
                return Ok(1);
            }
        }
    }
    if shown.is_empty() {
        shown.push(Format { kind: 'o', size: 2, text: false });
    }
    let radix = parsed.last("address-radix").and_then(|text| text.chars().next()).unwrap_or('o');
    if !"doxn".contains(radix) {
        cx.fail(&format!("invalid output address radix ‘{radix}’; it must be one character from [doxn]"));
        return Ok(1);
    }
    let files = if parsed.operands.is_empty() { vec!["-".to_owned()] } else { parsed.operands.clone() };
    let (mut bytes, mut status) = (Vec::new(), 0);
    for file in &files {
        match cx.input(file)? {
            Ok(more) => bytes.extend(more),
            Err(errno) => {
                cx.fail(&format!("{file}: {}", errno.message()));
                status = 1;
            }
        }
    }
    let number = |key: &str| parsed.last(key).and_then(size).and_then(|n| usize::try_from(n).ok());
    let skip = number("skip-bytes").unwrap_or(0);
    if skip > bytes.len() {
        cx.fail("cannot skip past end of combined input");
        return Ok(1);
    }
    let end = number("read-bytes").map_or(bytes.len(), |n| bytes.len().min(skip.saturating_add(n)));
    let line = number("width").filter(|n| (1..=4096).contains(n)).unwrap_or(16);
    if status == 0 || end > skip {
        dump(cx, &bytes[..end], skip, &Layout { formats: shown, radix, line, all: parsed.has("output-duplicates") });
    }
    Ok(status)
}

struct Layout {
    formats: Vec<Format>,
    radix: char,
    line: usize,
    all: bool,
}

fn dump(cx: &mut Cx<'_, '_>, bytes: &[u8], skip: usize, layout: &Layout) {
    let address = |at: usize| match layout.radix {
        'd' => format!("{at:07}"),
        'x' => format!("{at:06x}"),
        'n' => String::new(),
        _ => format!("{at:07o}"),
    };
    // Formats of different widths stand one below the other: every byte gets the room of the widest.
    let room = layout.formats.iter().map(|f| f.width().div_ceil(f.size)).max().unwrap_or(4);
    let room = if layout.formats.len() == 1 { 0 } else { room };
    let mut last: Option<&[u8]> = None;
    let mut starred = false;
    for (number, chunk) in bytes[skip..].chunks(layout.line).enumerate() {
        let at = skip + number * layout.line;
        if last == Some(chunk) && !layout.all && chunk.len() == layout.line {
            if !starred {
                cx.outln("*");
            }
            starred = true;
            continue;
        }
        (last, starred) = (Some(chunk), false);
        for (row, format) in layout.formats.iter().enumerate() {
            let head = if row == 0 { address(at) } else { " ".repeat(address(at).len()) };
            let mut text = head;
            let width = format.width().max(room * format.size);
            for unit in chunk.chunks(format.size) {
                text.push_str(&format!("{:>width$}", format.show(unit)));
            }
            if format.text {
                let missing = (layout.line - chunk.len()) / format.size;
                let plain: String =
                    chunk.iter().map(|b| if (32..127).contains(b) { char::from(*b) } else { '.' }).collect();
                text.push_str(&format!("{}  >{plain}<", " ".repeat(missing * width)));
            }
            cx.outln(&text);
        }
    }
    let end = address(bytes.len());
    if !end.is_empty() {
        cx.outln(&end);
    }
}
