//! Evaluates a condition: test(1), and the shell's builtins `test` and `[`.

use super::number::parse_integer;
use crate::commands::Command;
use crate::world::fs::{Access, Inode, Kind};
use crate::world::{Cx, NeedInput, Sys, one_shot};

/// The command file of `test`.
pub const COMMAND: Command = Command { name: "test", path: "/usr/bin/test", program: |argv| one_shot(run, argv) };
/// The command file of `[`.
pub const BRACKET: Command = Command { name: "[", path: "/usr/bin/[", program: |argv| one_shot(run, argv) };

/// What a condition asks its surroundings.
pub trait Surroundings {
    /// The file at a path.
    fn file(&mut self, path: &str, follow: bool) -> Option<Inode>;
    /// The number of the file at a path, links followed.
    fn number(&mut self, path: &str) -> Option<u64>;
    /// access(2).
    fn access(&mut self, path: &str, access: Access) -> bool;
    /// Whether a descriptor is a terminal.
    fn is_terminal(&mut self, fd: u32) -> bool;
    /// User id and group id.
    fn ids(&mut self) -> (u32, u32);
    /// `-v`: whether the shell has that variable set. `None`: not a shell.
    fn variable(&mut self, name: &str) -> Option<bool>;
    /// `-o`: whether that option of the shell is on. `None`: not a shell.
    fn option(&mut self, name: &str) -> Option<bool>;
}

impl Surroundings for Sys<'_> {
    fn file(&mut self, path: &str, follow: bool) -> Option<Inode> {
        let found = if follow { self.stat(path) } else { self.lstat(path) };
        found.ok().cloned()
    }

    fn number(&mut self, path: &str) -> Option<u64> {
        self.lookup(path, true).ok()
    }

    fn access(&mut self, path: &str, access: Access) -> bool {
        Sys::access(self, path, access).is_ok()
    }

    fn is_terminal(&mut self, fd: u32) -> bool {
        self.isatty(fd)
    }

    fn ids(&mut self) -> (u32, u32) {
        let cred = self.cred();
        (cred.uid, cred.gid)
    }

    fn variable(&mut self, _: &str) -> Option<bool> {
        None
    }

    fn option(&mut self, _: &str) -> Option<bool> {
        None
    }
}

/// Why a condition is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No `]` at the end.
    NoBracket,
    /// An operand is missing after this one.
    Missing(String),
    /// Two words of which the first is no operator.
    Two(String, String),
    /// Not a binary operator.
    Binary(String),
    /// Not a number.
    Integer(String),
    /// A `)` is missing; what stands there.
    Parenthesis(Option<String>),
    /// More words than a condition has.
    Extra(String),
}

impl Wrong {
    /// What bash prints after `[: ` or `test: `.
    pub fn bash(&self) -> String {
        match self {
            Wrong::NoBracket => "missing `]'".into(),
            Wrong::Missing(_) => "argument expected".into(),
            Wrong::Two(word, _) => format!("{word}: unary operator expected"),
            Wrong::Binary(word) => format!("{word}: binary operator expected"),
            Wrong::Integer(word) => format!("{word}: integer expression expected"),
            Wrong::Parenthesis(None) => "`)' expected".into(),
            Wrong::Parenthesis(Some(word)) => format!("`)' expected, found {word}"),
            Wrong::Extra(word) if word.starts_with('-') => format!("syntax error: `{word}' unexpected"),
            Wrong::Extra(_) => "too many arguments".into(),
        }
    }

    /// What coreutils' `test` prints after its name.
    pub fn coreutils(&self) -> String {
        match self {
            Wrong::NoBracket => "missing ‘]’".into(),
            Wrong::Missing(word) => format!("missing argument after ‘{word}’"),
            Wrong::Two(word, _) if word.len() == 2 && word.starts_with('-') => {
                format!("‘{word}’: unary operator expected")
            }
            Wrong::Two(_, word) => format!("missing argument after ‘{word}’"),
            Wrong::Binary(word) => format!("‘{word}’: binary operator expected"),
            Wrong::Integer(word) => format!("invalid integer ‘{word}’"),
            Wrong::Parenthesis(None) => "‘)’ expected".into(),
            Wrong::Parenthesis(Some(word)) => format!("‘)’ expected, found ‘{word}’"),
            Wrong::Extra(word) => format!("extra argument ‘{word}’"),
        }
    }
}

