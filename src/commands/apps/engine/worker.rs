//! A worker's end of a queue: takes jobs, works on them, tells the transport what became of each.

use std::collections::VecDeque;

use super::payload::{Payload, decode, encode, is_like};
use super::transport::{self, Request, Ticket};
use crate::commands::net::redis::client::{Client, PORT};
use crate::commands::net::redis::resp::Reply;
use crate::commands::net::redis::sorted::parse_score;
use crate::commands::process::launch::find_program;
use crate::vps::program_spec::{Consume, Farewell, QueueSpec, Transport};
use crate::vps::queues::{self, Outcome};
use crate::world::{Duration, Fd, Sys, Time};

/// How long it waits before it tries again to reach redis.
const RETRY: Duration = Duration::from_secs(1);
/// An answer that takes no longer did not wait for a job.
const AT_ONCE: Duration = Duration::from_millis(50);
/// What a shell needs to find out that there is no such program.
const SHELL: Duration = Duration::from_millis(4);
/// How often it looks at the latest whether another worker's job is due again.
const LOOK: Duration = Duration::from_secs(3600);

/// What happened.
pub enum Event {
    /// Nothing, for now.
    Nothing,
    /// The work on a job begins.
    Took(Job),
    /// The work on a job is done.
    Done(Job),
    /// An attempt failed, why, and how long until the next one; `None`: it was the last.
    Failed(Job, String, Option<Duration>),
    /// A job kills the worker.
    Dies(Job, Farewell),
    /// The queue is empty, and was asked without waiting.
    Empty,
    /// Redis went away.
    Lost,
}

/// A job in hand.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// What it is.
    pub payload: Payload,
    /// How many jobs this worker had before.
    pub number: u64,
    /// When the work on it began.
    pub since: Time,
    ticket: Ticket,
    /// When it is looked at, then when it is done.
    until: Time,
    begun: bool,
}

/// What an answer of redis is for.
#[derive(Clone, Debug)]
enum Owed {
    Nothing,
    /// The first of a set of delayed jobs, with its score.
    Due(String),
    /// Whether this job was taken out of the set.
    Moved(String, String),
}

/// The worker.
#[derive(Clone)]
pub struct Worker {
    queue: QueueSpec,
    rules: Consume,
    at_once: usize,
    sleep: Option<Duration>,
    tries: u32,
    /// Whether it waits for jobs when there are none.
    pub waits: bool,
    quiet: bool,
    started: Time,
    /// The connections for questions that wait, and for all others.
    clients: Option<(Client, Client)>,
    retry_at: Time,
    asked: Option<Time>,
    unfinished: bool,
    owed: VecDeque<Owed>,
    look_at: Time,
    hands: Vec<Job>,
    taken: u64,
}

impl Worker {
    /// A worker for a queue.
    pub fn new(queue: QueueSpec, rules: Consume, now: Time) -> Self {
        Worker {
            at_once: rules.at_once.max(1),
            sleep: rules.sleep,
            tries: queue.tries,
            queue,
            rules,
            waits: true,
            quiet: false,
            started: now,
            clients: None,
            retry_at: Time::default(),
            asked: None,
            unfinished: true,
            owed: VecDeque::new(),
            look_at: now,
            hands: Vec::new(),
            taken: 0,
        }
    }

    /// What the options say: jobs at once, seconds between two looks, attempts.
    pub fn configure(&mut self, at_once: Option<f64>, sleep: Option<f64>, tries: Option<f64>) {
        if let Some(n) = at_once {
            self.at_once = (n as usize).clamp(1, 100);
        }
        if let Some(seconds) = sleep {
            self.sleep = Duration::try_from_secs_f64(seconds.clamp(0.0, 86_400.0)).ok().filter(|d| !d.is_zero());
        }
        if let Some(n) = tries {
            self.tries = n as u32;
        }
    }

    /// How many jobs are being worked on.
    pub fn busy(&self) -> usize {
        self.hands.iter().filter(|job| job.begun).count()
    }

    /// The descriptors to wait for.
    pub fn fds(&self) -> Vec<Fd> {
        self.clients.iter().flat_map(|(fetch, tell)| [fetch.fd, tell.fd]).collect()
    }

    /// Until when to wait at most.
    pub fn until(&self) -> Option<Time> {
        let hands = self.hands.iter().map(|job| job.until).min();
        let next = if self.clients.is_some() { self.look_at } else { self.retry_at };
        hands.into_iter().chain((!self.quiet && next.0 < u64::MAX).then_some(next)).min()
    }

    /// Takes no new jobs from now on: it hangs up on the question that waits for one.
    pub fn be_quiet(&mut self, sys: &mut Sys<'_>) {
        if !std::mem::replace(&mut self.quiet, true)
            && let Some((fetch, _)) = self.clients.as_mut().filter(|_| self.asked.take().is_some())
        {
            let _ = sys.close(fetch.fd);
            match Client::connect(sys, "localhost", PORT) {
                Ok(client) => *fetch = client,
                Err(_) => drop(self.lose(sys)),
            }
        }
    }

