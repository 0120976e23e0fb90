//! The requests by which workers take jobs from redis and tell what became of them, one set for each transport.

use super::payload::{Payload, encode};
use crate::commands::net::redis::resp::Reply;
use crate::vps::program_spec::{QueueSpec, Transport};
use crate::world::Time;

/// The consumer group and the consumer's name that Symfony's redis transport uses by default.
const GROUP: &str = "symfony";
const CONSUMER: &str = "consumer";

/// A request to redis: its words.
pub type Request = Vec<String>;

fn request(words: &[&str]) -> Request {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Seconds since the epoch, as a score.
fn score(at: Time) -> String {
    format!("{}.{:06}", at.0 / 1_000_000, at.0 % 1_000_000)
}

/// The set where a job stands while somebody works on it.
fn reserved(queue: &QueueSpec) -> String {
    format!("{}:reserved", queue.key)
}

/// The sets whose jobs come back into the queue when they are due.
pub fn due_sets(queue: &QueueSpec) -> Vec<String> {
    let reserved = (queue.transport == Transport::Reserve).then(|| reserved(queue));
    queue.delayed.iter().cloned().chain(reserved).collect()
}

/// What is asked once, before the first job.
pub fn prepare(queue: &QueueSpec) -> Option<Request> {
    (queue.transport == Transport::Stream).then(|| request(&["XGROUP", "CREATE", &queue.key, GROUP, "0", "MKSTREAM"]))
}

/// The question for the next job. `unfinished`: for one that an earlier life of this worker did not finish; `block`: the
/// answer may wait until there is one.
pub fn fetch(queue: &QueueSpec, unfinished: bool, block: bool) -> Request {
    let key = queue.key.as_str();
    match (queue.transport, block) {
        (Transport::Stream, _) => {
            let mut words = request(&["XREADGROUP", "GROUP", GROUP, CONSUMER, "COUNT", "1"]);
            if block {
                words.extend(request(&["BLOCK", "0"]));
            }
            words.extend(request(&["STREAMS", key, if unfinished { "0" } else { ">" }]));
            words
        }
        (Transport::Pop, true) => request(&["BRPOP", key, "0"]),
        (Transport::Pop, false) => request(&["RPOP", key]),
        (_, true) => request(&["BLPOP", key, "0"]),
        (_, false) => request(&["LPOP", key]),
    }
}

/// The id in the transport and the text of the job that an answer to [`fetch`] holds.
pub fn fetched(reply: &Reply) -> Option<(String, String)> {
    let inner = |reply: &Reply, at: usize| match reply {
        Reply::Array(items) => items.get(at).cloned(),
        _ => None,
    };
    match reply {
        Reply::Bulk(text) => Some((String::new(), text.clone())),
        Reply::Array(items) => match (items.first(), items.get(1)) {
            (Some(Reply::Bulk(_)), Some(Reply::Bulk(text))) => Some((String::new(), text.clone())),
            _ => {
                let entry = inner(&inner(&inner(reply, 0)?, 1)?, 0)?;
                match (inner(&entry, 0)?, inner(&inner(&entry, 1)?, 1)?) {
                    (Reply::Bulk(id), Reply::Bulk(text)) => Some((id, text)),
                    _ => None,
                }
            }
        },
        _ => None,
    }
}

/// A job in a worker's hands, as the transport knows it.
#[derive(Clone, Debug, Default)]
pub struct Ticket {
    /// The id in a stream.
    pub id: String,
    /// The text as it was taken.
    pub raw: String,
    /// The text by which it stands in the set of reserved jobs.
    pub reserved: String,
}

/// What is told when a job is taken; fills in the ticket.
pub fn taken(queue: &QueueSpec, ticket: &mut Ticket, payload: &Payload, now: Time) -> Vec<Request> {
    if queue.transport != Transport::Reserve {
        return Vec::new();
    }
    let counted = Payload { attempts: payload.attempts + 1, ..payload.clone() };
    ticket.reserved = encode(queue, &counted);
    let due = score(now + queue.redeliver);
    vec![request(&["ZADD", &reserved(queue), &due, &ticket.reserved])]
}

/// What is told when the work on a job is over, for good or ill.
pub fn done(queue: &QueueSpec, ticket: &Ticket) -> Vec<Request> {
    match queue.transport {
        Transport::Stream => vec![request(&["XACK", &queue.key, GROUP, &ticket.id])],
        Transport::Reserve => vec![request(&["ZREM", &reserved(queue), &ticket.reserved])],
        Transport::Pop | Transport::Table => Vec::new(),
    }
}

/// What is told when a job is to be tried again at a moment.
pub fn again(queue: &QueueSpec, ticket: &Ticket, text: &str, due: Time) -> Vec<Request> {
    let mut requests = done(queue, ticket);
    match &queue.delayed {
        Some(set) => requests.push(request(&["ZADD", set, &score(due), text])),
        None => requests.push(push(queue, text)),
    }
    requests
}

/// What is told when an unfinished job is put back where it came from.
pub fn give_back(queue: &QueueSpec, ticket: &Ticket) -> Vec<Request> {
    let key = queue.key.as_str();
    match queue.transport {
        Transport::Stream | Transport::Table => Vec::new(),
        Transport::Pop => vec![request(&["RPUSH", key, &ticket.raw])],
        Transport::Reserve => [done(queue, ticket), vec![request(&["LPUSH", key, &ticket.raw])]].concat(),
    }
}

/// Puts a job into the queue.
pub fn push(queue: &QueueSpec, text: &str) -> Request {
    match queue.transport {
        Transport::Stream => request(&["XADD", &queue.key, "*", "message", text]),
        Transport::Pop if queue.delayed.is_some() => request(&["LPUSH", &queue.key, text]),
        _ => request(&["RPUSH", &queue.key, text]),
    }
}

/// Asks how many jobs wait.
pub fn waiting(queue: &QueueSpec) -> Vec<Request> {
    match queue.transport {
        Transport::Stream => vec![request(&["XINFO", "GROUPS", &queue.key]), request(&["XLEN", &queue.key])],
        _ => vec![request(&["LLEN", &queue.key])],
    }
}

/// The number that the answers to [`waiting`] mean.
pub fn waiting_count(replies: &[Reply]) -> i64 {
    let number = |reply: Option<&Reply>| match reply {
        Some(Reply::Integer(n)) => *n,
        _ => 0,
    };
    let Some(Reply::Array(groups)) = replies.first() else { return number(replies.last()) };
    let Some(Reply::Array(group)) = groups.first() else { return number(replies.last()) };
    let field = |name: &str| {
        let at = group.iter().position(|reply| *reply == Reply::Bulk(name.into()))?;
        Some(number(group.get(at + 1)))
    };
    field("pending").unwrap_or(0) + field("lag").unwrap_or(0)
}
