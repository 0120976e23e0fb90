//! Lists, pipelines and simple commands: bash(1), SHELL GRAMMAR.

use std::sync::{Arc, OnceLock};

use super::ast::{
    AndOr, AndOrOp, Command, CommandKind, FunctionDef, HereDoc, List, ListItem, Pipeline, Redirect, RedirectFd,
    RedirectOp, Separator, SimpleCommand, Span, Timed, Word,
};
use super::error::SyntaxError;
use super::lexer::{Parsed, Parser, PendingHereDoc, Place, RESERVED, Token, is_declaration};
use super::word::WordPart;

/// The redirection operators.
const REDIRECTIONS: [(&str, RedirectOp); 12] = [
    ("<", RedirectOp::Input),
    (">", RedirectOp::Output),
    (">>", RedirectOp::Append),
    (">|", RedirectOp::Clobber),
    ("<>", RedirectOp::ReadWrite),
    ("<&", RedirectOp::DupInput),
    (">&", RedirectOp::DupOutput),
    ("&>", RedirectOp::OutputAll),
    ("&>>", RedirectOp::AppendAll),
    ("<<", RedirectOp::HereDoc),
    ("<<-", RedirectOp::HereDocStrip),
    ("<<<", RedirectOp::HereString),
];

impl Parser<'_> {
    /// The reserved word that stands here, if any.
    pub(super) fn peek_reserved(&mut self) -> Parsed<Option<&'static str>> {
        let token = self.peek(Place::Command)?;
        Ok(reserved(token))
    }

    /// Takes this reserved word, or refuses what stands here.
    pub(super) fn expect_reserved(&mut self, word: &'static str) -> Parsed<()> {
        let lexed = self.next(Place::Command)?;
        if reserved(&lexed.token) == Some(word) {
            return Ok(());
        }
        Err(SyntaxError { expected: Some(word), ..self.unexpected(&lexed) })
    }

    /// Takes this operator, or refuses what stands here.
    pub(super) fn expect_operator(&mut self, operator: &str, place: Place) -> Parsed<()> {
        let lexed = self.next(place)?;
        match lexed.token {
            Token::Operator(found) if found == operator => Ok(()),
            _ => Err(self.unexpected(&lexed)),
        }
    }

    /// One complete command: a list up to the end of a line.
    pub(super) fn complete_command(&mut self) -> Parsed<List> {
        let mut items = Vec::new();
        loop {
            let and_or = Arc::new(self.and_or()?);
            let lexed = self.next(Place::Command)?;
            let end = match lexed.token {
                Token::Operator(";") => Separator::Semicolon,
                Token::Operator("&") => Separator::Background,
                Token::Newline | Token::End => {
                    items.push(ListItem { and_or, end: Separator::Newline });
                    return Ok(List { items });
                }
                _ => return Err(self.unexpected(&lexed)),
            };
            items.push(ListItem { and_or, end });
            if matches!(self.peek(Place::Command)?, Token::Newline | Token::End) {
                self.peeked = None;
                return Ok(List { items });
            }
        }
    }

    /// The list within a compound command: not empty, newlines allowed, up to whatever cannot belong to it.
    pub(super) fn compound_list(&mut self) -> Parsed<Arc<List>> {
        self.newlines()?;
        self.compound_items().map(|items| Arc::new(List { items }))
    }

    pub(super) fn compound_items(&mut self) -> Parsed<Vec<ListItem>> {
        let mut items = Vec::new();
        loop {
            let and_or = Arc::new(self.and_or()?);
            let end = match self.peek(Place::Command)? {
                Token::Operator(";") => Separator::Semicolon,
                Token::Operator("&") => Separator::Background,
                Token::Newline => Separator::Newline,
                _ => {
                    items.push(ListItem { and_or, end: Separator::Semicolon });
                    return Ok(items);
                }
            };
            self.peeked = None;
            items.push(ListItem { and_or, end });
            self.newlines()?;
            if self.list_ends()? {
                return Ok(items);
            }
        }
    }

    fn list_ends(&mut self) -> Parsed<bool> {
        let token = self.peek(Place::Command)?;
        Ok(match token {
            Token::End | Token::Operator(")" | ";;" | ";&" | ";;&") => true,
            _ => matches!(reserved(token), Some("then" | "do" | "done" | "elif" | "else" | "fi" | "esac" | "}")),
        })
    }

    fn and_or(&mut self) -> Parsed<AndOr> {
        let first = Arc::new(self.pipeline()?);
        let mut rest = Vec::new();
        loop {
            let op = match self.peek(Place::Command)? {
                Token::Operator("&&") => AndOrOp::And,
                Token::Operator("||") => AndOrOp::Or,
                _ => return Ok(AndOr { first, rest }),
            };
            self.peeked = None;
            self.newlines()?;
            rest.push((op, Arc::new(self.pipeline()?)));
        }
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let mut pipeline = Pipeline { negated: false, timed: None, commands: Vec::new() };
        let mut prefixed = false;
        loop {
            match self.peek_reserved()? {
                Some("!") => pipeline.negated = !pipeline.negated,
                Some("time") => {
                    self.peeked = None;
                    let posix = matches!(self.peek(Place::Command)?, Token::Word(word) if &*word.raw == "-p");
                    if posix {
                        self.peeked = None;
                    }
                    if matches!(self.peek(Place::Command)?, Token::Word(word) if &*word.raw == "--") {
                        self.peeked = None;
                    }
                    pipeline.timed = Some(Timed { posix });
                    prefixed = true;
                    continue;
                }
                _ => break,
            }
            self.peeked = None;
            prefixed = true;
        }
        if prefixed && matches!(self.peek(Place::Command)?, Token::Newline | Token::End | Token::Operator(";")) {
            return Ok(pipeline);
        }
        loop {
            let mut command = self.command()?;
            let both = match self.peek(Place::Argument)? {
                Token::Operator("|") => false,
                Token::Operator("|&") => true,
                _ => {
                    pipeline.commands.push(Arc::new(command));
                    return Ok(pipeline);
                }
            };
            self.peeked = None;
            if both {
                command.redirects.push(error_to_output());
            }
            pipeline.commands.push(Arc::new(command));
            self.newlines()?;
        }
    }

    pub(super) fn command(&mut self) -> Parsed<Command> {
        let (start, line) = self.here()?;
        let mut command = match self.compound_kind()? {
            Some(kind) => self.with_redirects(kind)?,
            None => self.simple_command(None)?,
        };
        command.span = Span { start, end: self.end_of_last(), line };
        Ok(command)
    }

    /// Where the next token begins.
    fn here(&mut self) -> Parsed<(usize, u32)> {
        self.peek(Place::Command)?;
        Ok(self.peeked.as_ref().map_or((0, 0), |lexed| (lexed.span.start, lexed.span.line)))
    }

    fn end_of_last(&self) -> usize {
        self.peeked.as_ref().map_or(self.source.pos(), |lexed| lexed.span.start)
    }

    pub(super) fn with_redirects(&mut self, kind: CommandKind) -> Parsed<Command> {
        let mut redirects = Vec::new();
        // The body of a function took its redirections itself.
        if !matches!(kind, CommandKind::Function(_) | CommandKind::Coproc(_)) {
            while let Some(redirect) = self.redirect(Place::Argument)? {
                redirects.push(redirect);
            }
        }
        Ok(Command { kind, redirects, span: Span::default() })
    }

    /// Assignments, words and redirections, or the short form of a function definition.
    pub(super) fn simple_command(&mut self, first: Option<Word>) -> Parsed<Command> {
        let mut simple = SimpleCommand::default();
        let mut redirects = Vec::new();
        let mut place = Place::Command;
        if let Some(word) = first {
            place = argument_place(&word);
            simple.words.push(word);
        }
        loop {
            if let Some(redirect) = self.redirect(place)? {
                redirects.push(redirect);
                continue;
            }
            match self.peek(place)? {
                Token::Word(_) | Token::Assignment(_) => {}
                Token::Operator("(") if simple.assignments.is_empty() && redirects.is_empty() => {
                    if let [name] = simple.words.as_slice() {
                        let name = name.raw.clone();
                        return self.function_after_name(name);
                    }
                    break;
                }
                _ => break,
            }
            match self.next(place)?.token {
                Token::Assignment(assignment) => simple.assignments.push(*assignment),
                Token::Word(word) => {
                    if simple.words.is_empty() {
                        place = argument_place(&word);
                    }
                    simple.words.push(word);
                }
                _ => {}
            }
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && redirects.is_empty() {
            let lexed = self.next(place)?;
            return Err(self.unexpected(&lexed));
        }
        Ok(Command { kind: CommandKind::Simple(simple), redirects, span: Span::default() })
    }

    fn function_after_name(&mut self, name: Arc<str>) -> Parsed<Command> {
        self.expect_operator("(", Place::Argument)?;
        self.expect_operator(")", Place::Argument)?;
        let body = Arc::new(self.function_body()?);
        Ok(Command {
            kind: CommandKind::Function(FunctionDef { name, body }),
            redirects: Vec::new(),
            span: Span::default(),
        })
    }

    /// Takes a redirection if one stands here.
    pub(super) fn redirect(&mut self, place: Place) -> Parsed<Option<Redirect>> {
        let fd = match self.peek(place)? {
            Token::Descriptor(fd) => fd.clone(),
            Token::Operator(operator) if redirection(operator).is_some() => RedirectFd::Default,
            _ => return Ok(None),
        };
        if fd != RedirectFd::Default {
            self.peeked = None;
        }
        let lexed = self.next(Place::Argument)?;
        let Token::Operator(operator) = &lexed.token else { return Err(self.unexpected(&lexed)) };
        let Some(op) = redirection(operator) else { return Err(self.unexpected(&lexed)) };
        let line = lexed.span.line;
        let lexed = self.next(Place::Argument)?;
        let Token::Word(target) = lexed.token else { return Err(self.unexpected(&lexed)) };
        let here = match op {
            RedirectOp::HereDoc | RedirectOp::HereDocStrip => {
                Some(self.here_document(&target, op == RedirectOp::HereDocStrip, line))
            }
            _ => None,
        };
        Ok(Some(Redirect { fd, op, target, here }))
    }

    fn here_document(&mut self, target: &Word, strip_tabs: bool, line: u32) -> HereDoc {
        let mut quoted = false;
        let delimiter: Arc<str> = unquoted(&target.parts, &mut quoted).into();
        let body = Arc::new(OnceLock::new());
        let pending = PendingHereDoc { delimiter: delimiter.clone(), quoted, strip_tabs, line, body: body.clone() };
        self.pending.push(pending);
        HereDoc { delimiter, quoted, body }
    }
}

