//! Backslash escapes of `$'…'`, and text put in single quotes: bash(1), QUOTING.

use std::iter::Peekable;
use std::str::Chars;

/// The text between single quotes, as bash prints it.
pub fn single_quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Decodes the inside of `$'…'`.
pub fn decode_ansi(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(c) = rest.next() else {
            out.push('\\');
            break;
        };
        if c == 'c' {
            let control = rest.next().map_or(0, |c| c as u32 & 0x1f);
            out.extend(char::from_u32(control));
        } else if let Some(number) = octal(c, &mut rest) {
            out.extend(char::from_u32(number & 0xff));
        } else {
            simple(c, &mut rest, &mut out);
        }
        // A character with the code 0 ends the string, as it does in C.
        if out.ends_with('\0') {
            out.pop();
            break;
        }
    }
    out
}

fn octal(first: char, rest: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut number = first.to_digit(8)?;
    for _ in 0..2 {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(8)) else { break };
        number = number * 8 + digit;
        rest.next();
    }
    Some(number)
}

fn simple(c: char, rest: &mut Peekable<Chars<'_>>, out: &mut String) {
    match c {
        'a' => out.push('\x07'),
        'b' => out.push('\x08'),
        'e' | 'E' => out.push('\x1b'),
        'f' => out.push('\x0c'),
        'n' => out.push('\n'),
        'r' => out.push('\r'),
        't' => out.push('\t'),
        'v' => out.push('\x0b'),
        '\\' | '\'' | '"' | '?' => out.push(c),
        'x' => numbered(c, 2, rest, out),
        'u' => numbered(c, 4, rest, out),
        'U' => numbered(c, 8, rest, out),
        other => out.extend(['\\', other]),
    }
}

fn numbered(letter: char, digits: usize, rest: &mut Peekable<Chars<'_>>, out: &mut String) {
    let mut number = None;
    for _ in 0..digits {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(16)) else { break };
        number = Some(number.unwrap_or(0u32).wrapping_mul(16).wrapping_add(digit));
        rest.next();
    }
    match number {
        Some(number) => out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)),
        None => out.extend(['\\', letter]),
    }
}
