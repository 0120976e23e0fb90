//! The tables of systemd's tools: columns as wide as their cells, squeezed with an ellipsis when the terminal is too
//! narrow. Obeyed: the output of systemctl(1), `list-units` and its kin.

use std::iter::repeat_n;

/// A table whose first row is its header.
pub struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    hidden: Vec<usize>,
    right: Vec<usize>,
    /// Whether the header is printed.
    pub show_header: bool,
    /// Columns of the terminal, if the table is to fit into it.
    pub width: Option<usize>,
}

impl Table {
    /// An empty table.
    pub fn new(header: &[&'static str]) -> Self {
        Table {
            header: header.to_vec(),
            rows: Vec::new(),
            hidden: Vec::new(),
            right: Vec::new(),
            show_header: true,
            width: None,
        }
    }

    /// Adds a row; it has as many cells as the header. An empty cell is printed as `-`, a blank stays blank.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// A column is not printed.
    pub fn hide(&mut self, column: usize) {
        self.hidden.push(column);
    }

    /// A column is aligned to the right.
    pub fn align_right(&mut self, column: usize) {
        self.right.push(column);
    }

    /// How many rows it has below the header.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The lines, each with its newline, without trailing blanks.
    pub fn print(&self) -> String {
        let shown: Vec<usize> = (0..self.header.len()).filter(|column| !self.hidden.contains(column)).collect();
        let header: Vec<String> =
            self.header.iter().map(|name| if name.is_empty() { " ".to_owned() } else { name.to_uppercase() }).collect();
        let head = self.show_header.then_some(&header);
        let lines: Vec<Vec<&str>> = head
            .into_iter()
            .chain(&self.rows)
            .map(|row| shown.iter().map(|column| cell(row, *column)).collect())
            .collect();
        let requested: Vec<usize> =
            (0..shown.len()).map(|j| lines.iter().map(|line| columns_of(line[j])).max().unwrap_or(0)).collect();
        let widths = fit(&requested, self.width);
        let mut out = String::new();
        for line in &lines {
            let mut text = String::new();
            for (j, cell) in line.iter().enumerate() {
                let cell = ellipsize(cell, widths[j], 100);
                let pad = widths[j].saturating_sub(columns_of(&cell));
                if j > 0 {
                    text.push(' ');
                }
                if self.right.contains(&shown[j]) {
                    text.extend(repeat_n(' ', pad));
                    text.push_str(&cell);
                } else {
                    text.push_str(&cell);
                    text.extend(repeat_n(' ', pad));
                }
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        out
    }
}

fn cell(row: &[String], column: usize) -> &str {
    match row.get(column).map_or("", String::as_str) {
        "" => "-",
        text => text,
    }
}

/// The columns a text takes on a terminal; one a character.
pub fn columns_of(text: &str) -> usize {
    text.chars().count()
}

/// The width each column gets: what it asks for, or its share of the room above one character each.
fn fit(requested: &[usize], width: Option<usize>) -> Vec<usize> {
    let gaps = requested.len().saturating_sub(1);
    let wanted = requested.iter().sum::<usize>() + gaps;
    let Some(width) = width.filter(|width| *width < wanted) else { return requested.to_vec() };
    let mut extra = width.saturating_sub(requested.len() + gaps);
    let mut result: Vec<Option<usize>> = vec![None; requested.len()];
    let mut open = requested.len();
    let mut last_round = false;
    loop {
        let mut again = false;
        for j in 0..requested.len() {
            if result[j].is_some() {
                continue;
            }
            let mut share = 1 + extra / open;
            if share >= requested[j] {
                share = requested[j];
                again = true;
            } else if !last_round {
                continue;
            }
            result[j] = Some(share);
            extra -= share.saturating_sub(1).min(extra);
            open -= 1;
            if again && !last_round {
                break;
            }
        }
        if last_round || open == 0 {
            return result.into_iter().map(|width| width.unwrap_or(1)).collect();
        }
        if !again {
            last_round = true;
        }
    }
}

/// A text shortened to `width` columns with `…` in it, `percent` of what remains before the ellipsis.
pub fn ellipsize(text: &str, width: usize, percent: usize) -> String {
    let length = columns_of(text);
    if length <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    let keep = width - 1;
    let before = ((keep * percent.min(100) + 50) / 100).min(keep);
    let after = keep - before;
    let head: String = text.chars().take(before).collect();
    let tail: String = text.chars().skip(length - after).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(width: Option<usize>) -> String {
        let mut table = Table::new(&["", "unit", "load", "active", "sub", "description"]);
        table.width = width;
        for (dot, name, state, text) in [(" ", "a@0.service", "active", "An a"), ("●", "b.service", "failed", "")] {
            table.row([dot, name, "loaded", state, "x", text].map(str::to_owned).to_vec());
        }
        table.print()
    }

    #[test]
    fn columns_are_as_wide_as_their_cells() {
        assert_eq!(
            units(None),
            "  UNIT        LOAD   ACTIVE SUB DESCRIPTION\n  a@0.service loaded active x   An a\n● b.service   loaded failed x   -\n"
        );
    }

    #[test]
    fn a_narrow_terminal_squeezes_the_widest_columns() {
        let text = units(Some(36));
        assert!(text.lines().all(|line| columns_of(line) <= 36), "{text}");
        assert!(text.contains("a@0.se…"), "{text}");
    }

    #[test]
    fn an_ellipsis_stands_where_it_is_told() {
        assert_eq!(ellipsize("abcdefghij", 5, 100), "abcd…");
        assert_eq!(ellipsize("abcdefghij", 5, 50), "ab…ij");
        assert_eq!(ellipsize("abc", 3, 100), "abc");
        assert_eq!(ellipsize("abc", 0, 100), "");
    }
}
