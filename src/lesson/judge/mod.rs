//! Judging: is a goal met, and if not, which fact is the first that is false.
//!
//! Everything is judged on a copy: the student's machine is never touched.

pub mod evidence;
pub mod facts;

use crate::lesson::content::action::Action;
use crate::lesson::content::condition::{
    Condition, FileCheck, FileKind, JournalCheck, PortCheck, ProcessCheck, QueueCheck, UnitCheck,
};
use crate::lesson::content::lesson::Goal;
use crate::lesson::content::measure::{Op, Span};
use crate::lesson::text::Text;
use crate::world::{Duration, Time};
use evidence::Evidence;
use facts::{Facts, Machine, ProcessFacts};
use std::collections::BTreeMap;

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

/// Judges `goal` on a copy of `machine`, a moment later, or after the faults that the goal names.
pub fn judge<M: Machine>(machine: &M, answers: &Answers, goal: &Goal) -> Outcome {
    let mut copy = machine.clone();
    copy.act(&Action::Advance(MOMENT));
    let found = match &goal.fork {
        None => holds(&copy, answers, &goal.check, Time(0)),
        Some(fork) => {
            let since = copy.now();
            let idle = fork.actions.iter().find(|action| !copy.act(action));
            match idle {
                Some(action) => Err(Evidence::NothingTo(action.clone())),
                None => {
                    copy.act(&Action::Advance(fork.advance));
                    holds(&copy, answers, &goal.check, since)
                }
            }
        }
    };
    match found {
        Ok(()) => Outcome::Met,
        // The author's words tell what a fault did; they would be wrong when it could not be done.
        Err(evidence @ Evidence::NothingTo(_)) => Outcome::Unmet { why: None, evidence: evidence.text() },
        Err(evidence) => Outcome::Unmet { why: goal.why.clone(), evidence: evidence.text() },
    }
}

/// Whether `condition` holds; if not, the first fact that is false. `since` is when the watch on `up` began.
pub fn holds(facts: &dyn Facts, answers: &Answers, condition: &Condition, since: Time) -> Result<(), Evidence> {
    match condition {
        Condition::All(parts) => parts.iter().try_for_each(|part| holds(facts, answers, part, since)),
        Condition::Any(parts) => {
            let mut found: Vec<Evidence> = Vec::new();
            for part in parts {
                match holds(facts, answers, part, since) {
                    Ok(()) => return Ok(()),
                    Err(evidence) => found.push(evidence),
                }
            }
            found.into_iter().next().map_or(Ok(()), Err)
        }
        Condition::Not(part) => match holds(facts, answers, part, since) {
            Ok(()) => Err(Evidence::StillTrue(subject(part))),
            Err(_) => Ok(()),
        },
        Condition::Unit(check) => unit(facts, check, since),
        Condition::File(check) => file(facts, check),
        Condition::Process(check) => process(facts, check),
        Condition::Port(check) => port(facts, check),
        Condition::Journal(check) => journal(facts, check),
        Condition::Boot(count) => {
            let found = facts.boots();
            if count.holds(&found) { Ok(()) } else { Err(Evidence::Boots { found, want: count.to_string() }) }
        }
        Condition::Queue(check) => queue(facts, check),
        Condition::Answer(check) => match answers.get(&check.answer) {
            Some(right) if *right || !check.right => Ok(()),
            Some(_) => Err(Evidence::AnswerWrong(check.answer.clone())),
            None => Err(Evidence::NotAnswered(check.answer.clone())),
        },
    }
}

/// What a condition is about, in the words of the file.
fn subject(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.first().map_or_else(String::new, subject),
        Condition::Not(part) => subject(part),
        Condition::Unit(check) => check.unit.clone(),
        Condition::File(check) => check.path.clone(),
        Condition::Process(check) => check.process.clone(),
        Condition::Port(check) => check.port.to_string(),
        Condition::Journal(check) => check.unit.clone().unwrap_or_else(|| "journalctl".to_owned()),
        Condition::Boot(_) => "boot".to_owned(),
        Condition::Queue(check) => check.queue.clone(),
        Condition::Answer(check) => check.answer.clone(),
    }
}

fn words<T: ToString>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / ")
}

fn unit(facts: &dyn Facts, check: &UnitCheck, since: Time) -> Result<(), Evidence> {
    let name = &check.unit;
    let known = facts.unit(name);
    match (&known, check.exists) {
        (Some(_), Some(false)) => return Err(Evidence::UnitExists(name.clone())),
        (None, Some(false)) => return Ok(()),
        _ => {}
    }
    let Some(unit) = known else { return Err(Evidence::NoUnit(name.clone())) };
    let differs = |what: &'static str, found: String, want: String| {
        Err(Evidence::Unit { unit: name.clone(), what: what.to_owned(), found, want })
    };
    if !check.active.is_empty() && !check.active.contains(&unit.active) {
        return differs("ActiveState", unit.active.to_string(), words(&check.active));
    }
    if !check.sub.is_empty() && !check.sub.contains(&unit.sub) {
        return differs("SubState", unit.sub, words(&check.sub));
    }
    if !check.enabled.is_empty() && !unit.enabled.is_some_and(|e| check.enabled.contains(&e)) {
        let found = unit.enabled.map_or_else(|| "not-found".to_owned(), |e| e.to_string());
        return Err(Evidence::Enabled { unit: name.clone(), found, want: words(&check.enabled) });
    }
    if !check.result.is_empty() && !check.result.iter().any(|r| r.as_str() == unit.result) {
        return differs("Result", unit.result, words(&check.result));
    }
    if let Some(want) = check.restarts
        && !want.holds(&unit.restarts)
    {
        return differs("NRestarts", unit.restarts.to_string(), want.to_string());
    }
    if let Some(want) = check.since {
        let age = Span(facts.now().since(unit.since));
        if !want.holds(&age) {
            return Err(Evidence::Age { unit: name.clone(), found: age.to_string(), want: want.to_string() });
        }
    }
    if let Some(want) = check.up {
        let found = facts.unit_up(name, since);
        if !want.holds(&found) {
            return Err(Evidence::Up { unit: name.clone(), found });
        }
    }
    for (property, want) in &check.property {
        let found = facts.unit_property(name, property).unwrap_or_default();
        if found != *want {
            return Err(Evidence::Unit { unit: name.clone(), what: property.clone(), found, want: want.clone() });
        }
    }
    Ok(())
}

