//! Messages of several lines, and the shortening of long ones: journalctl(1), `--full`.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many lines of a message are shown when it may be shortened.
const LINES: usize = 3;
/// How many bytes of a message are shown when it may be shortened.
const BYTES: usize = 300;

/// Where and how a message stands.
pub(super) struct Place<'a> {
    /// How many columns are taken before it; further lines are indented as much.
    pub prefix: usize,
    /// The width of the terminal; `None`: nothing is shortened.
    pub columns: Option<usize>,
    /// Escape sequences around each line.
    pub colour: (&'a str, &'a str),
    /// Bytes of the message to be highlighted.
    pub highlight: Option<(usize, usize)>,
}

const RED: &str = "\x1b[0;1;31m";

/// Prints a message, each of its lines ended by a newline; tells whether something was shortened.
pub(super) fn print(message: &[u8], place: &Place<'_>, out: &mut Vec<u8>) -> bool {
    let mut start = 0;
    let mut ellipsized = false;
    let mut number = 0;
    while start < message.len() {
        let end = message[start..].iter().position(|b| *b == b'\n').map_or(message.len(), |n| start + n);
        let line = &message[start..end];
        let indent = if number > 0 { place.prefix } else { 0 };
        out.resize(out.len() + indent, b' ');
        let tail = number + 1 == LINES || end + 1 >= BYTES;
        match place.columns {
            Some(columns) if place.prefix + line.len() + 1 >= columns || tail => {
                ellipsized = true;
                shortened(line, columns.saturating_sub(place.prefix), tail, place.colour, out);
                if tail {
                    break;
                }
            }
            _ => whole(line, start, place, out),
        }
        number += 1;
        start = end + 1;
    }
    ellipsized
}

fn whole(line: &[u8], start: usize, place: &Place<'_>, out: &mut Vec<u8>) {
    let (on, off) = place.colour;
    out.extend_from_slice(on.as_bytes());
    let inside = place.highlight.map(|(from, to)| (from.saturating_sub(start), to.saturating_sub(start)));
    match inside {
        Some((from, to)) if from < to && to <= line.len() => {
            out.extend_from_slice(&line[..from]);
            out.extend_from_slice(RED.as_bytes());
            out.extend_from_slice(&line[from..to]);
            out.extend_from_slice(b"\x1b[0m");
            out.extend_from_slice(on.as_bytes());
            out.extend_from_slice(&line[to..]);
        }
        _ => out.extend_from_slice(line),
    }
    out.extend_from_slice(off.as_bytes());
    out.push(b'\n');
}

fn shortened(line: &[u8], room: usize, tail: bool, colour: (&str, &str), out: &mut Vec<u8>) {
    let text = String::from_utf8_lossy(line);
    let text = if room < 3 {
        "...".to_owned()
    } else if room > line.len() + 3 {
        format!("{text}...")
    } else {
        ellipsize(&text, room, if tail { 100 } else { 90 })
    };
    out.extend_from_slice(format!("{}{text}{}\n", colour.0, colour.1).as_bytes());
}

/// A text of at most `width` columns: when it is longer, `…` stands after `percent` of what is kept.
pub fn ellipsize(text: &str, width: usize, percent: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    let keep = width - 1;
    let before = if text.is_ascii() { (keep * percent + 50) / 100 } else { keep * percent / 100 };
    let head = fitting(text.chars(), before);
    let rest: Vec<char> = text.chars().skip(head.chars().count()).collect();
    let tail = fitting(rest.into_iter().rev(), keep - head.width());
    let tail: String = tail.chars().rev().collect();
    format!("{head}…{tail}")
}

/// As many characters as fit into `width` columns.
fn fitting(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= width
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(message: &str, prefix: usize, columns: Option<usize>) -> (String, bool) {
        let place = Place { prefix, columns, colour: ("", ""), highlight: None };
        let mut out = Vec::new();
        let ellipsized = print(message.as_bytes(), &place, &mut out);
        (String::from_utf8(out).unwrap(), ellipsized)
    }

    #[test]
    fn long_lines_keep_nine_tenths_and_the_end() {
        let (line, ellipsized) = printed("0123456789012345678901234567890123456789", 10, Some(30));
        assert_eq!((line.as_str(), ellipsized), ("01234567890123456…89\n", true));
        assert_eq!(printed("short", 10, Some(30)), ("short\n".into(), false));
    }

    #[test]
    fn further_lines_are_indented() {
        assert_eq!(printed("a\nb", 4, None).0, "a\n    b\n");
        let (text, ellipsized) = printed("a\nb\nc\nd", 2, Some(80));
        assert_eq!((text.as_str(), ellipsized), ("a\n  b\n  c...\n", true));
    }
}
