//! The commands of redis, one by one.

use super::collections::{block_pop, hash, list, set};
use super::resp::Reply;
use super::sorted::sorted;
use super::store::{Store, Value};
use super::streams;
use crate::world::{Duration, Time};

/// What a command gives.
pub enum Answer {
    /// An answer.
    Reply(Reply),
    /// Nothing yet: try again, for so long at most (`None`: for ever).
    Block(Option<Duration>),
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Answer::Reply(reply)
    }
}

/// The error for a key of another kind.
pub fn wrong_type() -> Reply {
    Reply::Error("WRONGTYPE Operation against a key holding the wrong kind of value".into())
}

/// The error for too few words.
pub fn arity(name: &str) -> Reply {
    Reply::Error(format!("ERR wrong number of arguments for '{}' command", name.to_lowercase()))
}

/// The error for what is no number.
pub fn not_integer() -> Reply {
    Reply::Error("ERR value is not an integer or out of range".into())
}

/// Name, least number of words with the name, and whether it changes something.
const COMMANDS: &[(&str, usize, bool)] = &[
    ("PING", 1, false),
    ("ECHO", 2, false),
    ("SELECT", 2, false),
    ("AUTH", 2, false),
    ("QUIT", 1, false),
    ("GET", 2, false),
    ("SET", 3, true),
    ("SETNX", 3, true),
    ("DEL", 2, true),
    ("UNLINK", 2, true),
    ("EXISTS", 2, false),
    ("TYPE", 2, false),
    ("KEYS", 2, false),
    ("DBSIZE", 1, false),
    ("FLUSHALL", 1, true),
    ("FLUSHDB", 1, true),
    ("INCR", 2, true),
    ("DECR", 2, true),
    ("INCRBY", 3, true),
    ("DECRBY", 3, true),
    ("APPEND", 3, true),
    ("STRLEN", 2, false),
    ("EXPIRE", 3, true),
    ("TTL", 2, false),
    ("PERSIST", 2, true),
    ("LPUSH", 3, true),
    ("RPUSH", 3, true),
    ("LPOP", 2, true),
    ("RPOP", 2, true),
    ("LLEN", 2, false),
    ("LRANGE", 4, false),
    ("LINDEX", 3, false),
    ("LREM", 4, true),
    ("BLPOP", 3, true),
    ("BRPOP", 3, true),
    ("SADD", 3, true),
    ("SREM", 3, true),
    ("SMEMBERS", 2, false),
    ("SCARD", 2, false),
    ("SISMEMBER", 3, false),
    ("HSET", 4, true),
    ("HGET", 3, false),
    ("HGETALL", 2, false),
    ("HDEL", 3, true),
    ("HLEN", 2, false),
    ("INFO", 1, false),
    ("CONFIG", 2, false),
    ("CLIENT", 2, false),
    ("SAVE", 1, false),
    ("BGSAVE", 1, false),
    ("ZADD", 4, true),
    ("ZREM", 3, true),
    ("ZCARD", 2, false),
    ("ZSCORE", 3, false),
    ("ZCOUNT", 4, false),
    ("ZRANGE", 4, false),
    ("ZRANGEBYSCORE", 4, false),
    ("XADD", 5, true),
    ("XLEN", 2, false),
    ("XRANGE", 4, false),
    ("XREVRANGE", 4, false),
    ("XDEL", 3, true),
    ("XTRIM", 4, true),
    ("XINFO", 3, false),
    ("XGROUP", 4, true),
    ("XREADGROUP", 7, true),
    ("XREAD", 4, false),
    ("XACK", 4, true),
    ("XPENDING", 3, false),
];

/// Runs one command.
pub fn execute(store: &mut Store, words: &[String], now: Time) -> Answer {
    let name = words[0].to_uppercase();
    let Some((_, least, changes)) = COMMANDS.iter().find(|(n, ..)| *n == name) else {
        let args: String = words[1..].iter().map(|w| format!("'{w}' ")).collect();
        return Reply::Error(format!("ERR unknown command '{}', with args beginning with: {args}", words[0])).into();
    };
    if words.len() < *least {
        return arity(&name).into();
    }
    if *changes {
        store.dirty += 1;
    }
    let ms = now.0 / 1000;
    if name.starts_with('X') {
        return streams::execute(store, &name, &words[1..], ms);
    }
    if name.starts_with('Z') {
        return sorted(store, &name, &words[1..]);
    }
    match name.as_str() {
        "BLPOP" | "BRPOP" => block_pop(store, &words[1..], name == "BLPOP"),
        "LPUSH" | "RPUSH" | "LPOP" | "RPOP" | "LLEN" | "LRANGE" | "LINDEX" | "LREM" => {
            list(store, &name, &words[1..]).into()
        }
        "SADD" | "SREM" | "SMEMBERS" | "SCARD" | "SISMEMBER" => set(store, &name, &words[1..]).into(),
        "HSET" | "HGET" | "HGETALL" | "HDEL" | "HLEN" => hash(store, &name, &words[1..]).into(),
        "PING" | "ECHO" | "SELECT" | "AUTH" | "QUIT" | "INFO" | "CONFIG" | "CLIENT" | "SAVE" | "BGSAVE" => {
            server(store, &name, &words[1..], now).into()
        }
        _ => keys(store, &name, &words[1..], ms).into(),
    }
}

fn server(store: &Store, name: &str, args: &[String], now: Time) -> Reply {
    match name {
        "PING" => args.first().map_or_else(|| Reply::Status("PONG".into()), |text| Reply::Bulk(text.clone())),
        "ECHO" => Reply::Bulk(args[0].clone()),
        "AUTH" => Reply::Error("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?".into()),
        "BGSAVE" => Reply::Status("Background saving started".into()),
        "CONFIG" if args[0].eq_ignore_ascii_case("get") => Reply::Array(Vec::new()),
        "INFO" => Reply::Bulk(info(store, args.first().map_or("", String::as_str), now)),
        _ => Reply::ok(),
    }
}

