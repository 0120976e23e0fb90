//! `supervisorctl`: asks the daemon: supervisorctl(1).

use std::collections::VecDeque;

use crate::commands::Command;
use crate::commands::net::redis::resp::{Reply, encode_request};
use crate::commands::process::launch::print;
use crate::world::fs::Access;
use crate::world::{Errno, Fd, Program, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "supervisorctl", path: "/usr/bin/supervisorctl", program: |argv| Box::new(Control::new(argv)) };

const SOCKET: &str = "/var/run/supervisor.sock";

/// What is done next.
#[derive(Clone, Debug)]
enum Task {
    /// Ask the daemon; the answer goes to the teller.
    Ask(Vec<String>, Tell),
    /// Print a line.
    Say(String),
}

/// What an answer becomes.
#[derive(Clone, Debug)]
enum Tell {
    /// `name: started` or an error; the name and the word.
    Result(String, &'static str),
    /// The table of states of these names (none: all).
    Status(Vec<String>),
    /// The list that a verb for `all` or `group:*` works on.
    Expand(&'static str, Vec<String>),
    /// What has changed in the files.
    Reread,
    /// The same, and then it is put into force.
    Update(Vec<String>),
    /// A log.
    Log(String),
    /// A process id.
    Pid(Option<String>),
    /// Nothing.
    Quiet,
}

#[derive(Clone)]
struct Control {
    words: Vec<String>,
    tasks: VecDeque<Task>,
    fd: Option<Fd>,
    input: Vec<u8>,
    /// The answers that are awaited, in order.
    asked: VecDeque<Tell>,
    started: bool,
    interactive: bool,
    typed: Vec<u8>,
    prompted: bool,
    status: u8,
}

impl Control {
    fn new(argv: &[String]) -> Self {
        let mut words = Vec::new();
        let mut args = argv.iter().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-c" | "--configuration" | "-s" | "--serverurl" | "-u" | "-p" if words.is_empty() => drop(args.next()),
                "-i" | "--interactive" if words.is_empty() => {}
                _ => words.push(arg.clone()),
            }
        }
        let interactive = words.is_empty();
        Control {
            words,
            tasks: VecDeque::new(),
            fd: None,
            input: Vec::new(),
            asked: VecDeque::new(),
            started: false,
            interactive,
            typed: Vec::new(),
            prompted: false,
            status: 0,
        }
    }

    fn line(sys: &mut Sys<'_>, text: &str) {
        print(sys, 1, &format!("{text}\n"));
    }

    /// Connects; on failure prints why and sets the status.
    fn connect(&mut self, sys: &mut Sys<'_>) -> bool {
        if self.fd.is_some() {
            return true;
        }
        let (text, status) = match sys.access(SOCKET, Access::Write) {
            Err(Errno::ENOENT) => (format!("unix://{SOCKET} no such file"), 4),
            Err(_) => ("error: <class 'PermissionError'>, [Errno 13] Permission denied: file: /usr/lib/python3/dist-packages/supervisor/xmlrpc.py line: 557".into(), 1),
            Ok(()) => match sys.world.net.unix(SOCKET).map(|listener| sys.connect(listener)) {
                Some(Ok(fd)) => {
                    self.fd = Some(fd);
                    return true;
                }
                _ => (format!("unix://{SOCKET} refused connection"), 4),
            },
        };
        Self::line(sys, &text);
        self.status = status;
        false
    }

