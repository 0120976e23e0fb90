//! What redis keeps: keys and their values, and the file they are saved in: redis data types.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::sorted::Score;
use super::stream::Stream;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A list.
    List(VecDeque<String>),
    /// A set.
    Set(BTreeSet<String>),
    /// A hash.
    Hash(BTreeMap<String, String>),
    /// A sorted set: member to score.
    Sorted(BTreeMap<String, Score>),
    /// A stream.
    Stream(Stream),
}

impl Value {
    /// The name that `TYPE` prints.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "string",
            Value::List(_) => "list",
            Value::Set(_) => "set",
            Value::Hash(_) => "hash",
            Value::Sorted(_) => "zset",
            Value::Stream(_) => "stream",
        }
    }
}

/// All keys, with the moment at which a key expires.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Key to value.
    pub keys: BTreeMap<String, Value>,
    /// Key to the millisecond since the epoch when it is dropped.
    pub expires: BTreeMap<String, u64>,
    /// Changes since the last save.
    pub dirty: u64,
}

impl Store {
    /// Drops what has expired.
    pub fn expire(&mut self, now_ms: u64) {
        let gone: Vec<String> = self.expires.iter().filter(|(_, at)| **at <= now_ms).map(|(k, _)| k.clone()).collect();
        for key in gone {
            self.expires.remove(&key);
            self.keys.remove(&key);
        }
    }

    /// Takes a key away; tells whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        self.expires.remove(key);
        self.keys.remove(key).is_some()
    }

    /// How many messages wait under a key: the entries of a stream that nobody has acknowledged, the length of a list.
    pub fn waiting(&self, key: &str) -> Option<u64> {
        match self.keys.get(key)? {
            Value::List(list) => Some(list.len() as u64),
            Value::Stream(stream) => Some(stream.waiting()),
            _ => None,
        }
    }

    /// Every key that messages wait under, and how many.
    pub fn queues(&self) -> BTreeMap<String, u64> {
        self.keys.keys().filter_map(|key| Some((key.clone(), self.waiting(key)?))).collect()
    }

    /// The contents of the dump file: one record of length-prefixed words a line.
    pub fn save(&mut self) -> Vec<u8> {
        self.dirty = 0;
        let mut out = Vec::from(*b"CONCIERGE-DUMP 1\n");
        for (key, value) in &self.keys {
            let mut words = vec![value.kind().to_owned(), key.clone()];
            words.push(self.expires.get(key).map_or(String::new(), u64::to_string));
            match value {
                Value::Text(text) => words.push(text.clone()),
                Value::List(list) => words.extend(list.iter().cloned()),
                Value::Set(set) => words.extend(set.iter().cloned()),
                Value::Hash(hash) => words.extend(hash.iter().flat_map(|(k, v)| [k.clone(), v.clone()])),
                Value::Sorted(set) => words.extend(set.iter().flat_map(|(k, v)| [k.clone(), v.to_string()])),
                Value::Stream(stream) => words.extend(stream.save()),
            }
            for word in words {
                out.extend(format!("{}:", word.len()).bytes());
                out.extend(word.bytes());
            }
            out.push(b'\n');
        }
        out
    }

    /// Reads a dump file; what is no dump is an empty store.
    pub fn load(bytes: &[u8]) -> Store {
        let mut store = Store::default();
        let Some(mut rest) = bytes.strip_prefix(b"CONCIERGE-DUMP 1\n") else { return store };
        while !rest.is_empty() {
            let Some(words) = record(&mut rest) else { return store };
            let [kind, key, expires, values @ ..] = &words[..] else { return store };
            let value = match kind.as_str() {
                "string" => Value::Text(values.first().cloned().unwrap_or_default()),
                "list" => Value::List(values.iter().cloned().collect()),
                "set" => Value::Set(values.iter().cloned().collect()),
                "hash" => Value::Hash(values.chunks_exact(2).map(|p| (p[0].clone(), p[1].clone())).collect()),
                "zset" => {
                    let pairs = values.chunks_exact(2).map(|p| (p[0].clone(), p[1].parse().unwrap_or(0)));
                    Value::Sorted(pairs.collect())
                }
                _ => Value::Stream(Stream::load(values)),
            };
            if let Ok(at) = expires.parse() {
                store.expires.insert(key.clone(), at);
            }
            store.keys.insert(key.clone(), value);
        }
        store
    }
}

/// The words up to the next newline after a whole word.
fn record(rest: &mut &[u8]) -> Option<Vec<String>> {
    let mut words = Vec::new();
    loop {
        if let Some(tail) = rest.strip_prefix(b"\n") {
            *rest = tail;
            return Some(words);
        }
        let colon = rest.iter().take(20).position(|b| *b == b':')?;
        let length: usize = std::str::from_utf8(&rest[..colon]).ok()?.parse().ok()?;
        let word = rest.get(colon + 1..(colon + 1).checked_add(length)?)?;
        words.push(String::from_utf8_lossy(word).into_owned());
        *rest = &rest[colon + 1 + length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_gives_back_what_was_saved() {
        let mut store = Store::default();
        store.keys.insert("a".into(), Value::Text("one\ntwo:3".into()));
        store.keys.insert("q".into(), Value::List(["x".to_owned(), String::new()].into()));
        let mut stream = Stream::default();
        stream.add(None, 5, vec![("message".into(), "{}".into())]);
        stream.create_group("symfony", "0");
        store.keys.insert("messages".into(), Value::Stream(stream));
        let bytes = store.save();
        assert_eq!(Store::load(&bytes).keys, store.keys);
        assert!(Store::load(b"REDIS0010").keys.is_empty());
        assert!(Store::load(&bytes[..bytes.len() - 3]).keys.len() < 3);
    }
}
