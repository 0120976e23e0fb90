//! Splitting a value into words with quotes and escapes: systemd.syntax(7), systemd.service(5).

use super::escape::{push, unescape_one};
use super::{LOG_ERR, Log};
use crate::world::Errno;

/// systemd's white space, the usual separators.
pub const WHITESPACE: &str = " \t\n\r";

/// How words are taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// An unbalanced quote or a lone backslash at the end is not an error.
    pub relax: bool,
    /// C escapes are undone.
    pub cunescape: bool,
    /// Unknown escapes are kept as they are.
    pub unescape_relax: bool,
    /// A backslash takes the meaning from a separator or a backslash.
    pub unescape_separators: bool,
    /// Quotes group and are kept.
    pub keep_quote: bool,
    /// Quotes group and are removed.
    pub unquote: bool,
    /// Two separators in a row have an empty word between them.
    pub dont_coalesce_separators: bool,
    /// Backslashes are ordinary characters.
    pub retain_escape: bool,
}

/// `EXTRACT_UNQUOTE | EXTRACT_CUNESCAPE`: command lines and environment assignments.
pub const UNQUOTE_CUNESCAPE: Flags = Flags { unquote: true, cunescape: true, ..FLAGS };
/// `EXTRACT_UNQUOTE`: lists of names and paths.
pub const UNQUOTE: Flags = Flags { unquote: true, ..FLAGS };
/// `EXTRACT_UNQUOTE | EXTRACT_RETAIN_ESCAPE`: lists of unit names.
pub const UNQUOTE_RETAIN_ESCAPE: Flags = Flags { unquote: true, retain_escape: true, ..FLAGS };
/// No quotes, plain separators.
pub const FLAGS: Flags = Flags {
    relax: false,
    cunescape: false,
    unescape_relax: false,
    unescape_separators: false,
    keep_quote: false,
    unquote: false,
    dont_coalesce_separators: false,
    retain_escape: false,
};

/// A position in a value from which words are taken.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// What is still to be read; `None` after the last word.
    pub rest: Option<&'a str>,
    separators: &'a str,
    flags: Flags,
}

impl<'a> Words<'a> {
    /// The words of `text` between white space.
    pub fn new(text: &'a str, flags: Flags) -> Self {
        Self::separated(text, WHITESPACE, flags)
    }

    /// The words of `text` between any of the ASCII characters in `separators`.
    pub fn separated(text: &'a str, separators: &'a str, flags: Flags) -> Self {
        Self { rest: Some(text), separators, flags }
    }

