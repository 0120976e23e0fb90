//! The words themselves: French typography in prose and in the French halves of lesson.toml and scenario.toml.

use crate::lesson::content::course::{COURSE_FILE, Loaded};
use crate::lesson::content::diagnostic::{Diagnostic, Place};
use crate::lesson::content::problem::Problem;
use crate::lesson::content::source::Source;
use crate::lesson::typography::slips;
use regex::Regex;

/// Every slip of French typography in the course.
pub fn typography(source: &dyn Source, loaded: &Loaded) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut tables = vec![COURSE_FILE.to_owned()];
    tables.extend(source.list("scenarios").iter().map(|id| format!("scenarios/{id}/scenario.toml")));
    for id in loaded.course.iter().flat_map(|c| &c.lessons) {
        tables.push(format!("lessons/{id}/lesson.toml"));
        let file = format!("lessons/{id}/fr.md");
        let text = source.read(&file).unwrap_or_default();
        found.extend(
            slips(&text)
                .into_iter()
                .map(|(offset, slip)| Diagnostic::new(&file, Place::of(&text, offset), Problem::Typography(slip))),
        );
    }
    // The values of `fr`, with the escapes as they are written: none of them hides a mark.
    let Ok(french) = Regex::new(r#"\bfr\s*=\s*"((?:[^"\\]|\\.)*)""#) else { return found };
    for file in tables {
        let text = source.read(&file).unwrap_or_default();
        for value in french.captures_iter(&text).filter_map(|c| c.get(1)) {
            found.extend(slips(value.as_str()).into_iter().map(|(offset, slip)| {
                Diagnostic::new(&file, Place::of(&text, value.start() + offset), Problem::Typography(slip))
            }));
        }
    }
    found
}
