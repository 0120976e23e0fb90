//! `concierge translate ack`: both languages of every text were read and say the same; the lock file remembers it.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use super::args::Args;
use super::source::Folder;
use crate::lesson::content::course::load_course;
use crate::lesson::content::translations::{LOCK_FILE, lock_text};

/// Writes the lock file of the course in `--course DIR`, or in the current folder.
pub fn acknowledge(args: &Args) -> Result<ExitCode, Box<dyn Error>> {
    let folder = args.course.clone().unwrap_or_else(|| PathBuf::from("."));
    let loaded = load_course(&Folder(folder.clone()));
    if loaded.course.is_none() {
        let what = "is no course: it has no readable lessons/course.toml; name one with --course DIR";
        return Err(format!("{} {what}", folder.display()).into());
    }
    let path = folder.join(LOCK_FILE);
    std::fs::write(&path, lock_text(&loaded)).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    super::screen::line(&path.display().to_string());
    Ok(ExitCode::SUCCESS)
}
