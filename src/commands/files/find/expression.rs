//! The expression of find as a tree: find(1) EXPRESSION.

use crate::commands::files::mode::Change;
use crate::commands::text::regexp::Regexp;
use crate::world::Time;

/// A number compared: exactly, more (`+`) or less (`-`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Exactly(i64),
    More(i64),
    Less(i64),
}

impl Compare {
    /// Parses `5`, `+5`, `-5`.
    pub fn parse(text: &str) -> Option<Compare> {
        let digits = text.trim_start_matches(['+', '-']);
        let number: i64 = digits.parse().ok()?;
        match text.len() - digits.len() {
            0 => Some(Compare::Exactly(number)),
            1 if text.starts_with('+') => Some(Compare::More(number)),
            1 => Some(Compare::Less(number)),
            _ => None,
        }
    }

    pub fn holds(self, value: i64) -> bool {
        match self {
            Compare::Exactly(number) => value == number,
            Compare::More(number) => value > number,
            Compare::Less(number) => value < number,
        }
    }
}

/// How `-perm` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    Exactly(u16),
    All(u16),
    Any(u16),
}

/// One condition or action.
#[derive(Clone, Debug)]
pub(super) enum Test {
    True,
    False,
    Name(String, bool),
    Path(String, bool),
    LinkName(String, bool),
    Regex(Box<Regexp>),
    Kind(String),
    /// Which time (`m`, `a`, `c`), the unit in seconds, the comparison.
    Age(char, u64, Compare),
    NewerThan(char, Time),
    Size(Compare, u64),
    Empty,
    User(u32),
    Group(u32),
    NoUser,
    NoGroup,
    Permission(Permission),
    Access(char),
    Links(Compare),
    Inode(Compare),
    SameFile(u64),
    Print(&'static str),
    PrintFormat(String),
    List,
    Prune,
    Quit,
    Delete,
    /// The words, and whether it runs in the file's folder.
    Exec(Vec<String>, bool),
    /// `-exec … +`, by its place in [`Settings::batches`].
    ExecBatch(usize),
}

impl Test {
    /// Whether it does something, so that `-print` is not added.
    pub fn is_action(&self) -> bool {
        matches!(
            self,
            Test::Print(_) | Test::PrintFormat(_) | Test::List | Test::Delete | Test::Exec(..) | Test::ExecBatch(_)
        )
    }
}

/// The tree.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Test(Test),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Comma(Box<Expression>, Box<Expression>),
}

/// What holds for the whole search.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub max_depth: Option<usize>,
    pub min_depth: usize,
    pub depth_first: bool,
    /// `-L`.
    pub follow: bool,
    /// The fixed words of each `-exec … +`.
    pub batches: Vec<Vec<String>>,
}

/// Bits of a parsed mode as `-perm` takes them.
pub(super) fn permission(text: &str) -> Option<Permission> {
    let bits = |text: &str| -> Option<u16> {
        let change: Change = crate::commands::files::mode::parse(text)?;
        Some(change.apply(0, false, 0))
    };
    match text.chars().next()? {
        '-' => bits(&text[1..]).map(Permission::All),
        '/' => bits(&text[1..]).map(Permission::Any),
        _ => bits(text).map(Permission::Exactly),
    }
}
