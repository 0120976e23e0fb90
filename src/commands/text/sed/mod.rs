//! Edits lines by a script: sed(1).

mod parse;
mod replace;
mod run;
mod script;

use super::Command;
use crate::commands::options::{self, Hint, Opt, Options, Takes, absent, also, flag, optional, short, value};
use crate::world::{CapabilitySet, Cx, Errno, Filter, FilterFlow, OpenFlags, filter};
use run::{Machine, Next};

/// `sed`.
pub const COMMAND: Command =
    Command { name: "sed", path: "/usr/bin/sed", program: |argv| filter(Sed::default(), argv) };

const TABLE: &[Opt] = &[
    flag('n', "quiet"),
    also('\0', "silent", "quiet", Takes::Nothing),
    absent('\0', "debug"),
    value('e', "expression"),
    value('f', "file"),
    flag('\0', "follow-symlinks"),
    optional('i', "in-place"),
    value('l', "line-length"),
    flag('\0', "posix"),
    flag('E', "regexp-extended"),
    short('r', "r"),
    flag('s', "separate"),
    flag('\0', "sandbox"),
    flag('u', "unbuffered"),
    absent('z', "null-data"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION]... {script-only-if-no-other-script} [input-file]...",
    version: "(GNU sed) 4.9",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

#[derive(Clone, Default)]
struct Sed {
    machine: Machine,
    /// Every file is a stream of its own.
    separate: bool,
    /// The suffix of the copy that is kept when files are edited in place.
    in_place: Option<String>,
    /// The line that is read and not edited yet, and whether a newline followed it.
    held: Option<(Vec<u8>, bool)>,
    /// The file being edited in place.
    file: Option<String>,
    newline: bool,
    failed: u8,
    quit: Option<u8>,
}

impl Filter for Sed {
    const WRITE_ERROR: &'static str = "couldn't flush stdout";

    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<Vec<String>, u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let mut operands = parsed.operands.clone();
        let mut pieces = Vec::new();
        for given in &parsed.options {
            match given.key {
                "expression" => pieces.push((None, given.text().to_owned())),
                "file" => match cx.read_file(given.text()) {
                    Ok(bytes) => {
                        let text = String::from_utf8_lossy(&bytes).into_owned();
                        pieces.push((Some(given.text().to_owned()), text.strip_suffix('\n').unwrap_or(&text).into()));
                    }
                    Err(errno) => {
                        cx.fail(&format!("couldn't open file {}: {}", given.text(), errno.message()));
                        return Err(4);
                    }
                },
                _ => {}
            }
        }
        if pieces.is_empty() {
            if operands.is_empty() {
                return Err(options::misuse(cx, &OPTIONS));
            }
            pieces.push((None, operands.remove(0)));
        }
        let extended = parsed.has("regexp-extended") || parsed.has("r");
        let script = parse::parse(&pieces, extended).map_err(|wrong| {
            cx.fail(&wrong.message);
            wrong.status
        })?;
        self.machine = Machine::new(script, parsed.has("quiet"));
        self.open_outputs(cx)?;
        self.separate = parsed.has("separate") || parsed.has("in-place");
        self.in_place = parsed.has("in-place").then(|| parsed.last("in-place").unwrap_or_default().to_owned());
        if self.in_place.is_some() && operands.is_empty() {
            cx.fail("no input files");
            return Err(4);
        }
        self.newline = true;
        Ok(operands)
    }

    fn file(&mut self, cx: &mut Cx<'_, '_>, file: &str) {
        if self.separate {
            self.close(cx);
            self.machine.begin_file();
        }
        self.machine.file = file.to_owned();
        if self.in_place.is_some() {
            self.file = Some(file.to_owned());
            self.machine.keep_output = true;
        }
    }

    fn unterminated(&mut self, _: &mut Cx<'_, '_>) {
        self.newline = false;
    }

    fn line(&mut self, cx: &mut Cx<'_, '_>, _: &str, line: &[u8]) -> FilterFlow {
        let newline = std::mem::replace(&mut self.newline, true);
        if !self.machine.looks_ahead() {
            return self.feed(cx, line, newline, false);
        }
        match self.held.replace((line.to_vec(), newline)) {
            Some((line, newline)) => self.feed(cx, &line, newline, false),
            None => FilterFlow::More,
        }
    }

    fn error(&mut self, cx: &mut Cx<'_, '_>, file: &str, errno: Errno) {
        self.failed = 2;
        match errno {
            Errno::EISDIR if self.in_place.is_some() => {
                cx.fail(&format!("couldn't edit {file}: not a regular file"));
                self.failed = 4;
            }
            Errno::EISDIR => cx.fail(&format!("read error on {file}: {}", errno.message())),
            errno => cx.fail(&format!("can't read {file}: {}", errno.message())),
        }
    }

    fn end(&mut self, cx: &mut Cx<'_, '_>) -> u8 {
        if self.quit.is_none() || self.in_place.is_some() {
            self.close(cx);
        }
        self.quit.unwrap_or(self.failed)
    }
}

