//! Copies files and folders: cp(1).

use super::Command;
use super::ask::Asker;
use super::transfer::{self, Keep};
use crate::commands::options::{self, Opt, Options, Parsed, Takes, absent, also, flag, optional, short, value};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::fs::{Inode, Kind};
use crate::world::{Cx, Task, TaskStep, Wait, task};

/// `cp`.
pub const COMMAND: Command = Command { name: "cp", path: "/usr/bin/cp", program: |argv| task(Cp::default(), argv) };

const TABLE: &[Opt] = &[
    flag('a', "archive"),
    flag('\0', "attributes-only"),
    short('b', "b"),
    absent('\0', "backup"),
    short('d', "d"),
    flag('f', "force"),
    flag('i', "interactive"),
    short('H', "H"),
    flag('l', "link"),
    flag('L', "dereference"),
    flag('n', "no-clobber"),
    flag('P', "no-dereference"),
    short('p', "p"),
    optional('\0', "preserve"),
    value('\0', "no-preserve"),
    absent('\0', "parents"),
    flag('r', "recursive"),
    also('R', "", "recursive", Takes::Nothing),
    absent('\0', "reflink"),
    flag('\0', "remove-destination"),
    absent('\0', "sparse"),
    flag('\0', "strip-trailing-slashes"),
    flag('s', "symbolic-link"),
    absent('S', "suffix"),
    value('t', "target-directory"),
    flag('T', "no-target-directory"),
    flag('u', "update"),
    flag('v', "verbose"),
    flag('x', "one-file-system"),
    absent('Z', "context"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... SOURCE... DEST");

#[derive(Clone, Debug)]
enum Work {
    Copy {
        from: String,
        to: String,
        top: bool,
    },
    /// A folder's contents are there: give it its mode and times.
    Leave {
        from: String,
        to: String,
    },
}

#[derive(Clone, Default)]
struct Cp {
    started: bool,
    recursive: bool,
    follow: bool,
    keep: Keep,
    interactive: bool,
    no_clobber: bool,
    force: bool,
    update: bool,
    verbose: bool,
    link: bool,
    symbolic: bool,
    todo: Vec<Work>,
    asker: Asker,
    failed: bool,
}

impl Task for Cp {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(cx) {
                return TaskStep::Exit(status);
            }
        }
        while let Some(work) = self.todo.pop() {
            match work {
                Work::Leave { from, to } => self.leave(cx, &from, &to),
                Work::Copy { from, to, top } => {
                    if self.copy(cx, &from, &to, top).is_none() {
                        self.todo.push(Work::Copy { from, to, top });
                        return TaskStep::Wait(Wait::fd(0));
                    }
                }
            }
        }
        TaskStep::Exit(u8::from(self.failed))
    }
}

