//! Lists folders: ls(1).

mod color;
mod columns;
mod entry;
mod long;
mod settings;

use super::Command;
use crate::commands::options::{Stop, ended};
use crate::commands::posix::quote;
use crate::world::{Cx, one_shot};
use entry::Entry;
pub use entry::{blocks, links};
use settings::{Format, Settings};

/// `ls`.
pub const LS: Command =
    Command { name: "ls", path: "/usr/bin/ls", program: |argv| one_shot(|cx| ended(run(cx)), argv) };
/// `dir`: `ls -C -b`.
pub const DIR: Command = Command { name: "dir", path: "/usr/bin/dir", ..LS };
/// `vdir`: `ls -l -b`.
pub const VDIR: Command = Command { name: "vdir", path: "/usr/bin/vdir", ..LS };

/// A listing in the making.
struct Listing {
    set: Settings,
    paint: color::Colors,
    status: u8,
    /// Whether something was printed: the next folder is set off by an empty line.
    any: bool,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let (set, mut operands) = settings::read(cx)?;
    let paint = color::Colors::new(cx, set.color);
    let mut listing = Listing { set, paint, status: 0, any: false };
    if operands.is_empty() {
        operands.push(".".into());
    }
    let several = operands.len() > 1;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for path in operands {
        let follow = listing.set.dereference || (!listing.set.long() && !listing.set.folders_themselves);
        match Entry::find(cx, &path, &path, follow || path.ends_with('/')) {
            Ok(entry) if entry.node.is_dir() && !listing.set.folders_themselves => folders.push(entry),
            Ok(entry) => files.push(entry),
            Err(errno) => {
                let quoted = quote::shell_escape_always(&path);
                cx.fail(&format!("cannot access {quoted}: {}", errno.message()));
                listing.status = 2;
            }
        }
    }
    listing.set.sort(&mut files);
    listing.set.sort(&mut folders);
    if !files.is_empty() {
        listing.print(cx, &files, false);
    }
    let headers = several || listing.set.recursive;
    let mut todo: Vec<String> = folders.into_iter().rev().map(|entry| entry.name).collect();
    let mut top = todo.len();
    while let Some(path) = todo.pop() {
        let nested = todo.len() >= top;
        top = top.min(todo.len());
        let below = listing.folder(cx, &path, headers, nested);
        todo.extend(below.into_iter().rev());
    }
    Ok(listing.status)
}

impl Listing {
    /// Lists one folder; returns the folders in it when they are to be listed too.
    fn folder(&mut self, cx: &mut Cx<'_, '_>, path: &str, header: bool, nested: bool) -> Vec<String> {
        let names = match cx.read_dir(path) {
            Ok(names) => names,
            Err(errno) => {
                let quoted = quote::shell_escape_always(path);
                cx.fail(&format!("cannot open directory {quoted}: {}", errno.message()));
                self.status = self.status.max(if nested { 1 } else { 2 });
                return Vec::new();
            }
        };
        if header {
            let gap = if self.any { "\n" } else { "" };
            let shown = self.set.quoted(path).replace(':', "\\:");
            let shown = if self.set.quotes() { shown } else { path.to_owned() };
            cx.outln(&format!("{gap}{shown}:"));
        }
        self.any = true;
        let inside = |name: &str| if path.ends_with('/') { format!("{path}{name}") } else { format!("{path}/{name}") };
        let mut all: Vec<String> = Vec::new();
        if self.set.dots {
            all.extend([".".to_owned(), "..".to_owned()]);
        }
        all.extend(names.iter().filter(|name| self.set.shows(name)).map(|name| name.to_string()));
        let mut entries: Vec<Entry> = all
            .into_iter()
            .filter_map(|name| Entry::find(cx, &inside(&name), &name, self.set.dereference).ok())
            .collect();
        self.set.sort(&mut entries);
        self.print(cx, &entries, true);
        let below = entries.iter().filter(|e| self.set.recursive && e.node.is_dir() && e.name != "." && e.name != "..");
        below.map(|entry| inside(&entry.name)).collect()
    }

    fn print(&mut self, cx: &mut Cx<'_, '_>, entries: &[Entry], total: bool) {
        self.any = true;
        if total && (self.set.long() || self.set.blocks) {
            let blocks: u64 = entries.iter().map(Entry::blocks).sum();
            cx.outln(&format!("total {}", self.set.size(blocks * 1024, true)));
        }
        match self.set.format {
            Format::Long => long::print(cx, &self.set, &mut self.paint, entries),
            Format::Single => {
                let width = self.set.prefix_width(entries);
                for entry in entries {
                    let (text, _) = self.set.cell(&mut self.paint, entry, width, false);
                    cx.outln(&text);
                }
            }
            Format::Commas | Format::Down | Format::Across => {
                columns::print(cx, &self.set, &mut self.paint, entries);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::fs::{Cred, Kind};

    fn bench() -> Bench {
        let mut bench = Bench::new().file("a.txt", "hello\n").file("my file.txt", "x\n").file("d/sub/x", "");
        let now = bench.world.now;
        let root = Cred::root();
        bench.world.files.remove_all("/w/d/sub/x", now);
        for (target, path) in [("a.txt", "/w/link"), ("nof", "/w/broken")] {
            bench.world.files.symlink(&root, "/", target, path, now).unwrap();
        }
        let ino = bench.world.files.lookup(&root, "/w", "a.txt", true).unwrap();
        bench.world.files.set_mode(ino, 0o755, now);
        bench.world.files.mkdir_all("/w/.hd", now);
        let found = bench.world.files.find(&root, "/", "/w/p", false).unwrap();
        bench.world.files.create(&root, &found, Kind::Fifo, 0o644, now).unwrap();
        bench
    }

    #[test]
    fn lists_as_the_real_one() {
        bench().play(include_str!("ls.cases"));
    }

    #[test]
    fn a_terminal_gets_columns_quotes_and_colours() {
        let mut bench = bench();
        bench.terminal = true;
        assert_eq!(bench.line("ls", "").out, " a.txt\t broken   d   link  'my file.txt'   p\n");
        let colored = bench.line("ls --color=auto", "").out;
        let expected = " \x1b[0m\x1b[01;32ma.txt\x1b[0m   \x1b[01;36mbroken\x1b[0m   \x1b[01;34md\x1b[0m   \
                        \x1b[01;36mlink\x1b[0m  'my file.txt'   \x1b[33mp\x1b[0m\n";
        assert_eq!(colored, expected);
    }

    #[test]
    fn long_lines_are_aligned() {
        let out = bench().line("ls -l", "").out;
        let expected = "total 12\n\
            -rwxr-xr-x 1 deploy deploy    6 Nov 20 10:00 a.txt\n\
            lrwxrwxrwx 1 root   root      3 Nov 20 10:00 broken -> nof\n\
            drwxr-xr-x 3 deploy deploy 4096 Nov 20 10:00 d\n\
            lrwxrwxrwx 1 root   root      5 Nov 20 10:00 link -> a.txt\n\
            -rw-r--r-- 1 deploy deploy    2 Nov 20 10:00 my file.txt\n\
            prw-r--r-- 1 root   root      0 Nov 20 10:00 p\n";
        assert_eq!(out, expected);
    }
}
