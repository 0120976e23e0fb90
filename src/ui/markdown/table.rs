//! A table on a terminal: columns side by side where they fit, one row after another where they do not.

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::Setting;

/// The lines of a table; its first row is its head.
pub fn draw(table: Vec<Vec<String>>, setting: &Setting) -> Vec<String> {
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let cell_width = |c: usize| table.iter().filter_map(|row| row.get(c)).map(|cell| shown(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(cell_width).collect();
    let whole = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
    if setting.plain || whole > setting.width {
        return one_by_one(&table);
    }
    let mut lines = Vec::new();
    for (n, row) in table.iter().enumerate() {
        let pad = |(cell, width): (&String, &usize)| format!("{cell}{}", " ".repeat(width.saturating_sub(shown(cell))));
        let cells: Vec<String> = row.iter().zip(&widths).map(pad).collect();
        let line = cells.join("  ").trim_end().to_owned();
        lines.push(if n == 0 { line.bold().to_string() } else { line });
    }
    lines
}

/// How wide a cell is on the screen.
fn shown(cell: &str) -> usize {
    crate::shell::console::plain(cell).width()
}

/// Each row as `head: cell` lines, for narrow terminals and for ears.
fn one_by_one(table: &[Vec<String>]) -> Vec<String> {
    let Some((head, rows)) = table.split_first() else { return Vec::new() };
    let mut lines = Vec::new();
    for row in rows {
        for (name, cell) in head.iter().zip(row) {
            lines.push(if name.is_empty() { cell.clone() } else { format!("{name}: {cell}") });
        }
        lines.push(String::new());
    }
    lines.pop();
    lines
}
