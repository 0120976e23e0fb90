//! Where lines come from: the student's terminal, or a file or pipe.

use std::io::{self, BufRead};
use std::path::Path;

use super::coach::{Heard, hear};
use super::line::{Asked, Attendant, Line, Question};
use crate::shell::is_unfinished;

/// What came from the keyboard.
pub enum Typed {
    /// A line, or several that belong together.
    Line(String),
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D, or the end of the file.
    End,
}

/// A source of lines.
pub enum Reader {
    /// A person.
    Person(Line),
    /// A file or a pipe: nothing is echoed, so what is read is shown.
    Stream,
}

/// Nobody: a line that is for the coach, while the machine waits.
struct Nobody;

impl Attendant for Nobody {
    fn answer(&mut self, question: Question) {
        drop(question);
    }

    fn tick(&mut self) -> Option<String> {
        None
    }
}

impl Reader {
    /// A reader for the standard input of this process; lines typed before come from `history`.
    pub fn new(interactive: bool, history: Option<&Path>, plain: bool) -> Reader {
        let line = interactive.then(|| Line::open(history, plain)).flatten();
        line.map_or(Reader::Stream, Reader::Person)
    }

    /// Whether a person types.
    pub fn is_person(&self) -> bool {
        matches!(self, Reader::Person(_))
    }

    /// Reads an answer to the coach after `prompt`.
    pub fn answer(&mut self, prompt: &str) -> Typed {
        let asked = Asked { prompt: (prompt.to_owned(), prompt.to_owned()), ..Asked::default() };
        self.read(asked, &mut Nobody)
    }

    /// Edits a whole text; `None` when it was left without keeping it.
    pub fn edit(&mut self, text: &str) -> Option<String> {
        let asked = Asked { begun: text.to_owned(), file: true, ..Asked::default() };
        match self.read(asked, &mut Nobody) {
            Typed::Line(text) => Some(text),
            Typed::Interrupt | Typed::End => None,
        }
    }

    /// Reads a line; `attendant` lets time pass meanwhile.
    pub fn read(&mut self, asked: Asked, attendant: &mut dyn Attendant) -> Typed {
        match self {
            Reader::Person(line) => line.read(asked, attendant),
            Reader::Stream => read_stream(&asked),
        }
    }

    /// Keeps the typed lines for the next time.
    pub fn save_history(&mut self, path: &Path) {
        if let Reader::Person(line) = self {
            line.save(path);
        }
    }
}

/// A line from a file, with those that go on with it when a shell reads.
fn read_stream(asked: &Asked) -> Typed {
    super::screen::put(&asked.prompt.1);
    let mut text = String::new();
    loop {
        let mut line = Vec::new();
        match io::stdin().lock().read_until(b'\n', &mut line) {
            Ok(0) | Err(_) if text.is_empty() => return Typed::End,
            Ok(0) | Err(_) => break,
            Ok(_) => text.push_str(&String::from_utf8_lossy(&line)),
        }
        let coach = hear(&text) != Heard::Machine;
        if coach || !asked.shell || !is_unfinished(text.trim_end_matches('\n')) {
            break;
        }
    }
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    super::screen::line(&text);
    Typed::Line(text)
}
