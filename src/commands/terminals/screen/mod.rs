//! `screen`: sessions that outlive the connection, as far as detaching matters: screen(1). One window each.

mod server;

use server::Server;

use super::attach::{Client, Left};
use super::pane::Start;
use crate::commands::Command;
use crate::commands::process::launch::{print, say};
use crate::world::{Address, OpenKind, Pid, Program, Signal, Step, Sys, Time, TtyId, Wait, accounts};

/// The command.
pub const COMMAND: Command = Command {
    name: "screen",
    path: "/usr/bin/screen",
    program: |argv| Box::new(Screen { argv: argv.to_vec(), state: State::Start }),
};

/// The key before a command: Ctrl-a.
const PREFIX: u8 = 1;

#[derive(Clone)]
struct Screen {
    argv: Vec<String>,
    state: State,
}

#[derive(Clone)]
enum State {
    Start,
    /// A session was started and is attached to as soon as it is there.
    Starting(String, u32),
    Attached(Client, String),
}

/// What the arguments ask for.
#[derive(Default)]
struct Request {
    list: bool,
    detached: bool,
    attach: bool,
    /// `-x`: beside others.
    multi: bool,
    /// `-R`: a new one when there is none.
    or_new: bool,
    detach: bool,
    quit: bool,
    command: Vec<String>,
    name: Option<String>,
    target: Option<String>,
    rest: Vec<String>,
}

/// A session that runs, as its socket tells: `PID.NAME`.
struct Found {
    label: String,
    listener: u64,
    pid: Pid,
    tty: TtyId,
    attached: bool,
    started: Time,
}

fn user(sys: &Sys<'_>) -> String {
    accounts::user_name(&sys.world.files, sys.me().ruid)
}

fn folder(sys: &Sys<'_>) -> String {
    format!("/run/screen/S-{}", user(sys))
}

fn sessions(sys: &Sys<'_>) -> Vec<Found> {
    let folder = format!("{}/", folder(sys));
    let listeners = sys.world.net.listeners.iter();
    let mut found: Vec<Found> = listeners
        .filter_map(|(id, listener)| {
            let Address::Unix(path) = &listener.address else { return None };
            let label = path.strip_prefix(&folder)?.to_owned();
            let server = sys.world.process(listener.owner)?;
            let tty = sys.world.terminals.iter().find(|(_, t)| t.holder == server.pid && !t.hung_up)?.0;
            // A client holds a connection as long as it is attached.
            let connected = |d: &crate::world::Descriptor| {
                matches!(sys.world.open_files.get(d.file).map(|f| &f.kind), Some(OpenKind::Socket { .. }))
            };
            let attached = server.fds.values().any(connected) || !listener.pending.is_empty();
            Some(Found { label, listener: *id, pid: server.pid, tty: *tty, attached, started: server.started })
        })
        .collect();
    found.sort_by_key(|session| std::cmp::Reverse(session.pid));
    found
}

impl Program for Screen {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        loop {
            match self.state.clone() {
                State::Start => {
                    if let Err(step) = self.start(sys) {
                        return step;
                    }
                }
                State::Starting(label, tries) => {
                    let found = sessions(sys).into_iter().find(|s| s.label == label);
                    match found {
                        Some(session) => {
                            if let Err(step) = self.attach(sys, &session) {
                                return step;
                            }
                        }
                        None if tries == 0 => return Step::Exit(1),
                        None => {
                            self.state = State::Starting(label, tries - 1);
                            let soon = sys.now() + crate::world::Duration::from_millis(1);
                            return Step::Wait(Wait::until(soon));
                        }
                    }
                }
                State::Attached(mut client, label) => match client.step(sys) {
                    Err(wait) => {
                        self.state = State::Attached(client, label);
                        return Step::Wait(wait);
                    }
                    Ok(left) => {
                        let text = match left {
                            Left::Detached => format!("[detached from {label}]"),
                            Left::Ended | Left::Lost => "[screen is terminating]".into(),
                        };
                        print(sys, 1, &format!("{text}\n"));
                        return Step::Exit(0);
                    }
                },
            }
        }
    }
}

