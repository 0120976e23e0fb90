//! Tokens: operators, words, newlines, and the here-documents that follow a newline: bash(1), DEFINITIONS.

use std::sync::{Arc, OnceLock};

use super::ast::{Assignment, HereBody, RedirectFd, Span, Word};
use super::error::SyntaxError;
use super::parts::Parts;
use super::source::Source;
use super::word::WordPart;

/// The words with a meaning of their own where a command may begin.
pub const RESERVED: [&str; 22] = [
    "!", "[[", "]]", "{", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if",
    "in", "select", "then", "time", "until", "while",
];

/// Reserved words of bash that are ordinary words in dash.
const BASH_ONLY: [&str; 6] = ["[[", "]]", "coproc", "function", "select", "time"];

/// Every operator; each of several characters is an operator of one character fewer and one more.
pub(super) const OPERATORS: [&str; 23] = [
    ";", ";;", ";&", ";;&", "&", "&&", "&>", "&>>", "|", "||", "|&", "(", ")", "<", "<<", "<<-", "<<<", "<&", "<>",
    ">", ">>", ">&", ">|",
];

/// The builtins whose arguments may be assignments.
const DECLARATIONS: [&str; 6] = ["alias", "declare", "export", "local", "readonly", "typeset"];

/// How deep constructs may stand within one another.
pub(super) const DEPTH_LIMIT: u32 = 100;

/// How many aliases one command may expand.
const ALIAS_LIMIT: u32 = 1000;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(Word),
    Assignment(Box<Assignment>),
    /// A number or `{name}` directly before a redirection operator.
    Descriptor(RedirectFd),
    Operator(&'static str),
    Newline,
    End,
}

/// A token and its place.
#[derive(Clone, Debug)]
pub(super) struct Lexed {
    pub(super) token: Token,
    pub(super) span: Span,
    /// The line on which it ends, or which it ends.
    pub(super) last_line: u32,
}

/// What may stand at the next place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The first word of a command: aliases, assignments, reserved words.
    Command,
    /// An argument.
    Argument,
    /// An argument of a declaration builtin.
    Declaration,
    /// A member of a compound assignment.
    Element,
    /// A word of `[[ ]]`.
    Condition,
    /// The right-hand side of `==` within `[[ ]]`: extended patterns count.
    Pattern,
    /// The right-hand side of `=~`.
    Regex,
}

/// A here-document whose body has not been read.
#[derive(Clone, Debug)]
pub(super) struct PendingHereDoc {
    pub(super) delimiter: Arc<str>,
    pub(super) quoted: bool,
    pub(super) strip_tabs: bool,
    pub(super) line: u32,
    pub(super) body: Arc<OnceLock<HereBody>>,
}

/// Finds the text of an alias.
pub type AliasLookup<'a> = dyn Fn(&str) -> Option<Arc<str>> + 'a;

