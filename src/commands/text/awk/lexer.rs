//! An awk program as tokens. A slash begins an expression where no value can end before it.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A number.
    Number(f64),
    /// A string, escapes done.
    Text(String),
    /// `/re/`, escaped slashes undone.
    Regexp(String),
    /// A name or a keyword.
    Word(String),
    /// A name with `(` right after it.
    Call(String),
    /// An operator or a bracket.
    Op(&'static str),
    /// The end of a line.
    Newline,
}

/// Longest first, so that `**=` is not `*`.
const OPERATORS: &[&str] = &[
    "**=", "&&", "||", "==", "!=", "<=", ">=", ">>", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "**", "!~", "{",
    "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
];

/// Tokens with the line each stands in. Errors: the line and what is wrong.
pub fn tokens(text: &str) -> Result<Vec<(Token, usize)>, (usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<(Token, usize)> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(&c) = chars.get(at) {
        match c {
            '\n' => {
                out.push((Token::Newline, line));
                line += 1;
                at += 1;
            }
            '\\' if chars.get(at + 1) == Some(&'\n') => {
                line += 1;
                at += 2;
            }
            c if c.is_whitespace() => at += 1,
            '#' => at += chars[at..].iter().take_while(|c| **c != '\n').count(),
            '"' => {
                let (text, next) = string(&chars, at + 1).ok_or((line, "runaway string constant".to_owned()))?;
                out.push((Token::Text(text), line));
                at = next;
            }
            '/' if !ends_value(out.last().map(|t| &t.0)) => {
                let (text, next) = expression(&chars, at + 1).ok_or((line, "runaway regular expression".to_owned()))?;
                out.push((Token::Regexp(text), line));
                at = next;
            }
            c if c.is_ascii_digit() || (c == '.' && chars.get(at + 1).is_some_and(char::is_ascii_digit)) => {
                let length = number(&chars[at..]);
                let text: String = chars[at..at + length].iter().collect();
                out.push((Token::Number(text.parse().unwrap_or(0.0)), line));
                at += length;
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let length = chars[at..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '_').count();
                let word: String = chars[at..at + length].iter().collect();
                at += length;
                let call = chars.get(at) == Some(&'(');
                out.push((if call { Token::Call(word) } else { Token::Word(word) }, line));
            }
            _ => {
                let rest: String = chars[at..].iter().take(3).collect();
                let op = OPERATORS.iter().find(|op| rest.starts_with(**op));
                let op = op.ok_or_else(|| (line, format!("syntax error at or near {c}")))?;
                out.push((Token::Op(op), line));
                at += op.len();
            }
        }
    }
    Ok(out)
}

/// Whether a value can end with this token, so that a slash after it divides.
fn ends_value(token: Option<&Token>) -> bool {
    match token {
        Some(Token::Number(_) | Token::Text(_) | Token::Regexp(_)) => true,
        Some(Token::Word(word)) => !matches!(word.as_str(), "print" | "printf" | "return" | "in" | "else" | "do"),
        Some(Token::Op(op)) => matches!(*op, ")" | "]" | "$" | "++" | "--"),
        _ => false,
    }
}

fn number(chars: &[char]) -> usize {
    let digits = |from: usize| chars[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = digits(0);
    if chars.get(at) == Some(&'.') {
        at += 1;
        at += digits(at);
    }
    if chars.get(at).is_some_and(|c| *c == 'e' || *c == 'E') {
        let sign = usize::from(chars.get(at + 1).is_some_and(|c| *c == '+' || *c == '-'));
        let exponent = if at + 1 + sign <= chars.len() { digits(at + 1 + sign) } else { 0 };
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

/// A string up to its closing quote: its value, and where it ends.
fn string(chars: &[char], mut at: usize) -> Option<(String, usize)> {
    let mut out = String::new();
    loop {
        match *chars.get(at)? {
            '"' => return Some((out, at + 1)),
            '\n' => return None,
            '\\' => {
                at += 1;
                let c = *chars.get(at)?;
                match c {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'a' => out.push('\x07'),
                    'b' => out.push('\x08'),
                    'f' => out.push('\x0c'),
                    'v' => out.push('\x0b'),
                    '"' | '\\' | '/' => out.push(c),
                    '0'..='7' => {
                        let digits: String =
                            chars[at..].iter().take(3).take_while(|c| ('0'..='7').contains(*c)).collect();
                        at += digits.len() - 1;
                        out.push(char::from(u8::from_str_radix(&digits, 8).unwrap_or(b'?')));
                    }
                    other => {
                        out.push('\\');
                        out.push(other);
                    }
                }
                at += 1;
            }
            c => {
                out.push(c);
                at += 1;
            }
        }
    }
}

/// A regular expression up to its closing slash.
fn expression(chars: &[char], mut at: usize) -> Option<(String, usize)> {
    let (mut out, mut bracket) = (String::new(), false);
    loop {
        match *chars.get(at)? {
            '/' if !bracket => return Some((out, at + 1)),
            '\n' => return None,
            '\\' if chars.get(at + 1) == Some(&'/') => {
                out.push('/');
                at += 2;
                continue;
            }
            '\\' => {
                out.push('\\');
                at += 1;
                out.push(*chars.get(at)?);
            }
            c => {
                match c {
                    '[' if !bracket => bracket = true,
                    ']' if !out.ends_with('[') && !out.ends_with("[^") => bracket = false,
                    _ => {}
                }
                out.push(c);
            }
        }
        at += 1;
    }
}
