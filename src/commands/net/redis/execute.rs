//! The commands of redis, one by one.

use std::collections::{BTreeSet, VecDeque};

use super::resp::Reply;
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

fn arity(name: &str) -> Reply {
    Reply::Error(format!("ERR wrong number of arguments for '{}' command", name.to_lowercase()))
}

fn not_integer() -> Reply {
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
        "INFO" => {
            let keys = store.keys.len();
            let space = if keys > 0 { format!("db0:keys={keys},expires={},avg_ttl=0\r\n", store.expires.len()) } else { String::new() };
            Reply::Bulk(format!(
                "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux 6.1.0-39-cloud-amd64 x86_64\r\ntcp_port:6379\r\nserver_time_usec:{}\r\n\r\n# Keyspace\r\n{space}",
                now.0
            ))
        }
        _ => Reply::ok(),
    }
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

fn list(store: &mut Store, name: &str, args: &[String]) -> Reply {
    let key = &args[0];
    if name.ends_with("PUSH") {
        let value = store.keys.entry(key.clone()).or_insert_with(|| Value::List(VecDeque::new()));
        let Value::List(list) = value else { return wrong_type() };
        for word in &args[1..] {
            if name == "LPUSH" { list.push_front(word.clone()) } else { list.push_back(word.clone()) }
        }
        return Reply::Integer(list.len() as i64);
    }
    let list = match store.keys.get_mut(key) {
        Some(Value::List(list)) => list,
        Some(_) => return wrong_type(),
        None => {
            return match name {
                "LLEN" | "LREM" => Reply::Integer(0),
                "LRANGE" => Reply::Array(Vec::new()),
                _ => Reply::Nil,
            };
        }
    };
    let number = |at: usize| args.get(at).and_then(|n| n.parse::<i64>().ok());
    let reply = match name {
        "LLEN" => Reply::Integer(list.len() as i64),
        "LPOP" => list.pop_front().map_or(Reply::Nil, Reply::Bulk),
        "RPOP" => list.pop_back().map_or(Reply::Nil, Reply::Bulk),
        "LINDEX" => match number(1) {
            Some(n) => index(n, list.len()).and_then(|i| list.get(i).cloned()).map_or(Reply::Nil, Reply::Bulk),
            None => not_integer(),
        },
        "LRANGE" => match (number(1), number(2)) {
            (Some(from), Some(to)) => {
                let len = list.len() as i64;
                let clamp = |n: i64| if n < 0 { (len.saturating_add(n)).max(0) } else { n };
                let last = if to < 0 { len.saturating_add(to) } else { to };
                let words = list.iter().enumerate().filter(|(i, _)| (*i as i64) >= clamp(from) && (*i as i64) <= last);
                Reply::bulks(words.map(|(_, w)| w.clone()).collect::<Vec<_>>())
            }
            _ => not_integer(),
        },
        _ => {
            let before = list.len();
            list.retain(|word| *word != args[2]);
            Reply::Integer((before - list.len()) as i64)
        }
    };
    if list.is_empty() {
        store.remove(key);
    }
    reply
}

fn index(n: i64, len: usize) -> Option<usize> {
    usize::try_from(if n < 0 { n.saturating_add(len as i64) } else { n }).ok()
}

fn block_pop(store: &mut Store, args: &[String], front: bool) -> Answer {
    let Some((limit, keys)) = args.split_last() else { return arity("blpop").into() };
    let Ok(seconds) = limit.parse::<f64>() else {
        return Reply::Error("ERR timeout is not a float or out of range".into()).into();
    };
    for key in keys {
        match list(store, if front { "LPOP" } else { "RPOP" }, std::slice::from_ref(key)) {
            Reply::Bulk(word) => return Reply::bulks([key.clone(), word]).into(),
            Reply::Nil => {}
            error => return error.into(),
        }
    }
    Answer::Block((seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)))
}

fn set(store: &mut Store, name: &str, args: &[String]) -> Reply {
    let (key, words) = (&args[0], &args[1..]);
    if name == "SADD" {
        let value = store.keys.entry(key.clone()).or_insert_with(|| Value::Set(BTreeSet::new()));
        let Value::Set(set) = value else { return wrong_type() };
        return Reply::Integer(words.iter().filter(|w| set.insert((*w).clone())).count() as i64);
    }
    let set = match store.keys.get_mut(key) {
        Some(Value::Set(set)) => set,
        Some(_) => return wrong_type(),
        None if name == "SMEMBERS" => return Reply::Array(Vec::new()),
        None => return Reply::Integer(0),
    };
    match name {
        "SMEMBERS" => Reply::bulks(set.iter().cloned().collect::<Vec<_>>()),
        "SCARD" => Reply::Integer(set.len() as i64),
        "SISMEMBER" => Reply::Integer(i64::from(set.contains(&words[0]))),
        _ => {
            let n = words.iter().filter(|w| set.remove(*w)).count();
            if set.is_empty() {
                store.remove(key);
            }
            Reply::Integer(n as i64)
        }
    }
}

fn hash(store: &mut Store, name: &str, args: &[String]) -> Reply {
    let (key, words) = (&args[0], &args[1..]);
    if name == "HSET" {
        let value = store.keys.entry(key.clone()).or_insert_with(|| Value::Hash(Default::default()));
        let Value::Hash(hash) = value else { return wrong_type() };
        if !words.len().is_multiple_of(2) {
            return arity(name);
        }
        let added = words.chunks_exact(2).filter(|p| hash.insert(p[0].clone(), p[1].clone()).is_none()).count();
        return Reply::Integer(added as i64);
    }
    let hash = match store.keys.get_mut(key) {
        Some(Value::Hash(hash)) => hash,
        Some(_) => return wrong_type(),
        None => {
            return match name {
                "HGET" => Reply::Nil,
                "HGETALL" => Reply::Array(Vec::new()),
                _ => Reply::Integer(0),
            };
        }
    };
    match name {
        "HGET" => hash.get(&words[0]).map_or(Reply::Nil, |v| Reply::Bulk(v.clone())),
        "HGETALL" => Reply::bulks(hash.iter().flat_map(|(k, v)| [k.clone(), v.clone()]).collect::<Vec<_>>()),
        "HLEN" => Reply::Integer(hash.len() as i64),
        _ => {
            let n = words.iter().filter(|w| hash.remove(*w).is_some()).count();
            if hash.is_empty() {
                store.remove(key);
            }
            Reply::Integer(n as i64)
        }
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
