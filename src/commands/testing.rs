//! A bench for the tests of commands: a machine without a service manager on which one command runs at a time.
//!
//! Cases are recorded from the real tools of Debian 12 in files of this form:
//!
//! ```text
//! $ sort -n -k 2       the command, words quoted with ' when needed
//! <b 2                 a line of standard input (a last line `<\` : no newline after the line before)
//! |b 2                 a line of standard output
//! !sort: …             a line of standard error
//! ? 1                  the exit status, when it is not 0
//! ```

use std::any::Any;
use std::collections::BTreeMap;

use crate::commands;
use crate::systemd::Systemd;
use crate::world::fs::{Cred, Device, Kind};
use crate::world::{Duration, ExitStatus, Init, Notice, OpenFlags, Opener, Pid, Time, World};

/// An init that hears how its children end, and passes everything on to systemd.
#[derive(Default)]
struct Reaper(BTreeMap<Pid, ExitStatus>, Systemd);

impl Init for Reaper {
    fn notice(&mut self, world: &mut World, notice: Notice) {
        if let Notice::Exited { pid, status, .. } = notice {
            self.0.insert(pid, status);
        }
        self.1.notice(world, notice);
    }
    fn as_any(&mut self) -> &mut dyn Any {
        &mut self.1
    }
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// Exit status as a shell shows it; `None`: it still runs.
    pub status: Option<u8>,
}

/// A machine with every command and a folder `/w`, owned by the user `deploy` (1000) who runs the commands.
pub struct Bench {
    /// The machine.
    pub world: World,
    /// Whether standard output is a terminal; it is `/out` otherwise.
    pub terminal: bool,
    /// PID 1's memory, the journal above all; it has booted nothing.
    pub systemd: Systemd,
    /// Whose rights the commands have.
    pub cred: Cred,
}

const OWNER: u32 = 1000;

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}

impl Bench {
    /// A fresh machine; it is 2026-11-20 10:00:00.
    pub fn new() -> Self {
        let mut world = World::new(Time::from_secs(1_795_168_800), 7, commands::load);
        let now = world.now;
        world.start_init("/sbin/init", &["/sbin/init"]);
        for command in commands::all() {
            world.files.put(command.path, &World::program_file(command.name), 0o755, (0, 0), now);
        }
        let passwd = "root:x:0:0:root:/root:/bin/bash\ndeploy:x:1000:1000::/home/deploy:/bin/bash\n";
        world.files.put("/etc/passwd", passwd.as_bytes(), 0o644, (0, 0), now);
        world.files.put("/etc/group", b"root:x:0:\nadm:x:4:\ndeploy:x:1000:\n", 0o644, (0, 0), now);
        world.files.mkdir_all("/w", now);
        world.files.mkdir_all("/tmp", now);
        for (path, mode, owner) in [("/w", 0o755, OWNER), ("/tmp", 0o1777, 0)] {
            if let Ok(ino) = world.files.lookup(&Cred::root(), "/", path, true) {
                world.files.set_owner(ino, owner, owner, now);
                world.files.set_mode(ino, mode, now);
            }
        }
        for (name, device) in [("null", Device::Null), ("zero", Device::Zero), ("full", Device::Full)] {
            world.files.mkdir_all("/dev", now);
            let found = world.files.find(&Cred::root(), "/", &format!("/dev/{name}"), false).unwrap();
            world.files.create(&Cred::root(), &found, Kind::Device(device), 0o666, now).unwrap();
        }
        let tty = world.open_terminal(1, OWNER);
        assert_eq!(tty, 0);
        let cred = Cred::new(OWNER, OWNER, [OWNER]);
        Bench { world, terminal: false, systemd: Systemd::default(), cred }
    }

    /// A file of the user's in `/w` (or anywhere, with an absolute path).
    pub fn file(mut self, path: &str, contents: &str) -> Self {
        let path = crate::world::fs::join("/w", path);
        let now = self.world.now;
        self.world.files.put(&path, contents.as_bytes(), 0o644, (OWNER, OWNER), now);
        for (cut, _) in path.match_indices('/').filter(|(cut, _)| path[..*cut].starts_with("/w/")) {
            if let Ok(ino) = self.world.files.lookup(&Cred::root(), "/", &path[..cut], true) {
                self.world.files.set_owner(ino, OWNER, OWNER, now);
            }
        }
        self
    }

    /// Adds to a file, as another process would.
    pub fn append(mut self, path: &str, more: &str) -> Self {
        let text = self.read(path).unwrap_or_default() + more;
        self = self.file(path, &text);
        self.touch(path);
        self
    }

    /// Wakes those who watch a file.
    pub fn touch(&mut self, path: &str) {
        if let Ok(ino) = self.world.files.lookup(&Cred::root(), "/w", path, true) {
            self.world.file_changed(ino);
        }
    }