impl Screen {
    /// Reads the arguments. Errors: what is wrong with them.
    fn request(&self) -> Result<Request, String> {
        let mut request = Request::default();
        let mut words = self.argv.iter().skip(1).peekable();
        while let Some(word) = words.next_if(|word| word.len() > 1 && word.starts_with('-')) {
            let mut target = |request: &mut Request| {
                if let Some(name) = words.next_if(|next| !next.starts_with('-')) {
                    request.target = Some(name.clone());
                }
            };
            match word.as_str() {
                "-ls" | "-list" => {
                    request.list = true;
                    target(&mut request);
                }
                "-v" => return Err("Screen version 4.09.00 (GNU) 30-Jan-22".into()),
                "-S" | "-t" | "-s" | "-h" | "-c" | "-T" | "-p" | "-e" => {
                    let value = words.next().cloned();
                    if word == "-S" {
                        request.name = value;
                    } else if word != "-t" && word != "-p" {
                        return Err(format!("screen: option {word} is not simulated"));
                    }
                }
                "-X" => {
                    request.command = words.by_ref().cloned().collect();
                    request.quit = true;
                }
                "-D" if words.peek().is_some_and(|next| *next == "-m") => {
                    return Err("screen: option -D -m is not simulated".into());
                }
                "-wipe" | "-L" | "-Logfile" => return Err(format!("screen: option {word} is not simulated")),
                bundle => {
                    let letters = &bundle[1..];
                    for letter in letters.chars() {
                        match letter {
                            'd' | 'D' => request.detach = true,
                            'm' => request.detached = true,
                            'r' => request.attach = true,
                            'R' => (request.attach, request.or_new) = (true, true),
                            'x' => (request.attach, request.multi) = (true, true),
                            'S' => request.name = words.next().cloned(),
                            'U' | 'q' | 'A' | 'a' | 'O' | 'i' => {}
                            other => return Err(format!("screen: option -{other} is not simulated")),
                        }
                    }
                    let names = !letters.contains('m') && (request.attach || request.detach);
                    if let Some(name) = words.next_if(|next| names && !next.starts_with('-')) {
                        request.target = Some(name.clone());
                    }
                }
            }
        }
        request.rest = words.cloned().collect();
        Ok(request)
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let request = self.request().map_err(|message| {
            say(sys, &message);
            Step::Exit(1)
        })?;
        if request.list {
            return Err(list(sys, request.target.as_deref()));
        }
        let wanted = request.target.clone().or_else(|| request.name.clone());
        if request.quit {
            return Err(command(sys, wanted.as_deref(), &request.command));
        }
        if request.attach || (request.detach && !request.detached) {
            return self.resume_session(sys, &request, request.target.as_deref());
        }
        if !(request.detach && request.detached) && sys.tty_of(0).is_none() {
            say(sys, "Must be connected to a terminal.");
            return Err(Step::Exit(1));
        }
        self.begin(sys, &request)
    }

    /// Starts a session; with `-dm` that is all.
    fn begin(&mut self, sys: &mut Sys<'_>, request: &Request) -> Result<(), Step> {
        let tty = sys.tty_of(0).and_then(|tty| sys.world.terminals.get(&tty));
        let size = tty.map_or((80, 24), |t| (t.columns, t.rows));
        let place = tty.map_or_else(|| "vps".into(), |t| t.name.replace('/', "-"));
        let name = request.name.clone().unwrap_or_else(|| format!("{place}.{}", sys.world.hostname));
        let start = Start {
            command: (!request.rest.is_empty()).then(|| request.rest.clone()),
            cwd: sys.cwd().to_string(),
            env: vec![("TERM".into(), "screen".into()), ("WINDOW".into(), "0".into())],
            size,
        };
        let title = self.argv.iter().skip(1).fold("SCREEN".to_owned(), |line, word| format!("{line} {word}"));
        let server = Server::new(folder(sys), name.clone(), title, start);
        let Ok(pid) = sys.fork(Box::new(server)) else {
            say(sys, "fork: Resource temporarily unavailable");
            return Err(Step::Exit(1));
        };
        if request.detach && request.detached {
            return Err(Step::Exit(0));
        }
        self.state = State::Starting(format!("{pid}.{name}"), 100);
        Ok(())
    }

