//! `messenger:consume`: a worker that takes messages from the queue, one after the other, for ever.

use std::time::Duration;

use super::options::size;
use super::style::Style;
use super::{CONSUMER, Call, GROUP, Given, HOST, STREAM, decode, refused};
use crate::commands::net::redis::client::{Client, PORT};
use crate::commands::net::redis::resp::Reply;
use crate::commands::process::launch::{print, say};
use crate::vps::queues::{self, Outcome};
use crate::world::{Channel, Errno, Program, Signal, Step, Sys, Time, Wait};

/// How long PHP needs before the first line.
const START: Duration = Duration::from_millis(120);
/// How long a message takes.
const WORK: Duration = Duration::from_millis(40);
/// Memory at the start, and what each message leaves behind, in bytes.
const MEMORY: (u64, u64) = (24 * 1024 * 1024, 40 * 1024);

/// The worker.
#[derive(Clone)]
pub struct Consumer {
    call: Call,
    given: Given,
    stage: Stage,
    client: Option<Client>,
    started: Time,
    /// How long it sleeps when there was nothing.
    sleep: Duration,
    limit: Option<u64>,
    seconds: Option<u64>,
    memory_limit: Option<u64>,
    handled: u64,
    memory: u64,
    /// Whether messages that it was given before may be unfinished.
    unfinished: bool,
    stop: bool,
    stop_file: Option<u64>,
    stop_version: u64,
}

#[derive(Clone)]
enum Stage {
    /// PHP starts.
    Boot,
    /// The consumer group is being made.
    Group,
    /// The question for the next message is to be sent.
    Ask,
    /// It was sent.
    Waiting,
    /// There is a message; it is taken at the worker's next look.
    Look(String, String, Time),
    /// The message is being worked on.
    Work(String, Time),
    /// It is being acknowledged.
    Acknowledge,
}

impl Consumer {
    /// Reads the options. Errors: what Symfony says about them.
    pub fn new(sys: &Sys<'_>, call: &Call, given: Given) -> Result<Consumer, String> {
        let receivers = &given.operands;
        if receivers.is_empty() {
            return Err("You must pass at least one receiver.".into());
        }
        if let Some(unknown) = receivers.iter().find(|r| *r != "async" && *r != "failed") {
            return Err(format!("The receiver \"{unknown}\" does not exist. Valid receivers are: async, failed."));
        }
        let number = |name: &str| given.value(name).map(|text| text.parse::<u64>().ok());
        let positive = |name: &str| match number(name) {
            Some(Some(n)) if n > 0 => Ok(Some(n)),
            None => Ok(None),
            Some(_) => {
                let shown = given.value(name).unwrap_or_default();
                Err(format!("Option \"{name}\" must be a positive integer, \"{shown}\" passed."))
            }
        };
        let memory_limit = match given.value("memory-limit") {
            Some(text) => Some(size(text).ok_or_else(|| "Invalid memory limit given.".to_owned())?),
            None => None,
        };
        let sleep = given.value("sleep").and_then(|s| s.parse::<f64>().ok()).unwrap_or(1.0).clamp(0.01, 86_400.0);
        Ok(Consumer {
            limit: positive("limit")?,
            seconds: positive("time-limit")?,
            memory_limit,
            call: call.clone(),
            stage: Stage::Boot,
            client: None,
            started: sys.now(),
            sleep: Duration::try_from_secs_f64(sleep).unwrap_or(Duration::from_secs(1)),
            handled: 0,
            memory: MEMORY.0,
            unfinished: true,
            stop: false,
            stop_file: None,
            stop_version: 0,
            given,
        })
    }

    /// Connects, and prints what Symfony prints at the start. `Err` is the step with which it ends.
    fn boot(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        let style = Style::of(sys, 2, &self.call.words);
        sys.me_mut().rss = self.memory;
        let Ok(client) = Client::connect(sys, HOST, PORT) else {
            return Err(refused(sys, style, "messenger:consume"));
        };
        self.client = Some(client);
        sys.catch(Signal::TERM);
        sys.catch(Signal::INT);
        let path = self.call.stop_file(sys);
        self.stop_file = sys.lookup(&path, true).ok();
        self.stop_version = self.version(sys);
        if self.given.verbosity >= 0 {
            let text = self.banner(style);
            print(sys, 2, &text);
        }
        self.send(sys, &["XGROUP", "CREATE", STREAM, GROUP, "0", "MKSTREAM"])?;
        self.stage = Stage::Group;
        Ok(())
    }

