//! `redis-server`: keeps lists, streams and strings and answers on port 6379. It follows the commands of Redis 7.0.

use std::collections::BTreeMap;

use super::execute::{Answer, execute};
use super::resp::{Reply, take_request};
use super::store::Store;
use crate::commands::Command;
use crate::commands::process::launch::print;
use crate::vps::queues;
use crate::world::{Address, Errno, Fd, OpenFlags, Program, Signal, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "redis-server", path: "/usr/bin/redis-server", program: |argv| Box::new(Server::new(argv)) };

/// Memory of an idle server, in bytes.
const IDLE: u64 = 9 * 1024 * 1024;
/// Where its first listening socket usually is.
const FIRST: Fd = 6;
/// Changes are saved at the latest after so many seconds.
const SAVE: u64 = 3600;

/// The server. The judge of a lesson looks into its store.
#[derive(Clone)]
pub struct Server {
    argv: Vec<String>,
    /// What it keeps.
    pub store: Store,
    started: bool,
    folder: String,
    log: Option<Fd>,
    listeners: Vec<Fd>,
    clients: BTreeMap<Fd, Connection>,
    save_at: Option<Time>,
}

#[derive(Clone, Default)]
struct Connection {
    input: Vec<u8>,
    output: Vec<u8>,
    /// A request that waits for something to arrive, and until when.
    blocked: Option<(Vec<String>, Option<Time>)>,
}

impl Server {
    fn new(argv: &[String]) -> Self {
        Server {
            argv: argv.to_vec(),
            store: Store::default(),
            started: false,
            folder: "/var/lib/redis".into(),
            log: None,
            listeners: Vec::new(),
            clients: BTreeMap::new(),
            save_at: None,
        }
    }

    fn log(&mut self, sys: &mut Sys<'_>, mark: char, text: &str) {
        let line = format!("{}:M {} {mark} {text}\n", sys.pid, sys.now().strftime("%d %b %Y %H:%M:%S.%3f"));
        print(sys, self.log.unwrap_or(1), &line);
    }

