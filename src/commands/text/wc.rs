//! Counts lines, words and bytes: wc(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, absent, flag};
use crate::world::{Cx, Errno, Filter, FilterFlow, OpenKind, filter};

/// `wc`.
pub const COMMAND: Command = Command { name: "wc", path: "/usr/bin/wc", program: |argv| filter(Wc::default(), argv) };

const TABLE: &[Opt] = &[
    flag('c', "bytes"),
    flag('m', "chars"),
    flag('l', "lines"),
    absent('\0', "files0-from"),
    flag('L', "max-line-length"),
    flag('w', "words"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

/// Lines, words, characters, bytes, longest line.
type Counts = [u64; 5];

#[derive(Clone, Default)]
struct Wc {
    shown: [bool; 5],
    width: usize,
    counts: Counts,
    total: Counts,
    files: usize,
    in_word: bool,
    column: u64,
    current: Option<String>,
    failed: bool,
}

impl Filter for Wc {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        self.shown = ["lines", "words", "chars", "bytes", "max-line-length"].map(|key| parsed.has(key));
        if self.shown == [false; 5] {
            self.shown = [true, true, false, true, false];
        }
        self.files = parsed.operands.len();
        self.width = width(cx, &parsed.operands, self.shown.iter().filter(|s| **s).count());
        Ok(parsed.operands)
    }

    fn wants_bytes(&self) -> bool {
        true
    }

    fn file(&mut self, cx: &mut Cx<'_, '_>, file: &str) {
        self.close(cx);
        self.current = Some(file.to_owned());
    }

    fn line(&mut self, _: &mut Cx<'_, '_>, _: &str, _: &[u8]) -> FilterFlow {
        FilterFlow::More
    }

    fn bytes(&mut self, _: &mut Cx<'_, '_>, _: &str, bytes: &[u8]) -> FilterFlow {
        self.counts[3] += bytes.len() as u64;
        for byte in bytes {
            self.counts[0] += u64::from(*byte == b'\n');
            self.counts[2] += u64::from(byte & 0xc0 != 0x80);
            let space = matches!(byte, b' ' | b'\t'..=b'\r');
            self.counts[1] += u64::from(!space && !self.in_word);
            self.in_word = !space;
            self.column = match byte {
                b'\n' | b'\r' | 12 => 0,
                b'\t' => self.column / 8 * 8 + 8,
                0..=31 | 127 | 0x80..=0xbf => self.column,
                _ => self.column + 1,
            };
            self.counts[4] = self.counts[4].max(self.column);
        }
        FilterFlow::More
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.close(cx);
        self.failed = true;
        super::complain(cx, file, errno);
        if errno == Errno::EISDIR {
            self.current = Some(file.to_owned());
        }
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        self.close(cx);
        if self.files > 1 {
            let total = self.total;
            self.show(cx, &total, " total");
        }
        u8::from(self.failed)
    }
}

impl Wc {
    fn close(&mut self, cx: &mut Cx<'_, '_>) {
        let Some(file) = self.current.take() else { return };
        let counts = std::mem::take(&mut self.counts);
        (self.in_word, self.column) = (false, 0);
        for (total, count) in self.total.iter_mut().zip(counts).take(4) {
            *total += count;
        }
        self.total[4] = self.total[4].max(counts[4]);
        let name = if self.files == 0 { String::new() } else { format!(" {file}") };
        self.show(cx, &counts, &name);
    }

    fn show(&self, cx: &mut Cx<'_, '_>, counts: &Counts, name: &str) {
        let shown = counts.iter().zip(self.shown).filter(|(_, shown)| *shown);
        let width = self.width;
        let columns: Vec<String> = shown.map(|(count, _)| format!("{count:>width$}")).collect();
        cx.outln(&format!("{}{name}", columns.join(" ")));
    }
}

/// How wide the columns are: wide enough for the sizes of all files, seven where a size is not known beforehand.
fn width(cx: &mut Cx<'_, '_>, files: &[String], columns: usize) -> usize {
    if files.len() <= 1 && columns == 1 {
        return 1;
    }
    let (mut total, mut least) = (0, 1);
    let stdin = ["-".to_owned()];
    for file in if files.is_empty() { &stdin } else { files } {
        let size = if file == "-" { stdin_size(cx) } else { cx.stat(file).map(|n| n.is_file().then(|| n.size())).ok() };
        match size {
            Some(Some(size)) => total += size,
            Some(None) => least = 7,
            None => {}
        }
    }
    total.to_string().len().max(least)
}

/// The size of standard input when it is a regular file.
fn stdin_size(cx: &Cx<'_, '_>) -> Option<Option<u64>> {
    let file = cx.me().fds.get(&0)?.file;
    match cx.world.open_files.get(file)?.kind {
        OpenKind::File { ino, .. } => Some(Some(cx.world.files.inode(ino)?.size())),
        _ => Some(None),
    }
}
