//! Questions that a copy of the machine answers: what was foretold, typed or advised is done to it, and shown.

use super::answer::{Answer, Marked, Remark, verdict_right};
use super::normal::normal;
use crate::lesson::content::action::Input;
use crate::lesson::content::quiz::{
    Accepted, Advice, CommandQuiz, Estimate, Foretold, Key, Mistake, Predict, Quiz, QuizKind, Shows, Verdict,
};
use crate::lesson::judge::facts::Machine;
use crate::lesson::judge::{Answers, Outcome, holds, judge};
use crate::lesson::text::Text;
use crate::shell::console::plain;
use crate::world::Time;
use regex::Regex;

/// What was done to a copy of the machine and what its terminal showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// Whether it is the advice as it should have been.
    pub amended: bool,
    /// Each line typed with what was printed for it.
    pub lines: Vec<(String, String)>,
}

impl Played {
    /// Does `run` to `machine`. Escape sequences and the prompt that comes back are left out.
    pub fn on<M: Machine>(machine: &mut M, run: &[Input]) -> Played {
        let mut lines = Vec::new();
        for input in run {
            let shown = plain(&machine.input(input, None));
            let printed = shown.rfind('\n').map_or("", |end| &shown[..end]);
            lines.push((input.typed(), printed.to_owned()));
        }
        Played { amended: false, lines }
    }

    /// What the last line typed has printed.
    pub fn last(&self) -> &str {
        self.lines.last().map_or("", |(_, printed)| printed)
    }

    /// The value that `capture` finds in what the last line printed, or its last line that is not blank.
    pub fn value(&self, capture: Option<&Regex>) -> Option<String> {
        let found = match capture {
            Some(capture) => {
                let groups = capture.captures(self.last())?;
                groups.get(1).or(groups.get(0))?.as_str()
            }
            None => self.last().lines().rev().find(|line| !line.trim().is_empty())?,
        };
        Some(found.trim().to_owned())
    }
}

/// A copy of `machine` after `setup`.
pub fn prepared<M: Machine>(machine: &M, setup: &[Input]) -> M {
    let mut copy = machine.clone();
    Played::on(&mut copy, setup);
    copy
}

/// A line as it was typed: a word of the coach that means something to the machine, or a command.
pub fn as_input(line: &str) -> Input {
    Input::parse(line).unwrap_or_else(|| Input::Type(line.to_owned()))
}

/// Judges an answer on a copy of `machine`; `None` for kinds that need none. An answer of another kind is wrong.
pub fn mark_lived<M: Machine>(quiz: &Quiz, answer: &Answer, machine: &M, answers: &Answers) -> Option<Marked> {
    let mut marked = match (&quiz.kind, answer) {
        (QuizKind::Command(quiz), Answer::Words(line)) => command(quiz, line, machine, answers),
        (QuizKind::Predict(quiz), answer) => predict(quiz, answer, machine, answers),
        (QuizKind::Estimate(quiz), Answer::Words(typed)) => estimate(quiz, typed, machine),
        (QuizKind::Judge(quiz), Answer::Verdict { verdict, reasons }) => {
            advice(quiz, *verdict, reasons, machine, answers)
        }
        (QuizKind::Command(_) | QuizKind::Estimate(_) | QuizKind::Judge(_), _) => Marked::default(),
        _ => return None,
    };
    marked.explain.clone_from(&quiz.explain);
    Some(marked)
}

fn whole(right: bool, say: Text) -> Remark {
    Remark { about: None, right, say }
}

fn command<M: Machine>(quiz: &CommandQuiz, line: &str, machine: &M, answers: &Answers) -> Marked {
    let mut copy = prepared(machine, &quiz.setup);
    let played = Played::on(&mut copy, &[as_input(line)]);
    let outcome = judge(&copy, answers, &quiz.goal);
    let spaced = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = quiz.mistakes.iter().find(|mistake| match &mistake.when {
        Some(when) => holds(&copy, answers, when, Time(0)).is_ok(),
        None => spaced(&mistake.run) == spaced(line),
    });
    let mut remarks = Vec::new();
    if let Some(reason) = outcome.reason() {
        remarks.extend(known.map(|mistake| whole(false, mistake.why.clone())));
        remarks.push(whole(false, reason));
    }
    Marked { right: outcome.is_met(), remarks, played: vec![played], ..Marked::default() }
}

