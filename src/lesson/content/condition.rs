//! What must be true of a machine: the closed vocabulary of `check = …` and `when = …`.
//!
//! A condition looks at effects and never at keystrokes, so that any way of reaching them is accepted.

use super::measure::{Compare, Span};
use super::reader::{words, words_of};
use crate::systemd::states::{ActiveState, ServiceResult, UnitFileState};
use regex::Regex;

/// Something that is true or false of a machine and of the answers given so far.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Every one is true.
    All(Vec<Condition>),
    /// At least one is true.
    Any(Vec<Condition>),
    /// It is false.
    Not(Box<Condition>),
    /// About a unit of the system manager.
    Unit(UnitCheck),
    /// About a file.
    File(FileCheck),
    /// About processes.
    Process(ProcessCheck),
    /// About a TCP port.
    Port(PortCheck),
    /// About lines of the journal.
    Journal(JournalCheck),
    /// About how often the machine has booted since the scenario began: the first boot is 1.
    Boot(Compare<u64>),
    /// About the messages that wait in a queue.
    Queue(QueueCheck),
    /// About an answer the student gave.
    Answer(AnswerCheck),
}

words_of!(ActiveState, UnitFileState, ServiceResult);

/// About a unit: whatever is given must hold.
#[derive(Clone, Debug, Default)]
pub struct UnitCheck {
    /// Its name with its suffix.
    pub unit: String,
    /// Whether a unit file (or a transient unit) of that name is loaded.
    pub exists: Option<bool>,
    /// Its `ActiveState=` is one of these.
    pub active: Vec<ActiveState>,
    /// Its `SubState=` is one of these.
    pub sub: Vec<String>,
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
    pub unit: Option<String>,
    /// A pattern their message matches.
    pub matches: Option<Regex>,
    /// How many there are.
    pub count: Compare<u64>,
}

/// About a queue of messages.
#[derive(Clone, Debug)]
pub struct QueueCheck {
    /// The queue's name.
    pub queue: String,
    /// How many messages wait.
    pub length: Compare<u64>,
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
