//! Markdown on a terminal: wrapped to its width, no-break spaces kept, understandable without colours.

use colored::Colorize;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

/// `text` as lines of at most `width` columns; a line has no newline.
pub fn render(text: &str, width: usize) -> Vec<String> {
    let mut page = Page { width: width.max(20), ..Page::default() };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES) {
        page.event(event);
    }
    page.end_block();
    while page.lines.last().is_some_and(String::is_empty) {
        page.lines.pop();
    }
    page.lines
}

/// How a word is shown.
#[derive(Clone, Copy, Default, PartialEq)]
struct Style {
    strong: bool,
    emphasis: bool,
    code: bool,
    heading: bool,
}

/// A piece of text without a space in it, and whether a space stands before it.
struct Word {
    text: String,
    style: Style,
    spaced: bool,
}

#[derive(Default)]
struct Page {
    width: usize,
    lines: Vec<String>,
    words: Vec<Word>,
    style: Style,
    /// A space was seen since the last word.
    space: bool,
    /// For each open list: the number of its next item, or none for bullets.
    lists: Vec<Option<u64>>,
    /// What stands before the first line of the block, and before the others.
    first: String,
    indent: String,
    quote: bool,
    code_block: Option<String>,
    row: Vec<String>,
    table: Vec<Vec<String>>,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code_block {
                Some(block) => block.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) => {
                let style = Style { code: true, ..self.style };
                let spaced = std::mem::take(&mut self.space);
                let shown = if colored::control::SHOULD_COLORIZE.should_colorize() {
                    text.into_string()
                } else {
                    format!("`{text}`")
                };
                self.words.push(Word { text: shown, style, spaced });
            }
            Event::SoftBreak => self.space = true,
            Event::HardBreak => self.flush(),
            Event::Rule => self.lines.push("─".repeat(self.width.min(40))),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.end_block();
                self.style.heading = true;
            }
            Tag::Paragraph => {}
            Tag::BlockQuote(_) => {
                self.end_block();
                self.quote = true;
            }
            Tag::CodeBlock(kind) => {
                self.end_block();
                let _ = matches!(kind, CodeBlockKind::Fenced(_));
                self.code_block = Some(String::new());
            }
            Tag::List(number) => {
                self.flush();
                self.lists.push(number);
            }
            Tag::Item => self.item(),
            Tag::Strong => self.style.strong = true,
            Tag::Emphasis => self.style.emphasis = true,
            Tag::Table(_) => {
                self.end_block();
                self.table.clear();
            }
            Tag::TableHead | Tag::TableRow => self.row.clear(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.flush();
                self.style.heading = false;
                self.lines.push(String::new());
            }
            TagEnd::Paragraph => {
                self.flush();
                if self.lists.is_empty() {
                    self.lines.push(String::new());
                }
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quote = false;
            }
            TagEnd::CodeBlock => self.code(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.indent.clear();
                if self.lists.is_empty() {
                    self.lines.push(String::new());
                }
            }
            TagEnd::Item => self.flush(),
            TagEnd::Strong => self.style.strong = false,
            TagEnd::Emphasis => self.style.emphasis = false,
            TagEnd::TableCell => {
                let cell: String =
                    self.words.drain(..).map(|w| if w.spaced { format!(" {}", w.text) } else { w.text }).collect();
                self.row.push(cell.trim().to_owned());
                self.space = false;
            }
            TagEnd::TableHead | TagEnd::TableRow => self.table.push(std::mem::take(&mut self.row)),
            TagEnd::Table => self.draw_table(),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.flush();
        let depth = "  ".repeat(self.lists.len().saturating_sub(1));
        let bullet = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        };
        self.indent = format!("{depth}{}", " ".repeat(bullet.width()));
        self.first = format!("{depth}{bullet}");
    }

    fn text(&mut self, text: &str) {
        for (n, piece) in text.split(' ').enumerate() {
            if n > 0 {
                self.space = true;
            }
            if !piece.is_empty() {
                let spaced = std::mem::take(&mut self.space);
                self.words.push(Word { text: piece.to_owned(), style: self.style, spaced });
            }
        }
    }

    fn code(&mut self) {
        for line in self.code_block.take().unwrap_or_default().lines() {
            self.lines.push(format!("    {}", line.cyan()));
        }
        self.lines.push(String::new());
    }

    fn draw_table(&mut self) {
        let columns = self.table.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|c| self.table.iter().filter_map(|row| row.get(c)).map(|cell| cell.width()).max().unwrap_or(0))
            .collect();
        for (n, row) in std::mem::take(&mut self.table).into_iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())))
                .collect();
            let line = cells.join("  ").trim_end().to_owned();
            self.lines.push(if n == 0 { line.bold().to_string() } else { line });
        }
        self.lines.push(String::new());
    }

    /// Ends a block: its words become lines, and an empty line follows unless there is one.
    fn end_block(&mut self) {
        self.flush();
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    /// Wraps the words collected so far.
    fn flush(&mut self) {
        self.space = false;
        if self.words.is_empty() {
            return;
        }
        let (mut line, mut used) = (String::new(), 0);
        let mut prefix = if self.first.is_empty() { self.indent.clone() } else { std::mem::take(&mut self.first) };
        if self.quote {
            prefix = format!("▌ {prefix}");
        }
        let words = std::mem::take(&mut self.words);
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            // What hangs together without a space is not torn apart.
            let mut group = vec![word];
            while let Some(next) = rest.next_if(|next| !next.spaced) {
                group.push(next);
            }
            let width: usize = group.iter().map(|w| w.text.width()).sum();
            let gap = usize::from(used > 0);
            if used > 0 && prefix.width() + used + gap + width > self.width {
                self.lines.push(format!("{prefix}{line}"));
                prefix = if self.quote { format!("▌ {}", self.indent) } else { self.indent.clone() };
                (line, used) = (String::new(), 0);
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            group.iter().for_each(|w| line.push_str(&paint(w)));
            used += width;
        }
        self.lines.push(format!("{prefix}{line}"));
    }
}

fn paint(word: &Word) -> String {
    let text = word.text.as_str();
    let style = word.style;
    if style.heading {
        text.bold().to_string()
    } else if style.code {
        text.cyan().to_string()
    } else if style.strong {
        text.bold().to_string()
    } else if style.emphasis {
        text.italic().to_string()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::render;

    fn plain(text: &str, width: usize) -> String {
        colored::control::set_override(false);
        render(text, width).join("\n")
    }

    #[test]
    fn paragraphs_wrap_at_spaces_but_not_at_no_break_spaces() {
        assert_eq!(plain("un deux trois\u{a0}!", 24), "un deux trois\u{a0}!");
        assert_eq!(plain("mots mots mots mots trois\u{a0}!", 25), "mots mots mots mots\ntrois\u{a0}!");
    }

    #[test]
    fn lists_hang_and_code_stands_apart() {
        let text = "Do:\n\n- one `ls`, then two words more\n- two\n\n```\nls -l\n```\n";
        assert_eq!(plain(text, 24), "Do:\n\n• one `ls`, then two\n  words more\n• two\n\n    ls -l");
    }

    #[test]
    fn tables_line_up() {
        assert_eq!(plain("| a | b |\n|---|---|\n| long | c |\n", 40), "a     b\nlong  c");
    }
}
