//! The right side of sed's `s`: sed(1).

use super::script::Piece;
use crate::commands::text::regexp::Spans;

/// Parses a replacement.
pub(super) fn parse(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let piece = match letter {
            '&' => Piece::Group(0),
            '\\' => match letters.next() {
                Some(digit @ '0'..='9') => Piece::Group(digit.to_digit(10).map_or(0, |d| d as usize)),
                Some(case @ ('U' | 'L' | 'u' | 'l' | 'E')) => Piece::Case(case),
                Some('n') => {
                    plain.push('\n');
                    continue;
                }
                Some('t') => {
                    plain.push('\t');
                    continue;
                }
                Some('r') => {
                    plain.push('\r');
                    continue;
                }
                other => {
                    plain.extend(other);
                    continue;
                }
            },
            other => {
                plain.push(other);
                continue;
            }
        };
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(piece);
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// Fills a replacement in for one match.
pub(super) fn fill(pieces: &[Piece], text: &[u8], spans: &Spans, out: &mut Vec<u8>) {
    let (mut case, mut once) = ('E', None);
    for piece in pieces {
        let bytes = match piece {
            Piece::Case(letter @ ('u' | 'l')) => {
                once = Some(*letter);
                continue;
            }
            Piece::Case(letter) => {
                case = *letter;
                continue;
            }
            Piece::Text(text) => text.as_bytes(),
            Piece::Group(number) => match spans.get(*number).copied().flatten() {
                Some((from, to)) => &text[from..to],
                None => b"",
            },
        };
        if case == 'E' && once.is_none() {
            out.extend_from_slice(bytes);
            continue;
        }
        let mut changed = String::from_utf8_lossy(bytes).into_owned();
        changed = match case {
            'U' => changed.to_uppercase(),
            'L' => changed.to_lowercase(),
            _ => changed,
        };
        let mut letters = changed.chars();
        if let (Some(first), Some(how)) = (letters.next(), once) {
            once = None;
            let first: String =
                if how == 'u' { first.to_uppercase().collect() } else { first.to_lowercase().collect() };
            changed = first + letters.as_str();
        }
        out.extend(changed.bytes());
    }
}
