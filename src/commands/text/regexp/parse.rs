//! Parses a basic or extended regular expression: regex(7).

use super::Flavor;
use super::class::{Class, Item};

/// A node of the syntax tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Empty,
    Char(char),
    Any,
    Set(Class),
    /// `^ $ \b \B \< \> \` \'`, by their last character.
    Assert(char),
    Group(Box<Node>, usize),
    Repeat(Box<Node>, u32, Option<u32>),
    Concat(Vec<Node>),
    Alternatives(Vec<Node>),
    Back(usize),
}

/// A parsed expression.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub root: Node,
    pub groups: usize,
    pub back_references: bool,
    pub alternatives: bool,
}

/// What is wrong with an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Wrong {
    Bracket,
    LoneBracket,
    Parenthesis,
    ClosingParenthesis,
    Brace,
    BraceContent,
    Backslash,
    Preceding,
    BackReference,
    ClassName,
    Collation,
    Range,
    TooBig,
    ClassSyntax,
    NotSupported,
}

impl Wrong {
    /// The C library's words for it.
    pub fn message(self) -> &'static str {
        match self {
            Wrong::Bracket => "Unmatched [, [^, [:, [., or [=",
            Wrong::LoneBracket => "Invalid regular expression",
            Wrong::Parenthesis => "Unmatched ( or \\(",
            Wrong::ClosingParenthesis => "Unmatched ) or \\)",
            Wrong::Brace => "Unmatched \\{",
            Wrong::BraceContent => "Invalid content of \\{\\}",
            Wrong::Backslash => "Trailing backslash",
            Wrong::Preceding => "Invalid preceding regular expression",
            Wrong::BackReference => "Invalid back reference",
            Wrong::ClassName => "Invalid character class name",
            Wrong::Collation => "Invalid collation character",
            Wrong::Range => "Invalid range end",
            Wrong::TooBig => "Regular expression too big",
            Wrong::ClassSyntax => "character class syntax is [[:space:]], not [:space:]",
            Wrong::NotSupported => "this regular expression is not simulated",
        }
    }
}

/// Deeper nesting is refused.
const MAX_DEPTH: usize = 120;
/// RE_DUP_MAX of the C library.
const MAX_REPEAT: u32 = 32_767;

pub(super) fn parse(pattern: &str, flavor: Flavor) -> Result<Tree, Wrong> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut parser =
        Parser { letters: &letters, at: 0, flavor, groups: 0, closed: Vec::new(), depth: 0, back: false, or: false };
    let root = parser.alternatives()?;
    if parser.at < letters.len() {
        return Err(Wrong::ClosingParenthesis);
    }
    let (back_references, alternatives) = (parser.back, parser.or);
    Ok(Tree { root, groups: parser.groups, back_references, alternatives })
}

struct Parser<'a> {
    letters: &'a [char],
    at: usize,
    flavor: Flavor,
    groups: usize,
    /// Groups that are complete: what a back-reference may name.
    closed: Vec<usize>,
    depth: usize,
    back: bool,
    or: bool,
}

