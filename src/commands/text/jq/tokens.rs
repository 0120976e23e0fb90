//! The words of jq's filter language: jq(1), "BASIC FILTERS".

use super::syntax::{DEPTH, Piece, SyntaxError, parse_nested};

/// A word of the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Field(String),
    Variable(String),
    Format(String),
    Number(f64),
    Text(Vec<Piece>),
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: &[&str] = &[
    "?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", "..", "<", ">", "=", "|", ",", "+",
    "-", "*", "/", "%", "(", ")", "[", "]", "{", "}", ":", ";", "?", ".",
];

/// Cuts a filter into its words.
pub(super) fn tokens(text: &str, depth: usize) -> Result<Vec<Token>, SyntaxError> {
    if depth > DEPTH {
        return Err("filters nested this deep are not simulated".into());
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = |from: &str| from.chars().take_while(|c| is_name(*c)).collect::<String>();
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else if c == '#' {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if c == '"' {
            let (pieces, length) = string(rest, depth)?;
            tokens.push(Token::Text(pieces));
            rest = &rest[length..];
        } else if c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let name = name(&rest[1..]);
            rest = &rest[1 + name.len()..];
            tokens.push(Token::Field(name));
        } else if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let (number, length) = number(rest)?;
            tokens.push(Token::Number(number));
            rest = &rest[length..];
        } else if c == '$' || c == '@' {
            let name = name(&rest[1..]);
            rest = &rest[1 + name.len()..];
            tokens.push(if c == '$' { Token::Variable(name) } else { Token::Format(name) });
        } else if is_name(c) {
            let name = name(rest);
            rest = &rest[name.len()..];
            tokens.push(Token::Name(name));
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            tokens.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            return Err("syntax error, unexpected INVALID_CHARACTER".into());
        }
    }
    Ok(tokens)
}

fn number(text: &str) -> Result<(f64, usize), SyntaxError> {
    let bytes = text.as_bytes();
    let mut length = bytes.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let digits = bytes.iter().skip(length + 1 + sign).take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    let number = text[..length].parse().map_err(|_| "syntax error, unexpected LITERAL".to_owned())?;
    Ok((number, length))
}

/// A string literal and how many bytes it takes.
fn string(text: &str, depth: usize) -> Result<(Vec<Piece>, usize), SyntaxError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut chars = text.char_indices().skip(1);
    let unfinished = || "syntax error, unexpected QQSTRING_START, expecting $end".to_owned();
    loop {
        let (at, c) = chars.next().ok_or_else(unfinished)?;
        match c {
            '"' => {
                pieces.push(Piece::Plain(plain));
                return Ok((pieces, at + 1));
            }
            '\\' => match chars.next().ok_or_else(unfinished)?.1 {
                'n' => plain.push('\n'),
                't' => plain.push('\t'),
                'r' => plain.push('\r'),
                '(' => {
                    let start = at + 2;
                    let length = closing(&text[start..]).ok_or_else(unfinished)?;
                    pieces.push(Piece::Plain(std::mem::take(&mut plain)));
                    pieces.push(Piece::Filter(parse_nested(&text[start..start + length], depth + 1)?));
                    while chars.next().is_some_and(|(at, _)| at < start + length) {}
                }
                c => plain.push(c),
            },
            c => plain.push(c),
        }
    }
}

/// Where the parenthesis that was opened before `text` is closed.
fn closing(text: &str) -> Option<usize> {
    let (mut open, mut quoted, mut escaped) = (1, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => open += 1,
            ')' if !quoted => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
