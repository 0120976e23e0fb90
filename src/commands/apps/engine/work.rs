//! The jobs of a declared program: those it works on, and those it puts into a queue.

use super::app::App;
use super::context::{Context, thread_id, took};
use super::payload::{Payload, encode};
use super::worker::{Event, Job};
use super::{table, transport};
use crate::commands::net::redis::client::{Client, PORT};
use crate::commands::process::launch::say;
use crate::vps::program_spec::{QueueSpec, Reaction};
use crate::world::{Duration, Step, Sys, Time};

impl App {
    /// Puts the jobs into their queues that are due.
    pub(super) fn produce(&mut self, sys: &mut Sys<'_>) {
        let spec = self.cx.spec.clone();
        for (at, produce) in spec.produces.iter().enumerate() {
            while self.produces[at].0 <= sys.now() {
                self.produces[at].0 += produce.every.max(Duration::from_millis(1));
                self.produces[at].1 += 1;
                let number = self.produces[at].1.to_string();
                let job = self.cx.fill(sys, &produce.job, &[("n", number)]);
                let Some(queue) = find_queue(sys, &self.cx, &produce.queue) else { continue };
                let payload =
                    Payload { job, id: super::new_id(sys, self.cx.look), at: seconds(sys.now()), attempts: 0 };
                let words = transport::push(&queue, &encode(&queue, &payload));
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                if let Ok(mut client) = Client::connect(sys, "localhost", PORT) {
                    let _ = client.send(sys, &words);
                    let _ = sys.close(client.fd);
                }
            }
        }
    }

    /// What it tells about a job.
    pub(super) fn job_facts(&self, sys: &Sys<'_>, job: &Job) -> Vec<(&'static str, String)> {
        let time = sys.now().since(job.since);
        let mut facts = self.facts(sys);
        facts.extend([
            ("job", job.payload.job.clone()),
            ("message", job.payload.job.clone()),
            ("id", job.payload.id.clone()),
            ("attempts", (job.payload.attempts + 1).to_string()),
            ("before", job.payload.attempts.to_string()),
            ("took", took(time)),
            ("elapsed", format!("{:.1}", time.as_secs_f64())),
            ("jtid", thread_id(u64::from(sys.pid), 1 + job.number % 10)),
        ]);
        facts
    }

    /// Works on. `Some`: the step with which it ends.
    pub(super) fn consume(&mut self, sys: &mut Sys<'_>) -> Option<Step> {
        let rules = self.cx.spec.consumes.clone()?;
        loop {
            let ends = self.over(sys, false);
            if ends.is_some() && self.leaving.is_none() {
                self.begin_to_leave(sys, Reaction::default(), ends);
            }
            match self.worker.as_mut()?.next(sys) {
                Event::Nothing => return None,
                Event::Empty => {
                    let ends = self.over(sys, true);
                    self.begin_to_leave(sys, Reaction::default(), ends);
                    return None;
                }
                Event::Took(job) => {
                    let facts = self.job_facts(sys, &job);
                    self.cx.emit_all(sys, &rules.takes, &facts);
                }
                Event::Done(job) => {
                    self.handled += 1;
                    sys.charge(Duration::from_millis(3));
                    let facts = self.job_facts(sys, &job);
                    self.cx.emit_all(sys, &rules.done, &facts);
                }
                Event::Failed(job, error, next) => {
                    self.failed += 1;
                    let mut facts = self.job_facts(sys, &job);
                    facts.push(("error", error.clone()));
                    facts.push(("delay", next.unwrap_or_default().as_millis().to_string()));
                    let last = next.is_none() && !rules.gives_up.is_empty();
                    self.cx.emit_all(sys, if last { &rules.gives_up } else { &rules.fails }, &facts);
                    if next.is_none() {
                        self.bury(sys, &job, &error);
                    }
                }
                Event::Dies(job, farewell) => {
                    let facts = self.job_facts(sys, &job);
                    return Some(self.cx.leave(sys, &farewell, &facts));
                }
                Event::Lost => {
                    if let Some(farewell) = &rules.lost {
                        return Some(self.cx.leave(sys, farewell, &[]));
                    }
                }
            }
        }
    }

    /// Writes a job that failed too often into the table of failed jobs.
    pub(super) fn bury(&mut self, sys: &mut Sys<'_>, job: &Job, error: &str) {
        let queue = self.cx.values.get("queue").cloned().unwrap_or_else(|| self.cx.operands.join(","));
        let failed = self.cx.queues.iter().find_map(|queue| queue.failed.clone());
        let Some(table) = failed.and_then(|name| self.cx.queue(&name).cloned()) else { return };
        let row = table::Row {
            id: 0,
            job_id: job.payload.id.clone(),
            queue: if queue.is_empty() { "default".into() } else { queue },
            failed_at: sys.now().strftime("%Y-%m-%d %H:%M:%S"),
            error: error.to_owned(),
            job: job.payload.job.clone(),
        };
        let path = format!("{}/{}", self.cx.root, table.key);
        if table::add(sys, &path, row).is_err() {
            say(sys, "SQLSTATE[HY000]: General error: 8 attempt to write a readonly database");
        }
    }
}

/// A queue of the program's own file, or of any other.
fn find_queue(sys: &Sys<'_>, cx: &Context, name: &str) -> Option<QueueSpec> {
    let other = || crate::vps::program_spec::declared(sys.world).flat_map(|file| &file.queue).find(|q| q.name == name);
    cx.queue(name).or_else(other).cloned()
}

/// A moment as jobs remember it.
fn seconds(at: Time) -> String {
    format!("{}.{:06}", at.0 / 1_000_000, at.0 % 1_000_000)
}