impl Parser<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    /// Whether the operator `letter` stands here: bare in extended syntax, after a backslash in basic.
    fn operator(&self, letter: char) -> bool {
        match self.flavor.extended {
            true => self.peek(0) == Some(letter),
            false => self.peek(0) == Some('\\') && self.peek(1) == Some(letter),
        }
    }

    fn skip_operator(&mut self) {
        self.at += if self.flavor.extended { 1 } else { 2 };
    }

    fn alternatives(&mut self) -> Result<Node, Wrong> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Wrong::TooBig);
        }
        let mut all = vec![self.concatenation()?];
        while self.operator('|') {
            self.skip_operator();
            self.or = true;
            all.push(self.concatenation()?);
        }
        self.depth -= 1;
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Alternatives(all) })
    }

    fn concatenation(&mut self) -> Result<Node, Wrong> {
        let mut parts: Vec<Node> = Vec::new();
        let mut first = true;
        while self.at < self.letters.len() && !self.operator('|') {
            if self.operator(')') {
                if self.depth > 1 {
                    break;
                }
                if !self.flavor.extended || self.flavor.strict {
                    return Err(Wrong::ClosingParenthesis);
                }
            }
            let Some(atom) = self.atom(first)? else { continue };
            let anchor = atom == Node::Assert('^') && !self.flavor.extended;
            let atom = if anchor { atom } else { self.repeats(atom)? };
            first = anchor;
            parts.push(atom);
        }
        Ok(match parts.len() {
            0 => Node::Empty,
            1 => parts.remove(0),
            _ => Node::Concat(parts),
        })
    }

    /// One atom; `None` when an operator stood there that means nothing.
    fn atom(&mut self, first: bool) -> Result<Option<Node>, Wrong> {
        let Some(letter) = self.peek(0) else { return Ok(None) };
        if self.operator('(') {
            return self.group().map(Some);
        }
        let extended = self.flavor.extended;
        self.at += 1;
        let node = match letter {
            '\\' => return self.escaped().map(Some),
            '.' => Node::Any,
            '[' => Node::Set(self.bracket()?),
            '^' if extended || first => Node::Assert('^'),
            '$' if extended || self.ends_here() => Node::Assert('$'),
            '*' | '+' | '?' if first && extended => {
                return if self.flavor.strict { Err(Wrong::Preceding) } else { Ok(None) };
            }
            '{' if extended && first && self.flavor.strict => return Err(Wrong::Preceding),
            other => Node::Char(other),
        };
        Ok(Some(node))
    }

    /// In basic syntax `$` is an anchor only at the end of a branch.
    fn ends_here(&self) -> bool {
        self.at >= self.letters.len() || self.operator(')') || self.operator('|')
    }

    fn group(&mut self) -> Result<Node, Wrong> {
        self.skip_operator();
        self.groups += 1;
        let number = self.groups;
        let inner = self.alternatives()?;
        if !self.operator(')') {
            return Err(Wrong::Parenthesis);
        }
        self.skip_operator();
        self.closed.push(number);
        Ok(Node::Group(Box::new(inner), number))
    }

    fn escaped(&mut self) -> Result<Node, Wrong> {
        let Some(letter) = self.peek(0) else { return Err(Wrong::Backslash) };
        self.at += 1;
        let named = |name: &str, negated: bool| Node::Set(Class::named(name, negated).unwrap_or_default());
        Ok(match letter {
            'w' => named("word", false),
            'W' => named("word", true),
            's' => named("space", false),
            'S' => named("space", true),
            'b' | 'B' | '<' | '>' | '`' | '\'' => Node::Assert(letter),
            'n' if self.flavor.controls => Node::Char('\n'),
            't' if self.flavor.controls => Node::Char('\t'),
            'r' if self.flavor.controls => Node::Char('\r'),
            'f' if self.flavor.controls => Node::Char('\u{c}'),
            'v' if self.flavor.controls => Node::Char('\u{b}'),
            '1'..='9' => {
                let number = letter.to_digit(10).map_or(0, |d| d as usize);
                if !self.closed.contains(&number) {
                    return Err(Wrong::BackReference);
                }
                self.back = true;
                Node::Back(number)
            }
            other => Node::Char(other),
        })
    }

    /// `* + ? {m,n}` after an atom, as many as there are.
    fn repeats(&mut self, mut atom: Node) -> Result<Node, Wrong> {
        for _ in 0..MAX_DEPTH {
            let bounds = if self.peek(0) == Some('*') {
                self.at += 1;
                (0, None)
            } else if self.operator('+') {
                self.skip_operator();
                (1, None)
            } else if self.operator('?') {
                self.skip_operator();
                (0, Some(1))
            } else if self.operator('{') {
                match self.interval()? {
                    Some(bounds) => bounds,
                    None => return Ok(atom),
                }
            } else {
                return Ok(atom);
            };
            atom = Node::Repeat(Box::new(atom), bounds.0, bounds.1);
        }
        Err(Wrong::TooBig)
    }

    /// `{m,n}`; `None` when grep -E takes the brace for a letter.
    fn interval(&mut self) -> Result<Option<(u32, Option<u32>)>, Wrong> {
        let start = self.at;
        self.skip_operator();
        let low = self.number();
        let comma = self.peek(0) == Some(',');
        if comma {
            self.at += 1;
        }
        let high = if comma { self.number() } else { low };
        let lenient = self.flavor.extended && !self.flavor.strict;
        if !self.operator('}') || (low.is_none() && !comma) {
            if lenient {
                self.at = start;
                return Ok(None);
            }
            let open = self.at >= self.letters.len();
            return Err(if open { Wrong::Brace } else { Wrong::BraceContent });
        }
        self.skip_operator();
        let low = low.unwrap_or(0);
        if high.is_some_and(|high| high < low) {
            return Err(Wrong::BraceContent);
        }
        if low > MAX_REPEAT || high.is_some_and(|high| high > MAX_REPEAT) {
            return Err(Wrong::TooBig);
        }
        Ok(Some((low, high)))
    }

    fn number(&mut self) -> Option<u32> {
        let mut value: Option<u32> = None;
        while let Some(digit) = self.peek(0).and_then(|c| c.to_digit(10)) {
            self.at += 1;
            value = Some(value.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        }
        value
    }

    fn bracket(&mut self) -> Result<Class, Wrong> {
        let start = self.at;
        let mut class = Class::default();
        if self.peek(0) == Some('^') {
            class.negated = true;
            self.at += 1;
        }
        let begin = self.at;
        loop {
            let Some(letter) = self.peek(0) else {
                let lone = self.at == start && !self.flavor.strict;
                return Err(if lone { Wrong::LoneBracket } else { Wrong::Bracket });
            };
            if letter == ']' && self.at > begin {
                self.at += 1;
                break;
            }
            if letter == '[' && self.peek(1) == Some(':') {
                class.items.push(self.named_class()?);
                continue;
            }
            let from = self.member()?;
            if self.peek(0) == Some('-') && self.peek(1).is_some_and(|c| c != ']') {
                self.at += 1;
                let to = self.member()?;
                if to < from {
                    return Err(Wrong::Range);
                }
                class.items.push(Item::Range(from, to));
            } else {
                class.items.push(Item::Range(from, from));
            }
        }
        let inside = &self.letters[start..self.at - 1];
        if inside.len() > 2 && inside[0] == ':' && inside[inside.len() - 1] == ':' && !self.flavor.strict {
            return Err(Wrong::ClassSyntax);
        }
        Ok(class)
    }

    /// `[:alpha:]`
    fn named_class(&mut self) -> Result<Item, Wrong> {
        let rest = &self.letters[self.at + 2..];
        let end = rest.windows(2).position(|pair| pair == [':', ']']).ok_or(Wrong::Bracket)?;
        let name: String = rest[..end].iter().collect();
        self.at += end + 4;
        let class = Class::named(&name, false).filter(|_| name != "word").ok_or(Wrong::ClassName)?;
        class.items.into_iter().next().ok_or(Wrong::ClassName)
    }

    /// One character of a bracket expression, also as `[.x.]` or `[=x=]`.
    fn member(&mut self) -> Result<char, Wrong> {
        let letter = self.peek(0).ok_or(Wrong::Bracket)?;
        self.at += 1;
        if letter == '[' && matches!(self.peek(0), Some('.' | '=')) {
            let mark = self.peek(0);
            let inner = self.peek(1).ok_or(Wrong::Bracket)?;
            if self.peek(2) != mark || self.peek(3) != Some(']') {
                return Err(Wrong::Collation);
            }
            self.at += 4;
            return Ok(inner);
        }
        if letter == '\\' && self.flavor.controls {
            let control = match self.peek(0) {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some(c @ ('\\' | ']' | '/')) if self.flavor.strict && self.flavor.extended && c != ']' => c,
                _ => return Ok('\\'),
            };
            self.at += 1;
            return Ok(control);
        }
        Ok(letter)
    }
}
