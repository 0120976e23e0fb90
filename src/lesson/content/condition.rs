//! What must be true of a machine: the closed vocabulary of `check = …` and `when = …`.
//!
//! A condition looks at effects and never at keystrokes, so that any way of reaching them is accepted.

use super::measure::{Compare, Span};
use super::reader::{Word, words, words_of};
use crate::systemd::manager::PlainState;
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::states::{ActiveState, ServiceResult, ServiceState, UnitFileState};
use crate::systemd::unit_name::UnitType;
use regex::Regex;
use std::fmt;
use std::time::Duration;

/// Something that is true or false of a machine and of the answers given so far.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Every one is true.
    All(Vec<Condition>),
    /// At least one is true.
    Any(Vec<Condition>),
    /// It is false.
    Not(Box<Condition>),
    /// About a unit of the system manager, or of a user's.
    Unit(UnitCheck),
    /// About a file.
    File(FileCheck),
    /// About processes.
    Process(ProcessCheck),
    /// About a TCP port.
    Port(PortCheck),
    /// About lines of the journal.
    Journal(JournalCheck),
    /// About when a timer fires.
    Timer(TimerCheck),
    /// About how often the machine has booted since the scenario began: the first boot is 1.
    Boot(Compare<u64>),
    /// About the messages that wait in a queue.
    Queue(QueueCheck),
    /// About whether a user's manager runs without a session.
    Linger(LingerCheck),
    /// About an answer the student gave.
    Answer(AnswerCheck),
}

/// A unit of one of the machine's managers. It displays as systemctl takes it: `x.service`, `--user x.service`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitId {
    /// Its name with its suffix.
    pub name: String,
    /// Whose manager it belongs to; `None`: the system's.
    pub user: Option<String>,
}

impl UnitId {
    /// A unit of the system manager.
    pub fn system(name: impl Into<String>) -> UnitId {
        UnitId { name: name.into(), user: None }
    }

    /// What somebody logged in as `user` types: `worker`, `worker.timer`, `--user worker`; a name without suffix is a
    /// service's. `None` when no unit can have that name.
    pub fn typed(text: &str, user: &str) -> Option<UnitId> {
        let own = text.trim().strip_prefix("--user ");
        let name = unit_name_mangle(own.unwrap_or(text).trim(), "", false, UnitType::Service)?.name;
        Some(UnitId { name, user: own.map(|_| user.to_owned()) })
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = if self.user.is_some() { "--user " } else { "" };
        write!(f, "{scope}{}", self.name)
    }
}

words_of!(ActiveState, UnitFileState, ServiceResult);

/// A low-level state of any kind of unit (`SubState=`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubState(pub &'static str);

impl Word for SubState {
    fn words() -> Vec<(&'static str, Self)> {
        let services = ServiceState::ALL.iter().map(|state| state.as_str());
        let mut words: Vec<&str> = services.chain(PlainState::ALL.iter().map(|state| state.as_str())).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().map(|word| (word, SubState(word))).collect()
    }
}

/// About a unit: whatever is given must hold.
#[derive(Clone, Debug, Default)]
pub struct UnitCheck {
    /// Which.
    pub unit: UnitId,
    /// Whether a unit file (or a transient unit) of that name is loaded.
    pub exists: Option<bool>,
    /// Its `ActiveState=` is one of these.
    pub active: Vec<ActiveState>,
    /// Its `SubState=` is one of these.
    pub sub: Vec<SubState>,
    /// `is-enabled` says one of these.
    pub enabled: Vec<UnitFileState>,
    /// Its `Result=` is one of these.
    pub result: Vec<ServiceResult>,
    /// Its `NRestarts=`.
    pub restarts: Option<Compare<u64>>,
    /// How long it has been in its active state.
    pub since: Option<Compare<Span>>,
    /// Share of the time it was active, in millionths, since the copy was made (forks) or the lesson began.
    pub up: Option<Compare<u64>>,
    /// Properties as `systemctl show` prints them.
    pub property: Vec<(String, String)>,
}

