//! The commands of redis that work on streams.

use super::execute::{Answer, wrong_type};
use super::resp::Reply;
use super::store::{Store, Value};
use super::stream::{Fields, Id, Stream};
use crate::world::Duration;

fn error(text: &str) -> Answer {
    Reply::Error(text.to_owned()).into()
}

const BAD_ID: &str = "ERR Invalid stream ID specified as stream command argument";

/// Runs a command whose name begins with `X`; `args` are the words after the name.
pub fn execute(store: &mut Store, name: &str, args: &[String], ms: u64) -> Answer {
    match name {
        "XADD" => add(store, args, ms),
        "XGROUP" => group(store, args),
        "XREADGROUP" => read_group(store, args, ms),
        "XREAD" => read(store, args),
        "XINFO" => match store.keys.get(&args[1]) {
            Some(Value::Stream(stream)) => info(stream, &args[0]),
            Some(_) => wrong_type().into(),
            None => error("ERR no such key"),
        },
        _ => match store.keys.get_mut(&args[0]) {
            Some(Value::Stream(stream)) => on_stream(stream, name, &args[1..]),
            Some(_) => wrong_type().into(),
            None if matches!(name, "XRANGE" | "XREVRANGE" | "XPENDING") => Reply::Array(Vec::new()).into(),
            None => Reply::Integer(0).into(),
        },
    }
}

fn add(store: &mut Store, args: &[String], ms: u64) -> Answer {
    let mut words = args[1..].iter();
    let mut id = words.next();
    let mut keep = None;
    if id.is_some_and(|w| w.eq_ignore_ascii_case("maxlen")) {
        let mut limit = words.next();
        if limit.is_some_and(|w| w == "~" || w == "=") {
            limit = words.next();
        }
        keep = limit.and_then(|n| n.parse::<usize>().ok());
        id = words.next();
    }
    let rest: Vec<&String> = words.collect();
    if rest.is_empty() || !rest.len().is_multiple_of(2) {
        return error("ERR wrong number of arguments for 'xadd' command");
    }
    let id = match id.map(String::as_str) {
        Some("*") | None => None,
        Some(text) => match Id::parse(text, 0) {
            Some(id) => Some(id),
            None => return error(BAD_ID),
        },
    };
    let fields: Fields = rest.chunks_exact(2).map(|p| (p[0].clone(), p[1].clone())).collect();
    let value = store.keys.entry(args[0].clone()).or_insert_with(|| Value::Stream(Stream::default()));
    let Value::Stream(stream) = value else { return wrong_type().into() };
    match stream.add(id, ms, fields) {
        Some(id) => {
            while keep.is_some_and(|n| stream.entries.len() > n) {
                stream.entries.pop_first();
            }
            Reply::Bulk(id.to_string()).into()
        }
        None => error("ERR The ID specified in XADD is equal or smaller than the target stream top item"),
    }
}

fn group(store: &mut Store, args: &[String]) -> Answer {
    let make = args.iter().any(|w| w.eq_ignore_ascii_case("mkstream"));
    let sub = args[0].to_uppercase();
    let (key, name) = (&args[1], &args[2]);
    if sub == "CREATE" && make && !store.keys.contains_key(key) {
        store.keys.insert(key.clone(), Value::Stream(Stream::default()));
    }
    let stream = match store.keys.get_mut(key) {
        Some(Value::Stream(stream)) => stream,
        Some(_) => return wrong_type().into(),
        None => {
            return error(
                "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.",
            );
        }
    };
    match sub.as_str() {
        "CREATE" if stream.create_group(name, args.get(3).map_or("$", String::as_str)) => Reply::ok().into(),
        "CREATE" => error("BUSYGROUP Consumer Group name already exists"),
        "DESTROY" => Reply::Integer(i64::from(stream.groups.remove(name).is_some())).into(),
        _ => error(&format!("ERR unknown subcommand '{}'. Try XGROUP HELP.", args[0])),
    }
}

