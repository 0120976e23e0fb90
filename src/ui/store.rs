//! The student's progress on the host's disk: read at the start, written whole and atomically after every input.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::lesson::progress::Progress;

/// Where the progress of one course is kept.
pub struct Store {
    folder: PathBuf,
    course: String,
}

/// What was found when the progress was read.
pub struct Found {
    /// The progress, empty when there was none.
    pub progress: Progress,
    /// The first line that could not be read and the copy that was made of the file, if there was one.
    pub damaged: Option<(usize, PathBuf)>,
}

impl Store {
    /// The store of a course: `$CONCIERGE_HOME`, or the user's data folder. Errors: the user has no home.
    pub fn open(course: &str) -> io::Result<Store> {
        let folder = match std::env::var_os("CONCIERGE_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => etcetera::choose_base_strategy()
                .map_err(|e| io::Error::new(io::ErrorKind::NotFound, e.to_string()))?
                .data_dir()
                .join("concierge"),
        };
        Ok(Store { folder, course: course.to_owned() })
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("{}.progress.toml", self.course))
    }

    /// The history of typed lines, one file a course.
    pub fn history(&self) -> PathBuf {
        self.folder.join(format!("{}.history", self.course))
    }

    /// Reads the progress. A file that cannot be read to its end is copied before anything is written over it.
    /// Errors: the file is there and the host refuses to read or to copy it.
    pub fn load(&self) -> io::Result<Found> {
        let path = self.path();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(e),
        };
        let (mut progress, cut) = Progress::read(&String::from_utf8_lossy(&bytes));
        progress.course.clone_from(&self.course);
        let damaged = match cut {
            Some(line) => {
                let copy = path.with_extension("damaged");
                fs::copy(&path, &copy)?;
                Some((line, copy))
            }
            None => None,
        };
        Ok(Found { progress, damaged })
    }

    /// Writes the progress: into a new file beside the old one, which then takes its name. Whenever this is cut short,
    /// the old file or the new one is whole. Errors: the host's.
    pub fn save(&self, progress: &Progress) -> io::Result<()> {
        write_atomically(&self.path(), progress.write().as_bytes())
    }

    /// The language that was chosen last, if one was.
    pub fn language(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("language")).ok().map(|text| text.trim().to_owned())
    }

    /// Keeps the language for the next time. Errors: the host's.
    pub fn keep_language(&self, code: &str) -> io::Result<()> {
        write_atomically(&self.folder.join("language"), format!("{code}\n").as_bytes())
    }
}

/// Writes a file whole: into a new one beside it, which then takes its name. Errors: the host's.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = PathBuf::from(name);
    let mut file = File::create(&new)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}
