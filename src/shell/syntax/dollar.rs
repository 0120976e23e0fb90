//! What begins with `$`, `<(` or `>(`: bash(1), EXPANSION.

use std::sync::Arc;

use super::ast::{List, ListItem};
use super::lexer::{Parsed, Parser, Place, Token, is_name_character};
use super::parts::Parts;
use super::print;
use super::quoting::Quoted;
use super::word::{
    CommandSubstitution, Parameter, ParameterExpansion, ParameterOp, ProcessSubstitution, Word, WordPart,
};

impl Parser<'_> {
    /// Takes a `$` and what belongs to it.
    pub(super) fn dollar(&mut self, parts: &mut Parts, quoted: bool) -> Parsed<()> {
        let (raw, line) = (self.source.raw.len(), self.source.line());
        self.source.advance();
        match self.source.peek() {
            Some('(') => self.dollar_parenthesis(parts, raw, line)?,
            Some('{') => {
                let part = self.nested(|parser| parser.braced_parameter(quoted, raw))?;
                parts.push(part);
            }
            Some('[') => {
                self.source.advance();
                let word = self.nested(|parser| parser.quoted_word(Quoted::Bracket))?;
                self.source.advance();
                parts.push(WordPart::Arithmetic(Arc::new(word)));
            }
            Some('\'') if !quoted => self.ansi_quoted(parts)?,
            Some('"') if !quoted => {
                self.source.raw.truncate(raw);
                self.double_quoted(parts)?;
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.name();
                self.simple_parameter(parts, Parameter::Variable(name.into()), raw);
            }
            Some(c) if is_special(c) => {
                self.source.advance();
                let parameter = match c.to_digit(10) {
                    Some(digit @ 1..) => Parameter::Positional(digit as usize),
                    _ => Parameter::Special(c),
                };
                self.simple_parameter(parts, parameter, raw);
            }
            _ => parts.literal('$'),
        }
        Ok(())
    }

    /// Takes a name.
    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.source.peek().filter(|c| is_name_character(*c)) {
            self.source.advance();
            name.push(c);
        }
        name
    }

    fn simple_parameter(&mut self, parts: &mut Parts, parameter: Parameter, raw: usize) {
        let raw = self.raw_from(raw);
        let op = ParameterOp::Value;
        let expansion = ParameterExpansion { parameter, subscript: None, indirect: false, op, raw };
        parts.push(WordPart::Parameter(Arc::new(expansion)));
    }

    /// Takes `(( … ))` or `( … )` after a `$`.
    fn dollar_parenthesis(&mut self, parts: &mut Parts, raw: usize, line: u32) -> Parsed<()> {
        if let Some(word) = self.double_parentheses()? {
            parts.push(WordPart::Arithmetic(Arc::new(word)));
            return Ok(());
        }
        self.source.advance();
        let (body, source) = self.nested(|parser| parser.substituted(raw))?;
        let substitution = CommandSubstitution { body, source, line };
        parts.push(WordPart::CommandSubstitution(Arc::new(substitution)));
        Ok(())
    }

    /// Takes `(( … ))` if that is what stands here, and not two parentheses that each begin a subshell.
    pub(super) fn double_parentheses(&mut self) -> Parsed<Option<Word>> {
        if self.source.nth(0) != Some('(') || self.source.nth(1) != Some('(') {
            return Ok(None);
        }
        let (mark, place) = (self.source.mark(), self.source.pos());
        if self.not_arithmetic.contains(&place) {
            return Ok(None);
        }
        self.source.advance();
        self.source.advance();
        let pending = self.pending.clone();
        let word = self.nested(|parser| parser.quoted_word(Quoted::Arithmetic));
        let at_end = matches!(&word, Err(error) if error.at_end);
        if let Ok(word) = word {
            self.source.advance();
            if self.source.accept(')') {
                return Ok(Some(word));
            }
        } else if at_end {
            return word.map(Some);
        }
        // Known from now on: reading it again and again would take time that doubles with each level.
        self.not_arithmetic.insert(place);
        self.pending = pending;
        self.peeked = None;
        self.source.reset(mark);
        Ok(None)
    }

    /// Takes the commands up to `)`; records them in canonical form, as bash does. `raw` is where the `$` was recorded.
    fn substituted(&mut self, raw: usize) -> Parsed<(Arc<List>, Arc<str>)> {
        let pending = std::mem::take(&mut self.pending);
        let opened = self.source.raw.len();
        self.substitutions += 1;
        let list = self.subshell_list().and_then(|list| self.expect_operator(")", Place::Command).map(|()| list));
        self.substitutions -= 1;
        let list = list?;
        for here in std::mem::replace(&mut self.pending, pending) {
            // Nothing can follow any more: bash warns and takes an empty document.
            let body = self.cut_here_body(&here, "", self.source.line());
            let _ = here.body.set(body);
            self.source.continues = false;
        }
        let source: Arc<str> = print::substitution(&list).into();
        self.source.raw.truncate(opened.max(raw));
        self.source.raw.push_str(&source);
        self.source.raw.push(')');
        Ok((Arc::new(list), source))
    }

    /// The commands up to a `)`, perhaps none.
    fn subshell_list(&mut self) -> Parsed<List> {
        self.newlines()?;
        if matches!(self.peek(Place::Command)?, Token::Operator(")")) {
            return Ok(List::default());
        }
        self.compound_items().map(|items: Vec<ListItem>| List { items })
    }

    /// Takes `<( … )` or `>( … )`.
    pub(super) fn process_substitution(&mut self, parts: &mut Parts) -> Parsed<()> {
        let raw = self.source.raw.len();
        let reads = self.source.advance() == Some('<');
        self.source.advance();
        let (body, source) = self.nested(|parser| parser.substituted(raw))?;
        parts.push(WordPart::ProcessSubstitution(Arc::new(ProcessSubstitution { reads, body, source })));
        Ok(())
    }
}

/// A character that names a special or positional parameter.
pub(super) fn is_special(c: char) -> bool {
    matches!(c, '*' | '@' | '#' | '?' | '-' | '$' | '!' | '0'..='9')
}
