//! `nginx`: the web server: its command line, its master process, and its workers: nginx(8).

mod config;
mod serve;

use config::Directive;
use serve::Worker;

use crate::commands::Command;
use crate::commands::process::launch::{print, say};
use crate::world::{Address, Channel, Errno, Fd, Pid, Program, Signal, Step, Sys, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "nginx", path: "/usr/sbin/nginx", program: |argv| Box::new(Start { argv: argv.to_vec() }) };

const CONFIG: &str = "/etc/nginx/nginx.conf";
const PID_FILE: &str = "/run/nginx.pid";
/// Where nginx's first listening socket usually is.
const FIRST: Fd = 5;

#[derive(Clone)]
struct Start {
    argv: Vec<String>,
}

#[derive(Default)]
struct Wishes {
    config: String,
    test: bool,
    quiet: bool,
    signal: Option<String>,
    /// `daemon off;`: the master is this process itself.
    foreground: bool,
}

impl Program for Start {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        let wishes = match self.wishes(sys) {
            Ok(wishes) => wishes,
            Err(status) => return Step::Exit(status),
        };
        let main = match config::read(sys.world, &wishes.config) {
            Ok(main) if sys.uid() == 0 => main,
            Ok(_) => {
                say(
                    sys,
                    "nginx: [alert] could not open error log file: open() \"/var/log/nginx/error.log\" failed (13: Permission denied)",
                );
                say(sys, "nginx: [emerg] open() \"/var/log/nginx/access.log\" failed (13: Permission denied)");
                return failed(sys, &wishes);
            }
            Err(message) => {
                say(sys, &format!("nginx: [emerg] {message}"));
                return failed(sys, &wishes);
            }
        };
        if wishes.test {
            if !wishes.quiet {
                say(sys, &format!("nginx: the configuration file {} syntax is ok", wishes.config));
                say(sys, &format!("nginx: configuration file {} test is successful", wishes.config));
            }
            return Step::Exit(0);
        }
        if let Some(signal) = &wishes.signal {
            return send(sys, signal);
        }
        start_master(sys, &self.argv, &wishes, &main)
    }
}

fn failed(sys: &mut Sys<'_>, wishes: &Wishes) -> Step {
    if wishes.test {
        say(sys, &format!("nginx: configuration file {} test failed", wishes.config));
    }
    Step::Exit(1)
}

impl Start {
    fn wishes(&self, sys: &mut Sys<'_>) -> Result<Wishes, u8> {
        let mut wishes = Wishes { config: CONFIG.into(), ..Wishes::default() };
        let mut args = self.argv.iter().skip(1);
        while let Some(arg) = args.next() {
            let value = |rest: &mut dyn Iterator<Item = &String>| {
                if arg.len() > 2 { Some(arg[2..].to_owned()) } else { rest.next().cloned() }
            };
            match arg.get(..2) {
                Some("-t") => wishes.test = true,
                Some("-q") => wishes.quiet = true,
                Some("-g") => wishes.foreground |= value(&mut args).is_some_and(|text| text.contains("daemon off")),
                Some("-c") => wishes.config = value(&mut args).unwrap_or_default(),
                Some("-s") => wishes.signal = value(&mut args),
                Some("-v") => {
                    say(sys, "nginx version: nginx/1.22.1");
                    return Err(0);
                }
                Some(option @ ("-T" | "-V" | "-p" | "-e" | "-h" | "-?")) => {
                    say(sys, &format!("nginx: option {option} is not simulated"));
                    return Err(2);
                }
                _ => {
                    say(sys, &format!("nginx: invalid option: \"{}\"", arg.trim_start_matches('-')));
                    return Err(1);
                }
            }
        }
        Ok(wishes)
    }
}

