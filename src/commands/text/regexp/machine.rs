//! A backtracking machine for what the `regex` crate leaves out: back-references, and the longest alternative.
//!
//! It keeps its own stack, so that a long line cannot overflow ours, and gives up after a number of steps.

use super::class::Class;
use super::parse::{Node, Tree, Wrong};
use super::{Flavor, Spans};

#[derive(Clone, Debug)]
enum Code {
    Char(char),
    Any,
    Set(Class),
    Assert(char),
    Back(usize),
    Save(usize),
    /// Try the first place, then the second.
    Split(usize, usize),
    Jump(usize),
    /// Notes where a round of a loop began; `Progress` goes on only when the round took something.
    Begin(usize),
    Progress(usize),
    Match,
}

/// A compiled program.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    code: Vec<Code>,
    /// Two places a group, then one a loop.
    slots: usize,
    groups: usize,
    flavor: Flavor,
}

/// Longer programs are refused.
const MAX_CODE: usize = 100_000;
/// A search ends after this many steps with what was found.
const MAX_STEPS: usize = 1_000_000;

impl Machine {
    pub fn new(tree: &Tree, flavor: Flavor) -> Result<Self, Wrong> {
        let slots = 2 * (tree.groups + 1);
        let mut machine = Machine { code: Vec::new(), slots, groups: tree.groups, flavor };
        machine.compile(&tree.root)?;
        machine.code.push(Code::Match);
        Ok(machine)
    }

    fn push(&mut self, code: Code) -> Result<usize, Wrong> {
        if self.code.len() >= MAX_CODE {
            return Err(Wrong::TooBig);
        }
        self.code.push(code);
        Ok(self.code.len() - 1)
    }

    fn compile(&mut self, node: &Node) -> Result<(), Wrong> {
        match node {
            Node::Empty => {}
            Node::Char(letter) => drop(self.push(Code::Char(*letter))?),
            Node::Any => drop(self.push(Code::Any)?),
            Node::Set(class) => drop(self.push(Code::Set(class.clone()))?),
            Node::Assert(which) => drop(self.push(Code::Assert(*which))?),
            Node::Back(number) => drop(self.push(Code::Back(*number))?),
            Node::Group(inner, number) => {
                self.push(Code::Save(2 * number))?;
                self.compile(inner)?;
                self.push(Code::Save(2 * number + 1))?;
            }
            Node::Concat(parts) => parts.iter().try_for_each(|part| self.compile(part))?,
            Node::Alternatives(all) => self.alternatives(all)?,
            Node::Repeat(inner, low, high) => self.repeat(inner, *low, *high)?,
        }
        Ok(())
    }

    fn alternatives(&mut self, all: &[Node]) -> Result<(), Wrong> {
        let mut ends = Vec::new();
        for (at, part) in all.iter().enumerate() {
            if at + 1 == all.len() {
                self.compile(part)?;
                break;
            }
            let split = self.push(Code::Split(0, 0))?;
            self.compile(part)?;
            ends.push(self.push(Code::Jump(0))?);
            self.code[split] = Code::Split(split + 1, self.code.len());
        }
        let end = self.code.len();
        for jump in ends {
            self.code[jump] = Code::Jump(end);
        }
        Ok(())
    }

    fn repeat(&mut self, inner: &Node, low: u32, high: Option<u32>) -> Result<(), Wrong> {
        for _ in 0..low {
            self.compile(inner)?;
        }
        match high {
            None => {
                let slot = self.slots;
                self.slots += 1;
                let split = self.push(Code::Split(0, 0))?;
                self.push(Code::Begin(slot))?;
                self.compile(inner)?;
                self.push(Code::Progress(slot))?;
                self.push(Code::Jump(split))?;
                self.code[split] = Code::Split(split + 1, self.code.len());
            }
            Some(high) => {
                let mut splits = Vec::new();
                for _ in low..high {
                    splits.push(self.push(Code::Split(0, 0))?);
                    self.compile(inner)?;
                }
                let end = self.code.len();
                for split in splits {
                    self.code[split] = Code::Split(split + 1, end);
                }
            }
        }
        Ok(())
    }

    /// The leftmost match at or after `start`.
    pub fn find(&self, text: &[u8], start: usize) -> Option<Spans> {
        let mut steps = MAX_STEPS;
        if self.flavor.whole {
            let spans = self.run(text, 0, &mut steps).filter(|_| start == 0)?;
            return (spans[0] == Some((0, text.len()))).then_some(spans);
        }
        (start..=text.len()).filter(|at| boundary(text, *at)).find_map(|at| self.run(text, at, &mut steps))
    }

