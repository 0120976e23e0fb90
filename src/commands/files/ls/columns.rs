//! Names in columns, as wide as the terminal: ls(1) `-C -x -m`.

use super::color::Colors;
use super::entry::Entry;
use super::settings::{Format, Settings};
use crate::world::Cx;

/// The least width of a column: one letter and two blanks.
const LEAST: usize = 3;

pub(super) fn print(cx: &mut Cx<'_, '_>, set: &Settings, paint: &mut Colors, entries: &[Entry]) {
    let pad = set.format != Format::Commas && set.pads(entries);
    let width = set.prefix_width(entries);
    let cells: Vec<(String, usize)> = entries.iter().map(|entry| set.cell(paint, entry, width, pad)).collect();
    if cells.is_empty() {
        return;
    }
    if set.format == Format::Commas {
        return commas(cx, &cells, set.width);
    }
    let down = set.format == Format::Down;
    let (columns, widths) = layout(&cells, set.width, down);
    let rows = cells.len().div_ceil(columns);
    for row in 0..rows {
        let (mut line, mut at) = (String::new(), 0);
        let mut start = 0;
        for (column, width) in widths.iter().enumerate() {
            let index = if down { column * rows + row } else { row * columns + column };
            let Some((text, shown)) = cells.get(index) else { break };
            indent(&mut line, at, start, !paint.on());
            line.push_str(text);
            at = start + shown;
            start += width;
        }
        cx.outln(&line);
    }
}

/// As many columns as fit, and how wide each is.
fn layout(cells: &[(String, usize)], width: usize, down: bool) -> (usize, Vec<usize>) {
    let most = if width == 0 { cells.len() } else { (width / LEAST).max(1) };
    for columns in (2..=most.min(cells.len())).rev() {
        let rows = cells.len().div_ceil(columns);
        let mut widths = vec![LEAST; columns];
        for (index, (_, shown)) in cells.iter().enumerate() {
            let column = if down { index / rows } else { index % columns };
            let gap = if column + 1 == columns { 0 } else { 2 };
            widths[column] = widths[column].max(shown + gap);
        }
        if width == 0 || widths.iter().sum::<usize>() < width {
            let used = if down { cells.len().div_ceil(rows) } else { columns };
            return (columns, widths[..used].to_vec());
        }
    }
    (1, vec![0])
}

/// Goes from one column of the line to another, with tabs where they reach.
fn indent(line: &mut String, mut from: usize, to: usize, tabs: bool) {
    while from < to {
        if tabs && to / 8 > (from + 1) / 8 {
            line.push('\t');
            from += 8 - from % 8;
        } else {
            line.push(' ');
            from += 1;
        }
    }
}

fn commas(cx: &mut Cx<'_, '_>, cells: &[(String, usize)], width: usize) {
    let (mut out, mut at) = (String::new(), 0);
    for (index, (text, shown)) in cells.iter().enumerate() {
        if index > 0 {
            if width == 0 || at + shown + 2 < width {
                out.push_str(", ");
                at += 2;
            } else {
                out.push_str(",\n");
                at = 0;
            }
        }
        out.push_str(text);
        at += shown;
    }
    cx.outln(&out);
}
