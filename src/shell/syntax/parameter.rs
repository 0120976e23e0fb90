//! `${ … }`: bash(1), Parameter Expansion.

use std::sync::Arc;

use super::dollar::is_special;
use super::lexer::{Parsed, Parser, is_name_character};
use super::parts::Parts;
use super::quoting::{Bare, Quoted};
use super::word::{
    CaseChange, Colon, Parameter, ParameterExpansion, ParameterOp, ReplaceKind, Subscript, Word, WordPart,
};

impl Parser<'_> {
    /// Takes `{ … }` after a `$` that was recorded at `raw`.
    pub(super) fn braced_parameter(&mut self, quoted: bool, raw: usize) -> Parsed<WordPart> {
        self.source.advance();
        let indirect = self.source.nth(0) == Some('!') && self.source.nth(1).is_some_and(is_indirect);
        if indirect {
            self.source.advance();
        }
        let length = self.takes_length();
        if length {
            self.source.advance();
        }
        let parameter = self.parameter();
        let subscript = self.subscript(&parameter)?;
        let mut op = match &parameter {
            Some(_) => self.parameter_op(quoted, indirect, &subscript)?,
            None => ParameterOp::Bad,
        };
        if length {
            op = if op == ParameterOp::Value { ParameterOp::Length } else { ParameterOp::Bad };
        }
        if self.source.peek() != Some('}') {
            op = ParameterOp::Bad;
            self.skip_to_brace(quoted)?;
        }
        self.source.advance();
        let raw = self.raw_from(raw);
        let parameter = parameter.unwrap_or(Parameter::Special('@'));
        Ok(WordPart::Parameter(Arc::new(ParameterExpansion { parameter, subscript, indirect, op, raw })))
    }

    /// Whether a `#` stands here that asks for the length.
    fn takes_length(&self) -> bool {
        if self.source.nth(0) != Some('#') {
            return false;
        }
        match self.source.nth(1) {
            Some(c) if is_name_character(c) => true,
            Some(c) if is_special(c) => self.source.nth(2) == Some('}'),
            _ => false,
        }
    }

    fn parameter(&mut self) -> Option<Parameter> {
        let c = self.source.peek()?;
        if c.is_ascii_digit() {
            let digits = self.digits();
            let number = digits.parse().unwrap_or(usize::MAX);
            return Some(if number == 0 { Parameter::Special('0') } else { Parameter::Positional(number) });
        }
        if is_name_character(c) {
            return Some(Parameter::Variable(self.name().into()));
        }
        is_special(c).then(|| {
            self.source.advance();
            Parameter::Special(c)
        })
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(c) = self.source.peek().filter(char::is_ascii_digit) {
            self.source.advance();
            digits.push(c);
        }
        digits
    }

    fn subscript(&mut self, parameter: &Option<Parameter>) -> Parsed<Option<Subscript>> {
        if !matches!(parameter, Some(Parameter::Variable(_))) || self.source.peek() != Some('[') {
            return Ok(None);
        }
        self.source.advance();
        let word = self.nested(|parser| parser.bare_word(Bare::Subscript))?;
        self.source.advance();
        Ok(Some(match word.plain() {
            Some("@") => Subscript::At,
            Some("*") => Subscript::Star,
            _ => Subscript::Index(word),
        }))
    }

    /// The operator and its operands, up to the `}`.
    fn parameter_op(&mut self, quoted: bool, indirect: bool, subscript: &Option<Subscript>) -> Parsed<ParameterOp> {
        let Some(c) = self.source.peek() else { return Ok(ParameterOp::Value) };
        let after = self.source.nth(1);
        match c {
            '}' => {
                return Ok(match subscript {
                    Some(Subscript::At) if indirect => ParameterOp::Keys(true),
                    Some(Subscript::Star) if indirect => ParameterOp::Keys(false),
                    _ => ParameterOp::Value,
                });
            }
            '@' | '*' if indirect && subscript.is_none() && after == Some('}') => {
                self.source.advance();
                return Ok(ParameterOp::Names(c == '@'));
            }
            '@' => return Ok(self.transform()),
            '-' | '=' | '?' | '+' => return self.default_op(quoted, Colon::Without),
            ':' if matches!(after, Some('-' | '=' | '?' | '+')) => {
                self.source.advance();
                return self.default_op(quoted, Colon::With);
            }
            ':' => return self.substring(),
            '/' => return self.replace(),
            '#' | '%' | '^' | ',' | '~' => {}
            _ => return Ok(ParameterOp::Bad),
        }
        self.source.advance();
        let twice = self.source.accept(c);
        let pattern = self.bare_word(Bare::Brace)?;
        Ok(match (c, twice) {
            ('#', longest) => ParameterOp::RemovePrefix(pattern, longest),
            ('%', longest) => ParameterOp::RemoveSuffix(pattern, longest),
            ('^', false) => ParameterOp::Case(CaseChange::UpperFirst, pattern),
            ('^', true) => ParameterOp::Case(CaseChange::UpperAll, pattern),
            (',', false) => ParameterOp::Case(CaseChange::LowerFirst, pattern),
            (',', true) => ParameterOp::Case(CaseChange::LowerAll, pattern),
            (_, false) => ParameterOp::Case(CaseChange::ToggleFirst, pattern),
            (_, true) => ParameterOp::Case(CaseChange::ToggleAll, pattern),
        })
    }

    fn transform(&mut self) -> ParameterOp {
        self.source.advance();
        match self.source.peek() {
            Some(c @ ('U' | 'u' | 'L' | 'Q' | 'E' | 'P' | 'A' | 'K' | 'a' | 'k')) => {
                self.source.advance();
                ParameterOp::Transform(c)
            }
            _ => ParameterOp::Bad,
        }
    }

    fn default_op(&mut self, quoted: bool, colon: Colon) -> Parsed<ParameterOp> {
        let op = self.source.advance();
        let word = self.operand(quoted)?;
        Ok(match op {
            Some('-') => ParameterOp::Default(colon, word),
            Some('=') => ParameterOp::Assign(colon, word),
            Some('?') => ParameterOp::Error(colon, word),
            _ => ParameterOp::Alternative(colon, word),
        })
    }

    fn operand(&mut self, quoted: bool) -> Parsed<Word> {
        if quoted { self.quoted_word(Quoted::Brace) } else { self.bare_word(Bare::Brace) }
    }

    fn substring(&mut self) -> Parsed<ParameterOp> {
        self.source.advance();
        let offset = self.quoted_word(Quoted::Offset)?;
        let length = if self.source.accept(':') { Some(self.quoted_word(Quoted::Brace)?) } else { None };
        Ok(ParameterOp::Substring(offset, length))
    }

    fn replace(&mut self) -> Parsed<ParameterOp> {
        self.source.advance();
        let kind = match self.source.peek() {
            Some('/') => ReplaceKind::All,
            Some('#') => ReplaceKind::Prefix,
            Some('%') => ReplaceKind::Suffix,
            _ => ReplaceKind::First,
        };
        if kind != ReplaceKind::First {
            self.source.advance();
        }
        // The first character after the second slash belongs to the pattern, even when it is a slash.
        let slash = kind == ReplaceKind::All && self.source.accept('/');
        let mut pattern = self.bare_word(Bare::Pattern)?;
        if slash {
            pattern.parts.insert(0, WordPart::Literal("/".into()));
            pattern.raw = format!("/{}", pattern.raw).into();
        }
        let with = if self.source.accept('/') { Some(self.bare_word(Bare::Brace)?) } else { None };
        Ok(ParameterOp::Replace(kind, pattern, with))
    }

    fn skip_to_brace(&mut self, quoted: bool) -> Parsed<()> {
        let mut ignored = Parts::default();
        if quoted { self.quoted(&mut ignored, Quoted::Brace) } else { self.bare(&mut ignored, Bare::Brace) }
    }
}

/// Whether a parameter that is named by another may begin with this character.
fn is_indirect(c: char) -> bool {
    is_name_character(c) || matches!(c, '#' | '?' | '@' | '*')
}
