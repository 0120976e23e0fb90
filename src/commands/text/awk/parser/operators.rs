//! The operators of awk by precedence, from `||` down to a single value.

use super::{BUILTINS, Parsed, Parser};
use crate::commands::text::awk::ast::{Binary, Expr};
use crate::commands::text::awk::lexer::Token;

impl Parser {
    pub(super) fn or(&mut self) -> Parsed<Expr> {
        let mut left = self.and()?;
        while self.eat("||") {
            self.newlines();
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed<Expr> {
        let mut left = self.membership()?;
        while self.eat("&&") {
            self.newlines();
            left = Expr::And(Box::new(left), Box::new(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Parsed<Expr> {
        let mut left = self.matching()?;
        while !self.no_in && self.is_word("in") {
            self.at += 1;
            let Some(Token::Word(array)) = self.peek().cloned() else { return self.unexpected() };
            self.at += 1;
            let index = match left {
                Expr::Group(list) => list,
                one => vec![one],
            };
            left = Expr::In(index, array);
        }
        Ok(left)
    }

    fn matching(&mut self) -> Parsed<Expr> {
        let mut left = self.comparison()?;
        loop {
            let negated = self.is("!~");
            if !negated && !self.is("~") {
                return Ok(left);
            }
            self.at += 1;
            left = Expr::Match(Box::new(left), Box::new(self.comparison()?), negated);
        }
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let left = self.concat()?;
        for (op, binary) in [
            ("<=", Binary::LessEqual),
            ("<", Binary::Less),
            ("==", Binary::Equal),
            ("!=", Binary::NotEqual),
            (">=", Binary::GreaterEqual),
            (">", Binary::Greater),
        ] {
            if self.is(op) && !(op == ">" && self.no_greater) {
                self.at += 1;
                let right = self.concat()?;
                return Ok(Expr::Binary(binary, Box::new(left), Box::new(right)));
            }
        }
        Ok(left)
    }

    /// Two values side by side are put together.
    pub(super) fn concat(&mut self) -> Parsed<Expr> {
        let mut left = self.sum()?;
        while self.begins_value() {
            left = Expr::Binary(Binary::Concat, Box::new(left), Box::new(self.sum()?));
        }
        Ok(left)
    }

    fn begins_value(&self) -> bool {
        match self.peek() {
            Some(Token::Number(_) | Token::Text(_) | Token::Regexp(_) | Token::Call(_)) => !self.is_word("in"),
            Some(Token::Word(word)) => word != "in",
            Some(Token::Op(op)) => matches!(*op, "$" | "!" | "(" | "-" | "+" | "++" | "--"),
            _ => false,
        }
    }

    fn sum(&mut self) -> Parsed<Expr> {
        let mut left = self.product()?;
        loop {
            let binary = if self.is("+") {
                Binary::Add
            } else if self.is("-") {
                Binary::Subtract
            } else {
                return Ok(left);
            };
            self.at += 1;
            left = Expr::Binary(binary, Box::new(left), Box::new(self.product()?));
        }
    }

    fn product(&mut self) -> Parsed<Expr> {
        let mut left = self.unary()?;
        loop {
            let binary = match self.peek() {
                Some(Token::Op("*")) => Binary::Multiply,
                Some(Token::Op("/")) => Binary::Divide,
                Some(Token::Op("%")) => Binary::Modulo,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expr::Binary(binary, Box::new(left), Box::new(self.unary()?));
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            if parser.eat("!") {
                Ok(Expr::Not(Box::new(parser.unary()?)))
            } else if parser.eat("-") {
                Ok(Expr::Minus(Box::new(parser.unary()?)))
            } else if parser.eat("+") {
                Ok(Expr::Plus(Box::new(parser.unary()?)))
            } else {
                parser.power()
            }
        })
    }

    fn power(&mut self) -> Parsed<Expr> {
        let base = self.postfix()?;
        if self.eat("^") || self.eat("**") {
            // To the right first: 2^3^2 is 2^9; a sign may stand before the exponent.
            let exponent = self.unary()?;
            return Ok(Expr::Binary(Binary::Power, Box::new(base), Box::new(exponent)));
        }
        Ok(base)
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        for (op, by) in [("++", 1.0), ("--", -1.0)] {
            if self.eat(op) {
                let value = self.value()?;
                return Ok(Expr::Step(Box::new(value), by, false));
            }
        }
        let value = self.value()?;
        let variable = matches!(value, Expr::Name(_) | Expr::Element(..) | Expr::Field(_));
        for (op, by) in [("++", 1.0), ("--", -1.0)] {
            if variable && self.eat(op) {
                return Ok(Expr::Step(Box::new(value), by, true));
            }
        }
        Ok(value)
    }

    fn value(&mut self) -> Parsed<Expr> {
        let Some(token) = self.peek().cloned() else { return self.unexpected() };
        match token {
            Token::Number(n) => {
                self.at += 1;
                Ok(Expr::Number(n))
            }
            Token::Text(text) => {
                self.at += 1;
                Ok(Expr::Text(text))
            }
            Token::Regexp(text) => {
                self.at += 1;
                Ok(Expr::Regexp(text))
            }
            Token::Op("$") => {
                self.at += 1;
                let field = self.nested(|parser| {
                    if parser.is("++") || parser.is("--") {
                        parser.postfix()
                    } else if parser.eat("-") {
                        Ok(Expr::Minus(Box::new(parser.value()?)))
                    } else {
                        parser.value()
                    }
                })?;
                Ok(Expr::Field(Box::new(field)))
            }
            Token::Op("(") => {
                self.at += 1;
                let mut list = self.nested(|parser| parser.list(")"))?;
                match list.len() {
                    0 => self.unexpected(),
                    1 => Ok(match list.remove(0) {
                        // Brackets keep a match from being taken for its expression.
                        Expr::Group(inner) => Expr::Group(inner),
                        one => one,
                    }),
                    _ => Ok(Expr::Group(list)),
                }
            }
            Token::Word(word) => self.name(word),
            Token::Call(word) => self.call(word),
            _ => self.unexpected(),
        }
    }

    fn name(&mut self, word: String) -> Parsed<Expr> {
        if word == "getline" {
            return Err((self.line(), "getline is not simulated".to_owned()));
        }
        if ["BEGIN", "END", "if", "else", "while", "for", "do", "in", "function", "print", "printf"]
            .contains(&word.as_str())
        {
            return self.unexpected();
        }
        self.at += 1;
        if word == "length" {
            return Ok(Expr::Builtin(word, Vec::new()));
        }
        if self.eat("[") {
            return Ok(Expr::Element(word, self.list("]")?));
        }
        Ok(Expr::Name(word))
    }

    fn call(&mut self, word: String) -> Parsed<Expr> {
        if ["if", "while", "for", "in", "BEGIN", "END", "print", "printf", "getline"].contains(&word.as_str()) {
            return self.unexpected();
        }
        let line = self.line();
        self.at += 1;
        let arguments = self.nested(|parser| {
            parser.need("(")?;
            parser.list(")")
        })?;
        match BUILTINS.iter().find(|b| b.0 == word) {
            Some((_, least, most)) if arguments.len() < *least || arguments.len() > *most => {
                Err((line, format!("wrong number of arguments in call to {word}")))
            }
            Some(_) => Ok(Expr::Builtin(word, arguments)),
            None => Ok(Expr::Call(word, arguments)),
        }
    }
}