/// The sections of `INFO`, or one of them.
fn info(store: &Store, section: &str, now: Time) -> String {
    let keys = store.keys.len();
    let space = match keys {
        0 => String::new(),
        n => format!("db0:keys={n},expires={},avg_ttl=0\r\n", store.expires.len()),
    };
    let server = format!(
        "redis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux {} x86_64\r\ntcp_port:6379\r\nserver_time_usec:{}\r\n",
        crate::world::KERNEL_RELEASE,
        now.0
    );
    let sections = [
        ("Server", server),
        ("Persistence", format!("rdb_changes_since_last_save:{}\r\n", store.dirty)),
        ("Keyspace", space),
    ];
    let wanted =
        |name: &str| matches!(section, "" | "all" | "default" | "everything") || section.eq_ignore_ascii_case(name);
    let shown: Vec<String> =
        sections.iter().filter(|(name, _)| wanted(name)).map(|(name, text)| format!("# {name}\r\n{text}")).collect();
    shown.join("\r\n")
}

fn keys(store: &mut Store, name: &str, args: &[String], ms: u64) -> Reply {
    let key = args.first().cloned().unwrap_or_default();
    match name {
        "GET" => match store.keys.get(&key) {
            None => Reply::Nil,
            Some(Value::Text(text)) => Reply::Bulk(text.clone()),
            Some(_) => wrong_type(),
        },
        "SET" => set_key(store, args, ms),
        "SETNX" if store.keys.contains_key(&key) => Reply::Integer(0),
        "SETNX" => {
            store.keys.insert(key, Value::Text(args[1].clone()));
            Reply::Integer(1)
        }
        "DEL" | "UNLINK" => Reply::Integer(args.iter().filter(|key| store.remove(key)).count() as i64),
        "EXISTS" => Reply::Integer(args.iter().filter(|key| store.keys.contains_key(*key)).count() as i64),
        "TYPE" => Reply::Status(store.keys.get(&key).map_or("none", Value::kind).into()),
        "KEYS" => Reply::bulks(store.keys.keys().filter(|k| glob(&key, k)).cloned().collect::<Vec<_>>()),
        "DBSIZE" => Reply::Integer(store.keys.len() as i64),
        "FLUSHALL" | "FLUSHDB" => {
            store.keys.clear();
            store.expires.clear();
            Reply::ok()
        }
        "INCR" => add(store, &key, 1),
        "DECR" => add(store, &key, -1),
        "INCRBY" | "DECRBY" => match args[1].parse::<i64>() {
            Ok(n) => add(store, &key, if name == "INCRBY" { n } else { n.saturating_neg() }),
            Err(_) => not_integer(),
        },
        "APPEND" => match store.keys.entry(key).or_insert_with(|| Value::Text(String::new())) {
            Value::Text(text) => {
                text.push_str(&args[1]);
                Reply::Integer(text.len() as i64)
            }
            _ => wrong_type(),
        },
        "STRLEN" => match store.keys.get(&key) {
            None => Reply::Integer(0),
            Some(Value::Text(text)) => Reply::Integer(text.len() as i64),
            Some(_) => wrong_type(),
        },
        "EXPIRE" => match args[1].parse::<u64>() {
            Ok(seconds) if store.keys.contains_key(&key) => {
                store.expires.insert(key, ms.saturating_add(seconds.saturating_mul(1000)));
                Reply::Integer(1)
            }
            Ok(_) => Reply::Integer(0),
            Err(_) => not_integer(),
        },
        "TTL" => Reply::Integer(match (store.keys.contains_key(&key), store.expires.get(&key)) {
            (false, _) => -2,
            (true, None) => -1,
            (true, Some(at)) => (at.saturating_sub(ms) / 1000) as i64,
        }),
        _ => Reply::Integer(i64::from(store.expires.remove(&key).is_some())),
    }
}

fn set_key(store: &mut Store, args: &[String], ms: u64) -> Reply {
    let (key, value) = (args[0].clone(), args[1].clone());
    let mut expires = None;
    let mut rest = args[2..].iter();
    while let Some(option) = rest.next() {
        match option.to_uppercase().as_str() {
            "NX" if store.keys.contains_key(&key) => return Reply::Nil,
            "XX" if !store.keys.contains_key(&key) => return Reply::Nil,
            "NX" | "XX" => {}
            unit @ ("EX" | "PX") => match rest.next().and_then(|n| n.parse::<u64>().ok()) {
                Some(n) => expires = Some(ms.saturating_add(n.saturating_mul(if unit == "EX" { 1000 } else { 1 }))),
                None => return not_integer(),
            },
            _ => return Reply::Error("ERR syntax error".into()),
        }
    }
    store.remove(&key);
    if let Some(at) = expires {
        store.expires.insert(key.clone(), at);
    }
    store.keys.insert(key, Value::Text(value));
    Reply::ok()
}

fn add(store: &mut Store, key: &str, n: i64) -> Reply {
    let value = store.keys.entry(key.to_owned()).or_insert_with(|| Value::Text("0".into()));
    let Value::Text(text) = value else { return wrong_type() };
    match text.parse::<i64>().ok().and_then(|old| old.checked_add(n)) {
        Some(sum) => {
            *text = sum.to_string();
            Reply::Integer(sum)
        }
        None => not_integer(),
    }
}

/// Whether a pattern of `*`, `?` and literals fits the whole text.
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}
