//! Parses a sed script, with GNU's messages: sed(1).

mod arguments;

use std::collections::BTreeMap;

use super::script::{Action, Address, End, RangeState, Script, Step};
use crate::commands::text::regexp::{Flavor, Regexp};

/// What is wrong, and the exit status for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub message: String,
    pub status: u8,
}

/// Parses pieces from `-e` (no name) and `-f` (with the file's name).
pub(super) fn parse(pieces: &[(Option<String>, String)], extended: bool) -> Result<Script, Wrong> {
    let mut letters = Vec::new();
    let mut starts = Vec::new();
    for (at, (_, text)) in pieces.iter().enumerate() {
        if at > 0 {
            letters.push('\n');
        }
        starts.push(letters.len());
        letters.extend(text.chars());
    }
    let flavor = Flavor { extended, strict: true, controls: true, ..Flavor::default() };
    let mut parser = Parser {
        pieces,
        starts,
        letters,
        at: 0,
        flavor,
        script: Script::default(),
        blocks: Vec::new(),
        labels: BTreeMap::new(),
        jumps: Vec::new(),
    };
    parser.script.quiet = parser.letters.starts_with(&['#', 'n']) && matches!(parser.letters.get(2), None | Some('\n'));
    parser.run()?;
    Ok(parser.script)
}