    fn resume_session(&mut self, sys: &mut Sys<'_>, request: &Request, target: Option<&str>) -> Result<(), Step> {
        let all = matching(sys, target);
        let only_detached = request.attach && !request.multi && !request.detach;
        let candidates: Vec<&Found> = all.iter().filter(|s| !only_detached || !s.attached).collect();
        match candidates[..] {
            [session] | [session, ..] if candidates.len() == 1 || request.or_new => {
                if request.detach {
                    // The server closes its clients' connections.
                    let _ = sys.kill(i64::from(session.pid), Some(Signal::USR1));
                    if !request.attach {
                        print(sys, 1, &format!("[{} detached.]\n\n", session.label));
                        return Err(Step::Exit(0));
                    }
                }
                self.attach(sys, session)
            }
            [] if request.or_new => self.begin(sys, request),
            [] => {
                let what = target.map_or_else(|| ".".to_owned(), |name| format!(" matching {name}."));
                let verb = if request.attach { "resumed" } else { "detached" };
                let there = if all.is_empty() { "" } else { &table(&all) };
                print(sys, 1, &format!("{there}There is no screen to be {verb}{what}\n"));
                Err(Step::Exit(1))
            }
            _ => {
                let text = table(&all).replacen("There are screens on:", "There are several suitable screens on:", 1);
                print(sys, 1, &format!("{text}Type \"screen [-d] -r [pid.]tty.host\" to resume one of them.\n"));
                Err(Step::Exit(1))
            }
        }
    }

    fn attach(&mut self, sys: &mut Sys<'_>, session: &Found) -> Result<(), Step> {
        let line = sys.connect(session.listener).map_err(|_| Step::Exit(1))?;
        let Some(client) = Client::new(sys, session.tty, session.pid, PREFIX, line) else {
            say(sys, "Must be connected to a terminal.");
            return Err(Step::Exit(1));
        };
        self.state = State::Attached(client, session.label.clone());
        Ok(())
    }
}

fn matching(sys: &Sys<'_>, target: Option<&str>) -> Vec<Found> {
    let mut all = sessions(sys);
    if let Some(target) = target {
        all.retain(|s| {
            s.label.starts_with(target) || s.label.split_once('.').is_some_and(|(_, n)| n.starts_with(target))
        });
    }
    all
}

fn table(all: &[Found]) -> String {
    let heading = if all.len() == 1 { "There is a screen on:" } else { "There are screens on:" };
    let rows: String = all
        .iter()
        .map(|s| {
            let state = if s.attached { "Attached" } else { "Detached" };
            format!("\t{}\t({})\t({state})\n", s.label, s.started.strftime("%m/%d/%y %H:%M:%S"))
        })
        .collect();
    format!("{heading}\n{rows}")
}

fn list(sys: &mut Sys<'_>, target: Option<&str>) -> Step {
    let (all, folder) = (matching(sys, target), folder(sys));
    if all.is_empty() {
        print(sys, 1, &format!("No Sockets found in {folder}.\n\n"));
        return Step::Exit(1);
    }
    let plural = if all.len() == 1 { "Socket" } else { "Sockets" };
    print(sys, 1, &format!("{}{} {plural} in {folder}.\n", table(&all), all.len()));
    Step::Exit(0)
}

/// `-X`: a command for a running session.
fn command(sys: &mut Sys<'_>, target: Option<&str>, words: &[String]) -> Step {
    let all = matching(sys, target);
    let Some(session) = all.first() else {
        print(sys, 1, "No screen session found.\n");
        return Step::Exit(1);
    };
    match words.first().map(String::as_str) {
        Some("quit" | "kill") => {
            let _ = sys.kill(i64::from(session.pid), Some(Signal::TERM));
            Step::Exit(0)
        }
        Some("stuff") => {
            let text = words.get(1).cloned().unwrap_or_default();
            let text = text.replace("\\n", "\n").replace("^M", "\n").replace("\\015", "\n").replace("^C", "\x03");
            sys.world.type_at(session.tty, text.replace('\r', "\n").as_bytes());
            Step::Exit(0)
        }
        other => {
            say(sys, &format!("screen: the command {} is not simulated", other.unwrap_or_default()));
            Step::Exit(1)
        }
    }
}
