//! Prints parts of each line: cut(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, absent, flag, short, value};
use crate::world::{Cx, Errno, Filter, FilterFlow, filter};

/// `cut`.
pub const COMMAND: Command =
    Command { name: "cut", path: "/usr/bin/cut", program: |argv| filter(Cut::default(), argv) };

const TABLE: &[Opt] = &[
    value('b', "bytes"),
    value('c', "characters"),
    value('d', "delimiter"),
    value('f', "fields"),
    short('n', "n"),
    flag('\0', "complement"),
    flag('s', "only-delimited"),
    value('\0', "output-delimiter"),
    absent('z', "zero-terminated"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "OPTION... [FILE]...");

#[derive(Clone, Default)]
struct Cut {
    /// From and to, counted from one; in order, apart from one another.
    ranges: Vec<(usize, usize)>,
    fields: bool,
    only_delimited: bool,
    delimiter: Vec<u8>,
    output: Option<Vec<u8>>,
    failed: bool,
}

impl Filter for Cut {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let lists: Vec<_> =
            parsed.options.iter().filter(|o| ["bytes", "characters", "fields"].contains(&o.key)).collect();
        let wrong = |cx: &mut Cx<'_, '_>, message: &str| {
            cx.fail(message);
            Err(options::misuse(cx, &OPTIONS))
        };
        let [list] = lists[..] else {
            let none = "you must specify a list of bytes, characters, or fields";
            return wrong(cx, if lists.is_empty() { none } else { "only one list may be specified" });
        };
        self.fields = list.key == "fields";
        self.only_delimited = parsed.has("only-delimited");
        let delimiter = parsed.last("delimiter");
        self.delimiter = delimiter.unwrap_or("\t").as_bytes().to_vec();
        if delimiter == Some("") {
            self.delimiter = vec![0];
        }
        if self.delimiter.len() != 1 {
            return wrong(cx, "the delimiter must be a single character");
        }
        if !self.fields && delimiter.is_some() {
            return wrong(cx, "an input delimiter may be specified only when operating on fields");
        }
        if !self.fields && self.only_delimited {
            let message = "suppressing non-delimited lines makes sense\n\tonly when operating on fields";
            return wrong(cx, message);
        }
        self.output = parsed.last("output-delimiter").map(|text| text.as_bytes().to_vec());
        match ranges(list.text(), self.fields) {
            Ok(ranges) => self.ranges = ranges,
            Err(message) => return wrong(cx, &message),
        }
        if parsed.has("complement") {
            self.ranges = complement(&self.ranges);
        }
        Ok(parsed.operands)
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let mut out = Vec::new();
        if self.fields {
            let delimiter = self.delimiter[0];
            if !line.contains(&delimiter) {
                if self.only_delimited {
                    return FilterFlow::More;
                }
                out.extend_from_slice(line);
            } else {
                let parts: Vec<&[u8]> = line.split(|b| *b == delimiter).collect();
                let chosen = self.ranges.iter().flat_map(|range| slice(&parts, *range)).copied();
                let chosen: Vec<&[u8]> = chosen.collect();
                out = chosen.join(&self.output.clone().unwrap_or(vec![delimiter])[..]);
            }
        } else {
            let chosen: Vec<&[u8]> =
                self.ranges.iter().map(|range| slice(line, *range)).filter(|part| !part.is_empty()).collect();
            out = chosen.join(&self.output.clone().unwrap_or_default()[..]);
        }
        out.push(b'\n');
        cx.print(1, &out);
        FilterFlow::More
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = true;
        super::complain(cx, file, errno);
    }

    fn end(&mut self, _: &mut Cx<'_, '_>) -> u8 {
        u8::from(self.failed)
    }
}

fn slice<T>(all: &[T], (from, to): (usize, usize)) -> &[T] {
    let to = to.min(all.len());
    if from > to { &[] } else { &all[from - 1..to] }
}

/// `1,3-5,7-`, in order and merged. Errors: the message.
fn ranges(list: &str, fields: bool) -> Result<Vec<(usize, usize)>, String> {
    let what = if fields { "field" } else { "byte/character" };
    let zero = || match fields {
        true => "fields are numbered from 1".to_owned(),
        false => "byte/character positions are numbered from 1".to_owned(),
    };
    let mut ranges = Vec::new();
    for part in list.split([',', ' ']) {
        let number = |text: &str, none: usize| match text {
            "" => Ok(none),
            text => match text.parse::<usize>() {
                Ok(0) => Err(zero()),
                Ok(number) => Ok(number),
                Err(_) if fields => Err(format!("invalid field value ‘{text}’")),
                Err(_) => Err(format!("invalid byte/character position ‘{text}’")),
            },
        };
        let (from, to) = match part.split_once('-') {
            Some(("", "")) => return Err("invalid range with no endpoint: -".into()),
            Some((from, to)) if to.contains('-') => return Err(format!("invalid {what} range ‘{from}-{to}’")),
            Some((from, to)) => (number(from, 1)?, number(to, usize::MAX)?),
            None if part.is_empty() => return Err(zero()),
            None => (number(part, 1)?, number(part, 1)?),
        };
        if from > to {
            return Err("invalid decreasing range".into());
        }
        ranges.push((from, to));
    }
    ranges.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (from, to) in ranges {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    Ok(merged)
}

fn complement(ranges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut next = 1;
    for (from, to) in ranges {
        if *from > next {
            out.push((next, from - 1));
        }
        next = to.saturating_add(1);
    }
    if next < usize::MAX {
        out.push((next, usize::MAX));
    }
    out
}
