//! A line in coloured pieces: what a prompt needs to highlight and to complete; it never refuses a line.

use super::ast::Span;
use super::grammar::reserved;
use super::lexer::{Parser, Place, Token, is_declaration, is_name_character};
use super::source::Source;

/// What a piece of the line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of a command.
    Command,
    /// A reserved word.
    Keyword,
    /// An argument, or the target of a redirection.
    Word,
    /// `name=value` before a command.
    Assignment,
    /// `;`, `|`, `&&`, …
    Operator,
    /// `>`, `2>`, `<<`, …
    Redirection,
    /// Within a word: quoted text.
    Quoted,
    /// Within a word: an expansion.
    Expansion,
    /// From `#` to the end of the line.
    Comment,
    /// The body of a here-document.
    HereDocument,
    /// What bash would refuse, or would wait to be ended: up to the end of the line.
    Unfinished,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub start: usize,
    /// After its last byte.
    pub end: usize,
    /// Quotes and expansions within it, in order; only of words.
    pub inner: Vec<Piece>,
}

/// The pieces of a line, or of several; blanks lie between them.
pub fn tokens(line: &str) -> Vec<Piece> {
    let aliases: &super::AliasLookup<'_> = &|_| None;
    let parser = Parser::new(Source::new(line, 0, 1), aliases);
    let mut scanner =
        Scanner { line, parser, pieces: Vec::new(), place: Place::Command, redirected: false, here: None };
    scanner.scan();
    scanner.pieces
}

struct Scanner<'a> {
    line: &'a str,
    parser: Parser<'a>,
    pieces: Vec<Piece>,
    place: Place,
    /// The next word belongs to a redirection.
    redirected: bool,
    /// The delimiter of a here-document, once it is known.
    here: Option<String>,
}

impl Scanner<'_> {
    fn scan(&mut self) {
        let mut last = 0;
        loop {
            let lexed = self.parser.lex(self.place);
            let start = lexed.as_ref().map_or(self.line.len(), |lexed| lexed.span.start);
            self.comment(last, start);
            let Ok(lexed) = lexed else {
                let rest = self.line.get(last..).unwrap_or("");
                let start = last + rest.len() - rest.trim_start().len();
                self.add(Kind::Unfinished, start, self.line.len());
                return;
            };
            last = lexed.span.end;
            match lexed.token {
                Token::End => return,
                Token::Newline => {
                    self.place = Place::Command;
                    self.comment(start, lexed.span.end);
                    if let Some(delimiter) = self.here.take() {
                        last = self.here_document(last, &delimiter);
                    }
                }
                token => self.token(&token, lexed.span),
            }
            self.parser.depth = 0;
        }
    }

    fn add(&mut self, kind: Kind, start: usize, end: usize) {
        let (start, end) = (start.min(self.line.len()), end.min(self.line.len()));
        if start < end {
            let inner = if matches!(kind, Kind::Command | Kind::Word | Kind::Assignment) {
                inner_pieces(&self.line[start..end], start)
            } else {
                Vec::new()
            };
            self.pieces.push(Piece { kind, start, end, inner });
        }
    }

    /// The comment, if one stands in what the lexer left out.
    fn comment(&mut self, from: usize, to: usize) {
        let gap = self.line.get(from..to).unwrap_or("");
        if let Some(at) = gap.find('#') {
            self.add(Kind::Comment, from + at, from + gap.trim_end().len());
        }
    }

    fn token(&mut self, token: &Token, span: Span) {
        let keyword = reserved(token).filter(|_| self.place == Place::Command && !self.redirected);
        let kind = match token {
            Token::Operator(operator) if operator.contains(['<', '>']) => {
                self.redirected = true;
                self.add(Kind::Redirection, span.start, span.end);
                return;
            }
            Token::Descriptor(_) => Kind::Redirection,
            Token::Operator(operator) => {
                self.place = if *operator == ")" { Place::Argument } else { Place::Command };
                Kind::Operator
            }
            Token::Assignment(_) => Kind::Assignment,
            Token::Word(word) if self.redirected => {
                if self.after_here_operator() {
                    self.here = Some(word.raw.replace(['\'', '"', '\\'], ""));
                }
                Kind::Word
            }
            Token::Word(_) if keyword.is_some() => {
                let argument = matches!(keyword, Some("for" | "case" | "select" | "function" | "in" | "[["));
                self.place = if argument { Place::Argument } else { Place::Command };
                Kind::Keyword
            }
            Token::Word(word) => match (self.place, word.plain()) {
                (Place::Command, name) => {
                    let declares = name.is_some_and(is_declaration);
                    self.place = if declares { Place::Declaration } else { Place::Argument };
                    Kind::Command
                }
                (_, Some("in")) if self.after_loop_name() => Kind::Keyword,
                (_, Some("]]")) => Kind::Keyword,
                _ => Kind::Word,
            },
            Token::Newline | Token::End => return,
        };
        self.redirected = false;
        self.add(kind, span.start, span.end);
    }

    fn after_here_operator(&self) -> bool {
        let text = self.pieces.last().map_or("", |piece| &self.line[piece.start..piece.end]);
        text == "<<" || text == "<<-"
    }

    /// Whether the last pieces are `for` and a name.
    fn after_loop_name(&self) -> bool {
        let [.., keyword, _] = self.pieces.as_slice() else { return false };
        matches!(&self.line[keyword.start..keyword.end], "for" | "case" | "select")
    }

    /// Leaves out the lines up to the delimiter; gives the place after them.
    fn here_document(&mut self, start: usize, delimiter: &str) -> usize {
        while let Some(line) = self.parser.source.take_line() {
            if line.trim_start_matches('\t') == delimiter {
                break;
            }
        }
        self.add(Kind::HereDocument, start, self.parser.source.pos());
        self.parser.source.pos()
    }
}

/// Quotes and expansions of a word that stands at `base`.
fn inner_pieces(word: &str, base: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(c) = word[at..].chars().next() {
        let length = match c {
            '\\' => 1 + word[at + 1..].chars().next().map_or(0, char::len_utf8),
            '\'' => quoted_length(&word[at..], '\''),
            '"' => quoted_length(&word[at..], '"'),
            '`' => quoted_length(&word[at..], '`'),
            '$' => expansion_length(&word[at..]),
            _ => c.len_utf8(),
        };
        let kind = match c {
            '\\' | '\'' | '"' => Some(Kind::Quoted),
            '`' | '$' if length > 1 => Some(Kind::Expansion),
            _ => None,
        };
        if let Some(kind) = kind {
            let inner = if c == '"' && length > 2 {
                let inside = inner_pieces(&word[at + 1..at + length - 1], base + at + 1);
                inside.into_iter().filter(|piece| piece.kind == Kind::Expansion).collect()
            } else {
                Vec::new()
            };
            pieces.push(Piece { kind, start: base + at, end: base + at + length, inner });
        }
        at += length;
    }
    pieces
}

/// The length of text in these quotes, both included.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote != '\'' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

/// The length of what begins with `$`.
fn expansion_length(text: &str) -> usize {
    let Some(second) = text[1..].chars().next() else { return 1 };
    let (open, close) = match second {
        '{' => ('{', '}'),
        '(' => ('(', ')'),
        '\'' => return 1 + quoted_length(&text[1..], '\''),
        c if c.is_ascii_alphabetic() || c == '_' => {
            let rest = &text[1..];
            return 1 + rest.find(|c| !is_name_character(c)).unwrap_or(rest.len());
        }
        c if super::dollar::is_special(c) => return 2,
        _ => return 1,
    };
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at + 1;
            }
        }
    }
    text.len()
}
