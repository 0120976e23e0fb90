//! `break`, `continue`, `return`, `exit`, `logout`, `eval`, `source`, `shift`: bash(1), SHELL BUILTIN COMMANDS.

use std::sync::Arc;

use super::Done;
use crate::shell::bash::{Bash, Frame, Unwind};
use crate::shell::program::Flow;
use crate::shell::run::exec::search_path;
use crate::world::{Errno, Fd, OpenFlags, Step, Sys, Wait};

/// The number of levels that `break` or `continue` names.
fn levels(shell: &mut Bash, args: &[String]) -> Result<Option<u32>, Done> {
    let name = &args[0];
    let depth = shell.loop_depth();
    if depth == 0 {
        if !shell.shell.posix {
            shell.builtin_error(name, "only meaningful in a `for', `while', or `until' loop");
        }
        return Ok(None);
    }
    let Some(word) = args.get(1) else { return Ok(Some(1)) };
    match word.parse::<i64>() {
        Ok(n) if n > 0 => Ok(Some(u32::try_from(n).unwrap_or(depth).min(depth))),
        Ok(_) => {
            shell.builtin_error(name, &format!("{word}: loop count out of range"));
            shell.shell.status = 1;
            Err(Done::Unwind(Unwind::Break(depth)))
        }
        Err(_) => {
            shell.builtin_error(name, &format!("{word}: numeric argument required"));
            Err(Done::Unwind(Unwind::Line))
        }
    }
}

pub(super) fn break_(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    match levels(shell, args) {
        Ok(Some(n)) => {
            shell.shell.status = 0;
            Done::Unwind(Unwind::Break(n))
        }
        Ok(None) => Done::Status(0),
        Err(done) => done,
    }
}

pub(super) fn continue_(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    match levels(shell, args) {
        Ok(Some(n)) => {
            shell.shell.status = 0;
            Done::Unwind(Unwind::Continue(n))
        }
        Ok(None) => Done::Status(0),
        Err(done) => done,
    }
}

/// The status that an argument names. The message has been told.
fn status_argument(shell: &mut Bash, args: &[String]) -> Result<u8, u8> {
    let Some(word) = args.get(1).filter(|word| *word != "--").or(args.get(2)) else {
        return Ok(shell.shell.status);
    };
    match word.trim().parse::<i64>() {
        Ok(n) => Ok((n & 0xff) as u8),
        Err(_) => {
            shell.builtin_error(&args[0], &format!("{word}: numeric argument required"));
            Err(2)
        }
    }
}

pub(super) fn return_(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    if shell.shell.calls.is_empty() {
        shell.builtin_error("return", "can only `return' from a function or sourced script");
        return Done::Status(2);
    }
    shell.shell.status = match status_argument(shell, args) {
        Ok(code) | Err(code) => code,
    };
    Done::Unwind(Unwind::Return)
}

pub(super) fn exit(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    if shell.shell.interactive && !shell.child {
        let what = if shell.login { "logout\n" } else { "exit\n" };
        shell.print(2, what);
    }
    let code = match status_argument(shell, args) {
        Ok(_) if args.len() > 2 && args[1] != "--" => {
            shell.builtin_error("exit", "too many arguments");
            shell.shell.status = 1;
            return if shell.shell.interactive { Done::Status(1) } else { Done::Unwind(Unwind::Line) };
        }
        Ok(code) | Err(code) => code,
    };
    if shell.leaves_jobs() {
        return Done::Status(1);
    }
    // The trap for EXIT sees the status of the command before `exit`.
    if shell.shell.interactive && !shell.child {
        shell.run_logout(sys, code);
        return Done::Frames(Vec::new());
    }
    Done::Unwind(Unwind::Exit(code))
}