struct Parser<'a> {
    pieces: &'a [(Option<String>, String)],
    starts: Vec<usize>,
    letters: Vec<char>,
    at: usize,
    flavor: Flavor,
    script: Script,
    /// Open braces: the steps.
    blocks: Vec<usize>,
    labels: BTreeMap<String, usize>,
    /// Steps that jump, with their labels.
    jumps: Vec<(usize, String)>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek();
        self.at += usize::from(letter.is_some());
        letter
    }

    fn skip(&mut self, test: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&test) {
            self.at += 1;
        }
    }

    fn blanks(&mut self) {
        self.skip(|c| c == ' ' || c == '\t');
    }

    /// A message with the place where reading stopped.
    fn wrong<T>(&self, what: &str) -> Result<T, Wrong> {
        let piece = self.starts.iter().rposition(|start| *start <= self.at).unwrap_or(0);
        let place = match &self.pieces[piece].0 {
            None => format!("-e expression #{}, char {}", piece + 1, self.at - self.starts[piece]),
            Some(file) => {
                let lines = self.letters[self.starts[piece]..self.at].iter().filter(|c| **c == '\n').count();
                format!("file {file} line {}", lines + 1)
            }
        };
        Err(Wrong { message: format!("{place}: {what}"), status: 1 })
    }

    fn run(&mut self) -> Result<(), Wrong> {
        loop {
            self.skip(|c| c.is_whitespace() || c == ';');
            match self.peek() {
                None => break,
                Some('#') => self.skip(|c| c != '\n'),
                Some(_) => self.step()?,
            }
        }
        if !self.blocks.is_empty() {
            return Err(Wrong { message: "-e expression #1, char 0: unmatched `{'".into(), status: 1 });
        }
        for (step, label) in std::mem::take(&mut self.jumps) {
            let Some(target) = self.labels.get(&label).copied() else {
                return Err(Wrong { message: format!("can't find label for jump to `{label}'"), status: 4 });
            };
            match &mut self.script.steps[step].action {
                Action::Branch(to) | Action::BranchIf(to) | Action::BranchUnless(to) => *to = Some(target),
                _ => {}
            }
        }
        Ok(())
    }

    fn step(&mut self) -> Result<(), Wrong> {
        let from = self.address()?;
        let mut to = None;
        if from.is_some() {
            self.blanks();
            if self.peek() == Some(',') {
                self.at += 1;
                self.blanks();
                to = Some(self.end()?);
            }
        }
        let zero = matches!(from, Some(Address::Line(0)));
        let to_regexp = matches!(to, Some(End::Address(Address::Regexp(_))));
        if zero && !to_regexp {
            self.at += 1;
            return self.wrong("invalid usage of line address 0");
        }
        self.blanks();
        let mut negated = false;
        while self.peek() == Some('!') {
            self.at += 1;
            if negated {
                return self.wrong("multiple `!'s");
            }
            negated = true;
            self.blanks();
        }
        let Some(letter) = self.next() else { return self.wrong("missing command") };
        let state = if zero { RangeState::FromStart } else { RangeState::Outside };
        let index = self.script.steps.len();
        let addressed = from.is_some();
        self.script.steps.push(Step { from, to, negated, action: Action::EndBlock, state });
        let action = self.action(letter, index, addressed)?;
        match action {
            Some(action) => self.script.steps[index].action = action,
            None => drop(self.script.steps.pop()),
        }
        Ok(())
    }

    fn number(&mut self) -> Option<u64> {
        let start = self.at;
        self.skip(|c| c.is_ascii_digit());
        let digits: String = self.letters[start..self.at].iter().collect();
        digits.parse().ok()
    }

    fn address(&mut self) -> Result<Option<Address>, Wrong> {
        match self.peek() {
            Some('0'..='9') => {
                let line = self.number().unwrap_or(u64::MAX);
                if self.peek() == Some('~') {
                    self.at += 1;
                    let step = self.number().unwrap_or(0);
                    return Ok(Some(Address::Step(line, step)));
                }
                Ok(Some(Address::Line(line)))
            }
            Some('$') => {
                self.at += 1;
                Ok(Some(Address::Last))
            }
            Some('/') => {
                self.at += 1;
                self.address_regexp('/').map(Some)
            }
            Some('\\') => {
                self.at += 1;
                match self.next() {
                    Some(mark) if mark != '\n' => self.address_regexp(mark).map(Some),
                    _ => self.wrong("unexpected `,'"),
                }
            }
            _ => Ok(None),
        }
    }

    fn address_regexp(&mut self, mark: char) -> Result<Address, Wrong> {
        let Some(pattern) = self.delimited(mark, true) else { return self.wrong("unterminated address regex") };
        let mut flavor = self.flavor;
        loop {
            match self.peek() {
                Some('I') => flavor.ignore_case = true,
                Some('M') => flavor.multiline = true,
                _ => break,
            }
            self.at += 1;
        }
        Ok(Address::Regexp(self.regexp(&pattern, flavor)?))
    }

    fn regexp(&self, pattern: &str, flavor: Flavor) -> Result<Option<Box<Regexp>>, Wrong> {
        if pattern.is_empty() {
            return Ok(None);
        }
        match Regexp::new(pattern, flavor) {
            Ok(regexp) => Ok(Some(Box::new(regexp))),
            Err(wrong) => self.wrong(wrong.message()),
        }
    }

    fn end(&mut self) -> Result<End, Wrong> {
        let mark = self.peek();
        if let Some('+' | '~') = mark {
            self.at += 1;
            let Some(number) = self.number() else { return self.wrong("expected number") };
            return Ok(if mark == Some('+') { End::Count(number) } else { End::Multiple(number) });
        }
        match self.address()? {
            Some(address) => Ok(End::Address(address)),
            None => {
                self.at += usize::from(self.peek().is_some());
                self.wrong("unexpected `,'")
            }
        }
    }

    /// Text up to `mark`; a mark after a backslash is a letter. In a regular expression a newline is written `\n`.
    fn delimited(&mut self, mark: char, regexp: bool) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => match self.next()? {
                    c if c == mark => {
                        // An operator that is the mark is meant as a letter.
                        if regexp && "^$.*[]+?(){}|".contains(c) {
                            text.push('\\');
                        }
                        text.push(c);
                    }
                    'n' if regexp => text.push('\n'),
                    c => text.extend(['\\', c]),
                },
                c if c == mark => return Some(text),
                '\n' if regexp => return None,
                c => text.push(c),
            }
        }
    }

    fn action(&mut self, letter: char, index: usize, addressed: bool) -> Result<Option<Action>, Wrong> {
        let action = match letter {
            '{' => {
                self.blocks.push(index);
                return Ok(Some(Action::Block(0)));
            }
            '}' => {
                if addressed {
                    return self.wrong("} doesn't want any addresses");
                }
                let Some(block) = self.blocks.pop() else { return self.wrong("unexpected `}'") };
                self.script.steps[block].action = Action::Block(index);
                self.finish()?;
                return Ok(Some(Action::EndBlock));
            }
            ':' => {
                if addressed {
                    return self.wrong(": doesn't want any addresses");
                }
                let label = self.label();
                if label.is_empty() {
                    return self.wrong("\":\" lacks a label");
                }
                self.labels.insert(label, index);
                return Ok(None);
            }
            'a' => Action::Append(self.text()?),
            'i' => Action::Insert(self.text()?),
            'c' => Action::Change(self.text()?),
            'b' | 't' | 'T' => {
                let label = self.label();
                if !label.is_empty() {
                    self.jumps.push((index, label));
                }
                return Ok(Some(match letter {
                    'b' => Action::Branch(None),
                    't' => Action::BranchIf(None),
                    _ => Action::BranchUnless(None),
                }));
            }
            'r' | 'w' | 'W' => {
                let path = self.path()?;
                return Ok(Some(match letter {
                    'r' => Action::ReadFile(path),
                    'w' => Action::Write(self.output(path)),
                    _ => Action::WriteFirst(self.output(path)),
                }));
            }
            'q' | 'Q' | 'l' | 'L' => {
                self.blanks();
                let number = self.number().unwrap_or(0);
                let status = u8::try_from(number % 256).unwrap_or(0);
                match letter {
                    'q' => Action::Quit(status),
                    'Q' => Action::QuitSilently(status),
                    _ => Action::List,
                }
            }
            's' => Action::Substitute(Box::new(self.substitution()?)),
            'y' => Action::Transliterate(self.transliteration()?),
            '=' | 'd' | 'D' | 'F' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' => Action::Simple(letter),
            'e' | 'R' | 'v' => return self.wrong(&format!("command `{letter}' is not simulated")),
            other => return self.wrong(&format!("unknown command: `{other}'")),
        };
        if !matches!(letter, 'a' | 'i' | 'c') {
            self.finish()?;
        }
        Ok(Some(action))
    }

    /// Nothing but the end of the command may follow.
    fn finish(&mut self) -> Result<(), Wrong> {
        self.blanks();
        match self.peek() {
            None | Some('\n' | ';' | '}' | '#') => Ok(()),
            Some(_) => {
                self.at += 1;
                self.wrong("extra characters after command")
            }
        }
    }

    fn label(&mut self) -> String {
        self.blanks();
        let start = self.at;
        self.skip(|c| !c.is_whitespace() && c != ';' && c != '}');
        self.letters[start..self.at].iter().collect()
    }

    fn path(&mut self) -> Result<String, Wrong> {
        self.blanks();
        let start = self.at;
        self.skip(|c| c != '\n');
        if start == self.at {
            return self.wrong("missing filename in r/R/w/W commands");
        }
        Ok(self.letters[start..self.at].iter().collect())
    }

    fn output(&mut self, path: String) -> usize {
        let outputs = &mut self.script.outputs;
        outputs.iter().position(|known| *known == path).unwrap_or_else(|| {
            outputs.push(path);
            outputs.len() - 1
        })
    }
}
