//! `lessons/translations.lock`: what each text was in both languages when a person last signed both off.
//!
//! One line a text: its key, the hash of the English, the hash of the French. A text that changed since in one language
//! only is a translation that went stale; `concierge translate ack` writes the file again.

use super::course::{COURSE_FILE, Loaded};
use super::diagnostic::{Diagnostic, Place};
use super::problem::{Changed, Problem};
use super::source::Source;
use crate::lesson::text::Text;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where the lock stands.
pub const LOCK_FILE: &str = "lessons/translations.lock";

/// Every text of the course with its key, sorted by key.
pub fn all_texts(loaded: &Loaded) -> BTreeMap<String, Text> {
    let mut texts = BTreeMap::new();
    texts.extend(loaded.course.iter().map(|c| ("course/title".to_owned(), c.title.clone())));
    texts.extend(loaded.scenarios.values().map(|s| (format!("scenario/{}/title", s.id), s.title.clone())));
    texts.extend(loaded.lessons.iter().flat_map(|l| l.texts()));
    texts
}

/// The lock's text for the course as it stands.
pub fn lock_text(loaded: &Loaded) -> String {
    let mut out = String::from("# Both languages as last signed off. Written by `concierge translate ack`.\n");
    for (key, text) in all_texts(loaded) {
        let _ = writeln!(out, "{key} {:016x} {:016x}", hash(&text.en), hash(&text.fr));
    }
    out
}

/// The lock's text with the texts whose key begins with `prefix` signed off, and all others as they were.
pub fn lock_with(source: &dyn Source, loaded: &Loaded, prefix: &str) -> String {
    let old = source.read(LOCK_FILE).unwrap_or_default();
    let new = lock_text(loaded);
    let key = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let mut lines: BTreeMap<String, &str> = old.lines().filter(|l| !l.starts_with('#')).map(|l| (key(l), l)).collect();
    lines.extend(new.lines().filter(|l| !l.starts_with('#') && l.starts_with(prefix)).map(|l| (key(l), l)));
    let head = new.lines().next().unwrap_or_default();
    let body: Vec<&str> = std::iter::once(head).chain(lines.into_values()).collect();
    format!("{}\n", body.join("\n"))
}

/// An error for each text that differs from what was signed off.
pub fn stale(source: &dyn Source, loaded: &Loaded) -> Vec<Diagnostic> {
    let lock = source.read(LOCK_FILE).unwrap_or_default();
    let mut signed: BTreeMap<&str, (usize, &str, &str)> = BTreeMap::new();
    for (n, line) in lock.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
        let mut words = line.split_whitespace();
        if let (Some(key), Some(en), Some(fr)) = (words.next(), words.next(), words.next()) {
            signed.insert(key, (n + 1, en, fr));
        }
    }
    let mut found = Vec::new();
    for (key, text) in all_texts(loaded) {
        let (line, en, fr) = signed.remove(key.as_str()).unwrap_or((1, "", ""));
        let en_same = en == format!("{:016x}", hash(&text.en));
        let fr_same = fr == format!("{:016x}", hash(&text.fr));
        let changed = match (en_same, fr_same) {
            (true, true) => continue,
            _ if en.is_empty() => Changed::New,
            (false, true) => Changed::English,
            (true, false) => Changed::French,
            (false, false) => Changed::Both,
        };
        let at = if changed == Changed::New { Place::START } else { Place { line, column: 1 } };
        found.push(Diagnostic::new(LOCK_FILE, at, Problem::Stale { key, changed }));
    }
    for (key, (line, ..)) in signed {
        let problem = Problem::Stale { key: key.to_owned(), changed: Changed::Gone };
        found.push(Diagnostic::new(LOCK_FILE, Place { line, column: 1 }, problem));
    }
    if loaded.course.is_none() {
        found.retain(|d| d.file == COURSE_FILE);
    }
    found.sort();
    found
}

/// FNV-1a, 64 bits: stable for ever and on every platform.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
