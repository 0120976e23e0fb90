//! Hand-in files: the progress of a course with the name of whoever made it.

use std::error::Error;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use super::args::Args;
use super::store::{Store, write_atomically};
use crate::lesson::progress::Progress;

/// Writes `progress` to `path` for somebody else to read; returns the name it bears: `name`, or that of the file.
/// Errors: the host's.
pub fn write(progress: &Progress, path: &Path, name: Option<&str>) -> io::Result<String> {
    if path.as_os_str().is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no file is named"));
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.map_or(stem, str::to_owned);
    let handed = Progress { student: Some(name.clone()), ..progress.clone() };
    write_atomically(path, handed.write().as_bytes())?;
    Ok(name)
}

/// `concierge handin FILE`.
pub fn hand_in(args: &Args, path: &Path, name: Option<&str>) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = super::course::load(args)?;
    let store = Store::open(&loaded.course.unwrap_or_default().id)?;
    let found = store.load()?;
    if found.progress.runs.is_empty() {
        return Err("there is no progress in this course yet: there is nothing to hand in".into());
    }
    let name = write(&found.progress, path, name).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    super::screen::line(&format!("{}  {name}", path.display()));
    Ok(ExitCode::SUCCESS)
}
