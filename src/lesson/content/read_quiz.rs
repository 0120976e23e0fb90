//! Reads `[[step.quiz]]`: the kinds whose key is written down. Those that a copy of the machine answers are read in
//! [`read_trial`](super::read_trial).

use super::problem::{Problem, Want};
use super::quiz::{Accepted, Choice, Extra, Item, KindWord, Mistake, Pair, Quiz, QuizKind, Spot, SpotLine};
use super::quiz_fault::QuizFault;
use super::read_trial;
use super::reader::{Node, Table};
use regex::{Regex, RegexBuilder};

/// Reads `[[step.quiz]]`.
pub fn read_quiz(table: &Table<'_>) -> Option<Quiz> {
    let id = table.need_id();
    let ask = table.need_text("ask");
    let explain = table.get("explain").and_then(|n| n.text());
    let kind = match table.need("kind").and_then(|n| n.word::<KindWord>()) {
        Some(KindWord::Choice) => Some(QuizKind::Choice { options: options(table, "option", RightOptions::One) }),
        Some(KindWord::Multi) => Some(QuizKind::Multi { options: options(table, "option", RightOptions::Some) }),
        Some(KindWord::Short) => Some(short(table)),
        Some(KindWord::Recall) => {
            let rubric = table.need("rubric").map(|n| n.list()).unwrap_or_default();
            let rubric = rubric.iter().filter_map(Node::text).collect();
            Some(QuizKind::Recall { rubric, model: table.need_text("model") })
        }
        Some(KindWord::Order) => Some(order(table)),
        Some(KindWord::Match) => Some(pairs(table)),
        Some(KindWord::Spot) => Some(spot(table)),
        Some(KindWord::Command) => read_trial::command(table, &id),
        Some(KindWord::Predict) => read_trial::predict(table),
        Some(KindWord::Estimate) => read_trial::estimate(table),
        Some(KindWord::Judge) => read_trial::judge(table, &id),
        None => None,
    };
    if kind.is_none() {
        table.is_unreadable();
    }
    Some(Quiz { id, at: table.place(), ask, kind: kind?, explain })
}

/// How many options may be right.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum RightOptions {
    One,
    Some,
}

/// The options under `key`, each with its explanation.
pub(super) fn options(table: &Table<'_>, key: &'static str, right: RightOptions) -> Vec<Choice> {
    table.need(key);
    let read = |t: Table<'_>| Choice {
        say: t.own_text(),
        right: t.get("right").and_then(|n| n.boolean()).unwrap_or(false),
        why: t.need_text("why"),
    };
    let choices: Vec<Choice> = table.tables(key).into_iter().map(read).collect();
    check_right(table, choices.iter().map(|c| c.right), right);
    choices
}

fn check_right(table: &Table<'_>, rights: impl ExactSizeIterator<Item = bool>, right: RightOptions) {
    let empty = rights.len() == 0;
    let found = rights.filter(|right| *right).count();
    let (good, want) = match right {
        RightOptions::One => (found == 1, "1"),
        RightOptions::Some => (found >= 1, ">= 1"),
    };
    if !good && !empty {
        table.doc.report(&table.span, Problem::RightOptions { want, found });
    }
}

fn short(table: &Table<'_>) -> QuizKind {
    let mut accept: Vec<Accepted> = table.strings("accept").into_iter().map(|(w, _)| Accepted::Words(w)).collect();
    if let Some(node) = table.get("pattern") {
        accept.extend(whole(&node).map(Accepted::Pattern));
    }
    if accept.is_empty() {
        table.need("accept");
    }
    QuizKind::Short { accept, mistakes: mistakes(table) }
}

/// `mistake = [{ answer = "…" or pattern = '…', why }]`.
pub(super) fn mistakes(table: &Table<'_>) -> Vec<Mistake> {
    let read = |t: Table<'_>| {
        let answer = match (t.get("answer"), t.get("pattern")) {
            (Some(node), _) => Accepted::Words(node.filled()?),
            (None, Some(node)) => Accepted::Pattern(whole(&node)?),
            (None, None) => Accepted::Words(t.need_string("answer")),
        };
        Some(Mistake { answer, why: t.need_text("why") })
    };
    table.tables("mistake").into_iter().filter_map(read).collect()
}

/// A regular expression that the whole answer must match.
fn whole(node: &Node<'_>) -> Option<Regex> {
    let anchored = format!("^(?:{})$", node.filled()?);
    pattern(node, RegexBuilder::new(&anchored).case_insensitive(true))
}

/// A regular expression that is sought in what a command printed, line by line.
pub(super) fn sought(node: &Node<'_>) -> Option<Regex> {
    pattern(node, RegexBuilder::new(&node.filled()?).multi_line(true))
}

/// Patterns come from courses, which are not trusted: they are bounded when they are built, and matching takes time in
/// proportion to the text.
fn pattern(node: &Node<'_>, builder: &mut RegexBuilder) -> Option<Regex> {
    builder.size_limit(1 << 20).build().ok().or_else(|| node.not(Want::Pattern))
}

fn order(table: &Table<'_>) -> QuizKind {
    table.need("item");
    let read = |(n, t): (usize, Table<'_>)| {
        let place = t.get("place").and_then(|p| p.integer()).and_then(|p| u64::try_from(p).ok());
        Item { say: t.own_text(), place: place.unwrap_or(n as u64 + 1), why: t.need_text("why") }
    };
    let items: Vec<Item> = table.tables("item").into_iter().enumerate().map(read).collect();
    let places: Vec<u64> = items.iter().map(|item| item.place).collect();
    if items.len() < 2 || !places.is_sorted() {
        table.doc.report(&table.span, Problem::Quiz(QuizFault::Places));
    }
    QuizKind::Order { items }
}

fn pairs(table: &Table<'_>) -> QuizKind {
    table.need("pair");
    let read = |t: Table<'_>| Pair { left: t.need_text("left"), right: t.need_text("right"), why: t.need_text("why") };
    let pairs: Vec<Pair> = table.tables("pair").into_iter().map(read).collect();
    if pairs.len() < 2 {
        table.doc.report(&table.span, Problem::Quiz(QuizFault::FewPairs));
    }
    let read = |t: Table<'_>| Extra { say: t.own_text(), why: t.need_text("why") };
    QuizKind::Match { pairs, extra: table.tables("extra").into_iter().map(read).collect() }
}

fn spot(table: &Table<'_>) -> QuizKind {
    let text = table.need_string("text").trim_end().to_owned();
    let name = table.need_string("name");
    table.need("line");
    let read = |t: Table<'_>| {
        let node = t.need("has");
        let has = node.as_ref().and_then(|n| n.filled()).unwrap_or_default();
        let right = t.get("right").and_then(|n| n.boolean()).unwrap_or(false);
        let why = t.need_text("why");
        let found: Vec<usize> =
            text.lines().enumerate().filter(|(_, l)| l.contains(&has)).map(|(n, _)| n + 1).collect();
        if let (Some(node), false) = (node, found.len() == 1 || has.is_empty()) {
            node.report(Problem::Quiz(QuizFault::Lines { has, found: found.len() }));
        }
        Some(SpotLine { number: *found.first()?, right, why })
    };
    let lines: Vec<SpotLine> = table.tables("line").into_iter().filter_map(read).collect();
    check_right(table, lines.iter().map(|l| l.right), RightOptions::Some);
    QuizKind::Spot(Box::new(Spot { name, text, lines }))
}
