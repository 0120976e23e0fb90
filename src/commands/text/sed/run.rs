//! Runs a sed script on one line after the other: sed(1).

mod act;

use super::script::{Action, Address, End, RangeState, Script};
use crate::commands::text::regexp::Regexp;
use crate::world::{Cx, Fd};

/// What comes after a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    More,
    Quit(u8),
}

/// How a cycle goes on.
enum Flow {
    On,
    Jump(Option<usize>),
    /// The next line is needed: `n` or `N`.
    Need(char),
    /// End of the cycle; whether the pattern space is printed.
    End(bool),
    Restart,
    Quit(u8, bool),
}

/// A script at work.
#[derive(Clone, Default)]
pub(super) struct Machine {
    pub script: Script,
    quiet: bool,
    pub outputs: Vec<Fd>,
    pub file: String,
    /// Output is kept for a file that is edited in place.
    pub keep_output: bool,
    kept: Vec<u8>,
    space: Vec<u8>,
    hold: Vec<u8>,
    /// Whether a newline follows what is printed now.
    newline: bool,
    /// A line without newline was printed; whatever follows comes on a line of its own.
    owed_newline: bool,
    number: u64,
    /// Lines of the present file.
    in_file: u64,
    last: bool,
    /// Printed at the end of the cycle: `a`, `r`.
    appended: Vec<u8>,
    replaced: bool,
    /// The cycle stopped at this step for want of a line.
    waiting: Option<(usize, char)>,
    recent: Option<Box<Regexp>>,
}

/// More steps than this on one line are taken for an endless loop.
const MAX_STEPS: usize = 200_000;

impl Machine {
    pub fn new(script: Script, quiet: bool) -> Self {
        let quiet = quiet || script.quiet;
        Machine { script, quiet, newline: true, ..Machine::default() }
    }

    /// Whether a line can only be edited when it is known whether it is the last.
    pub fn looks_ahead(&self) -> bool {
        let last = |address: &Option<Address>| matches!(address, Some(Address::Last));
        let ends = |end: &Option<End>| matches!(end, Some(End::Address(Address::Last)));
        self.script.steps.iter().any(|step| last(&step.from) || ends(&step.to))
    }

    /// Line numbers begin anew with `-i` and `-s`.
    pub fn begin_file(&mut self) {
        self.number = 0;
        self.in_file = 0;
    }

    /// A line arrives. Without `looks_ahead` nobody asks whether it is the last.
    pub fn line(&mut self, cx: &mut Cx<'_, '_>, line: &[u8], newline: bool, last: bool) -> Next {
        self.number += 1;
        self.in_file += 1;
        self.last = last;
        let start = match self.waiting.take() {
            None => {
                self.space = line.to_vec();
                self.replaced = false;
                0
            }
            Some((step, 'n')) => {
                if !self.quiet {
                    self.print_space(cx);
                }
                self.flush_appended(cx);
                self.space = line.to_vec();
                step
            }
            Some((step, _)) => {
                self.flush_appended(cx);
                self.space.push(b'\n');
                self.space.extend_from_slice(line);
                step
            }
        };
        self.newline = newline;
        self.cycle(cx, start)
    }

    /// No more lines: a cycle that waits for one ends as if it were complete.
    pub fn finish(&mut self, cx: &mut Cx<'_, '_>) {
        if self.waiting.take().is_some() {
            self.end_cycle(cx, true);
        }
    }

    pub fn take_kept(&mut self) -> Vec<u8> {
        self.keep_output = false;
        std::mem::take(&mut self.kept)
    }

    /// What is left of a file after the line that was read last.
    pub fn unread(&self, cx: &mut Cx<'_, '_>, file: &str) -> Vec<u8> {
        let Ok(bytes) = cx.read_file(file) else { return Vec::new() };
        let lines = usize::try_from(self.in_file).unwrap_or(usize::MAX);
        bytes.split_inclusive(|b| *b == b'\n').skip(lines).flatten().copied().collect()
    }