    /// The longest match that begins at `start`.
    pub fn match_at(&self, text: &[u8], start: usize) -> Option<Spans> {
        self.run(text, start, &mut MAX_STEPS.clone())
    }

    fn run(&self, text: &[u8], start: usize, steps: &mut usize) -> Option<Spans> {
        const NONE: usize = usize::MAX;
        let mut slots = vec![NONE; self.slots];
        slots[0] = start;
        let mut best: Option<Vec<usize>> = None;
        // A branch to take later: place in the code and the text; or a slot to set back.
        let mut stack: Vec<(usize, usize, Option<usize>)> = vec![(0, start, None)];
        while let Some((mut pc, mut at, restore)) = stack.pop() {
            if let Some(slot) = restore {
                slots[slot] = at;
                continue;
            }
            loop {
                *steps = steps.saturating_sub(1);
                if *steps == 0 {
                    stack.clear();
                    break;
                }
                match &self.code[pc] {
                    Code::Match => {
                        if best.as_ref().is_none_or(|best| best[1] < at) {
                            slots[1] = at;
                            best = Some(slots.clone());
                        }
                        if at == text.len() {
                            stack.clear();
                        }
                        break;
                    }
                    Code::Split(first, second) => {
                        stack.push((*second, at, None));
                        pc = *first;
                        continue;
                    }
                    Code::Jump(to) => {
                        pc = *to;
                        continue;
                    }
                    Code::Save(slot) | Code::Begin(slot) => {
                        stack.push((0, slots[*slot], Some(*slot)));
                        slots[*slot] = at;
                    }
                    Code::Progress(slot) if slots[*slot] == at => break,
                    Code::Progress(_) => {}
                    Code::Assert(which) if !self.holds(*which, text, at) => break,
                    Code::Assert(_) => {}
                    Code::Back(number) => {
                        let (from, to) = (slots[2 * number], slots[2 * number + 1]);
                        if from == NONE || to == NONE || !self.same(&text[from..to], text, at) {
                            break;
                        }
                        at += to - from;
                    }
                    code => match letter_at(text, at) {
                        Some((letter, len)) if self.accepts(code, letter) => at += len,
                        _ => break,
                    },
                }
                pc += 1;
            }
        }
        let best = best?;
        let span = |group: usize| match (best[2 * group], best[2 * group + 1]) {
            (NONE, _) | (_, NONE) => None,
            (from, to) => Some((from, to)),
        };
        Some((0..=self.groups).map(span).collect())
    }

    fn same(&self, part: &[u8], text: &[u8], at: usize) -> bool {
        let Some(other) = text.get(at..at + part.len()) else { return false };
        if self.flavor.ignore_case { part.eq_ignore_ascii_case(other) } else { part == other }
    }

    fn accepts(&self, code: &Code, letter: char) -> bool {
        match code {
            Code::Char(want) if self.flavor.ignore_case => want.to_lowercase().eq(letter.to_lowercase()),
            Code::Char(want) => *want == letter,
            Code::Any => true,
            Code::Set(class) => class.contains(letter, self.flavor.ignore_case),
            _ => false,
        }
    }

    fn holds(&self, which: char, text: &[u8], at: usize) -> bool {
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let before = word(letter_before(text, at));
        let after = word(letter_at(text, at).map(|(letter, _)| letter));
        match which {
            '^' => at == 0 || (self.flavor.multiline && text[at - 1] == b'\n'),
            '$' => at == text.len() || (self.flavor.multiline && text[at] == b'\n'),
            'b' => before != after,
            'B' => before == after,
            '<' => !before && after,
            '>' => before && !after,
            '`' => at == 0,
            _ => at == text.len(),
        }
    }
}

/// Whether a character may begin at this place.
fn boundary(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|byte| byte & 0xc0 != 0x80)
}

/// The character at a place and its length; `None` at the end and where the text is not UTF-8.
fn letter_at(text: &[u8], at: usize) -> Option<(char, usize)> {
    let first = *text.get(at)?;
    if first < 0x80 {
        return Some((char::from(first), 1));
    }
    let piece = &text[at..text.len().min(at + 4)];
    let valid = match std::str::from_utf8(piece) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&piece[..error.valid_up_to()]).ok()?,
    };
    let letter = valid.chars().next()?;
    Some((letter, letter.len_utf8()))
}

fn letter_before(text: &[u8], at: usize) -> Option<char> {
    let start = (at.saturating_sub(4)..at).rev().find(|start| boundary(text, *start))?;
    letter_at(text, start).map(|(letter, _)| letter)
}
