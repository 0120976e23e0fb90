//! Editors: `vi`, `view`, `vim`, `nano` and `sensible-editor` hand a file to the editor of the person at the terminal
//! ([`EditRequest`]) and write what comes back: vim(1), nano(1), sensible-editor(1).

use super::Command;
use crate::commands::process::launch::{base_name, execvp, immediate, say};
use crate::world::fs::{Access, join};
use crate::world::{
    Channel, Cx, EditAnswer, EditRequest, Errno, OpenFlags, Step, Sys, Task, TaskStep, TtyId, Wait, task,
};

/// `vim.tiny`, which is also `vi`, `view` and `editor`.
pub const VIM_TINY: Command = Command { name: "vim.tiny", path: "/usr/bin/vim.tiny", program: editor };
/// `vim`.
pub const VIM: Command = Command { name: "vim", path: "/usr/bin/vim", program: editor };
/// `nano`.
pub const NANO: Command = Command { name: "nano", path: "/usr/bin/nano", program: editor };
/// `sensible-editor`: the one that `VISUAL` or `EDITOR` names, or the first that there is.
pub const SENSIBLE: Command =
    Command { name: "sensible-editor", path: "/usr/bin/sensible-editor", program: |argv| immediate(sensible, argv) };

fn editor(argv: &[String]) -> Box<dyn crate::world::Program> {
    task(Editor::default(), argv)
}

#[derive(Clone, Default)]
struct Editor {
    started: bool,
    /// Files to edit, the next one last.
    todo: Vec<String>,
    line: Option<u64>,
    view: bool,
    current: Option<(TtyId, String)>,
    status: u8,
}

impl Task for Editor {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(cx) {
                return TaskStep::Exit(status);
            }
        }
        loop {
            if let Some((tty, path)) = self.current.clone() {
                match cx.take_edit_answer(tty) {
                    None => return TaskStep::Wait(Wait::channel(Channel::Tty(tty))),
                    Some(answer) => self.finish(cx, &path, answer),
                }
                self.current = None;
            }
            let Some(path) = self.todo.pop() else { return TaskStep::Exit(self.status) };
            if let Err(status) = self.ask(cx, path) {
                return TaskStep::Exit(status);
            }
        }
    }
}

impl Editor {
    /// Reads the arguments: `+12`, `-R`, files.
    fn start(&mut self, cx: &mut Cx<'_, '_>) -> Result<(), u8> {
        let name = cx.name();
        self.view = name == "view";
        let mut options = true;
        for arg in cx.args() {
            match arg.as_str() {
                "--" => options = false,
                "-R" | "-v" | "--view" if options && (arg != "-v" || name == "nano") => self.view = true,
                "--version" if options => {
                    cx.outln(if name == "nano" {
                        " GNU nano, version 7.2"
                    } else {
                        "VIM - Vi IMproved 9.0 (2022 Jun 28, compiled May 04 2023 10:24:44)"
                    });
                    return Err(0);
                }
                _ if options && arg.starts_with('+') => {
                    let first = arg[1..].split(',').next().unwrap_or_default();
                    self.line = Some(first.parse().unwrap_or(u64::MAX));
                }
                _ if options && arg.len() > 1 && arg.starts_with('-') => {
                    cx.errln(&format!("{name}: option {arg} is not simulated"));
                    return Err(2);
                }
                _ => self.todo.insert(0, arg),
            }
        }
        if name == "ex" {
            cx.errln("ex: editing by commands is not simulated; use sed -i");
            return Err(1);
        }
        if self.todo.is_empty() {
            cx.errln(&format!("{name}: starting without a file is not simulated"));
            return Err(1);
        }
        Ok(())
    }

