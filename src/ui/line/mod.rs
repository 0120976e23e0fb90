//! The student's line: rustyline in a thread of its own, so that the machine goes on while somebody types.
//!
//! The machine never leaves its thread. What the editor must know of it (is this a command, how can this word go on) it
//! asks through a channel; whoever reads a line answers, and lets time pass between two questions.

mod assistant;
mod keys;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor, ExternalPrinter};

use assistant::{Assistant, Scene};

use super::reader::Typed;
use crate::shell::complete::Candidate;
use crate::shell::marks::Piece;

/// How often the machine's time goes on while a line is typed.
const TICK: Duration = Duration::from_millis(100);

/// What the editor asks while a line is typed.
pub enum Question {
    /// How can the text before the cursor go on: where the word begins, and the candidates.
    Complete(String, Sender<(usize, Vec<Candidate>)>),
    /// What are the pieces of this line, and is each name of a command known?
    Paint(String, Sender<Vec<(Piece, bool)>>),
    /// What can be said of the line that is begun: what the command takes.
    Usage(String, Sender<Option<String>>),
}

/// Whoever knows the machine while a line is typed.
pub trait Attendant {
    /// Answers.
    fn answer(&mut self, question: Question);
    /// Lets time pass; what is to be shown above the line, if anything.
    fn tick(&mut self) -> Option<String>;
}

/// How a line is to be read.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The prompt as it is measured, and as it is shown.
    pub prompt: (String, String),
    /// What stands on the line already.
    pub begun: String,
    /// A shell reads it: it goes on while it is incomplete, and is kept in the history.
    pub shell: bool,
    /// A whole file is edited: Enter is a new line, Ctrl-S keeps it, Ctrl-C leaves it.
    pub file: bool,
    /// The commands that the keys 1 to 9 put on an empty line.
    pub commands: Vec<String>,
}

/// What goes to the editor's thread.
enum Order {
    Read(Box<Asked>),
    Save(PathBuf),
}

/// What comes from it.
enum News {
    Typed(Typed),
    Question(Question),
    Saved,
}

/// The editor.
pub struct Line {
    orders: Sender<Order>,
    news: Receiver<News>,
    printer: Option<Box<dyn ExternalPrinter + Send>>,
}

impl Line {
    /// An editor on this process's terminal; `None` when it cannot be opened. `plain`: no hints, no colours.
    pub fn open(history: Option<&Path>, plain: bool) -> Option<Line> {
        let (orders, to_do) = channel();
        let (tell, news) = channel();
        let (ready, opened) = channel();
        let history = history.map(Path::to_owned);
        std::thread::Builder::new()
            .name("line".into())
            .spawn(move || {
                let Some(mut editor) = editor(history.as_deref(), plain, &tell) else { return };
                let printer = editor.create_external_printer().ok();
                let printer = printer.map(|printer| Box::new(printer) as Box<dyn ExternalPrinter + Send>);
                if ready.send(printer).is_ok() {
                    obey(&mut editor, &to_do, &tell);
                }
            })
            .ok()?;
        let printer = opened.recv().ok()?;
        Some(Line { orders, news, printer })
    }

    /// Reads a line; `attendant` answers meanwhile and lets time pass.
    pub fn read(&mut self, asked: Asked, attendant: &mut dyn Attendant) -> Typed {
        if self.orders.send(Order::Read(Box::new(asked))).is_err() {
            return Typed::End;
        }
        loop {
            match self.news.recv_timeout(TICK) {
                Ok(News::Typed(typed)) => return typed,
                Ok(News::Question(question)) => attendant.answer(question),
                Ok(News::Saved) => {}
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(text) = attendant.tick() {
                        self.print_above(text);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Typed::End,
            }
        }
    }

    /// Shows text above the line that is being typed.
    fn print_above(&mut self, text: String) {
        let printed = self.printer.as_mut().is_some_and(|printer| printer.print(text.clone()).is_ok());
        if !printed {
            super::screen::put(&text);
        }
    }

    /// Keeps the history.
    pub fn save(&mut self, path: &Path) {
        if self.orders.send(Order::Save(path.to_owned())).is_ok() {
            while !matches!(self.news.recv(), Ok(News::Saved) | Err(_)) {}
        }
    }
}

type Rusty = Editor<Assistant, FileHistory>;

fn editor(history: Option<&Path>, plain: bool, tell: &Sender<News>) -> Option<Rusty> {
    let colours = colored::control::SHOULD_COLORIZE.should_colorize() && !plain;
    let mode = if colours { ColorMode::Enabled } else { ColorMode::Disabled };
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .auto_add_history(false)
        .color_mode(mode)
        .bracketed_paste(!plain)
        .tab_stop(8)
        .build();
    let mut editor = Editor::with_config(config).ok()?;
    let scene = Scene::default();
    keys::bind(&mut editor, &scene);
    editor.set_helper(Some(Assistant::new(scene, tell.clone(), plain, colours)));
    if let Some(path) = history {
        let _ = editor.load_history(path);
    }
    Some(editor)
}

fn obey(editor: &mut Rusty, orders: &Receiver<Order>, tell: &Sender<News>) {
    while let Ok(order) = orders.recv() {
        let news = match order {
            Order::Save(path) => {
                let _ = editor.save_history(&path);
                News::Saved
            }
            Order::Read(asked) => News::Typed(read(editor, *asked)),
        };
        if tell.send(news).is_err() {
            return;
        }
    }
}

fn read(editor: &mut Rusty, asked: Asked) -> Typed {
    let (shell, prompt) = (asked.shell, asked.prompt.clone());
    let begun = asked.begun.clone();
    if let Some(helper) = editor.helper() {
        helper.begin(asked);
    }
    match editor.readline_with_initial(&prompt, (&begun, "")) {
        Ok(line) => {
            if shell && !line.trim().is_empty() {
                let _ = editor.add_history_entry(&line);
            }
            Typed::Line(line)
        }
        Err(ReadlineError::Interrupted) => Typed::Interrupt,
        Err(_) => Typed::End,
    }
}
