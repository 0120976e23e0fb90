//! The commands of a console that ask or tell the queue something and end: send, stats, failed jobs, stop workers, clear.

use super::context::{Context, took};
use super::payload::{Payload, encode};
use super::style::Style;
use super::table::{self, Row};
use super::transport::{self, Request};
use crate::commands::net::redis::client::{Client, PORT};
use crate::commands::net::redis::resp::Reply;
use crate::commands::process::launch::print;
use crate::vps::program_spec::{Action, Farewell, Look, QueueSpec, Transport};
use crate::world::{Duration, OpenFlags, Program, Step, Sys, Wait};

/// One command at work.
#[derive(Clone)]
pub struct Ask {
    cx: Context,
    requests: Option<Vec<Request>>,
    client: Option<Client>,
    answers: Vec<Reply>,
    status: u8,
}

impl Ask {
    /// A command that has not begun.
    pub fn new(cx: Context) -> Ask {
        Ask { cx, requests: None, client: None, answers: Vec::new(), status: 0 }
    }

    fn queue(&self) -> Option<QueueSpec> {
        self.cx.queue(self.cx.spec.queue.as_deref()?).cloned()
    }

    /// The queues that live in redis.
    fn redis_queues(&self) -> Vec<QueueSpec> {
        let wanted = |queue: &&QueueSpec| self.cx.operands.is_empty() || self.cx.operands.contains(&queue.name);
        let queues = self.cx.queues.iter().filter(|queue| queue.transport != Transport::Table);
        if self.cx.spec.does == Action::Stats { queues.filter(wanted).cloned().collect() } else { Vec::new() }
    }

    /// What is asked of redis, in order; the answers come in the same order.
    fn requests(&mut self, sys: &mut Sys<'_>) -> Vec<Request> {
        match self.cx.spec.does {
            Action::Send => {
                let (Some(queue), Some(job)) = (self.queue(), self.cx.operands.first()) else { return Vec::new() };
                let at = format!("{}.{:06}", sys.now().0 / 1_000_000, sys.now().0 % 1_000_000);
                let payload = Payload { job: job.clone(), id: super::new_id(sys, self.cx.look), attempts: 0, at };
                vec![transport::push(&queue, &encode(&queue, &payload))]
            }
            Action::Stats => self.redis_queues().iter().flat_map(transport::waiting).collect(),
            Action::Clear => self.queue().map(|q| vec!["DEL".into(), q.key]).into_iter().collect(),
            Action::FailedRetry => {
                let Some(path) = self.table_path() else { return Vec::new() };
                let (rows, next) = table::read(sys, &path);
                let ids = &self.cx.operands;
                let all = ids.is_empty() || ids.iter().any(|id| id == "all");
                let wanted = |row: &Row| all || ids.contains(&row.id.to_string()) || ids.contains(&row.job_id);
                let (again, kept): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(wanted);
                let _ = table::write(sys, &path, &kept, next);
                let queue = self.cx.queues.iter().find(|q| q.failed.is_some()).cloned().unwrap_or_default();
                let push = |row: &Row| {
                    let payload = Payload { job: row.job.clone(), id: row.job_id.clone(), ..Payload::default() };
                    transport::push(&queue, &encode(&queue, &payload))
                };
                let requests = again.iter().map(push).collect();
                self.report_retry(sys, &again);
                requests
            }
            _ => Vec::new(),
        }
    }

    fn table_path(&self) -> Option<String> {
        Some(format!("{}/{}", self.cx.root, self.queue()?.key))
    }

    fn refused(&mut self, sys: &mut Sys<'_>) -> Step {
        let otherwise = self.cx.spec.connects.first().map(|c| c.otherwise.clone());
        let usual = Farewell { error: Some("Connection refused".into()), exit: 1, ..Farewell::default() };
        self.cx.leave(sys, &otherwise.unwrap_or(usual), &[])
    }

    /// Says what was done with the failed jobs that go back into their queue.
    fn report_retry(&mut self, sys: &mut Sys<'_>, rows: &[Row]) {
        let style = Style::of(sys, 1, &self.cx.given);
        self.status = u8::from(rows.is_empty() && !self.cx.operands.is_empty());
        let text = match (self.cx.look, rows.is_empty()) {
            (Look::Symfony, true) => match self.cx.operands.first() {
                Some(id) => return self.cx.error(sys, &format!("The message \"{id}\" was not found."), None),
                None => format!("\n{}", style.success("No failed messages were found.")),
            },
            (Look::Symfony, false) => format!("\n{}", style.success("All done!")),
            (Look::Laravel, true) => match self.cx.operands.first() {
                Some(id) => format!("\n   ERROR  Unable to find failed job with ID [{id}].  \n\n"),
                None => "\n   INFO  No retryable jobs found.  \n\n".to_owned(),
            },
            (Look::Laravel, false) => {
                let rows = rows.iter().map(|row| {
                    let time = took(Duration::from_micros(3120));
                    dotted(style, &format!("  {}", row.job_id), &format!("{time} DONE"))
                });
                format!("\n   INFO  Pushing failed queue jobs back onto the queue.  \n\n{}\n", rows.collect::<String>())
            }
        };
        print(sys, 1, &text);
    }

