//! `concierge translate`: what changed in one language only, the typography of French, and signing both languages off.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::Args;
use super::course::language;
use super::screen;
use super::source::Folder;
use crate::lesson::check::words;
use crate::lesson::content::Source;
use crate::lesson::content::course::{COURSE_FILE, Loaded, load_course};
use crate::lesson::content::translations::{LOCK_FILE, lock_text, stale};

/// Does `what` to the course in `--course DIR`, or in the current folder.
pub fn translate(args: &Args, what: &str) -> Result<ExitCode, Box<dyn Error>> {
    let folder = args.course.clone().unwrap_or_else(|| PathBuf::from("."));
    let source = Folder(folder.clone());
    let loaded = load_course(&source);
    if loaded.course.is_none() {
        let what = "is no course: it has no readable lessons/course.toml; name one with --course DIR";
        return Err(format!("{} {what}", folder.display()).into());
    }
    match what {
        "ack" => acknowledge(&folder, &loaded),
        "typeset" => typeset(&folder, &source, &loaded),
        _ => status(args, &source, &loaded),
    }
}

/// Writes the lock file.
fn acknowledge(folder: &std::path::Path, loaded: &Loaded) -> Result<ExitCode, Box<dyn Error>> {
    let path = folder.join(LOCK_FILE);
    std::fs::write(&path, lock_text(loaded)).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    screen::line(&path.display().to_string());
    Ok(ExitCode::SUCCESS)
}

/// Lists every text that changed; fails when there is one.
fn status(args: &Args, source: &Folder, loaded: &Loaded) -> Result<ExitCode, Box<dyn Error>> {
    let lang = language(args.lang.as_deref(), None)?;
    let found = stale(source, loaded);
    found.iter().for_each(|diagnostic| screen::line(&diagnostic.line(lang)));
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Repairs the French of every file of the course, and names the files.
fn typeset(folder: &std::path::Path, source: &Folder, loaded: &Loaded) -> Result<ExitCode, Box<dyn Error>> {
    let mut files = vec![COURSE_FILE.to_owned()];
    files.extend(source.list("scenarios").iter().map(|id| format!("scenarios/{id}/scenario.toml")));
    for id in loaded.course.iter().flat_map(|course| &course.lessons) {
        files.extend(["lesson.toml", "fr.md"].map(|name| format!("lessons/{id}/{name}")));
    }
    for file in files {
        let Some(repaired) = source.read(&file).and_then(|text| words::typeset(&file, &text)) else { continue };
        let path = folder.join(&file);
        std::fs::write(&path, repaired).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
        screen::line(&file);
    }
    Ok(ExitCode::SUCCESS)
}
