//! The parts of a declared program. Each structure is a table of the declaration with the same keys.

use serde::Deserialize;
use std::time::Duration;

use super::values::{Lines, bytes, duration, port, signal, signals, some_bytes, some_duration, time_of_day};

/// One word of an argument list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgPattern {
    /// This word. A first word without a slash also stands for any path that ends in it: `php` for `/usr/bin/php`; a
    /// later one also for a path that ends in it: `server.js` for `/srv/app/server.js`.
    Word(String),
    /// Exactly one word, whatever it is.
    Any,
    /// Any number of further words, options among them.
    Rest,
}

/// A file that the program needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Its path, seen from the working folder; `{root}` is the application's folder.
    pub path: String,
    /// What is printed when it is missing, and how the program leaves.
    #[serde(default)]
    pub otherwise: Farewell,
}

/// A variable that the program needs, in its environment or in a file of `NAME=value` lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedVariable {
    /// Its name.
    pub name: String,
    /// The file that may set it, too: `{root}/.env`.
    pub file: Option<String>,
    /// What is printed when it is missing, and how the program leaves.
    #[serde(default)]
    pub otherwise: Farewell,
}

/// Something that must be listening when the program starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connect {
    /// The TCP port on this machine.
    #[serde(deserialize_with = "port")]
    pub port: u16,
    /// What is printed when nothing listens, and how the program leaves.
    #[serde(default)]
    pub otherwise: Farewell,
    /// It tries again so often and does not leave.
    #[serde(default, deserialize_with = "some_duration")]
    pub retry: Option<Duration>,
}

/// The last words of a program and how it leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Farewell {
    /// Lines on standard output.
    pub stdout: Lines,
    /// Lines on standard error.
    pub stderr: Lines,
    /// An error as its console shows it, on standard error.
    pub error: Option<String>,
    /// Where the console says that the error arose: `Connection.php line 168`.
    pub place: Option<String>,
    /// The exit status, when no signal ends it.
    pub exit: u8,
    /// The signal that ends it, with its prefix: `SIGSEGV`.
    #[serde(deserialize_with = "signal")]
    pub signal: Option<String>,
}

/// Something that it prints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Print {
    /// How long after its start, or after what the print belongs to.
    #[serde(deserialize_with = "duration")]
    pub after: Duration,
    /// How often again; missing: once.
    #[serde(deserialize_with = "some_duration")]
    pub every: Option<Duration>,
    /// `stdout`, `stderr`, or a file's path.
    pub on: Option<String>,
    /// How the console dresses it up: `success`, `comment`, `info`.
    pub block: Option<Block>,
    /// Only with that many `-v`.
    pub level: i8,
    /// Only with fewer `-v` than that.
    pub below: Option<i8>,
    /// The lines with their `{placeholders}`.
    pub lines: Lines,
}

/// How a console dresses a text up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// ` [OK] …`
    Success,
    /// ` // …`
    Comment,
    /// `   INFO  …`
    Info,
}

/// How it consumes a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consume {
    /// The queue's name; `{receivers}` or another operand or option stands for what was given, commas between several.
    pub queue: String,
    /// How long one job takes.
    #[serde(default = "usual_work", deserialize_with = "duration")]
    pub each: Duration,
    /// How many jobs it works on at once; the option `concurrency`, when declared, says otherwise.
    #[serde(default = "one")]
    pub at_once: usize,
    /// How often it looks at an empty queue; the option `sleep`, when declared, says otherwise.
    #[serde(default, deserialize_with = "some_duration")]
    pub sleep: Option<Duration>,
    /// Printed when the work on a job begins.
    #[serde(default)]
    pub takes: Vec<Print>,
    /// Printed when a job is done.
    #[serde(default)]
    pub done: Vec<Print>,
    /// Printed when an attempt failed.
    #[serde(default)]
    pub fails: Vec<Print>,
    /// Printed when a job failed for the last time.
    #[serde(default)]
    pub gives_up: Vec<Print>,
    /// Jobs that go otherwise; the first that fits counts.
    #[serde(default)]
    pub job: Vec<JobRule>,
    /// What happens when the queue's server goes away; missing: it tries again every second.
    pub lost: Option<Farewell>,
}

fn usual_work() -> Duration {
    Duration::from_millis(200)
}

fn one() -> usize {
    1
}

