//! grep at work: a line in, lines out.

use std::collections::VecDeque;

use super::settings::{self, Settings, Show};
use crate::commands::files::glob;
use crate::commands::options::Parsed;
use crate::world::{Cx, Errno, Filter, FilterFlow};

/// Where a search stands.
#[derive(Clone, Default)]
pub(super) struct Search {
    set: Settings,
    /// Lines before this one that may become context, with their numbers.
    held: VecDeque<(u64, Vec<u8>)>,
    /// How many lines after the last match are still context.
    follow: usize,
    /// The last line that was printed from this file.
    printed: u64,
    /// Whether anything was printed at all: a separator may follow.
    any_printed: bool,
    line: u64,
    count: u64,
    binary: bool,
    matched: bool,
    failed: bool,
    open: bool,
    name: String,
}

/// The files to search, and whether there may be more than one.
pub(super) fn files(cx: &mut Cx<'_, '_>, parsed: &Parsed, recursive: bool) -> (Vec<String>, bool) {
    let operands = &parsed.operands;
    if !recursive {
        return (operands.clone(), operands.len() > 1);
    }
    let keep = |key: &str, name: &str| {
        parsed.options.iter().filter(|o| o.key == key).any(|o| glob::matches(o.text(), name, glob::Style::default()))
    };
    let wanted = |name: &str| {
        let included = !parsed.has("include") || keep("include", name);
        included && !keep("exclude", name)
    };
    let mut todo: Vec<(String, bool)> = operands.iter().rev().map(|path| (path.clone(), true)).collect();
    if todo.is_empty() {
        todo.push((String::new(), true));
    }
    let single_file = operands.len() == 1 && !cx.stat(&operands[0]).is_ok_and(|node| node.is_dir());
    let mut files = Vec::new();
    while let Some((path, top)) = todo.pop() {
        let shown = if path.is_empty() { "." } else { &path };
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let folder = if top { cx.stat(shown) } else { cx.lstat(shown) }.is_ok_and(|node| node.is_dir());
        if !folder {
            if top || (cx.lstat(shown).is_ok_and(|node| node.is_file()) && wanted(&name)) {
                files.push(path);
            }
            continue;
        }
        if !top && keep("exclude-dir", &name) {
            continue;
        }
        match cx.read_dir(shown) {
            Ok(names) => {
                let inside = |name: &std::sync::Arc<str>| match path.as_str() {
                    "" => name.to_string(),
                    folder if folder.ends_with('/') => format!("{folder}{name}"),
                    folder => format!("{folder}/{name}"),
                };
                todo.extend(names.iter().rev().map(|name| (inside(name), false)));
            }
            Err(_) => files.push(path),
        }
    }
    (files, !single_file)
}

impl Filter for Search {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let (set, files) = settings::read(cx)?;
        self.set = set;
        if self.set.max == Some(0) || (files.is_empty() && self.set.recursive) {
            return Err(1);
        }
        Ok(files)
    }

    fn file(&mut self, cx: &mut Cx<'_, '_>, file: &str) {
        self.close(cx);
        self.open = true;
        self.name = if file == "-" { self.set.label.clone() } else { file.to_owned() };
        self.held.clear();
        (self.line, self.count, self.printed, self.follow, self.binary) = (0, 0, 0, 0, false);
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = true;
        if !self.set.silent {
            cx.fail(&format!("{file}: {}", errno.message()));
        }
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        self.line += 1;
        self.binary |= !self.set.text && (line.contains(&0) || std::str::from_utf8(line).is_err());
        if self.binary && self.set.skip_binary {
            return FilterFlow::NextFile;
        }
        if self.set.matcher.matches(line) == self.set.invert {
            self.unselected(cx, line);
            return FilterFlow::More;
        }
        self.count += 1;
        self.matched = true;
        let flow = match self.set.show {
            Show::Nothing => return FilterFlow::Done,
            Show::Files | Show::FilesWithout => FilterFlow::NextFile,
            Show::Count => FilterFlow::More,
            Show::Lines | Show::Parts if self.binary => {
                cx.fail(&format!("{}: binary file matches", self.name));
                FilterFlow::NextFile
            }
            Show::Lines | Show::Parts => {
                self.context(cx);
                self.selected(cx, line);
                FilterFlow::More
            }
        };
        if flow == FilterFlow::More && self.set.max.is_some_and(|max| self.count >= max) && self.set.after == 0 {
            return FilterFlow::NextFile;
        }
        flow
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        self.close(cx);
        match (self.matched, self.failed) {
            (true, true) if self.set.show == Show::Nothing => 0,
            (_, true) => 2,
            (true, false) => 0,
            (false, false) => 1,
        }
    }
}

