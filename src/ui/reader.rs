//! Where lines come from: the student's terminal through rustyline, or a file or pipe.

use std::cell::RefCell;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::rc::Rc;

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::coach::{Heard, WORDS, hear};
use crate::lesson::student::Student;
use crate::shell::complete::complete;
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
    Person(Box<Editor<Assistant, FileHistory>>),
    /// A file or a pipe: nothing is echoed, so what is read is shown.
    Stream,
}

/// What completion and validation look at: a copy of the machine at the prompt, or nothing at a question.
#[derive(Clone, Default)]
pub struct Assistant {
    student: Rc<RefCell<Option<Student>>>,
}

impl Reader {
    /// A reader for the standard input of this process; lines typed before come from `history`.
    pub fn new(interactive: bool, history: Option<&Path>) -> Reader {
        if !interactive {
            return Reader::Stream;
        }
        let config = Config::builder().completion_type(CompletionType::List).auto_add_history(false).build();
        match Editor::with_config(config) {
            Ok(mut editor) => {
                editor.set_helper(Some(Assistant::default()));
                if let Some(path) = history {
                    let _ = editor.load_history(path);
                }
                Reader::Person(Box::new(editor))
            }
            Err(_) => Reader::Stream,
        }
    }

    /// Whether a person types.
    pub fn is_person(&self) -> bool {
        matches!(self, Reader::Person(_))
    }

    /// Reads a line after `prompt`. `student`: whose machine completes it; `None` for an answer to the coach.
    pub fn read(&mut self, prompt: &str, student: Option<&Student>) -> Typed {
        match self {
            Reader::Person(editor) => {
                if let Some(helper) = editor.helper() {
                    *helper.student.borrow_mut() = student.cloned();
                }
                match editor.readline(prompt) {
                    Ok(line) => {
                        if student.is_some() && !line.trim().is_empty() {
                            let _ = editor.add_history_entry(&line);
                        }
                        Typed::Line(line)
                    }
                    Err(ReadlineError::Interrupted) => Typed::Interrupt,
                    Err(_) => Typed::End,
                }
            }
            Reader::Stream => read_stream(prompt, student.is_some_and(at_shell)),
        }
    }

    /// Keeps the typed lines for the next time.
    pub fn save_history(&mut self, path: &Path) {
        if let Reader::Person(editor) = self {
            let _ = editor.save_history(path);
        }
    }
}

/// A line from a file, with those that go on with it when a shell reads.
fn read_stream(prompt: &str, shell: bool) -> Typed {
    super::screen::put(prompt);
    let _ = io::stdout().flush();
    let mut text = String::new();
    loop {
        let mut line = Vec::new();
        match io::stdin().lock().read_until(b'\n', &mut line) {
            Ok(0) | Err(_) if text.is_empty() => return Typed::End,
            Ok(0) | Err(_) => break,
            Ok(_) => text.push_str(&String::from_utf8_lossy(&line)),
        }
        let coach = matches!(hear(&text), Heard::Word(..) | Heard::Unknown(..));
        if coach || !shell || !is_unfinished(text.trim_end_matches('\n')) {
            break;
        }
    }
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    super::screen::line(&text);
    Typed::Line(text)
}

/// Whether the shell itself waits for a new command.
fn at_shell(student: &Student) -> bool {
    student.is_at_shell()
}

impl Helper for Assistant {}
impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let student = self.student.borrow();
        let Some(student) = student.as_ref().filter(|s| at_shell(s)) else { return Ok(ValidationResult::Valid(None)) };
        let _ = student;
        let input = context.input();
        let done = hear(input) != Heard::Machine || !is_unfinished(input);
        Ok(if done { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..pos).unwrap_or_default();
        if before.starts_with(':') {
            let words = WORDS.iter().filter(|w| w.1.starts_with(before));
            let pairs = words.map(|w| Pair { display: w.1.into(), replacement: format!("{} ", w.1) });
            return Ok((0, pairs.collect()));
        }
        let mut student = self.student.borrow_mut();
        let Some(student) = student.as_mut() else { return Ok((pos, Vec::new())) };
        let Some(shell) = student.shell() else { return Ok((pos, Vec::new())) };
        let (start, found) = complete(&mut student.vps, shell, before);
        let pairs = found.into_iter().map(|c| Pair { display: c.shown, replacement: c.text });
        Ok((start, pairs.collect()))
    }
}
