//! `dockerd`: keeps containers, starts them, and starts them again as their policy says: dockerd(8).

use std::collections::{BTreeMap, VecDeque};

use super::container::{Container, State};
use super::proxy::Proxy;
use super::shim::{EVENTS, Shim, locate};
use crate::commands::Command;
use crate::commands::net::redis::resp::{Reply, take_request};
use crate::commands::process::launch::{print, say};
use crate::world::fs::{Cred, Kind};
use crate::world::{Address, Channel, Errno, ExitStatus, Fd, Pid, Program, Signal, Step, Sys, Time, Wait};

/// The command.
pub const COMMAND: Command =
    Command { name: "dockerd", path: "/usr/libexec/concierge/dockerd", program: |_| Box::new(Daemon::default()) };

/// Where it listens.
pub const SOCKET: &str = "/run/docker.sock";
const STATE: &str = "/var/lib/docker/containers/state";

/// The daemon.
#[derive(Clone, Default)]
pub struct Daemon {
    started: bool,
    listener: Option<Fd>,
    clients: BTreeMap<Fd, Vec<u8>>,
    pub(super) containers: Vec<Container>,
    /// Who waits until a container has ended: the client, the container, and whether it is to be started again.
    pub(super) waiting: VecDeque<(Fd, String, bool)>,
    proxies: BTreeMap<String, Vec<Pid>>,
    events: Option<(u64, usize)>,
    leaving: Option<Time>,
}

/// What a client is told: an answer, or why there is none.
pub type Answer = Result<String, String>;

