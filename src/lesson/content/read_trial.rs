//! Reads the questions that a copy of the machine answers: `command`, `predict`, `estimate` and `judge`.

use super::action::Input;
use super::problem::{Problem, Want};
use super::quantity::{Quantity, Tolerance};
use super::quiz::{Advice, CommandMistake, CommandQuiz, Estimate, Foretold, Key, Predict, QuizKind, Shows, Verdict};
use super::quiz_fault::QuizFault;
use super::read_condition::read_condition;
use super::read_lesson::judged;
use super::read_quiz::{RightOptions, mistakes, options, sought};
use super::reader::{Node, Table};

fn inputs(table: &Table<'_>, key: &'static str) -> Vec<Input> {
    table.get(key).map(|n| n.list()).unwrap_or_default().iter().filter_map(Node::input).collect()
}

/// `kind = "command"`.
pub(super) fn command(table: &Table<'_>, id: &str) -> Option<QuizKind> {
    let setup = inputs(table, "setup");
    table.need("accept");
    let accept = table.strings("accept").into_iter().map(|(line, _)| line).collect();
    let read = |t: Table<'_>| CommandMistake {
        run: t.need_string("run"),
        when: t.get("when").and_then(|n| read_condition(&n)),
        why: t.need_text("why"),
    };
    let mistakes = table.tables("mistake").into_iter().map(read).collect();
    let goal = judged(table, id.to_owned(), Default::default());
    Some(QuizKind::Command(Box::new(CommandQuiz { setup, goal, accept, mistakes })))
}

/// `kind = "predict"`.
pub(super) fn predict(table: &Table<'_>) -> Option<QuizKind> {
    table.need("run");
    let (setup, run) = (inputs(table, "setup"), inputs(table, "run"));
    let key = if table.get("option").is_some() {
        let options: Vec<Foretold> = table.tables("option").into_iter().map(|t| foretold(&t)).collect();
        if options.iter().all(|option| option.shows.is_none()) {
            table.doc.report(&table.span, Problem::Quiz(QuizFault::NothingShows));
        }
        Key::Options(options)
    } else {
        let accept = table.strings("accept").into_iter().map(|(words, _)| words).collect();
        Key::Value { capture: table.get("capture").and_then(|n| sought(&n)), accept, mistakes: mistakes(table) }
    };
    Some(QuizKind::Predict(Box::new(Predict { setup, run, key })))
}

fn foretold(table: &Table<'_>) -> Foretold {
    let when = table.get("when").and_then(|n| read_condition(&n)).map(Shows::When);
    let prints = table.get("prints").and_then(|n| sought(&n)).map(Shows::Prints);
    Foretold {
        say: table.own_text(),
        shows: when.or(prints),
        right: table.get("right").and_then(|n| n.boolean()),
        why: table.need_text("why"),
    }
}

/// `kind = "estimate"`.
pub(super) fn estimate(table: &Table<'_>) -> Option<QuizKind> {
    let answer = table.need("answer").and_then(|n| n.quantity());
    let tolerance = match table.get("tolerance") {
        Some(node) => node.string().and_then(|text| Tolerance::parse(&text)).or_else(|| node.not(Want::Tolerance)),
        None => Some(Tolerance::default()),
    };
    let estimate = Estimate {
        setup: inputs(table, "setup"),
        run: inputs(table, "run"),
        capture: table.get("capture").and_then(|n| sought(&n)),
        unit: table.get("unit").and_then(|n| n.text()),
        low: table.need_text("low"),
        high: table.need_text("high"),
        answer: answer?,
        tolerance: tolerance?,
    };
    Some(QuizKind::Estimate(Box::new(estimate)))
}

/// `kind = "judge"`.
pub(super) fn judge(table: &Table<'_>, id: &str) -> Option<QuizKind> {
    let advice = table.need_text("advice");
    let reasons = options(table, "reason", RightOptions::Some);
    table.need("run");
    let (setup, run, amended) = (inputs(table, "setup"), inputs(table, "run"), inputs(table, "amended"));
    let verdict: Option<Verdict> = table.need("verdict").and_then(|n| n.word());
    if verdict == Some(Verdict::Amend) && amended.is_empty() {
        table.need("amended");
    }
    let goal = judged(table, id.to_owned(), Default::default());
    Some(QuizKind::Judge(Box::new(Advice { advice, verdict: verdict?, reasons, setup, run, goal, amended })))
}

impl Node<'_> {
    /// The value as a number with its unit.
    pub fn quantity(&self) -> Option<Quantity> {
        if let Some(n) = self.if_integer() {
            return Some(Quantity::count(n as f64));
        }
        Quantity::parse(&self.string()?).or_else(|| self.not(Want::Quantity))
    }
}
