//! What each piece of a line being typed is, for whoever colours or completes it: bash(1), SHELL GRAMMAR.
//!
//! It never refuses a line: half a command is its daily bread. What a line means is [`super::syntax`]'s business.

use super::syntax::RESERVED;
use std::ops::Range;

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The name of a command.
    Command,
    /// `if`, `do`, `!`.
    Keyword,
    /// A word that begins with a dash.
    Option,
    /// Any other word.
    Argument,
    /// `NAME=value` before a command.
    Assignment,
    /// Text in quotes, the quotes among it, and escaped characters.
    Quoted,
    /// `$NAME`, `${…}`.
    Variable,
    /// `|`, `;`, `&&`, `>`, parentheses.
    Operator,
    /// The lines of a here-document.
    HereDocument,
    /// From `#` to the end of the line.
    Comment,
}

/// A piece of the line, and what it is.
pub type Piece = (Range<usize>, Mark);

/// A word of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands.
    pub span: Range<usize>,
    /// Its text without quotes.
    pub text: String,
    /// What its unquoted parts are.
    pub mark: Mark,
    /// It follows `>` or `<`.
    pub redirected: bool,
    /// The quote that is open at its end.
    pub open: Option<char>,
}

/// A line taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// The pieces, in order, without the blanks between them.
    pub pieces: Vec<Piece>,
    /// The words of the last simple command.
    pub words: Vec<Word>,
}

/// Words after which a command begins.
const OPENERS: &[&str] = &["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"];
/// Commands that are followed by a command of their own.
pub const PREFIXES: &[&str] =
    &["sudo", "nohup", "setsid", "nice", "exec", "command", "builtin", "env", "watch", "timeout", "xargs", "eval"];

/// Takes a line (or several) apart.
pub fn mark(line: &str) -> Marked {
    let mut reader =
        Reader { line, at: 0, done: Marked::default(), command: true, redirected: false, ends: Vec::new() };
    while reader.at < line.len() {
        reader.step();
    }
    reader.done
}