const BINARY: &[&str] = &["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"];
const UNARY: &str = "abcdefghknoprstuvwxzGLNORS";

fn is_unary(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next() == Some('-') && letters.next().is_some_and(|c| UNARY.contains(c)) && letters.next().is_none()
}

/// Whether the condition is true. `args` are the words after `test` or `[`, with `bracket` the last must be `]`.
pub fn test(around: &mut dyn Surroundings, args: &[String], bracket: bool) -> Result<bool, Wrong> {
    let mut words: Vec<&str> = args.iter().map(String::as_str).collect();
    if bracket && words.pop() != Some("]") {
        return Err(Wrong::NoBracket);
    }
    let mut reader = Reader { around, words: &words, at: 0, bracket, depth: 0 };
    let value = reader.by_count(words.len())?;
    match words.get(reader.at) {
        Some(word) => Err(Wrong::Extra((*word).to_owned())),
        None => Ok(value),
    }
}

/// Deeper nesting is refused rather than followed.
const MAX_DEPTH: usize = 500;

struct Reader<'a> {
    around: &'a mut dyn Surroundings,
    words: &'a [&'a str],
    at: usize,
    bracket: bool,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn word(&self, ahead: usize) -> Option<&'a str> {
        self.words.get(self.at + ahead).copied()
    }

    /// What POSIX prescribes for up to four words.
    fn by_count(&mut self, count: usize) -> Result<bool, Wrong> {
        let words = &self.words[self.at..];
        match (count, words) {
            (0, _) => Ok(false),
            (1, [word, ..]) => self.done(1, !word.is_empty()),
            (2, ["!", word, ..]) => self.done(2, word.is_empty()),
            (2, [operator, operand, ..]) if is_unary(operator) => {
                let value = self.unary(operator, operand)?;
                self.done(2, value)
            }
            (2, [first, second, ..]) => Err(Wrong::Two((*first).into(), (*second).into())),
            (3, [left, operator, right, ..]) if BINARY.contains(operator) => {
                let value = self.binary(left, operator, right)?;
                self.done(3, value)
            }
            (3, [left, "-a", right, ..]) => self.done(3, !left.is_empty() && !right.is_empty()),
            (3, [left, "-o", right, ..]) => self.done(3, !left.is_empty() || !right.is_empty()),
            (3 | 4, ["!", ..]) => {
                self.at += 1;
                Ok(!self.by_count(count - 1)?)
            }
            (3, ["(", word, ")", ..]) => self.done(3, !word.is_empty()),
            (3, [_, operator, ..]) => Err(Wrong::Binary((*operator).into())),
            (4, ["(", _, _, ")", ..]) => {
                self.at += 1;
                let value = self.by_count(2)?;
                self.done(1, value)
            }
            _ => self.or(),
        }
    }

    fn done(&mut self, words: usize, value: bool) -> Result<bool, Wrong> {
        self.at += words;
        Ok(value)
    }

    fn or(&mut self) -> Result<bool, Wrong> {
        let mut value = self.and()?;
        while self.word(0) == Some("-o") {
            self.at += 1;
            value |= self.and()?;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, Wrong> {
        let mut value = self.term()?;
        while self.word(0) == Some("-a") {
            self.at += 1;
            value &= self.term()?;
        }
        Ok(value)
    }

    fn term(&mut self) -> Result<bool, Wrong> {
        let mut negated = false;
        while self.word(0) == Some("!") && self.words.len() > self.at + 1 {
            self.at += 1;
            negated = !negated;
        }
        let before = || self.words.last().map_or(String::new(), |w| (*w).to_owned());
        let Some(first) = self.word(0) else { return Err(Wrong::Missing(before())) };
        let value = if first == "(" && self.words.len() > self.at + 1 {
            self.group()?
        } else if let (Some(operator), Some(right)) = (self.word(1).filter(|w| BINARY.contains(w)), self.word(2)) {
            let value = self.binary(first, operator, right)?;
            self.done(3, value)?
        } else if let (true, Some(operand)) = (is_unary(first), self.word(1)) {
            let value = self.unary(first, operand)?;
            self.done(2, value)?
        } else {
            self.done(1, !first.is_empty())?
        };
        Ok(value != negated)
    }

    fn group(&mut self) -> Result<bool, Wrong> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Wrong::Parenthesis(None));
        }
        let value = self.or()?;
        self.depth -= 1;
        match self.word(0) {
            Some(")") => self.done(1, value),
            Some(other) => Err(Wrong::Parenthesis(Some(other.into()))),
            None => Err(Wrong::Parenthesis(self.bracket.then(|| "]".into()))),
        }
    }

    fn binary(&mut self, left: &str, operator: &str, right: &str) -> Result<bool, Wrong> {
        let number = |word: &str| -> Result<i128, Wrong> {
            let (value, rest) = parse_decimal(word);
            if rest.trim().is_empty() && !word.trim().is_empty() { Ok(value) } else { Err(Wrong::Integer(word.into())) }
        };
        let mut mtime = |path: &str| self.around.file(path, true).map(|node| node.mtime);
        Ok(match operator {
            "=" | "==" => left == right,
            "!=" => left != right,
            "<" => left < right,
            ">" => left > right,
            "-nt" => mtime(left) > mtime(right),
            "-ot" => mtime(left) < mtime(right),
            "-ef" => {
                let same = self.around.number(left);
                same.is_some() && same == self.around.number(right)
            }
            _ => {
                let (left, right) = (number(left)?, number(right)?);
                match operator {
                    "-eq" => left == right,
                    "-ne" => left != right,
                    "-lt" => left < right,
                    "-le" => left <= right,
                    "-gt" => left > right,
                    _ => left >= right,
                }
            }
        })
    }

    fn unary(&mut self, operator: &str, word: &str) -> Result<bool, Wrong> {
        let letter = operator.chars().nth(1).unwrap_or('n');
        let ids = self.around.ids();
        let follow = !matches!(letter, 'h' | 'L');
        Ok(match letter {
            'n' => !word.is_empty(),
            'z' => word.is_empty(),
            't' => word.trim().parse().is_ok_and(|fd| self.around.is_terminal(fd)),
            'v' | 'R' => self.around.variable(word).unwrap_or(false),
            'o' => self.around.option(word).unwrap_or(false),
            'r' => self.around.access(word, Access::Read),
            'w' => self.around.access(word, Access::Write),
            'x' => self.around.access(word, Access::Execute),
            _ => self.around.file(word, follow).is_some_and(|node| has(&node, letter, ids)),
        })
    }
}

