//! The forms in which diff(1) shows differences: normal, unified, with context, side by side.

use super::Side;
use super::lines::Hunk;
use crate::commands::options::Parsed;
use crate::world::Cx;

/// What is compared.
pub struct Text<'t> {
    /// The first file.
    pub a: &'t Side,
    /// The second file.
    pub b: &'t Side,
    /// Its lines.
    pub left: &'t [Vec<u8>],
    /// The lines of the second file.
    pub right: &'t [Vec<u8>],
    /// The options.
    pub parsed: &'t Parsed,
}

const NO_NEWLINE: &[u8] = b"\\ No newline at end of file\n";

fn put(cx: &mut Cx<'_, '_>, mark: &str, lines: &[Vec<u8>], at: usize, side: &Side) {
    cx.print(1, mark.as_bytes());
    cx.print(1, &lines[at]);
    cx.print(1, b"\n");
    if at + 1 == lines.len() && side.bytes.last() != Some(&b'\n') {
        cx.print(1, NO_NEWLINE);
    }
}

/// `3`, `3,5`; an empty range is the line before it.
fn range(from: usize, to: usize) -> String {
    match to.saturating_sub(from) {
        0 => from.to_string(),
        1 => to.to_string(),
        _ => format!("{},{to}", from + 1),
    }
}

/// The normal form: `2c2`, `< old`, `---`, `> new`.
pub fn normal(cx: &mut Cx<'_, '_>, text: &Text<'_>, hunks: &[Hunk]) {
    for hunk in hunks {
        let letter = match (hunk.from == hunk.to, hunk.at == hunk.end) {
            (true, _) => 'a',
            (_, true) => 'd',
            _ => 'c',
        };
        cx.outln(&format!("{}{letter}{}", range(hunk.from, hunk.to), range(hunk.at, hunk.end)));
        (hunk.from..hunk.to).for_each(|at| put(cx, "< ", text.left, at, text.a));
        if letter == 'c' {
            cx.outln("---");
        }
        (hunk.at..hunk.end).for_each(|at| put(cx, "> ", text.right, at, text.b));
    }
}

/// Hunks that share their context.
fn groups(hunks: &[Hunk], context: usize) -> Vec<&[Hunk]> {
    hunks.chunk_by(|a, b| b.from - a.to <= 2 * context).collect()
}

fn heading(cx: &mut Cx<'_, '_>, text: &Text<'_>, marks: [&str; 2]) {
    let labels: Vec<&str> = text.parsed.options.iter().filter(|o| o.key == "label").map(|o| o.text()).collect();
    for (at, side) in [text.a, text.b].into_iter().enumerate() {
        match labels.get(at) {
            Some(label) => cx.outln(&format!("{} {label}", marks[at])),
            None => {
                let time = fraction(side.time);
                cx.outln(&format!("{} {}\t{time}", marks[at], side.name));
            }
        }
    }
}

/// A file's time with nine digits behind the point.
fn fraction(time: crate::world::Time) -> String {
    let micros = crate::world::micros(time.since(crate::world::Time::default())) % 1_000_000;
    format!("{}.{micros:06}000 {}", time.strftime("%Y-%m-%d %H:%M:%S"), time.strftime("%z"))
}

/// The unified form, with `context` lines around each change.
pub fn unified(cx: &mut Cx<'_, '_>, text: &Text<'_>, hunks: &[Hunk], context: usize) {
    heading(cx, text, ["---", "+++"]);
    for group in groups(hunks, context) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let before = context.min(first.from);
        let after = context.min(text.left.len() - last.to);
        let span = |start: usize, end: usize| match end - start {
            0 => format!("{start},0"),
            1 => (start + 1).to_string(),
            count => format!("{},{count}", start + 1),
        };
        let old = span(first.from - before, last.to + after);
        let new = span(first.at - before, last.end + after);
        cx.outln(&format!("@@ -{old} +{new} @@"));
        let mut at = first.from - before;
        for hunk in group {
            (at..hunk.from).for_each(|line| put(cx, " ", text.left, line, text.a));
            (hunk.from..hunk.to).for_each(|line| put(cx, "-", text.left, line, text.a));
            (hunk.at..hunk.end).for_each(|line| put(cx, "+", text.right, line, text.b));
            at = hunk.to;
        }
        (at..last.to + after).for_each(|line| put(cx, " ", text.left, line, text.a));
    }
}

