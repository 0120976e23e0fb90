//! Playing a lesson: it fails when opened, its solutions pass, its wrong answers fail where they say, twice the same.

use super::survivors::survivors;
use super::{Counts, questions};
use crate::lesson::content::action::Input;
use crate::lesson::content::lesson::{Goal, Lesson, Solution, Step, Wrong};
use crate::lesson::content::play_fault::PlayFault;
use crate::lesson::content::problem::Problem;
use crate::lesson::content::quiz_fault::QuizFault;
use crate::lesson::content::{Diagnostic, Place};
use crate::lesson::judge::facts::Machine;
use crate::lesson::judge::{Answers, Outcome, Panel, all_met};
use std::collections::BTreeSet;

/// Plays one lesson and collects what is wrong with it.
#[derive(Debug)]
pub struct Player<'l> {
    lesson: &'l Lesson,
    file: String,
    counts: &'l mut Counts,
    /// Every question answered rightly: the check is about the machine.
    answers: Answers,
    found: Vec<Diagnostic>,
}

impl<'l> Player<'l> {
    /// Ready to play `lesson`.
    pub fn new(lesson: &'l Lesson, counts: &'l mut Counts) -> Player<'l> {
        let quizzes = lesson.steps.iter().flat_map(|s| &s.quizzes);
        let answers = quizzes.map(|q| (q.id.clone(), true)).collect();
        let file = format!("lessons/{}/lesson.toml", lesson.id);
        Player { lesson, file, counts, answers, found: Vec::new() }
    }

    /// What is wrong.
    pub fn into_found(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Plays everything, on machines that `fresh` makes.
    pub fn play<M: Machine>(&mut self, fresh: impl Fn() -> M) {
        let mut machine = fresh();
        let mut again = fresh();
        let mut behind: Option<&str> = None;
        for (number, step) in self.lesson.steps.iter().enumerate() {
            if let Some(behind) = behind {
                let (step_id, behind) = (step.id.clone(), behind.to_owned());
                self.fault(step.at, PlayFault::Unreachable { step: step_id, behind });
                continue;
            }
            let before = self.found.len();
            self.play_step(step, &machine);
            if self.found.len() == before {
                let mutated = survivors(self.lesson, number, &machine, &self.answers);
                self.counts.mutants += mutated.count;
                mutated.found.into_iter().for_each(|(at, fault)| self.fault(at, fault));
            }
            self.quiz_faults(step.at, questions::showing(step, &machine, &self.answers));
            // The first solution leads on, twice: whatever depends on the host shows as a difference.
            if let Some(solution) = step.solutions.first() {
                let shown = run(&mut machine, &solution.run);
                if run(&mut again, &solution.run) != shown {
                    let (step, solution_id) = (step.id.clone(), solution.id.clone());
                    self.fault(solution.at, PlayFault::NotTheSameTwice { step, solution: solution_id });
                }
            }
            let first = step.solutions.first().map(|solution| &solution.id);
            let blocked = self.found[before..].iter().any(|d| match &d.problem {
                Problem::Play(PlayFault::SolutionFails { solution, .. }) => Some(solution) == first,
                _ => false,
            });
            behind = blocked.then_some(step.id.as_str());
            for quiz in &step.quizzes {
                self.quiz_faults(quiz.at, questions::question(quiz, &machine, &self.answers));
            }
        }
        self.play_whole(&fresh);
        let steps = self.lesson.steps.iter();
        if steps.clone().any(|s| !s.goals.is_empty())
            && self.lesson.wrongs.is_empty()
            && steps.clone().all(|s| s.wrongs.is_empty())
        {
            self.fault(Place::START, PlayFault::NoWrongAnswer { lesson: self.lesson.id.clone() });
        }
    }

    /// Plays the solutions and wrong answers of one step from `opened`, the machine as the step before left it.
    fn play_step<M: Machine>(&mut self, step: &Step, opened: &M) {
        self.counts.goals += step.goals.len();
        if step.goals.is_empty() {
            return;
        }
        if all_met(opened, &self.answers, &step.goals) {
            self.fault(step.at, PlayFault::PassesWhenOpened { step: step.id.clone() });
        }
        if step.solutions.is_empty() && self.lesson.solutions.is_empty() {
            self.fault(step.at, PlayFault::NoSolution { step: step.id.clone() });
        }
        for solution in &step.solutions {
            self.play_solution(&step.id, solution, &step.goals, opened.clone());
        }
        for wrong in &step.wrongs {
            self.play_wrong(&step.id, wrong, &step.goals, opened.clone());
        }
    }

    /// Plays the solutions and wrong answers of the whole lesson, judged on every goal.
    fn play_whole<M: Machine>(&mut self, fresh: impl Fn() -> M) {
        let goals: Vec<Goal> = self.lesson.steps.iter().flat_map(|s| s.goals.clone()).collect();
        for solution in &self.lesson.solutions {
            self.play_solution(&self.lesson.id, solution, &goals, fresh());
        }
        for wrong in &self.lesson.wrongs {
            self.play_wrong(&self.lesson.id, wrong, &goals, fresh());
        }
    }

    fn play_solution<M: Machine>(&mut self, step: &str, solution: &Solution, goals: &[Goal], mut machine: M) {
        self.counts.solutions += 1;
        run(&mut machine, &solution.run);
        for (goal, outcome) in goals.iter().zip(Panel::default().judge_all(&machine, &self.answers, goals)) {
            if let Outcome::Unmet { evidence: why, .. } = outcome {
                let (step, solution_id, goal) = (step.to_owned(), solution.id.clone(), goal.id.clone());
                self.fault(solution.at, PlayFault::SolutionFails { step, solution: solution_id, goal, why });
            }
        }
    }

    fn play_wrong<M: Machine>(&mut self, step: &str, wrong: &Wrong, goals: &[Goal], mut machine: M) {
        self.counts.wrongs += 1;
        run(&mut machine, &wrong.run);
        let outcomes = Panel::default().judge_all(&machine, &self.answers, goals);
        let unmet = goals.iter().zip(&outcomes).filter(|(_, outcome)| !outcome.is_met());
        let failed: BTreeSet<String> = unmet.map(|(goal, _)| goal.id.clone()).collect();
        let declared: BTreeSet<String> = wrong.fails.iter().cloned().collect();
        if failed != declared {
            let (declared, failed) = (declared.into_iter().collect(), failed.into_iter().collect());
            let fault = PlayFault::WrongFails { step: step.to_owned(), wrong: wrong.id.clone(), declared, failed };
            self.fault(wrong.at, fault);
        }
    }

    fn quiz_faults(&mut self, at: Place, faults: Vec<QuizFault>) {
        let file = &self.file;
        self.found.extend(faults.into_iter().map(|fault| Diagnostic::new(file.clone(), at, Problem::Quiz(fault))));
    }

    fn fault(&mut self, at: Place, fault: PlayFault) {
        self.found.push(Diagnostic::new(self.file.clone(), at, Problem::Play(fault)));
    }
}

/// Types all of it and returns what the terminal showed.
pub(super) fn run<M: Machine>(machine: &mut M, inputs: &[Input]) -> String {
    inputs.iter().map(|input| machine.input(input, None)).collect()
}
