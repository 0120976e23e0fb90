//! Every text of a question with the short key under which its translation is signed off.

use super::quiz::{Choice, Key, Quiz, QuizKind};
use crate::lesson::text::Text;

impl Quiz {
    /// Every text of the question with a short key.
    pub fn texts(&self) -> Vec<(String, Text)> {
        let mut texts = Texts(vec![("ask".to_owned(), self.ask.clone())]);
        texts.maybe("explain", self.explain.as_ref());
        match &self.kind {
            QuizKind::Choice { options } | QuizKind::Multi { options } => texts.choices(options),
            QuizKind::Short { mistakes, .. } => texts.list("mistake", mistakes.iter().map(|m| &m.why)),
            QuizKind::Recall { rubric, model } => {
                texts.list("rubric", rubric.iter());
                texts.add("model", model);
            }
            QuizKind::Command(quiz) => {
                texts.maybe("why", quiz.goal.why.as_ref());
                texts.list("mistake", quiz.mistakes.iter().map(|m| &m.why));
            }
            QuizKind::Predict(quiz) => match &quiz.key {
                Key::Options(options) => texts.pairs("option", options.iter().map(|o| (&o.say, &o.why))),
                Key::Value { mistakes, .. } => texts.list("mistake", mistakes.iter().map(|m| &m.why)),
            },
            QuizKind::Order { items } => texts.pairs("item", items.iter().map(|i| (&i.say, &i.why))),
            QuizKind::Match { pairs, extra } => {
                texts.pairs("pair", pairs.iter().map(|p| (&p.left, &p.why)));
                texts.list("right", pairs.iter().map(|p| &p.right));
                texts.pairs("extra", extra.iter().map(|e| (&e.say, &e.why)));
            }
            QuizKind::Spot(spot) => texts.list("line", spot.lines.iter().map(|l| &l.why)),
            QuizKind::Estimate(estimate) => {
                texts.maybe("unit", estimate.unit.as_ref());
                texts.add("low", &estimate.low);
                texts.add("high", &estimate.high);
            }
            QuizKind::Judge(quiz) => {
                texts.choices(&quiz.reasons);
                texts.add("advice", &quiz.advice);
                texts.maybe("why", quiz.goal.why.as_ref());
            }
        }
        texts.0
    }
}

struct Texts(Vec<(String, Text)>);

impl Texts {
    fn add(&mut self, key: &str, text: &Text) {
        self.0.push((key.to_owned(), text.clone()));
    }

    fn maybe(&mut self, key: &str, text: Option<&Text>) {
        self.0.extend(text.map(|text| (key.to_owned(), text.clone())));
    }

    fn list<'t>(&mut self, key: &str, texts: impl Iterator<Item = &'t Text>) {
        self.0.extend(texts.enumerate().map(|(n, text)| (format!("{key}-{}", n + 1), text.clone())));
    }

    fn pairs<'t>(&mut self, key: &str, texts: impl Iterator<Item = (&'t Text, &'t Text)>) {
        for (n, (say, why)) in texts.enumerate() {
            self.0.push((format!("{key}-{}", n + 1), say.clone()));
            self.0.push((format!("{key}-{}/why", n + 1), why.clone()));
        }
    }

    fn choices(&mut self, choices: &[Choice]) {
        self.pairs("option", choices.iter().map(|c| (&c.say, &c.why)));
    }
}
