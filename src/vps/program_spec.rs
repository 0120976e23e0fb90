//! A program as a scenario declares it: what it answers to, prints, listens on, consumes, and how it ends.
//!
//! Plain data. The programs of a distribution are coded one by one; the applications that run on it are declared.

use std::sync::Arc;
use std::time::Duration;

use super::queues::Ledger;
use crate::world::World;

/// One declared program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgramSpec {
    /// Its name in the scenario.
    pub id: String,
    /// What its argument list must be for this declaration to be the one that runs.
    pub argv: Vec<ArgPattern>,
    /// Files that must exist and be readable, relative to its working folder unless absolute; checked in order.
    pub needs: Vec<Need>,
    /// Units or ports that must answer when it starts; checked in order.
    pub connects: Vec<Connect>,
    /// What it prints of itself, in order of time.
    pub prints: Vec<Print>,
    /// The TCP port it opens.
    pub port: Option<u16>,
    /// The queue that it consumes.
    pub consumes: Option<Consume>,
    /// Its memory over time.
    pub memory: Memory,
    /// What it does on SIGTERM (and on SIGINT); `None`: the signal's default action ends it.
    pub on_term: Option<OnTerm>,
    /// Options that end it by themselves.
    pub ends: Vec<EndOption>,
    /// How it crashes by itself.
    pub crashes: Vec<Crash>,
    /// How long it runs; `None`: for ever. Then it exits with `status`.
    pub runs_for: Option<Duration>,
    /// The status it exits with at its own end.
    pub status: u8,
}

/// One word of an argument list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgPattern {
    /// This word. A first word without a slash also stands for any path that ends in it: `php` for `/usr/bin/php`.
    Word(String),
    /// Exactly one word, whatever it is.
    Any,
    /// Any number of further words, options among them.
    Rest,
}

/// A file that the program needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its path.
    pub path: String,
    /// What is printed when it is missing.
    pub otherwise: Farewell,
}

/// Something that must be listening when the program starts or while it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    /// The TCP port on this machine.
    pub port: u16,
    /// What is printed when nothing listens.
    pub otherwise: Farewell,
}

/// The last words of a program and how it leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Farewell {
    /// Lines on standard output.
    pub stdout: Vec<String>,
    /// Lines on standard error.
    pub stderr: Vec<String>,
    /// How it ends.
    pub end: End,
}

/// How a program ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With an exit status.
    Exit(u8),
    /// By a signal, named with its prefix: `SIGSEGV`.
    Signal(String),
}

impl Default for End {
    fn default() -> Self {
        End::Exit(0)
    }
}

/// Something that it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// How long after its start.
    pub after: Duration,
    /// How often again; `None`: once.
    pub every: Option<Duration>,
    /// On which stream.
    pub stream: Stream,
    /// The lines. `{pid}` stands for its process id and `{time}` for the time as `HH:MM:SS`.
    pub lines: Vec<String>,
}

/// A standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How it consumes a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consume {
    /// The queue's name.
    pub queue: String,
    /// How long one message takes.
    pub each: Duration,
    /// What it prints for each on standard output; `{message}` stands for the message.
    pub prints: Vec<String>,
    /// A message that kills it, and how. The message stays in the queue.
    pub poison: Option<(String, Farewell)>,
}

/// Its memory over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Resident bytes at its start.
    pub start: u64,
    /// Bytes added in an hour.
    pub per_hour: u64,
}

/// What it does on SIGTERM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnTerm {
    /// How long it still works.
    pub takes: Duration,
    /// What it prints and how it ends.
    pub farewell: Farewell,
    /// Whether it ignores the signal altogether.
    pub ignores: bool,
}

/// An option after which it ends by itself, such as `--time-limit=3600`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndOption {
    /// The option with its dashes and without its value: `--time-limit`.
    pub option: String,
    /// What its value counts.
    pub counts: Counts,
    /// The status it then exits with.
    pub status: u8,
}

/// What the value of an [`EndOption`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Seconds since its start.
    Seconds,
    /// Messages consumed.
    Messages,
    /// Megabytes of memory (a suffix `M` or `G` is allowed).
    Memory,
}

/// A crash of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crash {
    /// When.
    pub when: CrashTime,
    /// Its last words and how it ends.
    pub farewell: Farewell,
}

/// When a program crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashTime {
    /// So long after its start.
    After(Duration),
    /// At this time of every day (UTC), counted from midnight, if it runs then.
    Daily(Duration),
    /// When its memory reaches so many bytes.
    Memory(u64),
}

impl ProgramSpec {
    /// Whether this declaration answers to the argument list `args`, the program's own name first.
    pub fn answers_to(&self, args: &[String]) -> bool {
        let mut rest = args;
        for (position, pattern) in self.argv.iter().enumerate() {
            match (pattern, rest.split_first()) {
                (ArgPattern::Rest, _) => return true,
                (ArgPattern::Word(word), Some((arg, tail))) if names(word, arg, position == 0) => rest = tail,
                (ArgPattern::Any, Some((_, tail))) => rest = tail,
                _ => return false,
            }
        }
        !self.argv.is_empty() && rest.is_empty()
    }
}

/// The name that stands in the program file of a declared program that no interpreter runs.
pub const PROGRAM: &str = "declared";

/// Gives a machine its declared programs. One whose first word names no file gets a program file: at its path, or in
/// `/usr/local/bin`.
pub fn declare(world: &mut World, programs: Vec<ProgramSpec>) {
    let now = world.now;
    for spec in &programs {
        let Some(ArgPattern::Word(word)) = spec.argv.first() else { continue };
        let paths = match word.starts_with('/') {
            true => vec![word.clone()],
            false => ["/usr/local/bin", "/usr/bin", "/usr/sbin"].iter().map(|dir| format!("{dir}/{word}")).collect(),
        };
        if paths.iter().all(|path| world.files.get(path).is_none()) {
            world.files.put(&paths[0], &World::program_file(PROGRAM), 0o755, (0, 0), now);
        }
    }
    world.annex = Some(Arc::new(Declared { programs: Arc::new(programs), ledger: Ledger::default() }));
}

/// What a machine keeps beside its disk and its processes: its declared programs, and what became of their jobs.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The declared programs, the scenario's own first.
    pub programs: Arc<Vec<ProgramSpec>>,
    /// What became of the jobs.
    pub ledger: Ledger,
}

impl Declared {
    /// The machine's.
    pub fn of(world: &World) -> Option<&Declared> {
        world.annex.as_ref()?.downcast_ref()
    }
}

/// The declared programs of a machine.
pub fn declared(world: &World) -> &[ProgramSpec] {
    Declared::of(world).map_or(&[], |declared| declared.programs.as_slice())
}

fn names(word: &str, arg: &str, is_program: bool) -> bool {
    let base = if is_program && !word.contains('/') { arg.rsplit('/').next().unwrap_or(arg) } else { arg };
    base == word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_answers_to_its_arguments() {
        let word = |w: &str| ArgPattern::Word(w.to_owned());
        let argv = vec![word("php"), word("bin/console"), ArgPattern::Any, ArgPattern::Rest];
        let spec = ProgramSpec { argv, ..ProgramSpec::default() };
        let args = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(spec.answers_to(&args("php bin/console messenger:consume")));
        assert!(spec.answers_to(&args("/usr/bin/php bin/console messenger:consume async -vv")));
        assert!(!spec.answers_to(&args("php bin/console")));
        assert!(!spec.answers_to(&args("php /opt/app/bin/console x")));
        assert!(!ProgramSpec::default().answers_to(&[]));
    }
}
