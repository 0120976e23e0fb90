//! Grading a hand-in: a run is lived again on a fresh machine, and what it reached is found anew. Nothing that the file
//! says about itself is believed.

use super::content::lesson::{Lesson, Step};
use super::judge::facts::Machine;
use super::progress::{Event, Run};
use super::session::Session;
use std::collections::BTreeMap;

/// What one run of a lesson is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grade {
    /// The lesson's id.
    pub lesson: String,
    /// Whether it was gone through to its end.
    pub done: bool,
    /// Every goal of the lesson, in order.
    pub goals: Vec<Mark>,
    /// Every question of the lesson, in order.
    pub quizzes: Vec<Mark>,
    /// How many lines were typed.
    pub inputs: usize,
    /// How often a hint was asked for.
    pub hints: usize,
    /// How many solutions were shown.
    pub solutions: usize,
    /// Questions of which the file says another result than the answer gives.
    pub claims: Vec<String>,
    /// Whether it was lived again to its end: not when it took too long, or asked for a time beyond reach.
    pub whole: bool,
}

/// The mark of one goal or question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The step's id.
    pub step: String,
    /// The goal's or the question's id.
    pub id: String,
    /// Whether it was reached, or answered rightly; `None`: the run never got there.
    pub right: Option<bool>,
}

impl Grade {
    /// How many of `marks` are right, and how many there are.
    pub fn count(marks: &[Mark]) -> (usize, usize) {
        (marks.iter().filter(|mark| mark.right == Some(true)).count(), marks.len())
    }
}

/// Lives `run` again on `machine` and marks it. A goal counts as it was when its step was left last, or at the end of
/// the run. `stop` is asked before every event; a run that is stopped is marked as far as it went.
pub fn grade<M: Machine>(lesson: &Lesson, machine: M, run: &Run, stop: &dyn Fn() -> bool) -> Grade {
    let mut session = Session::open_quietly(lesson.clone(), machine);
    let mut grade = Grade { lesson: lesson.id.clone(), whole: true, done: run.is_done(), ..Grade::default() };
    for (n, event) in run.events.iter().enumerate() {
        if stop() {
            grade.whole = false;
            break;
        }
        match event {
            Event::Input { .. } => grade.inputs += 1,
            Event::Hint => grade.hints += 1,
            Event::Solution => grade.solutions += 1,
            // What the step reached is judged before it is left.
            Event::Step(_) => session.judge_now(),
            Event::Answer { quiz, answer, right } => {
                let marked = session.answer(quiz, answer);
                if marked.is_some_and(|marked| marked.right != *right) {
                    grade.claims.push(quiz.clone());
                }
                continue;
            }
            _ => {}
        }
        if session.again(&run.events, n).is_none() {
            grade.whole = false;
            break;
        }
    }
    session.judge_now();
    let reached = session.reached();
    grade.goals = marks(lesson, |step| step.goals.iter().map(|goal| goal.id.as_str()).collect(), &reached);
    grade.quizzes = marks(lesson, |step| step.quizzes.iter().map(|quiz| quiz.id.as_str()).collect(), session.answers());
    grade
}

fn marks<'l>(lesson: &'l Lesson, ids: impl Fn(&'l Step) -> Vec<&'l str>, right: &BTreeMap<String, bool>) -> Vec<Mark> {
    let of_step = |step: &'l Step| {
        let mark = |id: &str| Mark { step: step.id.clone(), id: id.to_owned(), right: right.get(id).copied() };
        ids(step).into_iter().map(mark).collect::<Vec<_>>()
    };
    lesson.steps.iter().flat_map(of_step).collect()
}
