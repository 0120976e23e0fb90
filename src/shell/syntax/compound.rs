//! Compound commands and function definitions: bash(1), Compound Commands.

use std::sync::Arc;

use super::ast::{
    ArithForClause, CaseArm, CaseClause, CaseEnd, Command, CommandKind, Coproc, ForClause, FunctionDef, IfClause, List,
    LoopClause, Word,
};
use super::error::SyntaxError;
use super::grammar::reserved;
use super::lexer::{Parsed, Parser, Place, Token};
use super::quoting::Quoted;
use super::word::WordPart;

impl Parser<'_> {
    /// The compound command that begins here, without its redirections; nothing if none begins here.
    pub(super) fn compound_kind(&mut self) -> Parsed<Option<CommandKind>> {
        let token = self.peek(Place::Command)?;
        let kind = match token {
            Token::Operator("(") => self.nested(Self::parenthesis)?,
            _ => match reserved(token) {
                None | Some("time") => return Ok(None),
                Some(word) => {
                    if !begins_command(word) {
                        let lexed = self.next(Place::Command)?;
                        return Err(self.unexpected(&lexed));
                    }
                    self.nested(|parser| parser.reserved_kind(word))?
                }
            },
        };
        Ok(Some(kind))
    }

    fn reserved_kind(&mut self, word: &'static str) -> Parsed<CommandKind> {
        if word == "[[" {
            self.peeked = None;
            return self.conditional().map(CommandKind::Conditional);
        }
        let keyword = self.next(Place::Command)?;
        match word {
            "{" => {
                let list = self.compound_list()?;
                self.expect_reserved("}")?;
                Ok(CommandKind::BraceGroup(list))
            }
            "if" => self.if_clause().map(CommandKind::If),
            "while" => self.loop_clause().map(CommandKind::While),
            "until" => self.loop_clause().map(CommandKind::Until),
            "for" => self.for_or_arithmetic(),
            "select" => self.for_clause().map(CommandKind::Select),
            "case" => self.case_clause().map(CommandKind::Case),
            "function" => self.function_keyword().map(CommandKind::Function),
            "coproc" => self.coproc().map(CommandKind::Coproc),
            _ => Err(self.unexpected(&keyword)),
        }
    }

    /// `(( expression ))` or `( list )`.
    fn parenthesis(&mut self) -> Parsed<CommandKind> {
        // The first parenthesis has been taken from the source: look behind it without disturbing the token.
        if self.source.nth(0) == Some('(')
            && !self.posix
            && let Some(word) = self.arithmetic_command()?
        {
            return Ok(CommandKind::Arithmetic(word));
        }
        self.expect_operator("(", Place::Command)?;
        let list = self.compound_list()?;
        self.expect_operator(")", Place::Command)?;
        Ok(CommandKind::Subshell(list))
    }

    /// The rest of `((` after its first parenthesis, which is the token read ahead.
    fn arithmetic_command(&mut self) -> Parsed<Option<Word>> {
        let (mark, place) = (self.source.mark(), self.source.pos());
        if self.not_arithmetic.contains(&place) {
            return Ok(None);
        }
        let parenthesis = self.peeked.take();
        let pending = self.pending.clone();
        self.source.advance();
        let word = self.quoted_word(Quoted::Arithmetic);
        if matches!(&word, Err(error) if error.at_end) {
            return word.map(Some);
        }
        if let Ok(word) = word {
            self.source.advance();
            if self.source.accept(')') {
                return Ok(Some(word));
            }
        }
        // Known from now on: reading it again and again would take time that doubles with each level.
        self.not_arithmetic.insert(place);
        self.peeked = parenthesis;
        self.pending = pending;
        self.source.reset(mark);
        Ok(None)
    }

    fn if_clause(&mut self) -> Parsed<IfClause> {
        let mut arms = Vec::new();
        loop {
            let condition = self.compound_list()?;
            self.expect_reserved("then")?;
            arms.push((condition, self.compound_list()?));
            let lexed = self.next(Place::Command)?;
            match reserved(&lexed.token) {
                Some("elif") => {}
                Some("else") => {
                    let list = self.compound_list()?;
                    self.expect_reserved("fi")?;
                    return Ok(IfClause { arms, otherwise: Some(list) });
                }
                Some("fi") => return Ok(IfClause { arms, otherwise: None }),
                _ => return Err(self.unexpected(&lexed)),
            }
        }
    }

    fn loop_clause(&mut self) -> Parsed<LoopClause> {
        let condition = self.compound_list()?;
        self.expect_reserved("do")?;
        let body = self.compound_list()?;
        self.expect_reserved("done")?;
        Ok(LoopClause { condition, body })
    }

    fn for_or_arithmetic(&mut self) -> Parsed<CommandKind> {
        while matches!(self.source.peek(), Some(' ' | '\t')) {
            self.source.skip();
        }
        if self.source.nth(0) == Some('(') && self.source.nth(1) == Some('(') {
            return self.arithmetic_for().map(CommandKind::ArithFor);
        }
        self.for_clause().map(CommandKind::For)
    }

    fn for_clause(&mut self) -> Parsed<ForClause> {
        let lexed = self.next(Place::Argument)?;
        let Token::Word(name) = lexed.token else { return Err(self.unexpected(&lexed)) };
        let mut words = None;
        if self.accept_operator(";", Place::Command)? {
            self.newlines()?;
        } else {
            self.newlines()?;
            if self.peek_reserved()? == Some("in") {
                self.peeked = None;
                words = Some(self.word_list()?);
                self.newlines()?;
            }
        }
        let body = self.do_group()?;
        Ok(ForClause { name, words, body })
    }

    /// Words up to `;` or a newline, which is taken.
    fn word_list(&mut self) -> Parsed<Vec<Word>> {
        let mut words = Vec::new();
        loop {
            let lexed = self.next(Place::Argument)?;
            match lexed.token {
                Token::Word(word) => words.push(word),
                Token::Operator(";") | Token::Newline => return Ok(words),
                _ => return Err(self.unexpected(&lexed)),
            }
        }
    }

    /// `do list done` or `{ list }`.
    fn do_group(&mut self) -> Parsed<Arc<List>> {
        let lexed = self.next(Place::Command)?;
        let close = match reserved(&lexed.token) {
            Some("do") => "done",
            Some("{") => "}",
            _ => return Err(self.unexpected(&lexed)),
        };
        let body = self.compound_list()?;
        self.expect_reserved(close)?;
        Ok(body)
    }

    fn arithmetic_for(&mut self) -> Parsed<ArithForClause> {
        let (raw, line) = (self.source.raw.len(), self.source.line());
        self.source.advance();
        self.source.advance();
        let mut parts = Vec::new();
        loop {
            parts.push(trimmed(self.quoted_word(Quoted::ArithmeticFor)?));
            if !self.source.accept(';') {
                break;
            }
        }
        self.source.advance();
        if !self.source.accept(')') {
            let lexed = self.next(Place::Argument)?;
            return Err(self.unexpected(&lexed));
        }
        let text = self.raw_from(raw);
        self.accept_operator(";", Place::Command)?;
        self.newlines()?;
        let body = self.do_group()?;
        let count = parts.len();
        let Ok([init, test, step]) = <[Word; 3]>::try_from(parts) else {
            let what = if count < 3 { "arithmetic expression required" } else { "`;' unexpected" };
            let mut error = SyntaxError::new(line, format!("syntax error: {what}"));
            error.messages.push(format!("syntax error: `{}'", text));
            return Err(error);
        };
        Ok(ArithForClause { init, test, step, body })
    }

    fn case_clause(&mut self) -> Parsed<CaseClause> {
        let lexed = self.next(Place::Argument)?;
        let Token::Word(word) = lexed.token else { return Err(self.unexpected(&lexed)) };
        self.newlines()?;
        self.expect_reserved("in")?;
        let mut arms = Vec::new();
        loop {
            while *self.peek(Place::Argument)? == Token::Newline {
                self.peeked = None;
            }
            if reserved(self.peek(Place::Argument)?) == Some("esac") {
                self.peeked = None;
                return Ok(CaseClause { word, arms });
            }
            let (arm, last) = self.case_arm()?;
            arms.push(arm);
            if last {
                self.expect_reserved("esac")?;
                return Ok(CaseClause { word, arms });
            }
        }
    }

    /// One arm, and whether only `esac` may follow.
    fn case_arm(&mut self) -> Parsed<(CaseArm, bool)> {
        self.accept_operator("(", Place::Argument)?;
        let mut patterns = Vec::new();
        loop {
            let lexed = self.next(Place::Argument)?;
            let Token::Word(pattern) = lexed.token else { return Err(self.unexpected(&lexed)) };
            patterns.push(pattern);
            if !self.accept_operator("|", Place::Argument)? {
                break;
            }
        }
        self.expect_operator(")", Place::Argument)?;
        self.newlines()?;
        let token = self.peek(Place::Command)?;
        let empty = case_end(token).is_some() || reserved(token) == Some("esac");
        let body = if empty { Arc::default() } else { self.compound_list()? };
        let end = case_end(self.peek(Place::Command)?);
        if end.is_some() {
            self.peeked = None;
        }
        Ok((CaseArm { patterns, body, end: end.unwrap_or(CaseEnd::Break) }, end.is_none()))
    }

    fn function_keyword(&mut self) -> Parsed<FunctionDef> {
        let lexed = self.next(Place::Argument)?;
        let Token::Word(name) = lexed.token else { return Err(self.unexpected(&lexed)) };
        if self.accept_operator("(", Place::Command)? && !self.accept_operator(")", Place::Command)? {
            // `function f (list)`: the parenthesis already began the body.
            let list = self.compound_list()?;
            self.expect_operator(")", Place::Command)?;
            let body = self.with_redirects(CommandKind::Subshell(list))?;
            return Ok(FunctionDef { name: name.raw, body: Arc::new(body) });
        }
        Ok(FunctionDef { name: name.raw, body: Arc::new(self.function_body()?) })
    }

    /// A compound command with its redirections.
    pub(super) fn function_body(&mut self) -> Parsed<Command> {
        self.newlines()?;
        let token = self.peek(Place::Command)?;
        let compound = match token {
            Token::Operator("(") => true,
            _ => reserved(token).is_some_and(|word| begins_command(word) && !matches!(word, "function" | "coproc")),
        };
        if !compound {
            let lexed = self.next(Place::Command)?;
            return Err(self.unexpected(&lexed));
        }
        self.command()
    }

    fn coproc(&mut self) -> Parsed<Coproc> {
        let name: Arc<str> = "COPROC".into();
        let token = self.peek(Place::Command)?;
        let compound = *token == Token::Operator("(") || reserved(token).is_some();
        if compound || !matches!(token, Token::Word(_)) {
            return Ok(Coproc { name, body: Arc::new(self.command()?) });
        }
        let first = self.next(Place::Command)?;
        let Token::Word(word) = first.token else { return Err(self.unexpected(&first)) };
        let token = self.peek(Place::Command)?;
        if *token == Token::Operator("(") || reserved(token).is_some_and(begins_command) {
            return Ok(Coproc { name: word.raw, body: Arc::new(self.command()?) });
        }
        Ok(Coproc { name, body: Arc::new(self.simple_command(Some(word))?) })
    }
}

/// Whether a command may begin with this reserved word.
fn begins_command(word: &str) -> bool {
    matches!(word, "{" | "[[" | "case" | "coproc" | "for" | "function" | "if" | "select" | "until" | "while")
}

fn case_end(token: &Token) -> Option<CaseEnd> {
    match token {
        Token::Operator(";;") => Some(CaseEnd::Break),
        Token::Operator(";&") => Some(CaseEnd::FallThrough),
        Token::Operator(";;&") => Some(CaseEnd::TestNext),
        _ => None,
    }
}

/// A part of `for ((…))` as bash keeps it: without the blanks before it, and never empty.
fn trimmed(word: Word) -> Word {
    if word.raw.trim().is_empty() {
        return Word { parts: vec![WordPart::Literal("1".into())], raw: "1".into(), ..word };
    }
    Word { raw: word.raw.trim_start().into(), ..word }
}
