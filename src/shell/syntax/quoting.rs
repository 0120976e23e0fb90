//! Reading the inside of words: quotes, escapes, patterns: bash(1), QUOTING.

use std::sync::Arc;

use super::ast::{Span, Word};
use super::error::SyntaxError;
use super::escape;
use super::lexer::{Parsed, Parser, Place, is_metacharacter};
use super::parts::Parts;
use super::source::Source;
use super::word::WordPart;

/// Where text that is not in double quotes ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// A word: at a blank or an operator.
    Word(Place),
    /// `${name:-…}`: at `}`.
    Brace,
    /// `${name/…/`: at `/` or `}`.
    Pattern,
    /// `[…]`: at the bracket that matches.
    Subscript,
    /// An extended pattern or a group of a regular expression: at the parenthesis that matches.
    Group,
}

/// Where text that is treated as if in double quotes ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    /// `"…"`
    Double,
    /// The body of a here-document: at the end of the text.
    HereDoc,
    /// `"${name:-…}"`: at `}`.
    Brace,
    /// `${name:…}`: at `:` or `}`.
    Offset,
    /// `$((…))`, `((…))`: at the parenthesis that matches.
    Arithmetic,
    /// A part of `for ((…;…;…))`: at `;` or the parenthesis that matches.
    ArithmeticFor,
    /// `$[…]`: at the bracket that matches.
    Bracket,
}

impl Quoted {
    /// What is missing when the text ends.
    fn close(self) -> char {
        match self {
            Quoted::Double => '"',
            Quoted::Brace | Quoted::Offset => '}',
            Quoted::Bracket => ']',
            Quoted::HereDoc | Quoted::Arithmetic | Quoted::ArithmeticFor => ')',
        }
    }
}