fn entry(id: Id, fields: &Fields) -> Reply {
    let words = Reply::bulks(fields.iter().flat_map(|(k, v)| [k.clone(), v.clone()]).collect::<Vec<_>>());
    Reply::Array(vec![Reply::Bulk(id.to_string()), words])
}

fn block(milliseconds: u64) -> Answer {
    Answer::Block((milliseconds > 0).then(|| Duration::from_millis(milliseconds)))
}

/// `COUNT`, `BLOCK`, and the first stream with the id to start from.
fn reading(args: &[String]) -> Option<(usize, Option<u64>, &String, &String)> {
    let (mut count, mut wait) = (usize::MAX, None);
    let mut at = 0;
    while at < args.len() {
        match args[at].to_uppercase().as_str() {
            "COUNT" => count = args.get(at + 1)?.parse().ok()?,
            "BLOCK" => wait = Some(args.get(at + 1)?.parse().ok()?),
            "STREAMS" => {
                let names = &args[at + 1..];
                return Some((count, wait, names.first()?, names.get(names.len() / 2)?));
            }
            _ => at = at.wrapping_sub(1),
        }
        at = at.wrapping_add(2);
    }
    None
}

fn read_group(store: &mut Store, args: &[String], ms: u64) -> Answer {
    let (group, consumer) = (&args[1], &args[2]);
    let Some((count, wait, key, from)) = reading(&args[3..]) else { return error("ERR syntax error") };
    let missing = format!("NOGROUP No such key '{key}' or consumer group '{group}' in XREADGROUP with GROUP option");
    let stream = match store.keys.get_mut(key) {
        Some(Value::Stream(stream)) => stream,
        Some(_) => return wrong_type().into(),
        None => return error(&missing),
    };
    let after = match from.as_str() {
        ">" => None,
        text => match Id::parse(text, 0) {
            Some(id) => Some(id),
            None => return error(BAD_ID),
        },
    };
    match stream.read_group(group, consumer, after, count, ms) {
        None => error(&missing),
        Some(found) if found.is_empty() && after.is_none() => match wait {
            Some(wait) => block(wait),
            None => Reply::Nil.into(),
        },
        Some(found) => {
            let entries = found.iter().map(|(id, fields)| entry(*id, fields)).collect();
            Reply::Array(vec![Reply::Array(vec![Reply::Bulk(key.clone()), Reply::Array(entries)])]).into()
        }
    }
}

fn read(store: &mut Store, args: &[String]) -> Answer {
    let Some((count, wait, key, from)) = reading(args) else { return error("ERR syntax error") };
    let stream = match store.keys.get(key) {
        Some(Value::Stream(stream)) => Some(stream),
        Some(_) => return wrong_type().into(),
        None => None,
    };
    let Some(after) = Id::parse(if from == "$" { "+" } else { from }, 0) else { return error(BAD_ID) };
    let newer = stream.into_iter().flat_map(|s| s.entries.iter()).filter(|(id, _)| **id > after);
    let found: Vec<Reply> = newer.take(count).map(|(id, fields)| entry(*id, fields)).collect();
    match (found.is_empty(), wait) {
        (true, Some(wait)) => block(wait),
        (true, None) => Reply::Nil.into(),
        _ => Reply::Array(vec![Reply::Array(vec![Reply::Bulk(key.clone()), Reply::Array(found)])]).into(),
    }
}

fn on_stream(stream: &mut Stream, name: &str, args: &[String]) -> Answer {
    match name {
        "XLEN" => Reply::Integer(stream.entries.len() as i64).into(),
        "XRANGE" | "XREVRANGE" => range(stream, args, name == "XREVRANGE"),
        "XDEL" => {
            let ids: Option<Vec<Id>> = args.iter().map(|id| Id::parse(id, 0)).collect();
            match ids {
                Some(ids) => {
                    Reply::Integer(ids.iter().filter(|id| stream.entries.remove(id).is_some()).count() as i64).into()
                }
                None => error(BAD_ID),
            }
        }
        "XTRIM" => {
            let Some(keep) = args.last().and_then(|n| n.parse::<usize>().ok()) else {
                return error("ERR value is not an integer or out of range");
            };
            let before = stream.entries.len();
            while stream.entries.len() > keep {
                stream.entries.pop_first();
            }
            Reply::Integer((before - stream.entries.len()) as i64).into()
        }
        "XACK" => {
            let Some(group) = stream.groups.get_mut(&args[0]) else { return Reply::Integer(0).into() };
            let ids = args[1..].iter().filter_map(|id| Id::parse(id, 0));
            Reply::Integer(ids.filter(|id| group.pending.remove(id).is_some()).count() as i64).into()
        }
        _ => pending(stream, &args[0]),
    }
}