    fn banner(&self, style: Style) -> String {
        let receivers = &self.given.operands;
        let plural = if receivers.len() > 1 { "s" } else { "" };
        let mut text = String::from("\n");
        text += &style.success(&format!("Consuming messages from transport{plural} \"{}\".", receivers.join(", ")));
        let mut reasons = Vec::new();
        if let Some(limit) = self.limit {
            reasons.push(format!("processed {limit} messages"));
        }
        if let Some(limit) = self.given.value("failure-limit") {
            reasons.push(format!("reached {limit} failed messages"));
        }
        if let Some(limit) = self.given.value("memory-limit") {
            reasons.push(format!("exceeded {limit} of memory"));
        }
        if let Some(limit) = self.seconds {
            reasons.push(format!("been running for {limit}s"));
        }
        let last = "received a stop signal via the messenger:stop-workers command";
        let reasons = if reasons.is_empty() { last.to_owned() } else { format!("{} or {last}", reasons.join(", ")) };
        text += &style.comment(&format!("The worker will automatically exit once it has {reasons}."));
        text += &style.comment("Quit the worker with CONTROL-C.");
        if self.given.verbosity < 1 {
            text += &style.comment("Re-run the command with a -vv option to see logs about consumed messages.");
        }
        text
    }

    fn version(&self, sys: &Sys<'_>) -> u64 {
        self.stop_file.and_then(|ino| sys.world.files.inode(ino)).map_or(0, |node| node.version)
    }

    fn log(&self, sys: &mut Sys<'_>, level: i8, kind: &str, text: &str) {
        if self.given.verbosity >= level {
            print(sys, 1, &format!("[{kind}] {text}\n"));
        }
    }

    fn send(&mut self, sys: &mut Sys<'_>, words: &[&str]) -> Result<(), Step> {
        match self.client.as_mut().map(|client| client.send(sys, words)) {
            Some(Ok(())) => Ok(()),
            _ => Err(self.lost(sys)),
        }
    }

    /// Redis went away in the middle of the work.
    fn lost(&self, sys: &mut Sys<'_>) -> Step {
        let style = Style::of(sys, 2, &self.call.words);
        let text = "read error on connection to localhost:6379";
        let usage = super::usage("messenger:consume");
        print(sys, 2, &style.error(text, Some("Connection.php line 422"), Some(usage)));
        Step::Exit(1)
    }

    /// The answer; `Err` is a step to return: to wait, or to end.
    fn receive(&mut self, sys: &mut Sys<'_>) -> Result<Reply, Step> {
        let result = match self.client.as_mut() {
            Some(client) => client.receive(sys),
            None => Err(Errno::EIO),
        };
        match (result, &self.client) {
            (Ok(Some(reply)), _) => Ok(reply),
            (Ok(None), Some(client)) => {
                let fd = client.fd;
                Err(Step::Wait(self.idle(Wait::fd(fd))))
            }
            _ => Err(self.lost(sys)),
        }
    }

    /// A wait that the other reasons to go on end, too.
    fn idle(&self, wait: Wait) -> Wait {
        let wait = match self.seconds {
            Some(seconds) => wait.or_until(self.started + Duration::from_secs(seconds)),
            None => wait,
        };
        match self.stop_file {
            Some(ino) => wait.or_channel(Channel::File(ino)),
            None => wait,
        }
    }

    /// Why the worker ends now, between two messages: the line that it logs.
    fn reason_to_stop(&self, sys: &Sys<'_>) -> Option<String> {
        if self.stop {
            return Some("Stopping worker.".into());
        }
        if let Some(limit) = self.limit.filter(|limit| self.handled >= *limit) {
            return Some(format!("Worker stopped due to maximum count of {limit} messages processed"));
        }
        if let Some(limit) = self.memory_limit.filter(|limit| self.memory > *limit) {
            return Some(format!(
                "Worker stopped due to memory limit of {limit} bytes exceeded ({} bytes used)",
                self.memory
            ));
        }
        if let Some(limit) = self.seconds.filter(|s| sys.now() >= self.started + Duration::from_secs(*s)) {
            return Some(format!("Worker stopped due to time limit of {limit}s exceeded"));
        }
        (self.version(sys) != self.stop_version).then(|| "Worker stopped because a restart was requested.".into())
    }

