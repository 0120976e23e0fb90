//! jq's filter language: from text to a tree: jq(1), "BASIC FILTERS".

use super::tokens::{Token, tokens};
use super::value::Json;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Identity,
    /// `..`
    Recurse,
    /// `A[B]`, `A.name`
    Index(Box<Expr>, Box<Expr>),
    /// `A[B:C]`
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    /// `A[]`
    Each(Box<Expr>),
    Literal(Json),
    /// `"a\(B)c"`, with `@format` before it.
    Text(Option<String>, Vec<Piece>),
    /// `@csv` alone.
    Format(String),
    Array(Option<Box<Expr>>),
    Object(Vec<(Expr, Expr)>),
    Pipe(Box<Expr>, Box<Expr>),
    Comma(Box<Expr>, Box<Expr>),
    /// An operator's sign.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `try A catch B`, `A?`
    Try(Box<Expr>, Option<Box<Expr>>),
    Call(String, Vec<Expr>),
    Variable(String),
    /// `A as $x | B`
    Bind(Box<Expr>, String, Box<Expr>),
    /// `reduce A as $x (B; C)`
    Reduce(Box<Expr>, String, Box<Expr>, Box<Expr>),
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Plain(String),
    Filter(Expr),
}

/// How deep filters may nest.
pub(super) const DEPTH: usize = 128;

/// Why a text is no filter.
pub type SyntaxError = String;

/// Reads a filter.
pub fn parse(text: &str) -> Result<Expr, SyntaxError> {
    parse_nested(text, 0)
}

/// Reads a filter inside another.
pub(super) fn parse_nested(text: &str, depth: usize) -> Result<Expr, SyntaxError> {
    let mut tokens = tokens(text, depth)?;
    tokens.reverse();
    let mut parser = Parser { tokens, depth };
    if parser.tokens.is_empty() {
        return Ok(Expr::Identity);
    }
    let expr = parser.pipe()?;
    match parser.tokens.pop() {
        None => Ok(expr),
        Some(token) => Err(unexpected(Some(&token))),
    }
}

fn unexpected(token: Option<&Token>) -> SyntaxError {
    match token {
        None => "syntax error, unexpected $end".into(),
        Some(Token::Sign(sign)) => format!("syntax error, unexpected '{sign}'"),
        Some(Token::Name(_)) => "syntax error, unexpected IDENT".into(),
        Some(Token::Field(_)) => "syntax error, unexpected FIELD".into(),
        Some(Token::Number(_)) => "syntax error, unexpected LITERAL".into(),
        Some(Token::Text(_)) => "syntax error, unexpected QQSTRING_START".into(),
        Some(Token::Variable(_)) => "syntax error, unexpected '$'".into(),
        Some(Token::Format(_)) => "syntax error, unexpected FORMAT".into(),
    }
}

struct Parser {
    /// What is left, the next one last.
    tokens: Vec<Token>,
    depth: usize,
}

/// Operators by how tightly they bind, loosest first, with the direction in which they group.
const LEVELS: &[(&[&str], bool)] = &[
    (&["//"], true),
    (&["or"], false),
    (&["and"], false),
    (&["==", "!=", "<", "<=", ">", ">="], false),
    (&["+", "-"], false),
    (&["*", "/", "%"], false),
];

