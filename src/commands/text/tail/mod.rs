//! Prints the last part of files, and what is added to them: tail(1).

mod follow;

use super::Command;
use crate::commands::options::{self, Opt, Options, Takes, absent, also, flag, optional, short, value};
use crate::commands::posix::number::size;
use crate::commands::process::launch::interval;
use crate::world::{Cx, Duration, Errno, Fd, OpenFlags, OpenKind, Pid, Task, TaskStep, Wait, task};
use follow::Followed;

/// `tail`.
pub const COMMAND: Command =
    Command { name: "tail", path: "/usr/bin/tail", program: |argv| task(Tail::default(), argv) };

const TABLE: &[Opt] = &[
    value('c', "bytes"),
    optional('\0', "follow"),
    also('f', "", "f", Takes::Nothing),
    short('F', "F"),
    value('n', "lines"),
    absent('\0', "max-unchanged-stats"),
    value('\0', "pid"),
    flag('q', "quiet"),
    also('\0', "silent", "quiet", Takes::Nothing),
    flag('\0', "retry"),
    value('s', "sleep-interval"),
    flag('v', "verbose"),
    absent('z', "zero-terminated"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

#[derive(Clone, Default)]
struct Tail {
    started: bool,
    bytes: bool,
    /// `+N`: from the N-th one on.
    from_start: bool,
    count: u64,
    follow: bool,
    by_name: bool,
    retry: bool,
    watched: Option<Pid>,
    interval: Duration,
    headers: bool,
    files: Vec<Followed>,
    /// The file whose end is being looked for; past the last: following.
    dumping: usize,
    /// The file that the last output came from.
    shown: Option<usize>,
    failed: bool,
}

/// So much of a pipe is kept for its last lines before what is too old is dropped.
const KEPT: usize = 4 * 1024 * 1024;
/// How many bytes are read in one turn.
const TURN: usize = 1024 * 1024;

impl Task for Tail {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(cx) {
                return TaskStep::Exit(status);
            }
        }
        while self.dumping < self.files.len() {
            match self.dump(cx, self.dumping) {
                Some(step) => return step,
                None => self.dumping += 1,
            }
        }
        if !self.follow {
            return TaskStep::Exit(u8::from(self.failed));
        }
        self.follow(cx)
    }
}

