//! Lays the table of `ps` out: widths, headings, and the terminal's edge.

use super::columns::{Align, Column, Look};
use super::forest::Row;
use super::parse::Request;

/// The table as text. `width` is the terminal's, `None` when nothing is cut.
pub fn table(look: &Look<'_>, request: &Request, rows: &[Row<'_>], width: Option<usize>) -> String {
    let mut out = String::new();
    let titled = request.columns.iter().any(|(_, title)| !title.is_empty());
    if titled && !request.no_headers {
        let cells: Vec<String> = request.columns.iter().map(|(_, title)| title.clone()).collect();
        out.push_str(&line(&request.columns, &cells, None, true));
    }
    for row in rows {
        let cells: Vec<String> = request
            .columns
            .iter()
            .map(|(column, _)| {
                let text = (column.text)(look, row.process);
                if column.is_command { format!("{}{text}", row.prefix) } else { text }
            })
            .collect();
        out.push_str(&line(&request.columns, &cells, width, false));
    }
    out
}

fn line(columns: &[(&'static Column, String)], cells: &[String], limit: Option<usize>, heading: bool) -> String {
    let mut out = String::new();
    let mut length = 0;
    for (at, ((column, title), cell)) in columns.iter().zip(cells).enumerate() {
        let last = at + 1 == columns.len();
        let width = column.width.max(title.chars().count());
        if at > 0 {
            out.push(' ');
            length += 1;
        }
        let mut text: String = match column.align {
            Align::Right => format!("{cell:>width$}"),
            Align::Left if last => cell.clone(),
            Align::Left => format!("{:<width$}", cell.chars().take(width).collect::<String>()),
        };
        // A number that is too wide eats into the blanks that follow, as procps lets it.
        if let Some(limit) = limit.filter(|_| last && !heading) {
            text = text.chars().take(limit.saturating_sub(length).max(1)).collect();
        }
        length += text.chars().count();
        out.push_str(&text);
    }
    out.push('\n');
    out
}