impl Parser<'_> {
    /// Reads a word up to what ends it.
    pub(super) fn word_parts(&mut self, parts: &mut Parts, place: Place) -> Parsed<()> {
        self.bare(parts, Bare::Word(place))
    }

    /// Reads a word and what bash prints for it.
    pub(super) fn bare_word(&mut self, mode: Bare) -> Parsed<Word> {
        let (raw, start, line) = (self.source.raw.len(), self.source.pos(), self.source.line());
        let mut parts = Parts::default();
        self.bare(&mut parts, mode)?;
        Ok(self.finish_word(parts, raw, start, line))
    }

    /// The same of text that is treated as if in double quotes.
    pub(super) fn quoted_word(&mut self, mode: Quoted) -> Parsed<Word> {
        let (raw, start, line) = (self.source.raw.len(), self.source.pos(), self.source.line());
        let mut parts = Parts::default();
        self.quoted(&mut parts, mode)?;
        Ok(self.finish_word(parts, raw, start, line))
    }

    fn finish_word(&self, parts: Parts, raw: usize, start: usize, line: u32) -> Word {
        let span = Span { start, end: self.source.pos(), line };
        Word { parts: parts.finish(), raw: self.raw_from(raw), assignment: None, span }
    }

    /// Text outside double quotes. What ends it is not taken.
    pub(super) fn bare(&mut self, parts: &mut Parts, mode: Bare) -> Parsed<()> {
        let line = self.source.line();
        let mut inner = 0u32;
        loop {
            let Some(c) = self.source.peek() else { return self.bare_end(mode, line) };
            if self.bare_ends(mode, c, parts, &mut inner) {
                return Ok(());
            }
            match c {
                '\\' => self.bare_escape(parts),
                '\'' => self.single_quoted(parts)?,
                '"' => self.double_quoted(parts)?,
                '`' => self.backquoted(parts, false)?,
                '$' => self.dollar(parts, false)?,
                '<' | '>' if matches!(mode, Bare::Word(_)) && self.source.nth(1) == Some('(') => {
                    self.process_substitution(parts)?
                }
                _ if self.opens_group(mode, c) => self.group(parts, c)?,
                _ => {
                    self.source.advance();
                    parts.literal(c);
                }
            }
        }
    }

    fn bare_end(&self, mode: Bare, line: u32) -> Parsed<()> {
        let close = match mode {
            Bare::Word(_) => return Ok(()),
            Bare::Brace | Bare::Pattern => '}',
            Bare::Subscript => ']',
            Bare::Group => ')',
        };
        Err(SyntaxError::unmatched(line, close))
    }

    /// Whether `c` ends the text; counts what is nested.
    fn bare_ends(&mut self, mode: Bare, c: char, parts: &Parts, inner: &mut u32) -> bool {
        match (mode, c) {
            (Bare::Word(_), ' ' | '\t' | '\n') => true,
            (Bare::Word(Place::Regex), '(' | '|') => false,
            (Bare::Word(Place::Regex), _) if parts.is_empty() && c != ')' && c != '&' && c != ';' => false,
            (Bare::Word(_), '<' | '>') => self.source.nth(1) != Some('('),
            (Bare::Word(_), _) => is_metacharacter(c),
            (Bare::Brace, '}') | (Bare::Pattern, '}' | '/') => true,
            (Bare::Subscript, '[') | (Bare::Group, '(') => {
                *inner += 1;
                false
            }
            (Bare::Subscript, ']') | (Bare::Group, ')') => {
                let ends = *inner == 0;
                *inner = inner.saturating_sub(1);
                ends
            }
            _ => false,
        }
    }

    /// Whether `c` begins text in parentheses that belongs to the word.
    fn opens_group(&self, mode: Bare, c: char) -> bool {
        match mode {
            Bare::Word(Place::Regex) => c == '(',
            Bare::Word(Place::Pattern) => is_pattern_prefix(c) && self.source.nth(1) == Some('('),
            Bare::Word(_) => self.extglob && is_pattern_prefix(c) && self.source.nth(1) == Some('('),
            _ => false,
        }
    }

    fn group(&mut self, parts: &mut Parts, c: char) -> Parsed<()> {
        self.source.advance();
        parts.literal(c);
        if c != '(' {
            self.source.advance();
            parts.literal('(');
        }
        self.nested(|parser| parser.bare(parts, Bare::Group))?;
        self.source.advance();
        parts.literal(')');
        Ok(())
    }

    fn bare_escape(&mut self, parts: &mut Parts) {
        self.source.advance();
        // A backslash at the very end of the text quotes nothing; the newline after it is not in the text.
        match self.source.nth(0) {
            Some('\n') | None => parts.push(WordPart::Escaped('\\')),
            Some(c) => {
                self.source.advance();
                parts.push(WordPart::Escaped(c));
            }
        }
    }

    fn single_quoted(&mut self, parts: &mut Parts) -> Parsed<()> {
        let text = self.until_quote()?;
        parts.push(WordPart::SingleQuoted(text.into()));
        Ok(())
    }

    /// Takes `'…'`; nothing in it is special.
    fn until_quote(&mut self) -> Parsed<String> {
        let line = self.source.line();
        let mut text = String::new();
        self.source.advance();
        loop {
            match self.source.advance() {
                Some('\'') => return Ok(text),
                Some(c) => text.push(c),
                None => return Err(SyntaxError::unmatched(line, '\'')),
            }
        }
    }

    /// Takes `"…"`.
    pub(super) fn double_quoted(&mut self, parts: &mut Parts) -> Parsed<()> {
        self.source.advance();
        let mut inside = Parts::default();
        self.nested(|parser| parser.quoted(&mut inside, Quoted::Double))?;
        self.source.advance();
        parts.push(WordPart::DoubleQuoted(inside.finish()));
        Ok(())
    }

    /// Takes `'…'` after a `$`, and records it decoded, as bash does.
    pub(super) fn ansi_quoted(&mut self, parts: &mut Parts) -> Parsed<()> {
        let line = self.source.line();
        let raw = self.source.raw.len().saturating_sub(1);
        self.source.skip();
        let mut text = String::new();
        loop {
            match self.source.skip() {
                Some('\'') => break,
                Some('\\') => {
                    text.push('\\');
                    text.extend(self.source.skip());
                }
                Some(c) => text.push(c),
                None => return Err(SyntaxError::unmatched(line, '\'')),
            }
        }
        let text = escape::decode_ansi(&text);
        self.source.raw.truncate(raw);
        self.source.raw.push_str(&escape::single_quote(&text));
        parts.push(WordPart::AnsiQuoted(text.into()));
        Ok(())
    }

    /// Takes `` `…` ``.
    pub(super) fn backquoted(&mut self, parts: &mut Parts, quoted: bool) -> Parsed<()> {
        let line = self.source.line();
        let mut text = String::new();
        self.source.advance();
        loop {
            match self.source.advance() {
                Some('`') => break,
                Some('\\') => match self.source.nth(0) {
                    Some(c) if matches!(c, '`' | '$' | '\\') || quoted && c == '"' => {
                        self.source.advance();
                        text.push(c);
                    }
                    _ => text.push('\\'),
                },
                Some(c) => text.push(c),
                None => return Err(SyntaxError::unmatched(line, '`')),
            }
        }
        parts.push(WordPart::Backquoted(text.into()));
        Ok(())
    }

    /// Text that is treated as if in double quotes. What ends it is not taken.
    pub(super) fn quoted(&mut self, parts: &mut Parts, mode: Quoted) -> Parsed<()> {
        let line = self.source.line();
        let mut inner = 0u32;
        // Within a pair of single quotes, which are not quotes here, nothing ends the text.
        let mut literal_until = 0;
        loop {
            let Some(c) = self.source.peek() else {
                return if mode == Quoted::HereDoc { Ok(()) } else { Err(SyntaxError::unmatched(line, mode.close())) };
            };
            let protected = self.source.pos() < literal_until;
            if !protected && quoted_ends(mode, c, &mut inner) {
                return Ok(());
            }
            match c {
                '\\' => self.quoted_escape(parts, mode),
                '`' => self.backquoted(parts, true)?,
                '$' => self.dollar(parts, true)?,
                '"' if mode != Quoted::HereDoc && !protected => self.double_quoted(parts)?,
                _ => {
                    let here = self.source.line();
                    self.source.advance();
                    parts.literal(c);
                    if c == '\'' && !protected && !matches!(mode, Quoted::Double | Quoted::HereDoc) {
                        let end = self.source.find('\'');
                        literal_until = end.ok_or_else(|| SyntaxError::unmatched(here, '\''))? + 1;
                    }
                }
            }
        }
    }

    fn quoted_escape(&mut self, parts: &mut Parts, mode: Quoted) {
        self.source.advance();
        match self.source.nth(0) {
            Some(c @ ('$' | '`' | '\\')) => self.escaped(parts, c),
            Some('"') if mode != Quoted::HereDoc => self.escaped(parts, '"'),
            Some('}') if mode == Quoted::Brace => self.escaped(parts, '}'),
            Some(c @ ('\'' | ')')) if mode != Quoted::Double && mode != Quoted::HereDoc => {
                self.source.advance();
                parts.literal('\\');
                parts.literal(c);
            }
            _ => parts.literal('\\'),
        }
    }

    fn escaped(&mut self, parts: &mut Parts, c: char) {
        self.source.advance();
        parts.push(WordPart::Escaped(c));
    }

    /// The body of a here-document as a word. What cannot be parsed stays text.
    pub(super) fn here_word(&mut self, text: &str, quoted: bool, line: u32) -> Word {
        let plain = || Word { parts: vec![WordPart::Literal(text.into())], raw: text.into(), ..Word::default() };
        if text.is_empty() {
            return Word::default();
        }
        if quoted {
            return plain();
        }
        let mut parser = Parser::new(Source::exact(text, line), self.aliases);
        parser.extglob = self.extglob;
        parser.posix = self.posix;
        parser.depth = self.depth + 1;
        let word = parser.nested(|parser| parser.quoted_word(Quoted::HereDoc));
        word.map_or_else(|_| plain(), |word| Word { raw: Arc::from(text), ..word })
    }
}

/// Whether `c` ends text that is treated as if in double quotes; counts what is nested.
fn quoted_ends(mode: Quoted, c: char, inner: &mut u32) -> bool {
    let (open, close) = match mode {
        Quoted::Double => return c == '"',
        Quoted::HereDoc => return false,
        Quoted::Brace => return c == '}',
        Quoted::Offset if c == '}' => return true,
        Quoted::Offset => ('?', ':'),
        Quoted::ArithmeticFor if c == ';' => return *inner == 0,
        Quoted::Arithmetic | Quoted::ArithmeticFor => ('(', ')'),
        Quoted::Bracket => ('[', ']'),
    };
    if c == open {
        *inner += 1;
    } else if c == close {
        let ends = *inner == 0;
        *inner = inner.saturating_sub(1);
        return ends;
    }
    false
}

/// A character that makes an extended pattern when `(` follows.
fn is_pattern_prefix(c: char) -> bool {
    matches!(c, '?' | '*' | '+' | '@' | '!')
}
