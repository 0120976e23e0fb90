//! Words, as parsed and before any expansion: bash(1), QUOTING and EXPANSION.

use std::sync::Arc;

use super::ast::{Assignment, List, Span};

/// A word: a run of parts without a separator.
///
/// Braces, tildes and glob characters stay in [`WordPart::Literal`]: what they mean is known only when they are
/// expanded, and that they are in a literal says that they are not quoted.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Word {
    /// In order. No parts: the word is nothing (not an empty string in quotes).
    pub parts: Vec<WordPart>,
    /// As bash prints it, in a listing of jobs or of a function: the text as written, but for command substitutions,
    /// which are printed in canonical form, and `$'…'`, which is printed decoded.
    pub raw: Arc<str>,
    /// The word is an argument of a declaration builtin (`export`, `local`, …) and has the form of an assignment.
    pub assignment: Option<Arc<Assignment>>,
    /// Where it stands.
    pub span: Span,
}

/// A piece of a word.
#[derive(Clone, Debug, PartialEq)]
pub enum WordPart {
    /// Text outside quotes, where glob characters, braces and tildes count. In double quotes: plain text.
    Literal(Arc<str>),
    /// A character after a backslash. In double quotes only what a backslash may quote there.
    Escaped(char),
    /// `'…'`
    SingleQuoted(Arc<str>),
    /// `"…"` and `$"…"`; never contains quotes again but within expansions.
    DoubleQuoted(Vec<WordPart>),
    /// `$'…'`, decoded.
    AnsiQuoted(Arc<str>),
    /// `$name` and `${…}`
    Parameter(Arc<ParameterExpansion>),
    /// `$( … )`
    CommandSubstitution(Arc<CommandSubstitution>),
    /// `` `…` ``: the command's text, one level of backslashes removed. bash parses it only when it runs.
    Backquoted(Arc<str>),
    /// `<( … )` and `>( … )`
    ProcessSubstitution(Arc<ProcessSubstitution>),
    /// `$(( … ))` and `$[ … ]`, to be expanded as if in double quotes, then evaluated.
    Arithmetic(Arc<Word>),
}

/// `$( … )`
#[derive(Clone, Debug, PartialEq)]
pub struct CommandSubstitution {
    /// What runs in the subshell.
    pub body: Arc<List>,
    /// The text between the parentheses, in canonical form.
    pub source: Arc<str>,
    /// Line of the `$`, from 1.
    pub line: u32,
}

/// `<( … )` and `>( … )`
#[derive(Clone, Debug, PartialEq)]
pub struct ProcessSubstitution {
    /// `<( )`: the word becomes the name of a file from which the command's output is read.
    pub reads: bool,
    /// What runs in the subshell.
    pub body: Arc<List>,
    /// The text between the parentheses, in canonical form.
    pub source: Arc<str>,
}

/// `$name`, `${name}`, and every operator that may follow.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterExpansion {
    /// What is expanded.
    pub parameter: Parameter,
    /// `${a[…]}`
    pub subscript: Option<Subscript>,
    /// `${!name…}`: the value names the parameter.
    pub indirect: bool,
    /// What is done with the value.
    pub op: ParameterOp,
    /// As written, from `$` to `}`.
    pub raw: Arc<str>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// A shell variable.
    Variable(Arc<str>),
    /// `$1`, `${10}`, …; not `$0`.
    Positional(usize),
    /// One of `*@#?-$!0_`, but for `_`, which is a [`Parameter::Variable`].
    Special(char),
}

/// What stands in brackets after the name.
#[derive(Clone, Debug, PartialEq)]
pub enum Subscript {
    /// `[@]`
    At,
    /// `[*]`
    Star,
    /// An arithmetic expression, or the key of an associative array.
    Index(Word),
}

/// The operator of a parameter expansion.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterOp {
    /// The value itself.
    Value,
    /// `${#name}`: its length in characters, or the number of elements.
    Length,
    /// `${name-word}` and with a colon, which counts an empty value as unset.
    Default(Colon, Word),
    /// `${name=word}`
    Assign(Colon, Word),
    /// `${name?word}`
    Error(Colon, Word),
    /// `${name+word}`
    Alternative(Colon, Word),
    /// `${name#pattern}`, `##`: the second field says the longest match.
    RemovePrefix(Word, bool),
    /// `${name%pattern}`, `%%`
    RemoveSuffix(Word, bool),
    /// `${name/pattern/with}` and its forms.
    Replace(ReplaceKind, Word, Option<Word>),
    /// `${name:offset}` and `${name:offset:length}`: arithmetic expressions.
    Substring(Word, Option<Word>),
    /// `${name^pattern}` and its forms; an empty pattern is `?`.
    Case(CaseChange, Word),
    /// `${name@U}`: the letter after the `@`.
    Transform(char),
    /// `${!prefix*}` (false) and `${!prefix@}` (true): the names of variables.
    Names(bool),
    /// `${!name[*]}` (false) and `${!name[@]}` (true): the keys of an array.
    Keys(bool),
    /// What bash accepts as syntax and refuses when it expands it: `bad substitution`.
    Bad,
}

/// Whether there was a colon before the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colon {
    /// Unset or empty.
    With,
    /// Unset only.
    Without,
}

/// Which matches are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplaceKind {
    /// `/`
    First,
    /// `//`
    All,
    /// `/#`
    Prefix,
    /// `/%`
    Suffix,
}

/// What happens to the letters that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseChange {
    /// `^`
    UpperFirst,
    /// `^^`
    UpperAll,
    /// `,`
    LowerFirst,
    /// `,,`
    LowerAll,
    /// `~`
    ToggleFirst,
    /// `~~`
    ToggleAll,
}

impl Word {
    /// The text of a word that has neither quotes nor expansions: how reserved words, aliases and the names of
    /// builtins are recognised.
    pub fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [WordPart::Literal(text)] => Some(text),
            _ => None,
        }
    }
}