fn file(facts: &dyn Facts, check: &FileCheck) -> Result<(), Evidence> {
    let path = &check.path;
    let known = facts.file(path);
    match (&known, check.exists) {
        (Some(_), Some(false)) => return Err(Evidence::FileExists(path.clone())),
        (None, Some(false)) => return Ok(()),
        _ => {}
    }
    let Some(file) = known else { return Err(Evidence::NoFile(path.clone())) };
    let differs = |what, found: String, want: String| Err(Evidence::File { path: path.clone(), what, found, want });
    if let Some(want) = check.kind
        && file.kind != Some(want)
    {
        return differs(
            evidence::FileAspect::Kind,
            file.kind.map_or("?", FileKind::word).to_owned(),
            want.word().to_owned(),
        );
    }
    if let Some(want) = check.mode
        && file.mode != want
    {
        return differs(evidence::FileAspect::Mode, format!("{:04o}", file.mode), format!("{want:04o}"));
    }
    if let Some(want) = &check.owner {
        let both = want.contains(':');
        let found = if both { format!("{}:{}", file.user, file.group) } else { file.user };
        if found != *want {
            return differs(evidence::FileAspect::Owner, found, want.clone());
        }
    }
    if let Some(pattern) = &check.contains {
        let text = facts.file_text(path).unwrap_or_default();
        if !pattern.is_match(&text) {
            return Err(Evidence::FileLacks { path: path.clone(), pattern: pattern.to_string() });
        }
    }
    Ok(())
}

fn process(facts: &dyn Facts, check: &ProcessCheck) -> Result<(), Evidence> {
    let all = facts.processes();
    let named: Vec<&ProcessFacts> = all.iter().filter(|p| p.args.contains(&check.process)).collect();
    let parent_fits = |p: &ProcessFacts, want: &str| match want.parse::<u32>() {
        Ok(pid) => p.parent == pid,
        Err(_) => all.iter().any(|q| q.pid == p.parent && q.args.contains(want)),
    };
    let misfit = |p: &&ProcessFacts| -> Option<Evidence> {
        let process = check.process.clone();
        if let Some(want) = check.user.as_ref().filter(|user| **user != p.user) {
            return Some(Evidence::ProcessUser { process, pid: p.pid, found: p.user.clone(), want: want.clone() });
        }
        if check.parent.as_ref().is_some_and(|want| !parent_fits(p, want)) {
            let want = check.parent.clone().unwrap_or_default();
            return Some(Evidence::ProcessParent { process, pid: p.pid, found: p.parent, want });
        }
        if check.terminal.is_some_and(|want| want != p.terminal) {
            return Some(Evidence::ProcessTerminal { process, pid: p.pid, has: p.terminal });
        }
        None
    };
    let misfits: Vec<Evidence> = named.iter().filter_map(misfit).collect();
    let found = (named.len() - misfits.len()) as u64;
    if check.count.holds(&found) {
        return Ok(());
    }
    let too_few = matches!(check.count.op, Op::AtLeast | Op::More) || found < check.count.than;
    let counted = Evidence::Processes { process: check.process.clone(), found, want: check.count.to_string() };
    Err(misfits.into_iter().next().filter(|_| too_few).unwrap_or(counted))
}

fn port(facts: &dyn Facts, check: &PortCheck) -> Result<(), Evidence> {
    let listeners = facts.listeners();
    let here: Vec<_> = listeners.iter().filter(|l| l.port == check.port).collect();
    match (here.first(), check.open) {
        (None, false) => Ok(()),
        (None, true) => Err(Evidence::PortClosed(check.port)),
        (Some(_), false) => Err(Evidence::PortOpen(check.port)),
        (Some(first), true) => match &check.by {
            Some(want) if !here.iter().any(|l| l.unit.as_ref() == Some(want)) => Err(Evidence::PortBy {
                port: check.port,
                found: first.unit.clone().unwrap_or_else(|| "?".to_owned()),
                want: want.clone(),
            }),
            _ => Ok(()),
        },
    }
}

fn journal(facts: &dyn Facts, check: &JournalCheck) -> Result<(), Evidence> {
    let lines = facts.journal(check.unit.as_deref());
    let fits = |line: &&String| check.matches.as_ref().is_none_or(|pattern| pattern.is_match(line));
    let found = lines.iter().filter(fits).count() as u64;
    if check.count.holds(&found) {
        return Ok(());
    }
    let pattern = check.matches.as_ref().map_or_else(String::new, ToString::to_string);
    Err(Evidence::Journal { unit: check.unit.clone(), pattern, found, want: check.count.to_string() })
}

fn queue(facts: &dyn Facts, check: &QueueCheck) -> Result<(), Evidence> {
    let queue = check.queue.clone();
    match facts.queue(&check.queue) {
        None => Err(Evidence::NoQueue(queue)),
        Some(found) if check.length.holds(&found) => Ok(()),
        Some(found) => Err(Evidence::Queue { queue, found, want: check.length.to_string() }),
    }
}
