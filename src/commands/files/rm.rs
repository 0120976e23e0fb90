//! Removes files and folders: rm(1).

use super::Command;
use super::ask::Asker;
use crate::commands::options::{self, Opt, Options, Takes, also, flag, optional};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::fs::{Access, Inode, Kind};
use crate::world::{Cx, Errno, Task, TaskStep, Wait, task};

/// `rm`.
pub const COMMAND: Command = Command { name: "rm", path: "/usr/bin/rm", program: |argv| task(Rm::default(), argv) };

const TABLE: &[Opt] = &[
    flag('f', "force"),
    also('i', "", "always", Takes::Nothing),
    also('I', "", "once", Takes::Nothing),
    optional('\0', "interactive"),
    flag('\0', "one-file-system"),
    flag('\0', "no-preserve-root"),
    optional('\0', "preserve-root"),
    flag('r', "recursive"),
    also('R', "", "recursive", Takes::Nothing),
    flag('d', "dir"),
    flag('v', "verbose"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");

/// Something to do; the last one comes first.
#[derive(Clone, Debug)]
enum Work {
    /// Remove what is at this path, folders with their contents.
    Visit { path: String, top: bool },
    /// The contents of a folder are gone: remove it. The number tells how many failures there were before them.
    Leave { path: String, failures: u32 },
}

#[derive(Clone, Default)]
struct Rm {
    started: bool,
    force: bool,
    always: bool,
    recursive: bool,
    empty_folders: bool,
    verbose: bool,
    preserve_root: bool,
    /// `-I`: one question about everything, still to be asked.
    once: Option<String>,
    todo: Vec<Work>,
    asker: Asker,
    failures: u32,
}

impl Task for Rm {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(cx) {
                return TaskStep::Exit(status);
            }
        }
        if let Some(question) = self.once.clone() {
            match self.asker.ask(cx, &question) {
                None => return TaskStep::Wait(Wait::fd(0)),
                Some(true) => self.once = None,
                Some(false) => return TaskStep::Exit(0),
            }
        }
        while let Some(work) = self.todo.pop() {
            let again = work.clone();
            let done = match work {
                Work::Visit { path, top } => self.visit(cx, &path, top),
                Work::Leave { path, failures } => self.leave(cx, &path, failures),
            };
            if done.is_none() {
                self.todo.push(again);
                return TaskStep::Wait(Wait::fd(0));
            }
        }
        TaskStep::Exit(u8::from(self.failures > 0))
    }
}

