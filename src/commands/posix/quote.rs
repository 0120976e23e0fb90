//! Words quoted so that a shell reads them back: bash(1) QUOTING, and the styles of GNU ls(1).

/// `text` as bash's `%q` writes it: backslashes, or `$'…'` when there are control characters.
pub fn backslash(text: &str) -> String {
    if text.is_empty() {
        return "''".into();
    }
    if text.chars().any(char::is_control) {
        let inner: String = text.chars().map(ansi_c).collect();
        return format!("$'{inner}'");
    }
    let mut out = String::new();
    for (at, letter) in text.char_indices() {
        if " \t!\"$&'()*,;<>?[\\]^`{|}".contains(letter) || (at == 0 && "#~".contains(letter)) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

fn ansi_c(letter: char) -> String {
    match letter {
        '\u{7}' => "\\a".into(),
        '\u{8}' => "\\b".into(),
        '\t' => "\\t".into(),
        '\n' => "\\n".into(),
        '\u{b}' => "\\v".into(),
        '\u{c}' => "\\f".into(),
        '\r' => "\\r".into(),
        '\u{1b}' => "\\E".into(),
        '\'' | '\\' => format!("\\{letter}"),
        c if c.is_control() => format!("\\{:03o}", u32::from(c)),
        c => c.to_string(),
    }
}

/// Whether a shell would not take the character as it is at this place.
fn is_special(letter: char, first: bool, alone: bool) -> bool {
    match letter {
        '#' | '~' => first,
        '{' | '}' => alone,
        c => " \t\n!\"$&'()*;<=>?[\\^`|".contains(c) || c.is_control(),
    }
}

/// `text` as `ls` shows it on a terminal: quoted only when a shell needs it.
pub fn shell_escape(text: &str) -> String {
    let alone = text.chars().count() == 1;
    if !text.is_empty() && !text.char_indices().any(|(at, c)| is_special(c, at == 0, alone)) {
        return text.to_owned();
    }
    shell_escape_always(text)
}

/// `text` as messages show a file name after `NAME: `: quoted when a shell needs it or a colon would confuse.
pub fn in_message(text: &str) -> String {
    if text.contains(':') { shell_escape_always(text) } else { shell_escape(text) }
}

/// `text` in quotes always: how messages show a file name inside a sentence (`cannot access 'x'`).
pub fn shell_escape_always(text: &str) -> String {
    let plain = |c: char| !"!\"$&()*;<=>?[\\^`|".contains(c) && !c.is_control();
    if text.contains('\'') && text.chars().all(plain) {
        return format!("\"{text}\"");
    }
    let mut out = String::from("'");
    let mut dollar = false;
    for letter in text.chars() {
        if letter.is_control() {
            if !dollar {
                out.push_str("'$'");
            }
            dollar = true;
            let escape = ansi_c(letter);
            out.push_str(if escape == "\\E" { "\\033" } else { &escape });
            continue;
        }
        if dollar {
            out.push_str("''");
            dollar = false;
        }
        if letter == '\'' {
            out.push_str("'\\''");
        } else {
            out.push(letter);
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_by_ls() {
        for (name, shown) in [
            ("plain.txt", "plain.txt"),
            ("my file.txt", "'my file.txt'"),
            ("it's", "\"it's\""),
            ("it's $5", "'it'\\''s $5'"),
            ("a\nb", "'a'$'\\n''b'"),
            ("\n", "''$'\\n'"),
            ("", "''"),
            ("#x", "'#x'"),
            ("x#", "x#"),
            ("{", "'{'"),
            ("{}", "{}"),
            ("a=b", "'a=b'"),
            ("a:b", "a:b"),
        ] {
            assert_eq!(shell_escape(name), shown);
        }
        assert_eq!(in_message("a:b"), "'a:b'");
        assert_eq!(backslash("a,b c"), "a\\,b\\ c");
    }
}