fn range(stream: &Stream, args: &[String], reverse: bool) -> Answer {
    let (first, last) = if reverse { (&args[1], &args[0]) } else { (&args[0], &args[1]) };
    let (Some(first), Some(last)) = (Id::parse(first, 0), Id::parse(last, u64::MAX)) else { return error(BAD_ID) };
    let limit = match args.get(2) {
        Some(word) if word.eq_ignore_ascii_case("count") => args.get(3).and_then(|n| n.parse().ok()).unwrap_or(0),
        _ => usize::MAX,
    };
    let mut found: Vec<Reply> =
        stream.entries.iter().filter(|(id, _)| **id >= first && **id <= last).map(|(id, f)| entry(*id, f)).collect();
    if reverse {
        found.reverse();
    }
    found.truncate(limit);
    Reply::Array(found).into()
}

fn pending(stream: &Stream, group: &str) -> Answer {
    let Some(group) = stream.groups.get(group) else {
        return error(&format!("NOGROUP No such key or consumer group '{group}'"));
    };
    let ids: Vec<&Id> = group.pending.keys().collect();
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return Reply::Array(vec![Reply::Integer(0), Reply::Nil, Reply::Nil, Reply::Nil]).into();
    };
    let mut consumers = std::collections::BTreeMap::new();
    for (who, _) in group.pending.values() {
        *consumers.entry(who.clone()).or_insert(0_u64) += 1;
    }
    let consumers = consumers.into_iter().map(|(who, n)| Reply::bulks([who, n.to_string()])).collect();
    Reply::Array(vec![
        Reply::Integer(ids.len() as i64),
        Reply::Bulk(first.to_string()),
        Reply::Bulk(last.to_string()),
        Reply::Array(consumers),
    ])
    .into()
}

fn info(stream: &Stream, what: &str) -> Answer {
    let pair = |name: &str, value: Reply| [Reply::Bulk(name.into()), value];
    let number = |n: usize| Reply::Integer(n as i64);
    match what.to_uppercase().as_str() {
        "STREAM" => {
            let end = |e: Option<(&Id, &Fields)>| e.map_or(Reply::Nil, |(id, fields)| entry(*id, fields));
            let rows = [
                pair("length", number(stream.entries.len())),
                pair("radix-tree-keys", Reply::Integer(1)),
                pair("radix-tree-nodes", Reply::Integer(2)),
                pair("last-generated-id", Reply::Bulk(stream.last.to_string())),
                pair("groups", number(stream.groups.len())),
                pair("first-entry", end(stream.entries.first_key_value())),
                pair("last-entry", end(stream.entries.last_key_value())),
            ];
            Reply::Array(rows.into_iter().flatten().collect()).into()
        }
        "GROUPS" => {
            let rows = stream.groups.iter().map(|(name, group)| {
                let mut who: Vec<&String> = group.pending.values().map(|(who, _)| who).collect();
                who.dedup();
                let lag = stream.entries.keys().filter(|id| **id > group.last).count();
                let rows = [
                    pair("name", Reply::Bulk(name.clone())),
                    pair("consumers", number(who.len().max(1))),
                    pair("pending", number(group.pending.len())),
                    pair("last-delivered-id", Reply::Bulk(group.last.to_string())),
                    pair("lag", number(lag)),
                ];
                Reply::Array(rows.into_iter().flatten().collect())
            });
            Reply::Array(rows.collect()).into()
        }
        _ => error(&format!("ERR unknown subcommand '{what}'. Try XINFO HELP.")),
    }
}
