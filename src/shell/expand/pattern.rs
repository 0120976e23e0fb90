//! Patterns: bash(1), Pattern Matching.
//!
//! A pattern is matched by following all places that it can reach at once, so that no pattern takes exponential time.

/// A character with the knowledge whether it was quoted.
pub type Quoted = (char, bool);

/// A pattern, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    Any,
    Star,
    Class {
        negated: bool,
        items: Vec<Item>,
    },
    /// `?( )`, `*( )`, `+( )`, `@( )`, `!( )`
    Group(char, Vec<Vec<Token>>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Range(char, char),
    Named(String),
}

/// How deep groups may stand within one another.
const DEPTH_LIMIT: u32 = 50;

impl Pattern {
    /// Compiles; quoted characters stand for themselves. `extended`: groups are known (`shopt extglob`).
    pub fn new(text: &[Quoted], extended: bool) -> Self {
        let mut at = 0;
        let tokens = sequence(text, &mut at, extended, false, 0);
        Self { tokens }
    }

    /// Whether there is anything in it but characters that stand for themselves.
    pub fn is_special(&self) -> bool {
        self.tokens.iter().any(|token| !matches!(token, Token::Char(_)))
    }

    /// The text that it stands for, when it is not special.
    pub fn literal(&self) -> String {
        self.tokens.iter().filter_map(|token| if let Token::Char(c) = token { Some(*c) } else { None }).collect()
    }

    /// Whether it matches the whole text.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        self.ends(&text, 0).last() == Some(&text.len())
    }

    /// Where matches that begin at `start` end, ascending, in characters.
    pub fn ends(&self, text: &[char], start: usize) -> Vec<usize> {
        follow(&self.tokens, text, vec![start])
    }

    /// The same pattern for text read from its end.
    pub fn reversed(&self) -> Self {
        Self { tokens: reversed(&self.tokens) }
    }

    /// Whether the first character of the text must be a dot that the pattern names.
    pub fn names_dot(&self) -> bool {
        matches!(self.tokens.first(), Some(Token::Char('.')))
    }
}

fn reversed(tokens: &[Token]) -> Vec<Token> {
    let turn = |token: &Token| match token {
        Token::Group(kind, choices) => Token::Group(*kind, choices.iter().map(|choice| reversed(choice)).collect()),
        other => other.clone(),
    };
    tokens.iter().rev().map(turn).collect()
}

/// Compiles up to the end, or within a group up to `|` or `)`.
fn sequence(text: &[Quoted], at: &mut usize, extended: bool, inside: bool, depth: u32) -> Vec<Token> {
    let mut tokens = Vec::new();
    while let Some(&(c, quoted)) = text.get(*at) {
        if quoted {
            tokens.push(Token::Char(c));
            *at += 1;
            continue;
        }
        let opens = extended && text.get(*at + 1) == Some(&('(', false)) && depth < DEPTH_LIMIT;
        match c {
            '|' | ')' if inside => break,
            '?' | '*' | '+' | '@' | '!' if opens => match group(text, *at, c, depth) {
                Some((token, next)) => {
                    tokens.push(token);
                    *at = next;
                    continue;
                }
                None => tokens.push(single(c)),
            },
            '[' => match class(text, *at) {
                Some((token, next)) => {
                    tokens.push(token);
                    *at = next;
                    continue;
                }
                None => tokens.push(Token::Char('[')),
            },
            '\\' => {
                // A backslash that came out of an expansion quotes what follows.
                if let Some(&(next, _)) = text.get(*at + 1) {
                    tokens.push(Token::Char(next));
                    *at += 2;
                    continue;
                }
                tokens.push(Token::Char('\\'));
            }
            _ => tokens.push(single(c)),
        }
        *at += 1;
    }
    tokens
}

fn single(c: char) -> Token {
    match c {
        '?' => Token::Any,
        '*' => Token::Star,
        other => Token::Char(other),
    }
}

fn group(text: &[Quoted], start: usize, kind: char, depth: u32) -> Option<(Token, usize)> {
    let mut at = start + 2;
    let mut choices = Vec::new();
    loop {
        choices.push(sequence(text, &mut at, true, true, depth + 1));
        match text.get(at)?.0 {
            ')' => return Some((Token::Group(kind, choices), at + 1)),
            _ => at += 1,
        }
    }
}

fn class(text: &[Quoted], start: usize) -> Option<(Token, usize)> {
    let mut at = start + 1;
    let negated = matches!(text.get(at), Some(('!' | '^', false)));
    if negated {
        at += 1;
    }
    let mut items = Vec::new();
    let first = at;
    loop {
        let &(c, quoted) = text.get(at)?;
        if c == ']' && !quoted && at > first {
            return Some((Token::Class { negated, items }, at + 1));
        }
        if c == '/' && !quoted {
            return None;
        }
        if c == '[' && !quoted && text.get(at + 1) == Some(&(':', false)) {
            let rest = &text[at + 2..];
            if let Some(end) = rest.windows(2).position(|pair| pair[0].0 == ':' && pair[1].0 == ']') {
                items.push(Item::Named(rest[..end].iter().map(|(c, _)| *c).collect()));
                at += 2 + end + 2;
                continue;
            }
        }
        let range = text.get(at + 1) == Some(&('-', false)) && text.get(at + 2).is_some_and(|(c, q)| *c != ']' || *q);
        if range {
            items.push(Item::Range(c, text[at + 2].0));
            at += 3;
        } else {
            items.push(Item::Range(c, c));
            at += 1;
        }
    }
}

