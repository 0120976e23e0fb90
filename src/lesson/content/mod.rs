//! The content of a course as values: what `lessons/` and `scenarios/` say, read and checked, each error with its place.

pub mod action;
pub mod chaos;
pub mod condition;
pub mod course;
pub mod diagnostic;
pub mod lesson;
pub mod measure;
pub mod nearest;
pub mod play_fault;
pub mod problem;
pub mod prose;
pub mod quantity;
pub mod quiz;
pub mod quiz_fault;
mod quiz_texts;
pub mod read_condition;
pub mod read_lesson;
pub mod read_program;
pub mod read_quiz;
pub mod read_scenario;
mod read_trial;
pub mod reader;
pub mod scenario;
pub mod schema;
pub mod schema_tables;
pub mod source;
pub mod translations;
pub mod want;

pub use course::Course;
pub use diagnostic::{Diagnostic, Place};
pub use lesson::Lesson;
pub use scenario::Scenario;
pub use source::{Embedded, Source};
