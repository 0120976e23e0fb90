//! `supervisord`: starts programs, keeps them alive, and answers `supervisorctl` at its socket: supervisord(1).

use std::collections::BTreeMap;

use super::config::{self, Config};
use super::process::{LogLine, State, Supervised};
use super::rpc::{Waiting, begin};
use crate::commands::Command;
use crate::commands::net::redis::resp::{Reply, take_request};
use crate::commands::process::launch::{print, say};
use crate::world::fs::{Cred, Kind};
use crate::world::{Address, Channel, ChildEvent, Errno, Fd, OpenFlags, Program, Signal, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "supervisord", path: "/usr/bin/supervisord", program: |argv| Box::new(Daemon::new(argv)) };

/// The daemon.
#[derive(Clone)]
pub struct Daemon {
    argv: Vec<String>,
    path: String,
    /// The configuration in force.
    pub config: Config,
    /// Its processes, by priority and name.
    pub processes: Vec<Supervised>,
    listener: Option<Fd>,
    clients: BTreeMap<Fd, Client>,
    started: bool,
    /// It is shutting down.
    pub leaving: bool,
    /// It starts anew after shutting down.
    pub reloading: bool,
    foreground: bool,
}

/// Whoever talks to the daemon: what it asked, and what it still waits for, in order.
#[derive(Clone, Default)]
struct Client {
    input: Vec<u8>,
    waiting: Vec<Waiting>,
}

impl Daemon {
    fn new(argv: &[String]) -> Self {
        Daemon {
            argv: argv.to_vec(),
            path: "/etc/supervisor/supervisord.conf".into(),
            config: Config::default(),
            processes: Vec::new(),
            listener: None,
            clients: BTreeMap::new(),
            started: false,
            leaving: false,
            reloading: false,
            foreground: false,
        }
    }

    /// The path of the configuration.
    pub fn config_path(&self) -> &str {
        &self.path
    }

    /// Writes to the daemon's log, and in the foreground to its output.
    pub fn log(&self, sys: &mut Sys<'_>, lines: &[LogLine]) {
        for (level, text) in lines {
            let line = format!("{} {level} {text}\n", sys.now().strftime("%Y-%m-%d %H:%M:%S,%3f"));
            append(sys, &self.config.logfile, line.as_bytes());
            if self.foreground {
                print(sys, 1, &line);
            }
        }
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), u8> {
        let mut args = self.argv.iter().skip(1);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-n" | "--nodaemon" => self.foreground = true,
                "-c" | "--configuration" => self.path = args.next().cloned().unwrap_or_default(),
                "-v" | "--version" => {
                    print(sys, 1, "4.2.5\n");
                    return Err(0);
                }
                other => {
                    say(sys, &format!("Error: option {other} is not simulated"));
                    return Err(2);
                }
            }
        }
        let config = config::read(sys.world, &self.path).map_err(|message| {
            say(sys, &format!("Error: {message}\nFor help, use /usr/bin/supervisord -h"));
            2_u8
        })?;
        self.config = config;
        for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
            sys.catch(signal);
        }
        self.listener = Some(self.open_socket(sys)?);
        let (pid, now) = (sys.pid, sys.now());
        sys.world.files.put(&self.config.pidfile, format!("{pid}\n").as_bytes(), 0o644, (0, 0), now);
        sys.me_mut().rss = 24 * 1024 * 1024;
        self.log(sys, &[("CRIT", "Supervisor is running as root.  Privileges were not dropped because no user is specified in the config file.  If you intend to run as root, you can set user=root in the config file to avoid this message.".into())]);
        let included: Vec<LogLine> = self
            .config
            .included
            .iter()
            .map(|path| ("INFO", format!("Included extra file \"{path}\" during parsing")))
            .collect();
        self.log(sys, &included);
        self.log(
            sys,
            &[
                ("INFO", "RPC interface 'supervisor' initialized".into()),
                ("CRIT", "Server 'unix_http_server' running without any HTTP authentication checking".into()),
                ("INFO", format!("supervisord started with pid {pid}")),
            ],
        );
        let programs = self.config.programs.clone();
        for program in programs {
            self.add(sys, Supervised::new(program));
        }
        Ok(())
    }

    fn open_socket(&self, sys: &mut Sys<'_>) -> Result<Fd, u8> {
        let path = self.config.socket.clone();
        let fd = sys.listen(Address::Unix(path.clone()), 2048).map_err(|_| {
            say(sys, "Error: Another program is already listening on a port that one of our HTTP servers is configured to use.  Shut this program down first before starting supervisord.\nFor help, use /usr/bin/supervisord -h");
            2_u8
        })?;
        let (now, root) = (sys.now(), Cred::root());
        sys.world.files.remove_all(&path, now);
        if let Ok(found) = sys.world.files.find(&root, "/", &path, false) {
            let _ = sys.world.files.create(&root, &found, Kind::Socket, 0o700, now);
        }
        Ok(fd)
    }

    /// Takes a process in, and starts it when it wants to.
    pub fn add(&mut self, sys: &mut Sys<'_>, mut process: Supervised) {
        let mut log = Vec::new();
        if process.program.autostart {
            process.spawn(sys, &mut log);
        }
        self.processes.push(process);
        self.processes.sort_by_key(|p| (p.program.priority, p.program.shown()));
        self.log(sys, &log);
    }

    fn reap(&mut self, sys: &mut Sys<'_>) {
        while let Some((pid, event)) = sys.wait_child(None) {
            let ChildEvent::Ended(status) = event else { continue };
            let mut log = Vec::new();
            let now = sys.now();
            if let Some(process) = self.processes.iter_mut().find(|p| p.pid == Some(pid)) {
                process.finish(now, status, &mut log);
            }
            self.log(sys, &log);
        }
    }

    /// Copies what the programs print to their files.
    fn copy_output(&mut self, sys: &mut Sys<'_>) {
        for process in &mut self.processes {
            let program = &process.program;
            let (stdout, rotations) =
                (program.stdout_logfile.clone(), (program.stdout_rotation, program.stderr_rotation));
            process.outputs.retain(|(fd, file)| {
                loop {
                    match sys.read(*fd, 65_536) {
                        Ok(bytes) if !bytes.is_empty() => {
                            if let Some(path) = file {
                                append(sys, path, &bytes);
                                rotate(sys, path, if *file == stdout { rotations.0 } else { rotations.1 });
                            }
                        }
                        Err(Errno::EAGAIN) => return true,
                        _ => {
                            let _ = sys.close(*fd);
                            return false;
                        }
                    }
                }
            });
        }
    }

    fn serve(&mut self, sys: &mut Sys<'_>) {
        while let Some(Ok(fd)) = self.listener.map(|listener| sys.accept(listener)) {
            self.clients.insert(fd, Client::default());
        }
        let open: Vec<Fd> = self.clients.keys().copied().collect();
        for fd in open {
            let Some(mut client) = self.clients.remove(&fd) else { continue };
            let mut gone = false;
            loop {
                match sys.read(fd, 65_536) {
                    Ok(bytes) if !bytes.is_empty() => client.input.extend(bytes),
                    Err(Errno::EAGAIN) => break,
                    _ => {
                        gone = true;
                        break;
                    }
                }
            }
            while let Some(words) = take_request(&mut client.input) {
                let waiting = begin(self, sys, &words);
                client.waiting.push(waiting);
            }
            if gone {
                let _ = sys.close(fd);
            } else {
                self.clients.insert(fd, client);
            }
        }
    }

    /// Answers what is decided by now, for each client in the order of its questions.
    fn answer(&mut self, sys: &mut Sys<'_>) {
        let mut clients = std::mem::take(&mut self.clients);
        for (fd, client) in &mut clients {
            while let Some(reply) = client.waiting.first().and_then(|w| w.reply(self)) {
                client.waiting.remove(0);
                let bytes = Reply::encode(&reply);
                let _ = sys.write(*fd, &bytes);
            }
        }
        self.clients = clients;
    }

    /// Begins to shut down: every process is told to stop.
    pub fn leave(&mut self, sys: &mut Sys<'_>) {
        if self.leaving {
            return;
        }
        self.leaving = true;
        let mut log = Vec::new();
        let alive: Vec<String> =
            self.processes.iter().filter(|p| p.pid.is_some()).map(|p| p.program.name.clone()).collect();
        if !alive.is_empty() {
            log.push(("INFO", format!("waiting for {} to die", alive.join(", "))));
        }
        for process in &mut self.processes {
            let mut quiet = Vec::new();
            process.stop(sys, &mut quiet);
        }
        self.log(sys, &log);
    }

    fn end(&mut self, sys: &mut Sys<'_>) -> Step {
        let now = sys.now();
        let root = Cred::root();
        for path in [self.config.socket.clone(), self.config.pidfile.clone()] {
            let _ = sys.world.unlink(&root, "/", &path, false);
            sys.world.files.remove_all(&path, now);
        }
        if !self.reloading {
            return Step::Exit(0);
        }
        if let Some(listener) = self.listener.take() {
            let _ = sys.close(listener);
        }
        for fd in std::mem::take(&mut self.clients).into_keys() {
            let _ = sys.close(fd);
        }
        *self = Daemon::new(&self.argv);
        Step::Yield
    }
}

