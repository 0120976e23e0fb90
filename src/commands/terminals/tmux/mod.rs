//! `tmux`: sessions that outlive the connection, as far as detaching matters: tmux(1). One window with one pane each.

mod server;
mod words;

use super::attach::{Client, Left};
use crate::commands::Command;
use crate::commands::process::launch::{print, say};
use crate::world::{Address, Errno, Fd, Program, Step, Sys, Wait};
use server::Server;

/// The command.
pub const COMMAND: Command = Command {
    name: "tmux",
    path: "/usr/bin/tmux",
    program: |argv| Box::new(Tmux { argv: argv.to_vec(), state: State::Start, answer: Vec::new() }),
};

/// The key before a command: Ctrl-b.
const PREFIX: u8 = 2;

#[derive(Clone)]
struct Tmux {
    argv: Vec<String>,
    state: State,
    answer: Vec<u8>,
}

#[derive(Clone)]
enum State {
    Start,
    /// A server was started; its socket will be there soon.
    Starting(u32),
    /// The question was sent.
    Asking(Fd),
    Attached(Client, String),
}

/// Where the server of a user listens.
fn socket(sys: &Sys<'_>) -> String {
    format!("/tmp/tmux-{}/default", sys.uid())
}

/// What a client asks: the words of the command, where it is, the size of its terminal.
fn question(sys: &Sys<'_>, words: &[String]) -> Vec<u8> {
    let tty = sys.tty_of(0).and_then(|tty| sys.world.terminals.get(&tty));
    let (columns, rows) = tty.map_or((80, 24), |t| (t.columns, t.rows));
    let mut fields = vec![sys.cwd().to_string(), columns.to_string(), rows.to_string()];
    fields.extend(words.iter().cloned());
    format!("{}\x01", fields.join("\0")).into_bytes()
}

impl Program for Tmux {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        loop {
            match self.state.clone() {
                State::Start => {
                    if let Err(step) = self.start(sys) {
                        return step;
                    }
                }
                State::Starting(tries) => {
                    if let Err(step) = self.connect(sys, tries) {
                        return step;
                    }
                }
                State::Asking(fd) => {
                    if let Err(step) = self.hear(sys, fd) {
                        return step;
                    }
                }
                State::Attached(mut client, name) => match client.step(sys) {
                    Err(wait) => {
                        self.state = State::Attached(client, name);
                        return Step::Wait(wait);
                    }
                    Ok(left) => {
                        let text = match left {
                            Left::Detached => format!("[detached (from session {name})]"),
                            Left::Ended => "[exited]".into(),
                            Left::Lost => "[server exited]".into(),
                        };
                        print(sys, 1, &format!("{text}\n"));
                        return Step::Exit(0);
                    }
                },
            }
        }
    }
}

impl Tmux {
    /// Finds the server, or starts it when the command may.
    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let words = self.argv.get(1..).unwrap_or_default();
        let verb = words.first().map_or("new-session", String::as_str);
        match verb {
            "-V" => {
                print(sys, 1, "tmux 3.3a\n");
                return Err(Step::Exit(0));
            }
            option if option.starts_with('-') => {
                say(sys, &format!("tmux: option {option} is not simulated"));
                return Err(Step::Exit(1));
            }
            _ => {}
        }
        let starts = ["new-session", "new", "start-server", "start"].contains(&verb);
        let attaches = ["attach-session", "attach", "a", "at"].contains(&verb) || (starts && !has_flag(words, 'd'));
        if attaches && sys.getenv("TMUX").is_some_and(|v| !v.is_empty()) {
            say(sys, "sessions should be nested with care, unset $TMUX to force");
            return Err(Step::Exit(1));
        }
        if attaches && verb != "start-server" && verb != "start" && sys.tty_of(0).is_none() {
            say(sys, "open terminal failed: not a terminal");
            return Err(Step::Exit(1));
        }
        let path = socket(sys);
        if sys.world.net.unix(&path).is_none() {
            if !starts {
                let text = if attaches { "no sessions".into() } else { format!("no server running on {path}") };
                say(sys, &text);
                return Err(Step::Exit(1));
            }
            if sys.fork(Box::new(Server::new(path, self.argv.join(" ")))).is_err() {
                say(sys, "fork failed: Resource temporarily unavailable");
                return Err(Step::Exit(1));
            }
        }
        self.state = State::Starting(100);
        Ok(())
    }

    fn connect(&mut self, sys: &mut Sys<'_>, tries: u32) -> Result<(), Step> {
        let path = socket(sys);
        let found = sys.world.net.unix(&path);
        let Some(fd) = found.and_then(|listener| sys.connect(listener).ok()) else {
            if tries == 0 {
                say(sys, &format!("error connecting to {path} (No such file or directory)"));
                return Err(Step::Exit(1));
            }
            self.state = State::Starting(tries - 1);
            return Err(Step::Wait(Wait::until(sys.now() + crate::world::Duration::from_millis(1))));
        };
        let text = question(sys, self.argv.get(1..).unwrap_or_default());
        let _ = sys.write(fd, &text);
        self.state = State::Asking(fd);
        Ok(())
    }

    /// Reads the answer: lines `out TEXT`, `err TEXT`, then `exit N` or `attach TTY PID NAME`.
    fn hear(&mut self, sys: &mut Sys<'_>, fd: Fd) -> Result<(), Step> {
        loop {
            while let Some(end) = self.answer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.answer.drain(..=end).collect();
                let line = String::from_utf8_lossy(&line[..end]).into_owned();
                let (kind, rest) = line.split_once(' ').unwrap_or((&line, ""));
                match kind {
                    "out" => print(sys, 1, &format!("{rest}\n")),
                    "err" => say(sys, rest),
                    "attach" => {
                        let mut words = rest.splitn(3, ' ');
                        let mut number = || words.next().and_then(|word| word.parse::<u32>().ok()).unwrap_or(0);
                        let (pane, server) = (number(), number());
                        let name = words.next().unwrap_or_default().to_owned();
                        let Some(client) = Client::new(sys, pane, server, PREFIX, fd) else {
                            return Err(Step::Exit(1));
                        };
                        self.state = State::Attached(client, name);
                        return Ok(());
                    }
                    _ => return Err(Step::Exit(rest.parse().unwrap_or(1))),
                }
            }
            match sys.read(fd, 65_536) {
                Ok(bytes) if bytes.is_empty() => return Err(Step::Exit(0)),
                Ok(bytes) => self.answer.extend(bytes),
                Err(Errno::EAGAIN) => return Err(Step::Wait(Wait::fd(fd))),
                Err(_) => return Err(Step::Exit(1)),
            }
        }
    }
}

/// Whether a flag stands among the words, alone or in a bundle, before the first that is none.
fn has_flag(words: &[String], flag: char) -> bool {
    words
        .iter()
        .skip(1)
        .take_while(|w| *w != "--")
        .any(|w| w.starts_with('-') && !w.starts_with("--") && w.contains(flag))
}

/// The socket that belongs to a path.
fn address(path: &str) -> Address {
    Address::Unix(path.to_owned())
}
