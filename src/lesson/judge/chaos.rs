//! Months of luck on many copies: does what a goal demands still hold at the end of each, and if not, which copy fell
//! first, when, and after which fault.

use super::evidence::Evidence;
use super::facts::{Facts, Machine};
use super::{Answers, Outcome, holds, told};
use crate::lesson::content::action::{Action, Input};
use crate::lesson::content::chaos::Chaos;
use crate::lesson::content::condition::{Condition, QueueCheck, UnitCheck};
use crate::lesson::content::lesson::Goal;
use crate::systemd::states::ActiveState;
use crate::world::{Duration, Time};

/// How many copies are enough to tell whether a design is sound at all.
const FEW: u32 = 1;
/// How long a machine is given to recover from a fault before it is called down.
const RECOVERY: Duration = Duration::from_secs(300);

/// Judges whether a goal holds at the end of the horizon on every copy. Copies are lived one by one until one falls.
pub(super) fn judge<M: Machine>(machine: &M, answers: &Answers, goal: &Goal, chaos: &Chaos) -> Outcome {
    match first_fall(machine, answers, &goal.check, chaos, chaos.seeds) {
        None => Outcome::Met,
        Some((seed, last)) => {
            let evidence = fall(machine, &goal.check, chaos, seed, last).text();
            Outcome::Unmet { why: goal.why.clone(), evidence }
        }
    }
}

/// Whether the first few copies fall, without asking when and why.
pub(super) fn falls<M: Machine>(machine: &M, answers: &Answers, goal: &Goal, chaos: &Chaos) -> bool {
    first_fall(machine, answers, &goal.check, chaos, chaos.seeds.min(FEW)).is_some()
}

/// The first copy on which `check` does not hold in the end, and what is false there.
fn first_fall<M: Machine>(
    machine: &M,
    answers: &Answers,
    check: &Condition,
    chaos: &Chaos,
    seeds: u32,
) -> Option<(u32, Evidence)> {
    (1..=seeds).find_map(|seed| {
        let mut copy = copy_of(machine, seed);
        let since = copy.now();
        live(&mut copy, chaos, seed, |_, _, _| None);
        holds(&copy, answers, check, since).err().map(|last| (seed, last))
    })
}

fn copy_of<M: Machine>(machine: &M, seed: u32) -> M {
    let mut copy = machine.clone();
    copy.reseed(u64::from(seed));
    copy
}

/// Puts a copy through its luck. `watch` sees it after each fault, before the next one; what it returns ends the life.
fn live<M: Machine>(
    copy: &mut M,
    chaos: &Chaos,
    seed: u32,
    watch: impl Fn(&mut M, &Action, Time) -> Option<Evidence>,
) -> Option<Evidence> {
    let start = copy.now();
    let end = start + chaos.horizon;
    let luck = chaos.luck(seed);
    for (n, (at, action)) in luck.iter().enumerate() {
        wait_until(copy, start + *at);
        let struck = copy.now();
        if !copy.act(action) && matches!(action, Action::Logout | Action::Drop) {
            // Nobody was there: somebody comes, and leaves.
            copy.input(&Input::Type(String::new()), None);
            copy.act(action);
        }
        let next = luck.get(n + 1).map_or(end, |(at, _)| start + *at);
        let found = watch(copy, action, next.min(struck + RECOVERY).max(struck));
        if found.is_some() {
            return found.map(|then| Evidence::Fell {
                seed,
                after: struck.since(start),
                at: struck,
                fault: Some((*action).clone()),
                then: told(copy, &then),
            });
        }
    }
    wait_until(copy, end);
    None
}

fn wait_until<M: Machine>(machine: &mut M, at: Time) {
    let idle = at.since(machine.now());
    if !idle.is_zero() {
        machine.act(&Action::Advance(idle));
    }
}

/// Lives the life of a copy that failed again, and looks after each fault for the one from which it did not recover.
fn fall<M: Machine>(machine: &M, check: &Condition, chaos: &Chaos, seed: u32, last: Evidence) -> Evidence {
    let mut copy = copy_of(machine, seed);
    let start = copy.now();
    let watch = |copy: &mut M, _: &Action, until: Time| {
        wait_until(copy, until);
        down(copy, check)
    };
    live(&mut copy, chaos, seed, watch).unwrap_or_else(|| Evidence::Fell {
        seed,
        after: chaos.horizon,
        at: start + chaos.horizon,
        fault: None,
        then: last.text(),
    })
}

/// What is down right now of what a condition wants over time; `None` when nothing is.
fn down(facts: &dyn Facts, condition: &Condition) -> Option<Evidence> {
    let now = match condition {
        Condition::All(parts) => return parts.iter().find_map(|part| down(facts, part)),
        Condition::Unit(check) if check.up.is_some() => {
            Condition::Unit(UnitCheck { unit: check.unit.clone(), active: UP.to_vec(), ..UnitCheck::default() })
        }
        Condition::Queue(check) if check.lost.is_some() => {
            Condition::Queue(QueueCheck { depth: None, handled: None, ..check.clone() })
        }
        _ => return None,
    };
    holds(facts, &Answers::new(), &now, Time(0)).err()
}

/// The states that count as up.
const UP: [ActiveState; 2] = [ActiveState::Active, ActiveState::Reloading];
