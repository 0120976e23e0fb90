//! The format of a `.transcript` file: reading and writing it, line by line.

use std::fmt;

use crate::world::Duration;

/// What the machine or the connection is told, apart from typed commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// `%put PATH [MODE [OWNER:GROUP]]`: write a file as root.
    Put { path: String, mode: u16, owner: String, lines: Vec<String> },
    /// `%root COMMAND`: run a command as root, silently.
    Root(String),
    /// `%login USER`: open a terminal; the one before is dropped.
    Login(String),
    /// `%drop`: cut the connection.
    Drop,
    /// `%wait 6s`: let time pass.
    Wait(Duration),
    /// `%interrupt 3`: Ctrl-C that long after the next command starts.
    Interrupt(Duration),
    /// `%reboot`.
    Reboot,
}

/// A line, or the lines that belong together, of a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A comment or an empty line, kept as it is.
    Comment(String),
    /// A directive and the text it was read from.
    Directive(Directive, String),
    /// A command as typed, one or more lines, with what was printed and the status.
    Command {
        /// The lines typed.
        typed: Vec<String>,
        /// The lines printed, trailing blanks off.
        output: Vec<String>,
        /// The text after `? `: a number, `closed`, either with ` ~`; empty when none was recorded.
        status: String,
    },
}

/// A transcript.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// Its lines in order.
    pub lines: Vec<Line>,
}

/// A line that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Transcript {
    /// Reads the format. Errors: an unknown directive, a bad time or mode, output before any command.
    pub fn parse(text: &str) -> Result<Transcript, FormatError> {
        let mut lines: Vec<Line> = Vec::new();
        for (index, raw) in text.lines().enumerate() {
            let fail = |message: String| FormatError { line: index + 1, message };
            if let Some(command) = raw.strip_prefix("$ ") {
                lines.push(Line::Command { typed: vec![command.into()], output: vec![], status: String::new() });
            } else if let Some(text) = after(raw, '>') {
                let Some(Line::Command { typed, .. }) = lines.last_mut() else {
                    return Err(fail("`>` goes on with a command, and no command precedes it".into()));
                };
                typed.push(text.into());
            } else if let Some(text) = after(raw, '|') {
                let Some(Line::Command { output, .. }) = lines.last_mut() else {
                    return Err(fail("`|` is output, and no command precedes it".into()));
                };
                output.push(text.into());
            } else if let Some(text) = after(raw, '?') {
                let Some(Line::Command { status, .. }) = lines.last_mut() else {
                    return Err(fail("`?` is a status, and no command precedes it".into()));
                };
                *status = text.trim().into();
            } else if let Some(text) = after(raw, '+') {
                let Some(Line::Directive(Directive::Put { lines, .. }, _)) = lines.last_mut() else {
                    return Err(fail("`+` is a line of a file, and no `%put` precedes it".into()));
                };
                lines.push(text.into());
            } else if raw.starts_with('%') {
                lines.push(Line::Directive(directive(raw).map_err(fail)?, raw.into()));
            } else if raw.is_empty() || raw.starts_with('#') {
                lines.push(Line::Comment(raw.into()));
            } else {
                let known = "`#`, `%`, `$ `, `> `, `| `, `+ ` or `? `";
                return Err(fail(format!("a line starts with {known}: {raw:?}")));
            }
        }
        Ok(Transcript { lines })
    }
}

/// The text after a marker and its space; the marker alone is an empty line.
fn after(line: &str, marker: char) -> Option<&str> {
    let rest = line.strip_prefix(marker)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix(' ') }
}

fn directive(line: &str) -> Result<Directive, String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "%put" => put(rest),
        "%root" => Ok(Directive::Root(rest.into())),
        "%login" if !rest.is_empty() => Ok(Directive::Login(rest.into())),
        "%login" => Err("`%login` wants a user: `%login deploy`".into()),
        "%drop" => Ok(Directive::Drop),
        "%wait" => Ok(Directive::Wait(seconds(rest)?)),
        "%interrupt" => Ok(Directive::Interrupt(seconds(rest)?)),
        "%reboot" => Ok(Directive::Reboot),
        _ => Err(format!("unknown directive {word}: there are %put %root %login %drop %wait %interrupt %reboot")),
    }
}

fn put(rest: &str) -> Result<Directive, String> {
    let mut words = rest.split_whitespace();
    let path = words.next().filter(|path| path.starts_with('/')).ok_or("`%put` wants an absolute path")?;
    let mode = words.next().unwrap_or("0644");
    let mode = u16::from_str_radix(mode, 8).map_err(|_| format!("{mode:?} is no mode: write it as 0755"))?;
    let owner = words.next().unwrap_or("root:root").to_owned();
    Ok(Directive::Put { path: path.into(), mode, owner, lines: Vec::new() })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let factor = match &text[split..] {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "min" => 60.0,
        "h" => 3600.0,
        unit => return Err(format!("{unit:?} is no unit of time: use ms, s, min or h")),
    };
    let number: f64 = text[..split].parse().map_err(|_| format!("{text:?} is no time: write it as 6s"))?;
    Duration::try_from_secs_f64(number * factor).map_err(|_| format!("{text:?} is no time that can pass"))
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            match line {
                Line::Comment(text) => writeln!(f, "{text}")?,
                Line::Directive(directive, text) => {
                    writeln!(f, "{text}")?;
                    if let Directive::Put { lines, .. } = directive {
                        lines.iter().try_for_each(|line| marked(f, '+', line))?;
                    }
                }
                Line::Command { typed, output, status } => {
                    for (index, line) in typed.iter().enumerate() {
                        marked(f, if index == 0 { '$' } else { '>' }, line)?;
                    }
                    output.iter().try_for_each(|line| marked(f, '|', line))?;
                    marked(f, '?', status)?;
                }
            }
        }
        Ok(())
    }
}

fn marked(f: &mut fmt::Formatter<'_>, marker: char, text: &str) -> fmt::Result {
    if text.is_empty() { writeln!(f, "{marker}") } else { writeln!(f, "{marker} {text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_is_written_as_it_was_read() {
        let text = "# words\n%put /a 0755 deploy:deploy\n+ one\n+\n%login root\n$ cat <<X\n> X\n| out\n|\n? 0 ~\n";
        assert_eq!(Transcript::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, line) in [("%put a", 1), ("\n%wait soon", 2), ("| x", 1), ("%fly", 1), ("hello", 1)] {
            assert_eq!(Transcript::parse(text).unwrap_err().line, line, "{text:?}");
        }
    }
}
