//! `EnvironmentFile=`: its syntax and its faults: systemd.exec(5).

use super::{merge, put};
use crate::systemd::config::ExecContext;
use crate::systemd::load::{UnitFiles, name_matches};
use crate::systemd::loaded::Warning;
use crate::systemd::mangle::is_glob;
use crate::systemd::unit_file::LOG_ERR;
use crate::systemd::value::names::is_assignment;
use crate::world::Errno;

/// Where in an assignment the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    PreKey,
    Key,
    PreValue,
    Value,
    ValueEscape,
    SingleQuote,
    DoubleQuote,
    DoubleQuoteEscape,
    Comment,
    CommentEscape,
}

/// An assignment as it is gathered.
#[derive(Default)]
struct Gather {
    key: Vec<u8>,
    value: Vec<u8>,
    /// Where the white space at the end of the value begins.
    blank: Option<usize>,
    out: Vec<(String, String)>,
}

impl Gather {
    /// The assignment is complete; `trim` takes the white space at its end away.
    fn push(&mut self, trim: bool) {
        if let Some(length) = self.blank.filter(|_| trim) {
            self.value.truncate(length);
        }
        let key = String::from_utf8_lossy(&self.key).trim_end_matches([' ', '\t', '\n', '\r']).to_owned();
        self.out.push((key, String::from_utf8_lossy(&self.value).into_owned()));
        self.key.clear();
        self.value.clear();
        self.blank = None;
    }

    fn value_byte(&mut self, byte: u8) {
        if !matches!(byte, b' ' | b'\t') {
            self.blank = None;
        } else if self.blank.is_none() {
            self.blank = Some(self.value.len());
        }
        self.value.push(byte);
    }
}

/// The assignments of a file in order, names unchecked. Comments begin with `#` or `;`; quotes are as in the shell;
/// nothing is expanded.
pub fn parse_environment_file(bytes: &[u8]) -> Vec<(String, String)> {
    let mut state = State::PreKey;
    let mut g = Gather::default();
    for byte in bytes.iter().copied().take_while(|b| *b != 0) {
        state = step(state, byte, &mut g);
    }
    match state {
        State::PreKey | State::Key | State::Comment | State::CommentEscape => {}
        _ => g.push(state == State::Value),
    }
    g.out
}

fn step(state: State, byte: u8, g: &mut Gather) -> State {
    let newline = matches!(byte, b'\n' | b'\r');
    let blank = newline || matches!(byte, b' ' | b'\t');
    match state {
        State::PreKey if matches!(byte, b'#' | b';') => State::Comment,
        State::PreKey if blank => State::PreKey,
        State::PreKey | State::Key if newline => {
            g.key.clear();
            State::PreKey
        }
        State::Key if byte == b'=' => {
            g.blank = None;
            State::PreValue
        }
        State::PreKey | State::Key => {
            g.key.push(byte);
            State::Key
        }
        State::PreValue | State::Value if newline => {
            g.push(state == State::Value);
            State::PreKey
        }
        State::PreValue => match byte {
            b'\'' => State::SingleQuote,
            b'"' => State::DoubleQuote,
            b'\\' => State::ValueEscape,
            _ if blank => State::PreValue,
            _ => {
                g.value.push(byte);
                State::Value
            }
        },
        State::Value if byte == b'\\' => {
            g.blank = None;
            State::ValueEscape
        }
        State::Value => {
            g.value_byte(byte);
            State::Value
        }
        State::ValueEscape => {
            if !newline {
                g.value.push(byte);
            }
            State::Value
        }
        State::SingleQuote if byte == b'\'' => State::PreValue,
        State::DoubleQuote if byte == b'"' => State::PreValue,
        State::DoubleQuote if byte == b'\\' => State::DoubleQuoteEscape,
        State::SingleQuote | State::DoubleQuote => {
            g.value.push(byte);
            state
        }
        State::DoubleQuoteEscape => {
            match byte {
                b'"' | b'\\' | b'`' | b'$' => g.value.push(byte),
                b'\n' => {}
                _ => g.value.extend([b'\\', byte]),
            }
            State::DoubleQuote
        }
        State::Comment if byte == b'\\' => State::CommentEscape,
        State::Comment if newline => State::PreKey,
        State::Comment | State::CommentEscape => State::Comment,
    }
}

