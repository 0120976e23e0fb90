//! A declared application's end of a queue: takes one message after the other from a list or a stream of redis.

use std::time::Duration;

use crate::commands::net::redis::client::{Client, PORT};
use crate::commands::net::redis::resp::Reply;
use crate::vps::queues::{self, Outcome};
use crate::world::{Fd, Sys, Time};

/// How long it waits before it tries again to reach redis.
const RETRY: Duration = Duration::from_secs(1);
/// The consumer group and the consumer's name in a stream.
const GROUP: &str = "workers";

/// What happened.
pub enum Taken {
    /// Nothing, for now.
    Nothing,
    /// A message arrived; the work on it begins.
    Message(String),
    /// The work on it is done.
    Done(String),
    /// Redis went away.
    Lost,
}

/// The consumer.
#[derive(Clone)]
pub struct Consumer {
    queue: String,
    each: Duration,
    client: Option<Client>,
    /// The queue is a stream.
    stream: bool,
    /// Unfinished messages of an earlier life come first.
    unfinished: bool,
    asked: bool,
    retry_at: Time,
    /// The message in work, its id in a stream, and when it is done.
    current: Option<(String, String, Time)>,
    /// Answers to acknowledgements that still have to come.
    owed: u32,
}

impl Consumer {
    /// A consumer of `queue` that needs `each` for a message.
    pub fn new(queue: &str, each: Duration) -> Self {
        Consumer {
            queue: queue.to_owned(),
            each,
            client: None,
            stream: false,
            unfinished: true,
            asked: false,
            retry_at: Time::default(),
            current: None,
            owed: 0,
        }
    }

    /// The descriptor to wait for.
    pub fn fd(&self) -> Option<Fd> {
        self.client.as_ref().map(|client| client.fd)
    }

    /// Until when to wait at most.
    pub fn until(&self, now: Time) -> Option<Time> {
        match (&self.current, &self.client) {
            (Some((.., at)), _) => Some(*at),
            (None, None) => Some(self.retry_at.max(now + Duration::from_millis(1))),
            _ => None,
        }
    }

    fn ask(&mut self, sys: &mut Sys<'_>) -> bool {
        let from = if self.unfinished { "0" } else { ">" };
        let queue = self.queue.clone();
        let words: Vec<&str> = if self.stream {
            vec!["XREADGROUP", "GROUP", GROUP, "c", "COUNT", "1", "BLOCK", "0", "STREAMS", &queue, from]
        } else {
            vec!["BLPOP", &queue, "0"]
        };
        self.asked = self.client.as_mut().is_some_and(|client| client.send(sys, &words).is_ok());
        self.asked
    }

    fn lose(&mut self, sys: &mut Sys<'_>) -> Taken {
        let had = self.client.take();
        if let Some(client) = &had {
            let _ = sys.close(client.fd);
        }
        (self.asked, self.owed, self.unfinished) = (false, 0, true);
        self.retry_at = sys.now() + RETRY;
        if had.is_some() { Taken::Lost } else { Taken::Nothing }
    }

    /// Goes on; to be called until it says that there is nothing.
    pub fn next(&mut self, sys: &mut Sys<'_>) -> Taken {
        if let Some((id, message, at)) = self.current.clone() {
            if at > sys.now() {
                return Taken::Nothing;
            }
            self.current = None;
            if self.stream {
                let queue = self.queue.clone();
                let sent = self.client.as_mut().is_some_and(|c| c.send(sys, &["XACK", &queue, GROUP, &id]).is_ok());
                self.owed += u32::from(sent);
            }
            queues::finish(sys.world, sys.pid, (&self.queue, &message), Outcome::Handled);
            return Taken::Done(message);
        }
        if self.client.is_none() {
            if sys.now() < self.retry_at {
                return Taken::Nothing;
            }
            match Client::connect(sys, "127.0.0.1", PORT) {
                Ok(client) => self.client = Some(client),
                Err(_) => return self.lose(sys),
            }
        }
        if !self.asked && !self.ask(sys) {
            return self.lose(sys);
        }
        loop {
            match self.client.as_mut().map(|client| client.receive(sys)) {
                Some(Ok(None)) => return Taken::Nothing,
                Some(Ok(Some(_))) if self.owed > 0 => self.owed -= 1,
                Some(Ok(Some(reply))) => return self.take(sys, reply),
                _ => return self.lose(sys),
            }
        }
    }

    fn take(&mut self, sys: &mut Sys<'_>, reply: Reply) -> Taken {
        self.asked = false;
        let found = match &reply {
            Reply::Error(text) if text.starts_with("WRONGTYPE") => {
                self.stream = true;
                let queue = self.queue.clone();
                let made = self
                    .client
                    .as_mut()
                    .is_some_and(|c| c.send(sys, &["XGROUP", "CREATE", &queue, GROUP, "0"]).is_ok());
                self.owed += u32::from(made);
                None
            }
            Reply::Error(_) => {
                self.stream = false;
                None
            }
            Reply::Array(items) if !self.stream => match items.get(1) {
                Some(Reply::Bulk(text)) => Some((String::new(), text.clone())),
                _ => None,
            },
            reply => stream_entry(reply),
        };
        let Some((id, message)) = found else {
            self.unfinished = false;
            return if self.ask(sys) { self.next(sys) } else { self.lose(sys) };
        };
        queues::take(sys.world, sys.pid, (&self.queue, &message), self.stream, self.stream && self.unfinished);
        self.current = Some((id, message.clone(), sys.now() + self.each));
        Taken::Message(message)
    }

    /// Puts a message back that was taken from a list; in a stream it stays unacknowledged.
    pub fn give_back(&mut self, sys: &mut Sys<'_>, message: &str) {
        queues::finish(sys.world, sys.pid, (&self.queue, message), Outcome::Failed);
        if !self.stream {
            let queue = self.queue.clone();
            if let Some(client) = self.client.as_mut() {
                let _ = client.send(sys, &["LPUSH", &queue, message]);
            }
        }
    }
}

fn stream_entry(reply: &Reply) -> Option<(String, String)> {
    let inner = |reply: &Reply, at: usize| match reply {
        Reply::Array(items) => items.get(at).cloned(),
        _ => None,
    };
    let entry = inner(&inner(&inner(reply, 0)?, 1)?, 0)?;
    match (inner(&entry, 0)?, inner(&inner(&entry, 1)?, 1)?) {
        (Reply::Bulk(id), Reply::Bulk(text)) => Some((id, text)),
        _ => None,
    }
}