    fn cycle(&mut self, cx: &mut Cx<'_, '_>, mut at: usize) -> Next {
        let mut steps = 0;
        while at < self.script.steps.len() {
            steps += 1;
            if steps > MAX_STEPS {
                cx.fail("a loop in the script does not end: this is not simulated");
                return Next::Quit(4);
            }
            if !self.applies(at) {
                at = match self.script.steps[at].action {
                    Action::Block(end) => end + 1,
                    _ => at + 1,
                };
                continue;
            }
            let action = self.script.steps[at].action.clone();
            match self.act(cx, at, action) {
                Flow::On => at += 1,
                Flow::Jump(Some(to)) => at = to,
                Flow::Jump(None) => break,
                Flow::Need(how) if self.last => {
                    let _ = how;
                    break;
                }
                Flow::Need(how) => {
                    self.waiting = Some((at + 1, how));
                    return Next::More;
                }
                Flow::End(print) => {
                    self.end_cycle(cx, print);
                    return Next::More;
                }
                Flow::Restart => {
                    self.flush_appended(cx);
                    at = 0;
                }
                Flow::Quit(status, print) => {
                    self.end_cycle(cx, print);
                    return Next::Quit(status);
                }
            }
        }
        self.end_cycle(cx, true);
        Next::More
    }

    fn end_cycle(&mut self, cx: &mut Cx<'_, '_>, print: bool) {
        if print && !self.quiet {
            self.print_space(cx);
        }
        self.flush_appended(cx);
    }

    fn flush_appended(&mut self, cx: &mut Cx<'_, '_>) {
        let appended = std::mem::take(&mut self.appended);
        self.print(cx, &appended);
    }

    fn print(&mut self, cx: &mut Cx<'_, '_>, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let owed = std::mem::take(&mut self.owed_newline);
        let bytes = &[if owed { &b"\n"[..] } else { b"" }, bytes].concat();
        if self.keep_output {
            self.kept.extend_from_slice(bytes);
        } else {
            cx.print(1, bytes);
        }
    }

    fn print_line(&mut self, cx: &mut Cx<'_, '_>, line: &[u8]) {
        let newline: &[u8] = if self.newline { b"\n" } else { b"" };
        self.print(cx, &[line, newline].concat());
        self.owed_newline = !self.newline;
    }

    fn print_space(&mut self, cx: &mut Cx<'_, '_>) {
        let space = std::mem::take(&mut self.space);
        self.print_line(cx, &space);
        self.space = space;
    }

    fn matches(&mut self, address: &Address) -> bool {
        match address {
            Address::Line(line) => *line == self.number,
            Address::Last => self.last,
            Address::Step(first, 0) => *first == self.number,
            Address::Step(first, step) => self.number >= *first && (self.number - first).is_multiple_of(*step),
            Address::Regexp(regexp) => {
                if regexp.is_some() {
                    self.recent.clone_from(regexp);
                }
                self.recent.as_ref().is_some_and(|regexp| regexp.is_match(&self.space))
            }
        }
    }

    /// Whether the step applies to this line; ranges move on.
    fn applies(&mut self, at: usize) -> bool {
        let step = &self.script.steps[at];
        let (Some(from), negated) = (step.from.clone(), step.negated) else { return !step.negated };
        let inside = match step.to.clone() {
            None => self.matches(&from),
            Some(to) => self.in_range(at, &from, &to),
        };
        inside != negated
    }

    fn in_range(&mut self, at: usize, from: &Address, to: &End) -> bool {
        let number = self.number;
        let set = |machine: &mut Machine, state| machine.script.steps[at].state = state;
        match self.script.steps[at].state {
            RangeState::Over => match from {
                // With a new file line numbers begin anew.
                Address::Line(line) if *line == number => self.enter(at, to),
                _ => false,
            },
            RangeState::Outside => self.matches(from) && self.enter(at, to),
            RangeState::Inside(Some(end)) => {
                if number >= end {
                    let over = if matches!(from, Address::Line(_)) { RangeState::Over } else { RangeState::Outside };
                    set(self, over);
                }
                // A line number that is already behind ends the range before this line.
                number <= end || self.matches(from)
            }
            RangeState::Inside(None) | RangeState::FromStart => {
                if let End::Address(address) = to
                    && self.matches(address)
                {
                    set(self, RangeState::Outside);
                    if matches!(from, Address::Line(_)) {
                        set(self, RangeState::Over);
                    }
                }
                true
            }
        }
    }

