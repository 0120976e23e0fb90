//! Compares files and folders line by line: diff(1).

mod compare;
mod lines;
mod print;

use super::{Command, lines_of};
use crate::commands::options::{
    self, Hint, Opt, Options, Parsed, Stop, Takes, absent, also, ended, flag, optional, short,
};
use crate::world::{Cx, Errno, Time, one_shot};

/// `diff`.
pub const COMMAND: Command =
    Command { name: "diff", path: "/usr/bin/diff", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('\0', "normal"),
    flag('q', "brief"),
    flag('s', "report-identical-files"),
    optional('\0', "unified"),
    short('u', "u"),
    Opt { key: "U", short: 'U', long: "", takes: Takes::Argument },
    optional('\0', "context"),
    short('c', "c"),
    Opt { key: "C", short: 'C', long: "", takes: Takes::Argument },
    flag('r', "recursive"),
    flag('N', "new-file"),
    flag('i', "ignore-case"),
    flag('b', "ignore-space-change"),
    flag('w', "ignore-all-space"),
    flag('B', "ignore-blank-lines"),
    flag('a', "text"),
    flag('d', "minimal"),
    optional('\0', "color"),
    Opt { key: "exclude", short: 'x', long: "exclude", takes: Takes::Argument },
    Opt { key: "label", short: 'L', long: "label", takes: Takes::Argument },
    flag('y', "side-by-side"),
    also('\0', "suppress-common-lines", "suppress", Takes::Nothing),
    Opt { key: "width", short: 'W', long: "width", takes: Takes::Argument },
    flag('\0', "strip-trailing-cr"),
    absent('e', "ed"),
    absent('n', "rcs"),
    absent('p', "show-c-function"),
    absent('F', "show-function-line"),
    absent('l', "paginate"),
    absent('E', "ignore-tab-expansion"),
    absent('Z', "ignore-trailing-space"),
    absent('I', "ignore-matching-lines"),
    absent('D', "ifdef"),
    absent('t', "expand-tabs"),
    absent('T', "initial-tab"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION]... FILES",
    version: "(GNU diffutils) 3.8",
    status: 2,
    hint: Hint::NamedTry,
    in_order: false,
};

/// How differences are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Normal,
    Unified(usize),
    Context(usize),
    Side,
}

/// One side of a comparison.
struct Side {
    name: String,
    bytes: Vec<u8>,
    time: Time,
}

struct Diff {
    parsed: Parsed,
    style: Style,
    /// Options as they are repeated in the line `diff -r a b`.
    options: String,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let args: Vec<String> = cx.args().iter().map(|arg| old_context(arg)).collect();
    let parsed = options::parse_args(cx, &OPTIONS, &args)?;
    let context = |text: &str| if text.is_empty() { Some(3) } else { text.parse().ok() };
    let mut style = Style::Normal;
    for given in &parsed.options {
        let lines = context(given.text());
        let Some(lines) =
            lines.or_else(|| (!["u", "U", "unified", "c", "C", "context"].contains(&given.key)).then_some(0))
        else {
            cx.fail(&format!("invalid context length '{}'", given.text()));
            return Ok(options::misuse(cx, &OPTIONS));
        };
        match given.key {
            "u" | "U" | "unified" => style = Style::Unified(lines),
            "c" | "C" | "context" => style = Style::Context(lines),
            "side-by-side" => style = Style::Side,
            "normal" => style = Style::Normal,
            _ => {}
        }
    }
    let words = cx.args();
    let options: String = words.iter().filter(|w| w.len() > 1 && w.starts_with('-')).map(|w| format!("{w} ")).collect();
    let [first, second] = &parsed.operands[..] else {
        match parsed.operands.last() {
            Some(last) if parsed.operands.len() == 1 => cx.fail(&format!("missing operand after '{last}'")),
            Some(_) => cx.fail(&format!("extra operand '{}'", parsed.operands[2])),
            None => {
                let last = words.last().cloned().unwrap_or_else(|| "diff".into());
                cx.fail(&format!("missing operand after '{last}'"));
            }
        }
        return Ok(options::misuse(cx, &OPTIONS));
    };
    let (mut first, mut second) = (first.clone(), second.clone());
    let is_folder = |cx: &mut Cx<'_, '_>, name: &str| name != "-" && cx.stat(name).is_ok_and(|node| node.is_dir());
    let folders = (is_folder(cx, &first), is_folder(cx, &second));
    let inside = |folder: &str, file: &str| {
        format!("{}/{}", folder.trim_end_matches('/'), file.rsplit('/').next().unwrap_or(file))
    };
    let diff = Diff { parsed, style, options };
    match folders {
        (true, true) => return diff.folders(cx, &first, &second),
        (true, false) => first = inside(&first, &second),
        (false, true) => second = inside(&second, &first),
        (false, false) => {}
    }
    diff.files(cx, &first, &second, false)
}

