//! Applications that a scenario declares: one program that behaves as its [`ProgramSpec`] says.

use std::time::Duration;

use super::consumer::{Consumer, Taken};
use crate::commands::Command;
use crate::commands::process::launch::{immediate, print, say};
use crate::vps::program_spec::{Counts, CrashTime, End, Farewell, ProgramSpec, Stream, declared};
use crate::world::{Address, Errno, Fd, Program, Signal, Step, Sys, Time, Wait};

/// What the file of a declared program without an interpreter holds.
pub const COMMAND: Command = Command {
    name: "declared",
    path: "/usr/libexec/declared-program",
    program: |argv| {
        immediate(
            |sys, argv| {
                run(sys).unwrap_or_else(|| {
                    let name = argv.first().cloned().unwrap_or_default();
                    say(
                        sys,
                        &format!("{name}: these arguments are not simulated (the scenario does not declare them)"),
                    );
                    Step::Exit(2)
                })
            },
            argv,
        )
    },
};

/// Becomes the declared application that answers to this process's arguments, if there is one.
pub fn run(sys: &mut Sys<'_>) -> Option<Step> {
    let argv = sys.argv();
    let spec = declared(sys.world).iter().find(|spec| spec.answers_to(&argv)).cloned()?;
    let app = App::new(spec, &argv, sys.now());
    Some(Step::Exec(Box::new(app)))
}

#[derive(Clone)]
struct App {
    spec: ProgramSpec,
    started: Time,
    ready: bool,
    listener: Option<Fd>,
    clients: Vec<Fd>,
    /// When each of the prints is due next.
    prints: Vec<Option<Time>>,
    consumer: Option<Consumer>,
    consumed: u64,
    /// Values of the options after which it ends: what is counted, the limit, the status.
    ends: Vec<(Counts, u64, u8)>,
    crashes: Vec<(Option<Time>, usize)>,
    /// SIGTERM came: when the last words are due.
    leaving: Option<Time>,
}

impl App {
    fn new(spec: ProgramSpec, argv: &[String], now: Time) -> App {
        let ends = spec.ends.iter().filter_map(|end| {
            let at = argv.iter().position(|a| *a == end.option || a.starts_with(&format!("{}=", end.option)))?;
            let text = argv[at].split_once('=').map(|(_, v)| v).or(argv.get(at + 1).map(String::as_str))?;
            let value = match end.counts {
                Counts::Memory => {
                    super::console_size(text)? << if text.ends_with(|c: char| c.is_ascii_digit()) { 20 } else { 0 }
                }
                _ => text.parse().ok()?,
            };
            Some((end.counts, value, end.status))
        });
        let crashes = spec.crashes.iter().enumerate().map(|(at, crash)| {
            let time = match crash.when {
                CrashTime::After(after) => Some(now + after),
                CrashTime::Daily(time) => Some(next_daily(now, time)),
                CrashTime::Memory(bytes) => reaches(&spec, now, bytes),
            };
            (time, at)
        });
        App {
            ends: ends.collect(),
            crashes: crashes.collect(),
            prints: spec.prints.iter().map(|p| Some(now + p.after)).collect(),
            started: now,
            ready: false,
            listener: None,
            clients: Vec::new(),
            consumer: None,
            consumed: 0,
            leaving: None,
            spec,
        }
    }

    fn memory(&self, now: Time) -> u64 {
        let grown = u128::from(self.spec.memory.per_hour) * now.since(self.started).as_millis() / 3_600_000;
        self.spec.memory.start.saturating_add(u64::try_from(grown).unwrap_or(u64::MAX))
    }

    /// Checks what it needs and opens its port. `Err` is the step with which it ends.
    fn start(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        for need in self.spec.needs.clone() {
            if sys.access(&need.path, crate::world::fs::Access::Read).is_err() {
                return Err(leave(sys, &need.otherwise));
            }
        }
        for connect in self.spec.connects.clone() {
            if sys.world.net.tcp(sys.me().network(), "127.0.0.1", connect.port).is_none() {
                return Err(leave(sys, &connect.otherwise));
            }
        }
        if let Some(port) = self.spec.port {
            match sys.listen(Address::Tcp("0.0.0.0".into(), port), 511) {
                Ok(fd) => self.listener = Some(fd),
                Err(errno) => {
                    let name = sys.argv().first().cloned().unwrap_or_default();
                    say(sys, &format!("{name}: cannot listen on port {port}: {}", errno.message()));
                    return Err(Step::Exit(1));
                }
            }
        }
        match &self.spec.on_term {
            Some(term) if term.ignores => {
                sys.ignore(Signal::TERM);
                sys.ignore(Signal::INT);
            }
            Some(_) => {
                sys.catch(Signal::TERM);
                sys.catch(Signal::INT);
            }
            None => {}
        }
        if let Some(consume) = &self.spec.consumes {
            self.consumer = Some(Consumer::new(&consume.queue, consume.each));
        }
        if sys.getenv("NOTIFY_SOCKET").is_some() {
            sys.sd_notify("READY=1");
        }
        Ok(())
    }

    fn print_due(&mut self, sys: &mut Sys<'_>) {
        let now = sys.now();
        for (at, spec) in self.spec.prints.clone().iter().enumerate() {
            let Some(due) = self.prints[at].filter(|due| *due <= now) else { continue };
            for line in &spec.lines {
                let line = line.replace("{pid}", &sys.pid.to_string()).replace("{time}", &now.strftime("%H:%M:%S"));
                print(sys, if spec.stream == Stream::Stderr { 2 } else { 1 }, &format!("{line}\n"));
            }
            // After a long stop (SIGSTOP) only the latest is made up for.
            self.prints[at] = spec.every.map(|every| if due + every > now { due + every } else { now + every });
        }
    }

