//! An error in course files: where it stands, what is wrong, what to do. Always in both languages.

use super::problem::Problem;
use crate::lesson::text::{Lang, Text};
use std::cell::RefCell;
use std::ops::Range;

/// A place in a file; both numbers start at 1, columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The beginning of a file.
    pub const START: Place = Place { line: 1, column: 1 };

    /// The place of the byte `offset` in `text`.
    pub fn of(text: &str, offset: usize) -> Place {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &text[..end];
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// One error of the content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The file, relative to the course's root.
    pub file: String,
    /// Where in the file.
    pub at: Place,
    /// What is wrong there.
    pub problem: Problem,
}

impl Diagnostic {
    /// An error at a known place.
    pub fn new(file: impl Into<String>, at: Place, problem: Problem) -> Diagnostic {
        Diagnostic { file: file.into(), at, problem }
    }

    /// `FILE:LINE:COLUMN: what is wrong; what to do`, on one line.
    pub fn line(&self, lang: Lang) -> String {
        let Text { en, fr } = self.problem.text();
        let text = if lang == Lang::En { en } else { fr };
        let kind = match (self.problem.is_warning(), lang) {
            (false, _) => "",
            (true, Lang::En) => "warning: ",
            (true, Lang::Fr) => "avertissement\u{a0}: ",
        };
        format!("{}:{}:{}: {kind}{text}", self.file, self.at.line, self.at.column)
    }
}

/// A file being read, and the errors found in it so far.
#[derive(Debug)]
pub struct Doc<'s> {
    /// The file's path in the course.
    pub file: &'s str,
    /// The file's text.
    pub text: &'s str,
    found: RefCell<Vec<Diagnostic>>,
}

impl<'s> Doc<'s> {
    /// A file with no errors yet.
    pub fn new(file: &'s str, text: &'s str) -> Doc<'s> {
        Doc { file, text, found: RefCell::new(Vec::new()) }
    }

    /// The place of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        Place::of(self.text, offset)
    }

    /// Notes an error at the start of `span`.
    pub fn report(&self, span: &Range<usize>, problem: Problem) {
        self.report_at(self.place(span.start), problem);
    }

    /// Notes an error at a place.
    pub fn report_at(&self, at: Place, problem: Problem) {
        self.found.borrow_mut().push(Diagnostic::new(self.file, at, problem));
    }

    /// Adds errors that were found in other files.
    pub fn add(&self, others: Vec<Diagnostic>) {
        self.found.borrow_mut().extend(others);
    }

    /// Whether any error was noted.
    pub fn has_errors(&self) -> bool {
        !self.found.borrow().is_empty()
    }

    /// The errors, in the order of the file.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        assert_eq!(Place::of("é = 1\nàb", 0), Place { line: 1, column: 1 });
        assert_eq!(Place::of("é = 1\nàb", 9), Place { line: 2, column: 2 });
        assert_eq!(Place::of("x", 99), Place { line: 1, column: 2 });
    }
}