    fn tell(&mut self, sys: &mut Sys<'_>, requests: Vec<Request>) {
        for words in requests {
            self.ask(sys, &words, Owed::Nothing);
        }
    }

    fn ask(&mut self, sys: &mut Sys<'_>, words: &[String], owed: Owed) {
        if let Some((_, tell)) = self.clients.as_mut() {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            if tell.send(sys, &words).is_ok() {
                self.owed.push_back(owed);
            }
        }
    }

    fn lose(&mut self, sys: &mut Sys<'_>) -> Event {
        let had = self.clients.take();
        for client in had.iter().flat_map(|(fetch, tell)| [fetch, tell]) {
            let _ = sys.close(client.fd);
        }
        self.owed.clear();
        (self.asked, self.unfinished) = (None, true);
        self.retry_at = sys.now() + RETRY;
        if had.is_some() { Event::Lost } else { Event::Nothing }
    }

    /// Goes on; to be called until it says that there is nothing.
    pub fn next(&mut self, sys: &mut Sys<'_>) -> Event {
        if let Some(at) = self.hands.iter().position(|job| job.until <= sys.now()) {
            return self.turn(sys, at);
        }
        if self.clients.is_none() && !self.connect(sys) {
            return Event::Nothing;
        }
        if let Err(()) = self.answers(sys) {
            return self.lose(sys);
        }
        if self.quiet && self.asked.is_none() || self.hands.len() >= self.at_once {
            return Event::Nothing;
        }
        if self.look_at <= sys.now() {
            self.look(sys);
        }
        self.fetch(sys)
    }

    fn connect(&mut self, sys: &mut Sys<'_>) -> bool {
        if sys.now() < self.retry_at {
            return false;
        }
        let pair =
            Client::connect(sys, "localhost", PORT).and_then(|a| Ok((a, Client::connect(sys, "localhost", PORT)?)));
        let Ok(pair) = pair else {
            self.retry_at = sys.now() + RETRY;
            return false;
        };
        self.clients = Some(pair);
        self.look_at = sys.now();
        let prepare = transport::prepare(&self.queue);
        self.tell(sys, prepare.into_iter().collect());
        true
    }

    /// Asks for what is due in the sets of delayed jobs.
    fn look(&mut self, sys: &mut Sys<'_>) {
        // Only reserved jobs of another worker come back without anything that this worker does.
        let shared = self.queue.transport == Transport::Reserve;
        self.look_at = if shared { sys.now() + LOOK } else { Time(u64::MAX) };
        for set in transport::due_sets(&self.queue) {
            let words = ["ZRANGE", &set, "0", "0", "WITHSCORES"].map(str::to_owned);
            self.ask(sys, &words, Owed::Due(set));
        }
    }

    /// Reads the answers that are owed. Error: redis is gone.
    fn answers(&mut self, sys: &mut Sys<'_>) -> Result<(), ()> {
        while let Some((_, tell)) = self.clients.as_mut() {
            let reply = match tell.receive(sys) {
                Ok(Some(reply)) => reply,
                Ok(None) => return Ok(()),
                Err(_) => return Err(()),
            };
            match (self.owed.pop_front(), reply) {
                (Some(Owed::Due(set)), Reply::Array(first)) => self.due(sys, set, &first),
                (Some(Owed::Moved(set, text)), Reply::Integer(1)) => {
                    if set.ends_with(":reserved") {
                        queues::redeliver(sys.world, &self.queue.key);
                    }
                    let push = transport::push(&self.queue, &text);
                    self.tell(sys, vec![push]);
                    self.look_at = sys.now();
                }
                _ => {}
            }
        }
        Err(())
    }

    fn due(&mut self, sys: &mut Sys<'_>, set: String, first: &[Reply]) {
        let [Reply::Bulk(text), Reply::Bulk(score)] = first else { return };
        let at = Time(u64::try_from(parse_score(score).unwrap_or(0)).unwrap_or(0));
        if at <= sys.now() {
            self.ask(sys, &["ZREM".to_owned(), set.clone(), text.clone()], Owed::Moved(set, text.clone()));
        } else {
            self.look_at = self.look_at.min(at);
        }
    }

    fn fetch(&mut self, sys: &mut Sys<'_>) -> Event {
        // The group is made, and what is due is back in the queue, before the first question.
        if !self.owed.is_empty() && self.asked.is_none() {
            return Event::Nothing;
        }
        let Some((fetch, _)) = self.clients.as_mut() else { return Event::Nothing };
        if self.asked.is_none() {
            let words = transport::fetch(&self.queue, self.unfinished, self.waits);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            if fetch.send(sys, &words).is_err() {
                return self.lose(sys);
            }
            self.asked = Some(sys.now());
        }
        let Some((fetch, _)) = self.clients.as_mut() else { return Event::Nothing };
        match fetch.receive(sys) {
            Ok(Some(reply)) => self.take(sys, &reply),
            Ok(None) => Event::Nothing,
            Err(_) => self.lose(sys),
        }
    }