impl Sed {
    /// Files that `w` writes are made before anything is read.
    fn open_outputs(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        for path in self.machine.script.outputs.clone() {
            let fd = match path.as_str() {
                "/dev/stdout" => 1,
                "/dev/stderr" => 2,
                path => cx.open(path, OpenFlags::WRITE, 0o666).map_err(|errno| {
                    cx.fail(&format!("couldn't open file {path}: {}", errno.message()));
                    4
                })?,
            };
            self.machine.outputs.push(fd);
        }
        Ok(())
    }

    fn feed(&mut self, cx: &mut Cx<'_, '_>, line: &[u8], newline: bool, last: bool) -> FilterFlow {
        match self.machine.line(cx, line, newline, last) {
            Next::More => FilterFlow::More,
            Next::Quit(status) => {
                self.quit = Some(status);
                FilterFlow::Done
            }
        }
    }

    /// The end of a stream: the held line is its last; what was edited in place is written.
    fn close(&mut self, cx: &mut Cx<'_, '_>) {
        if let Some((line, newline)) = self.held.take() {
            self.feed(cx, &line, newline, true);
        }
        if self.quit.is_none() {
            self.machine.finish(cx);
        }
        let Some(file) = self.file.take() else { return };
        let mut edited = self.machine.take_kept();
        if self.quit.is_some() {
            // What was not read is kept as it is.
            edited.extend(self.machine.unread(cx, &file));
        }
        if let Err(errno) = self.replace(cx, &file, &edited) {
            let folder = crate::commands::posix::names::dirname(&file).to_owned();
            let name = random_name(cx);
            cx.fail(&format!("couldn't open temporary file {folder}/{name}: {}", errno.message()));
            self.quit = Some(4);
        }
    }

    /// Puts a new file in the place of the old one, which keeps its mode and owner.
    fn replace(&mut self, cx: &mut Cx<'_, '_>, file: &str, contents: &[u8]) -> Result<(), Errno> {
        let suffix = self.in_place.clone().unwrap_or_default();
        let old = cx.stat(file)?.clone();
        let folder = crate::commands::posix::names::dirname(file).to_owned();
        let temporary = format!("{folder}/{}", random_name(cx));
        let fd = cx.open(&temporary, OpenFlags::WRITE, 0o600)?;
        let written = cx.write(fd, contents);
        let _ = cx.close(fd);
        written?;
        if let Ok(ino) = cx.lookup(&temporary, false) {
            let (now, cred) = (cx.now(), cx.cred());
            cx.world.files.set_mode(ino, old.mode, now);
            if cred.can(CapabilitySet::CHOWN) {
                cx.world.files.set_owner(ino, old.uid, old.gid, now);
            }
        }
        if !suffix.is_empty() {
            let name = crate::commands::posix::names::basename(file);
            let backup = match suffix.contains('*') {
                true => suffix.replace('*', name),
                false => format!("{name}{suffix}"),
            };
            let backup = if backup.contains('/') { backup } else { format!("{folder}/{backup}") };
            cx.rename(file, &backup)?;
        }
        cx.rename(&temporary, file)
    }
}

/// `sed` and six letters: the name of a file that is to replace another.
fn random_name(cx: &mut Cx<'_, '_>) -> String {
    const LETTERS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter = |cx: &mut Cx<'_, '_>| char::from(LETTERS[cx.world.rng.below(LETTERS.len() as u64) as usize]);
    "sed".chars().chain((0..6).map(|_| letter(cx)).collect::<String>().chars()).collect()
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::Duration;

    #[test]
    fn edits_as_the_real_one() {
        Bench::new()
            .file("s", "one\ntwo\nthree\nfour\n")
            .file("t", "a b c\nd e f\n")
            .file("u", "no newline")
            .file("scr", "s/one/1/\n# comment\n2d\n")
            .file("ini", "[a]\nx=1\n[b]\nx=2\n")
            .play(include_str!("sed.cases"));
    }

    #[test]
    fn scripts_that_never_end_do_not_hang() {
        let mut bench = Bench::new().file("s", "x\n");
        let pid = bench.start(&["sed", ":a;s/x/x/;ta", "s"], "");
        assert_eq!(bench.wait(pid, Duration::from_secs(1)).status, Some(4));
    }
}
