//! A course: `lessons/course.toml` gives the order; lessons and scenarios are read when they are opened, or all at once.

use super::diagnostic::{Diagnostic, Doc, Place};
use super::lesson::Lesson;
use super::nearest::nearest;
use super::problem::{Problem, Thing};
use super::read_lesson::load_lesson;
use super::read_program;
use super::read_scenario::load_scenario;
use super::reader::{Table, read_root};
use super::scenario::Scenario;
use super::source::Source;
use crate::lesson::text::Text;
use std::collections::BTreeMap;

/// Where the course's table of contents stands.
pub const COURSE_FILE: &str = "lessons/course.toml";

/// The table of contents.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Stable for ever; names the student's progress file.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// The lessons' ids in their order.
    pub lessons: Vec<String>,
    /// Where each lesson is listed.
    places: Vec<Place>,
}

/// A course with everything in it.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The table of contents; `None` when it could not be read.
    pub course: Option<Course>,
    /// The lessons without errors, in order.
    pub lessons: Vec<Lesson>,
    /// The scenarios without errors, by id.
    pub scenarios: BTreeMap<String, Scenario>,
    /// Every error of every file, sorted by file and place.
    pub found: Vec<Diagnostic>,
}

impl Course {
    /// Reads the table of contents; errors are added to `found`.
    pub fn open(source: &dyn Source, found: &mut Vec<Diagnostic>) -> Option<Course> {
        let before = found.len();
        let Some(text) = source.read(COURSE_FILE) else {
            found.push(Diagnostic::new(COURSE_FILE, Place::START, Problem::NoFile));
            return None;
        };
        let doc = Doc::new(COURSE_FILE, &text);
        let course = read_root(&doc, |table| course_table(&table, source));
        found.extend(doc.into_diagnostics());
        course.filter(|_| found.len() == before)
    }
}

fn course_table(table: &Table<'_>, source: &dyn Source) -> Course {
    table.need_format();
    let mut course =
        Course { id: table.need_id(), title: table.need_text("title"), lessons: Vec::new(), places: Vec::new() };
    table.need("lessons");
    let folders = source.list("lessons");
    for (id, node) in table.strings("lessons") {
        if course.lessons.contains(&id) {
            node.report(Problem::Duplicate(id));
        } else if !folders.contains(&id) {
            let near = nearest(&id, folders.iter().map(String::as_str)).map(str::to_owned);
            node.report(Problem::NoSuch { what: Thing::Lesson, id, near });
        } else {
            course.lessons.push(id);
            course.places.push(node.place());
        }
    }
    course
}

/// Reads everything and reports everything: each lesson listed, each scenario in `scenarios/`, and what joins them.
pub fn load_course(source: &dyn Source) -> Loaded {
    let mut loaded = Loaded::default();
    let mut found = Vec::new();
    loaded.course = Course::open(source, &mut found);
    // A folder that begins with `_` is no scenario: `_programs` holds declarations that scenarios share.
    let scenarios: Vec<String> = source.list("scenarios").into_iter().filter(|name| !name.starts_with('_')).collect();
    for name in source.list("scenarios/_programs").iter().filter(|name| name.ends_with(".toml")) {
        let path = format!("scenarios/_programs/{name}");
        let text = source.read(&path).unwrap_or_default();
        read_program::file(&path, &text, &mut found);
    }
    for folder in &scenarios {
        let scenario = load_scenario(source, folder, &mut found);
        loaded.scenarios.extend(scenario.map(|s| (s.id.clone(), s)));
    }
    let course = loaded.course.clone().unwrap_or_default();
    for (n, (id, at)) in course.lessons.iter().zip(&course.places).enumerate() {
        let Some(lesson) = load_lesson(source, id, &mut found) else { continue };
        let file = format!("lessons/{id}/lesson.toml");
        if !scenarios.contains(&lesson.scenario) {
            let near = nearest(&lesson.scenario, scenarios.iter().map(String::as_str)).map(str::to_owned);
            let problem = Problem::NoSuch { what: Thing::Scenario, id: lesson.scenario.clone(), near };
            found.push(Diagnostic::new(file, key_place(source, id, "scenario"), problem));
        }
        for required in &lesson.requires {
            match course.lessons.iter().position(|l| l == required) {
                Some(position) if position < n => {}
                Some(_) => found.push(Diagnostic::new(COURSE_FILE, *at, Problem::RequiresLater(required.clone()))),
                None => {
                    let near = nearest(required, course.lessons.iter().map(String::as_str)).map(str::to_owned);
                    let problem = Problem::NoSuch { what: Thing::Lesson, id: required.clone(), near };
                    let file = format!("lessons/{id}/lesson.toml");
                    found.push(Diagnostic::new(file, key_place(source, id, "requires"), problem));
                }
            }
        }
        loaded.lessons.push(lesson);
    }
    found.sort();
    found.dedup();
    loaded.found = found;
    loaded
}

/// Where a top-level key of a lesson stands.
fn key_place(source: &dyn Source, id: &str, key: &str) -> Place {
    let text = source.read(&format!("lessons/{id}/lesson.toml")).unwrap_or_default();
    let line =
        text.lines().position(|l| l.trim_start().strip_prefix(key).is_some_and(|r| r.trim_start().starts_with('=')));
    Place { line: line.map_or(1, |n| n + 1), column: 1 }
}
