//! Translates, squeezes and deletes characters, which are bytes to it: tr(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Takes, also, flag};
use crate::world::{Cx, Filter, FilterFlow, filter};

/// `tr`.
pub const COMMAND: Command = Command { name: "tr", path: "/usr/bin/tr", program: |argv| filter(Tr::default(), argv) };

const TABLE: &[Opt] = &[
    flag('c', "complement"),
    also('C', "", "complement", Takes::Nothing),
    flag('d', "delete"),
    flag('s', "squeeze-repeats"),
    flag('t', "truncate-set1"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... STRING1 [STRING2]").in_order();

#[derive(Clone, Default)]
struct Tr {
    /// What each byte becomes.
    map: Vec<u8>,
    delete: Vec<bool>,
    squeeze: Vec<bool>,
    last: Option<u8>,
}

impl Filter for Tr {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let (delete, squeeze) = (parsed.has("delete"), parsed.has("squeeze-repeats"));
        let sets = &parsed.operands;
        operands(cx, sets, delete, squeeze)?;
        let mut first = read_set(cx, &sets[0], None)?;
        if parsed.has("complement") {
            first = (0..=255).filter(|b| !first.contains(b)).collect();
        }
        let second = match sets.get(1) {
            Some(text) => Some(read_set(cx, text, Some(first.len()))?),
            None => None,
        };
        self.map = (0..=255).collect();
        self.delete = vec![false; 256];
        self.squeeze = vec![false; 256];
        if delete {
            first.iter().for_each(|b| self.delete[usize::from(*b)] = true);
        } else if let Some(second) = &second {
            if second.is_empty() && !parsed.has("truncate-set1") {
                cx.fail("when not truncating set1, string2 must be non-empty");
                return Err(1);
            }
            let last = second.last().copied().unwrap_or(0);
            for (at, byte) in first.iter().enumerate() {
                match second.get(at) {
                    Some(to) => self.map[usize::from(*byte)] = *to,
                    None if parsed.has("truncate-set1") => {}
                    None => self.map[usize::from(*byte)] = last,
                }
            }
        }
        if squeeze {
            second.as_ref().unwrap_or(&first).iter().for_each(|b| self.squeeze[usize::from(*b)] = true);
        }
        Ok(Vec::new())
    }

    fn wants_bytes(&self) -> bool {
        true
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::More
    }

    fn bytes(&mut self, cx: &mut Cx<'_, '_>, _: &str, bytes: &[u8]) -> FilterFlow {
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            if self.delete[usize::from(*byte)] {
                continue;
            }
            let to = self.map[usize::from(*byte)];
            if self.squeeze[usize::from(to)] && self.last == Some(to) {
                continue;
            }
            self.last = Some(to);
            out.push(to);
        }
        cx.print(1, &out);
        FilterFlow::More
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        0
    }
}

fn operands(cx: &mut Cx<'_, '_>, sets: &[String], delete: bool, squeeze: bool) -> Result<(), u8> {
    let least = if delete == squeeze { 2 } else { 1 };
    let most = if delete && !squeeze { 1 } else { 2 };
    if sets.len() >= least && sets.len() <= most {
        return Ok(());
    }
    if sets.is_empty() {
        cx.fail("missing operand");
    } else if sets.len() < least {
        cx.fail(&format!("missing operand after ‘{}’", sets[0]));
        let what = if squeeze { "both deleting and squeezing repeats" } else { "translating" };
        cx.errln(&format!("Two strings must be given when {what}."));
    } else {
        cx.fail(&format!("extra operand ‘{}’", sets[most]));
        if most == 1 && sets.len() == 2 {
            cx.errln("Only one string may be given when deleting without squeezing repeats.");
        }
    }
    Err(options::misuse(cx, &OPTIONS))
}

fn read_set(cx: &mut Cx<'_, '_>, text: &str, fill: Option<usize>) -> Result<Vec<u8>, u8> {
    expand(text, fill).map_err(|message| {
        cx.fail(&message);
        1
    })
}

/// A byte of a set, and whether it was escaped (then it is no operator).
type Letter = (u8, bool);

fn letters(text: &str) -> Vec<Letter> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'\\' || at >= bytes.len() {
            out.push((byte, false));
            continue;
        }
        let digits = bytes[at..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
        if digits > 0 {
            let value = bytes[at..at + digits].iter().fold(0u32, |v, b| v * 8 + u32::from(b - b'0'));
            out.push((value as u8, true));
            at += digits;
            continue;
        }
        let control = match bytes[at] {
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            other => other,
        };
        out.push((control, true));
        at += 1;
    }
    out
}

/// All bytes of a set; `[x*]` fills up to `fill`. Errors: the message.
fn expand(text: &str, fill: Option<usize>) -> Result<Vec<u8>, String> {
    let letters = letters(text);
    let plain = |at: usize, byte: u8| letters.get(at) == Some(&(byte, false));
    let mut out = Vec::new();
    let mut filler: Option<(usize, u8)> = None;
    let mut at = 0;
    while let Some(&(byte, _)) = letters.get(at) {
        if plain(at, b'[')
            && plain(at + 1, b':')
            && let Some(end) = (at + 2..letters.len()).find(|i| plain(*i, b':') && plain(*i + 1, b']'))
        {
            let name: String = letters[at + 2..end].iter().map(|(b, _)| char::from(*b)).collect();
            let test = class(&name).ok_or(format!("invalid character class ‘{name}’"))?;
            out.extend((0..=255).filter(test));
            at = end + 2;
            continue;
        }
        if plain(at, b'[')
            && plain(at + 2, b'*')
            && let Some(end) = (at + 3..letters.len()).find(|i| plain(*i, b']'))
        {
            let digits: String = letters[at + 3..end].iter().map(|(b, _)| char::from(*b)).collect();
            let byte = letters[at + 1].0;
            let radix = if digits.starts_with('0') { 8 } else { 10 };
            match usize::from_str_radix(&digits, radix).unwrap_or(0).min(100_000) {
                0 => filler = Some((out.len(), byte)),
                count => out.extend(std::iter::repeat_n(byte, count)),
            }
            at = end + 1;
            continue;
        }
        if plain(at + 1, b'-') && at + 2 < letters.len() {
            let to = letters[at + 2].0;
            if to < byte {
                let (from, to) = (char::from(byte), char::from(to));
                return Err(format!("range-endpoints of '{from}-{to}' are in reverse collating sequence order"));
            }
            out.extend(byte..=to);
            at += 3;
            continue;
        }
        out.push(byte);
        at += 1;
    }
    if let (Some((place, byte)), Some(fill)) = (filler, fill) {
        let missing = fill.saturating_sub(out.len());
        out.splice(place..place, std::iter::repeat_n(byte, missing));
    }
    Ok(out)
}

fn class(name: &str) -> Option<fn(&u8) -> bool> {
    Some(match name {
        "alpha" => u8::is_ascii_alphabetic,
        "digit" => u8::is_ascii_digit,
        "alnum" => u8::is_ascii_alphanumeric,
        "upper" => u8::is_ascii_uppercase,
        "lower" => u8::is_ascii_lowercase,
        "punct" => u8::is_ascii_punctuation,
        "space" => |b| matches!(b, b' ' | 9..=13),
        "blank" => |b| matches!(b, b' ' | b'\t'),
        "cntrl" => u8::is_ascii_control,
        "print" => |b| matches!(b, 32..=126),
        "graph" => u8::is_ascii_graphic,
        "xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    })
}