fn in_class(items: &[Item], c: char) -> bool {
    items.iter().any(|item| match item {
        Item::Range(low, high) => (*low..=*high).contains(&c),
        Item::Named(name) => named_class(name, c),
    })
}

/// The classes of `[[:name:]]`.
fn named_class(name: &str, c: char) -> bool {
    match name {
        "alnum" => c.is_alphanumeric(),
        "alpha" => c.is_alphabetic(),
        "ascii" => c.is_ascii(),
        "blank" => matches!(c, ' ' | '\t'),
        "cntrl" => c.is_control(),
        "digit" => c.is_ascii_digit(),
        "graph" => !c.is_whitespace() && !c.is_control(),
        "lower" => c.is_lowercase(),
        "print" => !c.is_control(),
        "punct" => c.is_ascii_punctuation(),
        "space" => c.is_whitespace(),
        "upper" => c.is_uppercase(),
        "word" => c.is_alphanumeric() || c == '_',
        "xdigit" => c.is_ascii_hexdigit(),
        _ => false,
    }
}

/// The places after the tokens, from these places; ascending.
fn follow(tokens: &[Token], text: &[char], mut places: Vec<usize>) -> Vec<usize> {
    for token in tokens {
        if places.is_empty() {
            break;
        }
        places = match token {
            Token::Char(c) => one(&places, text, |found| found == *c),
            Token::Any => one(&places, text, |_| true),
            Token::Class { negated, items } => one(&places, text, |found| in_class(items, found) != *negated),
            Token::Star => (places[0]..=text.len()).collect(),
            Token::Group(kind, choices) => follow_group(*kind, choices, text, &places),
        };
    }
    places
}

fn one(places: &[usize], text: &[char], fits: impl Fn(char) -> bool) -> Vec<usize> {
    places.iter().filter(|place| text.get(**place).is_some_and(|c| fits(*c))).map(|place| place + 1).collect()
}

fn follow_group(kind: char, choices: &[Vec<Token>], text: &[char], places: &[usize]) -> Vec<usize> {
    let any = |from: &[usize]| -> Vec<usize> {
        let mut out: Vec<usize> = choices.iter().flat_map(|choice| follow(choice, text, from.to_vec())).collect();
        out.sort_unstable();
        out.dedup();
        out
    };
    let mut reached = match kind {
        '!' => {
            let mut out = Vec::new();
            for place in places {
                let matched = any(&[*place]);
                out.extend((*place..=text.len()).filter(|end| matched.binary_search(end).is_err()));
            }
            out
        }
        '@' | '+' => any(places),
        _ => [places.to_vec(), any(places)].concat(),
    };
    if matches!(kind, '*' | '+') {
        let mut fresh = reached.clone();
        while !fresh.is_empty() {
            let more = any(&fresh);
            fresh = more.into_iter().filter(|place| !reached.contains(place)).collect();
            reached.extend(&fresh);
        }
    }
    reached.sort_unstable();
    reached.dedup();
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        let text: Vec<Quoted> = text.chars().map(|c| (c, false)).collect();
        Pattern::new(&text, true)
    }

    #[test]
    fn matches_as_bash_does() {
        let yes = [
            ("*", ""),
            ("a*c", "abbc"),
            ("[a-c]?", "bz"),
            ("[!a]", "b"),
            ("[]x]", "]"),
            ("\\*", "*"),
            ("@(a|b)c", "bc"),
            ("*(ab)", "abab"),
            ("!(a)", "b"),
            ("+([0-9])", "42"),
            ("?(x)y", "y"),
            ("[[:digit:]]*", "1a"),
            ("[", "["),
            ("a[", "a["),
            ("[a", "[a"),
        ];
        for (text, subject) in yes {
            assert!(pattern(text).matches(subject), "{text} matches {subject}");
        }
        for (text, subject) in [("a", "b"), ("?", ""), ("[!a]", "a"), ("@(a|b)", "c"), ("!(a)", "a"), ("+(a)", "")] {
            assert!(!pattern(text).matches(subject), "{text} does not match {subject}");
        }
    }

    #[test]
    fn takes_no_exponential_time() {
        let text: Vec<char> = "a".repeat(2000).chars().collect();
        assert!(pattern(&"*a".repeat(50)).ends(&text, 0).len() > 1);
        assert!(!pattern(&format!("{}b", "*(a|aa)".repeat(3))).matches(&"a".repeat(300)));
    }
}