    /// Turns a command line into tasks.
    fn plan(&mut self, sys: &mut Sys<'_>, words: &[String]) {
        let (verb, names) = words.split_first().map_or(("", &[][..]), |(v, n)| (v.as_str(), n));
        let ask = |list: &[&str], tell| Task::Ask(list.iter().map(|w| (*w).to_owned()).collect(), tell);
        let known = [
            "status", "start", "stop", "restart", "signal", "reread", "update", "reload", "shutdown", "tail", "clear",
            "pid", "avail", "add", "remove", "version", "help", "exit", "quit",
        ];
        if !known.contains(&verb) {
            Self::line(sys, &format!("*** Unknown syntax: {}", words.join(" ")));
            self.status = 1;
            return;
        }
        if matches!(verb, "version" | "help" | "avail" | "exit" | "quit") {
            Self::line(
                sys,
                if verb == "version" {
                    "4.2.5"
                } else {
                    "supervisorctl: status start stop restart signal reread update reload shutdown tail clear pid add remove version"
                },
            );
            return;
        }
        if !self.connect(sys) {
            return;
        }
        let needs_names = matches!(verb, "start" | "stop" | "restart" | "signal" | "clear" | "tail" | "add" | "remove");
        if needs_names && names.is_empty() {
            Self::line(sys, &format!("Error: {verb} requires a process name"));
            self.status = 1;
            return;
        }
        match verb {
            "status" => self.tasks.push_back(ask(&["status"], Tell::Status(names.to_vec()))),
            "start" => self.each("start", names),
            "stop" => self.each("stop", names),
            "restart" => {
                self.each("stop", names);
                self.each("start", names);
            }
            "clear" => self.each("clear", names),
            "signal" => {
                let signal = names[0].clone();
                for name in &names[1..] {
                    self.tasks.push_back(ask(&["signal", &signal, name], Tell::Result(name.clone(), "signalled")));
                }
            }
            "reread" => self.tasks.push_back(ask(&["reread"], Tell::Reread)),
            "update" => self
                .tasks
                .push_back(ask(&["reread"], Tell::Update(names.iter().filter(|n| *n != "all").cloned().collect()))),
            "add" => names
                .iter()
                .for_each(|n| self.tasks.push_back(ask(&["add", n], Tell::Result(n.clone(), "added process group")))),
            "remove" => names.iter().for_each(|n| {
                self.tasks.push_back(ask(&["remove", n], Tell::Result(n.clone(), "removed process group")))
            }),
            "pid" if names.is_empty() => self.tasks.push_back(ask(&["pid"], Tell::Pid(None))),
            "pid" => names.iter().for_each(|n| self.tasks.push_back(ask(&["status"], Tell::Pid(Some(n.clone()))))),
            "tail" => {
                if names[0] == "-f" {
                    Self::line(sys, "supervisorctl: tail -f is not simulated");
                    self.status = 2;
                    return;
                }
                let names: Vec<&String> = names.iter().filter(|n| !n.starts_with('-')).collect();
                let channel = names.get(1).map_or("stdout", |c| c.as_str());
                if let Some(name) = names.first() {
                    self.tasks.push_back(ask(&["log", name, channel], Tell::Log((*name).clone())));
                }
            }
            "shutdown" => {
                self.tasks.push_back(ask(&["shutdown"], Tell::Quiet));
                self.tasks.push_back(Task::Say("Shut down".into()));
            }
            _ => {
                self.tasks.push_back(ask(&["restart"], Tell::Quiet));
                self.tasks.push_back(Task::Say("Restarted supervisord".into()));
            }
        }
    }

    /// One question for each name; `all` and `group:*` are looked up first.
    fn each(&mut self, verb: &'static str, names: &[String]) {
        let words = |name: &str| vec![verb.to_owned(), name.to_owned()];
        if names.iter().any(|n| n == "all" || n.ends_with(":*")) {
            self.tasks.push_back(Task::Ask(vec!["status".into()], Tell::Expand(verb, names.to_vec())));
            return;
        }
        for name in names {
            self.tasks.push_back(Task::Ask(words(name), Tell::Result(name.clone(), done(verb))));
        }
    }

    fn tell(&mut self, sys: &mut Sys<'_>, tell: Tell, reply: &Reply) {
        match tell {
            Tell::Quiet => {}
            Tell::Result(name, word) => match reply {
                Reply::Error(code) => {
                    Self::line(sys, &format!("{name}: ERROR ({})", explain(code)));
                    match code.as_str() {
                        "ALREADY_STARTED" | "NOT_RUNNING" => {}
                        "SPAWN_ERROR" | "ABNORMAL_TERMINATION" => self.status = 7,
                        _ => self.status = 1,
                    }
                }
                _ => Self::line(sys, &format!("{name}: {word}")),
            },
            Tell::Status(names) => self.show_status(sys, &names, reply),
            Tell::Expand(verb, names) => {
                let mut questions = Vec::new();
                for row in rows(reply) {
                    let group = format!("{}:*", row[3]);
                    // Like the real one, `all` leaves alone what is in the wanted state already.
                    let up = matches!(row[1].as_str(), "RUNNING" | "STARTING" | "BACKOFF");
                    let idle = (verb == "start" && up) || (verb == "stop" && !up);
                    if names.iter().any(|n| n == "all" || *n == group || *n == row[0]) && !idle {
                        questions.push(Task::Ask(
                            vec![verb.into(), row[0].clone()],
                            Tell::Result(row[0].clone(), done(verb)),
                        ));
                    }
                }
                questions.into_iter().rev().for_each(|task| self.tasks.push_front(task));
            }
            Tell::Reread => self.show_reread(sys, reply),
            Tell::Update(only) => self.update(sys, &only, reply),
            Tell::Log(name) => match reply {
                Reply::Bulk(text) => {
                    let start = text.char_indices().rev().take(1600).last().map_or(0, |(at, _)| at);
                    print(sys, 1, &text[start..]);
                }
                Reply::Error(code) => {
                    let why = if code == "NO_FILE" { "no log file" } else { explain(code) };
                    Self::line(sys, &format!("{name}: ERROR ({why})"));
                    self.status = 1;
                }
                _ => {}
            },
            Tell::Pid(None) => {
                if let Reply::Bulk(pid) = reply {
                    Self::line(sys, pid);
                }
            }
            Tell::Pid(Some(name)) => match rows(reply).into_iter().find(|row| row[0] == name || name == "all") {
                Some(row) => {
                    Self::line(sys, &row[4]);
                    if row[4] == "0" {
                        self.status = 7;
                    }
                }
                None => {
                    Self::line(sys, &format!("No such process {name}"));
                    self.status = 1;
                }
            },
        }
    }

