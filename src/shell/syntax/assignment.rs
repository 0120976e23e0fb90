//! Assignments, also of arrays: bash(1), PARAMETERS and Arrays.

use std::sync::Arc;

use super::ast::{ArrayElement, Assignment, AssignmentValue, Span, Word};
use super::error::SyntaxError;
use super::lexer::{Parsed, Parser, Place, Token, is_name_character};
use super::parts::Parts;
use super::quoting::Bare;
use super::word::WordPart;

/// `name`, `name[sub]` and the operator, as far as they were found.
struct Target {
    name: String,
    subscript: Option<Word>,
    append: bool,
}

impl Parser<'_> {
    /// Takes an assignment if one stands here; otherwise leaves what it read in `parts`.
    pub(super) fn assignment_token(
        &mut self,
        place: Place,
        raw: usize,
        span: Span,
        parts: &mut Parts,
    ) -> Parsed<Option<Token>> {
        let Some(target) = self.assignment_target(place, parts)? else { return Ok(None) };
        let value = if self.source.peek() == Some('(') && place != Place::Element && !self.posix {
            let first = self.source.raw.len();
            let elements = self.nested(Self::array_elements)?;
            self.source.raw.truncate(first);
            self.source.raw.push_str(&print_elements(&elements));
            AssignmentValue::Array(elements)
        } else {
            AssignmentValue::Scalar(self.bare_word(Bare::Word(Place::Argument))?)
        };
        let Target { name, subscript, append } = target;
        let assignment = Assignment { name, subscript, append, value, raw: self.raw_from(raw) };
        if place == Place::Command {
            return Ok(Some(Token::Assignment(Box::new(assignment))));
        }
        if let AssignmentValue::Scalar(value) = &assignment.value {
            parts.extend(&value.parts);
        }
        let span = Span { end: self.source.pos(), ..span };
        let raw = assignment.raw.clone();
        let parts = std::mem::take(parts).finish();
        Ok(Some(Token::Word(Word { parts, raw, assignment: Some(Arc::new(assignment)), span })))
    }

    /// What stands before the value, operator included.
    fn assignment_target(&mut self, place: Place, parts: &mut Parts) -> Parsed<Option<Target>> {
        let mut name = String::new();
        if place != Place::Element {
            if self.source.peek().is_none_or(|c| c.is_ascii_digit()) {
                return Ok(None);
            }
            name = self.name();
            parts.text(&name);
            if name.is_empty() {
                return Ok(None);
            }
        } else if self.source.peek() != Some('[') {
            return Ok(None);
        }
        let subscript = if self.source.peek() == Some('[') { Some(self.bracketed(parts)?) } else { None };
        let append = self.source.peek() == Some('+') && self.source.nth(1) == Some('=');
        if append {
            self.source.advance();
            parts.literal('+');
        }
        if !self.source.accept('=') {
            return Ok(None);
        }
        parts.literal('=');
        Ok(Some(Target { name, subscript, append }))
    }

    fn bracketed(&mut self, parts: &mut Parts) -> Parsed<Word> {
        self.source.advance();
        parts.literal('[');
        let word = self.nested(|parser| parser.bare_word(Bare::Subscript))?;
        self.source.advance();
        parts.extend(&word.parts);
        parts.literal(']');
        Ok(word)
    }

    /// Takes `( … )`.
    fn array_elements(&mut self) -> Parsed<Vec<ArrayElement>> {
        let line = self.source.line();
        self.source.advance();
        let mut elements = Vec::new();
        loop {
            let lexed = self.next(Place::Element)?;
            match lexed.token {
                Token::Newline => {}
                Token::Operator(")") => return Ok(elements),
                Token::End => return Err(SyntaxError::unmatched(line, ')')),
                Token::Word(word) => elements.push(element(word)),
                _ => return Err(self.unexpected(&lexed)),
            }
        }
    }
}

/// A member of a compound assignment from its word.
fn element(word: Word) -> ArrayElement {
    let Some(assignment) = &word.assignment else {
        return ArrayElement { subscript: None, append: false, value: word };
    };
    let value = match &assignment.value {
        AssignmentValue::Scalar(value) => Word { raw: word.raw.clone(), ..value.clone() },
        AssignmentValue::Array(_) => Word::default(),
    };
    ArrayElement { subscript: assignment.subscript.clone(), append: assignment.append, value }
}

fn print_elements(elements: &[ArrayElement]) -> String {
    let words: Vec<&str> = elements.iter().map(|element| &*element.value.raw).collect();
    format!("({})", words.join(" "))
}

/// A word that has the form `name=value` where it was not read as an assignment: its name and what follows the `=`.
/// bash expands a tilde after such a `=` too.
pub fn split_assignment(parts: &[WordPart]) -> Option<(&str, &str)> {
    let Some(WordPart::Literal(text)) = parts.first() else { return None };
    let (name, value) = text.split_once('=')?;
    let bare = name.strip_suffix('+').unwrap_or(name);
    let valid =
        !bare.is_empty() && bare.chars().all(is_name_character) && !bare.starts_with(|c: char| c.is_ascii_digit());
    valid.then_some((name, value))
}