    /// Why it ends by itself now.
    fn end(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let now = sys.now();
        if let Some((_, at)) = self.crashes.iter().find(|(time, _)| time.is_some_and(|t| t <= now)) {
            let farewell = self.spec.crashes[*at].farewell.clone();
            return Some(leave(sys, &farewell));
        }
        let memory = self.memory(now);
        let over = self.ends.iter().find(|(counts, limit, _)| match counts {
            Counts::Seconds => now.since(self.started).as_secs() >= *limit,
            Counts::Messages => self.consumed >= *limit,
            Counts::Memory => memory >= *limit,
        });
        if let Some((.., status)) = over {
            return Some(Step::Exit(*status));
        }
        let done = self.spec.runs_for.is_some_and(|time| now >= self.started + time);
        done.then_some(Step::Exit(self.spec.status))
    }

    fn consume(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let spec = self.spec.consumes.clone()?;
        loop {
            match self.consumer.as_mut()?.next(sys) {
                Taken::Nothing => return None,
                Taken::Message(message) => {
                    if let Some((_, farewell)) = spec.poison.as_ref().filter(|(poison, _)| *poison == message) {
                        self.consumer.as_mut()?.give_back(sys, &message);
                        return Some(leave(sys, farewell));
                    }
                }
                Taken::Done(message) => {
                    self.consumed += 1;
                    for line in &spec.prints {
                        print(sys, 1, &format!("{}\n", line.replace("{message}", &message)));
                    }
                }
                Taken::Lost => {
                    let port = crate::commands::net::redis::client::PORT;
                    let connect = self.spec.connects.iter().find(|c| c.port == port)?.otherwise.clone();
                    return Some(leave(sys, &connect));
                }
            }
        }
    }

    /// Answers whoever connects to its port.
    fn serve(&mut self, sys: &mut Sys<'_>) {
        while let Some(Ok(fd)) = self.listener.map(|listener| sys.accept(listener)) {
            self.clients.push(fd);
        }
        let id = self.spec.id.clone();
        self.clients.retain(|fd| match sys.read(*fd, 65_536) {
            Err(Errno::EAGAIN) => true,
            Ok(bytes) if !bytes.is_empty() => {
                let body = format!("{id}\n");
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n";
                print(sys, *fd, &format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()));
                let _ = sys.close(*fd);
                false
            }
            _ => {
                let _ = sys.close(*fd);
                false
            }
        });
    }

    fn wait(&self, now: Time) -> Wait {
        let memory = self.ends.iter().filter_map(|(counts, limit, _)| match counts {
            Counts::Seconds => Some(self.started + Duration::from_secs(*limit)),
            Counts::Memory => reaches(&self.spec, self.started, *limit),
            Counts::Messages => None,
        });
        let times =
            self.prints.iter().flatten().copied().chain(self.crashes.iter().filter_map(|(t, _)| *t)).chain(memory);
        let ends = self.spec.runs_for.map(|time| self.started + time);
        let consumer = self.consumer.as_ref();
        let until = times.chain(ends).chain(self.leaving).chain(consumer.and_then(|c| c.until(now))).min();
        let mut wait = Wait { until, ..Wait::default() };
        wait.fds = self.listener.iter().chain(&self.clients).copied().chain(consumer.and_then(Consumer::fd)).collect();
        wait
    }
}

impl Program for App {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.ready {
            self.ready = true;
            if let Err(step) = self.start(sys) {
                return step;
            }
        }
        sys.me_mut().rss = self.memory(sys.now()).max(1 << 20);
        let term = self.spec.on_term.clone().unwrap_or_default();
        while sys.take_signal().is_some() {
            let at = sys.now() + term.takes;
            self.leaving.get_or_insert(at);
        }
        if self.leaving.is_some_and(|at| at <= sys.now()) {
            return leave(sys, &term.farewell);
        }
        self.print_due(sys);
        self.serve(sys);
        if let Some(step) = self.consume(sys).or_else(|| self.end(sys)) {
            return step;
        }
        Step::Wait(self.wait(sys.now()))
    }
}

/// Prints the last words and ends.
fn leave(sys: &mut Sys<'_>, farewell: &Farewell) -> Step {
    for line in &farewell.stdout {
        print(sys, 1, &format!("{line}\n"));
    }
    for line in &farewell.stderr {
        say(sys, line);
    }
    match &farewell.end {
        End::Exit(status) => Step::Exit(*status),
        End::Signal(name) => Step::Crash(Signal::parse(name).unwrap_or(Signal::ABRT)),
    }
}

/// The next time after `now` at which the day is `time` old.
fn next_daily(now: Time, time: Duration) -> Time {
    const DAY: u64 = 86_400 * 1_000_000;
    let today = Time(now.0 / DAY * DAY) + time;
    if today > now { today } else { today + Duration::from_micros(DAY) }
}

/// When its memory reaches so many bytes; `None`: never.
fn reaches(spec: &ProgramSpec, started: Time, bytes: u64) -> Option<Time> {
    let missing = bytes.saturating_sub(spec.memory.start);
    match (missing, spec.memory.per_hour) {
        (0, _) => Some(started),
        (_, 0) => None,
        (missing, rate) => {
            let micros = u128::from(missing) * 3_600_000_000 / u128::from(rate) + 1;
            Some(started + Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)))
        }
    }
}
