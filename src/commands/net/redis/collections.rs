//! The commands of redis that work on lists, sets and hashes.

use std::collections::{BTreeSet, VecDeque};

use super::execute::{Answer, arity, not_integer, wrong_type};
use super::resp::Reply;
use super::store::{Store, Value};
use crate::world::Duration;

/// A command on a list.
pub fn list(store: &mut Store, name: &str, args: &[String]) -> Reply {
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

/// `BLPOP` and `BRPOP`.
pub fn block_pop(store: &mut Store, args: &[String], front: bool) -> Answer {
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

/// A command on a set.
pub fn set(store: &mut Store, name: &str, args: &[String]) -> Reply {
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

/// A command on a hash.
pub fn hash(store: &mut Store, name: &str, args: &[String]) -> Reply {
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