    /// The worker's next look at the queue: it sleeps in between.
    fn next_look(&self, now: Time) -> Time {
        let lived = now.since(self.started).as_micros();
        let each = self.sleep.as_micros().max(1);
        let ticks = lived.div_ceil(each);
        self.started + Duration::from_micros(u64::try_from(ticks * each).unwrap_or(u64::MAX))
    }

    fn advance(&mut self, sys: &mut Sys<'_>) -> Result<(), Step> {
        match self.stage.clone() {
            Stage::Boot if sys.now() < self.started + START => {
                return Err(Step::Wait(Wait::until(self.started + START)));
            }
            Stage::Boot => self.boot(sys)?,
            Stage::Group => {
                self.receive(sys)?;
                self.stage = Stage::Ask;
            }
            Stage::Ask => {
                if let Some(reason) = self.reason_to_stop(sys) {
                    self.log(sys, 2, "info", &reason);
                    return Err(Step::Exit(0));
                }
                let from = if self.unfinished { "0" } else { ">" };
                let words =
                    ["XREADGROUP", "GROUP", GROUP, CONSUMER, "COUNT", "1", "BLOCK", "0", "STREAMS", STREAM, from];
                self.send(sys, &words)?;
                self.stage = Stage::Waiting;
            }
            Stage::Waiting => {
                if let Some(reason) = self.reason_to_stop(sys) {
                    self.log(sys, 2, "info", &reason);
                    return Err(Step::Exit(0));
                }
                let reply = self.receive(sys)?;
                match first_entry(&reply) {
                    Some((id, text)) => {
                        queues::take(sys.world, sys.pid, (STREAM, &id), true, self.unfinished);
                        let at = if self.unfinished { sys.now() } else { self.next_look(sys.now()) };
                        self.stage = Stage::Look(id, text, at);
                    }
                    None => {
                        self.unfinished = false;
                        self.stage = Stage::Ask;
                        if let Reply::Error(_) = reply {
                            // The stream was deleted under the worker: it makes the group anew.
                            self.send(sys, &["XGROUP", "CREATE", STREAM, GROUP, "0", "MKSTREAM"])?;
                            self.stage = Stage::Group;
                        }
                    }
                }
            }
            Stage::Look(_, _, at) if sys.now() < at => return Err(Step::Wait(Wait::until(at))),
            Stage::Look(id, text, _) => {
                let message = decode(&text);
                if message == "boom" {
                    say(sys, "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted");
                    queues::finish(sys.world, sys.pid, (STREAM, &id), Outcome::Failed);
                    return Err(Step::Exit(255));
                }
                self.stage = Stage::Work(id, sys.now() + WORK);
            }
            Stage::Work(_, until) if sys.now() < until => return Err(Step::Wait(Wait::until(until))),
            Stage::Work(id, _) => {
                self.log(sys, 2, "info", "SendEmailMessage was handled successfully (acknowledging to transport).");
                self.send(sys, &["XACK", STREAM, GROUP, &id])?;
                queues::finish(sys.world, sys.pid, (STREAM, &id), Outcome::Handled);
                self.handled += 1;
                self.memory += MEMORY.1;
                sys.me_mut().rss = self.memory;
                sys.charge(Duration::from_millis(3));
                self.stage = Stage::Acknowledge;
            }
            Stage::Acknowledge => {
                self.receive(sys)?;
                self.stage = Stage::Ask;
            }
        }
        Ok(())
    }
}

impl Program for Consumer {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        while sys.take_signal().is_some() {
            self.stop = true;
        }
        loop {
            if let Err(step) = self.advance(sys) {
                return step;
            }
        }
    }
}

/// Id and text of the first message in the answer to XREADGROUP.
fn first_entry(reply: &Reply) -> Option<(String, String)> {
    let inner = |reply: &Reply, at: usize| match reply {
        Reply::Array(items) => items.get(at).cloned(),
        _ => None,
    };
    let entry = inner(&inner(&inner(reply, 0)?, 1)?, 0)?;
    let (Reply::Bulk(id), Reply::Array(fields)) = (inner(&entry, 0)?, inner(&entry, 1)?) else { return None };
    match fields.get(1) {
        Some(Reply::Bulk(text)) => Some((id, text.clone())),
        _ => None,
    }
}
