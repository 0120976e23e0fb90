//! Gives files other names: mv(1).

use super::ask::Asker;
use super::{Command, mode, transfer};
use crate::commands::options::{self, Opt, Options, absent, flag, short, value};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::fs::Access;
use crate::world::{Cx, Errno, Task, TaskStep, Wait, task};

/// `mv`.
pub const COMMAND: Command = Command { name: "mv", path: "/usr/bin/mv", program: |argv| task(Mv::default(), argv) };

const TABLE: &[Opt] = &[
    short('b', "b"),
    absent('\0', "backup"),
    flag('f', "force"),
    flag('i', "interactive"),
    flag('n', "no-clobber"),
    flag('\0', "strip-trailing-slashes"),
    absent('S', "suffix"),
    value('t', "target-directory"),
    flag('T', "no-target-directory"),
    flag('u', "update"),
    flag('v', "verbose"),
    absent('Z', "context"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... SOURCE... DEST");

#[derive(Clone, Default)]
struct Mv {
    started: bool,
    clobber: Option<&'static str>,
    update: bool,
    verbose: bool,
    todo: Vec<(String, String)>,
    asker: Asker,
    failed: bool,
}

impl Task for Mv {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(cx) {
                return TaskStep::Exit(status);
            }
        }
        while let Some((from, to)) = self.todo.pop() {
            match self.rename(cx, &from, &to) {
                Some(Ok(())) => {}
                Some(Err(message)) => {
                    cx.fail(&message);
                    self.failed = true;
                }
                None => {
                    self.todo.push((from, to));
                    return TaskStep::Wait(Wait::fd(0));
                }
            }
        }
        TaskStep::Exit(u8::from(self.failed))
    }
}

impl Mv {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        self.clobber = parsed.last_of(&["force", "interactive", "no-clobber"]);
        self.update = parsed.has("update");
        self.verbose = parsed.has("verbose");
        let into = parsed.last("target-directory");
        match transfer::targets(cx, &parsed.operands, into, parsed.has("no-target-directory")) {
            Ok(mut pairs) => {
                pairs.reverse();
                self.todo = pairs;
                Ok(())
            }
            Err((message, hint)) => {
                cx.fail(&message);
                Err(if hint { options::misuse(cx, &OPTIONS) } else { 1 })
            }
        }
    }

    /// `None`: a question is open.
    fn rename(&mut self, cx: &mut Cx<'_, '_>, from: &str, to: &str) -> Option<Result<(), String>> {
        let node = match cx.lstat(from) {
            Ok(node) => node.clone(),
            Err(errno) => return Some(Err(format!("cannot stat {}: {}", quoted(from), errno.message()))),
        };
        if to.ends_with('/') && !node.is_dir() {
            let what = if cx.lstat(to.trim_end_matches('/')).is_ok() { "cannot stat" } else { "cannot move" };
            let path = if what == "cannot move" { format!("{} to {}", quoted(from), quoted(to)) } else { quoted(to) };
            return Some(Err(format!("{what} {path}: Not a directory")));
        }
        if let Ok(old) = cx.lstat(to).cloned() {
            if self.clobber == Some("no-clobber") || (self.update && old.mtime >= node.mtime) {
                return Some(Ok(()));
            }
            if cx.lookup(from, false).ok() == cx.lookup(to, false).ok() {
                return Some(Err(format!("{} and {} are the same file", quoted(from), quoted(to))));
            }
            match (node.is_dir(), old.is_dir()) {
                (true, false) => {
                    let (to, from) = (quoted(to), quoted(from));
                    return Some(Err(format!("cannot overwrite non-directory {to} with directory {from}")));
                }
                (false, true) => {
                    let (to, from) = (quoted(to), quoted(from));
                    return Some(Err(format!("cannot overwrite directory {to} with non-directory {from}")));
                }
                _ => {}
            }
            if !self.may_replace(cx, to, old.mode)? {
                return Some(Ok(()));
            }
        }
        match cx.rename(from, to) {
            Ok(()) => {
                if self.verbose {
                    cx.outln(&format!("renamed {} -> {}", quoted(from), quoted(to)));
                }
                Some(Ok(()))
            }
            Err(Errno::EINVAL) => {
                let (from, to) = (quoted(from), quoted(to));
                Some(Err(format!("cannot move {from} to a subdirectory of itself, {to}")))
            }
            Err(errno) => Some(Err(format!("cannot move {} to {}: {}", quoted(from), quoted(to), errno.message()))),
        }
    }

    fn may_replace(&mut self, cx: &mut Cx<'_, '_>, to: &str, bits: u16) -> Option<bool> {
        if self.clobber == Some("interactive") {
            return self.asker.ask(cx, &format!("overwrite {}?", quoted(to)));
        }
        let protected = self.clobber.is_none() && cx.isatty(0) && cx.access(to, Access::Write) == Err(Errno::EACCES);
        if !protected {
            return Some(true);
        }
        let letters = mode::letters(bits);
        self.asker.ask(cx, &format!("replace {}, overriding mode {bits:04o} ({letters})?", quoted(to)))
    }
}