/// `-s SIGNAL`: tells the running master.
fn send(sys: &mut Sys<'_>, name: &str) -> Step {
    let signal = match name {
        "stop" => Signal::TERM,
        "quit" => Signal::QUIT,
        "reload" => Signal::HUP,
        "reopen" => Signal::USR1,
        _ => {
            say(sys, &format!("nginx: invalid option: \"-s {name}\""));
            return Step::Exit(1);
        }
    };
    let text = sys.read_file(PID_FILE).map(|b| String::from_utf8_lossy(&b).trim().to_owned());
    let Ok(text) = text else {
        say(sys, &format!("nginx: [error] open() \"{PID_FILE}\" failed (2: No such file or directory)"));
        return Step::Exit(1);
    };
    let Ok(pid) = text.parse::<Pid>() else {
        say(sys, &format!("nginx: [error] invalid PID number \"{text}\" in \"{PID_FILE}\""));
        return Step::Exit(1);
    };
    match sys.kill(i64::from(pid), Some(signal)) {
        Ok(()) => Step::Exit(0),
        Err(errno) => {
            say(
                sys,
                &format!(
                    "nginx: [alert] kill({pid}, {}) failed ({}: {})",
                    signal.number(),
                    errno.number(),
                    errno.message()
                ),
            );
            Step::Exit(1)
        }
    }
}