    fn failed_show(&mut self, sys: &mut Sys<'_>) -> Step {
        let path = self.table_path().unwrap_or_default();
        let (rows, _) = table::read(sys, &path);
        let style = Style::of(sys, 1, &self.cx.given);
        if self.cx.look == Look::Laravel {
            let lines = rows.iter().map(|row| {
                let left = format!("  {} {}", row.failed_at, row.job_id);
                dotted(style, &left, &format!("redis@{} App\\Jobs\\{}", row.queue, row.job))
            });
            let body: String = lines.collect();
            let text =
                if rows.is_empty() { "\n   INFO  No failed jobs found.  \n\n".into() } else { format!("\n{body}\n") };
            print(sys, 1, &text);
            return Step::Exit(0);
        }
        if let Some(id) = self.cx.operands.first().cloned() {
            let Some(row) = rows.iter().find(|row| row.id.to_string() == id) else {
                self.cx.error(sys, &format!("The message \"{id}\" was not found."), None);
                return Step::Exit(1);
            };
            print(sys, 1, &details(style, row, rows.len(), self.cx.verbosity));
            return Step::Exit(0);
        }
        let text = match rows.len() {
            0 => format!("\n{}", style.success("No failed messages were found.")),
            n => {
                let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
                let table = style.rows(&["Id", "Class", "Failed at", "Error"], &cells);
                let hint =
                    style.comment("Run messenger:failed:show {id} --transport=failed -vv to see message details.");
                format!("{}\n\n{table}{hint}", pending(n))
            }
        };
        print(sys, 1, &text);
        Step::Exit(0)
    }

    fn failed_remove(&mut self, sys: &mut Sys<'_>) -> Step {
        let path = self.table_path().unwrap_or_default();
        let (mut rows, next) = table::read(sys, &path);
        let style = Style::of(sys, 1, &self.cx.given);
        let flush = self.cx.spec.does == Action::FailedFlush || self.cx.values.contains_key("all");
        let mut status = 0;
        if flush {
            rows.clear();
        }
        for id in self.cx.operands.clone() {
            let before = rows.len();
            rows.retain(|row| row.id.to_string() != id && row.job_id != id);
            let found = rows.len() < before;
            status |= u8::from(!found);
            let text = match (self.cx.look, found) {
                (Look::Symfony, true) => format!("\n{}", style.success(&format!("Message with id {id} removed."))),
                (Look::Symfony, false) => {
                    format!("\n{}", style.failure(&format!("The message with id \"{id}\" was not found.")))
                }
                (Look::Laravel, true) => "\n   INFO  Failed job deleted successfully.  \n\n".into(),
                (Look::Laravel, false) => "\n   ERROR  No failed job matches the given ID.  \n\n".into(),
            };
            print(sys, 1, &text);
        }
        if flush {
            let text = match self.cx.look {
                Look::Symfony => format!("\n{}", style.success("All failed messages have been removed.")),
                Look::Laravel => "\n   INFO  All failed jobs deleted successfully.  \n\n".into(),
            };
            print(sys, 1, &text);
        }
        if status == 0 && table::write(sys, &path, &rows, next).is_err() {
            self.cx.error(sys, "SQLSTATE[HY000]: General error: 8 attempt to write a readonly database", None);
            return Step::Exit(1);
        }
        Step::Exit(status)
    }

    fn stop_workers(&mut self, sys: &mut Sys<'_>) -> Step {
        let path = self.cx.spec.stop_file.clone().unwrap_or_default();
        let path = self.cx.fill(sys, &path, &[]);
        table::make_folders(sys, &path);
        let now = sys.now().0.to_string();
        let written = sys.open(&path, OpenFlags::WRITE, 0o666).and_then(|fd| sys.write(fd, now.as_bytes()));
        if let Err(errno) = written {
            self.cx.error(sys, &format!("Failed to write {path}: {}", errno.message()), None);
            return Step::Exit(1);
        }
        let prints = self.cx.spec.prints.clone();
        self.cx.emit_all(sys, &prints, &[]);
        Step::Exit(0)
    }

