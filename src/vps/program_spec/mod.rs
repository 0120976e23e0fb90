//! A program as a scenario declares it: what it answers to, prints, listens on, consumes, and how it ends.
//!
//! Plain data, read from TOML: the keys of a table are the fields of the structure. The programs of a distribution are
//! coded one by one; the applications that run on it are declared. The book tells how: "Declaring programs".

mod parts;
mod shipped;
mod values;

use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

pub use parts::{
    ArgPattern, Block, Connect, Consume, Counts, Crash, Deed, EndOption, Farewell, JobRule, Memory, Need, NeedVariable,
    Operand, OptionSpec, Print, Produce, Reaction, Wants,
};
pub use shipped::{shipped, shipped_names};
pub use values::Lines;
use values::{duration, durations, some_duration, some_port};

use super::queues::Ledger;
use crate::world::World;

/// A file of declarations: `scenarios/_programs/NAME.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramFile {
    /// The format of the file: 1.
    pub format: u32,
    /// The consoles: scripts with many commands.
    #[serde(default)]
    pub console: Vec<Console>,
    /// The queues.
    #[serde(default)]
    pub queue: Vec<QueueSpec>,
    /// The programs.
    #[serde(default)]
    pub program: Vec<ProgramSpec>,
}

/// A script that has many commands, such as `bin/console` and `artisan`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    /// The name by which its programs refer to it.
    pub id: String,
    /// What interprets it: `php`.
    pub interpreter: String,
    /// How its path ends: `bin/console`. The rest of the path is the application's folder, `{root}`.
    pub script: String,
    /// A text that stands in the script: other files of that name are other programs.
    pub holds: String,
    /// How it speaks.
    pub look: Look,
    /// What `--version` prints.
    pub version: String,
    /// Options of every command.
    #[serde(default)]
    pub options: Vec<OptionSpec>,
}

/// How a console speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// In the style of Symfony's console.
    #[default]
    Symfony,
    /// In the style of Laravel's.
    Laravel,
}

/// A queue: where it lives and what happens to a job whose worker died.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSpec {
    /// Its name on command lines.
    pub name: String,
    /// Its key in redis, or the file of a `table` below `{root}`.
    pub key: String,
    /// How jobs are taken.
    pub transport: Transport,
    /// How a job is stored: `{job}`, `{id}`, `{attempts}`, `{at}` stand for what differs.
    #[serde(default)]
    pub stored: Option<String>,
    /// How it is stored after an attempt that failed; missing: the same way.
    #[serde(default)]
    pub stored_again: Option<String>,
    /// How long a job may be in work before it is given out again (`reserve`).
    #[serde(default = "minute_and_a_half", deserialize_with = "duration")]
    pub redeliver: Duration,
    /// How often a job is tried; the option `tries`, when declared, says otherwise. 0: for ever.
    #[serde(default = "one_try")]
    pub tries: u32,
    /// How long after a failure it is tried again, the last for all further ones.
    #[serde(default, deserialize_with = "durations")]
    pub backoff: Vec<Duration>,
    /// The sorted set where jobs stand that are to be tried again.
    #[serde(default)]
    pub delayed: Option<String>,
    /// The `table` that takes jobs which failed too often; missing: they are dropped.
    #[serde(default)]
    pub failed: Option<String>,
}

fn minute_and_a_half() -> Duration {
    Duration::from_secs(90)
}

fn one_try() -> u32 {
    1
}

/// How jobs are taken from a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// From a redis stream with a consumer group: a killed worker gets its unfinished job again when it is back.
    Stream,
    /// From a redis list into a set of reserved jobs: a killed worker's job comes back after `redeliver`.
    Reserve,
    /// From a redis list: a killed worker's job is lost.
    #[default]
    Pop,
    /// From the rows of a file: a killed worker's job is still there.
    Table,
}

/// One declared program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramSpec {
    /// Its name in the scenario.
    pub id: String,
    /// What its argument list must be for this declaration to be the one that runs.
    #[serde(default)]
    pub argv: Vec<ArgPattern>,
    /// A text that its script (the first argument that is no option) must hold.
    pub holds: Option<String>,
    /// The console that it is a command of, instead of `argv`.
    pub console: Option<String>,
    /// Its name as a command of that console.
    #[serde(default)]
    pub command: String,
    /// What the list of commands says about it.
    #[serde(default)]
    pub purpose: String,
    /// Its options.
    #[serde(default)]
    pub options: Vec<OptionSpec>,
    /// Its operand.
    pub operand: Option<Operand>,
    /// What it does.
    #[serde(default)]
    pub does: Action,
    /// Of which queue, for what it does.
    pub queue: Option<String>,
    /// The file by which workers are told to stop, written by `stop-workers` and watched by the workers.
    pub stop_file: Option<String>,
    /// Files that must exist and be readable, relative to its working folder unless absolute; checked in order.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Variables that must be set.
    #[serde(default)]
    pub variables: Vec<NeedVariable>,
    /// Ports that must answer when it starts; checked in order.
    #[serde(default)]
    pub connects: Vec<Connect>,
    /// How long it takes to start before it does anything.
    #[serde(default, deserialize_with = "duration")]
    pub boot: Duration,
    /// What it prints of itself, in order of time.
    #[serde(default)]
    pub prints: Vec<Print>,
    /// How its announcement of `{reasons}` to leave ends.
    pub reasons_end: Option<String>,
    /// The TCP port it opens.
    #[serde(default, deserialize_with = "some_port")]
    pub port: Option<u16>,
    /// The option, operand or variable of the environment that says otherwise about the port.
    pub port_from: Option<String>,
    /// The queue that it consumes.
    pub consumes: Option<Consume>,
    /// Jobs that it puts into a queue.
    #[serde(default)]
    pub produces: Vec<Produce>,
    /// Its memory over time.
    #[serde(default)]
    pub memory: Memory,
    /// What it does on signals; those not named have their default action.
    #[serde(default)]
    pub on: Vec<Reaction>,
    /// Options that end it by themselves.
    #[serde(default)]
    pub ends: Vec<EndOption>,
    /// What it prints when it leaves between two jobs, whatever the reason.
    #[serde(default)]
    pub stops: Vec<Print>,
    /// How it crashes by itself.
    #[serde(default)]
    pub crash: Vec<Crash>,
    /// How long it runs; missing: for ever. Then it exits with `status`.
    #[serde(default, deserialize_with = "some_duration")]
    pub runs_for: Option<Duration>,
    /// The status it exits with at its own end.
    #[serde(default)]
    pub status: u8,
    /// The name that `ps` shows instead of its arguments.
    pub title: Option<String>,
}

