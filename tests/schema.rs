//! The schemas for editors and the readers of course files know the same keys.
#![allow(clippy::disallowed_methods, reason = "a test reads the repository's files")]

use concierge::lesson::content::course::load_course;
use concierge::lesson::content::problem::Problem;
use concierge::lesson::content::schema::{TableOf, quiz_keys, schemas};
use concierge::lesson::content::schema_tables::{CONDITIONS, QUIZZES, TABLES};
use concierge::lesson::content::source::MemorySource;

const LESSON: &str = "lessons/a/lesson.toml";
const SCENARIO: &str = "scenarios/plain/scenario.toml";
const COURSE: &str = "lessons/course.toml";

/// The keys that the reader of `file` says it knows where the text has the unknown key `zzz`.
fn known(file: &str, text: &str) -> Vec<String> {
    let mut source = MemorySource::new([
        (COURSE, "format = 1\nid = \"c\"\ntitle = { same = \"C\" }\nlessons = [\"a\"]\n"),
        (LESSON, "format = 1\nid = \"a\"\ntitle = { same = \"A\" }\nminutes = 1\nscenario = \"plain\"\n"),
        (
            SCENARIO,
            "format = 1\nid = \"plain\"\ntitle = { same = \"P\" }\nmachine = \"debian-12\"\nclock = \"2026-01-05T09:00:00Z\"\n",
        ),
    ]);
    source.put(file, text);
    let found = load_course(&source).found;
    let known = found.iter().find_map(|d| match &d.problem {
        Problem::UnknownKey { key, known, .. } if key == "zzz" => Some(known.clone()),
        _ => None,
    });
    known.unwrap_or_else(|| {
        panic!(
            "nobody minds zzz in\n{text}\n{:#?}",
            found.iter().map(|d| d.line(concierge::lesson::text::Lang::En)).collect::<Vec<_>>()
        )
    })
}

fn lesson(inside: &str) -> Vec<String> {
    known(LESSON, &format!("format = 1\nid = \"a\"\n[[step]]\nid = \"s\"\n{inside}"))
}

/// Where the tables stand in a file, `zzz` being the place for their keys.
const PLACES: &[(&str, &str)] = &[
    ("step", "zzz = 1"),
    ("goal", "[[step.goal]]\nzzz = 1"),
    ("break", "break = { zzz = 1 }"),
    ("reflect", "reflect = { zzz = 1 }"),
    ("fork", "goal = [{ fork = { zzz = 1 } }]"),
    ("chaos", "goal = [{ chaos = { zzz = 1 } }]"),
    ("survivor", "survives = [{ zzz = 1 }]"),
    ("hint", "hint = [{ zzz = 1 }]"),
    ("solution", "solution = [{ zzz = 1 }]"),
    ("wrong", "wrong = [{ zzz = 1 }]"),
    ("option", "quiz = [{ kind = \"choice\", option = [{ zzz = 1 }] }]"),
    ("foretold", "quiz = [{ kind = \"predict\", option = [{ zzz = 1 }] }]"),
    ("mistake", "quiz = [{ kind = \"short\", mistake = [{ zzz = 1, answer = \"x\" }] }]"),
    ("command-mistake", "quiz = [{ kind = \"command\", mistake = [{ zzz = 1 }] }]"),
    ("item", "quiz = [{ kind = \"order\", item = [{ zzz = 1 }] }]"),
    ("pair", "quiz = [{ kind = \"match\", pair = [{ zzz = 1 }] }]"),
    ("extra", "quiz = [{ kind = \"match\", extra = [{ zzz = 1 }] }]"),
    ("line", "quiz = [{ kind = \"spot\", line = [{ zzz = 1 }] }]"),
];

fn found_for(table: &TableOf) -> Vec<String> {
    let scenario = |inside: &str| known(SCENARIO, &format!("format = 1\nid = \"plain\"\n{inside}"));
    match table.name {
        "course" => known(COURSE, "zzz = 1"),
        "lesson" => known(LESSON, "zzz = 1"),
        "scenario" => scenario("zzz = 1"),
        "file" => scenario("[[file]]\nzzz = 1"),
        name => {
            let (_, inside) = PLACES.iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no place for {name}"));
            lesson(inside)
        }
    }
}

#[test]
fn tables_have_the_keys_that_their_readers_know() {
    for table in TABLES {
        let mut found = found_for(table);
        found.retain(|key| !(table.text && key == "same"));
        let mut want = table.known();
        want.retain(|key| !(table.text && *key == "same"));
        assert_eq!(found, want, "the table {}", table.name);
    }
}

#[test]
fn questions_have_the_keys_that_their_readers_know() {
    for table in QUIZZES {
        // `option` decides which form of a prediction is read.
        let forms: &[&str] = if table.name == "predict" { &["", ", option = []"] } else { &[""] };
        let mut found: Vec<String> = Vec::new();
        for form in forms {
            found.extend(lesson(&format!(
                "quiz = [{{ kind = \"{}\", zzz = 1{form}, answer = 1, verdict = \"accept\" }}]",
                table.name
            )));
        }
        found.sort();
        found.dedup();
        assert_eq!(found, quiz_keys(table), "the kind {}", table.name);
    }
}

#[test]
fn conditions_have_the_keys_that_their_readers_know() {
    for table in CONDITIONS {
        let subject = match table.name {
            "all" | "any" => format!("{} = [{{ boot = 1 }}]", table.name),
            "not" => "not = { boot = 1 }".to_owned(),
            "port" | "boot" => format!("{} = 1", table.name),
            "file" => "file = \"/x\"".to_owned(),
            "timer" => "timer = \"x.timer\"".to_owned(),
            name => format!("{name} = \"x.service\""),
        };
        let found = lesson(&format!("goal = [{{ check = {{ {subject}, zzz = 1 }} }}]"));
        assert_eq!(found, table.known(), "the subject {}", table.name);
    }
}

#[test]
fn every_reference_of_a_schema_leads_somewhere() {
    let all = schemas();
    assert_eq!(all.len(), 3);
    for (name, schema) in all {
        for part in schema.split("#/$defs/").skip(1) {
            let target = part.split('"').next().expect("a name");
            assert!(schema.contains(&format!("\"{target}\":{{")), "{name} refers to {target}");
        }
        assert_eq!(schema.matches('{').count(), schema.matches('}').count(), "{name}");
    }
}