/// The reserved word that this token is where a command may begin.
pub(super) fn reserved(token: &Token) -> Option<&'static str> {
    let Token::Word(word) = token else { return None };
    let text = word.plain()?;
    RESERVED.iter().find(|known| **known == text).copied()
}

fn redirection(operator: &str) -> Option<RedirectOp> {
    REDIRECTIONS.iter().find(|(text, _)| *text == operator).map(|(_, op)| *op)
}

fn argument_place(name: &Word) -> Place {
    if name.plain().is_some_and(is_declaration) { Place::Declaration } else { Place::Argument }
}

/// `2>&1`
fn error_to_output() -> Redirect {
    let target = Word { parts: vec![WordPart::Literal("1".into())], raw: "1".into(), ..Word::default() };
    Redirect { fd: RedirectFd::Number(2), op: RedirectOp::DupOutput, target, here: None }
}

/// The delimiter of a here-document: quotes removed, nothing expanded.
fn unquoted(parts: &[WordPart], quoted: &mut bool) -> String {
    let mut out = String::new();
    for part in parts {
        *quoted |= matches!(
            part,
            WordPart::Escaped(_) | WordPart::SingleQuoted(_) | WordPart::AnsiQuoted(_) | WordPart::DoubleQuoted(_)
        );
        match part {
            WordPart::Literal(text) | WordPart::SingleQuoted(text) | WordPart::AnsiQuoted(text) => out.push_str(text),
            WordPart::Escaped(c) => out.push(*c),
            WordPart::DoubleQuoted(inner) => out.push_str(&unquoted(inner, quoted)),
            WordPart::Parameter(parameter) => out.push_str(&parameter.raw),
            WordPart::CommandSubstitution(command) => out.push_str(&format!("$({})", command.source)),
            WordPart::Backquoted(text) => out.push_str(&format!("`{text}`")),
            WordPart::ProcessSubstitution(command) => {
                out.push_str(&format!("{}({})", if command.reads { '<' } else { '>' }, command.source));
            }
            WordPart::Arithmetic(word) => out.push_str(&format!("$(({}))", word.raw)),
        }
    }
    out
}