    fn show_status(&mut self, sys: &mut Sys<'_>, names: &[String], reply: &Reply) {
        let all = rows(reply);
        let mut wanted: Vec<Vec<String>> = Vec::new();
        if names.is_empty() || names.iter().any(|n| n == "all") {
            wanted = all;
        } else {
            for name in names {
                let found: Vec<Vec<String>> = all
                    .iter()
                    .filter(|r| r[0] == *name || format!("{}:*", r[3]) == *name || r[3] == *name)
                    .cloned()
                    .collect();
                if found.is_empty() {
                    Self::line(sys, &format!("{name}: ERROR (no such process)"));
                    self.status = 4;
                }
                wanted.extend(found);
            }
        }
        let width = wanted.iter().map(|r| r[0].chars().count()).max().unwrap_or(0).max(30) + 3;
        for row in &wanted {
            Self::line(sys, format!("{:<width$}{:<10}{}", row[0], row[1], row[2]).trim_end());
            if row[1] != "RUNNING" && self.status == 0 {
                self.status = 3;
            }
        }
    }

    fn show_reread(&mut self, sys: &mut Sys<'_>, reply: &Reply) {
        let Some([added, changed, gone]) = lists(reply) else { return self.bad_config(sys, reply) };
        let mut lines: Vec<String> = added.iter().map(|n| format!("{n}: available")).collect();
        lines.extend(changed.iter().map(|n| format!("{n}: changed")));
        lines.extend(gone.iter().map(|n| format!("{n}: disappeared")));
        if lines.is_empty() {
            lines.push("No config updates to processes".into());
        }
        lines.iter().for_each(|line| Self::line(sys, line));
    }

    fn bad_config(&mut self, sys: &mut Sys<'_>, reply: &Reply) {
        if let Reply::Error(text) = reply {
            let text = text.strip_prefix("CANT_REREAD ").unwrap_or(text);
            Self::line(sys, &format!("ERROR: CANT_REREAD: {text}"));
            self.status = 1;
        }
    }

    fn update(&mut self, sys: &mut Sys<'_>, only: &[String], reply: &Reply) {
        let Some([added, changed, gone]) = lists(reply) else { return self.bad_config(sys, reply) };
        let wanted = |name: &&String| only.is_empty() || only.contains(name);
        let ask = |verb: &str, name: &str| Task::Ask(vec![verb.to_owned(), name.to_owned()], Tell::Quiet);
        for name in gone.iter().filter(wanted) {
            self.tasks.push_back(ask("stopgroup", name));
            self.tasks.push_back(Task::Say(format!("{name}: stopped")));
            self.tasks.push_back(ask("remove", name));
            self.tasks.push_back(Task::Say(format!("{name}: removed process group")));
        }
        for name in changed.iter().filter(wanted) {
            self.tasks.push_back(ask("stopgroup", name));
            self.tasks.push_back(Task::Say(format!("{name}: stopped")));
            self.tasks.push_back(ask("remove", name));
            self.tasks.push_back(ask("add", name));
            self.tasks.push_back(Task::Say(format!("{name}: updated process group")));
        }
        for name in added.iter().filter(wanted) {
            self.tasks.push_back(ask("add", name));
            self.tasks.push_back(Task::Say(format!("{name}: added process group")));
        }
    }