    /// Takes the next word; `Err(EINVAL)` on an unbalanced quote or a bad escape.
    pub fn next_word(&mut self) -> Result<Option<String>, Errno> {
        let Some(text) = self.rest else { return Ok(None) };
        let mut scan =
            Scan { bytes: text.as_bytes(), at: 0, out: None, separators: self.separators, flags: self.flags };
        let ended = scan.run()?;
        let (at, out) = (scan.at, scan.out);
        self.rest = if ended { None } else { text.get(at..) };
        if out.is_none() {
            self.rest = None;
        }
        Ok(out.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// Takes the next word, warning as systemd does: unknown escapes are kept with a warning, an unbalanced quote ends the
    /// value. `rvalue` is the whole value, for the message.
    pub fn next_or_warn(&mut self, rvalue: &str, line: u32, log: &mut Log<'_>) -> Result<Option<String>, Errno> {
        let saved = *self;
        if let Ok(word) = self.next_word() {
            return Ok(word);
        }
        *self = saved;
        self.flags.unescape_relax = true;
        let relaxed = self.next_word();
        self.flags.unescape_relax = saved.flags.unescape_relax;
        match relaxed {
            Ok(word) => {
                let shown = word.as_deref().unwrap_or_default();
                log.warn(line, format!("Ignoring unknown escape sequences: \"{shown}\""));
                Ok(word)
            }
            Err(errno) => {
                log.add(line, LOG_ERR, format!("Unbalanced quoting, ignoring: \"{rvalue}\""));
                Err(errno)
            }
        }
    }
}

/// All words of a value, or `EINVAL`.
pub fn split(text: &str, separators: &str, flags: Flags) -> Result<Vec<String>, Errno> {
    let mut words = Words::separated(text, separators, flags);
    let mut all = Vec::new();
    while let Some(word) = words.next_word()? {
        all.push(word);
    }
    Ok(all)
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Option<Vec<u8>>,
    separators: &'a str,
    flags: Flags,
}

impl Scan<'_> {
    fn is_separator(&self, byte: u8) -> bool {
        self.separators.as_bytes().contains(&byte)
    }

    /// Reads one word; says whether the text has ended.
    fn run(&mut self) -> Result<bool, Errno> {
        if self.flags.dont_coalesce_separators {
            self.out = Some(Vec::new());
        }
        loop {
            match self.bytes.get(self.at) {
                None => return Ok(true),
                Some(b) if self.is_separator(*b) => {
                    self.at += 1;
                    if self.flags.dont_coalesce_separators {
                        return Ok(false);
                    }
                }
                Some(_) => break,
            }
        }
        self.out.get_or_insert_default();
        let mut quote = None;
        loop {
            let Some(byte) = self.bytes.get(self.at).copied() else {
                return if quote.is_none() || self.flags.relax { Ok(true) } else { Err(Errno::EINVAL) };
            };
            if byte == b'\\' && !self.flags.retain_escape {
                self.at += 1;
                if self.backslash(quote.is_some())? {
                    return Ok(true);
                }
            } else if quote == Some(byte) {
                quote = None;
                self.at += 1;
                self.quote_char(byte);
            } else if quote.is_none() && matches!(byte, b'\'' | b'"') && (self.flags.unquote || self.flags.keep_quote) {
                quote = Some(byte);
                self.at += 1;
                self.quote_char(byte);
            } else if quote.is_none() && self.is_separator(byte) {
                return Ok(self.end_of_word());
            } else {
                self.push(byte);
                self.at += 1;
            }
        }
    }

    /// After a separator that ends a word: skips its like.
    fn end_of_word(&mut self) -> bool {
        self.at += 1;
        if !self.flags.dont_coalesce_separators {
            while self.bytes.get(self.at).is_some_and(|b| self.is_separator(*b)) {
                self.at += 1;
            }
            return self.at >= self.bytes.len();
        }
        false
    }

    fn quote_char(&mut self, byte: u8) {
        if !self.flags.unquote {
            self.push(byte);
        }
    }

    fn push(&mut self, byte: u8) {
        self.out.get_or_insert_default().push(byte);
    }

    /// What follows a backslash; says whether the text ended there.
    fn backslash(&mut self, quoted: bool) -> Result<bool, Errno> {
        let Some(byte) = self.bytes.get(self.at).copied() else {
            return if self.flags.unescape_relax && (!quoted || self.flags.relax) {
                self.push(b'\\');
                Ok(true)
            } else if self.flags.relax {
                Ok(true)
            } else {
                Err(Errno::EINVAL)
            };
        };
        if !self.flags.cunescape && !self.flags.unescape_separators {
            self.push(byte);
            self.at += 1;
            return Ok(false);
        }
        let escape = if self.flags.cunescape { unescape_one(&self.bytes[self.at..]) } else { None };
        if let Some((value, length)) = escape {
            push(self.out.get_or_insert_default(), value);
            self.at += length;
            return Ok(false);
        }
        if self.flags.unescape_separators && (self.is_separator(byte) || byte == b'\\') {
            self.push(byte);
        } else if self.flags.unescape_relax {
            self.push(b'\\');
            self.push(byte);
        } else {
            return Err(Errno::EINVAL);
        }
        self.at += 1;
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_command_lines() {
        for (text, expected) in [
            ("a b  c ", Some(vec!["a", "b", "c"])),
            (r#"/bin/sh -c 'echo "x  y"'"#, Some(vec!["/bin/sh", "-c", r#"echo "x  y""#])),
            (r#"a"b c"d '' "" e"#, Some(vec!["ab cd", "", "", "e"])),
            (r"a\x20b \s '\n'", Some(vec!["a b", " ", "\n"])),
            (r#""never closed"#, None),
            (r"\q", None),
            ("é ü", Some(vec!["é", "ü"])),
            ("  ", Some(vec![])),
        ] {
            let words = split(text, WHITESPACE, UNQUOTE_CUNESCAPE).ok();
            let expected = expected.map(|w| w.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(words, expected, "{text}");
        }
    }

    #[test]
    fn separators_may_count_one_by_one() {
        let flags = Flags { dont_coalesce_separators: true, ..FLAGS };
        assert_eq!(split("a::b:", ":", flags).unwrap(), ["a", "", "b", ""]);
    }

    #[test]
    fn unknown_escapes_are_kept_with_a_warning() {
        let mut warnings = Vec::new();
        let mut log = Log { path: "/x.service", unit: "x.service", warnings: &mut warnings };
        let mut words = Words::new(r#"/bin/echo \q "never"#, UNQUOTE_CUNESCAPE);
        assert_eq!(words.next_or_warn("V", 2, &mut log), Ok(Some("/bin/echo".to_owned())));
        assert_eq!(words.next_or_warn("V", 2, &mut log), Ok(Some(r"\q".to_owned())));
        assert_eq!(words.next_or_warn("V", 2, &mut log), Err(Errno::EINVAL));
        let texts: Vec<_> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                r#"/x.service:2: Ignoring unknown escape sequences: "\q""#,
                r#"/x.service:2: Unbalanced quoting, ignoring: "V""#
            ]
        );
    }
}
