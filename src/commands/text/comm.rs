//! Compares and joins sorted files: comm(1), join(1).

use std::cmp::Ordering;

use super::Command;
use crate::commands::options::{self, Opt, Options, Parsed, Stop, absent, ended, flag, short, short_value, value};
use crate::world::{Cx, one_shot};

/// `comm`.
pub const COMM: Command =
    Command { name: "comm", path: "/usr/bin/comm", program: |argv| one_shot(|cx| ended(comm(cx)), argv) };
/// `join`.
pub const JOIN: Command =
    Command { name: "join", path: "/usr/bin/join", program: |argv| one_shot(|cx| ended(join(cx)), argv) };

const COMM_TABLE: &[Opt] = &[
    short('1', "1"),
    short('2', "2"),
    short('3', "3"),
    flag('\0', "check-order"),
    flag('\0', "nocheck-order"),
    value('\0', "output-delimiter"),
    flag('\0', "total"),
    absent('z', "zero-terminated"),
];
const COMM_OPTIONS: Options = Options::coreutils(COMM_TABLE, "[OPTION]... FILE1 FILE2");
const JOIN_TABLE: &[Opt] = &[
    short_value('a', "a"),
    short_value('e', "e"),
    flag('i', "ignore-case"),
    short_value('j', "j"),
    short_value('o', "o"),
    short_value('t', "t"),
    short_value('v', "v"),
    short_value('1', "1"),
    short_value('2', "2"),
    flag('\0', "check-order"),
    flag('\0', "nocheck-order"),
    flag('\0', "header"),
    absent('z', "zero-terminated"),
];
const JOIN_OPTIONS: Options = Options::coreutils(JOIN_TABLE, "[OPTION]... FILE1 FILE2");

type Lines = Vec<Vec<u8>>;

/// The lines of both operands.
fn both(cx: &mut Cx<'_, '_>, parsed: &Parsed, options: &Options) -> Result<(Lines, Lines), Stop> {
    let [first, second] = &parsed.operands[..] else {
        match &parsed.operands[..] {
            [] => cx.fail("missing operand"),
            [only] => cx.fail(&format!("missing operand after ‘{only}’")),
            [_, _, extra, ..] => cx.fail(&format!("extra operand ‘{extra}’")),
            _ => {}
        }
        return Err(options::misuse(cx, options).into());
    };
    let mut read = Vec::new();
    for operand in [first, second] {
        match cx.input(operand)? {
            Ok(bytes) => read.push(super::lines_of(&bytes)),
            Err(errno) => {
                super::complain(cx, operand, errno);
                return Err(1.into());
            }
        }
    }
    let second = read.pop().unwrap_or_default();
    Ok((read.pop().unwrap_or_default(), second))
}

fn comm(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &COMM_OPTIONS)?;
    let (left, right) = both(cx, &parsed, &COMM_OPTIONS)?;
    let delimiter = parsed.last("output-delimiter").unwrap_or("\t");
    let shown = ["1", "2", "3"].map(|key| !parsed.has(key));
    let (mut i, mut j) = (0, 0);
    let mut counts = [0u64; 3];
    while i < left.len() || j < right.len() {
        let order = match (left.get(i), right.get(j)) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        let (column, line) = match order {
            Ordering::Less => (0, &left[i]),
            Ordering::Greater => (1, &right[j]),
            Ordering::Equal => (2, &left[i]),
        };
        counts[column] += 1;
        if shown[column] {
            let before = shown[..column].iter().filter(|shown| **shown).count();
            cx.out(&delimiter.repeat(before));
            cx.print(1, &[line, &b"\n"[..]].concat());
        }
        i += usize::from(order != Ordering::Greater);
        j += usize::from(order != Ordering::Less);
    }
    if parsed.has("total") {
        let [a, b, c] = counts;
        cx.outln(&format!("{a}{delimiter}{b}{delimiter}{c}{delimiter}total"));
    }
    let mut status = 0;
    for (number, lines) in [(1, &left), (2, &right)] {
        if !parsed.has("nocheck-order") && lines.windows(2).any(|pair| pair[0] > pair[1]) {
            cx.fail(&format!("file {number} is not in sorted order"));
            status = 1;
        }
    }
    if status == 1 {
        cx.fail("input is not in sorted order");
    }
    Ok(status)
}

/// How join takes lines apart and puts them together.
struct Joining {
    separator: Option<u8>,
    fields: [usize; 2],
    ignore_case: bool,
    empty: String,
    /// `-o`: file (0 is the key) and field.
    format: Option<Vec<(usize, usize)>>,
}

impl Joining {
    fn split(&self, line: &[u8]) -> Vec<Vec<u8>> {
        match self.separator {
            Some(separator) => line.split(|b| *b == separator).map(<[u8]>::to_vec).collect(),
            None => {
                line.split(|b| *b == b' ' || *b == b'\t').filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect()
            }
        }
    }

