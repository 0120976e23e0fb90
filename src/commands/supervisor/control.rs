//! `supervisorctl`: asks the daemon: supervisorctl(1).

use std::collections::VecDeque;

use super::report::done;
use crate::commands::Command;
use crate::commands::net::redis::resp::{Reply, encode_request};
use crate::commands::process::launch::print;
use crate::world::fs::Access;
use crate::world::{Channel, Errno, Fd, Program, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "supervisorctl", path: "/usr/bin/supervisorctl", program: |argv| Box::new(Control::new(argv)) };

const SOCKET: &str = "/var/run/supervisor.sock";

/// The verbs, and whether each needs a name.
const VERBS: &[(&str, bool)] = &[
    ("status", false),
    ("start", true),
    ("stop", true),
    ("restart", true),
    ("signal", true),
    ("reread", false),
    ("update", false),
    ("reload", false),
    ("shutdown", false),
    ("tail", true),
    ("clear", true),
    ("pid", false),
    ("avail", false),
    ("fg", true),
    ("add", true),
    ("remove", true),
    ("version", false),
    ("help", false),
    ("exit", false),
    ("quit", false),
];

/// The names of the verbs.
pub(crate) fn verbs() -> Vec<&'static str> {
    VERBS.iter().map(|verb| verb.0).collect()
}

/// What is done next.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// Ask the daemon; the answer goes to the teller.
    Ask(Vec<String>, Tell),
    /// Print a line.
    Say(String),
    /// Print what is written to a file from now on, until Ctrl-C; how much was shown.
    Follow(String, usize),
}

/// What an answer becomes.
#[derive(Clone, Debug)]
pub(super) enum Tell {
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
    /// The lines of an answer.
    Lines,
    /// A log's path, to follow it; the name, and whether its process must run.
    Follow(String, bool),
    /// Nothing.
    Quiet,
}

/// The client at work.
#[derive(Clone)]
pub(super) struct Control {
    words: Vec<String>,
    /// What is still to be done.
    pub(super) tasks: VecDeque<Task>,
    fd: Option<Fd>,
    input: Vec<u8>,
    /// The answers that are awaited, in order.
    asked: VecDeque<Tell>,
    started: bool,
    interactive: bool,
    typed: Vec<u8>,
    prompted: bool,
    /// The status to end with.
    pub(super) status: u8,
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

    /// Prints a line.
    pub(super) fn line(sys: &mut Sys<'_>, text: &str) {
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
        let Some((_, needs_names)) = VERBS.iter().find(|(name, _)| *name == verb) else {
            Self::line(sys, &format!("*** Unknown syntax: {}", words.join(" ")));
            self.status = 1;
            return;
        };
        if matches!(verb, "version" | "help" | "exit" | "quit") {
            let verbs: Vec<&str> = VERBS.iter().map(|v| v.0).collect();
            let text =
                if verb == "version" { "4.2.5".to_owned() } else { format!("supervisorctl: {}", verbs.join(" ")) };
            Self::line(sys, &text);
            return;
        }
        if !self.connect(sys) {
            return;
        }
        if *needs_names && names.is_empty() {
            Self::line(sys, &format!("Error: {verb} requires a process name"));
            self.status = 1;
            return;
        }
        match verb {
            "start" => self.each("start", names),
            "stop" => self.each("stop", names),
            "clear" => self.each("clear", names),
            "restart" => {
                self.each("stop", names);
                self.each("start", names);
            }
            "tail" => self.plan_tail(sys, names),
            "shutdown" | "reload" => {
                let (question, said) =
                    if verb == "reload" { ("restart", "Restarted supervisord") } else { ("shutdown", "Shut down") };
                self.ask_later(&[question], Tell::Quiet);
                self.tasks.push_back(Task::Say(said.into()));
            }
            _ => self.plan_questions(verb, names),
        }
    }

