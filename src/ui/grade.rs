//! `concierge grade`: many hand-ins lived again side by side, and what each is worth.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::args::{Args, Form};
use super::{course, grade_report, screen};
use crate::lesson::content::course::Loaded;
use crate::lesson::grade::{Grade, grade};
use crate::lesson::progress::{MAX_FILE, Progress, Run};
use crate::lesson::student::Student;
use crate::lesson::workshop;

/// How long one hand-in may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// One hand-in, graded.
pub struct Graded {
    /// The file.
    pub file: String,
    /// Whose it is.
    pub student: String,
    /// What is wrong with the file as such, if anything: it cannot be read, or belongs to another course.
    pub error: Option<String>,
    /// The first line that was changed by hand.
    pub edited: Option<usize>,
    /// The first line that could not be read.
    pub cut: Option<usize>,
    /// Each lesson that was begun.
    pub grades: Vec<Grade>,
}

/// Grades `files`, or every file of folders among them, and prints a report.
pub fn run(args: &Args, files: &[PathBuf], form: Form) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = course::load(args)?;
    let files = expanded(files)?;
    if files.is_empty() {
        return Err("there is no file to grade".into());
    }
    let graded = all(&loaded, &files);
    screen::put(&grade_report::report(&graded, form));
    let fine = graded.iter().all(|one| one.error.is_none());
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The files themselves, and those in folders, sorted within each.
fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|p| p.is_file()).collect();
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Grades each file, as many at once as the host has processors; the result stands in the order of the files.
fn all(loaded: &Loaded, files: &[PathBuf]) -> Vec<Graded> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(files.len());
    let next = AtomicUsize::new(0);
    let mut graded: Vec<(usize, Graded)> = std::thread::scope(|scope| {
        let work = || {
            let mut machines = BTreeMap::new();
            let mut done = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::SeqCst);
                let Some(file) = files.get(n) else { return done };
                done.push((n, one(loaded, file, &mut machines)));
            }
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    graded.sort_by_key(|(n, _)| *n);
    graded.into_iter().map(|(_, one)| one).collect()
}

/// Freshly booted machines by lesson and seed: making one takes longer than copying it.
type Machines = BTreeMap<(String, u64), Student>;

fn one(loaded: &Loaded, file: &Path, machines: &mut Machines) -> Graded {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut graded = Graded {
        file: file.display().to_string(),
        student: stem,
        error: None,
        edited: None,
        cut: None,
        grades: Vec::new(),
    };
    let text = match read(file) {
        Ok(text) => text,
        Err(error) => {
            graded.error = Some(error);
            return graded;
        }
    };
    let (progress, cut) = Progress::read(&text);
    let course = loaded.course.as_ref().map(|course| course.id.as_str()).unwrap_or_default();
    if progress.course != course {
        graded.error = Some(match progress.course.as_str() {
            "" => "this is no hand-in file".to_owned(),
            other => {
                format!("this belongs to the course `{other}`, not to `{course}`; name its folder with --course DIR")
            }
        });
        return graded;
    }
    graded.student = progress.student.unwrap_or(graded.student);
    (graded.edited, graded.cut) = (progress.edited, cut);
    let deadline = Instant::now() + PATIENCE;
    graded.grades = progress.runs.iter().map(|run| one_run(loaded, run, machines, deadline)).collect();
    graded
}

fn read(file: &Path) -> Result<String, String> {
    let size = std::fs::metadata(file).map_err(|e| e.to_string())?.len();
    if size > MAX_FILE as u64 {
        return Err(format!("{size} bytes are too many: no hand-in is longer than {MAX_FILE}"));
    }
    let bytes = std::fs::read(file).map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A run of a lesson that the course does not have is worth nothing.
fn one_run(loaded: &Loaded, run: &Run, machines: &mut Machines, deadline: Instant) -> Grade {
    let nothing = Grade { lesson: run.lesson.clone(), ..Grade::default() };
    let Some(lesson) = loaded.lessons.iter().find(|lesson| lesson.id == run.lesson) else { return nothing };
    let Some(scenario) = loaded.scenarios.get(&lesson.scenario) else { return nothing };
    let fresh = || workshop::open(scenario, lesson.clock.unwrap_or(scenario.clock), run.seed);
    let machine = machines.entry((lesson.id.clone(), run.seed)).or_insert_with(fresh).clone();
    grade(lesson, machine, run, &|| Instant::now() > deadline)
}