impl Search {
    /// A line that is not selected: context after a match, or perhaps before one.
    fn unselected(&mut self, cx: &mut Cx<'_, '_>, line: &[u8]) {
        if self.set.show != Show::Lines || self.binary {
            return;
        }
        let over = self.set.max.is_some_and(|max| self.count >= max);
        if self.follow > 0 {
            self.follow -= 1;
            let number = self.line;
            self.print(cx, number, line, '-');
        } else if self.set.before > 0 && !over {
            self.held.push_back((self.line, line.to_vec()));
            if self.held.len() > self.set.before {
                self.held.pop_front();
            }
        }
    }

    /// What stands between two groups of lines, and the lines before a match.
    fn context(&mut self, cx: &mut Cx<'_, '_>) {
        let first = self.held.front().map_or(self.line, |held| held.0);
        if self.set.grouped
            && self.any_printed
            && (self.printed == 0 || first > self.printed + 1)
            && let Some(separator) = self.set.separator.clone()
        {
            let text = self.paint(&separator, "36");
            cx.outln(&text);
        }
        for (number, line) in std::mem::take(&mut self.held) {
            self.print(cx, number, &line, '-');
        }
    }

    fn selected(&mut self, cx: &mut Cx<'_, '_>, line: &[u8]) {
        let number = self.line;
        if self.set.max.is_some_and(|max| self.count > max) {
            return;
        }
        self.follow = self.set.after;
        if self.set.show == Show::Lines {
            self.print(cx, number, line, ':');
            return;
        }
        if self.set.invert {
            return;
        }
        let mut at = 0;
        while let Some((from, to)) = self.set.matcher.find(line, at) {
            if to > from {
                let prefix = self.prefix(number, ':');
                let part = self.paint_bytes(&line[from..to], "01;31");
                cx.print(1, &[prefix.as_bytes(), &part, b"\n"].concat());
            }
            at = if to > from { to } else { from + 1 };
            if at > line.len() {
                break;
            }
        }
        (self.printed, self.any_printed) = (number, true);
    }

    fn paint(&self, text: &str, color: &str) -> String {
        if self.set.color { format!("\x1b[{color}m\x1b[K{text}\x1b[m\x1b[K") } else { text.to_owned() }
    }

    fn paint_bytes(&self, bytes: &[u8], color: &str) -> Vec<u8> {
        if !self.set.color {
            return bytes.to_vec();
        }
        [format!("\x1b[{color}m\x1b[K").as_bytes(), bytes, b"\x1b[m\x1b[K"].concat()
    }

    /// File name and line number.
    fn prefix(&self, number: u64, mark: char) -> String {
        let mut out = String::new();
        let mark = self.paint(&mark.to_string(), "36");
        if self.set.names {
            out.push_str(&self.paint(&self.name, "35"));
            out.push_str(&mark);
        }
        if self.set.numbers {
            out.push_str(&self.paint(&number.to_string(), "32"));
            out.push_str(&mark);
        }
        out
    }

    fn print(&mut self, cx: &mut Cx<'_, '_>, number: u64, line: &[u8], mark: char) {
        cx.out(&self.prefix(number, mark));
        if self.set.color && (mark == ':') != self.set.invert {
            let mut at = 0;
            while let Some((from, to)) = self.set.matcher.find(line, at).filter(|(from, to)| to > from) {
                cx.print(1, &line[at..from]);
                cx.print(1, &self.paint_bytes(&line[from..to], "01;31"));
                at = to;
            }
            cx.print(1, &line[at..]);
        } else {
            cx.print(1, line);
        }
        cx.print(1, b"\n");
        (self.printed, self.any_printed) = (number, true);
    }

    /// The end of a file: counts and names.
    fn close(&mut self, cx: &mut Cx<'_, '_>) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let name = self.paint(&self.name, "35");
        match self.set.show {
            Show::Count => {
                let mark = self.paint(":", "36");
                let prefix = if self.set.names { name + &mark } else { String::new() };
                cx.outln(&format!("{prefix}{}", self.count));
            }
            Show::Files if self.count > 0 => cx.outln(&name),
            Show::FilesWithout if self.count == 0 => cx.outln(&name),
            _ => {}
        }
    }
}
