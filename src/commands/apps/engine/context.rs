//! What a declared program knows of itself: its declaration, its arguments, how its `{placeholders}` are filled, and how it
//! prints. The keys are described in the book, "Declaring programs".

use std::collections::BTreeMap;
use std::sync::Arc;

use super::style::Style;
use crate::commands::process::launch::print;
use crate::vps::program_spec::{Block, Farewell, Look, Print, ProgramSpec, QueueSpec};
use crate::world::{Duration, OpenFlags, Signal, Step, Sys, Time};

/// Facts that stand for placeholders of one text: name and value.
pub type Facts<'a> = [(&'a str, String)];

/// A declared program at work.
#[derive(Clone)]
pub struct Context {
    /// Its declaration.
    pub spec: Arc<ProgramSpec>,
    /// The queues of the same file of declarations.
    pub queues: Arc<Vec<QueueSpec>>,
    /// How its console speaks.
    pub look: Look,
    /// Usage of its command, for errors.
    pub usage: String,
    /// The application's folder.
    pub root: String,
    /// Options and operands by name; defaults are among them.
    pub values: BTreeMap<String, String>,
    /// The options that were given.
    pub given: Vec<String>,
    /// Operands as they were given.
    pub operands: Vec<String>,
    /// How many `-v`; -1 is `-q`.
    pub verbosity: i8,
    /// When it started.
    pub started: Time,
    /// Whether a block was printed already.
    pub printed: bool,
}

impl Context {
    /// The queue of this name.
    pub fn queue(&self, name: &str) -> Option<&QueueSpec> {
        self.queues.iter().find(|queue| queue.name == name)
    }

