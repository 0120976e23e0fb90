//! A declared program at work: it prints, listens, consumes, produces, reacts to signals, crashes and ends as declared.

use super::context::Context;
use super::leave::Leaving;
use super::serve::Door;
use super::worker::Worker;
use crate::vps::program_spec::{Counts, ProgramSpec};
use crate::world::{Channel, Duration, Program, Step, Sys, Time, Wait};

/// The program.
#[derive(Clone)]
pub struct App {
    pub(super) cx: Context,
    ready: bool,
    pub(super) door: Door,
    /// When each of the prints is due next.
    prints: Vec<Option<Time>>,
    pub(super) worker: Option<Worker>,
    /// When each of the jobs it produces is due next, and their count.
    pub(super) produces: Vec<(Time, u64)>,
    pub(super) handled: u64,
    pub(super) failed: u64,
    pub(super) crashes: Vec<Option<Time>>,
    pub(super) stop_file: Option<(u64, u64)>,
    /// It leaves when its jobs are done: by this reaction or for this reason.
    pub(super) leaving: Option<Leaving>,
}

impl App {
    /// A program that has not begun.
    pub fn new(cx: Context) -> App {
        let now = cx.started;
        let spec = &cx.spec;
        let crashes = spec.crash.iter().map(|crash| {
            let after = crash.after.map(|after| now + after);
            let daily = crash.daily.map(|time| next_daily(now, time));
            after.or(daily).or(crash.memory.and_then(|bytes| reaches(spec, now, bytes)))
        });
        App {
            crashes: crashes.collect(),
            prints: spec.prints.iter().map(|p| Some(now + spec.boot + p.after)).collect(),
            produces: spec.produces.iter().map(|p| (now + spec.boot + p.every, 0)).collect(),
            ready: false,
            door: Door::default(),
            worker: None,
            handled: 0,
            failed: 0,
            stop_file: None,
            leaving: None,
            cx,
        }
    }

    /// Bytes that it holds.
    pub(super) fn memory(&self, now: Time) -> u64 {
        let memory = self.cx.spec.memory;
        let grown = u128::from(memory.per_hour) * now.since(self.cx.started).as_millis() / 3_600_000;
        let jobs = memory.per_job.saturating_mul(self.handled);
        memory.start.saturating_add(u64::try_from(grown).unwrap_or(u64::MAX)).saturating_add(jobs)
    }

    /// Facts that its texts may name.
    pub(super) fn facts(&self, sys: &Sys<'_>) -> Vec<(&'static str, String)> {
        let mut facts = vec![
            ("busy", self.worker.as_ref().map_or(0, Worker::busy).to_string()),
            ("memory", self.memory(sys.now()).to_string()),
        ];
        if let Some(port) = self.door.port.or_else(|| self.port(sys)) {
            facts.push(("port", port.to_string()));
        }
        if self.cx.values.get("host").is_none_or(String::is_empty) {
            facts.push(("host", "0.0.0.0".into()));
        }
        if self.cx.spec.reasons_end.is_some() {
            facts.push(("reasons", self.reasons()));
        }
        facts
    }

    /// The reasons for which it will leave, as a sentence.
    fn reasons(&self) -> String {
        let ends = self.cx.spec.ends.iter();
        let given = ends.filter_map(|end| {
            let value = self.cx.values.get(&end.option)?;
            Some(end.reason.as_ref()?.replace("{value}", value))
        });
        let given: Vec<String> = given.collect();
        let last = self.cx.spec.reasons_end.as_deref().unwrap_or_default();
        if given.is_empty() { last.to_owned() } else { format!("{} or {last}", given.join(", ")) }
    }

