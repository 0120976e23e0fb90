//! The list of typed lines, and `!`: bash(1), HISTORY and HISTORY EXPANSION.

use super::bash::Bash;
use crate::world::{OpenFlags, Sys};

/// Typed lines.
#[derive(Clone, Debug, Default)]
pub struct History {
    lines: Vec<String>,
    /// How many of them the file has.
    saved: usize,
}

impl History {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The lines, the oldest first.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Adds a line.
    pub fn add(&mut self, line: &str) {
        self.lines.push(line.to_string());
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.lines.clear();
        self.saved = 0;
    }

    /// Forgets the line with this number, from 1; false if there is none.
    pub fn delete(&mut self, number: usize) -> bool {
        let there = (1..=self.lines.len()).contains(&number);
        if there {
            self.lines.remove(number - 1);
        }
        there
    }

    /// The line that an event names: `!`, `-2`, `12`, `?text`, `text`.
    fn event(&self, name: &str) -> Option<&String> {
        if name == "!" {
            return self.lines.last();
        }
        if let Ok(number) = name.parse::<i64>() {
            let at = if number < 0 { self.lines.len() as i64 + number } else { number - 1 };
            return self.lines.get(usize::try_from(at).ok()?);
        }
        match name.strip_prefix('?') {
            Some(part) => self.lines.iter().rev().find(|line| line.contains(part.trim_end_matches('?'))),
            None => self.lines.iter().rev().find(|line| line.starts_with(name)),
        }
    }

    /// The line with its events put in; nothing changed: `None`. The error names the event that was not found.
    pub fn expand(&self, line: &str) -> Result<Option<String>, String> {
        if let Some(rest) = line.strip_prefix('^') {
            let mut parts = rest.splitn(3, '^');
            let (from, to) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            let last = self.lines.last().filter(|last| last.contains(from));
            return match last {
                Some(last) => Ok(Some(last.replacen(from, to, 1))),
                None => Err(format!(":s^{rest}: substitution failed")),
            };
        }
        let chars: Vec<char> = line.chars().collect();
        let mut out = String::new();
        let (mut at, mut single, mut double, mut changed) = (0, false, false, false);
        while let Some(&c) = chars.get(at) {
            at += 1;
            match c {
                '\\' if !single => {
                    out.push(c);
                    out.extend(chars.get(at));
                    at += 1;
                }
                '\'' if !double => {
                    single = !single;
                    out.push(c);
                }
                '"' if !single => {
                    double = !double;
                    out.push(c);
                }
                '!' if !single && is_event(&chars, at, double) && !is_shell_syntax(&chars, at - 1) => {
                    let (text, next) = self.designated(&chars, at)?;
                    out.push_str(&text);
                    at = next;
                    changed = true;
                }
                _ => out.push(c),
            }
        }
        Ok(changed.then_some(out))
    }

    /// What the event at `at`, behind its `!`, stands for, and the place behind it.
    fn designated(&self, chars: &[char], at: usize) -> Result<(String, usize), String> {
        let first = chars[at];
        let (name, mut next) = match first {
            '!' => ("!".to_string(), at + 1),
            '$' | '^' | '*' | ':' => ("!".to_string(), at),
            _ => {
                let end = (at..chars.len())
                    .find(|place| " \t\n;&|()<>:\"".contains(chars[*place]) || chars[*place] == '$' && *place > at)
                    .unwrap_or(chars.len());
                (chars[at..end].iter().collect(), end)
            }
        };
        let Some(event) = self.event(&name) else { return Err(format!("!{name}: event not found")) };
        let words: Vec<&str> = event.split_whitespace().collect();
        if chars.get(next) == Some(&':') {
            next += 1;
        }
        let text = match chars.get(next) {
            Some('$') => words.last().copied().unwrap_or("").to_string(),
            Some('^') => words.get(1).copied().unwrap_or("").to_string(),
            Some('*') => words.get(1..).unwrap_or_default().join(" "),
            Some(digit) if digit.is_ascii_digit() && chars[next - 1] == ':' => {
                let number = digit.to_digit(10).unwrap_or(0) as usize;
                words.get(number).copied().unwrap_or("").to_string()
            }
            _ => return Ok((event.clone(), next)),
        };
        Ok((text, next + 1))
    }
}

