//! The list of typed lines, and `!`: bash(1), HISTORY and HISTORY EXPANSION.

use super::bash::Bash;
use crate::world::{OpenFlags, Sys};

/// Typed lines.
#[derive(Clone, Debug, Default)]
pub struct History {
    lines: Vec<String>,
    /// How many of them the file has.
    saved: usize,
    /// The last one is the command that is being typed: further lines belong to it.
    open: bool,
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
        self.open = true;
    }

    /// A further line of the command that was added last, if that was added at all.
    fn append(&mut self, separator: &str, line: &str) {
        if let Some(last) = self.lines.last_mut().filter(|_| self.open) {
            last.push_str(separator);
            last.push_str(line);
        }
    }

    /// The command that begins was not added.
    fn close(&mut self) {
        self.open = false;
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
        let words = words_of(event);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
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

/// The words of an event: blanks and newlines within quotes belong to a word.
fn words_of(event: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut chars = event.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => {
                word.push(c);
                word.extend(chars.next());
                continue;
            }
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, None) if c.is_whitespace() => {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// Whether a text ends within a here-document or within single quotes.
fn opens_literal(text: &str) -> bool {
    let mut document: Option<(String, bool)> = None;
    let mut single = false;
    for line in text.lines() {
        if let Some((end, tabs)) = &document {
            if (if *tabs { line.trim_start_matches('\t') } else { line }) == end {
                document = None;
            }
            continue;
        }
        let (mut double, mut rest) = (false, line);
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            match c {
                '\'' if !double => single = !single,
                '"' if !single => double = !double,
                '\\' if !single => {
                    rest = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
                    continue;
                }
                '#' if !single
                    && !double
                    && (rest.len() == line.len() || line[..line.len() - rest.len()].ends_with(' ')) =>
                {
                    break;
                }
                '<' if !single
                    && !double
                    && after.starts_with('<')
                    && !after.starts_with("<<")
                    && document.is_none() =>
                {
                    document = delimiter(&after[1..]);
                    rest = &after[1..];
                    continue;
                }
                '<' if after.starts_with("<<") => {
                    rest = &after[2..];
                    continue;
                }
                _ => {}
            }
            rest = after;
        }
    }
    single || document.is_some()
}

/// What joins a further line to those before it in the history: a newline where it belongs to the text, else a blank or
/// a semicolon.
fn separator(before: &str) -> &'static str {
    let literal = opens_literal(before) || before.matches('"').count() % 2 == 1;
    let last = before.trim_end().rsplit([' ', '\n', '\t']).next().unwrap_or_default();
    let goes_on =
        ["then", "do", "else", "elif", "if", "while", "until", "in", "{", "(", "|", "||", "&&", "&", ";", ";;"];
    match last {
        _ if literal => "\n",
        last if goes_on.contains(&last) || last.ends_with([';', '&', '|', '(', '{']) => " ",
        _ => "; ",
    }
}

/// The word after `<<`, without its quotes, and whether tabs before it are dropped.
fn delimiter(text: &str) -> Option<(String, bool)> {
    let (text, tabs) = text.strip_prefix('-').map_or((text, false), |text| (text, true));
    let text = text.trim_start_matches([' ', '\t']);
    let end = text.find([' ', '\t', ';', '|', '&', '<', '>', '(', ')']).unwrap_or(text.len());
    let word: String = text[..end].chars().filter(|c| !matches!(c, '\'' | '"' | '\\')).collect();
    (!word.is_empty()).then_some((word, tabs))
}

impl Bash {
    /// A line that was typed: events are expanded, and it enters the history. Nothing: an event was not found.
    /// In a here-document and in single quotes that were opened on a line before (`before`) nothing is an event.
    pub(super) fn typed(&mut self, line: &str, before: &str) -> Option<String> {
        let text = line.trim_end_matches('\n');
        let mut line = line.to_string();
        if self.shell.switches.is("histexpand") && !opens_literal(before) {
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
        if !before.is_empty() {
            // The lines of one command are one entry (`cmdhist`).
            self.history.append(separator(before), text);
        } else if !skipped && self.shell.switches.is("history") {
            self.history.add(text);
        } else {
            self.history.close();
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
