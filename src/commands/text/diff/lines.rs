//! Which lines of two texts differ, as GNU diff groups them.

use crate::commands::options::Parsed;
use crate::commands::text::lines_of;

/// Lines `from..to` of the first text stand where lines `at..end` of the second do; both count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// First line of the first text.
    pub from: usize,
    /// The line behind its last.
    pub to: usize,
    /// First line of the second text.
    pub at: usize,
    /// The line behind its last.
    pub end: usize,
}

/// A line as it is compared, by the options that ignore something. A last line without newline is another line.
fn key(line: &[u8], parsed: &Parsed, unterminated: bool) -> Vec<u8> {
    let mut line = line.to_vec();
    if parsed.has("strip-trailing-cr") && line.last() == Some(&b'\r') {
        line.pop();
    }
    if parsed.has("ignore-case") {
        line.make_ascii_lowercase();
    }
    let mut loose = false;
    if parsed.has("ignore-all-space") {
        line.retain(|byte| !byte.is_ascii_whitespace());
        loose = true;
    } else if parsed.has("ignore-space-change") {
        let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        let lead: &[u8] = if line.first().is_some_and(u8::is_ascii_whitespace) { b" " } else { b"" };
        line = [lead, &words.join(&b' ')].concat();
        loose = true;
    }
    if unterminated && !loose {
        // No line of a text holds a newline: this one equals none that has its own.
        line.push(b'\n');
    }
    line
}

/// The differences between two texts, in order.
pub fn compare(a: &[u8], b: &[u8], parsed: &Parsed) -> Vec<Hunk> {
    let keys = |bytes: &[u8]| {
        let lines = lines_of(bytes);
        let (count, open) = (lines.len(), bytes.last().is_some_and(|byte| *byte != b'\n'));
        lines.iter().enumerate().map(|(at, line)| key(line, parsed, open && at + 1 == count)).collect::<Vec<_>>()
    };
    let (left, right) = (keys(a), keys(b));
    let mut hunks = super::compare::compare(&left, &right);
    slide(&mut hunks, &left, &right);
    if parsed.has("ignore-blank-lines") {
        let blank = |lines: &[Vec<u8>]| lines.iter().all(|line| line.is_empty());
        hunks.retain(|h| !(blank(&left[h.from..h.to]) && blank(&right[h.at..h.end])));
    }
    hunks
}

/// Where an insertion or a deletion can stand at several places, GNU diff takes the last one; two that touch become one.
fn slide(hunks: &mut Vec<Hunk>, left: &[Vec<u8>], right: &[Vec<u8>]) {
    for at in 0..hunks.len() {
        let limit = hunks.get(at + 1).map_or((left.len(), right.len()), |next| (next.from, next.at));
        let hunk = &mut hunks[at];
        if hunk.from == hunk.to {
            while hunk.end < limit.1 && hunk.to < limit.0 && right[hunk.at] == right[hunk.end] {
                *hunk = Hunk { from: hunk.from + 1, to: hunk.to + 1, at: hunk.at + 1, end: hunk.end + 1 };
            }
        } else if hunk.at == hunk.end {
            while hunk.to < limit.0 && hunk.end < limit.1 && left[hunk.from] == left[hunk.to] {
                *hunk = Hunk { from: hunk.from + 1, to: hunk.to + 1, at: hunk.at + 1, end: hunk.end + 1 };
            }
        }
    }
    let mut joined: Vec<Hunk> = Vec::new();
    for hunk in hunks.drain(..) {
        match joined.last_mut() {
            Some(last) if last.to == hunk.from && last.end == hunk.at => (last.to, last.end) = (hunk.to, hunk.end),
            _ => joined.push(hunk),
        }
    }
    *hunks = joined;
}