impl Daemon {
    fn log(sys: &mut Sys<'_>, text: &str) {
        let time = sys.now().strftime("%Y-%m-%dT%H:%M:%S.%6f000Z");
        print(sys, 2, &format!("time=\"{time}\" level=info msg=\"{text}\"\n"));
    }

    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        for signal in [Signal::TERM, Signal::INT] {
            sys.catch(signal);
        }
        Daemon::log(sys, "Starting up");
        let now = sys.now();
        for folder in ["/run/containerd", "/var/lib/docker/containers"] {
            sys.world.files.mkdir_all(folder, now);
        }
        if sys.stat(EVENTS).is_err() {
            sys.world.files.put(EVENTS, b"", 0o600, (0, 0), now);
        }
        let ino = sys.lookup(EVENTS, true).unwrap_or_default();
        let seen = sys.read_file(EVENTS).map_or(0, |bytes| bytes.len());
        self.events = Some((ino, seen));
        let Ok(listener) = sys.listen(Address::Unix(SOCKET.into()), 4096) else {
            say(sys, "failed to start daemon: can't create unix socket /var/run/docker.sock: device or resource busy");
            return Err(Step::Exit(1));
        };
        self.listener = Some(listener);
        let root = Cred::root();
        sys.world.files.remove_all(SOCKET, now);
        if let Ok(found) = sys.world.files.find(&root, "/", SOCKET, false)
            && let Ok(ino) = sys.world.files.create(&root, &found, Kind::Socket, 0o660, now)
        {
            let group = crate::world::accounts::group(&sys.world.files, "docker").map_or(0, |g| g.gid);
            sys.world.files.set_owner(ino, 0, group, now);
        }
        Daemon::log(sys, "Loading containers: start.");
        self.load(sys);
        Daemon::log(sys, "Loading containers: done.");
        Daemon::log(sys, "Daemon has completed initialization");
        Daemon::log(sys, "API listen on /run/docker.sock");
        sys.me_mut().rss = 78 << 20;
        sys.sd_notify("READY=1");
        Ok(())
    }

    /// Reads what the disk keeps, finds the containers that still live, and starts those whose policy says so.
    fn load(&mut self, sys: &mut Sys<'_>) {
        let text = sys.read_file(STATE).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
        for line in text.lines() {
            let words: Vec<String> = line.split('\u{1e}').map(str::to_owned).collect();
            self.containers.push(Container::load(&words));
        }
        for at in 0..self.containers.len() {
            let container = &mut self.containers[at];
            let cgroup = container.cgroup();
            let lives = container.pid.filter(|pid| sys.world.process(*pid).is_some_and(|p| *p.cgroup == *cgroup));
            if lives.is_some() {
                continue;
            }
            if container.state == State::Running {
                // Nobody saw it end: the machine went down.
                (container.exit, container.finished) = (255, sys.now());
            }
            container.pid = None;
            let start = container.starts_with_daemon();
            if container.state != State::Created {
                container.state = State::Exited;
            }
            if start {
                (container.count, container.by_hand) = (0, false);
                let _ = self.run(sys, at);
            }
        }
        self.save(sys);
    }

    pub(super) fn save(&self, sys: &mut Sys<'_>) {
        let lines = self.containers.iter().map(|c| format!("{}\n", c.save().join("\u{1e}")));
        let (text, now) = (lines.collect::<String>(), sys.now());
        sys.world.files.put(STATE, text.as_bytes(), 0o600, (0, 0), now);
    }

    /// Starts a container's process. Errors: what the runtime says.
    pub(super) fn run(&mut self, sys: &mut Sys<'_>, at: usize) -> Answer {
        let container = &mut self.containers[at];
        container.again = None;
        if let Err(errno) = locate(sys, container) {
            (container.state, container.exit) = (State::Created, 127);
            let name = container.argv.first().cloned().unwrap_or_default();
            let why = if errno == Errno::EACCES { "permission denied" } else { "executable file not found in $PATH" };
            return Err(format!(
                "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: \"{name}\": {why}: unknown"
            ));
        }
        let project = container.project.0.clone();
        let shared = self.containers.iter().find(|c| c.network != 0 && !project.is_empty() && c.project.0 == project);
        let network = shared.map_or_else(|| sys.world.new_object(), |c| c.network);
        let container = &mut self.containers[at];
        container.network = network;
        (container.state, container.started) = (State::Running, sys.now());
        let shim = Shim::new(container.clone());
        let (ports, id) = (container.ports.clone(), container.id.clone());
        sys.fork(Box::new(shim)).map_err(|errno| errno.message().to_owned())?;
        let mut proxies = Vec::new();
        for (outside, inside) in ports {
            if sys.world.net.tcp(0, "0.0.0.0", outside).is_some() {
                return Err(format!(
                    "driver failed programming external connectivity on endpoint {}: Error starting userland proxy: listen tcp4 0.0.0.0:{outside}: bind: address already in use",
                    self.containers[at].name
                ));
            }
            let proxy = Proxy::new(outside, inside, network);
            proxies.extend(sys.fork(Box::new(proxy)));
        }
        self.proxies.insert(id, proxies);
        Ok(self.containers[at].name.clone())
    }

    /// Reads what the shims told.
    fn hear(&mut self, sys: &mut Sys<'_>) {
        let Some((ino, seen)) = self.events else { return };
        let bytes = sys.read_file(EVENTS).map(|b| b.to_vec()).unwrap_or_default();
        self.events = Some((ino, bytes.len()));
        let text = String::from_utf8_lossy(bytes.get(seen..).unwrap_or_default()).into_owned();
        for line in text.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let Some(at) = words.first().and_then(|id| self.containers.iter().position(|c| c.id == *id)) else {
                continue;
            };
            match words[1..] {
                ["exit", status] => {
                    let leaving = self.leaving.is_some();
                    let container = &mut self.containers[at];
                    let by_hand = container.by_hand;
                    container.by_hand |= leaving;
                    container.ended(status.parse().unwrap_or(255), sys.now());
                    container.by_hand = by_hand;
                    self.close_ports(sys, at);
                    self.tell_waiting(sys, at);
                }
                [pid] => self.containers[at].pid = pid.parse().ok(),
                _ => {}
            }
        }
        if !text.is_empty() {
            self.save(sys);
        }
    }

    fn close_ports(&mut self, sys: &mut Sys<'_>, at: usize) {
        for pid in self.proxies.remove(&self.containers[at].id).unwrap_or_default() {
            sys.world.terminate(pid, ExitStatus::Exited(0));
        }
    }

    /// Answers whoever waited for the end of a container.
    fn tell_waiting(&mut self, sys: &mut Sys<'_>, at: usize) {
        let id = self.containers[at].id.clone();
        let (now, later) = std::mem::take(&mut self.waiting).into_iter().partition(|(_, other, _)| *other == id);
        self.waiting = later;
        let now: VecDeque<(Fd, String, bool)> = now;
        for (fd, _, again) in now {
            let answer = if again {
                self.containers[at].by_hand = false;
                self.run(sys, at)
            } else {
                Ok(self.containers[at].exit.to_string())
            };
            reply(sys, fd, answer);
        }
    }

    fn serve(&mut self, sys: &mut Sys<'_>) {
        while let Some(Ok(fd)) = self.listener.map(|listener| sys.accept(listener)) {
            self.clients.insert(fd, Vec::new());
        }
        for (fd, mut input) in std::mem::take(&mut self.clients) {
            let open = loop {
                match sys.read(fd, 65_536) {
                    Ok(bytes) if bytes.is_empty() => break false,
                    Ok(bytes) => input.extend(bytes),
                    Err(Errno::EAGAIN) => break true,
                    Err(_) => break false,
                }
            };
            while let Some(words) = take_request(&mut input) {
                if let Some(answer) = self.answer(sys, fd, &words) {
                    self.save(sys);
                    reply(sys, fd, answer);
                }
            }
            if open {
                self.clients.insert(fd, input);
            } else {
                self.waiting.retain(|(other, ..)| *other != fd);
                let _ = sys.close(fd);
            }
        }
    }

    /// What is due: a container's next start, SIGKILL after the time of grace.
    fn due(&mut self, sys: &mut Sys<'_>) {
        let now = sys.now();
        for at in 0..self.containers.len() {
            if self.containers[at].kill_at.is_some_and(|when| when <= now) {
                self.containers[at].kill_at = None;
                if let Some(pid) = self.containers[at].pid {
                    sys.world.send_signal(pid, Signal::KILL);
                }
            }
            if self.leaving.is_none() && self.containers[at].again.is_some_and(|when| when <= now) {
                let _ = self.run(sys, at);
                self.save(sys);
            }
        }
    }

    /// SIGTERM: stops every container, without marking it as stopped by somebody.
    fn leave(&mut self, sys: &mut Sys<'_>) {
        Daemon::log(sys, "Processing signal 'terminated'");
        self.leaving = Some(sys.now());
        for at in 0..self.containers.len() {
            let (by_hand, grace) = (self.containers[at].by_hand, self.containers[at].grace);
            self.stop(sys, at, grace);
            self.containers[at].by_hand = by_hand;
        }
    }
}

