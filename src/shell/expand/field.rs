//! Fields in the making: text that remembers what was quoted, and is split where it came from an expansion:
//! bash(1), Word Splitting.

use super::pattern::Quoted;

/// A field: characters and whether each was quoted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The characters.
    pub chars: Vec<Quoted>,
    /// There were quotes, so that the field counts even when it is empty.
    pub quoted: bool,
}

impl Field {
    /// The text without the knowledge of quotes.
    pub fn text(&self) -> String {
        self.chars.iter().map(|(c, _)| *c).collect()
    }
}

/// Collects the fields of one word.
#[derive(Clone, Debug)]
pub struct Fields {
    done: Vec<Field>,
    current: Field,
    ifs: String,
    /// White space just ended a field: a separator that follows belongs to it.
    after_space: bool,
    /// Nothing is split: an assignment, a pattern, a here-string.
    whole: bool,
}

impl Fields {
    /// Splits at the characters of `ifs`.
    pub fn splitting(ifs: &str) -> Self {
        Self { ifs: ifs.to_string(), whole: false, ..Self::whole() }
    }

    /// Splits nothing.
    pub fn whole() -> Self {
        Self { done: Vec::new(), current: Field::default(), ifs: String::new(), after_space: false, whole: true }
    }

    /// Whether nothing is split.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Text in quotes.
    pub fn quoted(&mut self, text: &str) {
        self.current.quoted = true;
        self.current.chars.extend(text.chars().map(|c| (c, true)));
        self.after_space = false;
    }

    /// Text of the word itself: may be a pattern, is not split.
    pub fn literal(&mut self, text: &str) {
        self.current.chars.extend(text.chars().map(|c| (c, false)));
        self.after_space &= text.is_empty();
    }

    /// Text that an expansion gave.
    pub fn expanded(&mut self, text: &str) {
        if self.whole {
            self.literal(text);
            return;
        }
        for c in text.chars() {
            if !self.ifs.contains(c) {
                self.current.chars.push((c, false));
                self.after_space = false;
            } else if matches!(c, ' ' | '\t' | '\n') {
                if self.has_content() {
                    self.end_field();
                    self.after_space = true;
                }
            } else if self.after_space {
                self.after_space = false;
            } else {
                self.end_field();
            }
        }
    }

    /// Ends a field between two members of `$@` or of an array. The first member joins what stands before it.
    pub fn separate(&mut self, quoted: bool) {
        if self.whole {
            if quoted { self.quoted(" ") } else { self.literal(" ") }
        } else if quoted || self.has_content() {
            self.end_field();
            self.after_space = !quoted;
        }
    }

    fn has_content(&self) -> bool {
        self.current.quoted || !self.current.chars.is_empty()
    }

    fn end_field(&mut self) {
        self.done.push(std::mem::take(&mut self.current));
    }

    /// The state that tells whether anything was added since: see [`Fields::forget_quotes`].
    pub fn mark(&self) -> (usize, usize) {
        (self.done.len(), self.current.chars.len())
    }

    /// `"$@"` without arguments is no field, although it is quoted.
    pub fn forget_quotes(&mut self, mark: (usize, usize), was_quoted: bool) {
        if self.mark() == mark {
            self.current.quoted = was_quoted;
        }
    }

    /// Whether the field in the making was quoted so far.
    pub fn is_quoted(&self) -> bool {
        self.current.quoted
    }

    /// All fields.
    pub fn finish(mut self) -> Vec<Field> {
        if self.has_content() {
            self.end_field();
        }
        self.done
    }

    /// The one field of text that is not split, perhaps empty.
    pub fn finish_whole(self) -> Field {
        self.current
    }
}