/// `-u0` is `-U0`, `-c5` is `-C5`.
fn old_context(arg: &str) -> String {
    let digits = arg.get(2..).filter(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    match (arg.get(..2), digits) {
        (Some("-u"), Some(lines)) => format!("-U{lines}"),
        (Some("-c"), Some(lines)) => format!("-C{lines}"),
        _ => arg.to_owned(),
    }
}

impl Diff {
    fn side(&self, cx: &mut Cx<'_, '_>, name: &str, or_empty: bool) -> Result<Result<Side, Errno>, Stop> {
        let time = if name == "-" { cx.now() } else { cx.stat(name).map_or(Time::default(), |node| node.mtime) };
        Ok(match cx.input(name)? {
            Ok(bytes) => Ok(Side { name: name.to_owned(), bytes, time }),
            Err(Errno::ENOENT) if or_empty => Ok(Side { name: name.to_owned(), bytes: Vec::new(), time }),
            Err(errno) => Err(errno),
        })
    }

    /// Compares two files: 0 equal, 1 different, 2 trouble.
    fn files(&self, cx: &mut Cx<'_, '_>, first: &str, second: &str, inside: bool) -> Result<u8, Stop> {
        let or_empty = self.parsed.has("new-file");
        let mut sides = Vec::new();
        let mut trouble = false;
        for name in [first, second] {
            match self.side(cx, name, or_empty)? {
                Ok(side) => sides.push(side),
                Err(errno) => {
                    cx.fail(&format!("{name}: {}", errno.message()));
                    trouble = true;
                }
            }
        }
        let (Some(b), Some(a), false) = (sides.pop(), sides.pop(), trouble) else { return Ok(2) };
        let binary = |side: &Side| side.bytes.iter().take(4096).any(|byte| *byte == 0);
        let equal = a.bytes == b.bytes;
        if !equal && !self.parsed.has("text") && (binary(&a) || binary(&b)) {
            let brief = if self.parsed.has("brief") { "Files" } else { "Binary files" };
            cx.outln(&format!("{brief} {} and {} differ", a.name, b.name));
            return Ok(1);
        }
        let (left, right) = (lines_of(&a.bytes), lines_of(&b.bytes));
        let hunks = if equal { Vec::new() } else { lines::compare(&a.bytes, &b.bytes, &self.parsed) };
        if hunks.is_empty() {
            if self.parsed.has("report-identical-files") {
                cx.outln(&format!("Files {} and {} are identical", a.name, b.name));
            }
            if self.style != Style::Side {
                return Ok(0);
            }
        } else if self.parsed.has("brief") {
            cx.outln(&format!("Files {} and {} differ", a.name, b.name));
            return Ok(1);
        }
        if inside {
            cx.outln(&format!("diff {}{} {}", self.options, a.name, b.name));
        }
        let text = print::Text { a: &a, b: &b, left: &left, right: &right, parsed: &self.parsed };
        match self.style {
            Style::Normal => print::normal(cx, &text, &hunks),
            Style::Unified(lines) => print::unified(cx, &text, &hunks, lines),
            Style::Context(lines) => print::context(cx, &text, &hunks, lines),
            Style::Side => print::side_by_side(cx, &text, &hunks),
        }
        Ok(u8::from(!hunks.is_empty()))
    }

    /// Compares two folders name by name.
    fn folders(&self, cx: &mut Cx<'_, '_>, first: &str, second: &str) -> Result<u8, Stop> {
        let mut status = 0;
        let mut todo = vec![(first.to_owned(), second.to_owned(), String::new())];
        while let Some((first, second, pending)) = todo.pop() {
            if !pending.is_empty() {
                status = status.max(self.entry(cx, &first, &second, &pending, &mut todo)?);
                continue;
            }
            let mut names: Vec<String> = Vec::new();
            for folder in [&first, &second] {
                match cx.read_dir(folder) {
                    Ok(found) => names.extend(found.iter().map(|name| name.to_string())),
                    Err(Errno::ENOENT) if self.parsed.has("new-file") => {}
                    Err(errno) => {
                        cx.fail(&format!("{folder}: {}", errno.message()));
                        status = 2;
                    }
                }
            }
            names.sort();
            names.dedup();
            let style = crate::commands::files::glob::Style::default();
            let excluded = |name: &String| {
                let patterns = self.parsed.options.iter().filter(|o| o.key == "exclude");
                patterns.into_iter().any(|o| crate::commands::files::glob::matches(o.text(), name, style))
            };
            names.retain(|name| !excluded(name));
            todo.extend(names.into_iter().rev().map(|name| (first.clone(), second.clone(), name)));
        }
        Ok(status)
    }

    fn entry(
        &self,
        cx: &mut Cx<'_, '_>,
        first: &str,
        second: &str,
        name: &str,
        todo: &mut Vec<(String, String, String)>,
    ) -> Result<u8, Stop> {
        let path = |folder: &str| format!("{}/{name}", folder.trim_end_matches('/'));
        let (a, b) = (path(first), path(second));
        let kind = |cx: &mut Cx<'_, '_>, path: &str| cx.stat(path).map(|node| (node.is_dir(), node.is_file())).ok();
        let new = self.parsed.has("new-file");
        match (kind(cx, &a), kind(cx, &b)) {
            (Some(_), None) if !new => {
                cx.outln(&format!("Only in {first}: {name}"));
                Ok(1)
            }
            (None, Some(_)) if !new => {
                cx.outln(&format!("Only in {second}: {name}"));
                Ok(1)
            }
            (Some((true, _)), Some((true, _))) | (Some((true, _)), None) | (None, Some((true, _))) => {
                if self.parsed.has("recursive") {
                    todo.push((a, b, String::new()));
                } else {
                    cx.outln(&format!("Common subdirectories: {a} and {b}"));
                }
                Ok(0)
            }
            (Some(x), Some(y)) if x != y => {
                let what = |kind: (bool, bool)| match kind {
                    (true, _) => "directory",
                    (_, true) => "regular file",
                    _ => "special file",
                };
                cx.outln(&format!("File {a} is a {} while file {b} is a {}", what(x), what(y)));
                Ok(1)
            }
            _ => self.files(cx, &a, &b, true),
        }
    }
}