    /// The verbs that ask one thing, or one thing for each name.
    fn plan_questions(&mut self, verb: &str, names: &[String]) {
        match verb {
            "status" => self.ask_later(&["status"], Tell::Status(names.to_vec())),
            "avail" => self.ask_later(&["avail"], Tell::Lines),
            "fg" => self.ask_later(&["logfile", &names[0], "stdout"], Tell::Follow(names[0].clone(), true)),
            "reread" => self.ask_later(&["reread"], Tell::Reread),
            "update" => {
                let only = names.iter().filter(|n| *n != "all").cloned().collect();
                self.ask_later(&["reread"], Tell::Update(only));
            }
            "pid" if names.is_empty() => self.ask_later(&["pid"], Tell::Pid(None)),
            _ => {
                let (signal, names) = match verb {
                    "signal" => (names.first().cloned().unwrap_or_default(), &names[1..]),
                    _ => (String::new(), names),
                };
                for name in names {
                    match verb {
                        "pid" => self.ask_later(&["status"], Tell::Pid(Some(name.clone()))),
                        "signal" => self.ask_later(&["signal", &signal, name], Tell::Result(name.clone(), "signalled")),
                        "add" => self.ask_later(&["add", name], Tell::Result(name.clone(), "added process group")),
                        _ => self.ask_later(&["remove", name], Tell::Result(name.clone(), "removed process group")),
                    }
                }
            }
        }
    }

    fn plan_tail(&mut self, sys: &mut Sys<'_>, names: &[String]) {
        let follows = names[0] == "-f";
        let names: Vec<&String> = names.iter().filter(|n| !n.starts_with('-')).collect();
        let channel = names.get(1).map_or("stdout", |c| c.as_str());
        match names.first() {
            Some(name) if follows => self.ask_later(&["logfile", name, channel], Tell::Follow((*name).clone(), false)),
            Some(name) => self.ask_later(&["log", name, channel], Tell::Log((*name).clone())),
            None => {
                Self::line(sys, "Error: tail requires process name");
                self.status = 1;
            }
        }
    }

    fn ask_later(&mut self, words: &[&str], tell: Tell) {
        self.tasks.push_back(Task::Ask(words.iter().map(|w| (*w).to_owned()).collect(), tell));
    }

    /// One question for each name; `all` and `group:*` are looked up first.
    fn each(&mut self, verb: &'static str, names: &[String]) {
        let words = |name: &str| vec![verb.to_owned(), name.to_owned()];
        if verb == "clear" && names.iter().any(|n| n.ends_with(":*")) {
            // The real one takes `group:*` for a process without a name.
            for group in names.iter().filter_map(|n| n.strip_suffix(":*")) {
                self.tasks.push_back(Task::Ask(words(""), Tell::Result(format!("{group}:None"), "cleared")));
            }
            return;
        }
        if names.iter().any(|n| n == "all" || n.ends_with(":*")) {
            self.tasks.push_back(Task::Ask(vec!["status".into()], Tell::Expand(verb, names.to_vec())));
            return;
        }
        for name in names {
            self.tasks.push_back(Task::Ask(words(name), Tell::Result(name.clone(), done(verb))));
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
                Task::Follow(path, shown) => {
                    let (shown, wait) = show_more(sys, &path, shown);
                    self.tasks.push_front(Task::Follow(path, shown));
                    return Some(wait);
                }
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

/// Prints what a file has beyond `shown`, and waits for more.
fn show_more(sys: &mut Sys<'_>, path: &str, shown: usize) -> (usize, Step) {
    let bytes = sys.world.files.text(path).unwrap_or_default();
    // A log that was rotated or cleared begins again.
    let from = if bytes.len() < shown { 0 } else { shown };
    print(sys, 1, bytes.get(from..).unwrap_or_default());
    let root = crate::world::fs::Cred::root();
    let ino = sys.world.files.lookup(&root, "/", path, true);
    let channels = ino.into_iter().map(Channel::File).collect();
    (bytes.len(), Step::Wait(Wait { channels, ..Wait::default() }))
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