/// The options of a prediction that came true.
pub fn came_true<M: Machine>(options: &[Foretold], copy: &M, played: &Played, answers: &Answers) -> Vec<usize> {
    let shows = |option: &Foretold| match &option.shows {
        Some(Shows::When(when)) => holds(copy, answers, when, Time(0)).is_ok(),
        Some(Shows::Prints(pattern)) => pattern.is_match(played.last()),
        None => false,
    };
    (0..options.len()).filter(|n| options.get(*n).is_some_and(shows)).collect()
}

fn predict<M: Machine>(quiz: &Predict, answer: &Answer, machine: &M, answers: &Answers) -> Marked {
    let mut copy = prepared(machine, &quiz.setup);
    let played = Played::on(&mut copy, &quiz.run);
    let (right, remarks) = match (&quiz.key, answer) {
        (Key::Options(options), Answer::Options(chosen)) => {
            let came = came_true(options, &copy, &played, answers);
            foretold(options, &came, chosen)
        }
        (Key::Value { capture, accept, mistakes }, Answer::Words(words)) => {
            value(played.value(capture.as_ref()), accept, mistakes, words)
        }
        _ => (false, Vec::new()),
    };
    Marked { right, remarks, played: vec![played], ..Marked::default() }
}

fn foretold(options: &[Foretold], came: &[usize], chosen: &[usize]) -> (bool, Vec<Remark>) {
    let [key] = came else {
        // The machine is not as the question supposes: the student did something else. Nobody is blamed for that.
        return (true, vec![whole(true, not_counted())]);
    };
    let right = chosen == [*key];
    let told = chosen.iter().filter(|n| *n != key).chain([key]);
    let remark = |n: &usize| Some(Remark { about: Some(*n), right: n == key, say: options.get(*n)?.why.clone() });
    (right, told.filter_map(remark).collect())
}

fn not_counted() -> Text {
    Text::set(
        "On your machine, as it is now, none of this can be told apart: the question does not count.",
        "Sur ta machine, dans l’état où elle est, rien de tout cela ne se distingue : la question ne compte pas.",
    )
}

/// Judges a foretold value: what the run gave, or what the author accepts as other words for just that.
fn value(ran: Option<String>, accept: &[String], mistakes: &[Mistake], words: &str) -> (bool, Vec<Remark>) {
    let Some(ran) = ran else { return (true, vec![whole(true, not_counted())]) };
    let said = normal(words);
    let same = accept.iter().any(|a| normal(a) == normal(&ran));
    let right = said == normal(&ran) || (same && accept.iter().any(|a| normal(a) == said));
    let known = mistakes.iter().find(|mistake| match &mistake.answer {
        Accepted::Words(words) => normal(words) == said,
        Accepted::Pattern(pattern) => pattern.is_match(&said),
    });
    let mut remarks: Vec<Remark> = known.filter(|_| !right).map(|m| whole(false, m.why.clone())).into_iter().collect();
    if !right {
        let say = Text::set(format!("It says `{ran}`."), &format!("La réponse de la machine : `{ran}`."));
        remarks.push(whole(false, say));
    }
    (right, remarks)
}

fn estimate<M: Machine>(quiz: &Estimate, typed: &str, machine: &M) -> Marked {
    let readings = quiz.answer.typed(typed);
    let key = quiz.answer.value;
    let right = readings.iter().any(|value| quiz.tolerance.takes(*value, key));
    let off = readings.first().filter(|_| !right).map(|value| if *value < key { &quiz.low } else { &quiz.high });
    let remarks = off.map(|say| whole(false, say.clone())).into_iter().collect();
    let played = (!quiz.run.is_empty()).then(|| Played::on(&mut prepared(machine, &quiz.setup), &quiz.run));
    Marked { right, remarks, played: played.into_iter().collect(), ..Marked::default() }
}

fn advice<M: Machine>(quiz: &Advice, given: Verdict, chosen: &[usize], machine: &M, answers: &Answers) -> Marked {
    let (right, mut remarks) = verdict_right(quiz.verdict, &quiz.reasons, given, chosen);
    let mut copy = prepared(machine, &quiz.setup);
    let mut played = vec![Played::on(&mut copy, &quiz.run)];
    remarks.push(match judge(&copy, answers, &quiz.goal) {
        Outcome::Met => whole(
            true,
            Text::set("On the copy, the advice does its work.", "Sur la copie, le conseil fait son travail."),
        ),
        unmet => whole(false, unmet.reason().unwrap_or_default()),
    });
    if !quiz.amended.is_empty() {
        let amended = Played::on(&mut prepared(machine, &quiz.setup), &quiz.amended);
        played.push(Played { amended: true, ..amended });
    }
    Marked { right, remarks, played, ..Marked::default() }
}
