//! Parses awk's expressions, loosest operator first: awk(1p), Expressions in awk.

use super::Parser;
use crate::commands::text::awk::ast::{Expr, Place, Source};
use crate::commands::text::awk::lexer::Token;
use crate::commands::text::awk::value::FLAVOR;
use crate::commands::text::regexp::Regexp;

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl Parser {
    /// An expression in which `>` and `in` are operators.
    pub(super) fn full_expression(&mut self) -> Result<Expr, String> {
        let saved = (self.no_greater, self.no_in);
        (self.no_greater, self.no_in) = (false, false);
        let expr = self.expression();
        (self.no_greater, self.no_in) = saved;
        expr
    }

    pub(super) fn expression(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let expr = self.assignment();
        self.depth -= 1;
        expr
    }

    fn assignment(&mut self) -> Result<Expr, String> {
        let left = self.conditional()?;
        let operator = match self.peek() {
            Token::Operator("=") => None,
            Token::Operator(operator @ ("+=" | "-=" | "*=" | "/=" | "%=" | "^=")) => operator.chars().next(),
            Token::Operator("**=") => Some('^'),
            _ => return Ok(left),
        };
        match left {
            Expr::Place(place) => {
                self.next();
                self.newlines();
                let right = self.expression()?;
                Ok(Expr::Assign(place, operator, boxed(right)))
            }
            // `a == b = c`, `!x = y`: the assignment belongs to the last operand.
            Expr::Not(inner) => match *inner {
                Expr::Place(place) => {
                    self.next();
                    let right = self.expression()?;
                    Ok(Expr::Not(boxed(Expr::Assign(place, operator, boxed(right)))))
                }
                _ => self.unexpected(),
            },
            _ => self.unexpected(),
        }
    }

    fn conditional(&mut self) -> Result<Expr, String> {
        let condition = self.or()?;
        if !self.take("?") {
            return Ok(condition);
        }
        self.newlines();
        let yes = self.expression()?;
        self.newlines();
        self.expect(":")?;
        self.newlines();
        let no = self.expression()?;
        Ok(Expr::Conditional(boxed(condition), boxed(yes), boxed(no)))
    }

    fn or(&mut self) -> Result<Expr, String> {
        let mut left = self.and()?;
        while self.take("||") {
            self.newlines();
            left = Expr::Or(boxed(left), boxed(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr, String> {
        let mut left = self.membership()?;
        while self.take("&&") {
            self.newlines();
            left = Expr::And(boxed(left), boxed(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Result<Expr, String> {
        let mut left = self.matching()?;
        while !self.no_in && self.take_word("in") {
            let Token::Name(name, _) = self.next() else { return self.unexpected() };
            let array = self.variable(&name);
            let index = match left {
                Expr::List(list) => list,
                other => vec![other],
            };
            left = Expr::In(index, array);
        }
        Ok(left)
    }

    fn matching(&mut self) -> Result<Expr, String> {
        let mut left = self.comparison()?;
        loop {
            let negated = self.is("!~");
            if !negated && !self.is("~") {
                return Ok(left);
            }
            self.next();
            let right = self.comparison()?;
            left = Expr::Match(boxed(left), boxed(right), negated);
        }
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let mut left = self.concatenation()?;
        while self.is("|") && matches!(self.tokens.get(self.at + 1), Some((Token::Keyword("getline"), _))) {
            self.next();
            self.next();
            let place = match self.peek() {
                Token::Operator("$") | Token::Name(_, false) => Some(self.place()?),
                _ => None,
            };
            left = Expr::Getline(place, Source::Command);
        }
        let operator = match self.peek() {
            Token::Operator(operator @ ("<" | "<=" | "==" | "!=" | ">=")) => *operator,
            Token::Operator(">") if !self.no_greater => ">",
            _ => return Ok(left),
        };
        self.next();
        let right = self.concatenation()?;
        Ok(Expr::Compare(operator, boxed(left), boxed(right)))
    }

    /// Values side by side.
    pub(super) fn concatenation(&mut self) -> Result<Expr, String> {
        let mut left = self.sum()?;
        loop {
            let begins = match self.peek() {
                Token::Number(_) | Token::Text(_) | Token::Name(..) | Token::Builtin(_) | Token::Regexp(_) => true,
                Token::Operator(operator) => ["$", "!", "(", "-", "+", "++", "--"].contains(operator),
                _ => false,
            };
            if !begins {
                return Ok(left);
            }
            left = Expr::Concat(boxed(left), boxed(self.sum()?));
        }
    }

    fn sum(&mut self) -> Result<Expr, String> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek() {
                Token::Operator("+") => '+',
                Token::Operator("-") => '-',
                _ => return Ok(left),
            };
            self.next();
            left = Expr::Arithmetic(operator, boxed(left), boxed(self.product()?));
        }
    }

    fn product(&mut self) -> Result<Expr, String> {
        let mut left = self.unary()?;
        loop {
            let operator = match self.peek() {
                Token::Operator("*") => '*',
                Token::Operator("/") => '/',
                Token::Operator("%") => '%',
                _ => return Ok(left),
            };
            self.next();
            left = Expr::Arithmetic(operator, boxed(left), boxed(self.unary()?));
        }
    }

    fn unary(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let expr = if self.take("!") {
            Expr::Not(boxed(self.unary()?))
        } else if self.take("-") {
            Expr::Negative(boxed(self.unary()?))
        } else if self.take("+") {
            Expr::Positive(boxed(self.unary()?))
        } else {
            self.power()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn power(&mut self) -> Result<Expr, String> {
        let left = self.postfix()?;
        if !self.take("^") && !self.take("**") {
            return Ok(left);
        }
        self.deeper()?;
        let right = if self.take("-") { Expr::Negative(boxed(self.power()?)) } else { self.power()? };
        self.depth -= 1;
        Ok(Expr::Arithmetic('^', boxed(left), boxed(right)))
    }

    fn postfix(&mut self) -> Result<Expr, String> {
        let expr = self.primary()?;
        if let Expr::Place(place) = &expr {
            if self.take("++") {
                return Ok(Expr::Step(place.clone(), 1.0, true));
            }
            if self.take("--") {
                return Ok(Expr::Step(place.clone(), -1.0, true));
            }
        }
        Ok(expr)
    }

    fn place(&mut self) -> Result<Place, String> {
        match self.primary()? {
            Expr::Place(place) => Ok(place),
            _ => self.unexpected(),
        }
    }

    fn primary(&mut self) -> Result<Expr, String> {
        self.deeper()?;
        let expr = self.any_primary();
        self.depth -= 1;
        expr
    }

    fn any_primary(&mut self) -> Result<Expr, String> {
        let line = self.line();
        let token = self.peek().clone();
        match token {
            Token::Number(number) => {
                self.next();
                Ok(Expr::Number(number))
            }
            Token::Text(text) => {
                self.next();
                Ok(Expr::Text(text.into()))
            }
            Token::Regexp(text) => {
                self.next();
                match Regexp::new(&text, FLAVOR) {
                    Ok(regexp) => Ok(Expr::Regexp(regexp.into())),
                    Err(wrong) => {
                        let what = wrong.message();
                        Err(format!("line {line}: regular expression compile failed ({what})\n{text}"))
                    }
                }
            }
            Token::Operator("$") => {
                self.next();
                let inner =
                    if self.is("++") || self.is("--") || self.is("-") { self.unary()? } else { self.primary()? };
                Ok(Expr::Place(Place::Field(boxed(inner))))
            }
            Token::Operator(step @ ("++" | "--")) => {
                self.next();
                let place = self.place()?;
                Ok(Expr::Step(place, if step == "++" { 1.0 } else { -1.0 }, false))
            }
            Token::Operator("-" | "+" | "!") => self.unary(),
            Token::Operator("(") => self.parenthesis(),
            Token::Keyword("getline") => self.getline(),
            Token::Builtin(name) => {
                self.next();
                self.builtin(name)
            }
            Token::Name(name, true) if !self.locals.contains(&name) => {
                self.next();
                self.next();
                let arguments = self.arguments()?;
                Ok(Expr::Call(self.function_index(&name), arguments))
            }
            Token::Name(name, _) => {
                self.next();
                let variable = self.variable(&name);
                if !self.take("[") {
                    return Ok(Expr::Place(Place::Var(variable)));
                }
                Ok(Expr::Place(Place::Element(variable, self.index()?)))
            }
            _ => self.unexpected(),
        }
    }

    fn parenthesis(&mut self) -> Result<Expr, String> {
        self.next();
        let first = self.full_expression()?;
        if !self.is(",") {
            self.expect(")")?;
            return Ok(Expr::Grouping(boxed(first)));
        }
        let mut list = vec![first];
        while self.take(",") {
            self.newlines();
            list.push(self.full_expression()?);
        }
        self.expect(")")?;
        Ok(Expr::List(list))
    }

    /// Arguments after the `(`.
    fn arguments(&mut self) -> Result<Vec<Expr>, String> {
        let mut arguments = Vec::new();
        self.newlines();
        if self.take(")") {
            return Ok(arguments);
        }
        loop {
            // What cannot begin a value ends the list too early.
            if self.is("}") || *self.peek() == Token::End {
                self.expect(")")?;
            }
            arguments.push(self.full_expression()?);
            self.newlines();
            if !self.take(",") {
                break;
            }
            self.newlines();
        }
        self.expect(")")?;
        Ok(arguments)
    }

    /// Subscripts after the `[`.
    pub(super) fn index(&mut self) -> Result<Vec<Expr>, String> {
        let mut index = vec![self.full_expression()?];
        while self.take(",") {
            self.newlines();
            index.push(self.full_expression()?);
        }
        self.expect("]")?;
        Ok(index)
    }

    fn builtin(&mut self, name: &'static str) -> Result<Expr, String> {
        if !self.is("(") {
            return if name == "length" { Ok(Expr::Builtin(name, Vec::new())) } else { self.unexpected() };
        }
        self.next();
        Ok(Expr::Builtin(name, self.arguments()?))
    }

    fn getline(&mut self) -> Result<Expr, String> {
        self.next();
        let place = match self.peek() {
            Token::Operator("$") | Token::Name(_, false) => Some(self.place()?),
            _ => None,
        };
        let source = if self.take("<") { Source::File(boxed(self.primary()?)) } else { Source::Main };
        Ok(Expr::Getline(place, source))
    }
}
