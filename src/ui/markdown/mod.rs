//! Markdown on a terminal: wrapped to its width, no-break spaces kept, understandable without colours.

pub mod code;
mod table;

use colored::Colorize;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use crate::lesson::text::Lang;

/// A line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Stands in the coach's margin.
    Inside(String),
    /// Stands at the first column, so that copying it from the screen copies nothing else.
    Bare(String),
}

/// How a page is set.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Columns inside the margin.
    pub width: usize,
    /// Without characters that a screen reader spells out.
    pub plain: bool,
    /// The language of the few words that the page adds.
    pub lang: Lang,
}

/// `text` as lines; a line has no newline. The commands in it are numbered and added to `commands`.
pub fn typeset(text: &str, setting: &Setting, commands: &mut Vec<String>) -> Vec<Line> {
    let mut page = Page::new(setting.clone());
    page.commands = Some(std::mem::take(commands));
    page.read(text);
    *commands = page.commands.take().unwrap_or_default();
    page.lines
}

/// `text` as lines of at most `width` columns, all inside the margin, commands without numbers.
pub fn render(text: &str, width: usize) -> Vec<String> {
    let mut page = Page::new(Setting { width: width.max(20), plain: false, lang: Lang::En });
    page.read(text);
    page.lines.into_iter().map(|(Line::Inside(line) | Line::Bare(line))| line).collect()
}

/// How a word is shown.
#[derive(Clone, Copy, Default, PartialEq)]
struct Style {
    strong: bool,
    emphasis: bool,
    code: bool,
    heading: bool,
    faint: bool,
}

/// A piece of text without a space in it, and whether a space stands before it.
struct Word {
    text: String,
    style: Style,
    spaced: bool,
}

struct Page {
    setting: Setting,
    lines: Vec<Line>,
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
    /// The code block that is open: its language and its text.
    code_block: Option<(String, String)>,
    row: Vec<String>,
    table: Vec<Vec<String>>,
    /// Where links lead, by their numbers from 1.
    links: Vec<String>,
    /// The commands so far, when they are numbered.
    commands: Option<Vec<String>>,
}

impl Page {
    fn new(setting: Setting) -> Page {
        Page {
            setting,
            lines: Vec::new(),
            words: Vec::new(),
            style: Style::default(),
            space: false,
            lists: Vec::new(),
            first: String::new(),
            indent: String::new(),
            quote: false,
            code_block: None,
            row: Vec::new(),
            table: Vec::new(),
            links: Vec::new(),
            commands: None,
        }
    }

    fn read(&mut self, text: &str) {
        let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_GFM;
        for event in Parser::new_ext(text, options) {
            self.event(event);
        }
        self.end_block();
        for (n, link) in std::mem::take(&mut self.links).iter().enumerate() {
            self.push(format!("[{}] {link}", n + 1));
        }
        while self.is_after_gap() {
            self.lines.pop();
        }
    }

    fn push(&mut self, line: String) {
        self.lines.push(Line::Inside(line));
    }

    /// Whether the last line is an empty one.
    fn is_after_gap(&self) -> bool {
        matches!(self.lines.last(), Some(Line::Inside(line) | Line::Bare(line)) if line.is_empty())
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code_block {
                Some((_, block)) => block.push_str(&text),
                None => self.text(&text),
            },
            Event::Code(text) => self.inline_code(&text),
            Event::SoftBreak => self.space = true,
            Event::HardBreak => self.flush(),
            Event::Rule => {
                self.push(if self.setting.plain { String::new() } else { "─".repeat(self.setting.width.min(40)) })
            }
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
            Tag::BlockQuote(kind) => {
                self.end_block();
                self.quote = true;
                if let Some(kind) = kind {
                    self.note(kind);
                }
            }
            Tag::CodeBlock(kind) => {
                self.end_block();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code_block = Some((language, String::new()));
            }
            Tag::Link { dest_url, .. } => self.links.push(dest_url.to_string()),
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
                self.push(String::new());
            }
            TagEnd::Paragraph => {
                self.flush();
                if self.lists.is_empty() {
                    self.push(String::new());
                }
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quote = false;
            }
            TagEnd::CodeBlock => {
                let (language, text) = self.code_block.take().unwrap_or_default();
                let lines = code::block(&text, &language, &self.setting, self.commands.as_mut());
                self.lines.extend(lines);
                self.push(String::new());
            }
            TagEnd::Link => {
                let text = format!("[{}]", self.links.len());
                self.words.push(Word { text, style: self.style, spaced: false });
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.indent.clear();
                if self.lists.is_empty() {
                    self.push(String::new());
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
            TagEnd::Table => {
                let table = std::mem::take(&mut self.table);
                table::draw(table, &self.setting).into_iter().for_each(|line| self.push(line));
                self.push(String::new());
            }
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

    /// Code within a sentence; a whole command gets the number of its key.
    fn inline_code(&mut self, text: &str) {
        let style = Style { code: true, ..self.style };
        let spaced = std::mem::take(&mut self.space);
        let colours = colored::control::SHOULD_COLORIZE.should_colorize();
        let shown = if colours { text.to_owned() } else { format!("`{text}`") };
        self.words.push(Word { text: shown, style, spaced });
        let Some(commands) = self.commands.as_mut().filter(|_| code::is_command(text)) else { return };
        let number = code::number(commands, text);
        let text = if self.setting.plain { format!(" ({number})") } else { code::superscript(number) };
        self.words.push(Word { text, style: Style { faint: true, ..Style::default() }, spaced: false });
    }

    /// The title of a note.
    fn note(&mut self, kind: BlockQuoteKind) {
        use crate::ui::words;
        let title = match kind {
            BlockQuoteKind::Note => words::NOTE,
            BlockQuoteKind::Tip => words::TIP,
            BlockQuoteKind::Important => words::IMPORTANT,
            BlockQuoteKind::Warning | BlockQuoteKind::Caution => words::WARNING,
        };
        let style = Style { strong: true, ..Style::default() };
        self.words.push(Word { text: title.get(self.setting.lang), style, spaced: false });
        self.flush();
    }

    /// Ends a block: its words become lines, and an empty line follows unless there is one.
    fn end_block(&mut self) {
        self.flush();
        if !self.lines.is_empty() && !self.is_after_gap() {
            self.push(String::new());
        }
    }

    /// What stands before the lines of a quotation.
    fn bar(&self) -> &'static str {
        if self.setting.plain { "  " } else { "▌ " }
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
            prefix = format!("{}{prefix}", self.bar());
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
            if used > 0 && prefix.width() + used + gap + width > self.setting.width {
                self.push(format!("{prefix}{line}"));
                prefix = if self.quote { format!("{}{}", self.bar(), self.indent) } else { self.indent.clone() };
                (line, used) = (String::new(), 0);
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            group.iter().for_each(|w| line.push_str(&paint(w)));
            used += width;
        }
        self.push(format!("{prefix}{line}"));
    }
}

fn paint(word: &Word) -> String {
    let text = word.text.as_str();
    let style = word.style;
    if style.faint {
        text.dimmed().to_string()
    } else if style.heading {
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
