//! The tokens of an arithmetic expression: bash(1), ARITHMETIC EVALUATION.

use super::arithmetic::ArithmeticError;

/// Every operator, the longest first.
const OPERATORS: [&str; 38] = [
    "<<=", ">>=", "==", "!=", ">=", "<=", "&&", "||", "<<", ">>", "**", "++", "--", "*=", "/=", "%=", "+=", "-=", "&=",
    "^=", "|=", "=", ">", "<", "+", "-", "*", "/", "%", "!", "(", ")", "&", "|", "^", "~", "?", ":",
];

/// A token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    End,
    Number(i64),
    Name,
    Operator(&'static str),
}

/// Reads tokens and remembers what an error must name.
pub(super) struct Reader {
    text: String,
    /// After the current token.
    pos: usize,
    /// Where the current token begins, or at the end the last one.
    last: usize,
    pub(super) current: Token,
    name: (String, Option<String>),
    /// The variable just read, while an assignment operator may follow it.
    pub(super) assignable: Option<(String, Option<String>)>,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        let name = (String::new(), None);
        Self { text: text.to_string(), pos: 0, last: 0, current: Token::End, name, assignable: None }
    }

    /// The place after the current token.
    pub(super) fn position(&self) -> usize {
        self.pos
    }

    /// The name in the current token.
    pub(super) fn take_name(&mut self) -> (String, Option<String>) {
        std::mem::take(&mut self.name)
    }

    /// Whether `=` follows, which makes the value of the name before it of no account.
    pub(super) fn before_assignment(&self) -> bool {
        let rest = self.rest(self.pos).trim_start();
        rest.starts_with('=') && !rest.starts_with("==")
    }

    fn rest(&self, pos: usize) -> &str {
        self.text.get(pos..).unwrap_or("")
    }

    /// An error at the current token.
    pub(super) fn error(&self, what: &str) -> ArithmeticError {
        self.named_error(what, self.rest(self.last))
    }

    /// An error at another place.
    pub(super) fn error_at(&self, what: &str, pos: usize) -> ArithmeticError {
        self.named_error(what, self.rest(pos).trim_start())
    }

    fn named_error(&self, what: &str, token: &str) -> ArithmeticError {
        let text = self.text.trim_start();
        ArithmeticError(format!("{text}: {what} (error token is \"{token}\")"))
    }

    /// Reads the next token.
    pub(super) fn advance(&mut self) -> Result<(), ArithmeticError> {
        let rest = self.rest(self.pos);
        let blanks = rest.len() - rest.trim_start().len();
        self.pos += blanks;
        let Some(c) = self.rest(self.pos).chars().next() else {
            self.current = Token::End;
            return Ok(());
        };
        self.last = self.pos;
        if c.is_ascii_alphabetic() || c == '_' {
            return self.read_name();
        }
        if c.is_ascii_digit() {
            return self.read_number();
        }
        self.read_operator(c)
    }

    fn length_while(&self, belongs: impl Fn(char) -> bool) -> usize {
        let rest = self.rest(self.pos);
        rest.find(|c| !belongs(c)).unwrap_or(rest.len())
    }

    fn read_name(&mut self) -> Result<(), ArithmeticError> {
        let length = self.length_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let name = self.rest(self.pos)[..length].to_string();
        self.pos += length;
        let mut subscript = None;
        if self.rest(self.pos).starts_with('[') {
            let Some(length) = bracketed(self.rest(self.pos)) else { return Err(self.error("bad array subscript")) };
            subscript = Some(self.rest(self.pos)[1..length - 1].to_string());
            self.pos += length;
        }
        self.name = (name, subscript);
        self.current = Token::Name;
        Ok(())
    }

    fn read_number(&mut self) -> Result<(), ArithmeticError> {
        let length = self.length_while(|c| c.is_ascii_alphanumeric() || matches!(c, '#' | '@' | '_'));
        let text = self.rest(self.pos)[..length].to_string();
        self.pos += length;
        match number(&text) {
            Ok(value) => self.current = Token::Number(value),
            Err(what) => {
                // bash has cut the expression after the number at this moment.
                self.text.truncate(self.pos);
                return Err(self.error(what));
            }
        }
        Ok(())
    }

    fn read_operator(&mut self, c: char) -> Result<(), ArithmeticError> {
        let rest = self.rest(self.pos);
        if c == ',' {
            self.pos += 1;
            self.current = Token::Operator(",");
            return Ok(());
        }
        let Some(mut operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)).copied() else {
            let operand = matches!(self.current, Token::Number(_) | Token::Name | Token::Operator(")"));
            let what =
                if operand { "syntax error: invalid arithmetic operator" } else { "syntax error: operand expected" };
            return Err(self.error(what));
        };
        // `x++`, but `1++2` and `- -x`.
        if matches!(operator, "++" | "--") && self.current != Token::Name {
            let after = rest[2..].trim_start();
            if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                operator = if operator == "++" { "+" } else { "-" };
            }
        }
        self.pos += operator.len();
        self.current = Token::Operator(operator);
        Ok(())
    }
}

/// The length of `[…]`, brackets within it matched.
fn bracketed(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return Some(at + 1),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A number in bash's notations: `0x1f`, `017`, `2#101`.
fn number(text: &str) -> Result<i64, &'static str> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return if digits.contains('#') { Err("invalid number") } else { in_base(16, digits) };
    }
    if let Some((base, digits)) = text.split_once('#') {
        if base.starts_with('0') || digits.contains('#') {
            return Err("invalid number");
        }
        let base: u32 = base.parse().map_err(|_| "invalid arithmetic base")?;
        if !(2..=64).contains(&base) {
            return Err("invalid arithmetic base");
        }
        if digits.is_empty() {
            return Err("invalid integer constant");
        }
        return in_base(base, digits);
    }
    match text.strip_prefix('0') {
        Some(digits) => in_base(8, digits),
        None => in_base(10, text),
    }
}

fn in_base(base: u32, digits: &str) -> Result<i64, &'static str> {
    let mut value = 0i64;
    for c in digits.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            'a'..='z' => c as u32 - 'a' as u32 + 10,
            'A'..='Z' if base <= 36 => c as u32 - 'A' as u32 + 10,
            'A'..='Z' => c as u32 - 'A' as u32 + 36,
            '@' => 62,
            _ => 63,
        };
        if digit >= base {
            return Err("value too great for base");
        }
        value = value.wrapping_mul(i64::from(base)).wrapping_add(i64::from(digit));
    }
    Ok(value)
}
