//! What became of the jobs of each queue: counters that the machine keeps for whoever judges it.
//!
//! A queue itself lives in redis, as on a real server. Redis forgets a job that somebody took; the machine does not, so
//! that a lesson can tell a job that was handled from one that died with its worker.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::world::{Pid, Time, World};

use super::program_spec::Declared;

/// What became of the jobs that were taken from one queue, since the machine was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Done, to the end.
    pub handled: u64,
    /// Attempts that failed; a job that fails three times counts three times.
    pub failed: u64,
    /// Taken and gone for ever: their worker died and the transport does not give them out again.
    pub lost: u64,
    /// Given out again because an earlier worker did not finish them.
    pub redelivered: u64,
    /// Thrown away by hand while they waited: `DEL`, `FLUSHALL`.
    pub purged: u64,
    /// Being worked on now.
    pub in_hand: u64,
}

/// A job in the hands of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hand {
    pid: Pid,
    started: Time,
    queue: Arc<str>,
    job: Arc<str>,
    /// The transport still has it, too: it comes again.
    kept: bool,
}

/// The counters of all queues, by the queue's key in redis.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    counts: BTreeMap<Arc<str>, JobCounts>,
    hands: Vec<Hand>,
}

/// How the work on a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Handled,
    /// It failed; whether it will be tried again is the transport's business.
    Failed,
    /// The worker put it back unfinished.
    Returned,
}

impl Ledger {
    /// Jobs whose worker is gone: those that the transport does not keep are lost.
    fn settle(&mut self, world: &World) {
        let counts = &mut self.counts;
        self.hands.retain(|hand| {
            let lives = is_alive(world, hand);
            if !lives && !hand.kept {
                counts.entry(Arc::clone(&hand.queue)).or_default().lost += 1;
            }
            lives
        });
    }
}

fn is_alive(world: &World, hand: &Hand) -> bool {
    world.process(hand.pid).is_some_and(|p| !p.is_zombie() && p.started == hand.started)
}

/// A process takes a job. `kept`: the transport gives it out again if the process dies; `again`: it was given out before.
pub fn take(world: &mut World, pid: Pid, (queue, job): (&str, &str), kept: bool, again: bool) {
    let Some(started) = world.process(pid).map(|p| p.started) else { return };
    change(world, |ledger, world| {
        ledger.settle(world);
        let queue: Arc<str> = queue.into();
        ledger.counts.entry(Arc::clone(&queue)).or_default().redelivered += u64::from(again);
        ledger.hands.push(Hand { pid, started, queue, job: job.into(), kept });
    });
}

/// A process is through with a job that it took.
pub fn finish(world: &mut World, pid: Pid, (queue, job): (&str, &str), outcome: Outcome) {
    change(world, |ledger, _| {
        if let Some(at) = ledger.hands.iter().position(|h| h.pid == pid && &*h.queue == queue && &*h.job == job) {
            ledger.hands.remove(at);
        }
        let counts = ledger.counts.entry(queue.into()).or_default();
        match outcome {
            Outcome::Handled => counts.handled += 1,
            Outcome::Failed => counts.failed += 1,
            Outcome::Returned => {}
        }
    });
}

/// A job that nobody finished goes back into the queue, to be given out again.
pub fn redeliver(world: &mut World, queue: &str) {
    change(world, |ledger, _| ledger.counts.entry(queue.into()).or_default().redelivered += 1);
}

/// Somebody threw waiting jobs away.
pub fn purge(world: &mut World, queue: &str, jobs: u64) {
    change(world, |ledger, _| ledger.counts.entry(queue.into()).or_default().purged += jobs);
}

/// The counters of a queue, named by its key in redis. All zero when nobody has taken anything.
pub fn counts(world: &World, queue: &str) -> JobCounts {
    let Some(ledger) = Declared::of(world).map(|declared| &declared.ledger) else { return JobCounts::default() };
    let mut counts = ledger.counts.get(queue).copied().unwrap_or_default();
    for hand in ledger.hands.iter().filter(|hand| &*hand.queue == queue) {
        match (is_alive(world, hand), hand.kept) {
            (true, _) => counts.in_hand += 1,
            (false, true) => {}
            (false, false) => counts.lost += 1,
        }
    }
    counts
}

/// The clock was set, and with it the dates at which processes started.
pub(super) fn clock_set(world: &mut World, moved: impl Fn(Time) -> Time) {
    change(world, |ledger, _| ledger.hands.iter_mut().for_each(|hand| hand.started = moved(hand.started)));
}

fn change(world: &mut World, edit: impl FnOnce(&mut Ledger, &World)) {
    let mut declared = Declared::of(world).cloned().unwrap_or_default();
    edit(&mut declared.ledger, world);
    world.annex = Some(Arc::new(declared));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{ExitStatus, Signal};

    fn no_program(_: &str, _: &[String]) -> Option<Box<dyn crate::world::Program>> {
        None
    }

    #[test]
    fn a_job_whose_worker_is_killed_is_lost_unless_the_transport_keeps_it() {
        let mut world = World::new(Time(1_000_000), 1, no_program);
        world.start_init("/sbin/init", &["init"]);
        let worker = world.fork_unborn(1).unwrap();
        take(&mut world, worker, ("pops", "a"), false, false);
        take(&mut world, worker, ("keeps", "b"), true, false);
        take(&mut world, worker, ("pops", "c"), false, false);
        finish(&mut world, worker, ("pops", "c"), Outcome::Handled);
        assert_eq!(counts(&world, "pops"), JobCounts { handled: 1, in_hand: 1, ..JobCounts::default() });
        world.terminate(worker, ExitStatus::Signaled(Signal::KILL, false));
        assert_eq!(counts(&world, "pops"), JobCounts { handled: 1, lost: 1, ..JobCounts::default() });
        assert_eq!(counts(&world, "keeps"), JobCounts::default());
        let next = world.fork_unborn(1).unwrap();
        take(&mut world, next, ("keeps", "b"), true, true);
        assert_eq!(counts(&world, "pops").lost, 1, "a lost job is counted once");
        assert_eq!(counts(&world, "keeps"), JobCounts { redelivered: 1, in_hand: 1, ..JobCounts::default() });
    }
}
