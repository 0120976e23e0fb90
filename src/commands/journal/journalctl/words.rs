//! The words that options of journalctl take: levels, facilities, boots, patterns: journalctl(1), syslog(3).

use regex::bytes::{Regex, RegexBuilder};

use super::options::BootChoice;

/// Levels by number.
pub(in crate::commands::journal) const LEVELS: &[&str] =
    &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/// Facilities by number; some have no name but their number.
pub(in crate::commands::journal) const FACILITIES: &[&str] = &[
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "12", "13",
    "14", "15", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];

/// A level by name or number.
pub(in crate::commands::journal) fn log_level(word: &str) -> Option<u8> {
    by_name_or_number(word, LEVELS)
}

/// A facility by name or number.
pub(super) fn facility(word: &str) -> Option<u8> {
    by_name_or_number(word, FACILITIES)
}

fn by_name_or_number(word: &str, names: &[&str]) -> Option<u8> {
    let position = names.iter().position(|name| *name == word);
    let number = position.or_else(|| word.parse().ok().filter(|n| *n < names.len()))?;
    u8::try_from(number).ok()
}

/// A boot: `-1`, `2`, an id, an id with an offset; the inner `None` is `all`. `None`: it is none of these.
pub(super) fn boot_descriptor(text: &str) -> Option<Option<BootChoice>> {
    if text == "all" {
        return Some(None);
    }
    let (id, rest) = match text.get(..32) {
        Some(id) => (Some(id), &text[32..]),
        None => (None, text),
    };
    if id.is_some_and(|id| {
        !id.bytes().all(|b| b.is_ascii_hexdigit()) || !(rest.is_empty() || rest.starts_with(['+', '-']))
    }) {
        return None;
    }
    if rest.is_empty() && id.is_none() {
        return None;
    }
    let offset = if rest.is_empty() { 0 } else { rest.parse::<i32>().ok()? };
    let id = id.filter(|id| id.bytes().any(|b| b != b'0'));
    Some(Some(BootChoice { id: id.map(str::to_ascii_lowercase), offset: i64::from(offset) }))
}

/// Compiles a pattern; case matters when it holds a capital, unless told otherwise. The error is journalctl's message.
pub(super) fn pattern(text: &str, case_sensitive: Option<bool>) -> Result<Regex, String> {
    let sensitive = case_sensitive.unwrap_or_else(|| text.chars().any(char::is_uppercase));
    let compiled = RegexBuilder::new(text).case_insensitive(!sensitive).multi_line(false).size_limit(1 << 20).build();
    compiled.map_err(|error| {
        let error = error.to_string();
        for (ours, theirs) in REASONS {
            if error.contains(ours) {
                return format!("Bad pattern \"{text}\": {theirs}");
            }
        }
        format!("journalctl: pattern \"{text}\" is not simulated")
    })
}

/// What the two libraries call the same mistake.
const REASONS: &[(&str, &str)] = &[
    ("unclosed character class", "missing terminating ] for character class"),
    ("unclosed group", "missing closing parenthesis"),
    ("unopened group", "unmatched closing parenthesis"),
    ("repetition operator missing expression", "quantifier does not follow a repeatable item"),
    ("invalid repetition count range", "numbers out of order in {} quantifier"),
    ("unclosed capture group name", "syntax error in subpattern name (missing terminator?)"),
    ("incomplete escape sequence", "\\ at end of pattern"),
    ("invalid character class range", "range out of order in character class"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boots_are_named_by_offset_and_id() {
        let choice = |text| boot_descriptor(text).flatten().map(|b| (b.id.is_some(), b.offset));
        assert_eq!(choice("-1"), Some((false, -1)));
        assert_eq!(choice("2"), Some((false, 2)));
        assert_eq!(choice("0123456789abcdef0123456789abcdef-1"), Some((true, -1)));
        assert_eq!(boot_descriptor("all"), Some(None));
        assert_eq!(boot_descriptor("abc"), None);
    }

    #[test]
    fn patterns_heed_case_when_they_have_a_capital() {
        assert!(pattern("order", None).unwrap().is_match(b"ORDER"));
        assert!(!pattern("Order", None).unwrap().is_match(b"ORDER"));
        assert!(pattern("Order", Some(false)).unwrap().is_match(b"ORDER"));
        let error = pattern("[", None).unwrap_err();
        assert_eq!(error, "Bad pattern \"[\": missing terminating ] for character class");
    }
}