impl Tail {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        let args = old_form(super::head::old_count(cx.args()));
        let parsed = options::parse_args(cx, &OPTIONS, &args)?;
        let fail = |cx: &mut Cx<'_, '_>, message: &str| {
            cx.fail(message);
            Err(1)
        };
        self.count = 10;
        if let Some(key) = parsed.last_of(&["bytes", "lines"]) {
            let text = parsed.last(key).unwrap_or_default();
            self.bytes = key == "bytes";
            self.from_start = text.starts_with('+');
            match size(text.strip_prefix(['-', '+']).unwrap_or(text)) {
                Some(count) => self.count = count,
                None => {
                    let what = if self.bytes { "bytes" } else { "lines" };
                    return fail(cx, &format!("invalid number of {what}: ‘{text}’"));
                }
            }
        }
        let by_name = matches!(parsed.last("follow"), Some("name"));
        self.follow = parsed.last_of(&["f", "F", "follow"]).is_some();
        self.by_name = parsed.has("F") || by_name;
        self.retry = parsed.has("F") || parsed.has("retry");
        if let Some(text) = parsed.last("pid") {
            match text.parse() {
                Ok(pid) => self.watched = Some(pid),
                Err(_) => return fail(cx, &format!("invalid PID: ‘{text}’")),
            }
            if !self.follow {
                cx.fail("warning: PID ignored; --pid=PID is useful only when following");
            }
        }
        self.interval = Duration::from_secs(1);
        if let Some(text) = parsed.last("sleep-interval") {
            match interval(text) {
                Some(time) => self.interval = time.max(Duration::from_millis(1)),
                None => return fail(cx, &format!("invalid number of seconds: ‘{text}’")),
            }
        }
        self.headers = match parsed.last_of(&["quiet", "verbose"]) {
            Some(key) => key == "verbose",
            None => parsed.operands.len() > 1,
        };
        let mut names = parsed.operands.clone();
        if names.is_empty() {
            names.push("-".into());
            // What comes through a pipe has an end of its own.
            self.follow &= !is_pipe(cx, 0);
        }
        self.files = names.into_iter().map(Followed::new).collect();
        Ok(())
    }

    /// Prints the last part of one file; `Some`: it is not complete yet.
    fn dump(&mut self, cx: &mut Cx<'_, '_>, index: usize) -> Option<TaskStep> {
        let name = self.files[index].name.clone();
        if self.files[index].fd.is_none() {
            match open(cx, &name) {
                Ok(fd) => {
                    self.files[index].fd = Some(fd);
                    self.files[index].remember(cx);
                    self.header(cx, index, false);
                }
                Err(errno) => {
                    self.failed = true;
                    self.files[index].missing = true;
                    cx.fail(&format!("cannot open '{name}' for reading: {}", errno.message()));
                    return None;
                }
            }
        }
        let fd = self.files[index].fd?;
        let mut turn = 0;
        loop {
            if turn >= TURN {
                // What never ends is read in turns, so that others have theirs and memory can run out.
                cx.sys.charge(Duration::from_micros(300));
                return Some(TaskStep::Again);
            }
            match cx.read(fd, 65_536) {
                Ok(bytes) if bytes.is_empty() => break,
                Ok(bytes) => {
                    self.files[index].offset += bytes.len();
                    turn += bytes.len();
                    self.take(cx, index, bytes);
                    if cx.sys.is_dead() {
                        return Some(TaskStep::Exit(1));
                    }
                }
                Err(Errno::EAGAIN) => return Some(TaskStep::Wait(Wait::fd(fd))),
                Err(errno) => {
                    self.failed = true;
                    let shown = if name == "-" { "standard input" } else { &name };
                    cx.fail(&format!("error reading '{shown}': {}", errno.message()));
                    if errno == Errno::EISDIR && self.follow {
                        let rest = if self.retry { "" } else { "; giving up on this name" };
                        cx.fail(&format!("{name}: cannot follow end of this type of file{rest}"));
                    }
                    self.files[index].fd = None;
                    return None;
                }
            }
        }
        let held = std::mem::take(&mut self.files[index].held);
        if !self.from_start {
            let from = self.tail_of(&held);
            cx.print(1, &held[from..]);
        }
        if !self.follow && name != "-" {
            let _ = cx.close(fd);
        }
        None
    }

    /// Where the last part begins.
    fn tail_of(&self, held: &[u8]) -> usize {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        if self.bytes { held.len().saturating_sub(count) } else { super::last_lines(held, count) }
    }

    /// New bytes of a file whose end is being looked for.
    fn take(&mut self, cx: &mut Cx<'_, '_>, index: usize, bytes: Vec<u8>) {
        if self.from_start {
            let skip = self.count.saturating_sub(1);
            let file = &mut self.files[index];
            let mut at = 0;
            while at < bytes.len() && file.skipped < skip {
                file.skipped += u64::from(self.bytes || bytes[at] == b'\n');
                at += 1;
            }
            cx.print(1, &bytes[at..]);
            return;
        }
        let (count, ends) = (bytes.len() as u64, self.bytes || bytes.contains(&b'\n'));
        self.files[index].held.extend(bytes);
        self.files[index].memory += count;
        if self.files[index].held.len() > KEPT && ends {
            let from = self.tail_of(&self.files[index].held);
            self.files[index].held.drain(..from);
            if from > 0 {
                self.files[index].memory = self.files[index].held.len() as u64;
            }
        }
        if self.files[index].held.len() > 2 * KEPT {
            // A line without an end is not kept whole here; it only counts.
            self.files[index].held.drain(..KEPT);
        }
        let held = self.files[index].memory;
        cx.sys.hold_memory(held);
    }

    /// The line that tells which file follows. While following it stands only where the file changes.
    fn header(&mut self, cx: &mut Cx<'_, '_>, index: usize, following: bool) {
        if self.shown == Some(index) && following {
            return;
        }
        if self.headers {
            let gap = if self.shown.is_some() { "\n" } else { "" };
            let name = &self.files[index].name;
            let name = if name == "-" { "standard input" } else { name };
            cx.outln(&format!("{gap}==> {name} <=="));
        }
        self.shown = Some(index);
    }
}

