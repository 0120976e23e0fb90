//! What an awk program is once it is read.

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A number.
    Number(f64),
    /// A string constant.
    Text(String),
    /// `/re/`: as a value, whether `$0` matches; as the right side of `~`, the expression itself.
    Regexp(String),
    /// A variable or a parameter.
    Name(String),
    /// `a[i, j]`.
    Element(String, Vec<Expr>),
    /// `$e`.
    Field(Box<Expr>),
    /// `a = b`, `a += b`: the operator without its `=`.
    Assign(Box<Expr>, Option<Binary>, Box<Expr>),
    /// `++a`, `a++`: by how much, and whether the old value is the result.
    Step(Box<Expr>, f64, bool),
    /// `!e`, `-e`, `+e`.
    Not(Box<Expr>),
    /// `-e`.
    Minus(Box<Expr>),
    /// `+e`.
    Plus(Box<Expr>),
    /// An operator between two values.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `a && b`.
    And(Box<Expr>, Box<Expr>),
    /// `a || b`.
    Or(Box<Expr>, Box<Expr>),
    /// `a ~ b`, or `a !~ b` with `true`.
    Match(Box<Expr>, Box<Expr>, bool),
    /// `(i, j) in a`.
    In(Vec<Expr>, String),
    /// `c ? a : b`.
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A built-in function.
    Builtin(String, Vec<Expr>),
    /// A function of the program.
    Call(String, Vec<Expr>),
    /// `(a, b)`: only before `in` and in `print`.
    Group(Vec<Expr>),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// Numbers.
    Add,
    /// Numbers.
    Subtract,
    /// Numbers.
    Multiply,
    /// Numbers.
    Divide,
    /// Numbers.
    Modulo,
    /// Numbers.
    Power,
    /// Strings, one after the other.
    Concat,
    /// Numbers or strings.
    Less,
    /// Numbers or strings.
    LessEqual,
    /// Numbers or strings.
    Equal,
    /// Numbers or strings.
    NotEqual,
    /// Numbers or strings.
    Greater,
    /// Numbers or strings.
    GreaterEqual,
}

/// Where `print` writes.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Standard output.
    Standard,
    /// `> file`, or `>> file` with `true`.
    File(Expr, bool),
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// An expression for its effect.
    Expr(Expr),
    /// `print`.
    Print(Vec<Expr>, Output),
    /// `printf`: the format first.
    Printf(Vec<Expr>, Output),
    /// `if`.
    If(Expr, Box<Statement>, Option<Box<Statement>>),
    /// `while`.
    While(Expr, Box<Statement>),
    /// `do … while`.
    Do(Box<Statement>, Expr),
    /// `for (;;)`.
    For(Option<Box<Statement>>, Option<Expr>, Option<Box<Statement>>, Box<Statement>),
    /// `for (k in a)`.
    ForIn(String, String, Box<Statement>),
    /// `{ … }`.
    Block(Vec<Statement>),
    /// `next`.
    Next,
    /// `exit`.
    Exit(Option<Expr>),
    /// `return`.
    Return(Option<Expr>),
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `delete a[i]`, or all of `a`.
    Delete(String, Option<Vec<Expr>>),
}

/// When a rule applies.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// Before the input.
    Begin,
    /// After the input.
    End,
    /// Every record.
    Always,
    /// Where the expression is true.
    When(Expr),
    /// From a record to another.
    Range(Expr, Expr),
}

/// A function of the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its parameters.
    pub parameters: Vec<String>,
    /// Its body.
    pub body: Vec<Statement>,
}

/// A program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Patterns with their actions, in order; no action prints the record.
    pub rules: Vec<(Pattern, Option<Vec<Statement>>)>,
    /// Functions by name.
    pub functions: std::collections::BTreeMap<String, Function>,
}
