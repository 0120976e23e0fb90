//! The look of a Symfony console: blocks, comments, tables, errors: SymfonyStyle.

use crate::world::Sys;

/// Where and how a console prints.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Columns of a line.
    pub width: usize,
    /// Whether colours are used.
    pub colours: bool,
}

/// The widest line that Symfony draws.
const WIDEST: usize = 120;
/// The width when nobody knows.
const UNKNOWN: usize = 80;

impl Style {
    /// The style for a descriptor of this process.
    pub fn of(sys: &Sys<'_>, fd: u32, argv: &[String]) -> Style {
        let columns = sys.tty_of(0).and_then(|tty| sys.world.terminals.get(&tty)).map(|t| usize::from(t.columns));
        let given = sys.getenv("COLUMNS").and_then(|c| c.parse().ok());
        let width = given.or(columns).filter(|w| *w > 10).unwrap_or(UNKNOWN).min(WIDEST);
        let has = |option: &str| argv.iter().any(|a| a == option);
        let colours = (sys.isatty(fd) || has("--ansi")) && !has("--no-ansi");
        Style { width, colours }
    }

    /// ` [OK] text`, as a block.
    pub fn success(&self, text: &str) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (at, line) in wrap(text, self.width.saturating_sub(6)).into_iter().enumerate() {
            let lead = if at == 0 { " [OK] " } else { "      " };
            lines.push(format!("{lead}{line}"));
        }
        if self.colours {
            lines.insert(0, String::new());
            lines.push(String::new());
        }
        let width = self.width;
        let padded = lines.iter().map(|line| format!("{line:<width$}"));
        let painted = padded
            .map(|line| if self.colours { format!("\x1b[30;42m{line}\x1b[39;49m\n") } else { format!("{line}\n") });
        format!("{}\n", painted.collect::<String>())
    }

    /// ` [ERROR] text`, as a block.
    pub fn failure(&self, text: &str) -> String {
        let width = self.width;
        let lines = wrap(text, width.saturating_sub(9)).into_iter().enumerate();
        let lines = lines.map(|(at, line)| format!("{}{line}", if at == 0 { " [ERROR] " } else { "         " }));
        format!("{}\n", lines.map(|line| format!("{line:<width$}\n")).collect::<String>())
    }

    /// ` // text`, as a block.
    pub fn comment(&self, text: &str) -> String {
        let width = self.width.saturating_sub(4);
        let lead = if self.colours { "\x1b[39;49m // \x1b[39;49m" } else { " // " };
        let lines = wrap(text, width).into_iter().map(|line| format!("{lead}{line:<width$}\n"));
        format!("{}\n", lines.collect::<String>())
    }

    /// An error as the console renders it; `place` for what is not the user's mistake, `usage` of the running command.
    pub fn error(&self, text: &str, place: Option<&str>, usage: Option<&str>) -> String {
        let width = text.lines().map(|l| l.chars().count()).max().unwrap_or(0).min(self.width.saturating_sub(4)) + 4;
        let mut lines = vec![String::new()];
        for line in text.lines().flat_map(|line| wrap(line, width - 4)) {
            lines.push(format!("  {line}"));
        }
        lines.push(String::new());
        let painted = lines.iter().map(|line| match self.colours {
            true => format!("\x1b[37;41m{line:<width$}\x1b[39;49m\n"),
            false => format!("{line:<width$}\n"),
        });
        let place = place.map_or(String::new(), |place| format!("In {place}:\n"));
        let usage = usage.map_or(String::new(), |usage| format!("{usage}\n\n"));
        format!("\n{place}{}\n{usage}", painted.collect::<String>())
    }

    /// A table of any number of columns; without headings there is no line for them.
    pub fn rows(&self, headings: &[&str], rows: &[Vec<String>]) -> String {
        let columns = rows.iter().map(Vec::len).chain([headings.len()]).max().unwrap_or(0);
        let width = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
            cells.chain(headings.get(at).map(|h| h.chars().count())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let rule = format!(" {} \n", widths.iter().map(|w| "-".repeat(w + 2)).collect::<Vec<_>>().join(" "));
        let line = |cells: Vec<&str>| {
            let cells: Vec<String> = cells.iter().zip(&widths).map(|(c, w)| format!("{c:<w$}")).collect();
            format!("  {}  \n", cells.join("   "))
        };
        let body: String = rows.iter().map(|row| line(row.iter().map(String::as_str).collect())).collect();
        let head = if headings.is_empty() { String::new() } else { format!("{rule}{}", line(headings.to_vec())) };
        format!("{head}{rule}{body}{rule}\n")
    }

    /// A table with a heading.
    pub fn table(&self, heading: [&str; 2], rows: &[[String; 2]]) -> String {
        let width = |at: usize| {
            let cells = rows.iter().map(|row| row[at].chars().count());
            cells.chain([heading[at].chars().count()]).max().unwrap_or(0)
        };
        let (first, second) = (width(0), width(1));
        let rule = format!(" {} {} \n", "-".repeat(first + 2), "-".repeat(second + 2));
        let line = |a: &str, b: &str| format!("  {a:<first$}   {b:<second$}  \n");
        let body: String = rows.iter().map(|[a, b]| line(a, b)).collect();
        format!("{rule}{}{rule}{body}{rule}\n", line(heading[0], heading[1]))
    }
}

/// Breaks text at blanks into lines of at most `width` letters; longer words are cut.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let used = lines.last().map_or(0, |l| l.chars().count());
        if used > 0 && used + 1 + word.len() <= width {
            if let Some(last) = lines.last_mut() {
                last.push(' ');
                last.extend(&word);
            }
            continue;
        }
        if used > 0 {
            lines.push(String::new());
        }
        while word.len() > width {
            let rest = word.split_off(width);
            if let Some(last) = lines.last_mut() {
                last.extend(&word);
            }
            lines.push(String::new());
            word = rest;
        }
        if let Some(last) = lines.last_mut() {
            last.extend(&word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_fill_the_line() {
        let style = Style { width: 30, colours: false };
        assert_eq!(style.success("Done."), format!("{:<30}\n\n", " [OK] Done."));
        let comment = style.comment("The worker will automatically exit");
        assert_eq!(comment, format!("{:<30}\n{:<30}\n\n", " // The worker will", " // automatically exit"));
    }

    #[test]
    fn errors_stand_in_a_box() {
        let style = Style { width: 80, colours: false };
        assert_eq!(style.error("Oh no", None, None), "\n         \n  Oh no  \n         \n\n");
    }
}
