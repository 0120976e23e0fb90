//! An awk program as it was parsed: awk(1p).

use std::sync::Arc;

use crate::commands::text::regexp::Regexp;

/// Variables that awk itself knows, by their places among the globals.
pub(super) const SPECIAL: &[&str] = &[
    "NF", "NR", "FNR", "FS", "OFS", "ORS", "RS", "FILENAME", "SUBSEP", "RSTART", "RLENGTH", "CONVFMT", "OFMT",
    "ENVIRON", "ARGC", "ARGV",
];

/// A variable: global, or local to the function being run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Var {
    Global(usize),
    Local(usize),
}

/// Something that can be assigned.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Var(Var),
    Field(Box<Expr>),
    Element(Var, Vec<Expr>),
}

/// Where `getline` reads.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Main,
    File(Box<Expr>),
    Command,
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(Arc<[u8]>),
    /// A bare regular expression: whether the record matches.
    Regexp(Arc<Regexp>),
    Place(Place),
    Assign(Place, Option<char>, Box<Expr>),
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    In(Vec<Expr>, Var),
    Match(Box<Expr>, Box<Expr>, bool),
    Compare(&'static str, Box<Expr>, Box<Expr>),
    Concat(Box<Expr>, Box<Expr>),
    Arithmetic(char, Box<Expr>, Box<Expr>),
    Negative(Box<Expr>),
    Positive(Box<Expr>),
    Not(Box<Expr>),
    /// Place, the change, and whether the value is the one before.
    Step(Place, f64, bool),
    Call(usize, Vec<Expr>),
    Builtin(&'static str, Vec<Expr>),
    Getline(Option<Place>, Source),
    Grouping(Box<Expr>),
    /// `(a, b)`: only for print and `in`.
    List(Vec<Expr>),
}

/// Where `print` prints.
#[derive(Clone, Debug)]
pub(super) enum Redirect {
    Write(Expr),
    Append(Expr),
    Pipe,
}

/// A statement.
#[derive(Clone, Debug)]
pub(super) enum Statement {
    Expr(Expr),
    Print(Vec<Expr>, Option<Redirect>),
    Printf(Vec<Expr>, Option<Redirect>),
    If(Expr, Box<Statement>, Option<Box<Statement>>),
    While(Expr, Box<Statement>),
    Do(Box<Statement>, Expr),
    For(Option<Box<Statement>>, Option<Expr>, Option<Box<Statement>>, Box<Statement>),
    ForIn(Var, Var, Box<Statement>),
    Block(Vec<Statement>),
    Next,
    NextFile,
    Exit(Option<Expr>),
    Return(Option<Expr>),
    Break,
    Continue,
    Delete(Var, Vec<Expr>),
}

/// When an action is run.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    Begin,
    End,
    Always,
    Expr(Expr),
    /// By its place in the list of ranges.
    Range(Expr, Expr, usize),
}

/// A function.
#[derive(Clone, Debug, Default)]
pub(super) struct Function {
    pub name: String,
    pub parameters: usize,
    pub body: Option<Statement>,
}

/// A whole program.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub rules: Vec<(Pattern, Option<Statement>)>,
    pub functions: Vec<Function>,
    pub globals: Vec<String>,
    pub ranges: usize,
}