impl Rm {
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        let parsed = options::parse(cx, &OPTIONS)?;
        let interactive = parsed.last("interactive").unwrap_or_default();
        match parsed.last_of(&["force", "always", "once", "interactive"]) {
            Some("force") => self.force = true,
            Some("always") => self.always = true,
            Some("interactive") if ["", "always", "yes"].contains(&interactive) => self.always = true,
            _ => {}
        }
        self.recursive = parsed.has("recursive");
        self.empty_folders = parsed.has("dir");
        self.verbose = parsed.has("verbose");
        self.preserve_root = !parsed.has("no-preserve-root");
        if parsed.operands.is_empty() && !parsed.has("force") {
            cx.fail("missing operand");
            return Err(options::misuse(cx, &OPTIONS));
        }
        let once = parsed.last_of(&["once", "force", "always"]) == Some("once") || interactive == "once";
        let count = parsed.operands.len();
        if once && (count > 3 || self.recursive) {
            let s = if count == 1 { "" } else { "s" };
            let how = if self.recursive { " recursively" } else { "" };
            self.once = Some(format!("remove {count} argument{s}{how}?"));
        }
        self.todo = parsed.operands.into_iter().rev().map(|path| Work::Visit { path, top: true }).collect();
        Ok(())
    }

    fn fail(&mut self, cx: &mut Cx<'_, '_>, message: &str) -> Option<()> {
        cx.fail(message);
        self.failures += 1;
        Some(())
    }

    fn cannot(&mut self, cx: &mut Cx<'_, '_>, path: &str, errno: Errno) -> Option<()> {
        self.fail(cx, &format!("cannot remove {}: {}", quoted(path), errno.message()))
    }

    /// `None`: a question is open.
    fn visit(&mut self, cx: &mut Cx<'_, '_>, path: &str, top: bool) -> Option<()> {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if top && self.recursive && [".", ".."].contains(&last) {
            let message = format!("refusing to remove '.' or '..' directory: skipping {}", quoted(path));
            return self.fail(cx, &message);
        }
        if top && self.recursive && self.preserve_root && !path.is_empty() && path.trim_end_matches('/').is_empty() {
            self.fail(cx, &format!("it is dangerous to operate recursively on {}", quoted(path)));
            cx.fail("use --no-preserve-root to override this failsafe");
            return Some(());
        }
        let node = match cx.lstat(path) {
            Ok(node) => node.clone(),
            Err(Errno::ENOENT | Errno::ENOTDIR) if self.force => return Some(()),
            Err(errno) => return self.cannot(cx, path, errno),
        };
        let Kind::Dir { entries, .. } = &node.kind else {
            if !self.confirmed(cx, path, &node, "remove")? {
                return Some(());
            }
            return self.unlink(cx, path, false);
        };
        if !self.recursive {
            if !self.empty_folders {
                return self.cannot(cx, path, Errno::EISDIR);
            }
            if !entries.is_empty() {
                return self.cannot(cx, path, Errno::ENOTEMPTY);
            }
        }
        let verb = if entries.is_empty() { "remove" } else { "descend into" };
        if !self.confirmed(cx, path, &node, verb)? {
            return Some(());
        }
        if entries.is_empty() {
            return self.unlink(cx, path, true);
        }
        let names = match cx.read_dir(path) {
            Ok(names) => names,
            Err(errno) => return self.cannot(cx, path, errno),
        };
        self.todo.push(Work::Leave { path: path.to_owned(), failures: self.failures });
        let path = path.trim_end_matches('/');
        let inside = names.iter().rev().map(|name| Work::Visit { path: format!("{path}/{name}"), top: false });
        self.todo.extend(inside);
        Some(())
    }

    fn leave(&mut self, cx: &mut Cx<'_, '_>, path: &str, failures: u32) -> Option<()> {
        if self.failures > failures {
            return Some(());
        }
        let node = match cx.lstat(path) {
            Ok(node) => node.clone(),
            Err(_) => return Some(()),
        };
        if self.always && !self.confirmed(cx, path, &node, "remove")? {
            return Some(());
        }
        self.unlink(cx, path, true)
    }

    fn unlink(&mut self, cx: &mut Cx<'_, '_>, path: &str, folder: bool) -> Option<()> {
        match cx.unlink(path, folder) {
            Ok(()) if self.verbose => {
                let what = if folder { "directory " } else { "" };
                cx.outln(&format!("removed {what}{}", quoted(path)));
            }
            Ok(()) => {}
            Err(errno) => return self.cannot(cx, path, errno),
        }
        Some(())
    }

    /// Asks where it has to be asked; `None`: no answer yet.
    fn confirmed(&mut self, cx: &mut Cx<'_, '_>, path: &str, node: &Inode, verb: &str) -> Option<bool> {
        let protected =
            !self.force && !node.is_symlink() && cx.isatty(0) && cx.access(path, Access::Write) == Err(Errno::EACCES);
        if !self.always && !protected {
            return Some(true);
        }
        let kind = match &node.kind {
            Kind::File(bytes) if bytes.is_empty() => "regular empty file",
            Kind::File(_) => "regular file",
            Kind::Dir { .. } => "directory",
            Kind::Symlink(_) => "symbolic link",
            Kind::Fifo => "fifo",
            Kind::Socket => "socket",
            Kind::Device(_) => "character special file",
        };
        let write_protected = if protected { "write-protected " } else { "" };
        self.asker.ask(cx, &format!("{verb} {write_protected}{kind} {}?", quoted(path)))
    }
}
