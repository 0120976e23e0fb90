//! What may stand in course files, described once, as JSON Schema for editors (draft 2020-12).
//!
//! The readers are written by hand because they give better errors than any schema; a test asks them for the keys that
//! they know and compares.

use super::schema_tables::{CONDITIONS, FILES, QUIZZES, TABLES};
use crate::lesson::json::string;

/// What the value of a key looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Something in both languages.
    Text,
    /// A string.
    Str,
    /// A whole number.
    Int,
    /// `true` or `false`.
    Bool,
    /// A number or a string, such as `1` or `">= 1"`.
    Amount,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of strings.
    Strs,
    /// One string or several.
    OneOrMore,
    /// Strings by free keys.
    Free,
    /// A table of that name.
    One(&'static str),
    /// A list of tables of that name.
    Many(&'static str),
    /// A condition.
    Condition,
    /// A list of conditions.
    Conditions,
}

/// A key: its name, whether it must be there, what its value looks like.
pub type Key = (&'static str, bool, Shape);

/// A table of a course file.
#[derive(Clone, Copy, Debug)]
pub struct TableOf {
    /// Its name among the tables.
    pub name: &'static str,
    /// Whether it is itself something in both languages, beside its keys.
    pub text: bool,
    /// Its keys.
    pub keys: &'static [Key],
}

impl TableOf {
    /// Every key that the table may have, sorted.
    pub fn known(&self) -> Vec<&'static str> {
        let mut known: Vec<&str> = self.keys.iter().map(|(key, ..)| *key).collect();
        known.extend(if self.text { ["en", "fr", "same"].as_slice() } else { &[] });
        known.sort_unstable();
        known
    }

    fn json(&self, more: &[Key]) -> String {
        let all: Vec<&Key> = more.iter().chain(self.keys).collect();
        let mut properties: Vec<String> =
            all.iter().map(|(key, _, shape)| format!("{}:{}", string(key), shape.json())).collect();
        let required: Vec<String> = all.iter().filter(|(_, must, _)| *must).map(|(key, ..)| string(key)).collect();
        let either = if self.text {
            properties.extend(["en", "fr", "same"].map(|key| format!("\"{key}\":{{\"type\":\"string\"}}")));
            ",\"anyOf\":[{\"required\":[\"en\",\"fr\"]},{\"required\":[\"same\"]}]"
        } else {
            ""
        };
        format!(
            "{{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{{{}}},\"required\":[{}]{either}}}",
            properties.join(","),
            required.join(",")
        )
    }
}

impl Shape {
    fn json(self) -> String {
        let typed = |name: &str| format!("{{\"type\":\"{name}\"}}");
        let list = |of: &str| format!("{{\"type\":\"array\",\"minItems\":1,\"items\":{of}}}");
        match self {
            Shape::Text => reference("text"),
            Shape::Str => typed("string"),
            Shape::Int => typed("integer"),
            Shape::Bool => typed("boolean"),
            Shape::Amount => "{\"type\":[\"number\",\"string\"]}".to_owned(),
            Shape::Words(words) => {
                format!("{{\"enum\":[{}]}}", words.iter().map(|w| string(w)).collect::<Vec<_>>().join(","))
            }
            Shape::Strs => list(&typed("string")),
            Shape::OneOrMore => format!("{{\"anyOf\":[{},{}]}}", typed("string"), list(&typed("string"))),
            Shape::Free => "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}".to_owned(),
            Shape::One(name) => reference(name),
            Shape::Many(name) => list(&reference(name)),
            Shape::Condition => reference("condition"),
            Shape::Conditions => list(&reference("condition")),
        }
    }
}

fn reference(name: &str) -> String {
    format!("{{\"$ref\":\"#/$defs/{name}\"}}")
}

/// The keys of every question.
const QUIZ: &[Key] = &[("id", true, Shape::Str), ("ask", true, Shape::Text), ("explain", false, Shape::Text)];

/// The keys of a question of the kind that `table` describes, sorted.
pub fn quiz_keys(table: &TableOf) -> Vec<&'static str> {
    let mut known = table.known();
    known.extend(QUIZ.iter().map(|(key, ..)| *key));
    known.push("kind");
    known.sort_unstable();
    known
}

/// The schemas, each with the name of the file it is kept in: `lesson.json`, `scenario.json`, `course.json`.
pub fn schemas() -> Vec<(&'static str, String)> {
    let mut defs = vec![format!("\"text\":{}", TableOf { name: "text", text: true, keys: &[] }.json(&[]))];
    // The inside of programs, consoles and queues is told by their own structures and checked by them.
    defs.push("\"anything\":{\"type\":\"object\"}".to_owned());
    defs.extend(TABLES.iter().map(|table| format!("{}:{}", string(table.name), table.json(&[]))));
    let quizzes = QUIZZES.iter().map(|table| {
        let kind = format!("\"properties\":{{\"kind\":{{\"const\":{}}},", string(table.name));
        table.json(QUIZ).replacen("\"properties\":{", &kind, 1).replacen("\"required\":[", "\"required\":[\"kind\",", 1)
    });
    defs.push(format!("\"quiz\":{{\"oneOf\":[{}]}}", quizzes.collect::<Vec<_>>().join(",")));
    let subjects: Vec<String> = CONDITIONS.iter().map(|table| table.json(&[])).collect();
    defs.push(format!(
        "\"condition\":{{\"anyOf\":[{{\"type\":\"array\",\"items\":{}}},{}]}}",
        reference("condition"),
        subjects.join(",")
    ));
    let defs = defs.join(",\n");
    let file = |(name, table): &(&'static str, &str)| {
        let schema = format!(
            "{{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n\"$ref\":\"#/$defs/{table}\",\n\
             \"$defs\":{{\n{defs}}}}}\n"
        );
        (*name, schema)
    };
    FILES.iter().map(file).collect()
}
