//! Commands for text: filters and calculators.

mod awk;
mod cat;
mod cut;
mod grep;
mod head;
mod jq;
pub mod regexp;
mod sed;
mod seq;
pub mod sort;
mod tail;
mod tee;
mod tr;
mod uniq;
mod wc;
mod xargs;
mod yes;

use super::Command;
use crate::commands::posix::quote;
use crate::world::{Cx, Errno};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &awk::AWK,
    &awk::MAWK,
    &cat::COMMAND,
    &grep::EGREP,
    &grep::FGREP,
    &grep::GREP,
    &grep::ZGREP,
    &head::COMMAND,
    &jq::COMMAND,
    &sed::COMMAND,
    &seq::COMMAND,
    &tail::COMMAND,
    &tee::COMMAND,
    &uniq::COMMAND,
    &cut::COMMAND,
    &sort::COMMAND,
    &tr::COMMAND,
    &wc::COMMAND,
    &xargs::COMMAND,
    &yes::COMMAND,
];

/// Prints `NAME: FILE: reason`, the file quoted when a shell would need it.
fn complain(cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
    cx.fail(&format!("{}: {}", quote::in_message(file), errno.message()));
}

/// Where the last `count` lines of a text begin, in bytes.
fn last_lines(text: &[u8], count: usize) -> usize {
    if count == 0 {
        return text.len();
    }
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    let newlines = body.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    newlines.map(|(at, _)| at + 1).nth(count - 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;

    #[test]
    fn filters_answer_as_the_real_ones() {
        let numbers: String = (1..=12).map(|n| format!("{n}\n")).collect();
        Bench::new()
            .file("n", &numbers)
            .file("d/x", "a\nb\n")
            .file("t", "one two\n\n\nthree\tfour\n")
            .file("u", "no newline")
            .file("csv", "a,b,,d\nnone\n")
            .play(include_str!("text.cases"));
    }
}
