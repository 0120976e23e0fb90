//! Asking a question: options with letters or numbers, free words, an advice to judge. Enter alone skips.

use super::coach::{Heard, hear};
use super::quiz_forms as forms;
use super::reader::{Reader, Typed};
use super::view::View;
use super::words;
use crate::lesson::content::quiz::{Advice, Key, Predict, Quiz, QuizKind, Verdict};
use crate::lesson::quiz::Answer;
use crate::lesson::quiz::answer::mark_written;
use crate::lesson::text::Text;

/// Who asks whom: the coach's voice, the student's keyboard, the question and the seed of its shuffling.
pub struct Asking<'a> {
    /// How it is drawn.
    pub view: &'a View,
    /// Where answers come from.
    pub reader: &'a mut Reader,
    /// The question.
    pub quiz: &'a Quiz,
    /// The seed of the order of its options.
    pub seed: u64,
    /// What was typed instead of an answer, for the coach.
    pub word: Option<String>,
}

/// What came of a question.
pub enum Asked {
    /// An answer.
    Answer(Answer),
    /// It was skipped.
    Skipped,
    /// Something for the coach was typed instead.
    Word(String),
}

/// Whether a line is for the coach and no answer: a word of the coach's can be the answer to a question about it.
fn is_for_coach(quiz: &Quiz, line: &str) -> bool {
    let answers = match &quiz.kind {
        QuizKind::Command(_) => true,
        QuizKind::Short { .. } => mark_written(quiz, &Answer::Words(line.to_owned())).right,
        _ => false,
    };
    !answers && hear(line) != Heard::Machine
}

/// Asks `quiz` until there is an answer in its form, it is skipped, or the coach is called.
pub fn ask(view: &View, reader: &mut Reader, quiz: &Quiz, seed: u64) -> Asked {
    let mut asking = Asking { view, reader, quiz, seed, word: None };
    match (asking.ask(), asking.word) {
        (Some(answer), _) => Asked::Answer(answer),
        (None, Some(word)) => Asked::Word(word),
        (None, None) => Asked::Skipped,
    }
}

impl Asking<'_> {
    fn ask(&mut self) -> Option<Answer> {
        self.view.line("");
        self.view.line(&format!("? {}", words::QUESTION.get(self.view.lang)));
        self.view.text(&self.quiz.ask);
        match &self.quiz.kind {
            QuizKind::Choice { options } => {
                let texts: Vec<&Text> = options.iter().map(|o| &o.say).collect();
                self.letters(words::YOUR_CHOICE, &texts, forms::Many::One).map(Answer::Options)
            }
            QuizKind::Multi { options } => {
                let texts: Vec<&Text> = options.iter().map(|o| &o.say).collect();
                self.letters(words::YOUR_CHOICES, &texts, forms::Many::Some).map(Answer::Options)
            }
            QuizKind::Short { .. } => self.line(words::YOUR_ANSWER).map(Answer::Words),
            QuizKind::Recall { rubric, model } => self.recall(rubric, model),
            QuizKind::Command(_) => self.line(words::YOUR_COMMAND).map(Answer::Words),
            QuizKind::Predict(predict) => self.predict(predict),
            QuizKind::Order { items } => {
                let texts: Vec<&Text> = items.iter().map(|i| &i.say).collect();
                self.letters(words::YOUR_ORDER, &texts, forms::Many::All).map(Answer::Order)
            }
            QuizKind::Match { pairs, extra } => self.pairs(pairs, extra),
            QuizKind::Spot(spot) => self.spot(spot),
            QuizKind::Estimate(estimate) => self.estimate(estimate),
            QuizKind::Judge(advice) => self.judge(advice),
        }
    }

    /// A line that is not empty; `None` skips.
    pub fn line(&mut self, what: words::Say) -> Option<String> {
        let line = self.maybe_line(what);
        if line.is_none() && self.word.is_none() {
            self.view.say(words::SKIPPED);
        }
        line
    }

    /// A line that is not empty, without a word about it when it is.
    pub fn maybe_line(&mut self, what: words::Say) -> Option<String> {
        match self.reader.answer(&format!("│ {} > ", what.get(self.view.lang))) {
            Typed::Line(text) if is_for_coach(self.quiz, &text) => {
                self.word = Some(text);
                None
            }
            Typed::Line(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    fn recall(&mut self, rubric: &[Text], model: &Text) -> Option<Answer> {
        let confidence = self.line(words::HOW_SURE)?;
        let confidence = confidence.chars().find_map(|c| c.to_digit(10)).unwrap_or(1).clamp(1, 4) as u8;
        let said = self.line(words::IN_YOUR_WORDS)?;
        self.view.line("");
        self.view.say(words::FULL_ANSWER);
        self.view.text(model);
        forms::lettered(self.view, &rubric.iter().collect::<Vec<_>>());
        let shown: Vec<usize> = (0..rubric.len()).collect();
        let met = self.maybe_line(words::WHICH_POINTS).and_then(|line| forms::numbers(&line, &shown));
        Some(Answer::Recall { confidence, said, met: met.unwrap_or_default() })
    }

    /// The commands are shown before the prediction is asked for; nothing runs yet.
    fn predict(&mut self, predict: &Predict) -> Option<Answer> {
        self.view.line("");
        for input in &predict.run {
            input.typed().lines().for_each(|line| self.view.line(&format!("    {line}")));
        }
        match &predict.key {
            Key::Options(options) => {
                let texts: Vec<&Text> = options.iter().map(|o| &o.say).collect();
                self.letters(words::YOUR_PREDICTION, &texts, forms::Many::One).map(Answer::Options)
            }
            Key::Value { .. } => self.line(words::YOUR_PREDICTION).map(Answer::Words),
        }
    }

    fn judge(&mut self, advice: &Advice) -> Option<Answer> {
        self.view.say(words::ADVICE);
        self.view.markdown(&format!("> {}", advice.advice.get(self.view.lang).replace('\n', "\n> ")));
        let verdict = loop {
            let text = self.line(words::YOUR_VERDICT)?;
            match verdict(&text) {
                Some(verdict) => break verdict,
                None if !self.reader.is_person() => return None,
                None => self.view.say_with(words::NOT_AN_OPTION, &[&words::YOUR_VERDICT.get(self.view.lang)]),
            }
        };
        let texts: Vec<&Text> = advice.reasons.iter().map(|o| &o.say).collect();
        let reasons = self.letters(words::YOUR_REASONS, &texts, forms::Many::Some)?;
        Some(Answer::Verdict { verdict, reasons })
    }
}

/// A verdict by its number, its word in either language, or the beginning of one.
fn verdict(text: &str) -> Option<Verdict> {
    let text = text.to_lowercase();
    let known = [
        (Verdict::Accept, ["1", "accept", "accepter"]),
        (Verdict::Reject, ["2", "reject", "rejeter"]),
        (Verdict::Amend, ["3", "amend", "corriger"]),
    ];
    known.into_iter().find(|(_, names)| names.iter().any(|name| name.starts_with(&text))).map(|(verdict, _)| verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_typed_in_many_ways() {
        for (typed, want) in [
            ("1", Some(Verdict::Accept)),
            ("a", Some(Verdict::Accept)),
            ("Am", Some(Verdict::Amend)),
            ("c", Some(Verdict::Amend)),
            ("rej", Some(Verdict::Reject)),
            ("REJETER", Some(Verdict::Reject)),
            ("4", None),
            ("accepting", None),
        ] {
            assert_eq!(verdict(typed), want, "{typed}");
        }
    }
}