impl Cp {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let has = |key: &str| parsed.has(key);
        self.recursive = has("recursive") || has("archive");
        self.keep = keep(&parsed);
        let follow = parsed.last_of(&["archive", "d", "no-dereference", "dereference", "H"]);
        self.follow = match follow {
            Some(key) => key == "dereference",
            None => !self.recursive,
        };
        let clobber = parsed.last_of(&["interactive", "no-clobber", "force"]);
        self.interactive = clobber == Some("interactive");
        self.no_clobber = clobber == Some("no-clobber");
        self.force = has("force");
        self.update = has("update");
        self.verbose = has("verbose");
        self.link = has("link");
        self.symbolic = has("symbolic-link");
        let into = parsed.last("target-directory");
        let targets = transfer::targets(cx, &parsed.operands, into, has("no-target-directory"));
        match targets {
            Ok(pairs) => {
                self.todo = pairs.into_iter().rev().map(|(from, to)| Work::Copy { from, to, top: true }).collect();
                Ok(())
            }
            Err((message, hint)) => {
                cx.fail(&message);
                Err(if hint { options::misuse(cx, &OPTIONS) } else { 1 })
            }
        }
    }

    fn fail(&mut self, cx: &mut Cx<'_, '_>, message: &str) -> Option<()> {
        cx.fail(message);
        self.failed = true;
        Some(())
    }

    /// `None`: a question is open.
    fn copy(&mut self, cx: &mut Cx<'_, '_>, from: &str, to: &str, top: bool) -> Option<()> {
        let follow = self.follow || from.ends_with('/');
        let found = if follow { cx.stat(from) } else { cx.lstat(from) };
        let node = match found {
            Ok(node) => node.clone(),
            Err(errno) => {
                let message = format!("cannot stat {}: {}", quoted(from), errno.message());
                return self.fail(cx, &message);
            }
        };
        if node.is_dir() {
            return self.copy_folder(cx, from, to, &node, top);
        }
        if let Ok(old) = cx.stat(to).cloned() {
            let same = cx.lookup(from, follow).ok() == cx.lookup(to, true).ok();
            if same && !self.no_clobber {
                let message = format!("{} and {} are the same file", quoted(from), quoted(to));
                return self.fail(cx, &message);
            }
            if old.is_dir() {
                let message = format!("cannot overwrite directory {} with non-directory", quoted(to));
                return self.fail(cx, &message);
            }
            if self.no_clobber || (self.update && old.mtime >= node.mtime) {
                return Some(());
            }
            if self.interactive && !self.asker.ask(cx, &format!("overwrite {}?", quoted(to)))? {
                return Some(());
            }
        } else if to.ends_with('/') {
            let reason = if cx.lstat(to.trim_end_matches('/')).is_ok() {
                format!("cannot stat {}: Not a directory", quoted(to))
            } else {
                format!("cannot create regular file {}: Not a directory", quoted(to))
            };
            return self.fail(cx, &reason);
        }
        match self.copy_file(cx, from, to, &node) {
            Err(message) => return self.fail(cx, &message),
            Ok(()) if self.verbose => cx.outln(&format!("{} -> {}", quoted(from), quoted(to))),
            Ok(()) => {}
        }
        Some(())
    }

    fn copy_file(&mut self, cx: &mut Cx<'_, '_>, from: &str, to: &str, node: &Inode) -> Result<(), String> {
        let why = |what: &str, errno: crate::world::Errno| Err(format!("{what} {}: {}", quoted(to), errno.message()));
        if self.symbolic || self.link {
            let _ = if self.force { cx.unlink(to, false) } else { Ok(()) };
            let made = if self.symbolic { cx.symlink(from, to) } else { super::ln::hard_link(cx, from, to) };
            return made.or_else(|errno| why("cannot create link", errno));
        }
        match &node.kind {
            Kind::Symlink(target) => {
                let _ = cx.unlink(to, false);
                cx.symlink(target, to).or_else(|errno| why("cannot create symbolic link", errno))?;
            }
            Kind::Fifo | Kind::Socket | Kind::Device(_) if self.recursive => {
                let (cred, cwd, now) = (cx.cred(), cx.cwd(), cx.now());
                let files = &mut cx.world.files;
                let made = files
                    .find(&cred, &cwd, to, false)
                    .and_then(|at| files.create(&cred, &at, node.kind.clone(), node.mode, now));
                made.map(drop).or_else(|errno| why("cannot create special file", errno))?;
            }
            _ => {
                let mut copied = transfer::contents(cx, from, to, node.mode & 0o777);
                if copied.is_err() && self.force && cx.unlink(to, false).is_ok() {
                    copied = transfer::contents(cx, from, to, node.mode & 0o777);
                }
                copied?;
            }
        }
        transfer::attributes(cx, node, to, self.keep);
        Ok(())
    }

    fn copy_folder(&mut self, cx: &mut Cx<'_, '_>, from: &str, to: &str, node: &Inode, top: bool) -> Option<()> {
        if !self.recursive {
            return self.fail(cx, &format!("-r not specified; omitting directory {}", quoted(from)));
        }
        if top && self.inside_itself(cx, from, to) {
            let message = format!("cannot copy a directory, {}, into itself, {}", quoted(from), quoted(to));
            return self.fail(cx, &message);
        }
        match cx.stat(to).map(Inode::is_dir) {
            Ok(true) => {}
            Ok(false) => {
                let message = format!("cannot overwrite non-directory {} with directory {}", quoted(to), quoted(from));
                return self.fail(cx, &message);
            }
            Err(_) => {
                // Until its contents are there we must be able to write into it.
                if let Err(errno) = cx.mkdir(to, node.mode & 0o777 | 0o700) {
                    return self.fail(cx, &format!("cannot create directory {}: {}", quoted(to), errno.message()));
                }
                if self.verbose {
                    cx.outln(&format!("{} -> {}", quoted(from), quoted(to)));
                }
                self.todo.push(Work::Leave { from: from.to_owned(), to: to.to_owned() });
            }
        }
        match cx.read_dir(from) {
            Ok(names) => {
                let entry = |path: &str, name: &str| format!("{}/{name}", path.strip_suffix('/').unwrap_or(path));
                let inside = names.iter().rev();
                let inside = inside.map(|n| Work::Copy { from: entry(from, n), to: entry(to, n), top: false });
                self.todo.extend(inside);
                Some(())
            }
            Err(errno) => self.fail(cx, &format!("cannot access {}: {}", quoted(from), errno.message())),
        }
    }

    fn inside_itself(&self, cx: &Cx<'_, '_>, from: &str, to: &str) -> bool {
        let (cred, cwd) = (cx.cred(), cx.cwd());
        let path = |path: &str| cx.world.files.find(&cred, &cwd, path, true).map(|found| found.path).ok();
        match (path(from), path(to)) {
            (Some(from), Some(to)) => from == to || to.starts_with(&format!("{}/", from.trim_end_matches('/'))),
            _ => false,
        }
    }

    fn leave(&mut self, cx: &mut Cx<'_, '_>, from: &str, to: &str) {
        let Ok(node) = cx.stat(from).cloned() else { return };
        if !self.keep.mode {
            let mode = node.mode & 0o777 & !cx.me().umask;
            let _ = cx.chmod(to, mode);
        }
        transfer::attributes(cx, &node, to, self.keep);
    }
}

fn keep(parsed: &Parsed) -> Keep {
    let all = Keep { mode: true, owner: true, times: true };
    let mut keep = Keep::default();
    for given in &parsed.options {
        match given.key {
            "archive" | "p" => keep = all,
            "preserve" if given.text().is_empty() => keep = all,
            "preserve" | "no-preserve" => {
                let on = given.key == "preserve";
                for what in given.text().split(',') {
                    match what {
                        "mode" => keep.mode = on,
                        "ownership" => keep.owner = on,
                        "timestamps" => keep.times = on,
                        "all" => keep = if on { all } else { Keep::default() },
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    keep
}