    fn take(&mut self, sys: &mut Sys<'_>, reply: &Reply) -> Event {
        let asked = self.asked.take().unwrap_or(sys.now());
        let Some((id, raw)) = transport::fetched(reply) else {
            if let Reply::Error(_) = reply {
                // The stream was deleted under the worker: it makes the group anew.
                let prepare = transport::prepare(&self.queue);
                self.tell(sys, prepare.into_iter().collect());
                return Event::Nothing;
            }
            if std::mem::take(&mut self.unfinished) && self.queue.transport == Transport::Stream {
                return self.fetch(sys);
            }
            return if self.waits || !self.hands.is_empty() { Event::Nothing } else { Event::Empty };
        };
        let payload = decode(&self.queue, &raw);
        let mut ticket = Ticket { id, raw, reserved: String::new() };
        let requests = transport::taken(&self.queue, &mut ticket, &payload, sys.now());
        self.tell(sys, requests);
        let kept = self.queue.transport != Transport::Pop;
        let again = self.unfinished && self.queue.transport == Transport::Stream;
        queues::take(sys.world, sys.pid, (&self.queue.key, ticket_name(&ticket)), kept, again);
        let until = if again { sys.now() } else { self.next_look(asked, sys.now()) };
        self.taken += 1;
        self.hands.push(Job { payload, ticket, until, number: self.taken, ..Job::default() });
        if until <= sys.now() { self.next(sys) } else { Event::Nothing }
    }

    /// When a job that came now, after the question at `asked`, is seen: an empty queue is looked at only so often.
    fn next_look(&self, asked: Time, now: Time) -> Time {
        let Some(sleep) = self.sleep.filter(|_| now.since(asked) > AT_ONCE) else { return now };
        let lived = now.since(self.started).as_micros();
        let each = sleep.as_micros().max(1);
        let looks = lived.div_ceil(each) * each;
        self.started + Duration::from_micros(u64::try_from(looks).unwrap_or(u64::MAX))
    }

    /// A job is looked at, or its time is over.
    fn turn(&mut self, sys: &mut Sys<'_>, at: usize) -> Event {
        let now = sys.now();
        let rule = self.rules.job.iter().find(|rule| is_like(&rule.like, &self.hands[at].payload.job)).cloned();
        let rule = rule.unwrap_or_default();
        let job = &mut self.hands[at];
        let worn = self.queue.transport == Transport::Reserve && self.tries > 0 && job.payload.attempts >= self.tries;
        let path = sys.getenv("PATH").unwrap_or_default();
        let missing = rule.runs.filter(|name| find_program(sys, name, &path).is_err());
        if !job.begun {
            (job.begun, job.since) = (true, now);
            job.until = match (worn || rule.dies.is_some(), &missing) {
                (true, _) => now,
                (false, Some(_)) => now + SHELL,
                (false, None) => now + rule.each.unwrap_or(self.rules.each),
            };
            return Event::Took(job.clone());
        }
        let job = self.hands.remove(at);
        let error = match (worn, missing) {
            (true, _) => Some(format!("{} has been attempted too many times.", job.payload.job)),
            (false, Some(name)) => Some(format!("sh: 1: {name}: not found")),
            (false, None) => rule.fails,
        };
        if let Some(farewell) = rule.dies.filter(|_| !worn) {
            queues::finish(sys.world, sys.pid, self.ledger_name(&job), Outcome::Failed);
            return Event::Dies(job, farewell);
        }
        let Some(error) = error else {
            queues::finish(sys.world, sys.pid, self.ledger_name(&job), Outcome::Handled);
            let requests = transport::done(&self.queue, &job.ticket);
            self.tell(sys, requests);
            return Event::Done(job);
        };
        queues::finish(sys.world, sys.pid, self.ledger_name(&job), Outcome::Failed);
        let tried = job.payload.attempts + 1;
        if worn || self.tries > 0 && tried >= self.tries {
            let requests = transport::done(&self.queue, &job.ticket);
            self.tell(sys, requests);
            return Event::Failed(job, error, None);
        }
        let backoff = &self.queue.backoff;
        let delay = backoff.get(tried as usize - 1).or(backoff.last()).copied().unwrap_or_default();
        let text = encode(&self.queue, &Payload { attempts: tried, ..job.payload.clone() });
        let requests = transport::again(&self.queue, &job.ticket, &text, now + delay);
        self.tell(sys, requests);
        self.look_at = now;
        Event::Failed(job, error, Some(delay))
    }

    fn ledger_name<'a>(&'a self, job: &'a Job) -> (&'a str, &'a str) {
        (&self.queue.key, ticket_name(&job.ticket))
    }

    /// Puts the jobs back that it has not begun, or all of them.
    pub fn give_back(&mut self, sys: &mut Sys<'_>, all: bool) {
        let (back, kept) = std::mem::take(&mut self.hands).into_iter().partition(|job| all || !job.begun);
        self.hands = kept;
        let back: Vec<Job> = back;
        for job in back {
            queues::finish(sys.world, sys.pid, self.ledger_name(&job), Outcome::Returned);
            let requests = transport::give_back(&self.queue, &job.ticket);
            self.tell(sys, requests);
        }
    }
}

/// By what the machine's ledger knows a job.
fn ticket_name(ticket: &Ticket) -> &str {
    if ticket.id.is_empty() { &ticket.raw } else { &ticket.id }
}
