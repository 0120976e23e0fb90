//! The words themselves: French typography, and whether the directives that prose names exist.

use crate::commands::systemctl::verbs::VERBS;
use crate::lesson::content::course::{COURSE_FILE, Loaded};
use crate::lesson::content::diagnostic::{Diagnostic, Place};
use crate::lesson::content::nearest::nearest;
use crate::lesson::content::problem::Problem;
use crate::lesson::content::source::Source;
use crate::lesson::text::Lang;
use crate::lesson::typography::{set, slips};
use crate::systemd::directives;
use regex::{Captures, Regex};

/// A French value in a TOML file.
const FRENCH: &str = r#"\bfr\s*=\s*"((?:[^"\\]|\\.)*)""#;

/// The French of a course's file with every slip that has one remedy repaired; `None` when there is none. French is the
/// whole of `fr.md`, and the values of `fr` in TOML.
pub fn typeset(file: &str, text: &str) -> Option<String> {
    let repaired = if file.ends_with("/fr.md") {
        set(text)
    } else {
        let french = Regex::new(FRENCH).ok()?;
        let repair = |found: &Captures<'_>| found[0].replace(&found[1], &set(&found[1]));
        french.replace_all(text, repair).into_owned()
    };
    (repaired != text).then_some(repaired)
}

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
    let Ok(french) = Regex::new(FRENCH) else { return found };
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

/// The sections of unit files in which a directive may stand.
const SECTIONS: [&str; 6] = ["Unit", "Service", "Install", "Timer", "Socket", "Path"];

/// Every directive that prose names and that does not exist: `Restrat=` in a code span, or in a unit file that is shown.
pub fn directive_names(source: &dyn Source, loaded: &Loaded) -> Vec<Diagnostic> {
    let keys: Vec<String> = SECTIONS.iter().flat_map(|section| directives::keys(section)).collect();
    let known: Vec<String> = keys.iter().map(|key| format!("{key}=")).collect();
    // A code span that begins with a key, or a line of a block that is one.
    unknown_names(source, loaded, r"(?m)(?:`|^)([A-Z][A-Za-z]*[a-z][A-Za-z]*=)", &known)
}

/// Every verb of systemctl that prose names and that does not exist.
pub fn verb_names(source: &dyn Source, loaded: &Loaded) -> Vec<Diagnostic> {
    let known: Vec<String> = VERBS.iter().map(|verb| verb.name.to_owned()).collect();
    unknown_names(source, loaded, r"(?m)(?:`|^)(?:sudo )?systemctl (?:-[-a-z=]+ )*([a-z][-a-z]*)", &known)
}

/// What `pattern` finds in prose and is none of `known`.
fn unknown_names(source: &dyn Source, loaded: &Loaded, pattern: &str, known: &[String]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Ok(pattern) = Regex::new(pattern) else { return found };
    for id in loaded.course.iter().flat_map(|c| &c.lessons) {
        for lang in Lang::ALL {
            let file = format!("lessons/{id}/{}.md", lang.code());
            let text = source.read(&file).unwrap_or_default();
            for name in pattern.captures_iter(&text).filter_map(|c| c.get(1)) {
                if !known.iter().any(|k| k == name.as_str()) {
                    let near = nearest(name.as_str(), known.iter().map(String::as_str)).map(str::to_owned);
                    let problem = Problem::NoSuchName { name: name.as_str().to_owned(), near };
                    found.push(Diagnostic::new(&file, Place::of(&text, name.start()), problem));
                }
            }
        }
    }
    found
}
