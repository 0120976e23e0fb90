//! A course in a folder of the host: what `--course DIR` opens.

use std::fs;
use std::path::PathBuf;

use crate::lesson::content::{Embedded, Source};

/// A folder that holds `lessons/` and `scenarios/`.
pub struct Folder(pub PathBuf);

impl Source for Folder {
    fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.0.join(path)).ok()
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.0.join(dir)) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }
}

/// The course in `folder`, or the one that is built in.
pub fn open(folder: Option<&PathBuf>) -> Box<dyn Source> {
    match folder {
        Some(folder) => Box::new(Folder(folder.clone())),
        None => Box::new(Embedded),
    }
}