/// A decimal number with blanks around it; unlike printf's, a leading 0 means nothing.
fn parse_decimal(word: &str) -> (i128, &str) {
    let trimmed = word.trim_start();
    let (sign, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let digits_after_zeros = digits.trim_start_matches('0');
    if digits.len() > digits_after_zeros.len() && !digits_after_zeros.starts_with(|c: char| c.is_ascii_digit()) {
        return (0, digits_after_zeros);
    }
    if !digits_after_zeros.starts_with(|c: char| c.is_ascii_digit()) {
        return (0, word);
    }
    let (value, rest) = parse_integer(digits_after_zeros);
    if value > i128::from(i64::MAX) { (0, word) } else { (sign * value, rest) }
}

/// What a letter asks of a file that is there.
fn has(node: &Inode, letter: char, ids: (u32, u32)) -> bool {
    match letter {
        'f' => node.is_file(),
        'd' => node.is_dir(),
        'h' | 'L' => node.is_symlink(),
        'p' => matches!(node.kind, Kind::Fifo),
        'S' => matches!(node.kind, Kind::Socket),
        'c' => matches!(node.kind, Kind::Device(_)),
        'b' => false,
        's' => node.size() > 0,
        'u' => node.mode & 0o4000 != 0,
        'g' => node.mode & 0o2000 != 0,
        'k' => node.mode & 0o1000 != 0,
        'O' => node.uid == ids.0,
        'G' => node.gid == ids.1,
        'N' => node.mtime > node.atime,
        _ => true,
    }
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let bracket = cx.name() == "[";
    match test(cx.sys, &args, bracket) {
        Ok(value) => Ok(u8::from(!value)),
        Err(wrong) => {
            cx.fail(&wrong.coreutils());
            Ok(2)
        }
    }
}
