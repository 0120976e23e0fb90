//! Questions: their kinds, what each needs, and how lesson.toml writes them.
//!
//! `command`, `predict`, `order`, `match`, `spot` and `estimate` come later as further variants of [`QuizKind`].

use super::diagnostic::Place;
use super::problem::{Problem, Want};
use super::reader::{Node, Table, words};
use crate::lesson::text::Text;
use regex::{Regex, RegexBuilder};

/// One question.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// Its id, unique in the lesson.
    pub id: String,
    /// Where it stands.
    pub at: Place,
    /// The question, as Markdown.
    pub ask: Text,
    /// What kind of answer it wants.
    pub kind: QuizKind,
    /// What is said once it is answered, right or wrong.
    pub explain: Option<Text>,
}

/// The kinds of question.
#[derive(Clone, Debug)]
pub enum QuizKind {
    /// One option of several is right.
    Choice {
        /// The options, in the order of the file.
        options: Vec<Choice>,
    },
    /// Every right option must be chosen, and no other.
    Multi {
        /// The options, in the order of the file.
        options: Vec<Choice>,
    },
    /// A word or a short sentence is typed.
    Short {
        /// What is accepted.
        accept: Vec<Accepted>,
        /// Known wrong answers with what to say about each.
        mistakes: Vec<Mistake>,
    },
    /// Free recall: first how sure one is, then the answer in one's own words, then self-graded against a rubric.
    Recall {
        /// The points that a full answer makes.
        rubric: Vec<Text>,
        /// A full answer, shown afterwards.
        model: Text,
    },
    /// An advice is given: accept it, reject it or amend it, and say why.
    Judge {
        /// The advice, as its author worded it.
        advice: Text,
        /// What to do with it.
        verdict: Verdict,
        /// Reasons, one or several of which are right.
        reasons: Vec<Choice>,
    },
}

words! {
    /// What one does with an advice.
    Verdict {
        /// It is right as it stands.
        Accept = "accept",
        /// It is wrong.
        Reject = "reject",
        /// It is right once it is changed.
        Amend = "amend",
    }
}

words! {
    /// How lesson.toml names the kinds.
    KindWord {
        /// One of several.
        Choice = "choice",
        /// Some of several.
        Multi = "multi",
        /// Typed.
        Short = "short",
        /// Free recall.
        Recall = "recall",
        /// An advice.
        Judge = "judge",
    }
}

/// An option, with what is said to whoever chose it.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says.
    pub say: Text,
    /// Whether it is right.
    pub right: bool,
    /// Why it is right or wrong.
    pub why: Text,
}

/// An answer that is accepted.
#[derive(Clone, Debug)]
pub enum Accepted {
    /// These words, whatever their case, accents, typography and surrounding quotes.
    Words(String),
    /// Whatever matches, after the same normalisation.
    Pattern(Regex),
}

/// A wrong answer that is expected.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// What is typed.
    pub answer: Accepted,
    /// What to say about it.
    pub why: Text,
}

impl Quiz {
    /// Every text of the question with a short key.
    pub fn texts(&self) -> Vec<(String, Text)> {
        let mut texts = vec![("ask".to_owned(), self.ask.clone())];
        texts.extend(self.explain.clone().map(|t| ("explain".to_owned(), t)));
        let mut choices = |choices: &[Choice]| {
            for (n, choice) in choices.iter().enumerate() {
                texts.push((format!("option-{}", n + 1), choice.say.clone()));
                texts.push((format!("option-{}/why", n + 1), choice.why.clone()));
            }
        };
        match &self.kind {
            QuizKind::Choice { options } | QuizKind::Multi { options } => choices(options),
            QuizKind::Judge { advice, reasons, .. } => {
                choices(reasons);
                texts.push(("advice".to_owned(), advice.clone()));
            }
            QuizKind::Short { mistakes, .. } => {
                texts.extend(mistakes.iter().enumerate().map(|(n, m)| (format!("mistake-{}", n + 1), m.why.clone())));
            }
            QuizKind::Recall { rubric, model } => {
                texts.extend(rubric.iter().enumerate().map(|(n, t)| (format!("rubric-{}", n + 1), t.clone())));
                texts.push(("model".to_owned(), model.clone()));
            }
        }
        texts
    }
}

/// Reads `[[step.quiz]]`.
pub fn read_quiz(table: &Table<'_>) -> Option<Quiz> {
    let id = table.need_id();
    let ask = table.need_text("ask");
    let explain = table.get("explain").and_then(|n| n.text());
    let kind = match table.need("kind")?.word::<KindWord>() {
        Some(KindWord::Choice) => QuizKind::Choice { options: options(table, "option", RightOptions::One) },
        Some(KindWord::Multi) => QuizKind::Multi { options: options(table, "option", RightOptions::Some) },
        Some(KindWord::Short) => short(table),
        Some(KindWord::Recall) => {
            let rubric = table.need("rubric").map(|n| n.list()).unwrap_or_default();
            let rubric = rubric.iter().filter_map(Node::text).collect();
            QuizKind::Recall { rubric, model: table.need_text("model") }
        }
        Some(KindWord::Judge) => QuizKind::Judge {
            advice: table.need_text("advice"),
            reasons: options(table, "reason", RightOptions::Some),
            verdict: table.need("verdict")?.word()?,
        },
        None => {
            table.is_unreadable();
            return None;
        }
    };
    Some(Quiz { id, at: table.place(), ask, kind, explain })
}

/// How many options may be right.
#[derive(Clone, Copy, PartialEq)]
enum RightOptions {
    One,
    Some,
}

fn options(table: &Table<'_>, key: &'static str, right: RightOptions) -> Vec<Choice> {
    table.need(key);
    let read = |t: Table<'_>| Choice {
        say: t.own_text(),
        right: t.get("right").and_then(|n| n.boolean()).unwrap_or(false),
        why: t.need_text("why"),
    };
    let choices: Vec<Choice> = table.tables(key).into_iter().map(read).collect();
    let found = choices.iter().filter(|c| c.right).count();
    let (good, want) = match right {
        RightOptions::One => (found == 1, "1"),
        RightOptions::Some => (found >= 1, ">= 1"),
    };
    if !good && !choices.is_empty() {
        table.doc.report(&table.span, Problem::RightOptions { want, found });
    }
    choices
}

fn short(table: &Table<'_>) -> QuizKind {
    let mut accept: Vec<Accepted> = table.strings("accept").into_iter().map(|(w, _)| Accepted::Words(w)).collect();
    if let Some(node) = table.get("pattern") {
        accept.extend(pattern(&node));
    }
    if accept.is_empty() {
        table.need("accept");
    }
    let read = |t: Table<'_>| {
        let answer = match (t.get("answer"), t.get("pattern")) {
            (Some(node), _) => Accepted::Words(node.filled()?),
            (None, Some(node)) => pattern(&node)?,
            (None, None) => Accepted::Words(t.need_string("answer")),
        };
        Some(Mistake { answer, why: t.need_text("why") })
    };
    QuizKind::Short { accept, mistakes: table.tables("mistake").into_iter().filter_map(read).collect() }
}

fn pattern(node: &Node<'_>) -> Option<Accepted> {
    let anchored = format!("^(?:{})$", node.filled()?);
    let built = RegexBuilder::new(&anchored).case_insensitive(true).size_limit(1 << 20).build();
    built.ok().map(Accepted::Pattern).or_else(|| node.not(Want::Pattern))
}
