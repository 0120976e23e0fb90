//! Basic and extended regular expressions with GNU's extensions: regex(7).
//!
//! An expression is parsed here (so the messages are GNU's), translated for the `regex` crate, and where that crate has
//! no answer (back-references, the longest of several alternatives) run on a small backtracking machine.

mod class;
mod emit;
mod machine;
mod parse;

use machine::Machine;

pub use parse::Wrong;

/// How expressions are written and read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flavor {
    /// `grep -E`, `sed -E`, awk.
    pub extended: bool,
    /// A misplaced operator is a mistake (sed, awk) and not a letter (grep).
    pub strict: bool,
    /// `\n` and `\t` are control characters (sed, awk).
    pub controls: bool,
    /// Capitals and small letters are the same.
    pub ignore_case: bool,
    /// `^` and `$` also match at newlines (sed's `M`).
    pub multiline: bool,
    /// Only the whole text is a match (`grep -x`).
    pub whole: bool,
}

/// Where a match and its groups are: start and end in bytes; `[0]` is the whole.
pub type Spans = Vec<Option<(usize, usize)>>;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regexp {
    /// Absent when there are back-references.
    fast: Option<regex::bytes::Regex>,
    /// Present when the other alone would not do.
    machine: Option<Box<Machine>>,
    groups: usize,
}

impl Regexp {
    /// Compiles a pattern. Errors: what GNU says is wrong with it.
    pub fn new(pattern: &str, flavor: Flavor) -> Result<Self, Wrong> {
        let tree = parse::parse(pattern, flavor)?;
        let fast = match tree.back_references {
            true => None,
            false if flavor.whole => Some(compile(&format!("^(?:{})$", emit::emit(&tree.root)), flavor)?),
            false => Some(compile(&emit::emit(&tree.root), flavor)?),
        };
        let machine = match tree.back_references || tree.alternatives {
            true => Some(Box::new(Machine::new(&tree, flavor)?)),
            false => None,
        };
        Ok(Regexp { fast, machine, groups: tree.groups })
    }

    /// A text that is taken as it is.
    pub fn fixed(text: &str, flavor: Flavor) -> Result<Self, Wrong> {
        let escaped = regex::escape(text);
        let pattern = if flavor.whole { format!("^{escaped}$") } else { escaped };
        Ok(Regexp { fast: Some(compile(&pattern, flavor)?), machine: None, groups: 0 })
    }

    /// A Perl expression, as far as the `regex` crate has them (no look-around, no back-references).
    pub fn perl(pattern: &str, flavor: Flavor) -> Result<Self, Wrong> {
        let pattern = if flavor.whole { format!("^(?:{pattern})$") } else { pattern.to_owned() };
        let fast = compile(&pattern, flavor)?;
        let groups = fast.captures_len() - 1;
        Ok(Regexp { fast: Some(fast), machine: None, groups })
    }

    /// How many groups it has.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Whether it matches anywhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        match (&self.fast, &self.machine) {
            (Some(fast), _) => fast.is_match(text),
            (None, Some(machine)) => machine.find(text, 0).is_some(),
            (None, None) => false,
        }
    }

    /// The leftmost match at or after `start`, the longest one there.
    pub fn find_at(&self, text: &[u8], start: usize) -> Option<Spans> {
        let Some(fast) = &self.fast else { return self.machine.as_ref()?.find(text, start) };
        if start > text.len() {
            return None;
        }
        let captures = fast.captures_at(text, start)?;
        let spans: Spans = captures.iter().map(|m| m.map(|m| (m.start(), m.end()))).collect();
        let from = spans.first().copied().flatten()?.0;
        match &self.machine {
            Some(machine) => Some(machine.match_at(text, from).unwrap_or(spans)),
            None => Some(spans),
        }
    }
}

/// Larger programs of the `regex` crate are refused.
const SIZE_LIMIT: usize = 8 << 20;

fn compile(pattern: &str, flavor: Flavor) -> Result<regex::bytes::Regex, Wrong> {
    regex::bytes::RegexBuilder::new(pattern)
        .case_insensitive(flavor.ignore_case)
        .multi_line(flavor.multiline)
        .dot_matches_new_line(true)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => Wrong::TooBig,
            _ => Wrong::NotSupported,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, extended: bool, text: &str) -> Option<String> {
        let flavor = Flavor { extended, ..Flavor::default() };
        let spans = Regexp::new(pattern, flavor).unwrap().find_at(text.as_bytes(), 0)?;
        let (start, end) = spans[0]?;
        Some(text[start..end].to_owned())
    }

    #[test]
    fn both_syntaxes_match_as_gnu_does() {
        for (pattern, extended, text, found) in [
            ("a+", false, "caa+", Some("a+")),
            (r"a\+", false, "caa+", Some("aa")),
            ("a+", true, "caa+", Some("aa")),
            ("*a", false, "b*a", Some("*a")),
            (r"\(ab\)*\1", false, "ababab", Some("ababab")),
            ("(.)\\1", true, "abccd", Some("cc")),
            ("ab|abcd", true, "xabcd", Some("abcd")),
            ("x{2,3}", true, "axxxx", Some("xxx")),
            ("x{,2}y", true, "axxxy", Some("xxy")),
            ("a{1", true, "a{1", Some("a{1")),
            (r"\bfoo\>", true, "a foo b", Some("foo")),
            (r"\<f", true, "afoo", None),
            ("[]x]+", true, "a]x]", Some("]x]")),
            ("[^a-c]", false, "abcd", Some("d")),
            ("[[:digit:][:upper:]]+", true, "abC9d", Some("C9")),
            (r"[\n]", false, r"a\b", Some(r"\")),
            ("a$b", false, "a$b", Some("a$b")),
            ("a^b", false, "a^b", Some("a^b")),
            ("(a|b)*c|d", true, "abac", Some("abac")),
            ("é.", true, "xéàb", Some("éà")),
            ("", false, "abc", Some("")),
        ] {
            assert_eq!(find(pattern, extended, text).as_deref(), found, "{pattern} in {text}");
        }
    }

    #[test]
    fn mistakes_have_gnu_words() {
        let wrong = |pattern: &str, extended: bool| {
            let flavor = Flavor { extended, ..Flavor::default() };
            Regexp::new(pattern, flavor).map(|_| ()).unwrap_err().message()
        };
        assert_eq!(wrong("[", false), "Invalid regular expression");
        assert_eq!(wrong("[a", false), "Unmatched [, [^, [:, [., or [=");
        assert_eq!(wrong(r"\(", false), "Unmatched ( or \\(");
        assert_eq!(wrong(r"\)", false), "Unmatched ) or \\)");
        assert_eq!(wrong(r"a\{1", false), "Unmatched \\{");
        assert_eq!(wrong(r"a\{2,1\}", false), "Invalid content of \\{\\}");
        assert_eq!(wrong("\\", false), "Trailing backslash");
        assert_eq!(wrong(r"(a)\2", true), "Invalid back reference");
        assert_eq!(wrong("[[:foo:]]", true), "Invalid character class name");
        assert_eq!(wrong("[b-a]", true), "Invalid range end");
    }

    #[test]
    fn hostile_patterns_end() {
        let deep = "(".repeat(100_000);
        assert!(Regexp::new(&deep, Flavor { extended: true, ..Flavor::default() }).is_err());
        let slow = Regexp::new(r"(a*)*\1b", Flavor { extended: true, ..Flavor::default() }).unwrap();
        assert!(!slow.is_match("a".repeat(200).as_bytes()));
        let long = "a".repeat(1_000_000);
        assert!(find("(a|b)*", true, &long).is_some());
    }
}
