//! How a declared program ends: limits reached, signals, crashes, and the jobs in hand that it finishes before.

use super::app::App;
use super::context::Facts;
use super::options::size;
use super::worker::Worker;
use crate::vps::program_spec::{Counts, Deed, EndOption, Reaction};
use crate::world::{Duration, Step, Sys, Time};

/// A program that is about to leave.
#[derive(Clone)]
pub struct Leaving {
    pub(super) reaction: Reaction,
    /// Which of the options made it leave.
    end: Option<usize>,
    pub(super) since: Time,
    waited: bool,
    gave_up: bool,
    /// When its last words are due, once its jobs are done.
    pub(super) at: Option<Time>,
}

impl App {
    /// The options after which it ends that were given, with their limit; a limit of 0 is none.
    pub(super) fn limits(&self) -> impl Iterator<Item = (&EndOption, u64)> {
        self.cx.spec.ends.iter().filter_map(|end| {
            let text = self.cx.values.get(&end.option)?;
            let value = match end.counts {
                Counts::Once | Counts::WhenEmpty => 1,
                Counts::Bytes => size(text)?,
                Counts::Memory => size(text)? << if text.ends_with(|c: char| c.is_ascii_digit()) { 20 } else { 0 },
                _ => text.parse().ok()?,
            };
            (value > 0).then_some((end, value))
        })
    }

    /// Which of its options ends it now.
    pub(super) fn over(&self, sys: &Sys<'_>, empty: bool) -> Option<usize> {
        let now = sys.now();
        let over = self.limits().find(|(end, limit)| match end.counts {
            Counts::Seconds => now.since(self.cx.started) >= Duration::from_secs(*limit),
            Counts::Messages | Counts::Once => self.handled + self.failed >= *limit,
            Counts::Failures => self.failed >= *limit,
            Counts::Memory | Counts::Bytes => self.memory(now) > *limit,
            Counts::WhenEmpty => empty,
        });
        let (end, _) = over?;
        self.cx.spec.ends.iter().position(|other| other == end)
    }

    pub(super) fn begin_to_leave(&mut self, sys: &mut Sys<'_>, reaction: Reaction, end: Option<usize>) {
        if let Some(worker) = self.worker.as_mut() {
            worker.be_quiet(sys);
            worker.give_back(sys, false);
        }
        let since = sys.now();
        self.leaving.get_or_insert(Leaving { reaction, end, since, waited: false, gave_up: false, at: None });
    }

    pub(super) fn signals(&mut self, sys: &mut Sys<'_>) {
        while let Some(signal) = sys.take_signal() {
            let name = format!("SIG{}", signal.name());
            let reaction = self.cx.spec.on.iter().find(|on| on.signals.contains(&name)).cloned();
            let Some(reaction) = reaction else { continue };
            let mut facts = self.facts(sys);
            facts.push(("signal", name));
            if self.leaving.is_none() {
                self.cx.emit_all(sys, &reaction.prints, &facts);
            }
            match reaction.does {
                Deed::Finish => self.begin_to_leave(sys, reaction, None),
                Deed::Quiet => {
                    if let Some(worker) = self.worker.as_mut() {
                        worker.be_quiet(sys);
                    }
                }
                Deed::Stay | Deed::Ignore => {}
            }
        }
    }

    /// Leaves when its jobs are done, or when its patience is over.
    pub(super) fn leave(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let now = sys.now();
        let busy = self.worker.as_ref().map_or(0, Worker::busy);
        let facts = self.facts(sys);
        let leaving = self.leaving.as_mut()?;
        let reaction = leaving.reaction.clone();
        if busy > 0 {
            let late = reaction.patience.is_some_and(|patience| now >= leaving.since + patience);
            let (waited, gave_up) = (leaving.waited, late);
            (leaving.waited, leaving.gave_up) = (true, late);
            if !waited {
                self.cx.emit_all(sys, &reaction.waits, &facts);
            }
            if !gave_up {
                return None;
            }
            self.cx.emit_all(sys, &reaction.gives_up, &facts);
            self.worker.as_mut()?.give_back(sys, true);
        }
        let leaving = self.leaving.as_mut()?;
        if *leaving.at.get_or_insert(now + reaction.takes) > now {
            return None;
        }
        let end = leaving.end;
        let spec = self.cx.spec.clone();
        self.cx.emit_all(sys, &spec.stops, &facts);
        let Some(end) = end.and_then(|at| spec.ends.get(at)) else {
            return Some(self.cx.leave(sys, &reaction.leaves, &facts));
        };
        let value = self.cx.values.get(&end.option).cloned().unwrap_or_default();
        let bytes = size(&value).unwrap_or_default().to_string();
        let facts: &Facts<'_> = &[facts, vec![("value", value), ("limit_bytes", bytes)]].concat();
        self.cx.emit_all(sys, &end.prints, facts);
        Some(Step::Exit(end.status))
    }

    /// Why it ends by itself now, whatever is in its hands.
    pub(super) fn end(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let now = sys.now();
        if let Some(at) = self.crashes.iter().position(|time| time.is_some_and(|t| t <= now)) {
            let farewell = self.cx.spec.crash[at].dies.clone();
            return Some(self.cx.leave(sys, &farewell, &[]));
        }
        let stopped = self.stop_file.is_some_and(|(ino, seen)| version(sys, ino) != seen);
        if self.leaving.is_none() && (stopped || self.worker.is_none() && self.over(sys, false).is_some()) {
            let end = self.over(sys, false);
            self.begin_to_leave(sys, Reaction::default(), end);
        }
        let over = self.cx.spec.runs_for.is_some_and(|time| now >= self.cx.started + self.cx.spec.boot + time);
        over.then_some(Step::Exit(self.cx.spec.status))
    }
}

/// Counts the changes of a file.
pub(super) fn version(sys: &Sys<'_>, ino: u64) -> u64 {
    sys.world.files.inode(ino).map_or(0, |node| node.version)
}
