//! What a student did, one thing at a time, and how the progress file writes it.

use crate::lesson::content::action::Input;
use crate::lesson::content::quiz::Verdict;
use crate::lesson::content::reader::Word;
use crate::lesson::quiz::Answer;
use crate::world::Time;
use std::fmt::Write as _;
use toml::{Table, Value};

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something was typed, at this time of the machine's clock.
    Input {
        /// When.
        at: Time,
        /// What.
        input: Input,
    },
    /// One went back or forth between machines, at this time of the clock of the machine that was left.
    Travel {
        /// When.
        at: Time,
        /// Where to.
        way: Way,
    },
    /// A question was answered.
    Answer {
        /// Which.
        quiz: String,
        /// How.
        answer: Answer,
        /// Whether it was right.
        right: bool,
    },
    /// A hint was asked for.
    Hint,
    /// The solution of the step was shown.
    Solution,
    /// What was written after it, to explain it to oneself.
    Reflect(String),
    /// A step was entered.
    Step(String),
    /// The lesson was done to its end, at this time of the host's clock, in seconds since 1970.
    Done(i64),
}

/// A way from one machine to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Back before the last deed.
    Undo,
    /// Forth again.
    Redo,
    /// To the machine as the step found it.
    Reset,
    /// Nowhere: the machine is remembered by this name.
    Save(String),
    /// To the machine of this name.
    Load(String),
}

impl Event {
    /// When it was done, on the machine's clock, if the machine has anything to do with it.
    pub fn at(&self) -> Option<Time> {
        match self {
            Event::Input { at, .. } | Event::Travel { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// The event as the inside of a TOML table, on one line.
    pub(super) fn write(&self) -> String {
        match self {
            Event::Input { at, input } => format!("at = \"{}\", type = {}", at.0, quoted(&input.typed())),
            Event::Travel { at, way } => format!("at = \"{}\", {}", at.0, way.write()),
            Event::Step(id) => format!("step = {}", quoted(id)),
            Event::Hint => "hint = true".to_owned(),
            Event::Solution => "solution = true".to_owned(),
            Event::Reflect(said) => format!("reflect = {}", quoted(said)),
            Event::Done(when) => format!("done = {when}"),
            Event::Answer { quiz, answer, right } => {
                format!("answer = {}, {}, right = {right}", quoted(quiz), write_answer(answer))
            }
        }
    }

    /// Reads it back.
    pub(super) fn read(table: &Table) -> Option<Event> {
        if let Some(at) = table.get("at") {
            let at = Time(at.as_str()?.parse().ok()?);
            return Some(match table.get("type") {
                Some(line) => Event::Input { at, input: Input::parse(line.as_str()?)? },
                None => Event::Travel { at, way: Way::read(table)? },
            });
        }
        if let Some(step) = table.get("step") {
            return Some(Event::Step(step.as_str()?.to_owned()));
        }
        if let Some(said) = table.get("reflect") {
            return Some(Event::Reflect(said.as_str()?.to_owned()));
        }
        if let Some(when) = table.get("done") {
            return when.as_integer().map(Event::Done);
        }
        if table.contains_key("hint") {
            return Some(Event::Hint);
        }
        if table.contains_key("solution") {
            return Some(Event::Solution);
        }
        let quiz = table.get("answer")?.as_str()?.to_owned();
        Some(Event::Answer { quiz, answer: read_answer(table)?, right: table.get("right")?.as_bool()? })
    }
}

impl Way {
    fn write(&self) -> String {
        match self {
            Way::Undo => "go = \"undo\"".to_owned(),
            Way::Redo => "go = \"redo\"".to_owned(),
            Way::Reset => "go = \"reset\"".to_owned(),
            Way::Save(name) => format!("save = {}", quoted(name)),
            Way::Load(name) => format!("load = {}", quoted(name)),
        }
    }

    fn read(table: &Table) -> Option<Way> {
        if let Some(name) = table.get("save") {
            return Some(Way::Save(name.as_str()?.to_owned()));
        }
        if let Some(name) = table.get("load") {
            return Some(Way::Load(name.as_str()?.to_owned()));
        }
        match table.get("go")?.as_str()? {
            "undo" => Some(Way::Undo),
            "redo" => Some(Way::Redo),
            "reset" => Some(Way::Reset),
            _ => None,
        }
    }
}

fn write_answer(answer: &Answer) -> String {
    match answer {
        Answer::Options(options) => format!("options = {options:?}"),
        Answer::Words(words) => format!("words = {}", quoted(words)),
        Answer::Order(items) => format!("order = {items:?}"),
        Answer::Pairs(pairs) => format!("pairs = {pairs:?}"),
        Answer::Line(line) => format!("line = {line}"),
        Answer::Recall { confidence, said, met } => {
            format!("confidence = {confidence}, said = {}, met = {met:?}", quoted(said))
        }
        Answer::Verdict { verdict, reasons } => format!("verdict = \"{}\", reasons = {reasons:?}", verdict.word()),
    }
}

fn read_answer(table: &Table) -> Option<Answer> {
    if let Some(options) = table.get("options") {
        return Some(Answer::Options(numbers(options)?));
    }
    if let Some(words) = table.get("words") {
        return Some(Answer::Words(words.as_str()?.to_owned()));
    }
    if let Some(items) = table.get("order") {
        return Some(Answer::Order(numbers(items)?));
    }
    if let Some(pairs) = table.get("pairs") {
        return Some(Answer::Pairs(numbers(pairs)?));
    }
    if let Some(line) = table.get("line") {
        return Some(Answer::Line(usize::try_from(line.as_integer()?).ok()?));
    }
    if let Some(confidence) = table.get("confidence") {
        let confidence = u8::try_from(confidence.as_integer()?).ok()?;
        let said = table.get("said")?.as_str()?.to_owned();
        return Some(Answer::Recall { confidence, said, met: numbers(table.get("met")?)? });
    }
    let word = table.get("verdict")?.as_str()?;
    let (_, verdict) = Verdict::words().into_iter().find(|(w, _)| *w == word)?;
    Some(Answer::Verdict { verdict, reasons: numbers(table.get("reasons")?)? })
}

fn numbers(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(|v| usize::try_from(v.as_integer()?).ok()).collect()
}

/// A TOML basic string on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
