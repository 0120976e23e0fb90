//! Patterns of grep against a line.

use crate::commands::text::regexp::{Flavor, Regexp, Wrong};

/// How patterns are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Basic,
    Extended,
    Fixed,
    Perl,
}

/// Some patterns, of which any may match.
#[derive(Clone, Debug, Default)]
pub(super) struct Matcher {
    patterns: Vec<Regexp>,
    word: bool,
    whole: bool,
}

impl Matcher {
    /// Compiles the patterns. Errors: the message.
    pub fn new(patterns: &[String], kind: Kind, mut flavor: Flavor, word: bool) -> Result<Self, String> {
        flavor.extended = kind == Kind::Extended;
        let compile = |pattern: &String| match kind {
            Kind::Basic | Kind::Extended => Regexp::new(pattern, flavor),
            Kind::Fixed => Regexp::fixed(pattern, flavor),
            Kind::Perl => Regexp::perl(pattern, flavor),
        };
        let compiled: Result<Vec<Regexp>, Wrong> = patterns.iter().map(compile).collect();
        match compiled {
            Ok(patterns) => Ok(Matcher { patterns, word, whole: flavor.whole }),
            Err(wrong) => Err(wrong.message().to_owned()),
        }
    }

    /// Whether the line matches.
    pub fn matches(&self, line: &[u8]) -> bool {
        if self.word && !self.whole {
            return self.find(line, 0).is_some();
        }
        self.patterns.iter().any(|pattern| pattern.is_match(line))
    }

    /// The leftmost, longest match at or after `start`.
    pub fn find(&self, line: &[u8], start: usize) -> Option<(usize, usize)> {
        let one = |pattern: &Regexp| match self.word && !self.whole {
            true => find_word(pattern, line, start),
            false => pattern.find_at(line, start)?[0],
        };
        self.patterns.iter().filter_map(one).min_by_key(|(from, to)| (*from, usize::MAX - to))
    }
}

/// A match with no word character on either side.
fn find_word(pattern: &Regexp, line: &[u8], mut start: usize) -> Option<(usize, usize)> {
    let word = |at: Option<&u8>| at.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    while start <= line.len() {
        let (from, to) = pattern.find_at(line, start)?[0]?;
        let before = from.checked_sub(1).and_then(|at| line.get(at));
        if !word(before) && !word(line.get(to)) {
            return Some((from, to));
        }
        start = from + 1;
        while line.get(start).is_some_and(|b| b & 0xc0 == 0x80) {
            start += 1;
        }
    }
    None
}
