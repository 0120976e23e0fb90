//! The expression of `[[ ]]`: bash(1), Compound Commands and CONDITIONAL EXPRESSIONS.

use std::sync::Arc;

use super::ast::{Condition, Word};
use super::error::SyntaxError;
use super::lexer::{Lexed, Parsed, Parser, Place, Token};

/// The operators with an argument on both sides, but for `<` and `>`.
const BINARY: [&str; 13] = ["=", "==", "!=", "=~", "-ef", "-eq", "-ge", "-gt", "-le", "-lt", "-ne", "-nt", "-ot"];

/// The letters of the operators with one argument.
const UNARY: &str = "abcdefghknoprstuvwxzGLNORS";

impl Parser<'_> {
    /// Takes what follows `[[`, up to and including `]]`.
    pub(super) fn conditional(&mut self) -> Parsed<Arc<Condition>> {
        let line = self.source.line();
        let condition = self.condition_or(line)?;
        let lexed = self.next(Place::Condition)?;
        if is_word(&lexed.token, "]]") {
            return Ok(Arc::new(condition));
        }
        Err(match &lexed.token {
            Token::End => end(line),
            Token::Word(_) => self.condition_error("syntax error in conditional expression".to_string()),
            _ => {
                let text = name_of(&lexed);
                self.condition_error(format!("syntax error in conditional expression: unexpected token `{text}'"))
            }
        })
    }

    fn condition_error(&self, message: String) -> SyntaxError {
        SyntaxError::new(self.source.line(), message)
    }

    fn condition_newlines(&mut self) -> Parsed<()> {
        while *self.peek(Place::Condition)? == Token::Newline {
            self.peeked = None;
        }
        Ok(())
    }

    fn condition_or(&mut self, line: u32) -> Parsed<Condition> {
        let mut left = self.condition_and(line)?;
        while self.accept_operator("||", Place::Condition)? {
            let right = self.condition_and(line)?;
            left = Condition::Or(Arc::new(left), Arc::new(right));
        }
        Ok(left)
    }

    fn condition_and(&mut self, line: u32) -> Parsed<Condition> {
        let mut left = self.condition_term(line)?;
        while self.accept_operator("&&", Place::Condition)? {
            let right = self.condition_term(line)?;
            left = Condition::And(Arc::new(left), Arc::new(right));
        }
        Ok(left)
    }

    fn condition_term(&mut self, line: u32) -> Parsed<Condition> {
        self.condition_newlines()?;
        let lexed = self.next(Place::Condition)?;
        let condition = match lexed.token {
            Token::End => {
                let mut error = self.condition_error("unexpected token `EOF' in conditional command".to_string());
                error.at_end = true;
                return Err(error);
            }
            Token::Operator("(") => self.nested(|parser| parser.condition_group(line))?,
            Token::Word(word) if word.plain() == Some("]]") => {
                let lexed = Lexed { token: Token::Word(word), ..lexed };
                return Err(self.unexpected(&lexed));
            }
            Token::Word(word) if word.plain() == Some("!") => {
                let inner = self.nested(|parser| parser.condition_term(line))?;
                Condition::Not(Arc::new(inner))
            }
            Token::Word(word) => match unary(&word) {
                Some(operator) => {
                    let argument = self.condition_argument("unary", Place::Condition)?;
                    Condition::Unary(operator, argument)
                }
                None => self.condition_after_word(word, line)?,
            },
            _ => {
                let text = name_of(&lexed);
                return Err(self.condition_error(format!("unexpected token `{text}' in conditional command")));
            }
        };
        self.condition_newlines()?;
        Ok(condition)
    }

    fn condition_group(&mut self, line: u32) -> Parsed<Condition> {
        let inner = self.condition_or(line)?;
        let lexed = self.next(Place::Condition)?;
        match lexed.token {
            Token::Operator(")") => Ok(Condition::Group(Arc::new(inner))),
            Token::End => Err(end(line)),
            _ => {
                let text = name_of(&lexed);
                Err(self.condition_error(format!("unexpected token `{text}', expected `)'")))
            }
        }
    }

    /// What follows a word that is not an operator.
    fn condition_after_word(&mut self, left: Word, line: u32) -> Parsed<Condition> {
        let operator: Arc<str> = match self.peek(Place::Condition)? {
            Token::Operator(operator @ ("<" | ">")) => (*operator).into(),
            Token::Operator("&&" | "||" | ")") => return Ok(Condition::Word(left)),
            Token::Word(word) if word.plain() == Some("]]") => return Ok(Condition::Word(left)),
            Token::Word(word) => match word.plain().filter(|text| BINARY.contains(text)) {
                Some(text) => text.into(),
                None => return Err(self.condition_error("conditional binary operator expected".to_string())),
            },
            Token::End => return Err(end(line)),
            _ => {
                let lexed = self.next(Place::Condition)?;
                let text = name_of(&lexed);
                let message = format!("unexpected token `{text}', conditional binary operator expected");
                return Err(SyntaxError::new(lexed.last_line, message));
            }
        };
        self.peeked = None;
        let place = match &*operator {
            "=" | "==" | "!=" => Place::Pattern,
            "=~" => Place::Regex,
            _ => Place::Condition,
        };
        let right = self.condition_argument("binary", place)?;
        Ok(Condition::Binary(operator, left, right))
    }

    fn condition_argument(&mut self, kind: &str, place: Place) -> Parsed<Word> {
        let lexed = self.next(place)?;
        match lexed.token {
            Token::Word(word) if word.plain() != Some("]]") => Ok(word),
            Token::End => Err(end(lexed.last_line)),
            _ => {
                let text = name_of(&lexed);
                let message = format!("unexpected argument `{text}' to conditional {kind} operator");
                Err(SyntaxError::new(lexed.last_line, message))
            }
        }
    }
}

fn end(line: u32) -> SyntaxError {
    let mut error = SyntaxError::new(line, "unexpected EOF while looking for `]]'".to_string());
    error.at_end = true;
    error
}

fn is_word(token: &Token, text: &str) -> bool {
    matches!(token, Token::Word(word) if word.plain() == Some(text))
}

fn unary(word: &Word) -> Option<Arc<str>> {
    let mut letters = word.plain()?.strip_prefix('-')?.chars();
    let letter = letters.next().filter(|c| UNARY.contains(*c))?;
    letters.next().is_none().then(|| format!("-{letter}").into())
}

fn name_of(lexed: &Lexed) -> String {
    match &lexed.token {
        Token::Word(word) => word.raw.to_string(),
        Token::Operator(operator) => operator.to_string(),
        Token::Newline => "newline".to_string(),
        _ => String::new(),
    }
}
