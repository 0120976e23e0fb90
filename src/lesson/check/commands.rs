//! Every command that prose shows can be typed: it is installed on the simulated machine, built into its shell, or declared
//! by a scenario.
//!
//! Looked at are the lines of code blocks marked `sh`, `bash` or `console` and lines that begin with `$` or `sudo` in others,
//! and code spans of several words. Blocks marked `real` show what is for a real server only.

use crate::lesson::content::course::Loaded;
use crate::lesson::content::diagnostic::{Diagnostic, Place};
use crate::lesson::content::nearest::nearest;
use crate::lesson::content::problem::Problem;
use crate::lesson::content::source::Source;
use crate::lesson::text::Lang;
use crate::vps::program_spec::ArgPattern;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeSet;

/// Commands whose operand is a command.
const WRAPPERS: [&str; 6] = ["sudo", "nohup", "time", "exec", "setsid", "env"];

/// Names shorter than this are near to too many words.
const SLIP_MIN: usize = 6;

/// Every command in prose that does not exist.
pub fn command_names(source: &dyn Source, loaded: &Loaded) -> Vec<Diagnostic> {
    let mut known = crate::shell::command_names();
    let files = loaded.scenarios.values().flat_map(|scenario| &scenario.programs);
    let programs = files.flat_map(|file| &file.program);
    known.extend(programs.filter_map(|program| match program.argv.first()? {
        ArgPattern::Word(word) => Some(base(word).to_owned()),
        _ => None,
    }));
    let mut found = Vec::new();
    for id in loaded.course.iter().flat_map(|c| &c.lessons) {
        for lang in Lang::ALL {
            let file = format!("lessons/{id}/{}.md", lang.code());
            let text = source.read(&file).unwrap_or_default();
            for shown in shown(&text) {
                let Some(problem) = unknown(&shown, &known) else { continue };
                found.push(Diagnostic::new(&file, Place::of(&text, shown.at), problem));
            }
        }
    }
    found
}

/// A line of code in prose.
struct Shown {
    line: String,
    at: usize,
    /// It is meant to be typed, beyond doubt.
    sure: bool,
}

fn shown(text: &str) -> Vec<Shown> {
    let mut found = Vec::new();
    let mut block: Option<String> = None;
    for (event, span) in Parser::new_ext(text, Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                block = Some(match kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default().to_owned(),
                    CodeBlockKind::Indented => String::new(),
                });
            }
            Event::End(TagEnd::CodeBlock) => block = None,
            Event::Text(lines) if block.as_deref().is_some_and(|info| info != "real") => {
                let shell = matches!(block.as_deref(), Some("sh" | "bash" | "console"));
                let mut at = span.start;
                for line in lines.split_inclusive('\n') {
                    let typed = line.strip_prefix("$ ");
                    if shell || typed.is_some() || line.starts_with("sudo ") {
                        found.push(Shown { line: typed.unwrap_or(line).trim().to_owned(), at, sure: true });
                    }
                    at += line.len();
                }
            }
            // `Key=a value` is a setting.
            Event::Code(code) if code.split_once(' ').is_some_and(|(first, _)| !first.contains('=')) => {
                found.push(Shown { line: code.to_string(), at: span.start, sure: false });
            }
            _ => {}
        }
    }
    found
}

/// The first command of a line, past wrappers, options and assignments; `None` when it is no command line.
fn first_command(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let mut word = words.next()?;
    while WRAPPERS.contains(&word) || word.contains('=') || word.starts_with('-') {
        let takes_user = word == "-u";
        word = words.next()?;
        if takes_user {
            word = words.next()?;
        }
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._+-/".contains(c);
    (word.starts_with(|c: char| c.is_ascii_lowercase() || c == '/') && word.chars().all(plain)).then_some(word)
}

fn unknown(shown: &Shown, known: &BTreeSet<String>) -> Option<Problem> {
    let word = first_command(&shown.line)?;
    // A path is a script of the machine's own.
    if known.contains(word) || known.contains(base(word)) || word.contains('/') {
        return None;
    }
    let near = nearest(word, known.iter().map(String::as_str)).filter(|near| near.len() > 2).map(str::to_owned);
    // A code span may quote what a program says: only what looks like a slip of the pen counts there.
    let typed = shown.sure || shown.line.split(' ').next().is_some_and(|first| WRAPPERS.contains(&first));
    if !typed && near.as_ref().is_none_or(|near| near.len() < SLIP_MIN) {
        return None;
    }
    Some(Problem::NoSuchCommand { name: word.to_owned(), near, sure: shown.sure })
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_past_their_wrappers() {
        for (line, want) in [
            ("sudo -u deploy systemctl status x", Some("systemctl")),
            ("sudo systemctl status x", Some("systemctl")),
            ("APP_ENV=prod nohup php x &", Some("php")),
            ("Main process exited", None),
            ("code=killed, status=9/KILL", None),
            ("/usr/bin/php x", Some("/usr/bin/php")),
            ("restart: unless-stopped", None),
        ] {
            assert_eq!(first_command(line), want, "{line}");
        }
    }

    #[test]
    fn blocks_are_read_by_their_kind() {
        let text =
            "```sh\nls -l\n```\n\n```\n$ cd /\noutput\n```\n\n```real\nsudo certbot\n```\n\n`kill -9 1` and `word`";
        let lines: Vec<String> = shown(text).into_iter().map(|shown| shown.line).collect();
        assert_eq!(lines, ["ls -l", "cd /", "kill -9 1"]);
    }
}