    /// Works on the tasks; `Some`: a step to wait with. `None`: all is done.
    fn work(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        loop {
            while !self.asked.is_empty() {
                let fd = self.fd?;
                if let Some(reply) = Reply::take(&mut self.input) {
                    if let Some(tell) = self.asked.pop_front() {
                        self.tell(sys, tell, &reply);
                    }
                    continue;
                }
                match sys.read(fd, 65_536) {
                    Ok(bytes) if !bytes.is_empty() => self.input.extend(bytes),
                    Err(Errno::EAGAIN) => return Some(Step::Wait(Wait::fd(fd))),
                    _ => {
                        // The daemon is gone: after a shutdown that is the answer.
                        self.asked.clear();
                        self.fd = None;
                    }
                }
            }
            match self.tasks.pop_front()? {
                Task::Say(text) => Self::line(sys, &text),
                Task::Ask(words, tell) => {
                    // Questions of one kind go out together, so that the daemon works on them side by side.
                    let verb = words[0].clone();
                    self.ask(sys, &words, tell);
                    while let Some(Task::Ask(next, _)) = self.tasks.front() {
                        let same = next[0] == verb && matches!(verb.as_str(), "start" | "stop");
                        if !same {
                            break;
                        }
                        if let Some(Task::Ask(next, tell)) = self.tasks.pop_front() {
                            self.ask(sys, &next, tell);
                        }
                    }
                }
            }
        }
    }

    fn ask(&mut self, sys: &mut Sys<'_>, words: &[String], tell: Tell) {
        if let Some(fd) = self.fd {
            let _ = sys.write(fd, &encode_request(words));
            self.asked.push_back(tell);
        }
    }

    /// The prompt: reads the next line. `Err`: a step to return.
    fn prompt(&mut self, sys: &mut Sys<'_>) -> Result<Vec<String>, Step> {
        loop {
            if !self.prompted {
                print(sys, 1, "supervisor> ");
                self.prompted = true;
            }
            if let Some(end) = self.typed.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.typed.drain(..=end).collect();
                self.prompted = false;
                return Ok(String::from_utf8_lossy(&line).split_whitespace().map(str::to_owned).collect());
            }
            match sys.read(0, 65_536) {
                Ok(bytes) if !bytes.is_empty() => self.typed.extend(bytes),
                Err(Errno::EAGAIN) => return Err(Step::Wait(Wait::fd(0))),
                _ => {
                    print(sys, 1, "\n");
                    return Err(Step::Exit(0));
                }
            }
        }
    }
}

fn done(verb: &str) -> &'static str {
    match verb {
        "start" => "started",
        "stop" => "stopped",
        _ => "cleared",
    }
}

/// What a fault means, in words.
fn explain(code: &str) -> &str {
    match code {
        "BAD_NAME" => "no such process",
        "NO_FILE" => "no such file",
        "NOT_EXECUTABLE" => "file is not executable",
        "ALREADY_STARTED" => "already started",
        "SPAWN_ERROR" => "spawn error",
        "ABNORMAL_TERMINATION" => "abnormal termination",
        "NOT_RUNNING" => "not running",
        "BAD_SIGNAL" => "bad signal name",
        "ALREADY_ADDED" => "process group already active",
        "STILL_RUNNING" => "process/group still running",
        other => other,
    }
}

/// The rows of a status answer: name, state, description, group, process id.
fn rows(reply: &Reply) -> Vec<Vec<String>> {
    let Reply::Array(rows) = reply else { return Vec::new() };
    rows.iter().map(strings).filter(|row| row.len() == 5).collect()
}

fn strings(reply: &Reply) -> Vec<String> {
    match reply {
        Reply::Array(items) => {
            items.iter().filter_map(|i| if let Reply::Bulk(text) = i { Some(text.clone()) } else { None }).collect()
        }
        _ => Vec::new(),
    }
}

fn lists(reply: &Reply) -> Option<[Vec<String>; 3]> {
    match reply {
        Reply::Array(items) if items.len() == 3 => Some([strings(&items[0]), strings(&items[1]), strings(&items[2])]),
        _ => None,
    }
}

impl Program for Control {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            let words = if self.interactive { vec!["status".to_owned()] } else { self.words.clone() };
            self.plan(sys, &words);
        }
        loop {
            if let Some(step) = self.work(sys) {
                return step;
            }
            if !self.interactive {
                return Step::Exit(self.status);
            }
            match self.prompt(sys) {
                Err(step) => return step,
                Ok(words) => match words.first().map(String::as_str) {
                    None => {}
                    Some("exit" | "quit") => return Step::Exit(0),
                    Some(_) => self.plan(sys, &words),
                },
            }
        }
    }
}