/// Reads tokens, and (in other files) the tree made of them.
pub(super) struct Parser<'a> {
    pub(super) source: Source<'a>,
    pub(super) aliases: &'a AliasLookup<'a>,
    pub(super) extglob: bool,
    /// dash's grammar.
    pub(super) posix: bool,
    pub(super) peeked: Option<Lexed>,
    pub(super) pending: Vec<PendingHereDoc>,
    pub(super) depth: u32,
    /// How many of the constructs around are `$( )` or `<( )`.
    pub(super) substitutions: u32,
    /// Places of `((` that are known not to begin arithmetic.
    pub(super) not_arithmetic: std::collections::BTreeSet<usize>,
    alias_count: u32,
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    pub(super) fn new(source: Source<'a>, aliases: &'a AliasLookup<'a>) -> Self {
        Self {
            source,
            aliases,
            extglob: false,
            posix: false,
            peeked: None,
            pending: Vec::new(),
            depth: 0,
            substitutions: 0,
            not_arithmetic: Default::default(),
            alias_count: 0,
        }
    }

    /// Runs `inner` one level deeper, or refuses.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH_LIMIT {
            let message = format!("syntax error: more than {DEPTH_LIMIT} levels of nesting are not simulated");
            return Err(SyntaxError::new(self.source.line(), message));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// The next token, read as what may stand at `place` if it was not read before.
    pub(super) fn peek(&mut self, place: Place) -> Parsed<&Token> {
        if self.peeked.is_none() {
            let lexed = self.lex(place)?;
            self.peeked = Some(lexed);
        }
        Ok(self.peeked.as_ref().map_or(&Token::End, |lexed| &lexed.token))
    }

    /// Takes the next token.
    pub(super) fn next(&mut self, place: Place) -> Parsed<Lexed> {
        match self.peeked.take() {
            Some(lexed) => Ok(lexed),
            None => self.lex(place),
        }
    }

    /// Takes the next token if it is this operator.
    pub(super) fn accept_operator(&mut self, operator: &str, place: Place) -> Parsed<bool> {
        let found = matches!(self.peek(place)?, Token::Operator(found) if *found == operator);
        if found {
            self.peeked = None;
        }
        Ok(found)
    }

    /// Takes any newlines.
    pub(super) fn newlines(&mut self) -> Parsed<()> {
        while *self.peek(Place::Command)? == Token::Newline {
            self.peeked = None;
        }
        Ok(())
    }

    pub(super) fn lex(&mut self, place: Place) -> Parsed<Lexed> {
        loop {
            self.skip_blanks();
            if self.depth == 0 {
                self.source.raw.clear();
            }
            let raw = self.source.raw.len();
            let mut span = Span { start: self.source.pos(), end: 0, line: self.source.line() };
            let token = self.lex_here(place, raw, span)?;
            span.end = self.source.pos();
            let last_line = if token == Token::Newline { span.line } else { self.source.line() };
            if let Token::Word(word) = &token
                && self.expand_alias(place, word)
            {
                continue;
            }
            if token == Token::Newline {
                self.read_here_documents();
            }
            return Ok(Lexed { token, span, last_line });
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(self.source.peek(), Some(' ' | '\t')) {
            self.source.skip();
        }
        if self.source.peek() == Some('#') {
            while self.source.nth(0).is_some_and(|c| c != '\n') {
                self.source.skip();
            }
        }
    }

    fn lex_here(&mut self, place: Place, raw: usize, span: Span) -> Parsed<Token> {
        let Some(c) = self.source.peek() else { return Ok(Token::End) };
        if c == '\n' {
            self.source.skip();
            return Ok(Token::Newline);
        }
        let process = matches!(c, '<' | '>') && self.source.nth(1) == Some('(');
        if is_metacharacter(c) && !process && place != Place::Regex {
            return Ok(Token::Operator(self.operator()));
        }
        self.word_token(place, raw, span)
    }

    fn operator(&mut self) -> &'static str {
        let mut found = String::new();
        let mut operator = "";
        while let Some(c) = self.source.peek() {
            found.push(c);
            match OPERATORS.iter().find(|known| **known == found) {
                Some(known) => operator = known,
                None => break,
            }
            self.source.advance();
        }
        operator
    }

    fn word_token(&mut self, place: Place, raw: usize, span: Span) -> Parsed<Token> {
        let mut parts = Parts::default();
        if matches!(place, Place::Command | Place::Declaration | Place::Element)
            && let Some(token) = self.assignment_token(place, raw, span, &mut parts)?
        {
            return Ok(token);
        }
        self.word_parts(&mut parts, place)?;
        let mut word = Word { parts: parts.finish(), raw: self.raw_from(raw), assignment: None, span };
        word.span.end = self.source.pos();
        if self.posix && word.plain().is_some_and(|text| BASH_ONLY.contains(&text)) {
            word.parts = vec![WordPart::SingleQuoted(word.raw.clone())];
        }
        if matches!(self.source.peek(), Some('<' | '>'))
            && let Some(fd) = descriptor(&word)
        {
            return Ok(Token::Descriptor(fd));
        }
        Ok(Token::Word(word))
    }

    /// The text recorded since `start`.
    pub(super) fn raw_from(&self, start: usize) -> Arc<str> {
        self.source.raw.get(start..).unwrap_or("").into()
    }

    fn expand_alias(&mut self, place: Place, word: &Word) -> bool {
        let after_alias = std::mem::take(&mut self.source.alias_next);
        if !(place == Place::Command || after_alias && matches!(place, Place::Argument | Place::Declaration)) {
            return false;
        }
        let Some(name) = word.plain().filter(|name| **name == *word.raw) else { return false };
        if self.source.expanding(name) || self.alias_count >= ALIAS_LIMIT {
            return false;
        }
        let Some(text) = (self.aliases)(name) else { return false };
        self.alias_count += 1;
        self.source.push_alias(name, &text);
        self.source.alias_next = after_alias;
        true
    }

    /// Reads the bodies of the here-documents of the line that just ended.
    fn read_here_documents(&mut self) {
        for here in std::mem::take(&mut self.pending) {
            let body = self.here_body(&here);
            // The cell is new: nothing set it before.
            let _ = here.body.set(body);
        }
    }

    /// Gives the here-documents that no newline follows what there is for them: nothing.
    pub(super) fn finish_here_documents(&mut self) {
        self.read_here_documents();
    }

    fn here_body(&mut self, here: &PendingHereDoc) -> HereBody {
        let mut text = String::new();
        let first_line = self.source.line();
        loop {
            let Some(mut line) = self.source.take_line() else {
                return self.cut_here_body(here, &text, first_line);
            };
            while !here.quoted && line.ends_with('\\') && !ends_in_pair(&line) {
                let Some(more) = self.source.take_line() else { break };
                line.push('\n');
                line.push_str(&more);
            }
            let joined = if here.quoted { line.clone() } else { line.replace("\\\n", "") };
            let strip = |text: &str| text.trim_start_matches('\t').to_string();
            let kept = if here.strip_tabs { strip(&joined) } else { joined };
            if *kept == *here.delimiter {
                break;
            }
            text.push_str(&kept);
            text.push('\n');
        }
        HereBody { word: self.here_word(&text, here.quoted, first_line), cut_at_line: None }
    }

    /// What there is of the body when the text ends before the delimiter.
    pub(super) fn cut_here_body(&mut self, here: &PendingHereDoc, text: &str, first_line: u32) -> HereBody {
        self.source.continues = true;
        HereBody { word: self.here_word(text, here.quoted, first_line), cut_at_line: Some(here.line) }
    }

    /// The error of an unexpected token.
    pub(super) fn unexpected(&self, lexed: &Lexed) -> SyntaxError {
        let text = match &lexed.token {
            Token::Word(word) => word.raw.to_string(),
            Token::Assignment(assignment) => assignment.raw.to_string(),
            Token::Descriptor(RedirectFd::Number(number)) => number.to_string(),
            Token::Descriptor(RedirectFd::Variable(name)) => format!("{{{name}}}"),
            Token::Descriptor(RedirectFd::Default) => String::new(),
            Token::Operator(operator) => operator.to_string(),
            Token::Newline => "newline".to_string(),
            Token::End if self.substitutions > 0 => return SyntaxError::unmatched(self.source.line(), ')'),
            Token::End => {
                let mut error =
                    SyntaxError::new(self.source.line(), "syntax error: unexpected end of file".to_string());
                error.at_end = true;
                return error;
            }
        };
        let mut error = SyntaxError::new(lexed.last_line, format!("syntax error near unexpected token `{text}'"));
        error.source_line = Some(self.source.line_text(lexed.last_line));
        error
    }
}

/// Whether the backslash at the end of the line is itself quoted.
fn ends_in_pair(line: &str) -> bool {
    line.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 0
}

/// A character that ends a word.
pub(super) fn is_metacharacter(c: char) -> bool {
    matches!(c, '|' | '&' | ';' | '(' | ')' | '<' | '>')
}

/// Whether the text is a name: letters, digits and underscores, no digit first.
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_name_character)
}

/// A character of a name.
pub(super) fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether the arguments of this command may be assignments.
pub(super) fn is_declaration(name: &str) -> bool {
    DECLARATIONS.contains(&name)
}

/// The word before a redirection operator, as the descriptor that it redirects.
fn descriptor(word: &Word) -> Option<RedirectFd> {
    let text = word.plain()?;
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(RedirectFd::Number);
    }
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    is_name(name).then(|| RedirectFd::Variable(name.into()))
}