/// Puts a log aside that has reached its size: `.1` is the youngest of the old ones.
fn rotate(sys: &mut Sys<'_>, path: &str, (size, backups): (u64, u64)) {
    let length = sys.stat(path).map_or(0, |node| node.size());
    if size == 0 || length < size {
        return;
    }
    for n in (1..backups).rev() {
        let _ = sys.rename(&format!("{path}.{n}"), &format!("{path}.{}", n + 1));
    }
    let _ = if backups > 0 { sys.rename(path, &format!("{path}.1")) } else { sys.unlink(path, false) };
    append(sys, path, b"");
}

fn append(sys: &mut Sys<'_>, path: &str, bytes: &[u8]) {
    if let Ok(fd) = sys.open(path, OpenFlags::APPEND, 0o644) {
        let _ = sys.write(fd, bytes);
        let _ = sys.close(fd);
    }
}

impl Program for Daemon {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(sys) {
                return Step::Exit(status);
            }
        }
        while let Some(signal) = sys.take_signal() {
            let what = if signal == Signal::HUP { "restart" } else { "exit" };
            self.log(sys, &[("WARN", format!("received SIG{} indicating {what} request", signal.name()))]);
            self.reloading = signal == Signal::HUP;
            self.leave(sys);
        }
        self.reap(sys);
        self.copy_output(sys);
        self.serve(sys);
        let mut log = Vec::new();
        let leaving = self.leaving;
        for process in &mut self.processes {
            process.advance(sys, leaving, &mut log);
            // A process that may not try again is given up in the same breath.
            if process.state == State::Backoff {
                process.advance(sys, true, &mut log);
            }
        }
        self.log(sys, &log);
        self.answer(sys);
        if self.leaving && self.processes.iter().all(|p| p.pid.is_none()) {
            return self.end(sys);
        }
        let outputs = self.processes.iter().flat_map(|p| p.outputs.iter().map(|o| o.0));
        let mut wait = Wait::channel(Channel::Children(sys.pid));
        wait.fds = outputs.chain(self.listener).chain(self.clients.keys().copied()).collect();
        wait.until = self.processes.iter().filter_map(Supervised::next).min();
        Step::Wait(wait)
    }
}