/// The context form: both sides of each change one after the other.
pub fn context(cx: &mut Cx<'_, '_>, text: &Text<'_>, hunks: &[Hunk], context: usize) {
    heading(cx, text, ["***", "---"]);
    for group in groups(hunks, context) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let before = context.min(first.from);
        let after = context.min(text.left.len() - last.to);
        let span =
            |start: usize, end: usize| if end - start <= 1 { end.to_string() } else { format!("{},{end}", start + 1) };
        cx.outln("***************");
        cx.outln(&format!("*** {} ****", span(first.from - before, last.to + after)));
        if group.iter().any(|hunk| hunk.from < hunk.to) {
            let mut at = first.from - before;
            for hunk in group {
                (at..hunk.from).for_each(|line| put(cx, "  ", text.left, line, text.a));
                let mark = if hunk.at == hunk.end { "- " } else { "! " };
                (hunk.from..hunk.to).for_each(|line| put(cx, mark, text.left, line, text.a));
                at = hunk.to;
            }
            (at..last.to + after).for_each(|line| put(cx, "  ", text.left, line, text.a));
        }
        cx.outln(&format!("--- {} ----", span(first.at - before, last.end + after)));
        if group.iter().any(|hunk| hunk.at < hunk.end) {
            let mut at = first.at - before;
            for hunk in group {
                (at..hunk.at).for_each(|line| put(cx, "  ", text.right, line, text.b));
                let mark = if hunk.from == hunk.to { "+ " } else { "! " };
                (hunk.at..hunk.end).for_each(|line| put(cx, mark, text.right, line, text.b));
                at = hunk.end;
            }
            (at..last.end + after).for_each(|line| put(cx, "  ", text.right, line, text.b));
        }
    }
}

/// Both files in two columns.
pub fn side_by_side(cx: &mut Cx<'_, '_>, text: &Text<'_>, hunks: &[Hunk]) {
    let width = text.parsed.last("width").and_then(|n| n.parse::<usize>().ok()).unwrap_or(130).clamp(10, 2000);
    // GNU's layout: the gutter begins at a tab stop, both columns are equally wide.
    let offset = (width + 8 + 3) / 16 * 8;
    let half = offset.saturating_sub(3).min(width.saturating_sub(offset));
    let offset = if half > 0 { offset } else { width };
    let row = |cx: &mut Cx<'_, '_>, left: Option<&Vec<u8>>, mark: char, right: Option<&Vec<u8>>| {
        let cut = |line: Option<&Vec<u8>>| {
            let text = line.map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
            text.chars().take(half).collect::<String>()
        };
        let (l, r) = (cut(left), cut(right));
        let mut out = l.clone();
        let mut column = l.chars().count();
        if mark != ' ' {
            move_to(&mut out, &mut column, (half + offset).saturating_sub(1) / 2);
            out.push(mark);
            column += 1;
        }
        if !r.is_empty() {
            move_to(&mut out, &mut column, offset);
        }
        out.push_str(&r);
        cx.outln(&out);
    };
    let common = !text.parsed.has("suppress");
    let mut at = 0;
    let mut other = 0;
    for hunk in hunks {
        while at < hunk.from {
            if common {
                row(cx, text.left.get(at), ' ', text.right.get(other));
            }
            (at, other) = (at + 1, other + 1);
        }
        let pairs = (hunk.to - hunk.from).max(hunk.end - hunk.at);
        for n in 0..pairs {
            let left = (hunk.from + n < hunk.to).then(|| &text.left[hunk.from + n]);
            let right = (hunk.at + n < hunk.end).then(|| &text.right[hunk.at + n]);
            let mark = match (left.is_some(), right.is_some()) {
                (true, true) => '|',
                (true, false) => '<',
                _ => '>',
            };
            row(cx, left, mark, right);
        }
        (at, other) = (hunk.to, hunk.end);
    }
    while common && at < text.left.len() {
        row(cx, text.left.get(at), ' ', text.right.get(other));
        (at, other) = (at + 1, other + 1);
    }
}

/// Moves to a column with tabs as far as they reach, then with blanks.
fn move_to(out: &mut String, column: &mut usize, to: usize) {
    while *column / 8 * 8 + 8 <= to {
        out.push('\t');
        *column = *column / 8 * 8 + 8;
    }
    while *column < to {
        out.push(' ');
        *column += 1;
    }
}
