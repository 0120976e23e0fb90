//! A course in a folder of the host: what `--course DIR` opens. It is not trusted: nothing outside the folder is read, by
//! whatever name or link, and nothing that is too large.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::lesson::content::{Embedded, Source};

/// The longest file that a course may have, in bytes.
const MAX_FILE: u64 = 4 << 20;
/// The most names that a folder of a course may have.
const MAX_NAMES: usize = 10_000;

/// A folder that holds `lessons/` and `scenarios/`.
pub struct Folder(pub PathBuf);

impl Folder {
    /// Where `path` really is; `None` when that is not inside the folder.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let root = fs::canonicalize(&self.0).ok()?;
        let real = fs::canonicalize(self.0.join(path)).ok()?;
        (plain && real.starts_with(&root)).then_some(real)
    }
}

impl Source for Folder {
    fn read(&self, path: &str) -> Option<String> {
        let real = self.inside(path)?;
        // A pipe or a device would never end.
        let fits = fs::metadata(&real).ok().filter(|data| data.is_file() && data.len() <= MAX_FILE);
        fits.and_then(|_| fs::read_to_string(real).ok())
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let Some(Ok(entries)) = self.inside(dir).map(fs::read_dir) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).take(MAX_NAMES).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nothing_outside_the_folder_is_read() {
        let root = std::env::temp_dir().join(format!("concierge-source-{}", std::process::id()));
        let course = root.join("course");
        fs::create_dir_all(course.join("lessons/a")).expect("a folder");
        fs::write(root.join("secret"), "secret").expect("a file");
        fs::write(course.join("lessons/a/en.md"), "fine").expect("a file");
        std::os::unix::fs::symlink(root.join("secret"), course.join("lessons/a/fr.md")).expect("a link");
        std::os::unix::fs::symlink(&root, course.join("scenarios")).expect("a link");
        fs::write(course.join("lessons/long"), vec![b'x'; MAX_FILE as usize + 1]).expect("a file");
        let folder = Folder(course.clone());
        assert_eq!(folder.read("lessons/a/en.md").as_deref(), Some("fine"));
        assert_eq!(folder.list("lessons"), ["a", "long"]);
        for path in
            ["lessons/a/fr.md", "../secret", "lessons/../../secret", "scenarios/secret", "lessons/long", "lessons"]
        {
            assert_eq!(folder.read(path), None, "{path}");
        }
        assert_eq!(folder.read(&root.join("secret").display().to_string()), None);
        assert_eq!(folder.list("scenarios"), [""; 0]);
        assert_eq!(folder.list(".."), [""; 0]);
        fs::remove_dir_all(root).expect("the folder goes");
    }
}
