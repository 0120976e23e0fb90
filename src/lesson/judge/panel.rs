//! Judging all goals of a step after every command, without making the student wait: what is dear is judged last, or
//! remembered.
//!
//! 1. Goals about the machine as it is, and short forks, are judged each time; goals with the same fork share one copy.
//! 2. A fork that reboots or lasts is judged again only when the machine has changed: see [`Machine::fingerprint`].
//! 3. Chaos is judged when every other goal of the step is met, and remembered likewise.

use super::facts::Machine;
use super::{Answers, Outcome, after, chaos, outcome, soon};
use crate::lesson::content::action::Action;
use crate::lesson::content::condition::Condition;
use crate::lesson::content::lesson::{Fork, Goal, Trial};
use crate::lesson::text::Text;
use crate::world::{Duration, Time};
use std::collections::BTreeMap;

/// From which length on a fork is remembered.
const LONG: Duration = Duration::from_secs(3600);
/// How long what is remembered is believed, by the machine's clock: timers and cron jobs come and go.
const BELIEVED: Duration = Duration::from_secs(3600);

/// Judges goals and remembers what cost much to find.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    known: BTreeMap<String, Known>,
}

/// What was found about a goal.
#[derive(Clone, Debug)]
struct Known {
    fingerprint: u64,
    at: Time,
    outcome: Outcome,
}

impl Panel {
    /// Judges every goal, in the order of the lesson.
    pub fn judge_all<M: Machine>(&mut self, machine: &M, answers: &Answers, goals: &[Goal]) -> Vec<Outcome> {
        let now = soon(machine);
        let mut outcomes: Vec<Option<Outcome>> = vec![None; goals.len()];
        for (n, goal) in goals.iter().enumerate() {
            outcomes[n] = match &goal.trial {
                Trial::None => Some(outcome(&now, answers, goal, Ok(Time(0)))),
                Trial::Fork(fork) if outcomes[n].is_none() => {
                    self.fork(&now, answers, goals, fork, &mut outcomes);
                    outcomes[n].take()
                }
                _ => outcomes[n].take(),
            };
        }
        let rest_is_met = outcomes.iter().flatten().all(Outcome::is_met);
        for (found, goal) in outcomes.iter_mut().zip(goals) {
            if let Trial::Chaos(luck) = &goal.trial {
                let judged = || chaos::judge(&now, answers, goal, luck);
                *found = Some(if rest_is_met { self.remembered(&now, goal, judged) } else { later() });
            }
        }
        outcomes.into_iter().flatten().collect()
    }

    /// Forgets everything: the machine was exchanged, and its fingerprints are another's.
    pub fn forget(&mut self) {
        self.known.clear();
    }

    /// Judges all goals that share a fork on one copy.
    fn fork<M: Machine>(
        &mut self,
        now: &M,
        answers: &Answers,
        goals: &[Goal],
        fork: &Fork,
        outcomes: &mut [Option<Outcome>],
    ) {
        let mut copy: Option<(M, Result<Time, _>)> = None;
        let long = is_long(fork);
        for (found, goal) in outcomes.iter_mut().zip(goals).filter(|(_, goal)| goal.trial == Trial::Fork(fork.clone()))
        {
            let mut judged = || {
                let (copy, since) = copy.get_or_insert_with(|| {
                    let mut copy = now.clone();
                    let since = after(&mut copy, fork);
                    (copy, since)
                });
                outcome(copy, answers, goal, since.clone())
            };
            *found = Some(if long { self.remembered(now, goal, judged) } else { judged() });
        }
    }

    fn remembered<M: Machine>(&mut self, now: &M, goal: &Goal, judged: impl FnOnce() -> Outcome) -> Outcome {
        // What waits in a queue is in the memory of a process, where no fingerprint looks.
        if mentions_queue(&goal.check) {
            return judged();
        }
        let (fingerprint, at) = (now.fingerprint(), now.now());
        if let Some(known) = self.known.get(&goal.id)
            && known.fingerprint == fingerprint
            && at.since(known.at) < BELIEVED
        {
            return known.outcome.clone();
        }
        let outcome = judged();
        self.known.insert(goal.id.clone(), Known { fingerprint, at, outcome: outcome.clone() });
        outcome
    }
}

/// Whether a copy lives long enough in a fork to be worth remembering.
fn is_long(fork: &Fork) -> bool {
    let within = fork.actions.iter().map(|action| match action {
        Action::Advance(time) => *time,
        Action::Reboot => LONG,
        _ => Duration::ZERO,
    });
    within.sum::<Duration>() + fork.advance >= LONG
}

fn mentions_queue(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(mentions_queue),
        Condition::Not(part) => mentions_queue(part),
        Condition::Queue(_) => true,
        _ => false,
    }
}

/// What is said of a goal that waits for the others.
fn later() -> Outcome {
    let (en, fr) = (
        "The months are lived through once the other goals of this step are met.",
        "Les mois sont joués dès que les autres objectifs de l’étape sont atteints.",
    );
    Outcome::Unmet { why: None, evidence: Text::set(en, fr) }
}
