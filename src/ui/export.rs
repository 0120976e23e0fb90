//! `concierge export`: a student's run, or a lesson's solution, to read or to watch.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Args, Shape};
use super::course::{self, language};
use super::screen;
use super::store::{Store, write_atomically};
use crate::lesson::content::course::Loaded;
use crate::lesson::export::{asciicast, html, markdown, scenes, solved};
use crate::lesson::progress::{MAX_FILE, Progress};
use crate::lesson::workshop;

/// What is exported, and how.
pub struct Wanted<'a> {
    /// The lesson; `None`: the one that was left last.
    pub lesson: Option<&'a str>,
    /// Whether its solution is meant, and nobody's run.
    pub solution: bool,
    /// A hand-in or progress file; `None`: the progress of whoever asks.
    pub from: Option<&'a Path>,
    /// The form.
    pub shape: Shape,
    /// Where to; `None`: standard output.
    pub out: Option<&'a PathBuf>,
}

/// Does it.
pub fn export(args: &Args, wanted: &Wanted<'_>) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = course::load(args)?;
    let lang = language(args.lang.as_deref(), None)?;
    let progress = if wanted.solution { Progress::default() } else { progress(&loaded, wanted.from)? };
    let lesson_id = match wanted.lesson {
        Some(id) => id,
        None => progress.runs.last().map(|run| run.lesson.as_str()).ok_or("there is no run; name a lesson")?,
    };
    let lesson = loaded.lessons.iter().find(|lesson| lesson.id == lesson_id);
    let lesson = lesson.ok_or_else(|| format!("there is no lesson {lesson_id:?}; see `concierge list`"))?;
    let scenario = loaded.scenarios.get(&lesson.scenario).ok_or("the lesson has no scenario")?;
    let run = progress.run(lesson_id);
    let seed = run.map_or(scenario.seed, |run| run.seed);
    let machine = workshop::open(scenario, lesson.clock.unwrap_or(scenario.clock), seed);
    let events = match run {
        Some(run) => run.events.clone(),
        None if wanted.solution => solved(lesson, &machine),
        None => return Err(format!("the lesson {lesson_id:?} was not begun; `--solution` exports its solution").into()),
    };
    let title = lesson.title.get(lang);
    let told = scenes(lesson, machine, &events, lang);
    let text = match wanted.shape {
        Shape::Markdown => markdown(title, &told),
        Shape::Asciicast => asciicast(title, &told),
        Shape::Html => html(title, lang.code(), &told),
    };
    match wanted.out {
        Some(path) => {
            write_atomically(path, text.as_bytes()).map_err(|e| format!("cannot write {}: {e}", path.display()))?
        }
        None => screen::put(&text),
    }
    Ok(ExitCode::SUCCESS)
}

fn progress(loaded: &Loaded, from: Option<&Path>) -> Result<Progress, Box<dyn Error>> {
    let id = loaded.course.as_ref().map(|course| course.id.clone()).unwrap_or_default();
    let Some(path) = from else { return Ok(Store::open(&id)?.load()?.progress) };
    let bytes = std::fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    if bytes.len() > MAX_FILE {
        return Err(format!("{} is too long for a hand-in file", path.display()).into());
    }
    let (progress, _) = Progress::read(&String::from_utf8_lossy(&bytes));
    if progress.course != id {
        return Err(format!("{} belongs to the course {:?}, not to {id:?}", path.display(), progress.course).into());
    }
    Ok(progress)
}