words! {
    /// What kind of file it is.
    FileKind {
        /// A regular file.
        Regular = "regular",
        /// A folder.
        Directory = "directory",
        /// A symbolic link.
        Symlink = "symlink",
    }
}

/// About a file: whatever is given must hold.
#[derive(Clone, Debug, Default)]
pub struct FileCheck {
    /// Its absolute path.
    pub path: String,
    /// Whether it exists.
    pub exists: Option<bool>,
    /// What it is, not following a link.
    pub kind: Option<FileKind>,
    /// Its permission bits, octal without leading zeros.
    pub mode: Option<u32>,
    /// `USER` or `USER:GROUP`.
    pub owner: Option<String>,
    /// A pattern that its text matches, `^` and `$` at lines.
    pub contains: Option<Regex>,
    /// A pattern that its text does not match.
    pub absent: Option<Regex>,
}

/// About processes: at least one, or `count` of them, fit all of the rest.
#[derive(Clone, Debug)]
pub struct ProcessCheck {
    /// Part of its command line, as `ps -o args` shows it.
    pub process: String,
    /// Name of its effective user.
    pub user: Option<String>,
    /// Part of its parent's command line, or `1` for PID 1.
    pub parent: Option<String>,
    /// Whether it has a controlling terminal.
    pub terminal: Option<bool>,
    /// How many there are.
    pub count: Compare<u64>,
}

/// About a TCP port on which something listens.
#[derive(Clone, Debug)]
pub struct PortCheck {
    /// The port.
    pub port: u16,
    /// Whether anything listens on it.
    pub open: bool,
    /// The unit whose process listens.
    pub by: Option<String>,
}

/// About lines of the journal.
#[derive(Clone, Debug)]
pub struct JournalCheck {
    /// The unit they are about; `None` for any.
    pub unit: Option<UnitId>,
    /// A pattern their message matches.
    pub matches: Option<Regex>,
    /// How many there are.
    pub count: Compare<u64>,
    /// From when on.
    pub since: JournalSince,
}

/// From when on lines of the journal count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JournalSince {
    /// All of them, earlier boots included.
    #[default]
    Ever,
    /// Those of the current boot.
    Boot,
    /// Those since the copy was made that the goal is judged on.
    Fork,
    /// Those of the last while.
    Last(Duration),
}

/// About a timer: whatever is given must hold.
#[derive(Clone, Debug)]
pub struct TimerCheck {
    /// Which.
    pub timer: UnitId,
    /// How long it is until it fires next.
    pub next: Option<Compare<Span>>,
    /// It fired, and no longer ago than this.
    pub fired_within: Option<Duration>,
}

/// About a queue of messages: whatever is given must hold.
#[derive(Clone, Debug)]
pub struct QueueCheck {
    /// The queue's name.
    pub queue: String,
    /// How many messages wait.
    pub depth: Option<Compare<u64>>,
    /// How many have been handled.
    pub handled: Option<Compare<u64>>,
    /// How many are gone without having been handled.
    pub lost: Option<Compare<u64>>,
}

/// About lingering: loginctl(1) `enable-linger`.
#[derive(Clone, Debug)]
pub struct LingerCheck {
    /// The user.
    pub user: String,
    /// Whether that user lingers.
    pub on: bool,
}

/// About an answer to a quiz of the lesson.
#[derive(Clone, Debug)]
pub struct AnswerCheck {
    /// The quiz.
    pub answer: String,
    /// Whether the last answer was right; for a recall, whether it was given.
    pub right: bool,
}

impl Condition {
    /// Calls `visit` with every quiz id that the condition names.
    pub fn quizzes(&self, visit: &mut dyn FnMut(&str)) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|p| p.quizzes(visit)),
            Condition::Not(part) => part.quizzes(visit),
            Condition::Answer(check) => visit(&check.answer),
            _ => {}
        }
    }
}
