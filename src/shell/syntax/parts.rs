//! Puts a word together from characters and expansions.

use super::word::WordPart;

/// The parts read so far.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: Vec<WordPart>,
    literal: String,
}

impl Parts {
    /// Adds a character without any quoting.
    pub(super) fn literal(&mut self, c: char) {
        self.literal.push(c);
    }

    /// Adds text without any quoting.
    pub(super) fn text(&mut self, text: &str) {
        self.literal.push_str(text);
    }

    /// Adds anything else.
    pub(super) fn push(&mut self, part: WordPart) {
        self.flush();
        self.parts.push(part);
    }

    /// Adds parts read elsewhere.
    pub(super) fn extend(&mut self, parts: &[WordPart]) {
        for part in parts {
            match part {
                WordPart::Literal(text) => self.literal.push_str(text),
                other => self.push(other.clone()),
            }
        }
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.literal.is_empty()
    }

    /// All parts.
    pub(super) fn finish(mut self) -> Vec<WordPart> {
        self.flush();
        self.parts
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.parts.push(WordPart::Literal(std::mem::take(&mut self.literal).into()));
        }
    }
}