/// Answers a client.
fn reply(sys: &mut Sys<'_>, fd: Fd, answer: Answer) {
    let reply = match answer {
        Ok(text) => Reply::Bulk(text),
        Err(text) => Reply::Error(text),
    };
    let mut bytes = &reply.encode()[..];
    while let Ok(n) = sys.write(fd, bytes) {
        bytes = &bytes[n..];
        if bytes.is_empty() {
            return;
        }
    }
}

impl Program for Daemon {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            if let Err(step) = self.start(sys) {
                return step;
            }
        }
        if sys.take_signal().is_some() && self.leaving.is_none() {
            self.leave(sys);
        }
        while sys.wait_child(None).is_some() {}
        self.hear(sys);
        self.serve(sys);
        self.due(sys);
        let running = self.containers.iter().any(|c| c.state == State::Running);
        if self.leaving.is_some() && !running {
            self.save(sys);
            for at in 0..self.containers.len() {
                self.close_ports(sys, at);
            }
            Daemon::log(sys, "Daemon shutdown complete");
            return Step::Exit(0);
        }
        let times = self.containers.iter().flat_map(|c| [c.again, c.kill_at]).flatten();
        let fds = self.listener.iter().chain(self.clients.keys()).copied().collect();
        let mut wait = Wait { until: times.min(), fds, ..Wait::channel(Channel::Children(sys.pid)) };
        wait.channels.extend(self.events.map(|(ino, _)| Channel::File(ino)));
        Step::Wait(wait)
    }
}
