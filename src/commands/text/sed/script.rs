//! A sed script as it was parsed: sed(1).

use crate::commands::text::regexp::Regexp;

/// Where a command applies.
#[derive(Clone, Debug)]
pub(super) enum Address {
    Line(u64),
    Last,
    /// `first~step`
    Step(u64, u64),
    /// `None`: the expression used last.
    Regexp(Option<Box<Regexp>>),
}

/// Where a range ends.
#[derive(Clone, Debug)]
pub(super) enum End {
    Address(Address),
    /// `,+N`
    Count(u64),
    /// `,~N`
    Multiple(u64),
}

/// Where a range stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RangeState {
    Outside,
    /// Inside, until this line when that is known.
    Inside(Option<u64>),
    /// `0,/re/` before its end.
    FromStart,
    /// A range from a line number is over.
    Over,
}

/// A piece of the right side of `s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Group(usize),
    /// `\U \L \u \l \E`
    Case(char),
}

/// `s`
#[derive(Clone, Debug)]
pub(super) struct Substitution {
    pub regexp: Option<Box<Regexp>>,
    pub replacement: Vec<Piece>,
    pub global: bool,
    pub print: bool,
    pub number: usize,
    pub output: Option<usize>,
}

/// What a command does.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// `{`: when it does not apply, go on behind its `}`.
    Block(usize),
    EndBlock,
    Append(String),
    Insert(String),
    Change(String),
    Branch(Option<usize>),
    BranchIf(Option<usize>),
    BranchUnless(Option<usize>),
    Quit(u8),
    QuitSilently(u8),
    List,
    ReadFile(String),
    Write(usize),
    WriteFirst(usize),
    Substitute(Box<Substitution>),
    Transliterate(Vec<(char, char)>),
    /// `= d D F g G h H n N p P x z`
    Simple(char),
}

/// A command with its addresses.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub from: Option<Address>,
    pub to: Option<End>,
    pub negated: bool,
    pub action: Action,
    pub state: RangeState,
}

/// A whole script.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    pub steps: Vec<Step>,
    /// Files that `w` writes.
    pub outputs: Vec<String>,
    /// `#n` on its first line.
    pub quiet: bool,
}