    /// An option's value as a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.values.get(name)?.parse().ok()
    }

    /// Fills the placeholders of a text. Unknown ones stay as they are.
    pub fn fill(&self, sys: &Sys<'_>, text: &str, facts: &Facts<'_>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let tail = &rest[at + 1..];
            let end = tail.find(|c: char| !(c.is_ascii_lowercase() || "_-".contains(c))).unwrap_or(tail.len());
            match tail[end..].strip_prefix('}').and_then(|after| Some((self.fact(sys, &tail[..end], facts)?, after))) {
                Some((value, after)) => {
                    out.push_str(&value);
                    rest = after;
                }
                None => {
                    out.push('{');
                    rest = tail;
                }
            }
        }
        out.push_str(rest);
        out
    }

    fn fact(&self, sys: &Sys<'_>, name: &str, facts: &Facts<'_>) -> Option<String> {
        if let Some((_, value)) = facts.iter().find(|(fact, _)| *fact == name) {
            return Some(value.clone());
        }
        let now = sys.now();
        Some(match name {
            "pid" => sys.pid.to_string(),
            "tid" => thread_id(u64::from(sys.pid), 0),
            "time" => now.strftime("%H:%M:%S"),
            "date" => now.strftime("%Y-%m-%d"),
            "godate" => now.strftime("%Y/%m/%d"),
            "iso" => now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"),
            "at" => format!("{}.{:06}", now.0 / 1_000_000, now.0 % 1_000_000),
            "seconds" => now.since(self.started).as_secs().to_string(),
            "root" => self.root.clone(),
            "folder" => self.root.rsplit('/').next().unwrap_or_default().to_owned(),
            "s" => if self.operands.len() > 1 { "s" } else { "" }.to_owned(),
            "memory" => sys.me().rss.to_string(),
            _ => return self.values.get(name).cloned(),
        })
    }

    /// Prints something, if the verbosity wants it.
    pub fn emit(&mut self, sys: &mut Sys<'_>, what: &Print, facts: &Facts<'_>) {
        if self.verbosity < what.level || what.below.is_some_and(|below| self.verbosity >= below) {
            return;
        }
        let fd = if what.on.as_deref() == Some("stderr") { 2 } else { 1 };
        let style = Style::of(sys, fd, &self.given);
        let mut text = String::new();
        for line in &what.lines.0 {
            let line = self.line(sys, line, facts, style);
            match what.block {
                None => text.push_str(&format!("{line}\n")),
                Some(Block::Info) => text.push_str(&format!("\n   INFO  {line}  \n\n")),
                Some(block) => {
                    if !std::mem::replace(&mut self.printed, true) {
                        text.push('\n');
                    }
                    text.push_str(&if block == Block::Success { style.success(&line) } else { style.comment(&line) });
                }
            }
        }
        match what.on.as_deref().filter(|on| on.contains('/')) {
            None => print(sys, fd, &text),
            Some(path) => {
                let path = self.fill(sys, path, facts);
                append(sys, &path, &text);
            }
        }
    }

    /// Prints several things.
    pub fn emit_all(&mut self, sys: &mut Sys<'_>, list: &[Print], facts: &Facts<'_>) {
        for what in list {
            self.emit(sys, what, facts);
        }
    }

    /// A line with its placeholders filled; `{dots}` takes what is left of the width.
    fn line(&self, sys: &Sys<'_>, line: &str, facts: &Facts<'_>, style: Style) -> String {
        let Some((left, right)) = line.split_once("{dots}") else { return self.fill(sys, line, facts) };
        let (left, right) = (self.fill(sys, left, facts), self.fill(sys, right, facts));
        let used = left.chars().count() + right.chars().count() + 2;
        format!("{left}{}{right}", ".".repeat(style.width.saturating_sub(used)))
    }

    /// Prints the last words; the step with which it ends.
    pub fn leave(&mut self, sys: &mut Sys<'_>, farewell: &Farewell, facts: &Facts<'_>) -> Step {
        for (fd, lines) in [(1, &farewell.stdout), (2, &farewell.stderr)] {
            for line in &lines.0 {
                let line = self.fill(sys, line, facts);
                print(sys, fd, &format!("{line}\n"));
            }
        }
        if let Some(error) = &farewell.error {
            let text = self.fill(sys, error, facts);
            self.error(sys, &text, farewell.place.as_deref());
        }
        match &farewell.signal {
            None => Step::Exit(farewell.exit),
            Some(name) => Step::Crash(Signal::parse(name).unwrap_or(Signal::ABRT)),
        }
    }

    /// Shows an error as the console does.
    pub fn error(&self, sys: &mut Sys<'_>, text: &str, place: Option<&str>) {
        let style = Style::of(sys, 2, &self.given);
        let usage = (self.look == Look::Symfony && !self.usage.is_empty()).then_some(self.usage.as_str());
        let shown = match self.look {
            Look::Symfony => style.error(text, place, usage),
            Look::Laravel => format!("\n   ERROR  {text}  \n\n"),
        };
        print(sys, if self.look == Look::Laravel { 1 } else { 2 }, &shown);
    }
}

/// Appends to a file, making it if need be; what cannot be written is lost.
fn append(sys: &mut Sys<'_>, path: &str, text: &str) {
    if let Ok(fd) = sys.open(path, OpenFlags::APPEND, 0o644) {
        print(sys, fd, text);
        let _ = sys.close(fd);
    }
}

/// Something like the thread ids that Ruby shows: three or four letters and digits.
pub fn thread_id(seed: u64, thread: u64) -> String {
    let mut n = seed.wrapping_mul(7919).wrapping_add(thread.wrapping_mul(104_729)) % 46_656 + 15_552;
    let mut out = Vec::new();
    while n > 0 {
        out.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(n % 36) as usize]);
        n /= 36;
    }
    out.reverse();
    String::from_utf8(out).unwrap_or_default()
}

/// A time that the work took, as Laravel shows it.
pub fn took(time: Duration) -> String {
    match time.as_millis() {
        ms if ms > 1000 => format!("{}s", ms / 1000),
        _ => format!("{:.2}ms", time.as_secs_f64() * 1000.0),
    }
}
