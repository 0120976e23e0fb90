//! A lesson being lived: the machine, the step, which goals are met, and the way back and forth through what was typed.
//!
//! It shows nothing and asks nothing: the front end types into it and draws what it answers.

mod replay;
mod showing;
mod travel;

use crate::lesson::content::action::{Action, Input};
use crate::lesson::content::lesson::{Hint, Lesson, Step};
use crate::lesson::content::quiz::Quiz;
use crate::lesson::judge::facts::Machine;
use crate::lesson::judge::{Answers, Outcome, Panel, holds};
use crate::lesson::progress::Event;
use crate::lesson::quiz::{Answer, Marked, mark};
use crate::world::Time;
use imbl::Vector;
use std::collections::{BTreeMap, BTreeSet};

/// A lesson being lived on a machine of type `M`.
#[derive(Clone, Debug)]
pub struct Session<M> {
    lesson: Lesson,
    machine: M,
    step: usize,
    outcomes: Vec<Outcome>,
    panel: Panel,
    answers: Answers,
    hints_shown: Vec<usize>,
    log: Vector<Event>,
    past: Vec<Moment<M>>,
    future: Vec<Moment<M>>,
    step_opened: Box<Moment<M>>,
    /// Machines that were given a name.
    saved: BTreeMap<String, Moment<M>>,
    /// For each goal of the steps that were left, whether it was met then.
    left: BTreeMap<String, bool>,
    /// Whether goals are judged after every input; not while a log is only lived again.
    attentive: bool,
    /// The machine's clock when the lesson was opened.
    began: Time,
    /// Steps whose wrong way was seen to break.
    broke: BTreeSet<String>,
}

/// Everything that undo gives back.
#[derive(Clone, Debug)]
struct Moment<M> {
    machine: M,
    step: usize,
    deed: Deed,
}

/// What can be taken back and done again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Something typed.
    Typed(Input),
    /// The machine was given back as it was when the step was opened.
    Reset,
    /// The machine was changed for one that had been saved by this name.
    Load(String),
}

/// A goal of the current step that changed by the last input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The goal's id.
    pub goal: String,
    /// Whether it is met now.
    pub met: bool,
}

/// Where [`Session::next_step`] led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Goals are unmet or questions unanswered: nothing moved.
    NotYet,
    /// The next step is open.
    Opened,
    /// That was the last step.
    End,
}

impl<M: Machine> Session<M> {
    /// Opens `lesson` on `machine` at its first step.
    pub fn open(lesson: Lesson, machine: M) -> Session<M> {
        let mut session = Session::open_quietly(lesson, machine);
        session.set_attentive(true);
        session
    }

    /// The same, without judging anything until [`Session::set_attentive`].
    pub fn open_quietly(lesson: Lesson, machine: M) -> Session<M> {
        let began = machine.now();
        let opened = Moment { machine: machine.clone(), step: 0, deed: Deed::Reset };
        Session {
            lesson,
            machine,
            step: 0,
            outcomes: Vec::new(),
            panel: Panel::default(),
            answers: BTreeMap::new(),
            hints_shown: Vec::new(),
            log: Vector::new(),
            past: Vec::new(),
            future: Vec::new(),
            step_opened: Box::new(opened),
            saved: BTreeMap::new(),
            left: BTreeMap::new(),
            attentive: false,
            began,
            broke: BTreeSet::new(),
        }
    }

    /// The lesson.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The machine.
    pub fn machine(&self) -> &M {
        &self.machine
    }

    /// The machine, for whoever types into it key by key between [`Session::begin`] and [`Session::finish`].
    pub fn machine_mut(&mut self) -> &mut M {
        &mut self.machine
    }

    /// The current step; `None` only in a lesson without steps.
    pub fn step(&self) -> Option<&Step> {
        self.lesson.steps.get(self.step)
    }

    /// The current step's number, from 0.
    pub fn step_number(&self) -> usize {
        self.step
    }

    /// What was done so far, for the progress file.
    pub fn log(&self) -> Vec<Event> {
        self.log.iter().cloned().collect()
    }

    /// The outcomes of the current step's goals, in their order.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The answers so far.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Lets the machine run until `at`, if that is later than its clock.
    pub fn wait_until(&mut self, at: Time) {
        let idle = at.since(self.machine.now());
        if !idle.is_zero() {
            self.machine.act(&Action::Advance(idle));
        }
    }

    /// Remembers the machine as it is before `input` is done to it.
    pub fn begin(&mut self, input: &Input) {
        self.past.push(self.moment(Deed::Typed(input.clone())));
        self.future.clear();
        self.log.push_back(Event::Input { at: self.machine.now(), input: input.clone() });
    }

