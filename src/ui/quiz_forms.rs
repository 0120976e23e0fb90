//! The forms of answers: letters or numbers of options, an order, pairs, a line of a file, an estimate.

use super::quiz::Asking;
use super::view::View;
use super::words::{self, Say};
use crate::lesson::content::quantity::Measure;
use crate::lesson::content::quiz::{Estimate, Extra, Pair, Spot};
use crate::lesson::quiz::{Answer, order};
use crate::lesson::text::Text;

/// How many of the options an answer names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    /// One.
    One,
    /// One or several; their order does not matter.
    Some,
    /// All, in the order that is meant.
    All,
}

/// Draws texts each with its letter.
pub fn lettered(view: &View, texts: &[&Text]) {
    view.line("");
    for (letter, text) in ('a'..='z').zip(texts) {
        view.markdown(&format!("{letter}) {}", text.get(view.lang)));
    }
    view.line("");
}

/// What the letters or numbers of a line stand for: `c a b`, `cab`, `3, 1, 2`. `None` when one stands for nothing.
pub fn numbers(line: &str, shown: &[usize]) -> Option<Vec<usize>> {
    let lower = line.to_lowercase();
    let mut found = Vec::new();
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        // `12` is the twelfth option, or the first and the second when there are fewer; letters are one each.
        match word.parse::<usize>() {
            Ok(number) if (1..=shown.len()).contains(&number) => found.push(*shown.get(number - 1)?),
            _ => {
                for letter in word.chars() {
                    let number = ('a'..='z').position(|l| l == letter);
                    let number = number.or_else(|| (letter.to_digit(10)? as usize).checked_sub(1))?;
                    found.push(*shown.get(number)?);
                }
            }
        }
    }
    Some(found)
}

/// What pairs such as `1c 2a 3b`, or just `c a b`, stand for: for each of `left` the thing on the right.
fn paired(line: &str, left: &[usize], right: &[usize]) -> Option<Vec<usize>> {
    let lower = line.to_lowercase();
    let marks: Vec<char> = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    let letter = |c: &char| right.get(('a'..='z').position(|l| l == *c)?).copied();
    let mut chosen: Vec<Option<usize>> = vec![None; left.len()];
    if marks.iter().any(char::is_ascii_digit) {
        for pair in marks.chunks(2) {
            let [number, mark] = pair else { return None };
            let place = left.get((number.to_digit(10)? as usize).checked_sub(1)?)?;
            *chosen.get_mut(*place)? = Some(letter(mark)?);
        }
    } else if marks.len() == left.len() {
        for (place, mark) in left.iter().zip(&marks) {
            *chosen.get_mut(*place)? = Some(letter(mark)?);
        }
    }
    chosen.into_iter().collect()
}