impl Parser {
    fn takes(&mut self, sign: &str) -> bool {
        let found = match self.tokens.last() {
            Some(Token::Sign(other)) => *other == sign,
            Some(Token::Name(name)) => name == sign,
            _ => false,
        };
        if found {
            self.tokens.pop();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), SyntaxError> {
        if self.takes(sign) { Ok(()) } else { Err(unexpected(self.tokens.last())) }
    }

    fn pipe(&mut self) -> Result<Expr, SyntaxError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("filters nested this deep are not simulated".into());
        }
        let left = self.comma()?;
        let expr = if self.takes("as") {
            let name = self.variable()?;
            self.expect("|")?;
            Expr::Bind(left.into(), name, self.pipe()?.into())
        } else if self.takes("|") {
            Expr::Pipe(left.into(), self.pipe()?.into())
        } else {
            left
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn variable(&mut self) -> Result<String, SyntaxError> {
        match self.tokens.pop() {
            Some(Token::Variable(name)) => Ok(name),
            other => Err(unexpected(other.as_ref())),
        }
    }

    fn comma(&mut self) -> Result<Expr, SyntaxError> {
        let mut left = self.binary(0)?;
        while self.takes(",") {
            left = Expr::Comma(left.into(), self.binary(0)?.into());
        }
        for sign in ["|=", "+=", "-=", "*=", "/=", "%=", "//=", "="] {
            if matches!(self.tokens.last(), Some(Token::Sign(other)) if *other == sign) {
                return Err(format!("{sign} is not simulated"));
            }
        }
        Ok(left)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, SyntaxError> {
        let Some((signs, right)) = LEVELS.get(level) else { return self.postfix() };
        let mut left = self.binary(level + 1)?;
        while let Some(sign) = signs.iter().find(|sign| self.takes(sign)) {
            let other = if *right { self.binary(level)? } else { self.binary(level + 1)? };
            left = Expr::Binary(sign, left.into(), other.into());
        }
        Ok(left)
    }

    fn postfix(&mut self) -> Result<Expr, SyntaxError> {
        let mut expr = self.term()?;
        loop {
            if let Some(Token::Field(_)) = self.tokens.last() {
                let Some(Token::Field(name)) = self.tokens.pop() else { continue };
                expr = Expr::Index(expr.into(), Expr::Literal(Json::text(&name)).into());
            } else if self.takes("?") {
                expr = Expr::Try(expr.into(), None);
            } else if self.takes("[") {
                expr = self.bracket(expr)?;
            } else if self.takes(".") {
                expr = match self.tokens.pop() {
                    Some(Token::Text(pieces)) => Expr::Index(expr.into(), Expr::Text(None, pieces).into()),
                    Some(Token::Sign("[")) => self.bracket(expr)?,
                    other => return Err(unexpected(other.as_ref())),
                };
            } else {
                return Ok(expr);
            }
        }
    }

    /// What follows `[` after a term.
    fn bracket(&mut self, expr: Expr) -> Result<Expr, SyntaxError> {
        if self.takes("]") {
            return Ok(Expr::Each(expr.into()));
        }
        if self.takes(":") {
            let to = self.pipe()?;
            self.expect("]")?;
            return Ok(Expr::Slice(expr.into(), None, Some(to.into())));
        }
        let from = self.pipe()?;
        if self.takes(":") {
            let to = if self.takes("]") { None } else { Some(Box::new(self.pipe()?)) };
            if to.is_some() {
                self.expect("]")?;
            }
            return Ok(Expr::Slice(expr.into(), Some(from.into()), to));
        }
        self.expect("]")?;
        Ok(Expr::Index(expr.into(), from.into()))
    }

    fn term(&mut self) -> Result<Expr, SyntaxError> {
        let token = self.tokens.pop();
        Ok(match token {
            Some(Token::Number(number)) => Expr::Literal(Json::Number(number)),
            Some(Token::Text(pieces)) => Expr::Text(None, pieces),
            Some(Token::Format(name)) => match self.tokens.pop() {
                Some(Token::Text(pieces)) => Expr::Text(Some(name), pieces),
                other => {
                    self.tokens.extend(other);
                    Expr::Format(name)
                }
            },
            Some(Token::Field(name)) => Expr::Index(Expr::Identity.into(), Expr::Literal(Json::text(&name)).into()),
            Some(Token::Variable(name)) => Expr::Variable(name),
            Some(Token::Sign("..")) => Expr::Recurse,
            Some(Token::Sign(".")) => match self.tokens.last() {
                Some(Token::Text(_)) => {
                    let Some(Token::Text(pieces)) = self.tokens.pop() else { return Ok(Expr::Identity) };
                    Expr::Index(Expr::Identity.into(), Expr::Text(None, pieces).into())
                }
                _ => Expr::Identity,
            },
            Some(Token::Sign("(")) => {
                let expr = self.pipe()?;
                self.expect(")")?;
                expr
            }
            Some(Token::Sign("[")) => {
                if self.takes("]") {
                    return Ok(Expr::Array(None));
                }
                let expr = self.pipe()?;
                self.expect("]")?;
                Expr::Array(Some(expr.into()))
            }
            Some(Token::Sign("{")) => self.object()?,
            Some(Token::Sign("-")) => {
                let zero = Expr::Literal(Json::Number(0.0));
                Expr::Binary("-", zero.into(), self.postfix()?.into())
            }
            Some(Token::Name(name)) => self.named(name)?,
            other => return Err(unexpected(other.as_ref())),
        })
    }

    /// What begins with a word.
    fn named(&mut self, name: String) -> Result<Expr, SyntaxError> {
        match name.as_str() {
            "null" => return Ok(Expr::Literal(Json::Null)),
            "true" => return Ok(Expr::Literal(Json::Bool(true))),
            "false" => return Ok(Expr::Literal(Json::Bool(false))),
            "if" => return self.condition(),
            "try" => {
                let body = self.postfix()?;
                let handler = if self.takes("catch") { Some(Box::new(self.postfix()?)) } else { None };
                return Ok(Expr::Try(body.into(), handler));
            }
            "reduce" => {
                let source = self.postfix()?;
                self.expect("as")?;
                let name = self.variable()?;
                self.expect("(")?;
                let init = self.pipe()?;
                self.expect(";")?;
                let update = self.pipe()?;
                self.expect(")")?;
                return Ok(Expr::Reduce(source.into(), name, init.into(), update.into()));
            }
            "def" | "foreach" | "label" | "import" | "include" => return Err(format!("{name} is not simulated")),
            _ => {}
        }
        let mut arguments = Vec::new();
        if self.takes("(") {
            loop {
                arguments.push(self.pipe()?);
                if !self.takes(";") {
                    break;
                }
            }
            self.expect(")")?;
        }
        Ok(Expr::Call(name, arguments))
    }

    fn condition(&mut self) -> Result<Expr, SyntaxError> {
        let test = self.pipe()?;
        self.expect("then")?;
        let then = self.pipe()?;
        let otherwise = if self.takes("elif") {
            self.condition()?
        } else {
            let otherwise = if self.takes("else") { self.pipe()? } else { Expr::Identity };
            self.expect("end")?;
            otherwise
        };
        Ok(Expr::If(test.into(), then.into(), otherwise.into()))
    }

    fn object(&mut self) -> Result<Expr, SyntaxError> {
        let mut members = Vec::new();
        while !self.takes("}") {
            if !members.is_empty() {
                self.expect(",")?;
            }
            let (key, short) = match self.tokens.pop() {
                Some(Token::Name(name)) => {
                    let key = Expr::Literal(Json::text(&name));
                    (key.clone(), Expr::Index(Expr::Identity.into(), key.into()))
                }
                Some(Token::Variable(name)) => (Expr::Literal(Json::text(&name)), Expr::Variable(name)),
                Some(Token::Text(pieces)) => {
                    let key = Expr::Text(None, pieces);
                    (key.clone(), Expr::Index(Expr::Identity.into(), key.into()))
                }
                Some(Token::Sign("(")) => {
                    let key = self.pipe()?;
                    self.expect(")")?;
                    (key, Expr::Literal(Json::Null))
                }
                other => return Err(unexpected(other.as_ref())),
            };
            let value = if self.takes(":") { self.value()? } else { short };
            members.push((key, value));
        }
        Ok(Expr::Object(members))
    }

    /// A member's value: no comma, but pipes between terms.
    fn value(&mut self) -> Result<Expr, SyntaxError> {
        let mut left = self.binary(0)?;
        while self.takes("|") {
            left = Expr::Pipe(left.into(), self.binary(0)?.into());
        }
        Ok(left)
    }
}
