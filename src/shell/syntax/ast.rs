//! The tree of a shell command: bash(1), SHELL GRAMMAR.
//!
//! Sub-trees are behind [`Arc`], so that a running shell can hold its place in the tree on an explicit stack and a copy
//! of that shell costs nothing. It does not hold text: a [`Word`] keeps what bash would print for it.

use std::sync::{Arc, OnceLock};

pub use super::word::*;

/// A sequence of and-or lists: one complete command line, or the body of a compound command. May be empty.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct List {
    /// In the order in which they run.
    pub items: Vec<ListItem>,
}

/// One member of a [`List`] with what ends it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListItem {
    /// What runs.
    pub and_or: Arc<AndOr>,
    /// What stands after it.
    pub end: Separator,
}

/// What ends a member of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `;`, or nothing at the end of the text.
    Semicolon,
    /// A newline: the same as `;` but for printing.
    Newline,
    /// `&`: the member runs in the background.
    Background,
}

/// Pipelines joined with `&&` and `||`, which have equal rank and group to the left.
#[derive(Clone, Debug, PartialEq)]
pub struct AndOr {
    /// The pipeline that always runs.
    pub first: Arc<Pipeline>,
    /// The pipelines that run depending on the status so far.
    pub rest: Vec<(AndOrOp, Arc<Pipeline>)>,
}

/// The operator before a pipeline of an [`AndOr`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AndOrOp {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined with `|`. `a |& b` is stored as `a 2>&1 | b`, as bash does.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// `!`: the status is inverted.
    pub negated: bool,
    /// `time`: the times are reported at the end.
    pub timed: Option<Timed>,
    /// Empty only for a bare `!` or `time`.
    pub commands: Vec<Arc<Command>>,
}

/// The reserved word `time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// `-p`: the POSIX format.
    pub posix: bool,
}

/// A place in the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Span {
    /// Byte offset of the first byte, in the text given to the parser.
    pub start: usize,
    /// Byte offset after the last byte.
    pub end: usize,
    /// Line number of `start`, from 1.
    pub line: u32,
}

/// One element of a pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it is.
    pub kind: CommandKind,
    /// In the order in which they are made. A simple command's own are here too, wherever they stood in it.
    pub redirects: Vec<Redirect>,
    /// Where it stands; `span.line` is `$LINENO`.
    pub span: Span,
}

/// The kinds of commands.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandKind {
    /// `a=1 name word …`
    Simple(SimpleCommand),
    /// `{ list; }`
    BraceGroup(Arc<List>),
    /// `( list )`
    Subshell(Arc<List>),
    /// `if … fi`
    If(IfClause),
    /// `for name [in word …]; do … done`
    For(ForClause),
    /// `select name [in word …]; do … done`
    Select(ForClause),
    /// `for ((init; test; step)); do … done`
    ArithFor(ArithForClause),
    /// `while …; do …; done`
    While(LoopClause),
    /// `until …; do …; done`
    Until(LoopClause),
    /// `case word in … esac`
    Case(CaseClause),
    /// `name () command`
    Function(FunctionDef),
    /// `[[ expression ]]`
    Conditional(Arc<Condition>),
    /// `(( expression ))`, to be expanded as if in double quotes, then evaluated.
    Arithmetic(Word),
    /// `coproc [NAME] command`
    Coproc(Coproc),
}

/// Assignments, words and (in [`Command::redirects`]) redirections.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SimpleCommand {
    /// The assignments before the first word.
    pub assignments: Vec<Assignment>,
    /// The name and its arguments; may be empty.
    pub words: Vec<Word>,
}

/// `name=value`, `name+=value`, `name[sub]=value`, `name=(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The text between brackets: an arithmetic expression, or the key of an associative array.
    pub subscript: Option<Word>,
    /// `+=`
    pub append: bool,
    /// What is assigned.
    pub value: AssignmentValue,
    /// As bash prints it.
    pub raw: Arc<str>,
}

/// The right-hand side of an [`Assignment`].
#[derive(Clone, Debug, PartialEq)]
pub enum AssignmentValue {
    /// Not split, not globbed.
    Scalar(Word),
    /// `( … )`
    Array(Vec<ArrayElement>),
}

/// A member of a compound assignment.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrayElement {
    /// `[sub]=value`; such a value is neither split nor globbed.
    pub subscript: Option<Word>,
    /// `[sub]+=value`
    pub append: bool,
    /// Without a subscript: expanded to any number of words.
    pub value: Word,
}

/// `if` and its `elif`s.
#[derive(Clone, Debug, PartialEq)]
pub struct IfClause {
    /// Each condition with the list that runs when it is met; at least one.
    pub arms: Vec<(Arc<List>, Arc<List>)>,
    /// The list after `else`.
    pub otherwise: Option<Arc<List>>,
}

