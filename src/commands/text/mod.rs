//! Commands for text: filters and calculators.

mod awk;
mod base64;
mod cat;
mod checksum;
mod cmp;
mod column;
mod comm;
mod cut;
pub mod deflate;
mod diff;
mod editor;
mod expr;
mod fold;
mod grep;
mod gzip;
mod head;
mod hexdump;
pub mod jq;
mod man;
mod nl;
mod od;
mod pager;
mod paste;
pub mod regexp;
mod reverse;
mod sed;
mod seq;
mod shuf;
pub mod sort;
mod split;
mod strings;
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
    &base64::BASE32,
    &base64::BASE64,
    &cat::COMMAND,
    &checksum::MD5,
    &checksum::SHA1,
    &checksum::SHA224,
    &checksum::SHA256,
    &checksum::SHA384,
    &checksum::SHA512,
    &cmp::COMMAND,
    &column::COMMAND,
    &comm::COMM,
    &comm::JOIN,
    &cut::COMMAND,
    &diff::COMMAND,
    &editor::NANO,
    &editor::SENSIBLE,
    &editor::VIM,
    &editor::VIM_TINY,
    &expr::COMMAND,
    &fold::EXPAND,
    &fold::FOLD,
    &grep::EGREP,
    &grep::FGREP,
    &grep::GREP,
    &grep::ZGREP,
    &gzip::GUNZIP,
    &gzip::GZIP,
    &gzip::ZCAT,
    &head::COMMAND,
    &hexdump::HD,
    &hexdump::HEXDUMP,
    &hexdump::XXD,
    &jq::COMMAND,
    &nl::COMMAND,
    &od::COMMAND,
    &paste::COMMAND,
    &reverse::REV,
    &reverse::TAC,
    &sed::COMMAND,
    &seq::COMMAND,
    &shuf::COMMAND,
    &sort::COMMAND,
    &split::COMMAND,
    &strings::COMMAND,
    &tail::COMMAND,
    &tee::COMMAND,
    &tr::COMMAND,
    &uniq::COMMAND,
    &man::COMMAND,
    &pager::LESS,
    &pager::MORE,
    &wc::COMMAND,
    &xargs::COMMAND,
    &yes::COMMAND,
];

/// Prints `NAME: FILE: reason`, the file quoted when a shell would need it.
fn complain(cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
    cx.fail(&format!("{}: {}", quote::in_message(file), errno.message()));
}

/// The lines of a text without their newlines; what stands after the last newline is one too.
fn lines_of(text: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = text.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    if lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
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

    #[test]
    fn calculators_answer_as_the_real_ones() {
        Bench::new()
            .file("n", "1\n2\n3\n4\n")
            .file("l", "a 1\nb 2\nd 4\n")
            .file("r", "a x\nc y\nd z\n")
            .file("t", "one two\n\n\nthree\tfour\n")
            .file("csv", "a,bb,c\nddd,e\n")
            .file("d/x", "")
            .play(include_str!("more.cases"));
    }
}
