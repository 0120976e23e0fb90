//! Months of bad luck: how often which fault happens, and on how many copies: `chaos = { … }`.

use super::action::Action;
use super::measure::parse_duration;
use super::problem::{Problem, Want};
use super::reader::Node;
use crate::world::Rng;
use std::fmt;
use std::time::Duration;

/// How many copies at most.
const MOST_SEEDS: i64 = 256;
/// How many faults one copy may see at most: more than a lesson needs, fewer than a machine suffers from.
const MOST_FAULTS: u128 = 20_000;
/// The longest horizon.
const MOST_HORIZON: Duration = Duration::from_secs(400 * 86_400);

/// Faults that come again and again on many copies of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chaos {
    /// How long each copy lives.
    pub horizon: Duration,
    /// How many copies, each with its own luck.
    pub seeds: u32,
    /// What happens to them.
    pub faults: Vec<Recurring>,
}

/// A fault that comes again and again, at moments that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurring {
    /// The fault.
    pub action: Action,
    /// How often it comes on average…
    pub times: u32,
    /// …in this time.
    pub per: Duration,
}

impl Recurring {
    /// Reads `crash worker.service 1/d`, `reboot 1/30d`.
    pub fn parse(text: &str) -> Option<Recurring> {
        let (action, rate) = text.trim().rsplit_once(char::is_whitespace)?;
        let (times, per) = rate.split_once('/')?;
        let per = if per.starts_with(|c: char| c.is_ascii_digit()) { per.to_owned() } else { format!("1{per}") };
        let times = times.parse().ok().filter(|n| *n > 0)?;
        let per = parse_duration(&per).filter(|time| !time.is_zero())?;
        Some(Recurring { action: Action::parse(action)?, times, per })
    }

    /// How many come within `time`, on average.
    fn within(&self, time: Duration) -> u128 {
        time.as_micros() * u128::from(self.times) / self.per.as_micros().max(1)
    }
}

impl fmt::Display for Recurring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.action, self.times, super::measure::Span(self.per))
    }
}

impl Chaos {
    /// What happens to the copy with this number, and when, counted from its beginning. Each fault has a stream of luck
    /// of its own, so that adding one does not move the others.
    pub fn luck(&self, seed: u32) -> Vec<(Duration, &Action)> {
        let mut all = Vec::new();
        for (n, fault) in self.faults.iter().enumerate() {
            let mut rng = Rng::new((u64::from(seed) << 8) + n as u64 + 1);
            // Gaps of 0 to twice the mean: memory of a kind, but never two months of calm where one a day was asked for.
            let most = 2 * u64::try_from(fault.per.as_micros()).unwrap_or(u64::MAX / 4) / u64::from(fault.times);
            let mut at = Duration::ZERO;
            loop {
                at += Duration::from_micros(1 + rng.next_u64() % most.max(1));
                if at >= self.horizon {
                    break;
                }
                all.push((at, &fault.action));
            }
        }
        all.sort_by_key(|(at, _)| *at);
        all
    }
}

/// Reads `{ horizon = "90d", seeds = 32, faults = ["crash worker.service 1/d"] }`.
pub fn read_chaos(node: &Node<'_>) -> Option<Chaos> {
    let table = node.table()?;
    let horizon = table.need("horizon").and_then(|n| n.duration().filter(|t| *t <= MOST_HORIZON || too_much(&n)));
    let seeds = match table.get("seeds") {
        Some(n) => u32::try_from(n.integer().filter(|s| (1..=MOST_SEEDS).contains(s)).or_else(|| n.not(Want::Seeds))?),
        None => Ok(16),
    };
    let mut faults = Vec::new();
    for node in table.need("faults").map(|n| n.list()).unwrap_or_default() {
        let fault = Recurring::parse(&node.filled()?).or_else(|| node.not(Want::Recurring))?;
        if horizon.is_some_and(|horizon| fault.within(horizon) > MOST_FAULTS) {
            too_much(&node);
        }
        faults.push(fault);
    }
    Some(Chaos { horizon: horizon?, seeds: seeds.ok()?, faults })
}

fn too_much(node: &Node<'_>) -> bool {
    node.report(Problem::TooMuch);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_read_and_write() {
        for (text, written) in [("crash a.service 1/d", "crash a.service 1/1d"), ("reboot 1/30d", "reboot 1/30d")] {
            assert_eq!(Recurring::parse(text).map(|r| r.to_string()), Some(written.to_owned()));
        }
        for text in ["reboot", "reboot 0/d", "reboot 1/0s", "explode 1/d", "reboot x/d"] {
            assert_eq!(Recurring::parse(text), None, "{text}");
        }
    }

    #[test]
    fn luck_is_the_same_twice_and_differs_by_seed() {
        let fault = |text| Recurring::parse(text).expect("a fault");
        let day = Duration::from_secs(86_400);
        let chaos =
            Chaos { horizon: 90 * day, seeds: 2, faults: vec![fault("crash a.service 1/d"), fault("drop 2/d")] };
        assert_eq!(chaos.luck(1), chaos.luck(1));
        assert_ne!(chaos.luck(1), chaos.luck(2));
        let drops = chaos.luck(1).iter().filter(|(_, action)| **action == Action::Drop).count();
        assert!((120..=240).contains(&drops), "about 180: {drops}");
        let alone = Chaos { faults: chaos.faults[..1].to_vec(), ..chaos.clone() };
        let crashes: Vec<_> = chaos.luck(1).into_iter().filter(|(_, action)| **action != Action::Drop).collect();
        assert_eq!(alone.luck(1), crashes, "another fault moves none");
    }
}
