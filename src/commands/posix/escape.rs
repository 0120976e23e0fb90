//! Backslash escapes as echo(1) and printf(1) read them.

use std::iter::Peekable;
use std::str::Chars;

/// Which escapes there are besides the common ones (`\a \b \e \f \n \r \t \v \\`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `echo -e` and `%b`: octal is `\0NNN` (or `\NNN`), `\c` ends everything.
    Echo,
    /// A format of printf: octal is `\NNN`, and `\"` is known.
    Format,
}

/// What an escape stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Escape {
    /// These bytes.
    Bytes(Vec<u8>),
    /// `\c`: no more output.
    Stop,
    /// None that is known: the backslash stands for itself.
    Unknown,
}

fn digits(chars: &mut Peekable<Chars<'_>>, radix: u32, max: usize) -> Option<u32> {
    let mut value: Option<u32> = None;
    for _ in 0..max {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
        chars.next();
        value = Some(value.unwrap_or(0).wrapping_mul(radix).wrapping_add(digit));
    }
    value
}

/// Reads what follows a backslash; of an unknown escape nothing is read.
pub fn escape(chars: &mut Peekable<Chars<'_>>, dialect: Dialect) -> Escape {
    let Some(&letter) = chars.peek() else { return Escape::Unknown };
    let byte = match letter {
        'a' => 7,
        'b' => 8,
        'e' | 'E' => 27,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        '"' | '\'' if dialect == Dialect::Format => letter as u8,
        'c' if dialect == Dialect::Echo => {
            chars.next();
            return Escape::Stop;
        }
        '0'..='7' => {
            if dialect == Dialect::Echo && letter == '0' {
                chars.next();
                return Escape::Bytes(vec![digits(chars, 8, 3).unwrap_or(0) as u8]);
            }
            return Escape::Bytes(vec![digits(chars, 8, 3).unwrap_or(0) as u8]);
        }
        'x' | 'u' | 'U' => return hexadecimal(chars, letter),
        _ => return Escape::Unknown,
    };
    chars.next();
    Escape::Bytes(vec![byte])
}

fn hexadecimal(chars: &mut Peekable<Chars<'_>>, letter: char) -> Escape {
    let mut ahead = chars.clone();
    ahead.next();
    let max = match letter {
        'x' => 2,
        'u' => 4,
        _ => 8,
    };
    let Some(code) = digits(&mut ahead, 16, max) else { return Escape::Unknown };
    *chars = ahead;
    if letter == 'x' {
        return Escape::Bytes(vec![code as u8]);
    }
    let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    Escape::Bytes(letter.to_string().into_bytes())
}

/// All of `text` with its escapes; the flag tells that a `\c` ended it.
pub fn unescape(text: &str, dialect: Dialect) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(letter) = chars.next() {
        if letter != '\\' {
            out.extend(letter.to_string().bytes());
            continue;
        }
        match escape(&mut chars, dialect) {
            Escape::Bytes(bytes) => out.extend(bytes),
            Escape::Stop => return (out, true),
            Escape::Unknown => out.push(b'\\'),
        }
    }
    (out, false)
}