    fn key(&self, fields: &[Vec<u8>], file: usize) -> Vec<u8> {
        let key = fields.get(self.fields[file] - 1).cloned().unwrap_or_default();
        if self.ignore_case { key.to_ascii_lowercase() } else { key }
    }

    fn line(&self, left: Option<&Vec<Vec<u8>>>, right: Option<&Vec<Vec<u8>>>) -> Vec<u8> {
        let sides = [left, right];
        let key =
            [0, 1].into_iter().find_map(|side| sides[side]?.get(self.fields[side] - 1).cloned()).unwrap_or_default();
        let mut parts: Vec<Vec<u8>> = Vec::new();
        match &self.format {
            Some(format) => {
                for (file, field) in format {
                    let part = match file {
                        0 => Some(key.clone()),
                        side => sides[side - 1].and_then(|fields| fields.get(field - 1).cloned()),
                    };
                    parts.push(part.filter(|p| !p.is_empty()).unwrap_or_else(|| self.empty.clone().into_bytes()));
                }
            }
            None => {
                parts.push(key);
                for (side, fields) in sides.iter().enumerate() {
                    let others = fields.iter().flat_map(|fields| fields.iter().enumerate());
                    parts.extend(others.filter(|(at, _)| *at + 1 != self.fields[side]).map(|(_, part)| part.clone()));
                }
            }
        }
        parts.join(&self.separator.unwrap_or(b' '))
    }
}

/// What the options of `join` ask for. Errors: a field that is none.
fn joining(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> Result<Joining, u8> {
    let mut joining = Joining {
        separator: parsed.last("t").and_then(|text| text.bytes().next()),
        fields: [1, 1],
        ignore_case: parsed.has("ignore-case"),
        empty: parsed.last("e").unwrap_or_default().to_owned(),
        format: None,
    };
    if parsed.last("t") == Some("\\t") {
        joining.separator = Some(b'\t');
    }
    for (key, sides) in [("j", &[0, 1][..]), ("1", &[0]), ("2", &[1])] {
        let Some(text) = parsed.last(key) else { continue };
        let Some(number) = text.parse::<usize>().ok().filter(|number| *number > 0) else {
            cx.fail(&format!("invalid field number: ‘{text}’"));
            return Err(1);
        };
        sides.iter().for_each(|side| joining.fields[*side] = number);
    }
    if let Some(text) = parsed.last("o").filter(|text| *text != "auto") {
        let mut format = Vec::new();
        for part in text.split([',', ' ']) {
            let pair = part.split_once('.').and_then(|(file, field)| Some((file.parse().ok()?, field.parse().ok()?)));
            match pair {
                Some((file @ (1 | 2), field)) if field > 0 => format.push((file, field)),
                _ if part == "0" => format.push((0, 1)),
                _ => {
                    cx.fail(&format!("invalid field specifier: ‘{part}’"));
                    return Err(1);
                }
            }
        }
        joining.format = Some(format);
    }
    Ok(joining)
}

fn join(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &JOIN_OPTIONS)?;
    let joining = joining(cx, &parsed)?;
    let (left, right) = both(cx, &parsed, &JOIN_OPTIONS)?;
    let left: Vec<Vec<Vec<u8>>> = left.iter().map(|line| joining.split(line)).collect();
    let right: Vec<Vec<Vec<u8>>> = right.iter().map(|line| joining.split(line)).collect();
    let wants = |key: &str, side: &str| parsed.options.iter().any(|o| o.key == key && o.text() == side);
    let only = parsed.has("v");
    let unpaired = [wants("a", "1") || wants("v", "1"), wants("a", "2") || wants("v", "2")];
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let order = match (left.get(i), right.get(j)) {
            (Some(a), Some(b)) => joining.key(a, 0).cmp(&joining.key(b, 1)),
            (Some(_), None) => Ordering::Less,
            _ => Ordering::Greater,
        };
        match order {
            Ordering::Less => {
                out.extend(unpaired[0].then(|| joining.line(Some(&left[i]), None)));
                i += 1;
            }
            Ordering::Greater => {
                out.extend(unpaired[1].then(|| joining.line(None, Some(&right[j]))));
                j += 1;
            }
            Ordering::Equal => {
                let key = joining.key(&left[i], 0);
                let same = left[i..].iter().take_while(|fields| joining.key(fields, 0) == key).count();
                let other = right[j..].iter().take_while(|fields| joining.key(fields, 1) == key).count();
                for a in &left[i..i + same] {
                    for b in &right[j..j + other] {
                        out.extend((!only).then(|| joining.line(Some(a), Some(b))));
                    }
                }
                (i, j) = (i + same, j + other);
            }
        }
    }
    for line in out {
        cx.print(1, &[&line[..], b"\n"].concat());
    }
    Ok(0)
}