impl Asking<'_> {
    /// Draws `texts` in shuffled order and reads letters or numbers, again until they name options.
    pub fn letters(&mut self, what: Say, texts: &[&Text], many: Many) -> Option<Vec<usize>> {
        let shown = order(&self.quiz.id, self.seed, texts.len());
        lettered(self.view, &shown.iter().filter_map(|n| texts.get(*n)).copied().collect::<Vec<_>>());
        let good = |found: &[usize]| match many {
            Many::One => found.len() == 1,
            Many::Some => !found.is_empty(),
            Many::All => {
                let mut sorted = found.to_vec();
                sorted.sort_unstable();
                sorted.into_iter().eq(0..texts.len())
            }
        };
        let all: Vec<String> = ('a'..='z').take(texts.len()).map(String::from).collect();
        let mut found = self.until(what, &all.join(" "), |line| numbers(line, &shown).filter(|n| good(n)))?;
        if many == Many::Some {
            found.sort_unstable();
            found.dedup();
        }
        Some(found)
    }

    /// Reads lines until one can be read; says what is expected in between. A stream has one try.
    fn until<T>(&mut self, what: Say, expected: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        loop {
            let line = self.line(what)?;
            if let Some(found) = read(&line) {
                return Some(found);
            }
            self.view.say_with(words::NOT_AN_OPTION, &[expected]);
            if !self.reader.is_person() {
                return None;
            }
        }
    }

    /// Asks a `match`: numbers on the left, letters on the right.
    pub fn pairs(&mut self, pairs: &[Pair], extra: &[Extra]) -> Option<Answer> {
        let left = order(&format!("{}-left", self.quiz.id), self.seed, pairs.len());
        let right = order(&self.quiz.id, self.seed, pairs.len() + extra.len());
        self.view.line("");
        for (n, text) in left.iter().filter_map(|n| pairs.get(*n)).map(|pair| &pair.left).enumerate() {
            self.view.markdown(&format!("{}) {}", n + 1, text.get(self.view.lang)));
        }
        let text = |n: &usize| match n.checked_sub(pairs.len()) {
            None => pairs.get(*n).map(|pair| &pair.right),
            Some(n) => extra.get(n).map(|extra| &extra.say),
        };
        lettered(self.view, &right.iter().filter_map(text).collect::<Vec<_>>());
        self.until(words::YOUR_PAIRS, "1a 2b …", |line| paired(line, &left, &right)).map(Answer::Pairs)
    }

    /// Asks a `spot`: the file with its lines numbered.
    pub fn spot(&mut self, spot: &Spot) -> Option<Answer> {
        self.view.line("");
        self.view.line(&spot.name);
        for (n, line) in spot.text.lines().enumerate() {
            self.view.line(&format!("{:>4}  {line}", n + 1));
        }
        self.view.line("");
        let count = spot.text.lines().count();
        let read = |line: &str| {
            let digits: String = line.chars().filter(char::is_ascii_digit).collect();
            digits.parse().ok().filter(|n| (1..=count).contains(n))
        };
        self.until(words::YOUR_LINE, &format!("1 – {count}"), read).map(Answer::Line)
    }

    /// Asks an `estimate`, naming the unit in which a bare number counts.
    pub fn estimate(&mut self, estimate: &Estimate) -> Option<Answer> {
        let unit = match (&estimate.unit, estimate.answer.measure) {
            (Some(unit), _) => unit.get(self.view.lang).to_owned(),
            (None, Measure::Time) => words::IN_TIME.get(self.view.lang),
            (None, Measure::Size) => words::IN_SIZE.get(self.view.lang),
            (None, Measure::Share) => "%".to_owned(),
            (None, Measure::Count) => String::new(),
        };
        if !unit.is_empty() {
            self.view.line(&format!("({unit})"));
        }
        let key = estimate.answer;
        let read = |line: &str| (!key.typed(line).is_empty()).then(|| line.to_owned());
        self.until(words::YOUR_ESTIMATE, &words::A_NUMBER.get(self.view.lang), read).map(Answer::Words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_numbers_name_options() {
        let shown = [2, 0, 1];
        for line in ["b c", "bc", "2 3", "2,3", "23", "B) C)"] {
            assert_eq!(numbers(line, &shown), Some(vec![0, 1]), "{line}");
        }
        let twelve: Vec<usize> = (0..12).collect();
        assert_eq!(numbers("12", &twelve), Some(vec![11]));
        assert_eq!(numbers("d", &shown), None);
        assert_eq!(numbers("0", &shown), None);
        assert_eq!(numbers("é", &shown), None);
        assert_eq!(numbers("a1b", &shown), Some(vec![2, 2, 0]));
    }

    #[test]
    fn pairs_are_typed_with_or_without_numbers() {
        let (left, right) = ([1, 0], [2, 1, 0]);
        for line in ["1a 2c", "2c1a", "a c", "AC", "1-a, 2-c"] {
            assert_eq!(paired(line, &left, &right), Some(vec![0, 2]), "{line}");
        }
        for line in ["1a", "a", "abc", "1a 3b", "1z 2a", "1 2", ""] {
            assert_eq!(paired(line, &left, &right), None, "{line}");
        }
    }
}
