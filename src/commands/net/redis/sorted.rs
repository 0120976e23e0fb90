//! The commands of redis that work on sorted sets: delayed and reserved jobs stand in them with the time they are due.

use std::collections::BTreeMap;

use super::execute::{Answer, not_integer, wrong_type};
use super::resp::Reply;
use super::store::{Store, Value};

/// A score in millionths: a double without its traps.
pub type Score = i64;

const MILLION: f64 = 1e6;

/// Reads a score; `-inf` and `+inf` too. `None`: it is no number.
pub fn parse_score(text: &str) -> Option<Score> {
    match text {
        "-inf" => Some(Score::MIN),
        "+inf" | "inf" => Some(Score::MAX),
        _ => {
            let number: f64 = text.trim_start_matches('(').parse().ok().filter(|n: &f64| n.is_finite())?;
            // Casting saturates.
            Some((number * MILLION).round() as Score)
        }
    }
}

/// A score as redis prints it.
pub fn format_score(score: Score) -> String {
    match (score / 1_000_000, score % 1_000_000) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => {
            let sign = if score < 0 && whole == 0 { "-" } else { "" };
            format!("{sign}{whole}.{}", format!("{:06}", rest.abs()).trim_end_matches('0'))
        }
    }
}

/// A command on a sorted set.
pub fn sorted(store: &mut Store, name: &str, args: &[String]) -> Answer {
    let key = args[0].clone();
    if name == "ZADD" {
        return add(store, &key, &args[1..]).into();
    }
    let set = match store.keys.get_mut(&key) {
        Some(Value::Sorted(set)) => set,
        Some(_) => return wrong_type().into(),
        None => {
            let nothing = match name {
                "ZSCORE" => Reply::Nil,
                "ZRANGE" | "ZRANGEBYSCORE" => Reply::Array(Vec::new()),
                _ => Reply::Integer(0),
            };
            return nothing.into();
        }
    };
    let reply = match name {
        "ZCARD" => Reply::Integer(set.len() as i64),
        "ZSCORE" => set.get(&args[1]).map_or(Reply::Nil, |score| Reply::Bulk(format_score(*score))),
        "ZREM" => Reply::Integer(args[1..].iter().filter(|member| set.remove(*member).is_some()).count() as i64),
        "ZCOUNT" => match bounds(args) {
            Some((from, to)) => Reply::Integer(set.values().filter(|s| (from..=to).contains(*s)).count() as i64),
            None => Reply::Error("ERR min or max is not a float".into()),
        },
        _ => range(set, name, args),
    };
    if set.is_empty() {
        store.remove(&key);
    }
    reply.into()
}

fn bounds(args: &[String]) -> Option<(Score, Score)> {
    Some((parse_score(args.get(1)?)?, parse_score(args.get(2)?)?))
}

fn add(store: &mut Store, key: &str, pairs: &[String]) -> Reply {
    if !pairs.len().is_multiple_of(2) {
        return Reply::Error("ERR syntax error".into());
    }
    let scores: Option<Vec<Score>> = pairs.chunks_exact(2).map(|pair| parse_score(&pair[0])).collect();
    let Some(scores) = scores else { return Reply::Error("ERR value is not a valid float".into()) };
    let value = store.keys.entry(key.to_owned()).or_insert_with(|| Value::Sorted(BTreeMap::new()));
    let Value::Sorted(set) = value else { return wrong_type() };
    let new = pairs.chunks_exact(2).zip(scores).filter(|(pair, score)| set.insert(pair[1].clone(), *score).is_none());
    Reply::Integer(new.count() as i64)
}

/// `ZRANGE` by rank and `ZRANGEBYSCORE`, both with `WITHSCORES`.
fn range(set: &BTreeMap<String, Score>, name: &str, args: &[String]) -> Reply {
    let mut members: Vec<(&String, Score)> = set.iter().map(|(member, score)| (member, *score)).collect();
    members.sort_by(|a, b| (a.1, a.0).cmp(&(b.1, b.0)));
    let len = members.len() as i64;
    let kept: Vec<(&String, Score)> = if name == "ZRANGE" {
        let (Ok(from), Ok(to)) = (args[1].parse::<i64>(), args[2].parse::<i64>()) else { return not_integer() };
        let rank = |n: i64| if n < 0 { len.saturating_add(n) } else { n };
        let (from, to) = (rank(from).max(0), rank(to));
        members.into_iter().enumerate().filter(|(i, _)| (from..=to).contains(&(*i as i64))).map(|(_, m)| m).collect()
    } else {
        let Some((from, to)) = bounds(args) else { return Reply::Error("ERR min or max is not a float".into()) };
        members.into_iter().filter(|(_, score)| (from..=to).contains(score)).collect()
    };
    let scores = args[3..].iter().any(|word| word.eq_ignore_ascii_case("withscores"));
    let words = kept
        .into_iter()
        .flat_map(|(member, score)| std::iter::once(member.clone()).chain(scores.then(|| format_score(score))));
    Reply::bulks(words.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(store: &mut Store, line: &str) -> Reply {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        match sorted(store, &words[0], &words[1..]) {
            Answer::Reply(reply) => reply,
            Answer::Block(_) => Reply::Nil,
        }
    }

    #[test]
    fn what_is_due_first_stands_first() {
        let mut store = Store::default();
        assert_eq!(ask(&mut store, "ZADD retry 20.5 b 3 a"), Reply::Integer(2));
        let all = ["a", "3", "b", "20.5"].map(|w| Reply::Bulk(w.into())).to_vec();
        assert_eq!(ask(&mut store, "ZRANGE retry 0 -1 WITHSCORES"), Reply::Array(all));
        assert_eq!(ask(&mut store, "ZCOUNT retry -inf 10"), Reply::Integer(1));
        assert_eq!(ask(&mut store, "ZREM retry a b"), Reply::Integer(2));
        assert!(store.keys.is_empty());
    }
}