/// What happens with certain jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobRule {
    /// The job's text is this; a `*` stands for anything.
    pub like: String,
    /// How long it takes.
    #[serde(deserialize_with = "some_duration")]
    pub each: Option<Duration>,
    /// The attempt fails with this message.
    pub fails: Option<String>,
    /// A program that it runs: the attempt fails when the `PATH` of the worker does not lead to it.
    pub runs: Option<String>,
    /// It kills the worker, and how.
    pub dies: Option<Farewell>,
}

/// How it puts jobs into a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Produce {
    /// The queue's name.
    pub queue: String,
    /// How often.
    #[serde(deserialize_with = "duration")]
    pub every: Duration,
    /// The job; `{n}` counts them.
    pub job: String,
}

/// Its memory over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Memory {
    /// Resident bytes at its start.
    #[serde(deserialize_with = "bytes")]
    pub start: u64,
    /// Bytes added in an hour.
    #[serde(deserialize_with = "bytes")]
    pub per_hour: u64,
    /// Bytes added by a job.
    #[serde(deserialize_with = "bytes")]
    pub per_job: u64,
}

/// What it does on a signal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reaction {
    /// The signals with their prefix: `["SIGTERM", "SIGINT"]`.
    #[serde(deserialize_with = "signals")]
    pub signals: Vec<String>,
    /// What it does.
    pub does: Deed,
    /// What it prints at once.
    pub prints: Vec<Print>,
    /// How long it still works before it leaves.
    #[serde(deserialize_with = "duration")]
    pub takes: Duration,
    /// How long it waits for the jobs in hand before it gives them back; missing: for ever.
    #[serde(deserialize_with = "some_duration")]
    pub patience: Option<Duration>,
    /// What it prints when it waits for jobs in hand.
    pub waits: Vec<Print>,
    /// What it prints when its patience is over.
    pub gives_up: Vec<Print>,
    /// Its last words.
    pub leaves: Farewell,
}

/// What a program does on a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// Finishes the job in hand and leaves.
    #[default]
    Finish,
    /// Takes no new job, and stays.
    Quiet,
    /// Goes on.
    Stay,
    /// Does not notice.
    Ignore,
}

/// An option after which it ends by itself, such as `--time-limit=3600`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndOption {
    /// The option without its dashes: `time-limit`.
    pub option: String,
    /// What its value counts.
    pub counts: Counts,
    /// The status it then exits with.
    #[serde(default)]
    pub status: u8,
    /// Its part of the announcement `{reasons}`.
    pub reason: Option<String>,
    /// What it prints when it ends for that; `{value}` is the option's.
    #[serde(default)]
    pub prints: Vec<Print>,
}

/// What the value of an [`EndOption`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// Seconds since its start.
    Seconds,
    /// Jobs handled.
    Messages,
    /// Attempts failed.
    Failures,
    /// Memory: a number of megabytes, or with a suffix `M` or `G`.
    Memory,
    /// Memory: bytes, or with a suffix.
    Bytes,
    /// Nothing: it ends when the queue is empty.
    WhenEmpty,
    /// Nothing: it ends after one job.
    Once,
}

/// A crash of its own: one of `after`, `daily`, `memory` says when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Crash {
    /// So long after its start.
    #[serde(deserialize_with = "some_duration")]
    pub after: Option<Duration>,
    /// At this time of every day (UTC), if it runs then.
    #[serde(deserialize_with = "time_of_day")]
    pub daily: Option<Duration>,
    /// When its memory reaches so many bytes.
    #[serde(deserialize_with = "some_bytes")]
    pub memory: Option<u64>,
    /// Its last words and how it ends.
    pub dies: Farewell,
}

/// An option of a console's command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionSpec {
    /// Its name without dashes.
    pub name: String,
    /// Its letter.
    pub letter: Option<char>,
    /// The name of its value in capitals; missing: it takes none.
    pub value: Option<String>,
    /// What must be given: `positive`, a whole number above 0.
    pub wants: Option<Wants>,
    /// The value when it is not given.
    pub default: Option<String>,
}

/// What an option's value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wants {
    /// A whole number above 0.
    Positive,
}

/// An operand of a console's command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operand {
    /// Its name, for `{placeholders}` and the usage line.
    pub name: String,
    /// Whether several may be given.
    #[serde(default)]
    pub many: bool,
    /// Taken when none is given; missing as `required`: an error.
    pub default: Option<String>,
    /// Whether it must be given.
    #[serde(default)]
    pub required: bool,
    /// Every one must be the name of a queue of the console; what is said otherwise, `{value}` and `{queues}` in it.
    pub queue: Option<String>,
}