    /// The contents of a file in `/w`.
    pub fn read(&self, path: &str) -> Option<String> {
        self.world.files.text(&crate::world::fs::join("/w", path))
    }

    /// Starts a command in `/w`; returns its process id.
    pub fn start(&mut self, words: &[&str], stdin: &str) -> Pid {
        let now = self.world.now;
        for (path, contents) in [("/in", stdin), ("/out", ""), ("/err", "")] {
            self.world.files.remove_all(path, now);
            self.world.files.put(path, contents.as_bytes(), 0o666, (OWNER, OWNER), now);
        }
        let pid = self.world.fork_unborn(1).unwrap();
        let cred = self.cred.clone();
        let out = if self.terminal { "/dev/pts/0" } else { "/out" };
        for (fd, path, flags) in
            [(0, "/in", OpenFlags::READ), (1, out, OpenFlags::APPEND), (2, "/err", OpenFlags::APPEND)]
        {
            let who = Opener { cred: &Cred::root(), cwd: "/", umask: 0o022, tty: None };
            let file = self.world.open(&who, path, flags, 0o666).unwrap();
            self.world.install(pid, fd, file, false);
        }
        if stdin.len() < 60_000 {
            let (reader, writer) = self.world.make_pipe();
            self.world.install(1, 9, writer, false);
            self.world.install(pid, 0, reader, false);
            self.world.write_fd(1, 9, stdin.as_bytes()).unwrap();
            self.world.close(1, 9).unwrap();
        }
        let process = self.world.process_mut(pid).unwrap();
        (process.ruid, process.cred, process.cwd) = (cred.uid, cred, "/w".into());
        let argv: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
        let mut env = ["HOME=/home/deploy", "PATH=/usr/bin", "USER=deploy"].map(str::to_owned).to_vec();
        env.extend(self.terminal.then(|| "TERM=xterm-256color".to_owned()));
        let path = commands::all().find(|c| c.name == words[0]).map_or(words[0], |c| c.path);
        self.world.exec(pid, path, &argv, env).unwrap();
        pid
    }

    /// Lets time pass, and tells what is in `/out` and `/err`, and whether the process has ended.
    pub fn wait(&mut self, pid: Pid, time: Duration) -> Ran {
        let deadline = self.world.now + time;
        let mut init = Reaper(BTreeMap::new(), std::mem::take(&mut self.systemd));
        while !init.0.contains_key(&pid) && self.world.run_one(&mut init, deadline) {}
        let status = init.0.get(&pid).copied();
        if status.is_none() {
            self.world.now = self.world.now.max(deadline);
        }
        self.systemd = init.1;
        let mut out = self.world.files.text("/out").unwrap_or_default();
        if let (true, Some(terminal)) = (self.terminal, self.world.terminals.get_mut(&0)) {
            out = String::from_utf8_lossy(&terminal.take_output()).into_owned();
        }
        let err = self.world.files.text("/err").unwrap_or_default();
        Ran { out, err, status: status.map(ExitStatus::code) }
    }

    /// Runs a command to its end, a minute at most.
    pub fn run(&mut self, words: &[&str], stdin: &str) -> Ran {
        let pid = self.start(words, stdin);
        self.wait(pid, Duration::from_secs(60))
    }

    /// Runs a command line without any shell syntax but quotes.
    pub fn line(&mut self, line: &str, stdin: &str) -> Ran {
        let words = split(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.run(&words, stdin)
    }

    /// Plays recorded cases and reports all that differ.
    pub fn play(&mut self, cases: &str) {
        let mut wrong = Vec::new();
        let mut count = 0;
        for case in cases.split("\n$ ").map(|case| case.strip_prefix("$ ").unwrap_or(case)) {
            let (line, rest) = case.split_once('\n').unwrap_or((case, ""));
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            count += 1;
            let want = |mark: char| marked(rest, mark);
            let ran = self.line(line, &want('<'));
            let status = want('?').trim().parse().unwrap_or(0);
            let expected = Ran { out: want('|'), err: want('!'), status: Some(status) };
            if ran != expected {
                wrong.push(format!("$ {line}\n want {expected:?}\n got  {ran:?}\n"));
            }
        }
        assert!(count > 0, "no cases");
        assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// The lines of a case that begin with `mark`.
fn marked(case: &str, mark: char) -> String {
    let mut text: String =
        case.split('\n').filter_map(|line| line.strip_prefix(mark)).map(|line| format!("{line}\n")).collect();
    if let Some(cut) = text.strip_suffix("\\\n") {
        text = cut.strip_suffix('\n').unwrap_or_default().to_owned();
    }
    text
}

/// Words, quoted with `'` where needed.
fn split(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None, false);
    for letter in line.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_with(String::new);
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_with(String::new).push(c),
        }
    }
    words.extend(word);
    words
}
