//! `flock`: runs a command while it holds a lock, so that a second one waits or gives up: flock(1).

use super::launch::{base_name, execvp, interval, misuse, read_options, say};
use crate::commands::Command;
use crate::commands::options::{Options, Takes, also, flag, short, value};
use crate::world::{
    Channel, ChildEvent, Errno, Fd, FileLock, OpenFlags, OpenKind, Pid, Program, Step, Sys, Time, Wait,
};

/// The command.
pub const COMMAND: Command = Command {
    name: "flock",
    path: "/usr/bin/flock",
    program: |argv| Box::new(Flock { argv: argv.to_vec(), work: None, child: None }),
};

const OPTIONS: Options = Options::util_linux(
    &[
        flag('s', "shared"),
        flag('x', "exclusive"),
        short('e', "exclusive"),
        flag('u', "unlock"),
        flag('n', "nonblock"),
        also('\0', "nb", "nonblock", Takes::Nothing),
        value('w', "timeout"),
        also('\0', "wait", "timeout", Takes::Argument),
        flag('o', "close"),
        value('E', "conflict-exit-code"),
        value('c', "command"),
        flag('F', "no-fork"),
        flag('\0', "verbose"),
    ],
    "[options] <file>|<directory> <command> [<argument>...]",
)
.status(64)
.in_order();

#[derive(Clone)]
struct Flock {
    argv: Vec<String>,
    work: Option<Work>,
    child: Option<Pid>,
}

#[derive(Clone)]
struct Work {
    fd: Fd,
    lock: Option<FileLock>,
    /// `None`: waits as long as it takes.
    until: Option<Time>,
    conflict: u8,
    command: Vec<String>,
    close: bool,
    no_fork: bool,
}

/// The child, before it becomes the command.
#[derive(Clone)]
struct Child {
    command: Vec<String>,
    close: Option<Fd>,
}

impl Program for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if let Some(fd) = self.close {
            let _ = sys.close(fd);
        }
        become_command(sys, &self.command)
    }
}

fn become_command(sys: &mut Sys<'_>, command: &[String]) -> Step {
    execvp(sys, command, None).unwrap_or_else(|errno| {
        say(sys, &format!("flock: failed to execute {}: {}", command[0], errno.message()));
        Step::Exit(if errno == Errno::ENOENT { 69 } else { 126 })
    })
}

/// Reads the arguments and opens the file.
fn start(sys: &mut Sys<'_>, argv: &[String]) -> Result<Work, u8> {
    let parsed = read_options(sys, argv, &OPTIONS)?;
    let Some((file, rest)) = parsed.operands.split_first() else {
        say(sys, "flock: not enough arguments");
        return Err(misuse(sys, argv, &OPTIONS));
    };
    let lock = match parsed.last_of(&["shared", "exclusive", "unlock"]) {
        Some("shared") => Some(FileLock::Shared),
        Some("unlock") => None,
        _ => Some(FileLock::Exclusive),
    };
    let now = sys.now();
    let until = match parsed.last("timeout").map(|text| (text, interval(text))) {
        _ if parsed.has("nonblock") => Some(now),
        None => None,
        Some((_, Some(time))) => Some(now + time),
        Some((text, None)) => {
            say(sys, &format!("flock: invalid timeout value: '{text}'"));
            return Err(64);
        }
    };
    let conflict = parsed.last("conflict-exit-code").and_then(|n| n.parse().ok()).unwrap_or(1);
    let shell = |line: &str| vec!["/bin/sh".to_owned(), "-c".into(), line.to_owned()];
    let command = match (parsed.last("command"), rest) {
        (Some(line), _) => shell(line),
        (None, [flag, line]) if flag == "-c" || flag == "--command" => shell(line),
        (None, [flag, ..]) if flag == "-c" => {
            say(sys, "flock: -c requires exactly one command argument");
            return Err(64);
        }
        (None, rest) => rest.to_vec(),
    };
    if command.is_empty() {
        let Ok(fd) = file.parse::<Fd>() else {
            say(sys, &format!("flock: bad file descriptor: '{file}'"));
            return Err(64);
        };
        return Ok(Work { fd, lock, until, conflict, command, close: false, no_fork: false });
    }
    let folder = sys.stat(file).is_ok_and(|node| node.is_dir());
    let flags = OpenFlags { read: true, create: !folder, ..OpenFlags::default() };
    match sys.open(file, flags, 0o666) {
        Ok(fd) => {
            let (close, no_fork) = (parsed.has("close"), parsed.has("no-fork"));
            Ok(Work { fd, lock, until, conflict, command, close, no_fork })
        }
        Err(errno) => {
            say(sys, &format!("flock: cannot open lock file {file}: {}", errno.message()));
            Err(if errno == Errno::ENOENT { 66 } else { 73 })
        }
    }
}

impl Program for Flock {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if let Some(child) = self.child {
            return wait(sys, child);
        }
        let work = match &self.work {
            Some(work) => work.clone(),
            None => match start(sys, &self.argv) {
                Ok(work) => self.work.insert(work).clone(),
                Err(status) => return Step::Exit(status),
            },
        };
        let pid = sys.pid;
        match sys.world.flock(pid, work.fd, work.lock) {
            Ok(_) => {}
            Err(Errno::EAGAIN) => return wait_for_lock(sys, &work),
            Err(errno) => {
                say(sys, &format!("{}: {}: {}", base_name(&self.argv), work.fd, errno.message()));
                return Step::Exit(65);
            }
        }
        if work.command.is_empty() {
            return Step::Exit(0);
        }
        if work.no_fork {
            return become_command(sys, &work.command);
        }
        let close = work.close.then_some(work.fd);
        match sys.fork(Box::new(Child { command: work.command, close })) {
            Ok(child) => {
                self.child = Some(child);
                wait(sys, child)
            }
            Err(errno) => {
                say(sys, &format!("flock: fork failed: {}", errno.message()));
                Step::Exit(71)
            }
        }
    }
}

fn wait_for_lock(sys: &mut Sys<'_>, work: &Work) -> Step {
    let file = sys.me().fds.get(&work.fd).and_then(|d| sys.world.open_files.get(d.file)).map(|f| f.kind.clone());
    let Some(OpenKind::File { ino, .. }) = file else { return Step::Exit(65) };
    match work.until {
        Some(until) if until <= sys.now() => Step::Exit(work.conflict),
        Some(until) => Step::Wait(Wait::channel(Channel::Lock(ino)).or_until(until)),
        None => Step::Wait(Wait::channel(Channel::Lock(ino))),
    }
}

fn wait(sys: &mut Sys<'_>, child: Pid) -> Step {
    loop {
        match sys.wait_child(Some(child)) {
            Some((_, ChildEvent::Ended(status))) => return Step::Exit(status.code()),
            Some(_) => {}
            None => return Step::Wait(Wait::channel(Channel::Children(sys.pid))),
        }
    }
}
