//! Tilde expansion: bash(1), Tilde Expansion.

use super::Expander;
use crate::shell::syntax::ast::WordPart;
use crate::shell::syntax::split_assignment;

impl Expander<'_> {
    /// The parts with a tilde at their beginning expanded; in an assignment also after each colon, and in a word that
    /// looks like one after the `=`.
    pub(super) fn with_tilde(&mut self, parts: &[WordPart], assignment: bool) -> Vec<WordPart> {
        let mut out = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let WordPart::Literal(text) = part else {
                out.push(part.clone());
                continue;
            };
            let last = index + 1 == parts.len();
            if !text.contains('~') {
                out.push(part.clone());
            } else if index == 0 && !assignment {
                match split_assignment(parts) {
                    Some((name, value)) => {
                        out.push(WordPart::Literal(format!("{name}=").into()));
                        self.tildes(value, true, last, &mut out);
                    }
                    None => self.tilde(text, last, &mut out),
                }
            } else if assignment {
                self.tildes(text, index == 0, last, &mut out);
            } else {
                out.push(part.clone());
            }
        }
        out
    }

    /// Pieces between colons; the first counts only at the beginning of the word.
    fn tildes(&mut self, text: &str, first: bool, last: bool, out: &mut Vec<WordPart>) {
        let count = text.split(':').count();
        for (index, piece) in text.split(':').enumerate() {
            if index > 0 {
                out.push(WordPart::Literal(":".into()));
            }
            if index > 0 || first {
                self.tilde(piece, last || index + 1 < count, out);
            } else {
                out.push(WordPart::Literal(piece.into()));
            }
        }
    }

    /// Text that may begin with a tilde. `ends`: nothing quoted follows it directly.
    fn tilde(&mut self, text: &str, ends: bool, out: &mut Vec<WordPart>) {
        let Some(rest) = text.strip_prefix('~') else {
            out.push(WordPart::Literal(text.into()));
            return;
        };
        let (user, rest) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None if ends => (rest, ""),
            None => {
                out.push(WordPart::Literal(text.into()));
                return;
            }
        };
        match self.home(user) {
            Some(home) => {
                out.push(WordPart::SingleQuoted(home.into()));
                out.push(WordPart::Literal(rest.into()));
            }
            None => out.push(WordPart::Literal(text.into())),
        }
    }

    fn home(&mut self, user: &str) -> Option<String> {
        let variable = |expander: &mut Self, name: &str| expander.shell.text(name).map(|text| text.to_string());
        match user {
            "" => variable(self, "HOME").or_else(|| self.folders.home_of("")),
            "+" => variable(self, "PWD"),
            "-" => variable(self, "OLDPWD"),
            user => self.folders.home_of(user),
        }
    }
}