struct Reader<'l> {
    line: &'l str,
    at: usize,
    done: Marked,
    /// The next word is a command's name.
    command: bool,
    redirected: bool,
    /// The words that end the here-documents begun on this line.
    ends: Vec<String>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, from: usize, mark: Mark) {
        if from < self.at {
            self.done.pieces.push((from..self.at, mark));
        }
    }

    fn step(&mut self) {
        let from = self.at;
        let Some(c) = self.rest().chars().next() else { return };
        match c {
            ' ' | '\t' => self.at += 1,
            '\n' => {
                self.at += 1;
                self.begin();
                self.here_documents();
            }
            '#' => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                self.push(from, Mark::Comment);
            }
            '<' | '>' => {
                let rest = self.rest();
                let here = rest.starts_with("<<") && !rest.starts_with("<<<");
                self.at += rest.len() - rest.trim_start_matches(['<', '>', '&', '|']).len();
                self.at += usize::from(here && self.rest().starts_with('-'));
                self.push(from, Mark::Operator);
                self.redirected = true;
                if here {
                    self.here_end();
                }
            }
            '|' | '&' | ';' | '(' | ')' => {
                self.at += 1;
                self.push(from, Mark::Operator);
                self.begin();
            }
            _ => self.word(),
        }
    }

    /// A new simple command begins.
    fn begin(&mut self) {
        self.done.words.clear();
        (self.command, self.redirected) = (true, false);
    }

    fn here_end(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let from = self.at;
        let length = self.rest().find(|c: char| c.is_whitespace() || ";|&<>()".contains(c));
        self.at += length.unwrap_or(self.rest().len());
        let end = self.line[from..self.at].replace(['\'', '"', '\\'], "");
        self.push(from, Mark::Operator);
        self.redirected = false;
        self.ends.push(end);
    }

    fn here_documents(&mut self) {
        for end in std::mem::take(&mut self.ends) {
            let from = self.at;
            let mut last = None;
            for line in self.line[from..].split_inclusive('\n') {
                if line.trim_end_matches('\n').trim_start_matches('\t') == end {
                    last = Some((self.at, self.at + line.trim_end_matches('\n').len()));
                    break;
                }
                self.at += line.len();
            }
            self.push(from, Mark::HereDocument);
            if let Some((start, stop)) = last {
                self.at = stop;
                self.push(start, Mark::Operator);
            }
        }
    }

    /// A word: unquoted parts, quoted parts, variables.
    fn word(&mut self) {
        let start = self.at;
        let base = self.kind();
        let (mut text, mut open, mut plain) = (String::new(), None, start);
        while let Some(c) = self.rest().chars().next() {
            if c.is_whitespace() || "|&;()<>".contains(c) {
                break;
            }
            let from = self.at;
            let mark = match c {
                '\'' | '"' => {
                    open = self.quoted(c, &mut text);
                    Mark::Quoted
                }
                '\\' => {
                    let escaped = self.rest().chars().nth(1);
                    text.extend(escaped);
                    self.at += 1 + escaped.map_or(0, char::len_utf8);
                    Mark::Quoted
                }
                '$' => {
                    self.variable();
                    text.push_str(&self.line[from..self.at]);
                    Mark::Variable
                }
                other => {
                    text.push(other);
                    self.at += other.len_utf8();
                    continue;
                }
            };
            let stop = std::mem::replace(&mut self.at, from);
            self.push(plain, base);
            self.at = stop;
            self.push(from, mark);
            plain = stop;
        }
        self.push(plain, base);
        let word = Word { span: start..self.at, text, mark: base, redirected: self.redirected, open };
        self.follow(&word);
        if word.mark != Mark::Keyword {
            self.done.words.push(word);
        }
    }

    /// What a word that begins here is.
    fn kind(&self) -> Mark {
        let end = self.rest().find(|c: char| c.is_whitespace() || "|&;()<>".contains(c)).unwrap_or(self.rest().len());
        let text = &self.rest()[..end];
        let named = text
            .split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        match text {
            _ if self.redirected => Mark::Argument,
            _ if self.command && named => Mark::Assignment,
            _ if self.command && RESERVED.contains(&text) => Mark::Keyword,
            _ if text.starts_with('-') => Mark::Option,
            _ if self.command => Mark::Command,
            _ => Mark::Argument,
        }
    }

    /// Where the word leads: whether the next one is a command's name.
    fn follow(&mut self, word: &Word) {
        if std::mem::take(&mut self.redirected) {
            return;
        }
        match word.mark {
            Mark::Keyword => {
                self.command = OPENERS.contains(&word.text.as_str());
                if self.command {
                    self.done.words.clear();
                }
            }
            Mark::Command => self.command = PREFIXES.contains(&word.text.as_str()),
            // `sudo -u deploy`, `timeout 5`: one argument more may stand before the command.
            Mark::Option => {
                self.command = self.command && !matches!(word.text.as_str(), "-u" | "-g" | "-n" | "-s" | "-k")
            }
            Mark::Argument if !self.command => self.command = self.is_prefix_argument(),
            _ => {}
        }
    }

    /// The word just read belonged to an option of a prefix such as `sudo -u`.
    fn is_prefix_argument(&self) -> bool {
        let words = &self.done.words;
        let Some(option) = words.last().filter(|w| w.mark == Mark::Option) else { return false };
        let only_options = words[..words.len() - 1].iter().rev().find(|w| w.mark != Mark::Option);
        matches!(option.text.as_str(), "-u" | "-g" | "-n" | "-s" | "-k")
            && only_options.is_some_and(|w| w.mark == Mark::Command && PREFIXES.contains(&w.text.as_str()))
    }

    /// Text in quotes; the quote itself when it is not closed.
    fn quoted(&mut self, quote: char, text: &mut String) -> Option<char> {
        self.at += 1;
        while let Some(c) = self.rest().chars().next() {
            self.at += c.len_utf8();
            if c == quote {
                return None;
            }
            match (c, quote, self.rest().chars().next()) {
                ('\\', '"', Some(next)) => {
                    text.push(next);
                    self.at += next.len_utf8();
                }
                _ => text.push(c),
            }
        }
        Some(quote)
    }

    fn variable(&mut self) {
        let rest = &self.rest()[1..];
        let length = match rest.chars().next() {
            Some('{') => rest.find('}').map_or(rest.len(), |at| at + 1),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            Some(c) if "?$!@*#-0123456789".contains(c) => 1,
            _ => 0,
        };
        self.at += 1 + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let pieces = mark(line).pieces;
        pieces.iter().map(|(span, mark)| format!("{}:{mark:?} ", &line[span.clone()])).collect::<String>().trim().into()
    }

    #[test]
    fn pieces_are_told_apart() {
        assert_eq!(
            shown("A=1 sudo -u deploy ls -l \"a b\"$HOME | wc # x"),
            "A=1:Assignment sudo:Command -u:Option deploy:Argument ls:Command -l:Option \"a b\":Quoted $HOME:Variable \
             |:Operator wc:Command # x:Comment"
        );
        assert_eq!(shown("if true; then"), "if:Keyword true:Command ;:Operator then:Keyword");
        assert_eq!(shown("echo \"open"), "echo:Command \"open:Quoted");
    }

    #[test]
    fn a_here_document_is_no_command() {
        assert_eq!(
            shown("cat <<'EOF'\nls -l\nEOF\npwd"),
            "cat:Command <<:Operator 'EOF':Operator ls -l\n:HereDocument EOF:Operator pwd:Command"
        );
    }

    #[test]
    fn words_are_those_of_the_last_command() {
        let texts = |line: &str| mark(line).words.into_iter().map(|w| w.text).collect::<Vec<_>>();
        assert_eq!(texts("a b; c \"d e\" f\\ g"), ["c", "d e", "f g"]);
        assert_eq!(texts("x=$(systemctl st"), ["systemctl", "st"]);
        assert_eq!(texts("while sudo nice ls"), ["sudo", "nice", "ls"]);
    }

    #[test]
    fn any_line_is_taken_apart() {
        for line in ["$", "\\", "'", "é|ß", "<<", "<<EOF\n", "a=", "${", "é\\", "<<-\t", "$é", ">&é"] {
            let marked = mark(line);
            assert!(marked.pieces.iter().all(|(span, _)| line.get(span.clone()).is_some()), "{line:?}");
        }
    }
}