/// Whether what follows a `!` can be an event.
fn is_event(chars: &[char], at: usize, double: bool) -> bool {
    match chars.get(at) {
        None | Some(' ' | '\t' | '\n' | '=' | '(') => false,
        Some('"') if double => false,
        _ => true,
    }
}

/// Whether the `!` at `at` belongs to `[!a]`, `${!name}`, `$!` or `!( )`.
fn is_shell_syntax(chars: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|place| chars.get(place)).copied();
    let closes = |c: char| chars[at..].contains(&c);
    match (before(2), before(1)) {
        (_, Some('$')) => true,
        (_, Some('[')) => closes(']'),
        (Some('$'), Some('{')) => closes('}'),
        _ => false,
    }
}

impl Bash {
    /// A line that was typed: events are expanded, and it enters the history. Nothing: an event was not found.
    pub(super) fn typed(&mut self, line: &str) -> Option<String> {
        let text = line.trim_end_matches('\n');
        let mut line = line.to_string();
        if self.shell.switches.is("histexpand") {
            match self.history.expand(text) {
                Ok(Some(expanded)) => {
                    self.print(2, &format!("{expanded}\n"));
                    line = format!("{expanded}\n");
                }
                Ok(None) => {}
                Err(message) => {
                    self.complain(&message);
                    return None;
                }
            }
        }
        let text = line.trim_end_matches('\n');
        let control = self.variable("HISTCONTROL");
        let ignores_space = control.contains("ignorespace") || control.contains("ignoreboth");
        let ignores_same = control.contains("ignoredups") || control.contains("ignoreboth");
        let skipped = text.is_empty()
            || ignores_space && text.starts_with(' ')
            || ignores_same && self.history.lines().last().is_some_and(|last| last == text);
        if !skipped && self.shell.switches.is("history") {
            self.history.add(text);
        }
        Some(line)
    }

    pub(super) fn load_history(&mut self, sys: &mut Sys<'_>) {
        let file = self.variable("HISTFILE");
        if let Ok(bytes) = sys.read_file(&file) {
            for line in String::from_utf8_lossy(&bytes).lines() {
                self.history.add(line);
            }
        }
        self.history.saved = self.history.len();
    }

    pub(super) fn save_history(&mut self, sys: &mut Sys<'_>) {
        let file = self.variable("HISTFILE");
        if !self.shell.switches.is("history") || file.is_empty() {
            return;
        }
        let fresh = self.history.lines.get(self.history.saved..).unwrap_or_default();
        if fresh.is_empty() {
            return;
        }
        let text: String = fresh.iter().map(|line| format!("{line}\n")).collect();
        if let Ok(fd) = sys.open(&file, OpenFlags::APPEND, 0o600) {
            let _ = sys.write(fd, text.as_bytes());
            let _ = sys.close(fd);
        }
        self.history.saved = self.history.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events() {
        let mut history = History::default();
        history.add("ls -l /opt");
        history.add("echo a b");
        let expand = |line: &str| history.expand(line);
        assert_eq!(expand("!!"), Ok(Some("echo a b".into())));
        assert_eq!(expand("sudo !ls; x"), Ok(Some("sudo ls -l /opt; x".into())));
        assert_eq!(expand("cd !$"), Ok(Some("cd b".into())));
        assert_eq!(expand("!1"), Ok(Some("ls -l /opt".into())));
        assert_eq!(expand("^a^c"), Ok(Some("echo c b".into())));
        assert_eq!(expand("echo '!x' ! a != b \\!x"), Ok(None));
        assert_eq!(expand("echo \"wow!important\""), Err("!important: event not found".into()));
    }
}
