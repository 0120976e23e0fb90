//! `concierge watch`: checks a course again whenever a file of it is saved, and shows the lesson as students see it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use super::args::Args;
use super::course::{language, plain};
use super::quiz_forms;
use super::source::Folder;
use super::view::View;
use super::{screen, words};
use crate::lesson::content::course::load_course;
use crate::lesson::content::lesson::Lesson;
use crate::lesson::content::quiz::QuizKind;
use crate::lesson::judge::judge;
use crate::lesson::text::Text;
use crate::lesson::workshop;

/// How often files are looked at.
const PAUSE: Duration = Duration::from_millis(400);
/// How deep folders are looked into.
const DEPTH: usize = 4;

/// When each file was saved and how long it is.
type Stamps = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Watches the course in `--course DIR` or in the current folder. With `once`, looks once and says whether it is clean.
pub fn watch(args: &Args, lesson: Option<&str>, once: bool) -> Result<ExitCode, Box<dyn Error>> {
    let folder = args.course.clone().unwrap_or_else(|| PathBuf::from("."));
    let lang = language(args.lang.as_deref(), None)?;
    let mut before = Stamps::new();
    let mut shown: Option<String> = lesson.map(str::to_owned);
    loop {
        let mut now = Stamps::new();
        stamps(&folder.join("lessons"), DEPTH, &mut now);
        stamps(&folder.join("scenarios"), DEPTH, &mut now);
        if now == before {
            std::thread::sleep(PAUSE);
            continue;
        }
        let changed = now.iter().find(|(path, stamp)| !before.is_empty() && before.get(*path) != Some(*stamp));
        if let (None, Some((path, _))) = (lesson, changed) {
            shown = lesson_of(&folder, path).or(shown);
        }
        before = now;
        let view = View::new(lang, super::screen::size().0, plain(args));
        if !once {
            screen::put("\x1b[2J\x1b[H");
        }
        let clean = look(&folder, shown.as_deref(), &view);
        if once {
            return Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
}

fn stamps(folder: &Path, depth: usize, found: &mut Stamps) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(data) = entry.metadata() else { continue };
        if data.is_dir() && depth > 0 {
            stamps(&entry.path(), depth - 1, found);
        } else if data.is_file() {
            found.insert(entry.path(), (data.modified().ok(), data.len()));
        }
    }
}

/// The lesson in whose folder a file is.
fn lesson_of(folder: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(folder.join("lessons")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?.to_owned();
    (inside.components().count() > 1).then_some(first)
}

/// Shows a lesson, then what the check says; whether it says nothing.
fn look(folder: &Path, lesson: Option<&str>, view: &View) -> bool {
    let source = Folder(folder.to_owned());
    let loaded = load_course(&source);
    let wanted = loaded.lessons.iter().find(|l| lesson.is_none_or(|id| l.id == id));
    if let Some(lesson) = wanted
        && let Some(scenario) = loaded.scenarios.get(&lesson.scenario)
    {
        let machine = workshop::open(scenario, lesson.clock.unwrap_or(scenario.clock), scenario.seed);
        show(lesson, &machine, view);
    }
    let report = super::check::in_parallel(&source);
    report.lines(view.lang).iter().for_each(|line| screen::line(line));
    report.is_clean()
}

/// The whole lesson as students see it, step by step, each judged on the machine as the lesson opens it.
fn show(lesson: &Lesson, machine: &crate::lesson::student::Student, view: &View) {
    view.line(lesson.title.get(view.lang));
    view.line("");
    view.text(&lesson.opening);
    for (n, step) in lesson.steps.iter().enumerate() {
        view.story(step, n + 1, lesson.steps.len());
        let answers = BTreeMap::new();
        let outcomes: Vec<_> = step.goals.iter().map(|goal| judge(machine, &answers, goal)).collect();
        view.task(step, &outcomes);
        for hint in &step.hints {
            view.line("");
            view.line(":hint");
            view.text(&hint.say);
        }
        for quiz in &step.quizzes {
            view.line("");
            view.line(&format!("? {}", words::QUESTION.get(view.lang)));
            view.text(&quiz.ask);
            if let QuizKind::Choice { options } | QuizKind::Multi { options } = &quiz.kind {
                quiz_forms::lettered(view, &options.iter().map(|o| &o.say).collect::<Vec<&Text>>());
            }
        }
    }
    view.line("");
}
