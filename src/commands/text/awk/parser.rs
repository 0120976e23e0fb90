//! Reads an awk program by recursive descent: awk(1).

use super::ast::{Binary, Expr, Function, Output, Pattern, Script, Statement};
use super::lexer::{Token, tokens};

/// How deep expressions and statements may be nested.
const DEPTH: usize = 150;

/// Built-in functions, with the least and the greatest number of arguments.
pub const BUILTINS: &[(&str, usize, usize)] = &[
    ("length", 0, 1),
    ("substr", 2, 3),
    ("index", 2, 2),
    ("split", 2, 3),
    ("sub", 2, 3),
    ("gsub", 2, 3),
    ("match", 2, 2),
    ("sprintf", 1, usize::MAX),
    ("tolower", 1, 1),
    ("toupper", 1, 1),
    ("int", 1, 1),
    ("sqrt", 1, 1),
    ("exp", 1, 1),
    ("log", 1, 1),
    ("sin", 1, 1),
    ("cos", 1, 1),
    ("atan2", 2, 2),
    ("rand", 0, 0),
    ("srand", 0, 1),
    ("systime", 0, 0),
    ("strftime", 0, 2),
    ("fflush", 0, 1),
    ("close", 1, 1),
    ("system", 1, 1),
];

/// Reads a program. Errors: the message as mawk prints it after `awk: `.
pub fn parse(text: &str) -> Result<Script, String> {
    let words = |(line, message)| format!("line {line}: {message}");
    let tokens = tokens(text).map_err(words)?;
    let mut parser = Parser { tokens, at: 0, depth: 0, no_in: false, no_greater: false };
    parser.script().map_err(words)
}

