//! What helps while a line is typed: colours, hints, completion, and whether the line goes on. All it knows of the
//! machine it asks.

use std::borrow::Cow;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::SearchDirection;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::{Asked, News, Question};
use crate::shell::is_unfinished;
use crate::shell::marks::Mark;
use crate::ui::coach::{Heard, WORDS, hear};

/// What is being read; the keys look at it, too.
pub type Scene = Arc<Mutex<Asked>>;

/// rustyline's helper.
pub struct Assistant {
    scene: Scene,
    tell: Sender<News>,
    plain: bool,
    colours: bool,
}

impl Assistant {
    /// A helper that asks through `tell`.
    pub fn new(scene: Scene, tell: Sender<News>, plain: bool, colours: bool) -> Assistant {
        Assistant { scene, tell, plain, colours }
    }

    /// A new line is read.
    pub fn begin(&self, asked: Asked) {
        *self.scene.lock().unwrap_or_else(PoisonError::into_inner) = asked;
    }

    fn is_shell(&self) -> bool {
        self.scene.lock().unwrap_or_else(PoisonError::into_inner).shell
    }

    /// Asks whoever knows the machine, and waits for the answer.
    fn ask<A>(&self, question: impl FnOnce(Sender<A>) -> Question) -> Option<A> {
        let (reply, answer) = channel();
        self.tell.send(News::Question(question(reply))).ok()?;
        answer.recv().ok()
    }
}

impl Helper for Assistant {}

/// The colour of a mark: SGR parameters that can be read on dark and on light.
fn colour(mark: Mark, known: bool) -> &'static str {
    match mark {
        Mark::Command if known => "32",
        Mark::Command => "31",
        Mark::Keyword => "35",
        Mark::Option => "36",
        Mark::Quoted | Mark::HereDocument => "33",
        Mark::Variable | Mark::Assignment => "34",
        Mark::Operator => "1",
        Mark::Comment => "2",
        Mark::Argument => "",
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colours || line.is_empty() || !self.is_shell() {
            return Cow::Borrowed(line);
        }
        if hear(line) != Heard::Machine {
            let sgr = if matches!(hear(line), Heard::Word(..)) { "32;1" } else { "31" };
            return Cow::Owned(format!("\x1b[{sgr}m{line}\x1b[0m"));
        }
        let Some(pieces) = self.ask(|reply| Question::Paint(line.to_owned(), reply)) else {
            return Cow::Borrowed(line);
        };
        let (mut out, mut at) = (String::new(), 0);
        for ((span, mark), known) in pieces {
            let (Some(between), Some(text)) = (line.get(at..span.start), line.get(span.clone())) else { continue };
            out.push_str(between);
            match colour(mark, known) {
                "" => out.push_str(text),
                sgr => {
                    // Each line by itself: the editor draws them one by one.
                    let lines: Vec<String> = text.split('\n').map(|l| format!("\x1b[{sgr}m{l}\x1b[0m")).collect();
                    out.push_str(&lines.join("\n"));
                }
            }
            at = span.end;
        }
        out.push_str(line.get(at..).unwrap_or_default());
        Cow::Owned(out)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colours { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colours && kind != CmdKind::MoveCursor
    }
}

/// What is offered behind the cursor.
pub struct Offer {
    shown: String,
    taken: Option<String>,
}

impl rustyline::hint::Hint for Offer {
    fn display(&self) -> &str {
        &self.shown
    }

    fn completion(&self) -> Option<&str> {
        self.taken.as_deref()
    }
}

impl Hinter for Assistant {
    type Hint = Offer;

    /// What was typed before and begins like this; else what the command takes. Without colours a hint could be taken
    /// for text, so there is none.
    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<Offer> {
        if self.plain || !self.colours || line.trim().is_empty() || pos < line.len() || !self.is_shell() {
            return None;
        }
        if line.contains('\n') {
            return None;
        }
        let start = context.history_index().min(context.history().len().saturating_sub(1));
        let before = context.history().starts_with(line, start, SearchDirection::Reverse).ok().flatten();
        if let Some(found) = before.filter(|found| found.entry.len() > pos && !found.entry.contains('\n')) {
            let rest = found.entry.get(pos..)?.to_owned();
            return Some(Offer { shown: rest.clone(), taken: Some(rest) });
        }
        let shown = match hear(line) {
            Heard::Word(word, rest) if rest.is_empty() && line.ends_with(' ') => {
                WORDS.iter().find(|w| w.0 == word).map(|w| w.2.to_owned())
            }
            Heard::Machine => self.ask(|reply| Question::Usage(line.to_owned(), reply)).flatten(),
            _ => None,
        };
        shown.filter(|text| !text.is_empty()).map(|shown| Offer { shown, taken: None })
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let input = context.input();
        let done = !self.is_shell() || hear(input) != Heard::Machine || !is_unfinished(input);
        Ok(if done { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..pos).unwrap_or_default();
        if before.starts_with(':') && !before.contains(' ') {
            let words = WORDS.iter().filter(|w| w.1.starts_with(before));
            let pairs = words.map(|w| Pair { display: w.1.into(), replacement: format!("{} ", w.1) });
            return Ok((0, pairs.collect()));
        }
        if !self.is_shell() {
            return Ok((pos, Vec::new()));
        }
        let asked = self.ask(|reply| Question::Complete(before.to_owned(), reply));
        let (start, found) = asked.unwrap_or((pos, Vec::new()));
        let pairs = found.into_iter().map(|c| Pair { display: c.shown, replacement: c.text });
        Ok((start, pairs.collect()))
    }
}
