//! The student's progress in a course, as a text file that is complete after every line.
//!
//! A line is an event; each is TOML by itself and so is the whole. Reading keeps everything before the first line that
//! cannot be read, so that a file cut off while it was written loses at most its last event. Nothing is ever taken out
//! of a run: undoing is an event like any other, and so the way back and forth survives with the file.

mod event;
mod seal;

pub use event::{Event, Way};

use super::review::Due;
use event::quoted;
use seal::Chain;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use toml::{Table, Value};

/// The longest progress file that is read, in bytes. A year of lessons takes a hundredth of it.
pub const MAX_FILE: usize = 16 << 20;

/// Everything a student did in a course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The course's id.
    pub course: String,
    /// Who did it, if a hand-in file says so.
    pub student: Option<String>,
    /// Lessons that were done to their end, ever.
    pub done: BTreeSet<String>,
    /// The first line that was changed by hand, as far as the digests show.
    pub edited: Option<usize>,
    /// What was done in each lesson since it was last begun, in the order of beginning; the last one is resumed.
    pub runs: Vec<Run>,
    /// When each question and step comes up for review, by `LESSON/ID`.
    pub reviews: BTreeMap<String, Due>,
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

impl Run {
    /// Whether it went to the end of the lesson.
    pub fn is_done(&self) -> bool {
        matches!(self.events.last(), Some(Event::Done(_)))
    }
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
        let mut header = format!("format = 1\ncourse = {}\n", quoted(&self.course));
        if let Some(student) = &self.student {
            let _ = writeln!(header, "student = {}", quoted(student));
        }
        let done: Vec<String> = self.done.iter().map(|id| quoted(id)).collect();
        let _ = writeln!(header, "done = [{}]", done.join(", "));
        if let Some(line) = self.edited {
            let _ = writeln!(header, "edited = {line}");
        }
        let mut chain = Chain::new(&header);
        let mut out = format!("# Progress in a course of Concierge. It may be copied to another computer.\n{header}");
        let mut number = 0;
        let mut put = |table: String| {
            number += 1;
            let _ = writeln!(out, "{}", chain.seal(&format!("{number} = {{ {table} }}")));
        };
        for (key, due) in &self.reviews {
            put(format!("review = {}, {}", quoted(key), due.write()));
        }
        for run in &self.runs {
            let (lesson, scenario) = (quoted(&run.lesson), quoted(&run.scenario));
            put(format!("lesson = {lesson}, scenario = {scenario}, seed = \"{}\"", run.seed));
            run.events.iter().for_each(|event| put(event.write()));
        }
        out
    }

    /// Reads a file's text. The second part is the number of the first line that could not be read, if any; what stands
    /// before it is kept, nothing after it is.
    pub fn read(text: &str) -> (Progress, Option<usize>) {
        let mut progress = Progress::default();
        let mut header = String::new();
        let mut chain: Option<Chain> = None;
        for (n, line) in text.split_inclusive('\n').enumerate() {
            // A line is whole when it ends: what was cut off may read well and say something else.
            let Some(line) = line.strip_suffix('\n') else { return (progress, Some(n + 1)) };
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let numbered = line.starts_with(|c: char| c.is_ascii_digit());
            if !numbered {
                let _ = writeln!(header, "{line}");
            }
            let (line, sealed) = if numbered {
                chain.get_or_insert_with(|| Chain::new(&header)).open(line)
            } else {
                (line, chain.is_none())
            };
            if progress.read_line(line).is_none() {
                return (progress, Some(n + 1));
            }
            if !sealed && progress.edited.is_none() {
                progress.edited = Some(n + 1);
            }
        }
        (progress, None)
    }

    fn read_line(&mut self, line: &str) -> Option<()> {
        let table: Table = line.parse().ok()?;
        let (key, value) = table.into_iter().next()?;
        match key.as_str() {
            "format" => (value.as_integer()? == 1).then_some(())?,
            "course" => value.as_str()?.clone_into(&mut self.course),
            "student" => self.student = Some(value.as_str()?.to_owned()),
            "done" => self.done = strings(&value)?.into_iter().collect(),
            "edited" => self.edited = Some(usize::try_from(value.as_integer()?).ok()?),
            _ => self.read_entry(value.as_table()?)?,
        }
        Some(())
    }

    fn read_entry(&mut self, table: &Table) -> Option<()> {
        if let Some(lesson) = table.get("lesson") {
            self.runs.push(Run {
                lesson: lesson.as_str()?.to_owned(),
                scenario: table.get("scenario")?.as_str()?.to_owned(),
                seed: table.get("seed")?.as_str()?.parse().ok()?,
                events: Vec::new(),
            });
        } else if let Some(key) = table.get("review") {
            self.reviews.insert(key.as_str()?.to_owned(), Due::read(table)?);
        } else {
            self.runs.last_mut()?.events.push(Event::read(table)?);
        }
        Some(())
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::content::action::Input;
    use crate::lesson::content::quiz::Verdict;
    use crate::lesson::quiz::Answer;
    use crate::world::Time;

    fn sample() -> Progress {
        let input = |at, line: &str| Event::Input { at: Time(at), input: Input::parse(line).expect("an input") };
        let travel = |way| Event::Travel { at: Time(7), way };
        let answer = |answer| Event::Answer { quiz: "q".into(), answer, right: true };
        let recall =
            Answer::Recall {
                confidence: 3, said: "l’« eau »\n\"x\"\u{1} # 0123456789abcdef".into(), met: vec![0, 2]
            };
        let events = vec![
            input(1_767_580_800_000_001, "cat <<E\n\\t \"a\"\u{7f}\nE"),
            input(2, ":advance 90d"),
            input(3, ":drop"),
            travel(Way::Undo),
            travel(Way::Redo),
            travel(Way::Reset),
            travel(Way::Save("before \"it\"".into())),
            travel(Way::Load("x".into())),
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
            Event::Done(1_767_580_800),
        ];
        let run = Run { lesson: "one".into(), scenario: "messenger".into(), seed: u64::MAX, events };
        Progress {
            course: "c".into(),
            student: Some("Zoé".into()),
            done: BTreeSet::from(["zero".into()]),
            edited: None,
            runs: vec![run],
            reviews: BTreeMap::from([("zero/q".into(), Due { day: 20_458, stage: 2 })]),
        }
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
    fn a_file_cut_at_any_byte_keeps_every_whole_line_and_nothing_else() {
        let text = sample().write();
        let whole: Vec<Event> = sample().runs.remove(0).events;
        let before = text.lines().position(|line| line.contains("lesson =")).expect("a run") + 1;
        for cut in 0..=text.len() {
            let bytes = &text.as_bytes()[..cut];
            let (read, damaged) = Progress::read(&String::from_utf8_lossy(bytes));
            let lines = bytes.iter().filter(|b| **b == b'\n').count();
            let events: &[Event] = read.runs.first().map_or(&[], |r| &r.events);
            assert_eq!(events, &whole[..lines.saturating_sub(before)], "cut at {cut}");
            assert_eq!(read.edited, None, "cut at {cut}");
            let partial = cut > 0 && bytes.last() != Some(&b'\n');
            assert_eq!(damaged, partial.then_some(lines + 1), "cut at {cut}");
        }
    }

    #[test]
    fn a_line_changed_by_hand_shows_and_stays_shown() {
        let text = sample().write();
        for (from, to) in [
            ("\"systemd\"", "\"systemc\""),
            ("\"messenger\"", "\"messengers\""),
            ("done = [\"zero\"]", "done = [\"zero\", \"one\"]"),
            ("Zoé", "Léo"),
            ("stage = 2", "stage = 3"),
        ] {
            assert!(text.contains(from), "{from}");
            let (read, damaged) = Progress::read(&text.replacen(from, to, 1));
            assert_eq!(damaged, None, "{from}");
            assert!(read.edited.is_some(), "{from} -> {to} does not show");
            let (again, _) = Progress::read(&read.write());
            assert_eq!(again.edited, read.edited, "it does not stay shown");
        }
        let gone: Vec<&str> = text.lines().filter(|line| !line.contains("hint = true")).collect();
        assert!(Progress::read(&format!("{}\n", gone.join("\n"))).0.edited.is_some());
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
