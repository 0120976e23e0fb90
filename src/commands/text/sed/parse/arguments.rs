//! What follows the letter of a sed command: text, a substitution, letters for letters: sed(1).

use super::{Parser, Wrong};
use crate::commands::text::sed::script::{Piece, Substitution};

impl Parser<'_> {
    /// The text of `a`, `i`, `c`: on the same line, or after a backslash on the next; a backslash goes on.
    pub(super) fn text(&mut self) -> Result<String, Wrong> {
        self.blanks();
        if self.peek().is_none() || self.peek() == Some('\n') {
            return self.wrong("expected \\ after `a', `c' or `i'");
        }
        if self.peek() == Some('\\') {
            let before = self.at;
            self.at += 1;
            self.blanks();
            if self.peek() == Some('\n') {
                self.at += 1;
            } else if self.peek().is_none() {
                return self.wrong("expected \\ after `a', `c' or `i'");
            } else {
                // Blanks after the backslash belong to the text.
                self.at = before + 1;
            }
        }
        let mut text = String::new();
        loop {
            match self.next() {
                None | Some('\n') => break,
                // GNU sed takes the escapes of control characters in a text, too.
                Some('\\') => text.extend(self.next().map(|c| match c {
                    'n' => '\n',
                    't' => '\t',
                    'a' => '\x07',
                    'f' => '\x0c',
                    'r' => '\r',
                    'v' => '\x0b',
                    c => c,
                })),
                Some(c) => text.push(c),
            }
        }
        text.push('\n');
        Ok(text)
    }

    pub(super) fn substitution(&mut self) -> Result<Substitution, Wrong> {
        let mark = self.next().unwrap_or('\n');
        if mark == '\n' || mark == '\\' {
            return self.wrong("unterminated `s' command");
        }
        let pattern = self.delimited(mark, true);
        let replacement = pattern.as_ref().and_then(|_| self.delimited(mark, false));
        let (Some(pattern), Some(replacement)) = (pattern, replacement) else {
            return self.wrong("unterminated `s' command");
        };
        let mut flavor = self.flavor;
        let mut sub = Substitution {
            regexp: None,
            replacement: Vec::new(),
            global: false,
            print: false,
            number: 0,
            output: None,
        };
        loop {
            match self.peek() {
                Some('g') if sub.global => {
                    self.at += 1;
                    return self.wrong("multiple `g' options to `s' command");
                }
                Some('g') => sub.global = true,
                Some('p') if sub.print => {
                    self.at += 1;
                    return self.wrong("multiple `p' options to `s' command");
                }
                Some('p') => sub.print = true,
                Some('i' | 'I') => flavor.ignore_case = true,
                Some('m' | 'M') => flavor.multiline = true,
                Some('0'..='9') => {
                    sub.number = usize::try_from(self.number().unwrap_or(0)).unwrap_or(usize::MAX);
                    if sub.number == 0 {
                        return self.wrong("number option to `s' command may not be zero");
                    }
                    continue;
                }
                Some('w') => {
                    self.at += 1;
                    let path = self.path()?;
                    sub.output = Some(self.output(path));
                    break;
                }
                Some('e') => return self.wrong("option `e' of the `s' command is not simulated"),
                None | Some('\n' | ';' | '}' | '#' | ' ' | '\t' | '\r') => break,
                Some(_) => {
                    self.at += 1;
                    return self.wrong("unknown option to `s'");
                }
            }
            self.at += 1;
        }
        sub.regexp = self.regexp(&pattern, flavor)?;
        sub.replacement = crate::commands::text::sed::replace::parse(&replacement);
        if let Some(regexp) = &sub.regexp {
            let most = sub.replacement.iter().map(|p| if let Piece::Group(n) = p { *n } else { 0 }).max().unwrap_or(0);
            if most > regexp.groups() {
                return self.wrong(&format!("invalid reference \\{most} on `s' command's RHS"));
            }
        }
        Ok(sub)
    }

    pub(super) fn transliteration(&mut self) -> Result<Vec<(char, char)>, Wrong> {
        let mark = self.next().unwrap_or('\n');
        let from = self.delimited(mark, false);
        let to = from.as_ref().and_then(|_| self.delimited(mark, false));
        let (Some(from), Some(to)) = (from, to) else { return self.wrong("unterminated `y' command") };
        let plain = |text: &str| -> Vec<char> {
            text.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\").chars().collect()
        };
        let (from, to) = (plain(&from), plain(&to));
        if from.len() != to.len() {
            return self.wrong("strings for `y' command are different lengths");
        }
        Ok(from.into_iter().zip(to).collect())
    }
}
