//! `docker`: asks the daemon, and runs commands in containers: docker(1). What it does is a list of steps, made when the
//! daemon has told which containers there are.

use std::collections::VecDeque;

use super::container::Container;
use super::daemon::SOCKET;
use super::shim::{PATH, enter, log_path};
use super::{compose, verbs};
use crate::commands::Command;
use crate::commands::net::redis::resp::{Reply, encode_request};
use crate::commands::process::launch::{find_program, print, say};
use crate::commands::text::jq::text_at;
use crate::world::{Channel, ChildEvent, Fd, Pid, Program, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command = Command {
    name: "docker",
    path: "/usr/libexec/concierge/docker",
    program: |argv| Box::new(Docker { argv: argv.to_vec(), ..Docker::default() }),
};

/// A step of the work.
#[derive(Clone, Debug)]
pub enum Op {
    /// Asks the daemon; what is printed before and after, and whether the answer itself is printed.
    Ask { words: Vec<String>, before: String, after: String, prints: bool },
    /// Makes a container and starts it, if `start`.
    Create { container: Box<Container>, before: String, after: String },
    /// Prints to standard output.
    Print(String),
    /// Prints to standard error.
    Say(String),
    /// Shows the log of a container, each line after this text; goes on, if `follow`.
    Log { id: String, prefix: String, follow: bool, tail: Option<usize> },
    /// Runs a command in a container.
    Exec { container: Box<Container>, argv: Vec<String> },
}

/// A question to the daemon that prints nothing.
pub fn ask(words: &[&str]) -> Op {
    Op::Ask {
        words: words.iter().map(|w| (*w).to_owned()).collect(),
        before: String::new(),
        after: String::new(),
        prints: false,
    }
}

/// The command at work.
#[derive(Clone, Default)]
struct Docker {
    argv: Vec<String>,
    socket: Option<(Fd, Vec<u8>)>,
    asked: bool,
    planned: bool,
    ops: VecDeque<Op>,
    /// How much of each log was shown.
    shown: Vec<(String, usize)>,
    child: Option<Pid>,
    status: u8,
}

impl Docker {
    /// Opens the daemon's socket. `Err` is the step with which it ends.
    fn connect(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let denied = sys.access(SOCKET, crate::world::fs::Access::Write).is_err() && sys.stat(SOCKET).is_ok();
        let listener = sys.world.net.unix(SOCKET).filter(|_| !denied);
        let fd = listener.and_then(|listener| sys.connect(listener).ok());
        match fd {
            Some(fd) => {
                self.socket = Some((fd, Vec::new()));
                Ok(())
            }
            None if denied => {
                say(
                    sys,
                    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get \"http://%2Fvar%2Frun%2Fdocker.sock/v1.47/containers/json\": dial unix /var/run/docker.sock: connect: permission denied",
                );
                Err(Step::Exit(1))
            }
            None => {
                say(
                    sys,
                    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
                );
                Err(Step::Exit(1))
            }
        }
    }

    /// Sends a question once and returns its answer when it has come.
    fn question(&mut self, sys: &mut Sys<'_>, words: &[String]) -> Result<Reply, Step> {
        let Some((fd, buffer)) = self.socket.as_mut() else { return Err(Step::Exit(1)) };
        let fd = *fd;
        if !std::mem::replace(&mut self.asked, true) {
            let bytes = encode_request(words);
            let mut rest = &bytes[..];
            while let Ok(n) = sys.write(fd, rest) {
                rest = &rest[n..];
                if rest.is_empty() {
                    break;
                }
            }
        }
        loop {
            if let Some(reply) = Reply::take(buffer) {
                self.asked = false;
                return Ok(reply);
            }
            match sys.read(fd, 65_536) {
                Ok(bytes) if bytes.is_empty() => return Err(Step::Exit(1)),
                Ok(bytes) => buffer.extend(bytes),
                Err(crate::world::Errno::EAGAIN) => return Err(Step::Wait(Wait::fd(fd))),
                Err(_) => return Err(Step::Exit(1)),
            }
        }
    }

    /// Makes the list of steps.
    fn plan(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let words = self.argv.get(1..).unwrap_or_default().to_vec();
        if let Some(text) = verbs::without_daemon(&words) {
            print(sys, 1, &text);
            return Err(Step::Exit(0));
        }
        if self.socket.is_none() {
            self.connect(sys)?;
        }
        let containers = match self.question(sys, &["list".to_owned()])? {
            Reply::Bulk(text) => text
                .lines()
                .map(|l| l.split('\u{1e}').map(str::to_owned).collect::<Vec<_>>())
                .map(|w| Container::load(&w))
                .collect(),
            _ => Vec::new(),
        };
        let ops = match words.first().map(String::as_str) {
            Some("compose") => compose::plan(sys, &words[1..], &containers),
            _ => verbs::plan(sys, &words, &containers),
        };
        match ops {
            Ok(ops) => self.ops = ops.into(),
            Err(text) => {
                say(sys, &text);
                return Err(Step::Exit(1));
            }
        }
        self.planned = true;
        Ok(())
    }

    /// Takes a step. `Err` is a step to return: to wait, or to end.
    fn work(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let Some(op) = self.ops.front().cloned() else { return Err(Step::Exit(self.status)) };
        match op {
            Op::Print(text) => print(sys, 1, &text),
            Op::Say(text) => print(sys, 2, &text),
            Op::Ask { words, before, after, prints } => {
                if !self.asked {
                    print(sys, 2, &before);
                }
                match self.question(sys, &words)? {
                    Reply::Error(text) => {
                        say(sys, &format!("Error response from daemon: {text}"));
                        self.status = 1;
                        if !before.is_empty() {
                            return Err(Step::Exit(1));
                        }
                    }
                    Reply::Bulk(text) if prints => print(sys, 1, &format!("{text}\n")),
                    _ => print(sys, 2, &after),
                }
            }
            Op::Create { container, before, after } => {
                if !self.asked {
                    print(sys, 2, &before);
                }
                let words = [vec!["create".to_owned()], container.save()].concat();
                match self.question(sys, &words)? {
                    Reply::Error(text) => {
                        say(sys, &format!("Error response from daemon: {text}"));
                        return Err(Step::Exit(125));
                    }
                    _ => print(sys, 2, &after),
                }
            }
            Op::Log { id, prefix, follow, tail } => {
                if !self.log(sys, &id, &prefix, tail) && follow {
                    let last = self.ops.iter().all(|op| matches!(op, Op::Log { .. }));
                    if last {
                        self.ops.rotate_left(1);
                        let files = self.ops.iter().filter_map(|op| match op {
                            Op::Log { id, .. } => sys.lookup(&log_path(id), true).ok(),
                            _ => None,
                        });
                        let channels: Vec<Channel> = files.map(Channel::File).collect();
                        return Err(Step::Wait(Wait { channels, ..Wait::default() }));
                    }
                } else if follow {
                    return Ok(());
                }
            }
            Op::Exec { container, argv } => return self.exec(sys, &container, &argv),
        }
        self.ops.pop_front();
        Ok(())
    }

    /// Prints what is new in a log; tells whether there was anything.
    fn log(&mut self, sys: &mut Sys<'_>, id: &str, prefix: &str, tail: Option<usize>) -> bool {
        let bytes = sys.world.files.text(&log_path(id)).unwrap_or_default();
        let lines: Vec<&str> = bytes.lines().collect();
        let begin = tail.map_or(0, |n| lines.len().saturating_sub(n));
        let seen = self.shown.iter().find(|(other, _)| other == id).map_or(begin, |(_, n)| *n);
        self.shown.retain(|(other, _)| other != id);
        self.shown.push((id.to_owned(), lines.len()));
        for line in lines.iter().skip(seen) {
            let text = text_at(line.as_bytes(), &["log"]).unwrap_or_default();
            let fd = if line.contains("\"stream\":\"stderr\"") && prefix.is_empty() { 2 } else { 1 };
            print(sys, fd, &format!("{prefix}{}\n", text.trim_end_matches('\n')));
        }
        lines.len() > seen
    }

    fn exec(&mut self, sys: &mut Sys<'_>, container: &Container, argv: &[String]) -> Result<(), Step> {
        let Some(child) = self.child else {
            let name = argv.first().cloned().unwrap_or_default();
            let Ok(file) = find_program(sys, &name, PATH) else {
                say(
                    sys,
                    &format!(
                        "OCI runtime exec failed: exec failed: unable to start container process: exec: \"{name}\": executable file not found in $PATH: unknown"
                    ),
                );
                return Err(Step::Exit(127));
            };
            let inner = Exec { container: container.clone(), file, argv: argv.to_vec() };
            let child = sys.fork(Box::new(inner)).map_err(|_| Step::Exit(1))?;
            self.child = Some(child);
            return Ok(());
        };
        match sys.wait_child(Some(child)) {
            Some((_, ChildEvent::Ended(status))) => Err(Step::Exit(status.code())),
            _ => Err(Step::Wait(Wait::channel(Channel::Children(sys.pid)))),
        }
    }
}

impl Program for Docker {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.planned
            && let Err(step) = self.plan(sys)
        {
            return step;
        }
        loop {
            if let Err(step) = self.work(sys) {
                return step;
            }
        }
    }
}

/// A command in a container, before it becomes its program.
#[derive(Clone)]
struct Exec {
    container: Container,
    file: String,
    argv: Vec<String>,
}

impl Program for Exec {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        enter(sys, &self.container);
        let (argv, env) = (self.argv.clone(), self.container.env.clone());
        sys.exec(&self.file, &argv, env).unwrap_or(Step::Exit(126))
    }
}
