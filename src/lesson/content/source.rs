//! Where course files come from: the binary itself, a map in a test, or (in `ui`) a folder of the host.

use std::collections::BTreeMap;

/// A tree of text files. Paths are relative, with `/` between names, without a leading slash.
pub trait Source {
    /// The text of the file at `path`; `None` when there is no such file or it is not UTF-8.
    fn read(&self, path: &str) -> Option<String>;
    /// The names in the folder `dir`, sorted, folders without a trailing slash; empty when there is no such folder.
    fn list(&self, dir: &str) -> Vec<String>;
}

/// A tree held in memory.
#[derive(Clone, Debug, Default)]
pub struct MemorySource {
    files: BTreeMap<String, String>,
}

impl MemorySource {
    /// A tree of `(path, text)` pairs.
    pub fn new(files: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> MemorySource {
        MemorySource { files: files.into_iter().map(|(p, t)| (p.into(), t.into())).collect() }
    }

    /// Writes the file at `path`.
    pub fn put(&mut self, path: &str, text: impl Into<String>) {
        self.files.insert(path.to_owned(), text.into());
    }

    /// Removes the file at `path`.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Rewrites the file at `path` with `from` replaced by `to`. Panics when `from` does not occur: a test that edits
    /// nothing proves nothing.
    pub fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.files.get_mut(path).unwrap_or_else(|| panic!("no file {path}"));
        assert!(text.contains(from), "{path} does not contain {from:?}");
        *text = text.replacen(from, to, 1);
    }
}

impl Source for MemorySource {
    fn read(&self, path: &str) -> Option<String> {
        self.files.get(path).cloned()
    }

    fn list(&self, dir: &str) -> Vec<String> {
        names_in(self.files.keys().map(String::as_str), dir)
    }
}

/// The course that the binary carries.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded;

include!(concat!(env!("OUT_DIR"), "/embedded_course.rs"));

impl Source for Embedded {
    fn read(&self, path: &str) -> Option<String> {
        let found = EMBEDDED.binary_search_by(|(name, _)| name.cmp(&path)).ok()?;
        EMBEDDED.get(found).map(|(_, text)| (*text).to_owned())
    }

    fn list(&self, dir: &str) -> Vec<String> {
        names_in(EMBEDDED.iter().map(|(name, _)| *name), dir)
    }
}

fn names_in<'a>(paths: impl Iterator<Item = &'a str>, dir: &str) -> Vec<String> {
    let prefix = if dir.is_empty() { String::new() } else { format!("{}/", dir.trim_end_matches('/')) };
    let mut names: Vec<String> =
        paths.filter_map(|p| p.strip_prefix(&prefix)?.split('/').next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_its_names_once() {
        let source = MemorySource::new([("a/b/c", "1"), ("a/b/d", "2"), ("a/e", "3"), ("ab/f", "4")]);
        assert_eq!(source.list("a"), ["b", "e"]);
        assert_eq!(source.list(""), ["a", "ab"]);
        assert_eq!(source.list("nowhere"), Vec::<String>::new());
    }
}
