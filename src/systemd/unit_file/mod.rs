//! The syntax of unit files: sections, assignments, continuation lines and what is warned about: systemd.syntax(7).

pub mod escape;
mod lines;
pub mod specifier;
pub mod words;

use crate::systemd::loaded::Warning;
use crate::world::Errno;
use lines::Lines;

/// The longest line, and the longest line with its continuations, in bytes.
const LONG_LINE_MAX: usize = 1 << 20;

/// The priorities of what is logged about a file.
pub const LOG_ERR: u8 = 3;
pub const LOG_WARNING: u8 = 4;
pub const LOG_NOTICE: u8 = 5;

/// One `key=value`, with the line it ended on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment<'a> {
    pub section: &'a str,
    pub key: &'a str,
    pub value: &'a str,
    pub line: u32,
}

/// Where warnings about one file go.
pub struct Log<'a> {
    pub path: &'a str,
    pub unit: &'a str,
    pub warnings: &'a mut Vec<Warning>,
}

impl Log<'_> {
    /// Adds one line about line `line` of the file.
    pub fn add(&mut self, line: u32, priority: u8, text: String) {
        self.warnings.push(Warning {
            path: self.path.to_owned(),
            line,
            unit: Some(self.unit.to_owned()),
            text,
            priority,
        });
    }

    /// Adds a warning about line `line`.
    pub fn warn(&mut self, line: u32, text: String) {
        self.add(line, LOG_WARNING, text);
    }
}

/// What a reader of assignments does with each; an error ends the file.
pub trait Assignments {
    /// Takes one assignment.
    fn assign(&mut self, assignment: Assignment<'_>, log: &mut Log<'_>) -> Result<(), Errno>;
}

/// Reads a file, calling `taker` for each assignment in a section of `sections`. Sections there that begin with `-` are
/// skipped without a word, other unknown ones with a warning. An error means that the rest of the file was not read.
pub fn read(bytes: &[u8], sections: &[&str], log: &mut Log<'_>, taker: &mut dyn Assignments) -> Result<(), Errno> {
    let mut reader = Reader { sections, section: None, ignored: false };
    let mut continuation: Option<Vec<u8>> = None;
    let mut number = 0;
    let mut may_have_mark = true;
    for line in Lines::new(bytes) {
        let line = line.ok_or(Errno::ENOBUFS)?;
        number += 1;
        if is_comment(line) {
            continue;
        }
        let mut text = line;
        if may_have_mark && let Some(rest) = text.strip_prefix(b"\xef\xbb\xbf") {
            text = rest;
            may_have_mark = false;
        }
        let escaped = ends_escaped(text);
        match continuation.as_mut() {
            Some(whole) if whole.len() + text.len() > LONG_LINE_MAX => return Err(Errno::ENOBUFS),
            Some(whole) => whole.extend_from_slice(text),
            None if escaped => continuation = Some(text.to_vec()),
            None => {
                reader.line(text, number, log, taker)?;
                continue;
            }
        }
        if escaped {
            if let Some(last) = continuation.as_mut().and_then(|whole| whole.last_mut()) {
                *last = b' ';
            }
        } else if let Some(whole) = continuation.take() {
            reader.line(&whole, number, log, taker)?;
        }
    }
    match continuation {
        Some(whole) => reader.line(&whole, number + 1, log, taker),
        None => Ok(()),
    }
}

/// Whether the first character that is not blank starts a comment. Comments may stand between continued lines.
fn is_comment(line: &[u8]) -> bool {
    matches!(line.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r')), Some(b'#' | b';'))
}

/// Whether the line ends in a backslash that is not itself escaped.
fn ends_escaped(line: &[u8]) -> bool {
    line.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

struct Reader<'a> {
    sections: &'a [&'a str],
    section: Option<String>,
    /// Whether the current section is one that is skipped.
    ignored: bool,
}

impl Reader<'_> {
    /// One whole line, continuations joined.
    fn line(&mut self, raw: &[u8], number: u32, log: &mut Log<'_>, taker: &mut dyn Assignments) -> Result<(), Errno> {
        let raw = trim_bytes(raw);
        if raw.is_empty() {
            return Ok(());
        }
        let Ok(text) = std::str::from_utf8(raw) else {
            let shown = String::from_utf8_lossy(raw);
            log.warn(number, format!("String is not UTF-8 clean, ignoring assignment: {shown}"));
            return Err(Errno::EINVAL);
        };
        if text.starts_with('[') {
            return self.header(text, number, log);
        }
        let Some(section) = self.section.as_deref() else {
            if !self.ignored {
                log.warn(number, "Assignment outside of section. Ignoring.".to_owned());
            }
            return Ok(());
        };
        match text.split_once('=') {
            None => log.warn(number, "Missing '=', ignoring line.".to_owned()),
            Some(("", _)) => log.warn(number, "Missing key name before '=', ignoring line.".to_owned()),
            Some((key, value)) => {
                let (key, value) = (strip(key), strip(value));
                return taker.assign(Assignment { section, key, value, line: number }, log);
            }
        }
        Ok(())
    }

    /// A line that begins with `[`.
    fn header(&mut self, text: &str, number: u32, log: &mut Log<'_>) -> Result<(), Errno> {
        let Some(name) = text[1..].strip_suffix(']') else {
            log.add(number, LOG_ERR, format!("Invalid section header '{text}'"));
            return Err(Errno::EBADMSG);
        };
        if !is_safe(name) {
            log.add(number, LOG_ERR, format!("Bad characters in section header '{text}'"));
            return Err(Errno::EBADMSG);
        }
        if self.sections.contains(&name) {
            self.section = Some(name.to_owned());
            self.ignored = false;
            return Ok(());
        }
        let silent = name.starts_with("X-") || self.sections.iter().any(|s| s.strip_prefix('-') == Some(name));
        if !silent {
            log.warn(number, format!("Unknown section '{name}'. Ignoring."));
        }
        self.section = None;
        self.ignored = true;
        Ok(())
    }
}

/// systemd's "safe" string: no control characters, quotes or backslashes.
pub fn is_safe(text: &str) -> bool {
    !text.chars().any(|c| c < ' ' || matches!(c, '"' | '\\' | '\'' | '\x7f'))
}

/// The text without systemd's white space at both ends.
pub fn strip(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

fn trim_bytes(mut bytes: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    while let Some((first, rest)) = bytes.split_first().filter(|(b, _)| blank(b)) {
        let _ = first;
        bytes = rest;
    }
    while let Some((last, rest)) = bytes.split_last().filter(|(b, _)| blank(b)) {
        let _ = last;
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests;