type Parsed<T> = Result<T, (usize, String)>;

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
    /// `in` belongs to the `for` around.
    no_in: bool,
    /// `>` sends the output of `print` to a file.
    no_greater: bool,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|t| &t.0)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |t| t.1)
    }

    fn unexpected<T>(&self) -> Parsed<T> {
        let near = match self.peek() {
            None => "end of file or }".to_owned(),
            Some(Token::Number(n)) => n.to_string(),
            Some(Token::Text(t)) => format!("\"{t}\""),
            Some(Token::Regexp(r)) => format!("/{r}/"),
            Some(Token::Word(w) | Token::Call(w)) => w.clone(),
            Some(Token::Op(op)) => (*op).to_owned(),
            Some(Token::Newline) => "end of line".to_owned(),
        };
        Err((self.line(), format!("syntax error at or near {near}")))
    }

    fn is(&self, op: &str) -> bool {
        matches!(self.peek(), Some(Token::Op(o)) if *o == op)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w) | Token::Call(w)) if w == word)
    }

    fn eat(&mut self, op: &str) -> bool {
        let found = self.is(op);
        self.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, op: &str) -> Parsed<()> {
        if self.eat(op) { Ok(()) } else { self.unexpected() }
    }

    fn newlines(&mut self) {
        while matches!(self.peek(), Some(Token::Newline)) {
            self.at += 1;
        }
    }

    fn ends(&mut self) {
        while matches!(self.peek(), Some(Token::Newline)) || self.is(";") {
            self.at += 1;
        }
    }

    fn script(&mut self) -> Parsed<Script> {
        let mut script = Script::default();
        self.ends();
        while self.peek().is_some() {
            if self.is_word("function") || self.is_word("func") {
                self.at += 1;
                let (name, function) = self.function()?;
                script.functions.insert(name, function);
            } else {
                let rule = self.rule()?;
                script.rules.push(rule);
            }
            self.ends();
        }
        Ok(script)
    }

    fn function(&mut self) -> Parsed<(String, Function)> {
        let Some(Token::Word(name) | Token::Call(name)) = self.peek().cloned() else { return self.unexpected() };
        self.at += 1;
        self.need("(")?;
        let mut parameters = Vec::new();
        while !self.eat(")") {
            let Some(Token::Word(parameter)) = self.peek().cloned() else { return self.unexpected() };
            self.at += 1;
            parameters.push(parameter);
            self.eat(",");
            self.newlines();
        }
        self.newlines();
        let body = self.block()?;
        Ok((name, Function { parameters, body }))
    }

    fn rule(&mut self) -> Parsed<(Pattern, Option<Vec<Statement>>)> {
        let pattern = if self.is("{") {
            Pattern::Always
        } else if self.eat_word("BEGIN") {
            Pattern::Begin
        } else if self.eat_word("END") {
            Pattern::End
        } else {
            let first = self.expr()?;
            if self.eat(",") {
                self.newlines();
                Pattern::Range(first, self.expr()?)
            } else {
                Pattern::When(first)
            }
        };
        let action = if self.is("{") { Some(self.block()?) } else { None };
        if action.is_none() && matches!(pattern, Pattern::Begin | Pattern::End) {
            return self.unexpected();
        }
        Ok((pattern, action))
    }

    fn block(&mut self) -> Parsed<Vec<Statement>> {
        self.need("{")?;
        let mut body = Vec::new();
        self.ends();
        while !self.eat("}") {
            if self.peek().is_none() {
                return self.unexpected();
            }
            body.push(self.statement()?);
            self.ends();
        }
        Ok(body)
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err((self.line(), "program is nested too deeply".to_owned()));
        }
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn statement(&mut self) -> Parsed<Statement> {
        self.nested(Self::statement_inner)
    }

    fn statement_inner(&mut self) -> Parsed<Statement> {
        if self.is("{") {
            return Ok(Statement::Block(self.block()?));
        }
        if self.eat(";") {
            return Ok(Statement::Block(Vec::new()));
        }
        let word = match self.peek() {
            Some(Token::Word(word) | Token::Call(word)) => word.clone(),
            _ => String::new(),
        };
        match word.as_str() {
            "if" | "while" | "do" | "for" => {
                self.at += 1;
                self.compound(&word)
            }
            _ => {
                let statement = self.simple()?;
                match self.peek() {
                    None | Some(Token::Newline) => Ok(statement),
                    _ if self.is(";") || self.is("}") => Ok(statement),
                    _ => self.unexpected(),
                }
            }
        }
    }

    /// The statement that a condition governs.
    fn body(&mut self) -> Parsed<Box<Statement>> {
        self.newlines();
        Ok(Box::new(self.statement()?))
    }

    fn compound(&mut self, word: &str) -> Parsed<Statement> {
        match word {
            "if" => {
                let condition = self.condition()?;
                let then = self.body()?;
                let back = self.at;
                self.ends();
                if self.eat_word("else") {
                    return Ok(Statement::If(condition, then, Some(self.body()?)));
                }
                self.at = back;
                Ok(Statement::If(condition, then, None))
            }
            "while" => {
                let condition = self.condition()?;
                if self.eat(";") {
                    return Ok(Statement::While(condition, Box::new(Statement::Block(Vec::new()))));
                }
                Ok(Statement::While(condition, self.body()?))
            }
            "do" => {
                let body = self.body()?;
                self.ends();
                if !self.eat_word("while") {
                    return self.unexpected();
                }
                Ok(Statement::Do(body, self.condition()?))
            }
            _ => self.for_loop(),
        }
    }

    fn condition(&mut self) -> Parsed<Expr> {
        self.need("(")?;
        let condition = self.expr()?;
        self.need(")")?;
        Ok(condition)
    }

    fn for_loop(&mut self) -> Parsed<Statement> {
        self.need("(")?;
        if let (Some(Token::Word(key)), Some((Token::Word(word), _)), Some((Token::Word(array), _))) =
            (self.peek().cloned(), self.tokens.get(self.at + 1).cloned(), self.tokens.get(self.at + 2).cloned())
        {
            if word == "in" && matches!(self.tokens.get(self.at + 3), Some((Token::Op(")"), _))) {
                self.at += 4;
                return Ok(Statement::ForIn(key, array, self.body()?));
            }
        }
        let start = if self.is(";") { None } else { Some(Box::new(self.simple()?)) };
        self.need(";")?;
        self.newlines();
        let condition = if self.is(";") { None } else { Some(self.expr()?) };
        self.need(";")?;
        self.newlines();
        let step = if self.is(")") { None } else { Some(Box::new(self.simple()?)) };
        self.need(")")?;
        if self.eat(";") {
            return Ok(Statement::For(start, condition, step, Box::new(Statement::Block(Vec::new()))));
        }
        Ok(Statement::For(start, condition, step, self.body()?))
    }

    fn simple(&mut self) -> Parsed<Statement> {
        let word = match self.peek() {
            Some(Token::Word(word) | Token::Call(word)) => word.clone(),
            _ => String::new(),
        };
        let keyword = ["print", "printf", "next", "exit", "return", "break", "continue", "delete", "getline"];
        if !keyword.contains(&word.as_str()) {
            return Ok(Statement::Expr(self.expr()?));
        }
        self.at += 1;
        let done = matches!(self.peek(), None | Some(Token::Newline)) || self.is(";") || self.is("}");
        match word.as_str() {
            "print" | "printf" => self.print(word == "printf"),
            "next" => Ok(Statement::Next),
            "exit" => Ok(Statement::Exit(if done { None } else { Some(self.expr()?) })),
            "return" => Ok(Statement::Return(if done { None } else { Some(self.expr()?) })),
            "break" => Ok(Statement::Break),
            "continue" => Ok(Statement::Continue),
            "delete" => {
                let Some(Token::Word(name)) = self.peek().cloned() else { return self.unexpected() };
                self.at += 1;
                let index = if self.eat("[") { Some(self.list("]")?) } else { None };
                Ok(Statement::Delete(name, index))
            }
            _ => Err((self.line(), "getline is not simulated".to_owned())),
        }
    }

    fn print(&mut self, formatted: bool) -> Parsed<Statement> {
        let outer = std::mem::replace(&mut self.no_greater, true);
        let mut items = Vec::new();
        while !(matches!(self.peek(), None | Some(Token::Newline))
            || [";", "}", ">", ">>", "|"].iter().any(|op| self.is(op)))
        {
            items.push(self.expr()?);
            if !self.eat(",") {
                break;
            }
            self.newlines();
        }
        self.no_greater = outer;
        // `print (a, b)` prints two things.
        if let [Expr::Group(inner)] = items.as_slice() {
            items = inner.clone();
        }
        let output = if self.eat(">>") {
            Output::File(self.concat()?, true)
        } else if self.eat(">") {
            Output::File(self.concat()?, false)
        } else if self.is("|") {
            return Err((self.line(), "a pipe after print is not simulated".to_owned()));
        } else {
            Output::Standard
        };
        if formatted && items.is_empty() {
            return self.unexpected();
        }
        Ok(if formatted { Statement::Printf(items, output) } else { Statement::Print(items, output) })
    }

    /// Expressions up to a closing bracket, which is eaten.
    fn list(&mut self, close: &str) -> Parsed<Vec<Expr>> {
        let outer = (std::mem::take(&mut self.no_in), std::mem::take(&mut self.no_greater));
        let mut list = Vec::new();
        self.newlines();
        while !self.eat(close) {
            list.push(self.expr()?);
            self.newlines();
            if self.eat(",") {
                self.newlines();
            } else if !self.is(close) {
                return self.unexpected();
            }
        }
        (self.no_in, self.no_greater) = outer;
        Ok(list)
    }

    fn expr(&mut self) -> Parsed<Expr> {
        self.nested(Self::assignment)
    }

    fn assignment(&mut self) -> Parsed<Expr> {
        let left = self.choice()?;
        let operators: [(&str, Option<Binary>); 8] = [
            ("=", None),
            ("+=", Some(Binary::Add)),
            ("-=", Some(Binary::Subtract)),
            ("*=", Some(Binary::Multiply)),
            ("/=", Some(Binary::Divide)),
            ("%=", Some(Binary::Modulo)),
            ("^=", Some(Binary::Power)),
            ("**=", Some(Binary::Power)),
        ];
        for (op, binary) in operators {
            if self.is(op) && matches!(left, Expr::Name(_) | Expr::Element(..) | Expr::Field(_)) {
                self.at += 1;
                self.newlines();
                let right = self.expr()?;
                return Ok(Expr::Assign(Box::new(left), binary, Box::new(right)));
            }
        }
        Ok(left)
    }

    fn choice(&mut self) -> Parsed<Expr> {
        let condition = self.or()?;
        if !self.eat("?") {
            return Ok(condition);
        }
        self.newlines();
        let yes = self.expr()?;
        self.newlines();
        self.need(":")?;
        self.newlines();
        let no = self.expr()?;
        Ok(Expr::Choice(Box::new(condition), Box::new(yes), Box::new(no)))
    }
}

mod operators;
