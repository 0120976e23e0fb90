//! Code blocks: commands get the number of the key that types them, unit files their colours, and nothing is cut in the
//! middle of a word: a line that is too long goes on after a backslash, which bash(1) and systemd.syntax(7) both read.

use colored::{ColoredString, Colorize};
use unicode_width::UnicodeWidthStr;

use super::{Line, Setting};
use crate::shell::is_unfinished;
use crate::shell::marks::{Mark, PREFIXES, mark};

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shell,
    Unit,
    Other,
}

/// A block of code as lines.
pub fn block(text: &str, language: &str, setting: &Setting, commands: Option<&mut Vec<String>>) -> Vec<Line> {
    let kind = kind(text, language);
    let parts = if kind == Kind::Shell { split(text) } else { vec![text.trim_end().to_owned()] };
    let mut lines = Vec::new();
    match commands {
        Some(commands) if kind == Kind::Shell => {
            for part in parts {
                let number = number(commands, &part);
                command(&part, number, setting, &mut lines);
            }
        }
        _ => {
            for line in text.lines() {
                for piece in wrap(line, setting.width.saturating_sub(4), kind) {
                    lines.push(Line::Inside(format!("    {}", paint(&piece, kind))));
                }
            }
        }
    }
    lines
}

fn kind(text: &str, language: &str) -> Kind {
    match language.split([',', ' ']).next().unwrap_or_default() {
        "ini" | "systemd" | "unit" | "conf" => Kind::Unit,
        "" if text.trim_start().starts_with('[') => Kind::Unit,
        "" | "sh" | "bash" | "shell" | "console" => Kind::Shell,
        _ => Kind::Other,
    }
}

/// The commands of a block: lines that belong together (a here-document, an open quote) stay together.
fn split(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        let so_far = match open.take() {
            Some(before) => format!("{before}\n{line}"),
            None if line.trim().is_empty() => continue,
            None => line.to_owned(),
        };
        if is_unfinished(&so_far) {
            open = Some(so_far);
        } else {
            parts.push(so_far);
        }
    }
    parts.extend(open);
    parts
}

/// One command: in the margin when it is one line, else between two rules at the first column, ready to be copied.
fn command(text: &str, number: usize, setting: &Setting, lines: &mut Vec<Line>) {
    let label = if setting.plain { format!("({number})") } else { number.to_string() };
    if !text.contains('\n') {
        let wide = if setting.plain { usize::MAX } else { setting.width.saturating_sub(6) };
        for (n, piece) in wrap(text, wide, Kind::Shell).into_iter().enumerate() {
            let label = if n == 0 { format!("{label:>3} ").dimmed().to_string() } else { "      ".to_owned() };
            lines.push(Line::Inside(format!("{label} {}", paint(&piece, Kind::Shell))));
        }
        return;
    }
    if setting.plain {
        lines.push(Line::Inside(format!("({number})")));
        lines.extend(text.lines().map(|line| Line::Bare(line.to_owned())));
        lines.push(Line::Inside(String::new()));
        return;
    }
    let key = format!(" {label} ");
    let rest = (setting.width + 2).min(60).saturating_sub(key.width() + 2);
    lines.push(Line::Bare(format!("╭─{key}{}", "─".repeat(rest)).dimmed().to_string()));
    for line in paint(text, Kind::Shell).lines() {
        let plain = crate::shell::console::plain(line);
        if plain.width() <= setting.width + 3 {
            lines.push(Line::Bare(line.to_owned()));
        } else {
            lines.extend(
                wrap(&plain, setting.width + 3, Kind::Unit).into_iter().map(|l| Line::Bare(paint(&l, Kind::Unit))),
            );
        }
    }
    lines.push(Line::Bare(format!("╰{}", "─".repeat(rest + key.width() + 1)).dimmed().to_string()));
}

/// A line as several that are at most `width` wide where it can be broken; each but the last ends in a backslash.
fn wrap(line: &str, width: usize, kind: Kind) -> Vec<String> {
    if line.width() <= width || kind == Kind::Other {
        return vec![line.to_owned()];
    }
    let indent = "    ";
    let mut done: Vec<String> = Vec::new();
    let mut rest = line.to_owned();
    while rest.width() > width {
        let room = width.saturating_sub(2);
        let at = breaks(&rest).into_iter().rfind(|at| rest[..*at].width() <= room);
        let Some(at) = at.filter(|at| !rest[..*at].trim().is_empty()) else { break };
        done.push(format!("{} \\", rest[..at].trim_end()));
        rest = format!("{indent}{}", rest[at..].trim_start());
    }
    done.push(rest);
    done
}