/// The addresses that the servers listen at, each once.
fn addresses(main: &Directive) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    for server in main.get("http").into_iter().flat_map(|http| http.all("server")) {
        let mut listens: Vec<String> = server.all("listen").filter_map(|d| d.args.first().cloned()).collect();
        if listens.is_empty() {
            listens.push("80".into());
        }
        for listen in listens {
            let (host, port) = match listen.rsplit_once(':') {
                Some((host, port)) => (host.trim_matches(['[', ']']), port),
                None if listen.contains('.') => (listen.as_str(), "80"),
                None => ("0.0.0.0", listen.as_str()),
            };
            let host = if host == "*" { "0.0.0.0" } else { host };
            let address = Address::Tcp(host.to_owned(), port.parse().unwrap_or(80));
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found.sort_by_key(|a| matches!(a, Address::Tcp(host, _) if host.contains(':')));
    found
}

/// How often nginx tries to bind what is in use, and how long it waits in between.
const TRIES: u32 = 5;
const PAUSE: crate::world::Duration = crate::world::Duration::from_millis(500);

/// Opens the sockets. Errors: the status to end with, after the messages.
fn bind(sys: &mut Sys<'_>, main: &Directive) -> Result<Vec<Fd>, u8> {
    let pid = sys.pid;
    let mut listeners = Vec::new();
    let mut failures = Vec::new();
    for address in addresses(main) {
        let Address::Tcp(host, port) = &address else { continue };
        let shown = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        match sys.world.listen(pid, address.clone(), 511) {
            Ok(file) => {
                let fd = sys.world.free_fd(pid, FIRST).unwrap_or(FIRST);
                sys.world.install(pid, fd, file, false);
                listeners.push(fd);
            }
            Err(errno) => {
                failures.push(format!(
                    "nginx: [emerg] bind() to {shown} failed ({}: {})",
                    errno.number(),
                    errno.message()
                ));
                if errno != Errno::EADDRINUSE {
                    break;
                }
            }
        }
    }
    if failures.is_empty() {
        return Ok(listeners);
    }
    if !failures[0].contains("(98:") {
        say(sys, &failures[0]);
        return Err(1);
    }
    for _ in 0..TRIES {
        say(sys, &failures.join("\n"));
        sys.charge(PAUSE);
    }
    say(sys, "nginx: [emerg] still could not bind()");
    Err(1)
}

fn start_master(sys: &mut Sys<'_>, argv: &[String], wishes: &Wishes, main: &Directive) -> Step {
    let listeners = match bind(sys, main) {
        Ok(listeners) => listeners,
        Err(status) => return Step::Exit(status),
    };
    let pid = sys.pid;
    let master = Master {
        argv: argv.to_vec(),
        config: wishes.config.clone(),
        listeners,
        main: main.clone(),
        workers: Vec::new(),
        started: false,
        leaving: false,
    };
    let off = main.get("daemon").is_some_and(|d| d.args.first().is_some_and(|word| word == "off"));
    if wishes.foreground || off {
        if sys.me().network() == 0 {
            let now = sys.now();
            sys.world.files.put(PID_FILE, format!("{pid}\n").as_bytes(), 0o644, (0, 0), now);
        }
        return Step::Exec(Box::new(master));
    }
    match sys.fork(Box::new(master)) {
        Ok(child) => {
            let _ = sys.world.setsid(child);
            let now = sys.now();
            // The parent leaves only when the file tells who the master is.
            sys.world.files.put(PID_FILE, format!("{child}\n").as_bytes(), 0o644, (0, 0), now);
            for listener in sys.world.net.listeners.values_mut().filter(|l| l.owner == pid) {
                listener.owner = child;
            }
            Step::Exit(0)
        }
        Err(errno) => {
            say(sys, &format!("nginx: [alert] fork() failed ({}: {})", errno.number(), errno.message()));
            Step::Exit(1)
        }
    }
}

#[derive(Clone)]
struct Master {
    argv: Vec<String>,
    config: String,
    listeners: Vec<Fd>,
    main: Directive,
    workers: Vec<Pid>,
    started: bool,
    leaving: bool,
}

impl Master {
    fn spawn(&mut self, sys: &mut Sys<'_>) {
        let worker = Worker::new(self.main.clone(), self.listeners.clone());
        if let Ok(pid) = sys.fork(Box::new(worker)) {
            self.workers.push(pid);
        }
    }

    fn tell_workers(&self, sys: &mut Sys<'_>, signal: Signal) {
        for pid in &self.workers {
            let _ = sys.kill(i64::from(*pid), Some(signal));
        }
    }

    fn log(sys: &mut Sys<'_>, level: &str, text: &str) {
        let line =
            format!("{} [{level}] {pid}#{pid}: {text}\n", sys.now().strftime("%Y/%m/%d %H:%M:%S"), pid = sys.pid);
        let flags = crate::world::OpenFlags::APPEND;
        if let Ok(fd) = sys.open("/var/log/nginx/error.log", flags, 0o640) {
            print(sys, fd, &line);
            let _ = sys.close(fd);
        }
    }

    fn reload(&mut self, sys: &mut Sys<'_>) {
        match config::read(sys.world, &self.config) {
            Ok(main) => {
                self.main = main;
                let old = std::mem::take(&mut self.workers);
                self.spawn(sys);
                for pid in &old {
                    let _ = sys.kill(i64::from(*pid), Some(Signal::QUIT));
                }
            }
            Err(message) => Self::log(sys, "emerg", &message),
        }
    }
}

impl Program for Master {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            let title = format!("nginx: master process {}", self.argv.join(" "));
            sys.me_mut().argv = vec![title].into();
            sys.me_mut().rss = 2 * 1024 * 1024;
            for signal in [Signal::TERM, Signal::INT, Signal::QUIT, Signal::HUP, Signal::USR1] {
                sys.catch(signal);
            }
            for fd in 0..3 {
                if let Ok(file) = sys.open_file("/dev/null", crate::world::OpenFlags::READ_WRITE, 0) {
                    let pid = sys.pid;
                    sys.world.install(pid, fd, file, false);
                }
            }
            self.spawn(sys);
        }
        while let Some(signal) = sys.take_signal() {
            match signal {
                Signal::HUP => self.reload(sys),
                Signal::USR1 => {}
                signal => {
                    self.leaving = true;
                    self.tell_workers(sys, if signal == Signal::INT { Signal::TERM } else { signal });
                }
            }
        }
        while let Some((pid, event)) = sys.wait_child(None) {
            if matches!(event, crate::world::ChildEvent::Ended(_)) && self.workers.contains(&pid) {
                self.workers.retain(|w| *w != pid);
                if !self.leaving && self.workers.is_empty() {
                    self.spawn(sys);
                }
            }
        }
        if self.leaving && self.workers.is_empty() {
            let root = crate::world::fs::Cred::root();
            let _ = sys.world.unlink(&root, "/", PID_FILE, false);
            return Step::Exit(0);
        }
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }
}
