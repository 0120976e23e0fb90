//! Judging: is a goal met, and if not, which fact is the first that is false.
//!
//! Everything is judged on a copy: the student's machine is never touched.

mod chaos;
pub mod evidence;
pub mod facts;
mod holds;
mod panel;
mod unit;

use crate::lesson::content::action::Action;
use crate::lesson::content::lesson::{Fork, Goal, Trial};
use crate::lesson::text::Text;
use crate::world::{Duration, Time};
use evidence::Evidence;
use facts::{Facts, Machine};
use std::collections::BTreeMap;

pub use holds::holds;
pub use panel::Panel;

/// For each quiz answered, whether the last answer was right.
pub type Answers = BTreeMap<String, bool>;

/// What judging a goal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The goal is met.
    Met,
    /// It is not.
    Unmet {
        /// What that means, in the author's words.
        why: Option<Text>,
        /// The first fact that is false.
        evidence: Text,
    },
}

impl Outcome {
    /// Whether the goal is met.
    pub fn is_met(&self) -> bool {
        *self == Outcome::Met
    }

    /// Why it is not met: the author's words and the evidence; `None` when it is met.
    pub fn reason(&self) -> Option<Text> {
        match self {
            Outcome::Met => None,
            Outcome::Unmet { why: None, evidence } => Some(evidence.clone()),
            Outcome::Unmet { why: Some(why), evidence } => {
                Some(Text::new(format!("{} {}", why.en, evidence.en), format!("{} {}", why.fr, evidence.fr)))
            }
        }
    }
}

/// How much later a machine is looked at than its last input: what was just started in the background runs by then.
const MOMENT: Duration = Duration::from_millis(500);

/// A copy of `machine` a moment later.
pub fn soon<M: Machine>(machine: &M) -> M {
    let mut copy = machine.clone();
    copy.act(&Action::Advance(MOMENT));
    copy
}

/// Judges `goal` on a copy of `machine`, a moment later, or after what the goal's trial puts it through.
pub fn judge<M: Machine>(machine: &M, answers: &Answers, goal: &Goal) -> Outcome {
    let mut copy = soon(machine);
    match &goal.trial {
        Trial::None => outcome(&copy, answers, goal, Ok(Time(0))),
        Trial::Fork(fork) => {
            let since = after(&mut copy, fork);
            outcome(&copy, answers, goal, since)
        }
        Trial::Chaos(luck) => chaos::judge(&copy, answers, goal, luck),
    }
}

/// Whether all goals are met, the cheap ones asked first and no reason given: for whoever asks thousands of times. Of the
/// copies of a chaos only the first few are lived.
pub fn all_met<M: Machine>(machine: &M, answers: &Answers, goals: &[Goal]) -> bool {
    let price = |goal: &&Goal| match &goal.trial {
        Trial::None => 0,
        Trial::Fork(_) => 1,
        Trial::Chaos(_) => 2,
    };
    let mut goals: Vec<&Goal> = goals.iter().collect();
    goals.sort_by_key(price);
    let now = soon(machine);
    goals.into_iter().all(|goal| match &goal.trial {
        Trial::None => holds(&now, answers, &goal.check, Time(0)).is_ok(),
        Trial::Fork(fork) => {
            let mut copy = now.clone();
            after(&mut copy, fork).and_then(|since| holds(&copy, answers, &goal.check, since)).is_ok()
        }
        Trial::Chaos(luck) => !chaos::falls(&now, answers, goal, luck),
    })
}

/// Judges a machine that went through a goal's trial. `since`: when that began, or what stood in its way.
fn outcome<M: Machine>(machine: &M, answers: &Answers, goal: &Goal, since: Result<Time, Evidence>) -> Outcome {
    match since.and_then(|since| holds(machine, answers, &goal.check, since)) {
        Ok(()) => Outcome::Met,
        // The author's words tell what a fault did; they would be wrong when it could not be done.
        Err(evidence @ Evidence::NothingTo(_)) => Outcome::Unmet { why: None, evidence: evidence.text() },
        Err(evidence) => Outcome::Unmet { why: goal.why.clone(), evidence: told(machine, &evidence) },
    }
}

/// A false fact in words, with the nearest two causes that the machine recorded.
fn told(facts: &dyn Facts, evidence: &Evidence) -> Text {
    let causes = evidence.unit().map(|unit| facts.why(unit)).unwrap_or_default();
    let near = causes.iter().filter(|cause| cause.explains()).take(2);
    near.fold(evidence.text(), |told, cause| {
        let cause = cause.text();
        Text::new(format!("{} {}", told.en, cause.en), format!("{} {}", told.fr, cause.fr))
    })
}

/// Puts `copy` through the faults of a fork. Returns when they began; the error is a fault that found nothing to act on.
fn after<M: Machine>(copy: &mut M, fork: &Fork) -> Result<Time, Evidence> {
    let since = copy.now();
    let idle = fork.actions.iter().find(|action| !copy.act(action));
    if let Some(action) = idle {
        return Err(Evidence::NothingTo(action.clone()));
    }
    copy.act(&Action::Advance(fork.advance));
    Ok(since)
}
