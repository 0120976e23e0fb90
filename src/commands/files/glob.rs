//! Shell patterns against names: fnmatch(3), glob(7).

/// What is special besides `* ? [`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Capitals and small letters are the same.
    pub ignore_case: bool,
    /// `*` and `?` do not match `/`.
    pub path: bool,
}

/// Whether the whole `name` matches `pattern`.
pub fn matches(pattern: &str, name: &str, style: Style) -> bool {
    let pattern: Vec<char> = fold(pattern, style);
    let name: Vec<char> = fold(name, style);
    // Where to go on after the last `*` when what follows fails: pattern and name.
    let mut retry: Option<(usize, usize)> = None;
    let (mut p, mut n) = (0, 0);
    loop {
        let step = match pattern.get(p) {
            None if n == name.len() => return true,
            None => None,
            Some('*') => {
                retry = Some((p + 1, n));
                p += 1;
                continue;
            }
            Some(_) => name.get(n).and_then(|letter| one(&pattern[p..], *letter, style)),
        };
        match (step, retry) {
            (Some(width), _) => {
                p += width;
                n += 1;
            }
            (None, Some((after, from))) if from < name.len() && !(style.path && name[from] == '/') => {
                retry = Some((after, from + 1));
                (p, n) = (after, from + 1);
            }
            _ => return false,
        }
    }
}

fn fold(text: &str, style: Style) -> Vec<char> {
    if style.ignore_case { text.to_lowercase().chars().collect() } else { text.chars().collect() }
}

/// Whether the first element of the pattern takes this character, and how long the element is.
fn one(pattern: &[char], letter: char, style: Style) -> Option<usize> {
    let slash = style.path && letter == '/';
    match pattern.first()? {
        '?' => (!slash).then_some(1),
        '\\' if pattern.len() > 1 => (pattern[1] == letter).then_some(2),
        '[' => match set(pattern, letter) {
            Some((width, found)) => (found && !slash).then_some(width),
            None => (letter == '[').then_some(1),
        },
        other => (*other == letter).then_some(1),
    }
}

/// A bracket expression: its length and whether the character is in it; `None` when it has no end.
fn set(pattern: &[char], letter: char) -> Option<(usize, bool)> {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let begin = 1 + usize::from(negated);
    let mut at = begin;
    let mut found = false;
    loop {
        let mut from = *pattern.get(at)?;
        if from == ']' && at > begin {
            return Some((at + 1, found != negated));
        }
        if from == '[' && pattern.get(at + 1) == Some(&':') {
            let end = pattern[at..].windows(2).position(|pair| pair == [':', ']'])?;
            let name: String = pattern[at + 2..at + end.max(2)].iter().collect();
            found |= in_class(&name, letter);
            at += end + 2;
            continue;
        }
        if from == '\\' {
            at += 1;
            from = *pattern.get(at)?;
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(to)) if *to != ']' => {
                found |= (from..=*to).contains(&letter);
                at += 3;
            }
            _ => {
                found |= from == letter;
                at += 1;
            }
        }
    }
}

fn in_class(name: &str, letter: char) -> bool {
    match name {
        "alpha" => letter.is_alphabetic(),
        "digit" => letter.is_ascii_digit(),
        "alnum" => letter.is_alphanumeric(),
        "upper" => letter.is_uppercase(),
        "lower" => letter.is_lowercase(),
        "space" => letter.is_whitespace(),
        "blank" => letter == ' ' || letter == '\t',
        "punct" => letter.is_ascii_punctuation(),
        "xdigit" => letter.is_ascii_hexdigit(),
        "cntrl" => letter.is_control(),
        "print" => !letter.is_control(),
        "graph" => !letter.is_control() && letter != ' ',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("*.log", "a.log", true),
            ("*.log", "a.log.1", false),
            ("a?c", "abc", true),
            ("[!a-c]x", "dx", true),
            ("[]]", "]", true),
            ("[[:digit:]]*", "7up", true),
            ("*a*b*", "xxaxxb", true),
            ("[a", "[a", true),
            (r"\*", "*", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name, Style::default()), expected, "{pattern} {name}");
        }
        let long = "a".repeat(5_000);
        assert!(!matches(&format!("{}b", "*a".repeat(50)), &long, Style::default()));
        assert!(!matches("*", "a/b", Style { path: true, ignore_case: false }));
        assert!(matches("A*", "abc", Style { path: false, ignore_case: true }));
    }
}
