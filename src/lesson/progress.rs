//! The student's progress in a course, as a text file that is complete after every line.
//!
//! A line is an event; each is TOML by itself and so is the whole. Reading keeps everything before the first line that
//! cannot be read, so that a file cut off while it was written loses at most its last event.

use super::content::action::Input;
use super::content::quiz::Verdict;
use super::content::reader::Word;
use super::quiz::Answer;
use crate::world::Time;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use toml::{Table, Value};

/// Everything a student did in a course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The course's id.
    pub course: String,
    /// Lessons that were done to their end, ever.
    pub done: BTreeSet<String>,
    /// What was done in each lesson since it was last begun, in the order of beginning; the last one is resumed.
    pub runs: Vec<Run>,
}

/// What was done in one lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The lesson's id.
    pub lesson: String,
    /// The scenario it was lived on.
    pub scenario: String,
    /// The seed of the machine.
    pub seed: u64,
    /// What was done, in order.
    pub events: Vec<Event>,
}

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
}

impl Progress {
    /// Puts `run` in the place of the earlier run of the same lesson, last.
    pub fn keep(&mut self, run: Run) {
        self.runs.retain(|r| r.lesson != run.lesson);
        self.runs.push(run);
    }

    /// The run of a lesson.
    pub fn run(&self, lesson: &str) -> Option<&Run> {
        self.runs.iter().find(|r| r.lesson == lesson)
    }

    /// The file's text.
    pub fn write(&self) -> String {
        let mut out = String::from("# Progress in a course of Concierge. It may be copied to another computer.\n");
        let _ = writeln!(out, "format = 1\ncourse = {}", quoted(&self.course));
        let done: Vec<String> = self.done.iter().map(|id| quoted(id)).collect();
        let _ = writeln!(out, "done = [{}]", done.join(", "));
        let mut number = 0;
        for run in &self.runs {
            number += 1;
            let (lesson, scenario) = (quoted(&run.lesson), quoted(&run.scenario));
            let _ = writeln!(out, "{number} = {{ lesson = {lesson}, scenario = {scenario}, seed = \"{}\" }}", run.seed);
            for event in &run.events {
                number += 1;
                let _ = writeln!(out, "{number} = {{ {} }}", event.write());
            }
        }
        out
    }

    /// Reads a file's text. The second part is the number of the first line that could not be read, if any; what stands
    /// before it is kept, nothing after it is.
    pub fn read(text: &str) -> (Progress, Option<usize>) {
        let mut progress = Progress::default();
        for (n, line) in text.lines().enumerate() {
            if !line.trim().is_empty() && !line.starts_with('#') && progress.read_line(line).is_none() {
                return (progress, Some(n + 1));
            }
        }
        (progress, None)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let table: Table = line.parse().ok()?;
        let (key, value) = table.into_iter().next()?;
        match key.as_str() {
            "format" => (value.as_integer()? == 1).then_some(()),
            "course" => {
                self.course = value.as_str()?.to_owned();
                Some(())
            }
            "done" => {
                self.done = strings(&value)?.into_iter().collect();
                Some(())
            }
            _ => {
                let table = value.as_table()?;
                match table.get("lesson") {
                    Some(lesson) => self.runs.push(Run {
                        lesson: lesson.as_str()?.to_owned(),
                        scenario: table.get("scenario")?.as_str()?.to_owned(),
                        seed: table.get("seed")?.as_str()?.parse().ok()?,
                        events: Vec::new(),
                    }),
                    None => self.runs.last_mut()?.events.push(Event::read(table)?),
                }
                Some(())
            }
        }
    }
}

impl Event {
    fn write(&self) -> String {
        match self {
            Event::Input { at, input } => format!("at = \"{}\", type = {}", at.0, quoted(&input.typed())),
            Event::Step(id) => format!("step = {}", quoted(id)),
            Event::Hint => "hint = true".to_owned(),
            Event::Solution => "solution = true".to_owned(),
            Event::Reflect(said) => format!("reflect = {}", quoted(said)),
            Event::Answer { quiz, answer, right } => {
                let said = match answer {
                    Answer::Options(options) => format!("options = {options:?}"),
                    Answer::Words(words) => format!("words = {}", quoted(words)),
                    Answer::Order(items) => format!("order = {items:?}"),
                    Answer::Pairs(pairs) => format!("pairs = {pairs:?}"),
                    Answer::Line(line) => format!("line = {line}"),
                    Answer::Recall { confidence, said, met } => {
                        format!("confidence = {confidence}, said = {}, met = {met:?}", quoted(said))
                    }
                    Answer::Verdict { verdict, reasons } => {
                        format!("verdict = \"{}\", reasons = {reasons:?}", verdict.word())
                    }
                };
                format!("answer = {}, {said}, right = {right}", quoted(quiz))
            }
        }
    }

