//! Sorts lines: sort(1).

mod compare;
mod key;
mod version;

use std::cmp::Ordering;

use super::Command;
use crate::commands::options::{self, Opt, Options, Parsed, Stop, Takes, absent, also, ended, flag, optional, value};
use crate::world::{Cx, OpenFlags, one_shot};
use key::{Key, Order};

pub use version::version_compare;

/// `sort`.
pub const COMMAND: Command =
    Command { name: "sort", path: "/usr/bin/sort", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('b', "ignore-leading-blanks"),
    flag('d', "dictionary-order"),
    flag('f', "ignore-case"),
    flag('g', "general-numeric-sort"),
    flag('h', "human-numeric-sort"),
    flag('i', "ignore-nonprinting"),
    flag('M', "month-sort"),
    flag('n', "numeric-sort"),
    absent('R', "random-sort"),
    flag('r', "reverse"),
    value('\0', "sort"),
    flag('V', "version-sort"),
    optional('\0', "check"),
    also('c', "", "check", Takes::Nothing),
    also('C', "", "check-silent", Takes::Nothing),
    absent('\0', "debug"),
    absent('\0', "files0-from"),
    value('k', "key"),
    flag('m', "merge"),
    value('o', "output"),
    flag('s', "stable"),
    value('S', "buffer-size"),
    value('t', "field-separator"),
    value('T', "temporary-directory"),
    value('\0', "parallel"),
    flag('u', "unique"),
    absent('z', "zero-terminated"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...").status(2);

/// How lines are put in order.
struct Sorting {
    keys: Vec<Key>,
    separator: Option<u8>,
    order: Order,
    stable: bool,
    unique: bool,
}

impl Sorting {
    fn compare(&self, a: &[u8], b: &[u8]) -> Ordering {
        let by_keys = self.by_keys(a, b);
        if by_keys != Ordering::Equal || self.stable || self.unique {
            return by_keys;
        }
        if self.order.reverse { b.cmp(a) } else { a.cmp(b) }
    }

    fn by_keys(&self, a: &[u8], b: &[u8]) -> Ordering {
        if self.keys.is_empty() {
            return if self.order.is_plain() { a.cmp(b).by(self.order.reverse) } else { self.order.compare(a, b) };
        }
        let one = |key: &Key| key.order.compare(key.of(a, self.separator), key.of(b, self.separator));
        self.keys.iter().map(one).find(|o| *o != Ordering::Equal).unwrap_or(Ordering::Equal)
    }
}

trait By {
    fn by(self, reverse: bool) -> Self;
}

impl By for Ordering {
    fn by(self, reverse: bool) -> Self {
        if reverse { self.reverse() } else { self }
    }
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let sorting = settings(cx, &parsed)?;
    let mut files = parsed.operands.clone();
    if files.is_empty() {
        files.push("-".into());
    }
    let check = parsed.last_of(&["check", "check-silent"]);
    if let (Some(_), Some(extra)) = (check, files.get(1)) {
        cx.fail(&format!("extra operand '{extra}' not allowed with -c"));
        return Ok(2);
    }
    let mut text = Vec::new();
    for file in &files {
        match cx.input(file)? {
            Ok(bytes) => {
                text.extend(bytes);
                if text.last().is_some_and(|b| *b != b'\n') {
                    text.push(b'\n');
                }
            }
            Err(errno) => {
                let what = if errno == crate::world::Errno::EISDIR { "read failed" } else { "cannot read" };
                cx.fail(&format!("{what}: {file}: {}", errno.message()));
                return Ok(2);
            }
        }
    }
    let mut lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    lines.pop();
    if let Some(check) = check {
        return Ok(check_order(cx, &sorting, &lines, &files[0], check == "check"));
    }
    lines.sort_by(|a, b| sorting.compare(a, b));
    if sorting.unique {
        lines.dedup_by(|a, b| sorting.by_keys(a, b) == Ordering::Equal);
    }
    let mut out = lines.join(&b'\n');
    if !lines.is_empty() {
        out.push(b'\n');
    }
    write(cx, parsed.last("output"), &out)
}

fn write(cx: &mut Cx<'_, '_>, output: Option<&str>, out: &[u8]) -> Result<u8, Stop> {
    let Some(path) = output.filter(|path| *path != "-") else {
        cx.print(1, out);
        return Ok(0);
    };
    match cx.open(path, OpenFlags::WRITE, 0o666) {
        Ok(fd) => {
            cx.print(fd, out);
            Ok(0)
        }
        Err(errno) => {
            cx.fail(&format!("open failed: {path}: {}", errno.message()));
            Ok(2)
        }
    }
}

fn check_order(cx: &mut Cx<'_, '_>, sorting: &Sorting, lines: &[&[u8]], file: &str, tell: bool) -> u8 {
    let wrong = |pair: &[&[u8]]| {
        let order = sorting.compare(pair[0], pair[1]);
        order == Ordering::Greater || (sorting.unique && order == Ordering::Equal)
    };
    let Some(at) = lines.windows(2).position(wrong) else { return 0 };
    if tell {
        let line = String::from_utf8_lossy(lines[at + 1]).into_owned();
        cx.fail(&format!("{file}:{}: disorder: {line}", at + 2));
    }
    1
}

fn settings(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> Result<Sorting, u8> {
    let mut order = Order::default();
    let mut keys = Vec::new();
    let mut separator = None;
    for given in &parsed.options {
        let text = given.text();
        match given.key {
            "key" => match Key::parse(text) {
                Ok(key) => keys.push(key),
                Err(message) => {
                    cx.fail(&message);
                    return Err(2);
                }
            },
            "field-separator" => {
                separator = match text {
                    "" => {
                        cx.fail("empty tab");
                        return Err(2);
                    }
                    "\\0" => Some(0),
                    text if text.len() == 1 => Some(text.as_bytes()[0]),
                    text => {
                        cx.fail(&format!("multi-character tab ‘{text}’"));
                        return Err(2);
                    }
                };
            }
            "sort" => {
                order.set(match text {
                    "general-numeric" => 'g',
                    "human-numeric" => 'h',
                    "month" => 'M',
                    "version" => 'V',
                    _ => 'n',
                });
            }
            key => {
                let letter = TABLE.iter().find(|opt| opt.key == key).map_or('\0', |opt| opt.short);
                order.set(letter);
            }
        }
    }
    for key in &mut keys {
        key.inherit(&order);
    }
    Ok(Sorting { keys, separator, order, stable: parsed.has("stable"), unique: parsed.has("unique") })
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn sorts_as_the_real_one() {
        Bench::new()
            .file("n", "10\n9\n2\n1\n")
            .file("t", "b 2 x\na 10 y\nc 1 x\na 2 z\n")
            .play(include_str!("sort.cases"));
    }
}
