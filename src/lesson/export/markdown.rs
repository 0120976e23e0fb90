//! A run as a Markdown transcript: CommonMark, one block of code for each line typed.

use super::{Scene, What, printed};
use std::fmt::Write as _;

/// The transcript, under `title`.
pub fn markdown(title: &str, scenes: &[Scene]) -> String {
    let mut out = format!("# {title}\n");
    for scene in scenes {
        match &scene.what {
            What::Step(step) => {
                let _ = write!(out, "\n## {step}\n");
            }
            What::Typed { prompt, line, shown } => {
                let (line, text) = (line.replace('\n', "\n> "), printed(shown));
                let text = if text.is_empty() { text } else { format!("{text}\n") };
                let body = format!("{prompt}{line}\n{text}");
                let fence = fence(&body);
                let _ = write!(out, "\n{fence}console\n{body}{fence}\n");
            }
            What::Word(word) => {
                let _ = write!(out, "\n`{word}`\n");
            }
            What::Goal { say, met } => {
                let _ = write!(out, "\n- [{}] {say}\n", if *met { 'x' } else { ' ' });
            }
            What::Answered { ask, right } => {
                let _ = write!(out, "\n> {} {}\n", ask.replace('\n', "\n> "), if *right { '✓' } else { '✗' });
            }
        }
    }
    out
}

/// A fence longer than any run of backticks in `body`.
fn fence(body: &str) -> String {
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
