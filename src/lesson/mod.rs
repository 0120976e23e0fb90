//! Courses, lessons, scenarios, goals, quizzes, hints and progress, and the checks that content must pass.
//!
//! What it is not: it writes nothing to a terminal and knows no colour; texts leave it as [`text::Text`] in both
//! languages and the front end chooses. It looks at the student's machine only through [`judge::facts`].

pub mod check;
pub mod content;
pub mod differ;
pub mod export;
pub mod grade;
pub mod json;
pub mod judge;
pub mod news;
pub mod progress;
pub mod quiz;
pub mod review;
pub mod session;
pub mod student;
pub mod text;
pub mod timeline;
pub mod typo;
pub mod typography;
pub mod why;
pub mod workshop;