pub(super) fn logout(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    if !shell.login {
        shell.builtin_error("logout", "not login shell: use `exit'");
        return Done::Status(1);
    }
    let code = match status_argument(shell, args) {
        Ok(code) | Err(code) => code,
    };
    if shell.leaves_jobs() {
        return Done::Status(1);
    }
    shell.run_logout(sys, code);
    Done::Frames(Vec::new())
}

pub(super) fn eval(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let words = args.get(1..).unwrap_or_default();
    let words = if words.first().is_some_and(|word| word == "--") { &words[1..] } else { words };
    let text = words.join(" ");
    if text.is_empty() {
        return Done::Status(0);
    }
    if shell.is_too_deep() {
        return Done::Status(1);
    }
    shell.shell.status = 0;
    let frame = shell.text_frame(&text, Some("eval"));
    shell.trace_depth += 1;
    Done::Frames(vec![frame])
}

pub(super) fn source(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let name = args[0].clone();
    let Some(file) = args.get(1) else {
        shell.builtin_error(&name, "filename argument required");
        return shell.usage(&name);
    };
    let mut path = file.clone();
    if !file.contains('/') {
        let folders = shell.variable("PATH");
        if let Some(found) = search_path(sys, &folders, file).into_iter().next() {
            path = found;
        }
    }
    let arguments = if args.len() > 2 { Some(args[2..].to_vec()) } else { None };
    let opened = match sys.stat(&path) {
        Ok(node) if node.is_dir() => Err(Errno::EISDIR),
        _ => sys.open(&path, OpenFlags::READ, 0),
    };
    let errno = match opened {
        Ok(fd) => {
            let run = SourceRun { fd, file: file.clone(), arguments, bytes: Vec::new() };
            return Done::Frames(vec![Frame::Source(Box::new(run))]);
        }
        Err(errno) => errno,
    };
    let message = match errno {
        Errno::EISDIR => format!("{name}: {file}: is a directory"),
        _ if shell.shell.posix => format!("{name}: cannot open {file}: No such file"),
        errno => format!("{file}: {}", errno.message()),
    };
    shell.complain(&message);
    if shell.shell.posix { Done::Unwind(Unwind::Exit(2)) } else { Done::Status(1) }
}

/// `source` while it reads its file, which may be a pipe.
#[derive(Clone)]
pub(in crate::shell) struct SourceRun {
    fd: Fd,
    file: String,
    arguments: Option<Vec<String>>,
    bytes: Vec<u8>,
}

impl Bash {
    pub(in crate::shell) fn step_source(&mut self, sys: &mut Sys<'_>, mut run: Box<SourceRun>) -> Flow {
        loop {
            match sys.read(run.fd, 65_536) {
                Ok(bytes) if !bytes.is_empty() => run.bytes.extend(bytes),
                Err(Errno::EAGAIN) => {
                    let fd = run.fd;
                    self.push(Frame::Source(run));
                    return Flow::Block(Step::Wait(Wait::fd(fd)));
                }
                _ => break,
            }
        }
        let _ = sys.close(run.fd);
        self.shell.status = 0;
        self.push_file(&String::from_utf8_lossy(&run.bytes), &run.file, run.arguments);
        Flow::Next
    }
}

pub(super) fn shift(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let count = match args.get(1).map(|word| (word, word.parse::<i64>())) {
        None => 1,
        Some((_, Ok(n))) if n >= 0 => usize::try_from(n).unwrap_or(usize::MAX),
        Some((word, Ok(_))) => {
            shell.builtin_error("shift", &format!("{word}: shift count out of range"));
            return Done::Status(1);
        }
        Some((word, Err(_))) => {
            shell.builtin_error("shift", &format!("{word}: numeric argument required"));
            return Done::Status(1);
        }
    };
    if count > shell.shell.positional.len() {
        if shell.shell.posix {
            shell.builtin_error("shift", "can't shift that many");
            return Done::Unwind(Unwind::Exit(2));
        }
        return Done::Status(1);
    }
    Arc::make_mut(&mut shell.shell.positional).drain(..count);
    Done::Status(0)
}