/// `for` and `select`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForClause {
    /// As written; it may not be a valid identifier, which is an error when it runs.
    pub name: Word,
    /// Without `in`: the positional parameters.
    pub words: Option<Vec<Word>>,
    /// Between `do` and `done`.
    pub body: Arc<List>,
}

/// `for ((init; test; step))`. An empty expression counts as 1.
#[derive(Clone, Debug, PartialEq)]
pub struct ArithForClause {
    /// Evaluated once.
    pub init: Word,
    /// Evaluated before each turn.
    pub test: Word,
    /// Evaluated after each turn.
    pub step: Word,
    /// Between `do` and `done`.
    pub body: Arc<List>,
}

/// `while` and `until`.
#[derive(Clone, Debug, PartialEq)]
pub struct LoopClause {
    /// Before `do`.
    pub condition: Arc<List>,
    /// Between `do` and `done`.
    pub body: Arc<List>,
}

/// `case`.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseClause {
    /// What is matched.
    pub word: Word,
    /// In the order in which they are tried.
    pub arms: Vec<CaseArm>,
}

/// `pattern | pattern) list ;;`
#[derive(Clone, Debug, PartialEq)]
pub struct CaseArm {
    /// At least one.
    pub patterns: Vec<Word>,
    /// May be empty.
    pub body: Arc<List>,
    /// What stands after the list.
    pub end: CaseEnd,
}

/// What ends an arm of `case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseEnd {
    /// `;;`: leave.
    Break,
    /// `;&`: run the next arm's list.
    FallThrough,
    /// `;;&`: go on testing the next patterns.
    TestNext,
}

/// A function definition. Its redirections are those of [`FunctionDef::body`].
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDef {
    /// As written.
    pub name: Arc<str>,
    /// A compound command.
    pub body: Arc<Command>,
}

/// `coproc`.
#[derive(Clone, Debug, PartialEq)]
pub struct Coproc {
    /// `COPROC` when it is not given.
    pub name: Arc<str>,
    /// What runs.
    pub body: Arc<Command>,
}

/// The expression of `[[ ]]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `! expression`
    Not(Arc<Condition>),
    /// `left && right`
    And(Arc<Condition>, Arc<Condition>),
    /// `left || right`
    Or(Arc<Condition>, Arc<Condition>),
    /// `( expression )`
    Group(Arc<Condition>),
    /// `-f word`; the operator with its dash.
    Unary(Arc<str>, Word),
    /// `left == right`, `left -lt right`, …; the right side of `=`, `==`, `!=` is a pattern, of `=~` a regular
    /// expression.
    Binary(Arc<str>, Word, Word),
    /// A word alone: true when it is not empty.
    Word(Word),
}

/// A redirection.
#[derive(Clone, Debug, PartialEq)]
pub struct Redirect {
    /// What stands before the operator.
    pub fd: RedirectFd,
    /// The operator.
    pub op: RedirectOp,
    /// What stands after it; for a here-document, its delimiter.
    pub target: Word,
    /// Of `<<` and `<<-` only.
    pub here: Option<HereDoc>,
}

/// The file descriptor that is redirected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectFd {
    /// 0 or 1 according to the operator.
    Default,
    /// A number written directly before the operator.
    Number(u32),
    /// `{name}`: bash chooses a number and stores it in the variable.
    Variable(Arc<str>),
}

/// The redirection operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectOp {
    /// `<`
    Input,
    /// `>`
    Output,
    /// `>>`
    Append,
    /// `>|`
    Clobber,
    /// `<>`
    ReadWrite,
    /// `<&`: the target expands to a number, to a number and `-` (move), or to `-` (close).
    DupInput,
    /// `>&`: as `<&`; without a number before it, a target that is none of these is a file, as with `&>`.
    DupOutput,
    /// `&>`
    OutputAll,
    /// `&>>`
    AppendAll,
    /// `<<`
    HereDoc,
    /// `<<-`
    HereDocStrip,
    /// `<<<`
    HereString,
}

/// What a here-document says.
#[derive(Clone, Debug, PartialEq)]
pub struct HereDoc {
    /// After quote removal.
    pub delimiter: Arc<str>,
    /// Some of the delimiter was quoted: nothing in the body is expanded.
    pub quoted: bool,
    /// The body stands after the line of the operator, so the parser fills it in later; it is always set in a tree
    /// that the parser returned.
    pub body: Arc<OnceLock<HereBody>>,
}

/// The body of a here-document, without its delimiter.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct HereBody {
    /// To be expanded as if in double quotes, where `"` is an ordinary character. `raw` is the text as written, leading
    /// tabs removed for `<<-`.
    pub word: Word,
    /// The end of the text came before the delimiter: bash warns with this line number of the operator, and goes on.
    pub cut_at_line: Option<u32>,
}
