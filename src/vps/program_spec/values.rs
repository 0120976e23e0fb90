//! How the values of a declaration are written in TOML: durations, sizes, times of day, words of an argument list.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

use super::parts::ArgPattern;
use crate::systemd::span::{INFINITY, parse_sec};

/// One text or several; each line of a text is a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(pub Vec<String>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "write a text or a list of texts")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Lines(match OneOrMany::deserialize(from)? {
            OneOrMany::One(text) => text.lines().map(str::to_owned).collect(),
            OneOrMany::Many(lines) => lines,
        }))
    }
}

/// A duration such as `200ms`, `1h 30min`: systemd.time(7).
pub fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    match parse_sec(&text) {
        Ok(micros) if micros != INFINITY => Ok(Duration::from_micros(micros)),
        _ => Err(D::Error::custom(format!("write a duration such as `200ms` or `1h 30min`, not `{text}`"))),
    }
}

/// A duration that may be missing.
pub fn some_duration<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    duration(from).map(Some)
}

/// A list of durations.
pub fn durations<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Duration>, D::Error> {
    #[derive(Deserialize)]
    struct One(#[serde(deserialize_with = "duration")] Duration);
    Ok(Vec::<One>::deserialize(from)?.into_iter().map(|one| one.0).collect())
}

/// Bytes: a number, or `64K`, `24M`, `2G`.
pub fn bytes<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "write a size such as `24M`")]
    enum Size {
        Number(u64),
        Text(String),
    }
    let text = match Size::deserialize(from)? {
        Size::Number(n) => return Ok(n),
        Size::Text(text) => text,
    };
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K') => (&text[..text.len() - 1], 10),
        Some(b'M') => (&text[..text.len() - 1], 20),
        Some(b'G') => (&text[..text.len() - 1], 30),
        _ => (text.as_str(), 0),
    };
    let size = digits.trim().parse::<u64>().ok().and_then(|n| n.checked_mul(1 << shift));
    size.ok_or_else(|| D::Error::custom(format!("write a size such as `24M`, not `{text}`")))
}

/// Bytes that may be missing.
pub fn some_bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    bytes(from).map(Some)
}

/// `HH:MM`, counted from midnight.
pub fn time_of_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(from)?;
    let parsed = text.split_once(':').and_then(|(h, m)| Some((h.parse::<u64>().ok()?, m.parse::<u64>().ok()?)));
    match parsed {
        Some((h, m)) if h < 24 && m < 60 => Ok(Some(Duration::from_secs(h * 3600 + m * 60))),
        _ => Err(D::Error::custom(format!("write a time of day such as `03:00`, not `{text}`"))),
    }
}

impl<'de> Deserialize<'de> for ArgPattern {
    /// `*` is any one word, `...` any number of further words.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Ok(match word.as_str() {
            "*" => ArgPattern::Any,
            "..." => ArgPattern::Rest,
            _ => ArgPattern::Word(word),
        })
    }
}

/// A signal with its prefix: `SIGSEGV`.
pub fn signal<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let name = String::deserialize(from)?;
    match name.starts_with("SIG") && crate::world::Signal::parse(&name).is_some() {
        true => Ok(Some(name)),
        false => Err(D::Error::custom(format!("write a signal such as `SIGTERM`, not `{name}`"))),
    }
}

/// A TCP port.
pub fn port<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let number = i64::deserialize(from)?;
    let port = u16::try_from(number).ok().filter(|port| *port > 0);
    port.ok_or_else(|| D::Error::custom(format!("write a port from 1 to 65535, not {number}")))
}

/// A TCP port that may be missing.
pub fn some_port<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    port(from).map(Some)
}

/// Signals with their prefix.
pub fn signals<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct One(#[serde(deserialize_with = "signal")] Option<String>);
    Ok(Vec::<One>::deserialize(from)?.into_iter().filter_map(|one| one.0).collect())
}