/// What a declared program does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Runs until something ends it.
    #[default]
    Run,
    /// Puts the operand into the queue.
    Send,
    /// Counts what waits.
    Stats,
    /// Lists the jobs that failed too often, or shows one.
    FailedShow,
    /// Puts failed jobs back.
    FailedRetry,
    /// Removes failed jobs.
    FailedRemove,
    /// Removes all failed jobs.
    FailedFlush,
    /// Writes the stop file.
    StopWorkers,
    /// Removes all waiting jobs.
    Clear,
}

impl ProgramSpec {
    /// Whether this declaration answers to the argument list `args`, the program's own name first. Options of an
    /// interpreter before its script do not count.
    pub fn answers_to(&self, args: &[String]) -> bool {
        let mut rest = args;
        for (position, pattern) in self.argv.iter().enumerate() {
            match (pattern, rest.split_first()) {
                (ArgPattern::Rest, _) => return true,
                (ArgPattern::Word(word), Some((arg, tail))) if names(word, arg, position == 0) => {
                    rest = tail;
                    while position == 0 && is_interpreter(word) && rest.first().is_some_and(|arg| is_switch(arg)) {
                        rest = &rest[1..];
                    }
                }
                (ArgPattern::Any, Some((_, tail))) => rest = tail,
                _ => return false,
            }
        }
        !self.argv.is_empty() && rest.is_empty()
    }
}

/// The name that stands in the program file of a declared program that no interpreter runs.
pub const PROGRAM: &str = "declared";

/// Gives a machine its declared programs, before those that ship with the product. One whose first word names no file
/// gets a program file: at its path, or in `/usr/local/bin`.
pub fn declare(world: &mut World, files: Vec<ProgramFile>) {
    let now = world.now;
    for spec in files.iter().flat_map(|file| &file.program) {
        let Some(ArgPattern::Word(word)) = spec.argv.first() else { continue };
        let paths = match word.starts_with('/') {
            true => vec![word.clone()],
            false => ["/usr/local/bin", "/usr/bin", "/usr/sbin"].iter().map(|dir| format!("{dir}/{word}")).collect(),
        };
        if paths.iter().all(|path| world.files.get(path).is_none()) {
            world.files.put(&paths[0], &World::program_file(PROGRAM), 0o755, (0, 0), now);
        }
    }
    let mut declared = Declared::of(world).cloned().unwrap_or_default();
    declared.own = Arc::new(files);
    world.annex = Some(Arc::new(declared));
}

/// What a machine keeps beside its disk and its processes: its declared programs, and what became of their jobs.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The scenario's own declarations.
    pub own: Arc<Vec<ProgramFile>>,
    /// What became of the jobs.
    pub ledger: Ledger,
}

impl Declared {
    /// The machine's.
    pub fn of(world: &World) -> Option<&Declared> {
        world.annex.as_ref()?.downcast_ref()
    }
}

/// The files of declarations that a machine knows: the scenario's own, then those that ship with the product.
pub fn declared(world: &World) -> impl Iterator<Item = &ProgramFile> {
    Declared::of(world).map_or(&[][..], |declared| declared.own.as_slice()).iter().chain(shipped())
}

fn names(word: &str, arg: &str, is_program: bool) -> bool {
    let file = !word.starts_with(['-', '/']) && (is_program && !word.contains('/') || word.contains('.'));
    arg == word || file && arg.strip_suffix(word).is_some_and(|folder| folder.ends_with('/'))
}

fn is_interpreter(word: &str) -> bool {
    matches!(word, "php" | "node" | "python3" | "ruby")
}

/// An option of an interpreter that takes no word after it.
fn is_switch(arg: &str) -> bool {
    arg.len() > 1
        && arg.starts_with('-')
        && !matches!(arg, "-v" | "--version" | "-d" | "-m" | "-c" | "-e" | "-r" | "-a" | "-V")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_answers_to_its_arguments() {
        let word = |w: &str| ArgPattern::Word(w.to_owned());
        let argv = vec![word("php"), word("work.php"), ArgPattern::Any, ArgPattern::Rest];
        let spec = ProgramSpec { argv, ..ProgramSpec::default() };
        let args = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(spec.answers_to(&args("php work.php messenger:consume")));
        assert!(spec.answers_to(&args("/usr/bin/php work.php messenger:consume async -vv")));
        assert!(!spec.answers_to(&args("php work.php")));
        assert!(!spec.answers_to(&args("php /srv/homework.php x")));
        assert!(!ProgramSpec::default().answers_to(&[]));
    }
}
