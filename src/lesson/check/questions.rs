//! Questions answered by playing them: a key that is written must be the key that the machine gives.

use crate::lesson::content::lesson::Step;
use crate::lesson::content::quiz::{Advice, CommandQuiz, Estimate, Key, Predict, Quiz, QuizKind, Verdict};
use crate::lesson::content::quiz_fault::QuizFault;
use crate::lesson::judge::facts::Machine;
use crate::lesson::judge::{Answers, Outcome, holds, judge};
use crate::lesson::quiz::lived::{Played, as_input, came_true, prepared};
use crate::lesson::quiz::normal::normal;
use crate::lesson::text::Text;
use crate::world::Time;

/// What is wrong with a question, asked of `machine` as the step leaves it.
pub fn question<M: Machine>(quiz: &Quiz, machine: &M, answers: &Answers) -> Vec<QuizFault> {
    let mut found = Vec::new();
    match &quiz.kind {
        QuizKind::Command(kind) => command(&quiz.id, kind, machine, answers, &mut found),
        QuizKind::Predict(kind) => predict(&quiz.id, kind, machine, answers, &mut found),
        QuizKind::Estimate(kind) => estimate(&quiz.id, kind, machine, &mut found),
        QuizKind::Judge(kind) => advice(&quiz.id, kind, machine, answers, &mut found),
        _ => {}
    }
    found
}

/// What is wrong with what a step shows and breaks, on `machine` as the step finds it.
pub fn showing<M: Machine>(step: &Step, machine: &M, answers: &Answers) -> Vec<QuizFault> {
    let mut found = Vec::new();
    for (line, printed) in Played::on(&mut machine.clone(), &step.demo).lines {
        if printed.contains("command not found") {
            found.push(QuizFault::DemoFails { step: step.id.clone(), line });
        }
    }
    if let Some(broken) = &step.breaks {
        let copy = prepared(machine, &broken.run);
        if let Err(evidence) = holds(&copy, answers, &broken.check, Time(0)) {
            found.push(QuizFault::BreaksNothing { step: step.id.clone(), why: evidence.text() });
        }
    }
    found
}

/// The first false fact of an outcome.
fn evidence(outcome: Outcome) -> Option<Text> {
    match outcome {
        Outcome::Met => None,
        Outcome::Unmet { evidence, .. } => Some(evidence),
    }
}

fn command<M: Machine>(id: &str, quiz: &CommandQuiz, machine: &M, answers: &Answers, found: &mut Vec<QuizFault>) {
    let quiz_id = || id.to_owned();
    let opened = prepared(machine, &quiz.setup);
    if judge(&opened, answers, &quiz.goal).is_met() {
        found.push(QuizFault::PassesUntouched { quiz: quiz_id() });
    }
    for line in &quiz.accept {
        let copy = prepared(&opened, &[as_input(line)]);
        if let Some(why) = evidence(judge(&copy, answers, &quiz.goal)) {
            found.push(QuizFault::AcceptFails { quiz: quiz_id(), line: line.clone(), why });
        }
    }
    for mistake in &quiz.mistakes {
        let line = mistake.run.clone();
        let copy = prepared(&opened, &[as_input(&line)]);
        if judge(&copy, answers, &quiz.goal).is_met() {
            found.push(QuizFault::MistakePasses { quiz: quiz_id(), line: line.clone() });
        }
        let unlike = mistake.when.as_ref().and_then(|when| holds(&copy, answers, when, Time(0)).err());
        found.extend(unlike.map(|why| QuizFault::MistakeUnlike { quiz: quiz_id(), line, why: why.text() }));
    }
}

fn predict<M: Machine>(id: &str, quiz: &Predict, machine: &M, answers: &Answers, found: &mut Vec<QuizFault>) {
    let quiz_id = id.to_owned();
    let mut copy = prepared(machine, &quiz.setup);
    let played = Played::on(&mut copy, &quiz.run);
    match &quiz.key {
        Key::Options(options) => {
            let came = came_true(options, &copy, &played, answers);
            let &[key] = came.as_slice() else {
                return found.push(QuizFault::CameTrue { quiz: quiz_id, options: came });
            };
            let say = |n: usize| options.get(n).map(|option| option.say.en.clone()).unwrap_or_default();
            let wrong = (0..options.len()).find(|n| options[*n].right.is_some_and(|right| right != (*n == key)));
            if let Some(wrong) = wrong {
                let written = options.iter().position(|option| option.right == Some(true)).unwrap_or(wrong);
                found.push(QuizFault::KeyDisagrees { quiz: quiz_id, written: say(written), ran: say(key) });
            }
        }
        Key::Value { capture, accept, .. } => {
            let Some(ran) = played.value(capture.as_ref()) else {
                return found.push(QuizFault::NoValue { quiz: quiz_id });
            };
            if let Some(first) = accept.first().filter(|_| !accept.iter().any(|a| normal(a) == normal(&ran))) {
                found.push(QuizFault::KeyDisagrees { quiz: quiz_id, written: first.clone(), ran });
            }
        }
    }
}

fn estimate<M: Machine>(id: &str, quiz: &Estimate, machine: &M, found: &mut Vec<QuizFault>) {
    if quiz.run.is_empty() {
        return;
    }
    let quiz_id = id.to_owned();
    let played = Played::on(&mut prepared(machine, &quiz.setup), &quiz.run);
    let Some(ran) = played.value(quiz.capture.as_ref()) else {
        return found.push(QuizFault::NoValue { quiz: quiz_id });
    };
    // What is measured may differ a little from what is taught, by no more than what a student may.
    if !quiz.answer.typed(&ran).iter().any(|value| quiz.tolerance.takes(*value, quiz.answer.value)) {
        let written = quiz.answer.value.to_string();
        found.push(QuizFault::KeyDisagrees { quiz: quiz_id, written, ran });
    }
}

fn advice<M: Machine>(id: &str, quiz: &Advice, machine: &M, answers: &Answers, found: &mut Vec<QuizFault>) {
    let quiz_id = id.to_owned();
    let copy = prepared(&prepared(machine, &quiz.setup), &quiz.run);
    let failed = evidence(judge(&copy, answers, &quiz.goal));
    if failed.is_none() != (quiz.verdict == Verdict::Accept) {
        found.push(QuizFault::VerdictDisagrees {
            quiz: quiz_id.clone(),
            verdict: quiz.verdict.word(),
            works: failed.is_none(),
            why: failed.unwrap_or_default(),
        });
    }
    if !quiz.amended.is_empty() {
        let copy = prepared(&prepared(machine, &quiz.setup), &quiz.amended);
        if let Some(why) = evidence(judge(&copy, answers, &quiz.goal)) {
            found.push(QuizFault::AmendedFails { quiz: quiz_id, why });
        }
    }
}
