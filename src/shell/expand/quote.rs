//! Text quoted for the shell, in the ways of `set -x`, `${name@Q}` and `declare -p`: bash(1), QUOTING.

use crate::shell::syntax::escape::single_quote;

/// `$'…'`
pub fn ansi_quoted(text: &str) -> String {
    let mut out = String::from("$'");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x1b' => out.push_str("\\E"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x0b' => out.push_str("\\v"),
            c if c.is_control() => out.push_str(&format!("\\{:03o}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// In single quotes, or as `$'…'` where control characters ask for it: `${name@Q}`.
pub fn requoted(text: &str) -> String {
    if text.chars().any(char::is_control) { ansi_quoted(text) } else { single_quote(text) }
}

/// In double quotes, as `declare -p` and `export -p` print values.
pub fn double_quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return ansi_quoted(text);
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '$' | '`' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// As `set -x` prints a word, and `set` and `alias` a value: quoted where it needs to be.
pub fn traced(text: &str) -> String {
    if text.is_empty() {
        return "''".to_string();
    }
    if text.chars().any(char::is_control) {
        return ansi_quoted(text);
    }
    let special = |(index, c): (usize, char)| match c {
        '#' | '~' => index == 0,
        _ => " '\"\\|&;()<>!{}*[]?^$`".contains(c),
    };
    if text.chars().enumerate().any(special) { single_quote(text) } else { text.to_string() }
}