    /// Reads the configuration, opens the ports, loads the dump. `Err` is the status to end with.
    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), u8> {
        for signal in [Signal::TERM, Signal::INT] {
            sys.catch(signal);
        }
        sys.ignore(Signal::HUP);
        sys.ignore(Signal::PIPE);
        let mut settings = self.settings(sys)?;
        let mut get = |name: &str| settings.remove(name);
        let port: u16 = get("port").and_then(|p| p.parse().ok()).unwrap_or(super::client::PORT);
        let binds = get("bind").unwrap_or_else(|| "* -::*".into());
        self.folder = get("dir").unwrap_or_else(|| ".".into());
        let append = OpenFlags::APPEND;
        self.log = get("logfile").filter(|l| !l.is_empty()).and_then(|path| sys.open(&path, append, 0o640).ok());
        let supervised = get("supervised").is_some_and(|how| how == "systemd" || how == "auto");
        if let Some(path) = get("pidfile") {
            let _ = write_file(sys, &path, format!("{}\n", sys.pid).as_bytes());
        }
        self.log(sys, '*', "monotonic clock: POSIX clock_gettime");
        for bind in binds.split_whitespace() {
            let optional = bind.starts_with('-');
            let host = match bind.trim_start_matches('-') {
                "*" => "0.0.0.0",
                "::*" => "::",
                host => host,
            };
            let pid = sys.pid;
            match sys.world.listen(pid, Address::Tcp(host.to_owned(), port), 511) {
                Ok(file) => {
                    let fd = sys.world.free_fd(pid, FIRST).unwrap_or(FIRST);
                    sys.world.install(pid, fd, file, true);
                    self.listeners.push(fd);
                }
                Err(_) if optional => {}
                Err(errno) => {
                    let text = format!(
                        "Warning: Could not create server TCP listening socket {host}:{port}: bind: {}",
                        errno.message()
                    );
                    self.log(sys, '#', &text);
                    self.log(sys, '#', "Failed listening on port 6379 (TCP), aborting.");
                    return Err(1);
                }
            }
        }
        let dump = format!("{}/dump.rdb", self.folder);
        if let Ok(bytes) = sys.read_file(&dump) {
            self.store = Store::load(&bytes);
        }
        sys.me_mut().rss = IDLE;
        self.log(sys, '*', "Ready to accept connections");
        if supervised {
            sys.sd_notify("READY=1\nSTATUS=Ready to accept connections");
        }
        Ok(())
    }

    /// The settings of the file that the first argument names, and of the options after it.
    fn settings(&mut self, sys: &mut Sys<'_>) -> Result<BTreeMap<String, String>, u8> {
        let mut settings = BTreeMap::new();
        let mut args = self.argv.iter().skip(1).peekable();
        if let Some(path) = args.next_if(|arg| !arg.starts_with("--")) {
            let Ok(bytes) = sys.read_file(path) else {
                print(sys, 2, &format!("Fatal error, can't open config file '{path}': No such file or directory\n"));
                return Err(1);
            };
            for line in String::from_utf8_lossy(&bytes).lines() {
                let line = line.trim();
                if let Some((name, value)) = line.split_once([' ', '\t']).filter(|_| !line.starts_with('#')) {
                    settings.insert(name.to_lowercase(), value.trim().trim_matches('"').to_owned());
                }
            }
        }
        while let Some(arg) = args.next() {
            let mut value = Vec::new();
            while let Some(word) = args.next_if(|a| !a.starts_with("--")) {
                value.push(word.clone());
            }
            settings.insert(arg.trim_start_matches('-').to_lowercase(), value.join(" "));
        }
        Ok(settings)
    }

    fn save(&mut self, sys: &mut Sys<'_>) {
        let bytes = self.store.save();
        let path = format!("{}/dump.rdb", self.folder);
        match write_file(sys, &path, &bytes) {
            Ok(()) => self.log(sys, '*', "DB saved on disk"),
            Err(errno) => {
                let text = format!("Failed opening the temp RDB file for saving: {}", errno.message());
                self.log(sys, '#', &text);
            }
        }
        self.save_at = None;
    }

    fn shut_down(&mut self, sys: &mut Sys<'_>, signal: &str) -> Step {
        self.log(sys, '#', &format!("Received {signal} scheduling shutdown..."));
        self.log(sys, '#', "User requested shutdown...");
        self.log(sys, '*', "Saving the final RDB snapshot before exiting.");
        self.save(sys);
        self.log(sys, '#', "Redis is now ready to exit, bye bye...");
        Step::Exit(0)
    }

    /// Reads and answers what the client of `fd` sent. False: it is gone.
    fn serve(&mut self, sys: &mut Sys<'_>, fd: Fd) -> bool {
        let Some(mut client) = self.clients.remove(&fd) else { return false };
        // Whoever sends its last requests and leaves is served first.
        let open = loop {
            match sys.read(fd, 65_536) {
                Ok(bytes) if bytes.is_empty() => break false,
                Ok(bytes) => client.input.extend(bytes),
                Err(Errno::EAGAIN) => break true,
                Err(_) => break false,
            }
        };
        while client.blocked.is_none() {
            let Some(words) = take_request(&mut client.input) else { break };
            if !words.is_empty() {
                self.answer(sys, &mut client, words);
            }
        }
        self.clients.insert(fd, client);
        open
    }

    fn answer(&mut self, sys: &mut Sys<'_>, client: &mut Connection, words: Vec<String>) {
        self.note_purge(sys, &words);
        match execute(&mut self.store, &words, sys.now()) {
            Answer::Reply(reply) => client.output.extend(reply.encode()),
            Answer::Block(limit) => client.blocked = Some((words, limit.map(|limit| sys.now() + limit))),
        }
    }

    /// Tells the machine's ledger which waiting jobs a request throws away.
    fn note_purge(&self, sys: &mut Sys<'_>, words: &[String]) {
        let keys: Vec<&String> = match words[0].to_uppercase().as_str() {
            "DEL" | "UNLINK" => words[1..].iter().collect(),
            "FLUSHALL" | "FLUSHDB" => self.store.keys.keys().collect(),
            _ => return,
        };
        for key in keys {
            if let Some(jobs) = self.store.waiting(key).filter(|jobs| *jobs > 0) {
                queues::purge(sys.world, key, jobs);
            }
        }
    }

    /// Tries the requests again that wait for something. Tells whether any was answered.
    fn retry(&mut self, sys: &Sys<'_>) -> bool {
        let mut any = false;
        let waiting: Vec<Fd> = self.clients.iter().filter(|(_, c)| c.blocked.is_some()).map(|(fd, _)| *fd).collect();
        for fd in waiting {
            let Some(mut client) = self.clients.remove(&fd) else { continue };
            if let Some((words, until)) = client.blocked.take() {
                match execute(&mut self.store, &words, sys.now()) {
                    Answer::Reply(reply) => {
                        client.output.extend(reply.encode());
                        any = true;
                    }
                    Answer::Block(_) if until.is_some_and(|at| at <= sys.now()) => {
                        client.output.extend(Reply::Nil.encode());
                    }
                    Answer::Block(_) => client.blocked = Some((words, until)),
                }
            }
            self.clients.insert(fd, client);
        }
        any
    }

    fn flush(&mut self, sys: &mut Sys<'_>) {
        let mut gone = Vec::new();
        for (fd, client) in &mut self.clients {
            while !client.output.is_empty() {
                match sys.write(*fd, &client.output) {
                    Ok(n) => drop(client.output.drain(..n)),
                    Err(Errno::EAGAIN) => break,
                    Err(_) => {
                        gone.push(*fd);
                        break;
                    }
                }
            }
        }
        for fd in gone {
            self.close(sys, fd);
        }
    }

    fn close(&mut self, sys: &mut Sys<'_>, fd: Fd) {
        self.clients.remove(&fd);
        let _ = sys.close(fd);
    }
}

impl Program for Server {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            if let Err(status) = self.start(sys) {
                return Step::Exit(status);
            }
        }
        if let Some(signal) = sys.take_signal() {
            return self.shut_down(sys, &format!("SIG{}", signal.name()));
        }
        self.store.expire(sys.now().0 / 1000);
        for listener in self.listeners.clone() {
            while let Ok(fd) = sys.accept(listener) {
                self.clients.insert(fd, Connection::default());
            }
        }
        let open: Vec<Fd> = self.clients.keys().copied().collect();
        for fd in open {
            if !self.serve(sys, fd) {
                self.close(sys, fd);
            }
        }
        while self.retry(sys) {}
        self.flush(sys);
        if self.store.dirty > 0 && self.save_at.is_none() {
            self.save_at = Some(sys.now() + crate::world::Duration::from_secs(SAVE));
        }
        if self.save_at.is_some_and(|at| at <= sys.now()) {
            self.save(sys);
        }
        let fds = self.listeners.iter().chain(self.clients.keys()).copied().collect();
        let until = self.clients.values().filter_map(|c| c.blocked.as_ref()?.1).chain(self.save_at).min();
        Step::Wait(Wait { fds, until, ..Wait::default() })
    }
}

/// Writes a whole file with the process's rights.
fn write_file(sys: &mut Sys<'_>, path: &str, bytes: &[u8]) -> Result<(), Errno> {
    let fd = sys.open(path, OpenFlags::WRITE, 0o660)?;
    let written = sys.write(fd, bytes).map(|_| ());
    let _ = sys.close(fd);
    written
}