/// The spaces outside quotes.
fn breaks(line: &str) -> Vec<usize> {
    let mut quote = None;
    let mut found = Vec::new();
    for (at, c) in line.char_indices() {
        match (c, quote) {
            (' ', None) => found.push(at),
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    found
}

/// The number of a command, from 1; the same command keeps its number.
pub fn number(commands: &mut Vec<String>, text: &str) -> usize {
    if let Some(at) = commands.iter().position(|command| command == text) {
        return at + 1;
    }
    commands.push(text.to_owned());
    commands.len()
}

/// A number in small raised digits.
pub fn superscript(number: usize) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    number.to_string().chars().filter_map(|c| c.to_digit(10).and_then(|d| digits.get(d as usize))).collect()
}

/// Whether code within a sentence is a whole command: a known name with arguments, or a word of the coach.
pub fn is_command(text: &str) -> bool {
    let Some((name, rest)) = text.split_once(' ') else { return false };
    let known = crate::commands::all().any(|command| command.name == name) || PREFIXES.contains(&name) || name == "cd";
    known && !rest.trim().is_empty() && !text.contains(['…', '<', '{']) && !rest.ends_with("...")
}

/// Code in colours.
fn paint(text: &str, kind: Kind) -> String {
    match kind {
        Kind::Other => text.cyan().to_string(),
        Kind::Unit => text.lines().map(unit_line).collect::<Vec<_>>().join("\n"),
        Kind::Shell if text.starts_with(':') => text.green().bold().to_string(),
        Kind::Shell => shell(text),
    }
}

/// A line of a unit file.
fn unit_line(line: &str) -> String {
    let trimmed = line.trim_start();
    match line.split_once('=') {
        _ if trimmed.starts_with('[') => line.bold().to_string(),
        _ if trimmed.starts_with(['#', ';']) => line.dimmed().to_string(),
        Some((key, value)) if key.trim().chars().all(char::is_alphanumeric) => format!("{}={value}", key.cyan()),
        _ => line.to_owned(),
    }
}

fn shell(text: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for (span, kind) in mark(text).pieces {
        let (Some(between), Some(piece)) = (text.get(at..span.start), text.get(span.clone())) else { continue };
        out.push_str(between);
        at = span.end;
        if kind == Mark::HereDocument {
            let lines: Vec<String> = piece.split('\n').map(unit_line).collect();
            out.push_str(&lines.join("\n"));
        } else {
            out.push_str(&colour(piece, kind).to_string());
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn colour(piece: &str, kind: Mark) -> ColoredString {
    match kind {
        Mark::Command => piece.cyan().bold(),
        Mark::Keyword => piece.magenta(),
        Mark::Quoted => piece.yellow(),
        Mark::Variable | Mark::Assignment => piece.blue(),
        Mark::Comment => piece.dimmed(),
        _ => piece.cyan(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces_outside_quotes() {
        let line = "ExecStart=/usr/bin/php bin/console messenger:consume async";
        assert_eq!(
            wrap(line, 40, Kind::Unit),
            ["ExecStart=/usr/bin/php bin/console \\", "    messenger:consume async"]
        );
        assert_eq!(wrap("echo \"a b c d e f\"", 10, Kind::Shell), ["echo \\", "    \"a b c d e f\""]);
        assert_eq!(wrap("x".repeat(50).as_str(), 10, Kind::Shell), ["x".repeat(50)]);
    }

    #[test]
    fn a_here_document_is_one_command() {
        assert_eq!(split("ls\ncat <<E\na\n\nE\npwd\n"), ["ls", "cat <<E\na\n\nE", "pwd"]);
    }

    #[test]
    fn names_alone_are_not_commands() {
        assert!(is_command("systemctl status cron"));
        assert!(!is_command("systemctl"));
        assert!(!is_command("Restart= on-failure"));
    }
}
