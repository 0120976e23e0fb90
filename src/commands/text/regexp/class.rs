//! Bracket expressions: `[a-z]`, `[^[:space:]]`: regex(7).

/// The named classes with their members in the syntax of the `regex` crate.
/// A class's name and who belongs to it.
type NamedClass = (&'static str, fn(char) -> bool);

const NAMES: &[NamedClass] = &[
    ("alpha", |c| c.is_alphabetic()),
    ("digit", |c| c.is_ascii_digit()),
    ("alnum", |c| c.is_alphanumeric()),
    ("upper", char::is_uppercase),
    ("lower", char::is_lowercase),
    ("space", |c| " \t\n\r\u{b}\u{c}".contains(c)),
    ("blank", |c| c == ' ' || c == '\t'),
    ("punct", |c| c.is_ascii_punctuation()),
    ("print", |c| !c.is_control()),
    ("graph", |c| !c.is_control() && c != ' '),
    ("cntrl", |c| c.is_ascii_control()),
    ("xdigit", |c| c.is_ascii_hexdigit()),
    ("word", |c| c.is_alphanumeric() || c == '_'),
];

/// A member of a bracket expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// One character or a range of them.
    Range(char, char),
    /// A named class, by its place in the table.
    Named(usize),
}

/// A set of characters.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Class {
    pub negated: bool,
    pub items: Vec<Item>,
}

impl Class {
    /// The class `name`, or its complement.
    pub fn named(name: &str, negated: bool) -> Option<Class> {
        let at = NAMES.iter().position(|(n, _)| *n == name)?;
        Some(Class { negated, items: vec![Item::Named(at)] })
    }

    /// Whether the character belongs to it.
    pub fn contains(&self, letter: char, ignore_case: bool) -> bool {
        let one = |c: char| {
            self.items.iter().any(|item| match item {
                Item::Range(from, to) => (*from..=*to).contains(&c),
                Item::Named(at) => NAMES[*at].1(c),
            })
        };
        let mut found = one(letter);
        if ignore_case && !found {
            found = letter.to_lowercase().chain(letter.to_uppercase()).any(one);
        }
        found != self.negated
    }

    /// The set as the `regex` crate writes it.
    pub fn emit(&self) -> String {
        let mut out = String::from(if self.negated { "[^" } else { "[" });
        for item in &self.items {
            match item {
                Item::Range(from, to) if from == to => push(&mut out, *from),
                Item::Range(from, to) => {
                    push(&mut out, *from);
                    out.push('-');
                    push(&mut out, *to);
                }
                Item::Named(at) => out.push_str(crate_name(NAMES[*at].0)),
            }
        }
        out.push(']');
        out
    }
}

fn push(out: &mut String, letter: char) {
    if letter.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(letter);
}

/// A named class in the `regex` crate; letters outside ASCII are told by its `\w`.
fn crate_name(name: &str) -> &'static str {
    match name {
        "alpha" => "[\\w--\\d_]",
        "alnum" => "[\\w--_]",
        "digit" => "[0-9]",
        "upper" => "[[:upper:]]",
        "lower" => "[[:lower:]]",
        "space" => "[[:space:]]",
        "blank" => "[[:blank:]]",
        "punct" => "[[:punct:]]",
        "print" => "[^[:cntrl:]]",
        "graph" => "[^[:cntrl:] ]",
        "cntrl" => "[[:cntrl:]]",
        "xdigit" => "[[:xdigit:]]",
        _ => "\\w",
    }
}