    /// Judges the goals again after an input and tells which changed.
    pub fn finish(&mut self) -> Vec<Change> {
        let before = std::mem::take(&mut self.outcomes);
        self.rejudge();
        let goals = self.step().map(|s| s.goals.as_slice()).unwrap_or_default();
        let pairs = goals.iter().zip(&self.outcomes).enumerate();
        pairs
            .filter(|(n, (_, now))| before.get(*n).is_some_and(Outcome::is_met) != now.is_met())
            .map(|(_, (goal, now))| Change { goal: goal.id.clone(), met: now.is_met() })
            .collect()
    }

    /// Does `input` and returns what the terminal showed and which goals changed.
    pub fn input(&mut self, input: &Input) -> (String, Vec<Change>) {
        self.input_until(input, None)
    }

    /// The same; what runs in the foreground is left running when the clock shows `until`.
    pub fn input_until(&mut self, input: &Input, until: Option<Time>) -> (String, Vec<Change>) {
        self.begin(input);
        let shown = self.machine.input(input, until);
        (shown, self.finish())
    }

    /// Judges an answer to a question of this lesson and keeps it; `None` when there is no such question.
    pub fn answer(&mut self, quiz: &str, answer: &Answer) -> Option<Marked> {
        let marked = mark(self.lesson.quiz(quiz)?, answer, &self.machine, &self.answers);
        self.keep_answer(quiz, answer, marked.right);
        Some(marked)
    }

    fn keep_answer(&mut self, quiz: &str, answer: &Answer, right: bool) {
        self.answers.insert(quiz.to_owned(), right);
        self.log.push_back(Event::Answer { quiz: quiz.to_owned(), answer: answer.clone(), right });
        self.rejudge();
    }

    /// The questions of the current step that have no answer yet.
    pub fn unanswered(&self) -> Vec<&Quiz> {
        let quizzes = self.step().map(|s| s.quizzes.as_slice()).unwrap_or_default();
        quizzes.iter().filter(|q| !self.answers.contains_key(&q.id)).collect()
    }

    /// Whether every goal of the step is met.
    pub fn goals_met(&self) -> bool {
        self.outcomes.iter().all(Outcome::is_met)
    }

    /// Whether the step is done: its goals met and its questions answered, rightly or not.
    pub fn is_done(&self) -> bool {
        self.goals_met() && self.unanswered().is_empty()
    }

    /// Goes to the next step when this one is done, or in any case when `skip` is true.
    pub fn next_step(&mut self, skip: bool) -> Next {
        if !self.is_done() && !skip {
            return Next::NotYet;
        }
        let Some(next) = self.lesson.steps.get(self.step + 1) else { return Next::End };
        let id = next.id.clone();
        self.log.push_back(Event::Step(id));
        self.enter(self.step + 1);
        Next::Opened
    }

    /// Goes to the step with this id, if there is one.
    pub fn go_to(&mut self, id: &str) {
        if let Some(step) = self.lesson.steps.iter().position(|s| s.id == id) {
            self.log.push_back(Event::Step(id.to_owned()));
            self.enter(step);
        }
    }

    /// The next hint that helps now; the last one again when there is no further one; `None` when none helps.
    pub fn hint(&mut self) -> Option<&Hint> {
        let hints = self.lesson.steps.get(self.step).map(|s| s.hints.as_slice()).unwrap_or_default();
        let helps = |hint: &Hint| {
            hint.when.as_ref().is_none_or(|when| holds(&self.machine, &self.answers, when, Time(0)).is_ok())
        };
        let useful: Vec<usize> = (0..hints.len()).filter(|n| hints.get(*n).is_some_and(helps)).collect();
        let next = useful.iter().find(|n| !self.hints_shown.contains(n)).or(useful.last()).copied()?;
        if !self.hints_shown.contains(&next) {
            self.hints_shown.push(next);
        }
        self.log.push_back(Event::Hint);
        self.lesson.steps.get(self.step)?.hints.get(next)
    }

    /// Notes that the lesson was done to its end, at this second since 1970 of the host's clock.
    pub fn done(&mut self, when: i64) {
        self.note_goals();
        self.log.push_back(Event::Done(when));
    }

    /// For each goal, whether it was met when its step was left last, or is met now in the current step.
    pub fn reached(&self) -> BTreeMap<String, bool> {
        let mut reached = self.left.clone();
        let goals = self.step().map(|s| s.goals.as_slice()).unwrap_or_default();
        reached.extend(goals.iter().zip(&self.outcomes).map(|(goal, outcome)| (goal.id.clone(), outcome.is_met())));
        reached
    }

    /// Notes which goals of the current step are met.
    fn note_goals(&mut self) {
        self.left = self.reached();
    }

    fn enter(&mut self, step: usize) {
        self.note_goals();
        self.step = step;
        self.hints_shown.clear();
        *self.step_opened = self.moment(Deed::Reset);
        self.rejudge();
    }

    fn rejudge(&mut self) {
        if !self.attentive {
            self.outcomes.clear();
            return;
        }
        let goals = self.lesson.steps.get(self.step).map(|s| s.goals.as_slice()).unwrap_or_default();
        self.outcomes = self.panel.judge_all(&self.machine, &self.answers, goals);
    }
}