    /// Hands a file to the person's editor.
    fn ask(&mut self, cx: &mut Cx<'_, '_>, file: String) -> Result<(), u8> {
        let name = cx.name();
        let path = join(&cx.cwd(), &file);
        let (cred, umask) = (cx.cred(), cx.me().umask);
        let found = cx.stat(&file).map(|node| (node.is_dir(), node.mode & 0o7777, (node.uid, node.gid)));
        let (contents, new, mode, owner) = match found {
            Ok((true, ..)) => {
                cx.errln(&format!("{name}: {file} is a directory"));
                return Err(1);
            }
            Ok((false, mode, owner)) => match cx.read_file(&file) {
                Ok(bytes) => (bytes.to_vec(), false, mode, owner),
                Err(errno) => {
                    cx.errln(&format!("{name}: {file}: {}", errno.message()));
                    return Err(1);
                }
            },
            Err(Errno::ENOENT) => (Vec::new(), true, 0o666 & !umask, (cred.uid, cred.gid)),
            Err(errno) => {
                cx.errln(&format!("{name}: {file}: {}", errno.message()));
                return Err(1);
            }
        };
        let folder = path.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
        let writable = cx.access(if new { folder } else { &file }, Access::Write).is_ok();
        let (pid, line) = (cx.pid, self.line.take());
        let read_only = self.view || !writable;
        let request = EditRequest { pid, program: name.clone(), path, line, contents, new, read_only, owner, mode };
        let tty = cx.tty_of(0).filter(|_| cx.isatty(1));
        match tty {
            Some(tty) if cx.ask_edit(tty, request) => {
                self.current = Some((tty, file));
                Ok(())
            }
            tty => {
                let why = if tty.is_some() { "there is no editor here" } else { "input and output are no terminal" };
                cx.errln(&format!(
                    "{name}: {why}, and {name}'s own screen is not simulated; write the file with cat > {file} <<'EOF', tee or sed -i"
                ));
                Err(1)
            }
        }
    }

    fn finish(&mut self, cx: &mut Cx<'_, '_>, file: &str, answer: EditAnswer) {
        let name = cx.name();
        match answer {
            EditAnswer::Unchanged => {}
            EditAnswer::Failed(reason) => {
                cx.errln(&format!("{name}: {reason}"));
                self.status = 1;
            }
            EditAnswer::Saved(_) if self.view => {
                cx.errln(&format!("{name}: {file}: not written, it was opened read-only"));
                self.status = 1;
            }
            EditAnswer::Saved(contents) => {
                if let Err(errno) = write(cx, file, &contents) {
                    let message = match name.as_str() {
                        "nano" => format!("[ Error writing {file}: {} ]", errno.message()),
                        _ => format!("\"{file}\" E212: Can't open file for writing"),
                    };
                    cx.errln(&message);
                    self.status = 1;
                }
            }
        }
    }
}

/// Writes a file in place, with the rights of the editor's process.
fn write(cx: &mut Cx<'_, '_>, file: &str, contents: &[u8]) -> Result<(), Errno> {
    let fd = cx.open(file, OpenFlags::WRITE, 0o666)?;
    let mut rest = contents;
    let mut result = Ok(());
    while !rest.is_empty() && result.is_ok() {
        match cx.write(fd, rest) {
            Ok(n) => rest = &rest[n..],
            Err(errno) => result = Err(errno),
        }
    }
    cx.close(fd)?;
    result
}

fn sensible(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let given = ["VISUAL", "EDITOR"].iter().filter_map(|name| sys.getenv(name));
    let chosen: Vec<String> = given.filter(|v| !v.trim().is_empty() && v != base_name(argv)).collect();
    let fallbacks = ["nano", "nano-tiny", "vi"].map(str::to_owned);
    for candidate in chosen.into_iter().chain(fallbacks) {
        let mut command: Vec<String> = candidate.split_whitespace().map(str::to_owned).collect();
        command.extend(argv.iter().skip(1).cloned());
        if let Ok(step) = execvp(sys, &command, None) {
            return step;
        }
    }
    say(sys, "Couldn't find an editor!");
    say(sys, "Set the $EDITOR environment variable to your desired editor.");
    Step::Exit(1)
}
