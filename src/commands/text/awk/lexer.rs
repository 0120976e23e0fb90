//! Words of an awk program: awk(1p), Lexical Conventions.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(Vec<u8>),
    Regexp(String),
    /// A name; the flag tells that a `(` follows at once.
    Name(String, bool),
    Keyword(&'static str),
    Builtin(&'static str),
    Operator(&'static str),
    Newline,
    End,
}

/// Words of the language.
const KEYWORDS: &[&str] = &[
    "BEGIN", "END", "break", "continue", "delete", "do", "else", "exit", "for", "function", "getline", "if", "in",
    "next", "nextfile", "print", "printf", "return", "while",
];
/// Functions of the language.
const BUILTINS: &[&str] = &[
    "atan2", "close", "cos", "exp", "fflush", "gsub", "index", "int", "length", "log", "match", "mktime", "rand",
    "sin", "split", "sprintf", "sqrt", "srand", "strftime", "sub", "substr", "system", "systime", "tolower", "toupper",
];
/// Operators, longer ones first.
const OPERATORS: &[&str] = &[
    "**=", "&&", "||", "==", "<=", ">=", "!=", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", ">>", "!~", "**", "{",
    "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
];

/// Turns a program into tokens, each with its line. Errors: mawk's message.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, String> {
    let mut lexer = Lexer { letters: text.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while lexer.token()? {}
    let line = lexer.line + 1;
    lexer.tokens.push((Token::End, line));
    Ok(lexer.tokens)
}

struct Lexer {
    letters: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<(Token, usize)>,
}

impl Lexer {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn push(&mut self, token: Token) {
        self.tokens.push((token, self.line));
    }

    /// Whether a `/` here begins a regular expression: not after a value.
    fn regexp_may_begin(&self) -> bool {
        match self.tokens.last() {
            Some((Token::Number(_) | Token::Text(_) | Token::Regexp(_) | Token::Name(..) | Token::Builtin(_), _)) => {
                false
            }
            Some((Token::Operator(operator), _)) => ![")", "]", "$", "++", "--"].contains(operator),
            _ => true,
        }
    }

    /// Reads a token; false at the end.
    fn token(&mut self) -> Result<bool, String> {
        let Some(letter) = self.peek() else { return Ok(false) };
        match letter {
            ' ' | '\t' | '\r' => self.at += 1,
            '\\' if self.letters.get(self.at + 1) == Some(&'\n') => {
                self.at += 2;
                self.line += 1;
            }
            '#' => {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            }
            '\n' => {
                self.push(Token::Newline);
                self.at += 1;
                self.line += 1;
            }
            '"' => self.text()?,
            '/' if self.regexp_may_begin() => self.regexp()?,
            '0'..='9' => self.number(),
            '.' if self.letters.get(self.at + 1).is_some_and(char::is_ascii_digit) => self.number(),
            c if c.is_ascii_alphabetic() || c == '_' => self.name(),
            _ => {
                let rest: String = self.letters[self.at..].iter().take(3).collect();
                let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) else {
                    return Err(format!("{}: unexpected character '{letter}'", self.line));
                };
                self.at += operator.len();
                self.push(Token::Operator(operator));
            }
        }
        Ok(true)
    }

    fn number(&mut self) {
        let rest: String = self.letters[self.at..].iter().take(400).collect();
        let (value, after) = crate::commands::posix::number::parse_float(&rest);
        self.at += rest.chars().count() - after.chars().count();
        self.push(Token::Number(value));
    }

    fn name(&mut self) {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            self.at += 1;
        }
        let name: String = self.letters[start..self.at].iter().collect();
        let token = if let Some(word) = KEYWORDS.iter().find(|word| **word == name) {
            Token::Keyword(word)
        } else if name == "func" {
            Token::Keyword("function")
        } else if let Some(word) = BUILTINS.iter().find(|word| **word == name) {
            Token::Builtin(word)
        } else {
            Token::Name(name, self.peek() == Some('('))
        };
        self.push(token);
    }

    fn text(&mut self) -> Result<(), String> {
        let (start, line) = (self.at, self.line);
        self.at += 1;
        let mut bytes = Vec::new();
        let mut buffer = [0; 4];
        loop {
            let Some(letter) = self.peek().filter(|c| *c != '\n') else {
                let rest: String = self.letters[start..self.at.min(start + 11)].iter().collect();
                return Err(format!("line {line}: runaway string constant {rest} ..."));
            };
            self.at += 1;
            match letter {
                '"' => break,
                '\\' => self.escape(&mut bytes),
                other => bytes.extend(other.encode_utf8(&mut buffer).bytes()),
            }
        }
        self.push(Token::Text(bytes));
        Ok(())
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) {
        let Some(letter) = self.peek() else { return };
        self.at += 1;
        let mut buffer = [0; 4];
        match letter {
            'n' => bytes.push(b'\n'),
            't' => bytes.push(b'\t'),
            'r' => bytes.push(b'\r'),
            '"' => bytes.push(b'"'),
            '\\' => bytes.push(b'\\'),
            '/' => bytes.push(b'/'),
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'f' => bytes.push(12),
            'v' => bytes.push(11),
            '\n' => self.line += 1,
            '0'..='7' => {
                let mut code = letter.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
                    code = code * 8 + digit;
                    self.at += 1;
                }
                bytes.push(code as u8);
            }
            other => {
                bytes.push(b'\\');
                bytes.extend(other.encode_utf8(&mut buffer).bytes());
            }
        }
    }

    fn regexp(&mut self) -> Result<(), String> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut bracket = false;
        loop {
            let Some(letter) = self.peek().filter(|c| *c != '\n') else {
                let rest: String = self.letters[start..self.at.min(start + 11)].iter().collect();
                return Err(format!("line {}: runaway regular expression {rest} ...", self.line));
            };
            self.at += 1;
            match letter {
                '/' if !bracket => break,
                '\\' => {
                    let next = self.peek();
                    self.at += usize::from(next.is_some());
                    if next != Some('/') {
                        text.push('\\');
                    }
                    text.extend(next);
                    continue;
                }
                '[' if !bracket => {
                    bracket = true;
                    text.push('[');
                    // A `]` in the first place is a member.
                    if self.peek() == Some('^') {
                        self.at += 1;
                        text.push('^');
                    }
                    if self.peek() == Some(']') {
                        self.at += 1;
                        text.push(']');
                    }
                    continue;
                }
                ']' => bracket = false,
                _ => {}
            }
            text.push(letter);
        }
        self.push(Token::Regexp(text));
        Ok(())
    }
}
