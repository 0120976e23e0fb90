//! C escapes in unit files: systemd.syntax(7).

/// What one escape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unescaped {
    /// A byte of its own (`\x41`, `\101`).
    Byte(u8),
    /// A character, written in UTF-8 (`\n`, `\u00e9`).
    Char(char),
}

/// Reads the escape that follows a backslash at the start of `text`; gives its value and length. Unknown ones and NUL are
/// no escape.
pub fn unescape_one(text: &[u8]) -> Option<(Unescaped, usize)> {
    let simple = |c: char| Some((Unescaped::Char(c), 1));
    match *text.first()? {
        b'a' => simple('\x07'),
        b'b' => simple('\x08'),
        b'f' => simple('\x0c'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\x0b'),
        b'\\' => simple('\\'),
        b'"' => simple('"'),
        b'\'' => simple('\''),
        b's' => simple(' '),
        b'x' => {
            let value = number(text.get(1..3)?, 16)?;
            byte(value).map(|b| (b, 3))
        }
        b'u' => character(number(text.get(1..5)?, 16)?).map(|c| (c, 5)),
        b'U' => character(number(text.get(1..9)?, 16)?).map(|c| (c, 9)),
        b'0'..=b'7' => {
            let value = number(text.get(..3)?, 8)?;
            byte(value).map(|b| (b, 3))
        }
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    digits.iter().try_fold(0u32, |sum, d| Some(sum.wrapping_mul(radix).wrapping_add((*d as char).to_digit(radix)?)))
}

fn byte(value: u32) -> Option<Unescaped> {
    u8::try_from(value).ok().filter(|b| *b != 0).map(Unescaped::Byte)
}

fn character(value: u32) -> Option<Unescaped> {
    char::from_u32(value).filter(|c| *c != '\0').map(Unescaped::Char)
}

/// Undoes every escape of a text; `None` if one is unknown or incomplete.
pub fn unescape(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        let (value, length) = unescape_one(&bytes[at + 1..])?;
        push(&mut out, value);
        at += 1 + length;
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

/// Appends what an escape stands for.
pub fn push(out: &mut Vec<u8>, value: Unescaped) {
    match value {
        Unescaped::Byte(byte) => out.push(byte),
        Unescaped::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        for (text, expected) in [
            (r"a\x41\101\n\s\\", Some("aAA\n \\")),
            (r"\u00e9\U0001f600", Some("é😀")),
            (r"\q", None),
            (r"\x4", None),
            (r"\x00", None),
            (r"\400", None),
            (r"\", None),
        ] {
            assert_eq!(unescape(text).as_deref(), expected, "{text}");
        }
    }
}