fn open(cx: &mut Cx<'_, '_>, name: &str) -> Result<Fd, Errno> {
    if name == "-" { Ok(0) } else { cx.open(name, OpenFlags::READ, 0) }
}

/// Whether a descriptor is a pipe.
fn is_pipe(cx: &Cx<'_, '_>, fd: Fd) -> bool {
    let kind = cx.me().fds.get(&fd).and_then(|d| cx.world.open_files.get(d.file)).map(|file| &file.kind);
    matches!(kind, Some(OpenKind::PipeRead(_) | OpenKind::PipeWrite(_) | OpenKind::Socket { .. }))
}

/// `tail +5` is `tail -n +5`.
fn old_form(mut args: Vec<String>) -> Vec<String> {
    if let Some(first) = args.first_mut() {
        let digits = first.strip_prefix('+').unwrap_or_default();
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            *first = format!("-n{first}");
        }
    }
    args
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn ends_are_printed_as_by_the_real_one() {
        let numbers: String = (1..=12).map(|n| format!("{n}\n")).collect();
        Bench::new()
            .file("n", &numbers)
            .file("d/x", "a\nb\n")
            .file("u", "no\nnewline")
            .play(include_str!("tail.cases"));
    }

    #[test]
    fn additions_are_followed() {
        let mut bench = Bench::new().file("log", "1\n2\n3\n");
        let pid = bench.start(&["tail", "-n1", "-f", "log"], "");
        assert_eq!(bench.wait(pid, SECOND).out, "3\n");
        let mut bench = bench.append("log", "4\n");
        assert_eq!(bench.wait(pid, SECOND).out, "3\n4\n");
        bench = bench.file("log", "new\n");
        bench.touch("log");
        let ran = bench.wait(pid, SECOND);
        assert_eq!(ran.out, "3\n4\nnew\n");
        assert_eq!(ran.err, "tail: log: file truncated\n");
        assert_eq!(ran.status, None);
    }

    #[test]
    fn a_name_is_followed_through_rotation() {
        let mut bench = Bench::new().file("log", "1\n");
        let pid = bench.start(&["tail", "-F", "log"], "");
        bench.wait(pid, SECOND);
        let now = bench.world.now;
        bench.world.files.rename(&crate::world::fs::Cred::root(), "/w", "log", "log.1", now).unwrap();
        bench.touch("log.1");
        let ran = bench.wait(pid, SECOND * 2);
        assert_eq!(ran.err, "tail: 'log' has become inaccessible: No such file or directory\n");
        let mut bench = bench.file("log", "2\n");
        let ran = bench.wait(pid, SECOND * 2);
        assert_eq!(ran.out, "1\n2\n");
        assert!(ran.err.ends_with("tail: 'log' has appeared;  following new file\n"), "{}", ran.err);
    }

    #[test]
    fn it_ends_with_the_process_it_watches() {
        let mut bench = Bench::new().file("log", "1\n");
        let other = bench.start(&["sleep", "3"], "");
        let pid = bench.start(&["tail", "-f", &format!("--pid={other}"), "log"], "");
        assert_eq!(bench.wait(pid, SECOND).status, None);
        assert_eq!(bench.wait(pid, SECOND * 5).status, Some(0));
    }
}