    /// The first line of a range.
    fn enter(&mut self, at: usize, to: &End) -> bool {
        let number = self.number;
        let end = match to {
            End::Count(count) => Some(number.saturating_add(*count)),
            End::Multiple(0) => Some(number),
            End::Multiple(multiple) => Some(number.div_ceil(*multiple) * multiple),
            End::Address(Address::Line(line)) => Some((*line).max(number)),
            End::Address(Address::Last) if self.last => Some(number),
            End::Address(_) => None,
        };
        let one_line = end.is_some_and(|end| end <= number);
        let state = if one_line { RangeState::Outside } else { RangeState::Inside(end) };
        self.script.steps[at].state = state;
        true
    }

    fn act(&mut self, cx: &mut Cx<'_, '_>, at: usize, action: Action) -> Flow {
        match action {
            Action::Block(_) | Action::EndBlock => {}
            Action::Append(text) => self.appended.extend(text.bytes()),
            Action::Insert(text) => self.print(cx, text.as_bytes()),
            Action::Change(text) => {
                let step = &self.script.steps[at];
                let ranged = step.to.is_some() && !step.negated;
                if !ranged || matches!(step.state, RangeState::Outside | RangeState::Over) || self.last {
                    self.print(cx, text.as_bytes());
                }
                return Flow::End(false);
            }
            Action::Branch(to) => return Flow::Jump(to),
            Action::BranchIf(to) => {
                if std::mem::take(&mut self.replaced) {
                    return Flow::Jump(to);
                }
            }
            Action::BranchUnless(to) => {
                if !std::mem::take(&mut self.replaced) {
                    return Flow::Jump(to);
                }
            }
            Action::Quit(status) => return Flow::Quit(status, true),
            Action::QuitSilently(status) => {
                self.appended.clear();
                return Flow::Quit(status, false);
            }
            Action::List => self.list(cx),
            Action::ReadFile(path) => {
                if let Ok(bytes) = cx.read_file(&path) {
                    self.appended.extend_from_slice(&bytes);
                }
            }
            Action::Write(output) => {
                let line = self.space.clone();
                self.write(cx, output, &line);
            }
            Action::WriteFirst(output) => {
                let first = self.space.split(|b| *b == b'\n').next().unwrap_or_default().to_vec();
                self.write(cx, output, &first);
            }
            Action::Substitute(substitution) => self.substitute(cx, &substitution),
            Action::Transliterate(pairs) => {
                let text = String::from_utf8_lossy(&self.space).into_owned();
                let change = |c: char| pairs.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
                self.space = text.chars().map(change).collect::<String>().into_bytes();
            }
            Action::Simple(letter) => return self.simple(cx, letter),
        }
        Flow::On
    }

    fn simple(&mut self, cx: &mut Cx<'_, '_>, letter: char) -> Flow {
        match letter {
            '=' => {
                let line = format!("{}\n", self.number);
                self.print(cx, line.as_bytes());
            }
            'd' => return Flow::End(false),
            'D' => match self.space.iter().position(|b| *b == b'\n') {
                None => return Flow::End(false),
                Some(end) => {
                    self.space.drain(..=end);
                    return Flow::Restart;
                }
            },
            'F' => {
                let line = format!("{}\n", self.file);
                self.print(cx, line.as_bytes());
            }
            'g' => self.space = self.hold.clone(),
            'G' => {
                self.space.push(b'\n');
                self.space.extend_from_slice(&self.hold);
            }
            'h' => self.hold = self.space.clone(),
            'H' => {
                self.hold.push(b'\n');
                self.hold.extend_from_slice(&self.space);
            }
            'n' | 'N' => return Flow::Need(letter),
            'p' => self.print_space(cx),
            'P' => {
                let first = self.space.split(|b| *b == b'\n').next().unwrap_or_default().to_vec();
                self.print(cx, &[&first[..], b"\n"].concat());
            }
            'x' => std::mem::swap(&mut self.space, &mut self.hold),
            _ => self.space.clear(),
        }
        Flow::On
    }
}
