//! The characters that a parser reads: its text, and on top of it the text of aliases being expanded: bash(1), ALIASES.

use std::sync::Arc;

/// Text of an alias, read before what follows in the text.
#[derive(Clone, Debug)]
struct Frame {
    name: Arc<str>,
    text: Arc<str>,
    pos: usize,
    /// The text ends in a blank.
    next: bool,
}

/// Where reading may be resumed.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pos: usize,
    line: u32,
    frames: Vec<Frame>,
    raw: usize,
    newline_added: bool,
}

/// Characters with a short look-ahead, and a record of those read.
#[derive(Debug)]
pub(super) struct Source<'a> {
    text: &'a str,
    pos: usize,
    line: u32,
    frames: Vec<Frame>,
    newline_added: bool,
    /// What was read so far, as bash would print it.
    pub(super) raw: String,
    /// The text ended after a backslash and a newline: a further line belongs to it.
    pub(super) continues: bool,
    /// The text of an alias that ends in a blank was just left: the next word may be an alias too.
    pub(super) alias_next: bool,
}

impl<'a> Source<'a> {
    /// Reads `text` from byte `pos`, which is on line `line`.
    pub(super) fn new(text: &'a str, pos: usize, line: u32) -> Self {
        let pos = if text.is_char_boundary(pos) { pos.min(text.len()) } else { text.len() };
        Self {
            text,
            pos,
            line,
            frames: Vec::new(),
            newline_added: false,
            raw: String::new(),
            continues: false,
            alias_next: false,
        }
    }

    /// The same, but a text that does not end in a newline is read without one.
    pub(super) fn exact(text: &'a str, line: u32) -> Self {
        Self { newline_added: true, ..Self::new(text, 0, line) }
    }

    /// Byte offset in the text.
    pub(super) fn pos(&self) -> usize {
        self.pos
    }

    /// Line number, from that of the beginning.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// The next character after any backslash-newline. A text that does not end in a newline is read as if it did.
    pub(super) fn peek(&mut self) -> Option<char> {
        while self.nth(0) == Some('\\') && self.nth(1) == Some('\n') && !self.newline_is_added(1) {
            self.skip();
            self.skip();
            if self.frames.is_empty() && self.pos >= self.text.len() {
                self.continues = true;
                self.newline_added = true;
            }
        }
        self.nth(0)
    }

    /// The character `n` places ahead, backslash-newline not removed.
    pub(super) fn nth(&self, mut n: usize) -> Option<char> {
        for frame in self.frames.iter().rev() {
            for c in frame.text[frame.pos..].chars() {
                if n == 0 {
                    return Some(c);
                }
                n -= 1;
            }
        }
        for c in self.text[self.pos..].chars() {
            if n == 0 {
                return Some(c);
            }
            n -= 1;
        }
        (n == 0 && self.lacks_newline()).then_some('\n')
    }

    fn lacks_newline(&self) -> bool {
        !self.newline_added && self.lacks_final_newline()
    }

    fn lacks_final_newline(&self) -> bool {
        !self.text.is_empty() && !self.text.ends_with('\n')
    }

    /// Whether the newline `n` bytes ahead is not in the text.
    fn newline_is_added(&self, n: usize) -> bool {
        self.frames.is_empty() && self.pos + n >= self.text.len()
    }

    /// Takes the next character and records it.
    pub(super) fn advance(&mut self) -> Option<char> {
        let c = self.skip()?;
        self.raw.push(c);
        Some(c)
    }

    /// Takes the next character without a record of it.
    pub(super) fn skip(&mut self) -> Option<char> {
        while let Some(frame) = self.frames.last_mut() {
            if let Some(c) = frame.text[frame.pos..].chars().next() {
                frame.pos += c.len_utf8();
                return Some(c);
            }
            self.alias_next |= frame.next;
            self.frames.pop();
        }
        match self.text[self.pos..].chars().next() {
            Some(c) => {
                self.pos += c.len_utf8();
                if c == '\n' {
                    self.line += 1;
                }
                Some(c)
            }
            None if self.lacks_newline() => {
                self.newline_added = true;
                self.line += 1;
                Some('\n')
            }
            None => None,
        }
    }

    /// Takes the next character if it is `c`.
    pub(super) fn accept(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.advance();
        }
        found
    }

    /// The rest of the line without its newline, or nothing at the end of the text. Backslash-newline is kept.
    pub(super) fn take_line(&mut self) -> Option<String> {
        self.nth(0)?;
        let mut line = String::new();
        while let Some(c) = self.skip() {
            if c == '\n' {
                break;
            }
            line.push(c);
        }
        Some(line)
    }

    /// Whether the alias is being expanded at this place.
    pub(super) fn expanding(&self, name: &str) -> bool {
        self.frames.iter().any(|frame| &*frame.name == name && frame.pos < frame.text.len())
    }

    /// Reads the text of an alias before what follows. bash puts a blank after it.
    pub(super) fn push_alias(&mut self, name: &str, text: &str) {
        self.frames.retain(|frame| frame.pos < frame.text.len());
        self.frames.push(Frame {
            name: name.into(),
            text: format!("{text} ").into(),
            pos: 0,
            next: text.ends_with([' ', '\t']),
        });
    }

    /// Whether `c` comes before the end of the text; the place is then its byte offset. Not known within an alias.
    pub(super) fn find(&self, c: char) -> Option<usize> {
        if self.frames.iter().any(|frame| frame.pos < frame.text.len()) {
            return Some(self.pos);
        }
        self.text[self.pos..].find(c).map(|at| self.pos + at)
    }

    /// The line of the text with this number, without its newline; `pos` is a place on it or after it.
    pub(super) fn line_text(&self, line: u32) -> String {
        let mut end = self.pos;
        let current = self.line - u32::from(self.newline_added && self.lacks_final_newline());
        for _ in line..current {
            end = self.text[..end].rfind('\n').unwrap_or(0);
        }
        let start = self.text[..end].rfind('\n').map_or(0, |at| at + 1);
        self.text[start..].lines().next().unwrap_or("").to_string()
    }

    /// A place to come back to.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            pos: self.pos,
            line: self.line,
            frames: self.frames.clone(),
            raw: self.raw.len(),
            newline_added: self.newline_added,
        }
    }

    /// Comes back.
    pub(super) fn reset(&mut self, mark: Mark) {
        self.pos = mark.pos;
        self.line = mark.line;
        self.frames = mark.frames;
        self.raw.truncate(mark.raw);
        self.newline_added = mark.newline_added;
    }
}
