//! Loops, `print` and the other simple statements of awk: awk(1p).

use super::Parser;
use crate::commands::text::awk::ast::{Redirect, Statement};
use crate::commands::text::awk::lexer::Token;

impl Parser {
    pub(super) fn for_loop(&mut self) -> Result<Statement, String> {
        self.next();
        self.expect("(")?;
        if let Token::Name(name, false) = self.peek().clone() {
            let in_follows = matches!(self.tokens.get(self.at + 1), Some((Token::Keyword("in"), _)));
            let closed = matches!(self.tokens.get(self.at + 3), Some((Token::Operator(")"), _)));
            if in_follows && closed {
                self.next();
                self.next();
                let Token::Name(array, _) = self.next() else { return self.unexpected() };
                self.expect(")")?;
                let (variable, array) = (self.variable(&name), self.variable(&array));
                return Ok(Statement::ForIn(variable, array, self.body()?));
            }
        }
        let start = if self.is(";") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(";")?;
        self.newlines();
        let condition = if self.is(";") { None } else { Some(self.full_expression()?) };
        self.expect(";")?;
        self.newlines();
        let step = if self.is(")") { None } else { Some(Box::new(self.simple()?)) };
        self.expect(")")?;
        Ok(Statement::For(start, condition, step, self.body()?))
    }

    /// A statement without a body.
    pub(super) fn simple(&mut self) -> Result<Statement, String> {
        let Token::Keyword(word) = self.peek().clone() else { return Ok(Statement::Expr(self.full_expression()?)) };
        if matches!(word, "getline") {
            return Ok(Statement::Expr(self.full_expression()?));
        }
        let line = self.line();
        self.next();
        let ends = matches!(self.peek(), Token::Newline | Token::End | Token::Operator(";" | "}"));
        let inside_rule = !self.in_function;
        Ok(match word {
            "print" | "printf" => return self.print(word, ends),
            "next" => Statement::Next,
            "nextfile" => Statement::NextFile,
            "break" => Statement::Break,
            "continue" => Statement::Continue,
            "exit" if ends => Statement::Exit(None),
            "exit" => Statement::Exit(Some(self.full_expression()?)),
            "return" if inside_rule => return Err(format!("line {line}: return outside function body")),
            "return" if ends => Statement::Return(None),
            "return" => Statement::Return(Some(self.full_expression()?)),
            "delete" => {
                let Token::Name(name, _) = self.next() else { return self.unexpected() };
                let variable = self.variable(&name);
                let index = if self.take("[") { self.index()? } else { Vec::new() };
                Statement::Delete(variable, index)
            }
            _ => {
                self.at -= 1;
                return self.unexpected();
            }
        })
    }

    pub(super) fn print(&mut self, word: &str, ends: bool) -> Result<Statement, String> {
        let mut values = Vec::new();
        if !ends && !self.is(">") && !self.is(">>") && !self.is("|") {
            self.no_greater = true;
            loop {
                values.push(self.expression()?);
                if !self.take(",") {
                    break;
                }
                self.newlines();
            }
            self.no_greater = false;
        }
        if let [crate::commands::text::awk::ast::Expr::List(list)] = &mut values[..] {
            values = std::mem::take(list);
        }
        let redirect = if self.take(">") {
            Some(Redirect::Write(self.concatenation()?))
        } else if self.take(">>") {
            Some(Redirect::Append(self.concatenation()?))
        } else if self.take("|") {
            self.concatenation()?;
            Some(Redirect::Pipe)
        } else {
            None
        };
        if word == "printf" {
            if values.is_empty() {
                return self.unexpected();
            }
            return Ok(Statement::Printf(values, redirect));
        }
        Ok(Statement::Print(values, redirect))
    }
}
