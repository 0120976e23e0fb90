//! Streams with consumer groups: XADD, XREADGROUP, XACK.

use std::collections::BTreeMap;

/// The id of an entry: milliseconds and a sequence number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub u64, pub u64);

impl Id {
    /// Reads `5-1`, or `5` with the sequence number that fits where it stands.
    pub fn parse(text: &str, sequence: u64) -> Option<Id> {
        match text {
            "-" => Some(Id(0, 0)),
            "+" => Some(Id(u64::MAX, u64::MAX)),
            _ => match text.split_once('-') {
                Some((ms, seq)) => Some(Id(ms.parse().ok()?, seq.parse().ok()?)),
                None => Some(Id(text.parse().ok()?, sequence)),
            },
        }
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.0, self.1)
    }
}

/// The fields of an entry in order.
pub type Fields = Vec<(String, String)>;

/// A consumer group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The last entry that was given to a consumer.
    pub last: Id,
    /// Entries that were given out and not acknowledged: to whom, and when in milliseconds.
    pub pending: BTreeMap<Id, (String, u64)>,
}

/// A stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stream {
    /// The entries.
    pub entries: BTreeMap<Id, Fields>,
    /// The greatest id there ever was.
    pub last: Id,
    /// Its consumer groups.
    pub groups: BTreeMap<String, Group>,
}

impl Stream {
    /// Adds an entry; without an id it gets the next one. `None`: the id is not greater than the last one.
    pub fn add(&mut self, id: Option<Id>, now_ms: u64, fields: Fields) -> Option<Id> {
        let next = if now_ms > self.last.0 { Id(now_ms, 0) } else { Id(self.last.0, self.last.1 + 1) };
        let id = id.unwrap_or(next);
        if id <= self.last {
            return None;
        }
        self.last = id;
        self.entries.insert(id, fields);
        Some(id)
    }

    /// Makes a consumer group that starts after `start` (`$`: the end). False when there is one.
    pub fn create_group(&mut self, name: &str, start: &str) -> bool {
        if self.groups.contains_key(name) {
            return false;
        }
        let last = if start == "$" { self.last } else { Id::parse(start, 0).unwrap_or_default() };
        self.groups.insert(name.to_owned(), Group { last, ..Group::default() });
        true
    }

    /// Gives a consumer up to `count` entries that nobody had (`>`), or its own unacknowledged ones after `after`.
    /// `None`: there is no such group.
    pub fn read_group(
        &mut self,
        group: &str,
        consumer: &str,
        after: Option<Id>,
        count: usize,
        now_ms: u64,
    ) -> Option<Vec<(Id, Fields)>> {
        let group = self.groups.get_mut(group)?;
        let entries = &self.entries;
        if let Some(after) = after {
            let own = group.pending.iter().filter(|(id, (who, _))| **id > after && who == consumer);
            let found = own.filter_map(|(id, _)| Some((*id, entries.get(id)?.clone())));
            return Some(found.take(count).collect());
        }
        let from = (std::ops::Bound::Excluded(group.last), std::ops::Bound::Unbounded);
        let found: Vec<(Id, Fields)> = entries.range(from).take(count).map(|(id, f)| (*id, f.clone())).collect();
        for (id, _) in &found {
            group.last = *id;
            group.pending.insert(*id, (consumer.to_owned(), now_ms));
        }
        Some(found)
    }

    /// How many entries no consumer of the first group has finished; without a group all wait.
    pub fn waiting(&self) -> u64 {
        let Some(group) = self.groups.values().next() else { return self.entries.len() as u64 };
        let from = (std::ops::Bound::Excluded(group.last), std::ops::Bound::Unbounded);
        let pending = group.pending.keys().filter(|id| self.entries.contains_key(id)).count();
        (self.entries.range(from).count() + pending) as u64
    }

    /// The stream as words for the dump file.
    pub fn save(&self) -> Vec<String> {
        let mut words = vec![self.last.to_string(), self.entries.len().to_string()];
        for (id, fields) in &self.entries {
            words.extend([id.to_string(), fields.len().to_string()]);
            words.extend(fields.iter().flat_map(|(k, v)| [k.clone(), v.clone()]));
        }
        for (name, group) in &self.groups {
            words.extend([name.clone(), group.last.to_string(), group.pending.len().to_string()]);
            for (id, (who, at)) in &group.pending {
                words.extend([id.to_string(), who.clone(), at.to_string()]);
            }
        }
        words
    }

    /// The stream that [`Stream::save`] wrote; what is missing at the end is left out.
    pub fn load(words: &[String]) -> Stream {
        let mut stream = Stream::default();
        let mut words = words.iter();
        let _ = stream.read_words(&mut words);
        stream
    }

    fn read_words(&mut self, words: &mut std::slice::Iter<'_, String>) -> Option<()> {
        self.last = Id::parse(words.next()?, 0)?;
        for _ in 0..words.next()?.parse::<usize>().ok()? {
            let id = Id::parse(words.next()?, 0)?;
            let mut fields = Vec::new();
            for _ in 0..words.next()?.parse::<usize>().ok()? {
                fields.push((words.next()?.clone(), words.next()?.clone()));
            }
            self.entries.insert(id, fields);
        }
        while let Some(name) = words.next() {
            let mut group = Group { last: Id::parse(words.next()?, 0)?, ..Group::default() };
            for _ in 0..words.next()?.parse::<usize>().ok()? {
                let id = Id::parse(words.next()?, 0)?;
                group.pending.insert(id, (words.next()?.clone(), words.next()?.parse().ok()?));
            }
            self.groups.insert(name.clone(), group);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_given_once_and_again_to_who_did_not_acknowledge_it() {
        let mut stream = Stream::default();
        stream.create_group("g", "0");
        let id = stream.add(None, 7, vec![("message".into(), "boom".into())]).unwrap();
        assert_eq!(stream.add(Some(id), 7, Vec::new()), None);
        assert_eq!(stream.read_group("g", "c", None, 1, 8).unwrap().len(), 1);
        assert!(stream.read_group("g", "other", None, 1, 8).unwrap().is_empty());
        assert_eq!(stream.read_group("g", "c", Some(Id(0, 0)), 1, 9).unwrap()[0].0, id);
        assert_eq!(stream.waiting(), 1);
        stream.groups.get_mut("g").unwrap().pending.remove(&id);
        assert_eq!((stream.waiting(), stream.entries.len()), (0, 1));
    }
}