/// What the files of a unit say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentFiles {
    /// `NAME=value`, each name once.
    pub variables: Vec<String>,
    pub warnings: Vec<Warning>,
}

/// Reads all files of `EnvironmentFile=` for a unit; the error is the one with which the start fails.
pub fn load_files(
    files: &dyn UnitFiles,
    context: &ExecContext,
    unit: &str,
) -> Result<EnvironmentFiles, (Errno, Vec<Warning>)> {
    let mut result = EnvironmentFiles::default();
    for entry in &context.environment_files {
        let paths = if is_glob(&entry.path) { glob(files, &entry.path) } else { vec![entry.path.clone()] };
        if paths.is_empty() && !entry.optional {
            return Err((Errno::ENOENT, result.warnings));
        }
        for path in paths {
            match files.read(&path) {
                Ok(bytes) => {
                    let list = checked(&bytes, &path, unit, &mut result.warnings);
                    result.variables = merge(&[&result.variables, &list]);
                }
                Err(_) if entry.optional => {}
                Err(errno) => return Err((errno, result.warnings)),
            }
        }
    }
    Ok(result)
}

/// The valid assignments of one file; the others are told.
fn checked(bytes: &[u8], path: &str, unit: &str, warnings: &mut Vec<Warning>) -> Vec<String> {
    let mut list = Vec::new();
    for (key, value) in parse_environment_file(bytes) {
        put(&mut list, format!("{key}={value}"));
    }
    list.retain(|assignment| {
        let valid = is_assignment(assignment);
        if !valid {
            let text = format!("Ignoring invalid environment assignment '{assignment}': {path}");
            let unit = Some(unit.to_owned());
            warnings.push(Warning { path: String::new(), line: 0, unit, text, priority: LOG_ERR });
        }
        valid
    });
    list
}

/// The existing paths that match a pattern, in order.
fn glob(files: &dyn UnitFiles, pattern: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        for base in &found {
            if !is_glob(part) {
                next.push(format!("{base}/{part}"));
                continue;
            }
            let folder = if base.is_empty() { "/" } else { base };
            let names = files.list(folder);
            let fits = |name: &&String| name_matches(part, name) && (part.starts_with('.') || !name.starts_with('.'));
            next.extend(names.iter().filter(fits).map(|name| format!("{base}/{name}")));
        }
        found = next;
    }
    found.retain(|path| files.exists(path));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        parse_environment_file(text.as_bytes()).into_iter().map(|(k, v)| format!("{k}={v}")).collect()
    }

    #[test]
    fn syntax() {
        for (text, expected) in [
            ("# c\n; d\nA=one two \nB=\n", vec!["A=one two", "B="]),
            ("A=\"double # no\"\nB='single $HOME'\nC=v # yes\n", vec!["A=double # no", "B=single $HOME", "C=v # yes"]),
            ("export E=yes\n  S = around\nN\nL=end", vec!["export E=yes", "S=around", "L=end"]),
            (
                "L=first \\\nsecond\nE=\"say \\\"hi\\\" \\$5\"\nB=C:\\temp\n",
                vec!["L=first second", "E=say \"hi\" $5", "B=C:temp"],
            ),
            ("P=dos\r\nL=\"crlf\"\r\n", vec!["P=dos", "L=crlf"]),
            ("P=\"never closed\nL=x\n", vec!["P=never closed\nL=x\n"]),
            ("A=\"a\" 'b' c\n", vec!["A=abc"]),
            ("# c \\\nA=1\nB=2", vec!["B=2"]),
            ("A=\"x\\y\"", vec!["A=x\\y"]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
