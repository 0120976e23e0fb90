//! Parses an awk program: rules, functions, statements: awk(1p), Grammar.

mod expression;
mod statement;

use std::collections::BTreeMap;

use super::ast::{Function, Pattern, Program, SPECIAL, Statement, Var};
use super::lexer::{Token, tokens};

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 100;

/// Parses a program. Errors: mawk's message.
pub(super) fn parse(text: &str) -> Result<Program, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        program: Program { globals: SPECIAL.iter().map(|name| (*name).to_owned()).collect(), ..Program::default() },
        functions: BTreeMap::new(),
        locals: Vec::new(),
        in_function: false,
        depth: 0,
        no_greater: false,
        no_in: false,
    };
    parser.program()?;
    let missing = parser.program.functions.iter().find(|function| function.body.is_none());
    if let Some(function) = missing {
        let line = parser.tokens.last().map_or(1, |(_, line)| *line);
        return Err(format!("line {line}: function {} never defined", function.name));
    }
    Ok(parser.program)
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    program: Program,
    functions: BTreeMap<String, usize>,
    /// Parameters of the function being parsed.
    locals: Vec<String>,
    in_function: bool,
    depth: usize,
    /// `>` is a redirection here.
    no_greater: bool,
    /// `in` ends the expression here.
    no_in: bool,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(1, |(_, line)| *line)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        token
    }

    fn is(&self, operator: &str) -> bool {
        matches!(self.peek(), Token::Operator(o) if *o == operator)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Keyword(w) if *w == word)
    }

    fn take(&mut self, operator: &str) -> bool {
        let found = self.is(operator);
        if found {
            self.next();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, operator: &str) -> Result<(), String> {
        if self.take(operator) {
            return Ok(());
        }
        if operator == ")" && (self.is("}") || *self.peek() == Token::End) {
            return Err(format!("line {}: missing ) near {}", self.line(), self.shown()));
        }
        self.unexpected()
    }

    /// The present token as messages show it.
    fn shown(&self) -> String {
        match self.peek() {
            Token::End => "end of file".into(),
            Token::Newline => "end of line".into(),
            Token::Number(number) => number.to_string(),
            Token::Text(text) => format!("\"{}\"", String::from_utf8_lossy(text)),
            Token::Regexp(text) => format!("/{text}/"),
            Token::Name(name, _) => name.clone(),
            Token::Keyword(word) | Token::Builtin(word) | Token::Operator(word) => (*word).to_owned(),
        }
    }

    fn unexpected<T>(&self) -> Result<T, String> {
        match self.peek() {
            Token::End => Err(format!("line {}: missing }} near end of file", self.line())),
            _ => Err(format!("line {}: syntax error at or near {}", self.line(), self.shown())),
        }
    }

    fn newlines(&mut self) {
        while *self.peek() == Token::Newline {
            self.next();
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("line {}: program limit exceeded: nesting", self.line()));
        }
        Ok(())
    }

    fn program(&mut self) -> Result<(), String> {
        loop {
            while *self.peek() == Token::Newline || self.is(";") {
                self.next();
            }
            if *self.peek() == Token::End {
                return Ok(());
            }
            self.rule()?;
        }
    }

    fn rule(&mut self) -> Result<(), String> {
        if self.take_word("function") {
            return self.function();
        }
        let pattern = if self.take_word("BEGIN") {
            Pattern::Begin
        } else if self.take_word("END") {
            Pattern::End
        } else if self.is("{") {
            Pattern::Always
        } else {
            let from = self.expression()?;
            if self.take(",") {
                self.newlines();
                let to = self.expression()?;
                self.program.ranges += 1;
                Pattern::Range(from, to, self.program.ranges - 1)
            } else {
                Pattern::Expr(from)
            }
        };
        let action = if self.is("{") {
            Some(self.block()?)
        } else if matches!(pattern, Pattern::Begin | Pattern::End | Pattern::Always) {
            return self.unexpected();
        } else {
            None
        };
        match self.peek() {
            Token::Newline | Token::End | Token::Operator(";") => {}
            _ if action.is_some() => {}
            _ => return self.unexpected(),
        }
        self.program.rules.push((pattern, action));
        Ok(())
    }

    fn function(&mut self) -> Result<(), String> {
        let Token::Name(name, _) = self.next() else { return self.unexpected() };
        self.expect("(")?;
        let mut parameters = Vec::new();
        while !self.take(")") {
            let Token::Name(parameter, _) = self.next() else { return self.unexpected() };
            parameters.push(parameter);
            self.newlines();
            if !self.take(",") && !self.is(")") {
                return self.unexpected();
            }
            self.newlines();
        }
        self.newlines();
        let index = self.function_index(&name);
        self.locals = parameters;
        self.in_function = true;
        let body = self.block()?;
        self.in_function = false;
        let parameters = std::mem::take(&mut self.locals).len();
        self.program.functions[index] = Function { name, parameters, body: Some(body) };
        Ok(())
    }

    fn function_index(&mut self, name: &str) -> usize {
        if let Some(index) = self.functions.get(name) {
            return *index;
        }
        let index = self.program.functions.len();
        self.program.functions.push(Function { name: name.to_owned(), ..Function::default() });
        self.functions.insert(name.to_owned(), index);
        index
    }

    fn variable(&mut self, name: &str) -> Var {
        if let Some(at) = self.locals.iter().position(|local| local == name) {
            return Var::Local(at);
        }
        let globals = &mut self.program.globals;
        let at = globals.iter().position(|global| global == name).unwrap_or_else(|| {
            globals.push(name.to_owned());
            globals.len() - 1
        });
        Var::Global(at)
    }

    fn block(&mut self) -> Result<Statement, String> {
        self.expect("{")?;
        let mut statements = Vec::new();
        loop {
            while *self.peek() == Token::Newline || self.is(";") {
                self.next();
            }
            if self.take("}") {
                return Ok(Statement::Block(statements));
            }
            statements.push(self.statement()?);
        }
    }

    /// The end of a simple statement.
    fn terminator(&mut self) -> Result<(), String> {
        match self.peek() {
            Token::Newline | Token::Operator(";") => {
                self.next();
                Ok(())
            }
            Token::Operator("}") => Ok(()),
            _ => self.unexpected(),
        }
    }

    /// The body of a loop or a condition, after newlines.
    fn body(&mut self) -> Result<Box<Statement>, String> {
        self.newlines();
        if self.take(";") {
            return Ok(Box::new(Statement::Block(Vec::new())));
        }
        Ok(Box::new(self.statement()?))
    }

    fn statement(&mut self) -> Result<Statement, String> {
        self.deeper()?;
        let statement = self.any_statement();
        self.depth -= 1;
        statement
    }

    fn any_statement(&mut self) -> Result<Statement, String> {
        if self.is("{") {
            return self.block();
        }
        let Token::Keyword(word) = self.peek().clone() else {
            let statement = self.simple()?;
            self.terminator()?;
            return Ok(statement);
        };
        match word {
            "if" => {
                self.next();
                self.expect("(")?;
                let condition = self.full_expression()?;
                self.expect(")")?;
                let then = self.body()?;
                let before = self.at;
                while *self.peek() == Token::Newline || self.is(";") {
                    self.next();
                }
                if self.take_word("else") {
                    let other = self.body()?;
                    return Ok(Statement::If(condition, then, Some(other)));
                }
                self.at = before;
                Ok(Statement::If(condition, then, None))
            }
            "while" => {
                self.next();
                self.expect("(")?;
                let condition = self.full_expression()?;
                self.expect(")")?;
                Ok(Statement::While(condition, self.body()?))
            }
            "do" => {
                self.next();
                let body = self.body()?;
                while *self.peek() == Token::Newline || self.is(";") {
                    self.next();
                }
                if !self.take_word("while") {
                    return self.unexpected();
                }
                self.expect("(")?;
                let condition = self.full_expression()?;
                self.expect(")")?;
                self.terminator()?;
                Ok(Statement::Do(body, condition))
            }
            "for" => self.for_loop(),
            _ => {
                let statement = self.simple()?;
                self.terminator()?;
                Ok(statement)
            }
        }
    }
}
