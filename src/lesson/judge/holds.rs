//! Whether a condition holds of a machine, and if not, the first fact that is false.

use super::evidence::{Evidence, FileAspect, QueueAspect};
use super::facts::{Facts, ProcessFacts};
use super::{Answers, unit};
use crate::lesson::content::condition::{
    Condition, FileCheck, FileKind, JournalCheck, JournalSince, PortCheck, ProcessCheck, QueueCheck,
};
use crate::lesson::content::measure::Op;
use crate::world::Time;

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
        Condition::Unit(check) => unit::unit(facts, check, since),
        Condition::File(check) => file(facts, check),
        Condition::Process(check) => process(facts, check),
        Condition::Port(check) => port(facts, check),
        Condition::Journal(check) => journal(facts, check, since),
        Condition::Boot(count) => {
            let found = facts.boots();
            if count.holds(&found) { Ok(()) } else { Err(Evidence::Boots { found, want: count.to_string() }) }
        }
        Condition::Timer(check) => unit::timer(facts, check),
        Condition::Queue(check) => queue(facts, check),
        Condition::Linger(check) => match facts.lingers(&check.user) {
            None => Err(Evidence::NoUser(check.user.clone())),
            Some(found) if found == check.on => Ok(()),
            Some(found) => Err(Evidence::Lingers { user: check.user.clone(), found }),
        },
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
        Condition::Unit(check) => check.unit.to_string(),
        Condition::Timer(check) => check.timer.to_string(),
        Condition::Linger(check) => check.user.clone(),
        Condition::File(check) => check.path.clone(),
        Condition::Process(check) => check.process.clone(),
        Condition::Port(check) => check.port.to_string(),
        Condition::Journal(check) => check.unit.as_ref().map_or_else(|| "journalctl".to_owned(), ToString::to_string),
        Condition::Boot(_) => "boot".to_owned(),
        Condition::Queue(check) => check.queue.clone(),
        Condition::Answer(check) => check.answer.clone(),
    }
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
        return differs(FileAspect::Kind, file.kind.map_or("?", FileKind::word).to_owned(), want.word().to_owned());
    }
    if let Some(want) = check.mode
        && file.mode != want
    {
        return differs(FileAspect::Mode, format!("{:04o}", file.mode), format!("{want:04o}"));
    }
    if let Some(want) = &check.owner {
        let both = want.contains(':');
        let found = if both { format!("{}:{}", file.user, file.group) } else { file.user };
        if found != *want {
            return differs(FileAspect::Owner, found, want.clone());
        }
    }
    if let Some(pattern) = &check.contains {
        let text = facts.file_text(path).unwrap_or_default();
        if !pattern.is_match(&text) {
            return Err(Evidence::FileLacks { path: path.clone(), pattern: pattern.to_string() });
        }
    }
    if let Some(pattern) = &check.absent {
        let text = facts.file_text(path).unwrap_or_default();
        if let Some(found) = pattern.find(&text) {
            return Err(Evidence::FileHas { path: path.clone(), found: found.as_str().to_owned() });
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

fn journal(facts: &dyn Facts, check: &JournalCheck, since: Time) -> Result<(), Evidence> {
    let from = match check.since {
        JournalSince::Ever => Time(0),
        JournalSince::Boot => facts.booted(),
        JournalSince::Fork => since,
        JournalSince::Last(time) => facts.now() - time,
    };
    let lines = facts.journal(check.unit.as_ref(), from);
    let fits = |line: &&String| check.matches.as_ref().is_none_or(|pattern| pattern.is_match(line));
    let found = lines.iter().filter(fits).count() as u64;
    if check.count.holds(&found) {
        return Ok(());
    }
    let pattern = check.matches.as_ref().map_or_else(String::new, ToString::to_string);
    let unit = check.unit.as_ref().map(ToString::to_string);
    Err(Evidence::Journal { unit, pattern, found, want: check.count.to_string() })
}

fn queue(facts: &dyn Facts, check: &QueueCheck) -> Result<(), Evidence> {
    let queue = &check.queue;
    let Some(known) = facts.queue(queue) else { return Err(Evidence::NoQueue(queue.clone())) };
    let aspects = [
        (QueueAspect::Depth, check.depth, known.depth),
        (QueueAspect::Handled, check.handled, known.handled),
        (QueueAspect::Lost, check.lost, known.lost),
    ];
    for (what, want, found) in aspects {
        if let Some(want) = want.filter(|want| !want.holds(&found)) {
            return Err(Evidence::Queue { queue: queue.clone(), what, found, want: want.to_string() });
        }
    }
    Ok(())
}