    fn stats(&mut self, sys: &mut Sys<'_>) -> Step {
        let style = Style::of(sys, 1, &self.cx.given);
        let mut rows = Vec::new();
        let mut answers = &self.answers[..];
        for queue in self.cx.queues.iter() {
            if !self.cx.operands.is_empty() && !self.cx.operands.contains(&queue.name) {
                continue;
            }
            let count = if queue.transport == Transport::Table {
                table::read(sys, &format!("{}/{}", self.cx.root, queue.key)).0.len() as i64
            } else {
                let (own, rest) = answers.split_at(transport::waiting(queue).len().min(answers.len()));
                answers = rest;
                transport::waiting_count(own)
            };
            rows.push([queue.name.clone(), count.to_string()]);
        }
        print(sys, 1, &format!("\n{}", style.table(["Transport", "Count"], &rows)));
        Step::Exit(0)
    }

    fn report(&mut self, sys: &mut Sys<'_>) -> Step {
        match self.cx.spec.does {
            Action::Stats => return self.stats(sys),
            Action::FailedShow => return self.failed_show(sys),
            Action::FailedRemove | Action::FailedFlush => return self.failed_remove(sys),
            Action::StopWorkers => return self.stop_workers(sys),
            Action::Clear => {
                let queue = self.cx.spec.queue.clone().unwrap_or_default();
                print(sys, 1, &format!("\n   INFO  Cleared jobs from the [{queue}] queue.  \n\n"));
            }
            _ => {
                let prints = self.cx.spec.prints.clone();
                self.cx.emit_all(sys, &prints, &[]);
            }
        }
        Step::Exit(self.status)
    }
}

fn cells(row: &Row) -> Vec<String> {
    vec![row.id.to_string(), "App\\Message\\SendEmailMessage".into(), row.failed_at.clone(), row.error.clone()]
}

fn pending(n: usize) -> String {
    match n {
        1 => "There is 1 message pending in the failure transport.".into(),
        n => format!("There are {n} messages pending in the failure transport."),
    }
}

/// One failed message, as Symfony shows it.
fn details(style: Style, row: &Row, rows: usize, verbosity: i8) -> String {
    let title = "Failed Message Details";
    let fields = [
        ["Class", "App\\Message\\SendEmailMessage"],
        ["Message Id", &row.id.to_string()],
        ["Failed at", &row.failed_at],
        ["Error", &row.error],
        ["Error Code", "0"],
        ["Error Class", "RuntimeException"],
        ["Transport", &row.queue],
    ];
    let fields: Vec<Vec<String>> = fields.iter().map(|f| f.iter().map(|c| (*c).to_owned()).collect()).collect();
    let mut text = format!("{}\n\n{title}\n{}\n\n{}", pending(rows), "=".repeat(title.len()), style.rows(&[], &fields));
    text.push_str(&format!(" Message history:\n  * Message failed at {} and was redelivered\n\n", row.failed_at));
    if verbosity < 2 {
        text.push_str(" Re-run command with -vv to see more message & error details.\n");
    } else {
        text.push_str(&format!(
            "Message:\n========\n\nApp\\Message\\SendEmailMessage {{\n  to: \"{}\"\n}}\n\nException:\n==========\n\nRuntimeException {{\n  message: \"{}\"\n}}\n",
            row.job, row.error
        ));
    }
    let id = row.id;
    text.push_str(&format!("\n Run messenger:failed:retry {id} --transport=failed to retry this message.\n Run messenger:failed:remove {id} --transport=failed to delete it.\n"));
    text
}

/// A line of Laravel's lists: two columns and dots between.
fn dotted(style: Style, left: &str, right: &str) -> String {
    let used = left.chars().count() + right.chars().count() + 4;
    format!("{left} {} {right}\n", ".".repeat(style.width.saturating_sub(used)))
}

impl Program for Ask {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if self.requests.is_none() {
            let needs = matches!(self.cx.spec.does, Action::Send | Action::Stats | Action::Clear | Action::FailedRetry);
            if !needs {
                return self.report(sys);
            }
            let Ok(mut client) = Client::connect(sys, "localhost", PORT) else { return self.refused(sys) };
            let requests = self.requests(sys);
            for words in &requests {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let _ = client.send(sys, &words);
            }
            (self.client, self.requests) = (Some(client), Some(requests));
        }
        while self.answers.len() < self.requests.as_ref().map_or(0, Vec::len) {
            let Some(client) = self.client.as_mut() else { return Step::Exit(1) };
            match client.receive(sys) {
                Ok(Some(reply)) => self.answers.push(reply),
                Ok(None) => return Step::Wait(Wait::fd(client.fd)),
                Err(_) => return self.refused(sys),
            }
        }
        self.report(sys)
    }
}