    fn read(table: &Table) -> Option<Event> {
        if let Some(line) = table.get("type") {
            let at = Time(table.get("at")?.as_str()?.parse().ok()?);
            return Some(Event::Input { at, input: Input::parse(line.as_str()?)? });
        }
        if let Some(step) = table.get("step") {
            return Some(Event::Step(step.as_str()?.to_owned()));
        }
        if table.contains_key("hint") {
            return Some(Event::Hint);
        }
        if table.contains_key("solution") {
            return Some(Event::Solution);
        }
        if let Some(said) = table.get("reflect") {
            return Some(Event::Reflect(said.as_str()?.to_owned()));
        }
        let quiz = table.get("answer")?.as_str()?.to_owned();
        let right = table.get("right")?.as_bool()?;
        let answer = if let Some(options) = table.get("options") {
            Answer::Options(numbers(options)?)
        } else if let Some(words) = table.get("words") {
            Answer::Words(words.as_str()?.to_owned())
        } else if let Some(items) = table.get("order") {
            Answer::Order(numbers(items)?)
        } else if let Some(pairs) = table.get("pairs") {
            Answer::Pairs(numbers(pairs)?)
        } else if let Some(line) = table.get("line") {
            Answer::Line(usize::try_from(line.as_integer()?).ok()?)
        } else if let Some(confidence) = table.get("confidence") {
            let confidence = u8::try_from(confidence.as_integer()?).ok()?;
            Answer::Recall {
                confidence,
                said: table.get("said")?.as_str()?.to_owned(),
                met: numbers(table.get("met")?)?,
            }
        } else {
            let word = table.get("verdict")?.as_str()?;
            let (_, verdict) = Verdict::words().into_iter().find(|(w, _)| *w == word)?;
            Answer::Verdict { verdict, reasons: numbers(table.get("reasons")?)? }
        };
        Some(Event::Answer { quiz, answer, right })
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect()
}

fn numbers(value: &Value) -> Option<Vec<usize>> {
    value.as_array()?.iter().map(|v| usize::try_from(v.as_integer()?).ok()).collect()
}

/// A TOML basic string on one line.
fn quoted(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Progress {
        let input = |at, line: &str| Event::Input { at: Time(at), input: Input::parse(line).expect("an input") };
        let answer = |answer| Event::Answer { quiz: "q".into(), answer, right: true };
        let recall = Answer::Recall { confidence: 3, said: "l’« eau »\n\"x\"\u{1}".into(), met: vec![0, 2] };
        let events = vec![
            input(1_767_580_800_000_001, "cat <<E\n\\t \"a\"\u{7f}\nE"),
            input(2, ":advance 90d"),
            input(3, ":drop"),
            answer(Answer::Options(vec![1, 2])),
            answer(Answer::Words("systemd".into())),
            answer(Answer::Order(vec![1, 0])),
            answer(Answer::Pairs(vec![2, 0])),
            answer(Answer::Line(3)),
            answer(recall),
            answer(Answer::Verdict { verdict: Verdict::Reject, reasons: vec![0] }),
            Event::Hint,
            Event::Solution,
            Event::Reflect("because".into()),
            Event::Step("two".into()),
        ];
        let run = Run { lesson: "one".into(), scenario: "messenger".into(), seed: u64::MAX, events };
        Progress { course: "c".into(), done: BTreeSet::from(["zero".into()]), runs: vec![run] }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let progress = sample();
        let text = progress.write();
        assert_eq!(Progress::read(&text), (progress, None));
        let whole: Result<Table, _> = text.parse();
        assert!(whole.is_ok(), "the whole file is TOML: {whole:?}");
    }

    #[test]
    fn a_file_cut_anywhere_keeps_every_line_before_the_cut() {
        let text = sample().write();
        let whole: Vec<Event> = sample().runs.remove(0).events;
        for (cut, _) in text.char_indices() {
            let (read, damaged) = Progress::read(&text[..cut]);
            let lines = text[..cut].matches('\n').count();
            let events: &[Event] = read.runs.first().map_or(&[], |r| &r.events);
            assert!(events.len() >= lines.saturating_sub(5), "cut at {cut}: {} events of {lines} lines", events.len());
            assert!(whole.starts_with(events), "cut at {cut}: events were altered");
            assert!(damaged.is_none() || damaged == Some(lines + 1), "cut at {cut}: {damaged:?}");
        }
    }

    #[test]
    fn beginning_a_lesson_again_forgets_its_earlier_run_only() {
        let mut progress = sample();
        progress.keep(Run { lesson: "two".into(), ..Run::default() });
        progress.keep(Run { lesson: "one".into(), seed: 1, ..Run::default() });
        let runs: Vec<_> = progress.runs.iter().map(|r| (r.lesson.as_str(), r.seed)).collect();
        assert_eq!(runs, [("two", 0), ("one", 1)]);
        assert!(progress.done.contains("zero"));
    }
}