    fn print_due(&mut self, sys: &mut Sys<'_>) {
        let now = sys.now();
        let spec = self.cx.spec.clone();
        for (at, what) in spec.prints.iter().enumerate() {
            let Some(due) = self.prints[at].filter(|due| *due <= now) else { continue };
            let facts = self.facts(sys);
            self.cx.emit(sys, what, &facts);
            // After a long stop (SIGSTOP) only the latest is made up for.
            self.prints[at] = what.every.map(|every| if due + every > now { due + every } else { now + every });
        }
    }

    fn wait(&self, sys: &Sys<'_>) -> Wait {
        let started = self.cx.started;
        let limits = self.limits().filter_map(|(end, limit)| match end.counts {
            Counts::Seconds => Some(started + Duration::from_secs(limit)),
            Counts::Memory | Counts::Bytes => reaches(&self.cx.spec, started, limit + 1),
            _ => None,
        });
        // A limit that was reached has been seen; what is left of it is waited for with the jobs.
        let limits = limits.filter(|at| *at > sys.now());
        let leaving = self.leaving.iter().flat_map(|l| [l.at, l.reaction.patience.map(|p| l.since + p)]).flatten();
        let times = self.prints.iter().chain(&self.crashes).flatten().copied().chain(limits).chain(leaving);
        let ends = self.cx.spec.runs_for.map(|time| started + self.cx.spec.boot + time);
        let worker = self.worker.as_ref();
        let until =
            times.chain(ends).chain(self.produces.iter().map(|p| p.0)).chain(worker.and_then(Worker::until)).min();
        let mut wait = Wait { until, ..Wait::default() };
        wait.fds = self.door.fds().chain(worker.map(Worker::fds).unwrap_or_default()).collect();
        wait.channels = self.stop_file.iter().map(|(ino, _)| Channel::File(*ino)).collect();
        wait
    }

    fn show_title(&self, sys: &mut Sys<'_>) {
        if let Some(title) = &self.cx.spec.title {
            let facts = self.facts(sys);
            let title = self.cx.fill(sys, title, &facts);
            if sys.argv().first() != Some(&title) {
                sys.me_mut().argv = std::sync::Arc::new(vec![title]);
            }
        }
    }
}

impl Program for App {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        sys.me_mut().rss = self.memory(sys.now()).max(1 << 20);
        if !self.ready {
            let up = self.cx.started + self.cx.spec.boot;
            if sys.now() < up {
                return Step::Wait(Wait::until(up));
            }
            match self.connected(sys) {
                Err(step) => return step,
                Ok(false) => {
                    let retry = self.cx.spec.connects.iter().filter_map(|c| c.retry).min().unwrap_or_default();
                    return Step::Wait(Wait::until(sys.now() + retry.max(Duration::from_millis(10))));
                }
                Ok(true) => {}
            }
            self.ready = true;
            if let Err(step) = self.start(sys) {
                return step;
            }
        }
        self.print_due(sys);
        self.signals(sys);
        let id = self.cx.spec.id.clone();
        self.door.serve(sys, &id);
        self.produce(sys);
        if let Some(step) = self.consume(sys).or_else(|| self.end(sys)).or_else(|| self.leave(sys)) {
            return step;
        }
        self.show_title(sys);
        Step::Wait(self.wait(sys))
    }
}

/// The next time after `now` at which the day is `time` old.
fn next_daily(now: Time, time: Duration) -> Time {
    const DAY: u64 = 86_400 * 1_000_000;
    let today = Time(now.0 / DAY * DAY) + time;
    if today > now { today } else { today + Duration::from_micros(DAY) }
}

/// When its memory reaches so many bytes by itself; `None`: never.
pub(super) fn reaches(spec: &ProgramSpec, started: Time, bytes: u64) -> Option<Time> {
    let missing = bytes.saturating_sub(spec.memory.start);
    match (missing, spec.memory.per_hour) {
        (0, _) => Some(started),
        (_, 0) => None,
        (missing, rate) => {
            let micros = u128::from(missing) * 3_600_000_000 / u128::from(rate) + 1;
            Some(started + Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)))
        }
    }
}
