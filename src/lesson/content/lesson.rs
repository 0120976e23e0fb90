//! A lesson: steps with goals, quizzes, hints, solutions and wrong answers, and the prose that goes with each.

use super::action::{Action, Input};
use super::chaos::Chaos;
use super::condition::Condition;
use super::diagnostic::Place;
use super::prose::Section;
use super::quiz::Quiz;
use crate::lesson::text::Text;
use std::time::Duration;

/// One lesson of the course.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Stable for ever; also the name of its folder.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// How long it takes a beginner.
    pub minutes: u32,
    /// Lessons to have done before.
    pub requires: Vec<String>,
    /// The scenario whose machine it is lived on.
    pub scenario: String,
    /// The machine's clock when it opens, instead of the scenario's.
    pub clock: Option<jiff::Timestamp>,
    /// What is said before the first step, as Markdown.
    pub opening: Text,
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// Solutions of the whole lesson, played from its opening and judged on the goals of every step.
    pub solutions: Vec<Solution>,
    /// Wrong answers to the whole lesson.
    pub wrongs: Vec<Wrong>,
}

/// One screen of a lesson: one idea, and something to do.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id, unique in the lesson; the anchor of its sections.
    pub id: String,
    /// Where it stands in lesson.toml.
    pub at: Place,
    /// Its title and text, in each language.
    pub en: Section,
    /// The French section.
    pub fr: Section,
    /// What must be reached; none for a step that is only read.
    pub goals: Vec<Goal>,
    /// Questions, asked when the goals are reached.
    pub quizzes: Vec<Quiz>,
    /// What is shown on a copy of the machine when the step opens, with what it prints.
    pub demo: Vec<Input>,
    /// What may be broken first, before the right way is told.
    pub breaks: Option<Break>,
    /// What is asked once the solution was shown.
    pub reflect: Option<Reflect>,
    /// Hints, the gentlest first.
    pub hints: Vec<Hint>,
    /// Ways to reach the goals; the first is the one that is shown and that leads to the next step.
    pub solutions: Vec<Solution>,
    /// Ways that must not reach them.
    pub wrongs: Vec<Wrong>,
    /// Mutants of the solutions that may reach them, each with the reason.
    pub survives: Vec<Survivor>,
}

/// A mutant that may live: see `crate::lesson::check::mutate`.
#[derive(Clone, Debug)]
pub struct Survivor {
    /// Its name, as the check tells it.
    pub mutant: String,
    /// Why no goal needs to notice it.
    pub because: String,
    /// Where it stands.
    pub at: Place,
}

/// Something that must be true of the student's machine, or of a copy after faults.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its id, unique in the lesson.
    pub id: String,
    /// Where it stands.
    pub at: Place,
    /// What is asked for, in a short sentence.
    pub say: Text,
    /// What is done to copies first.
    pub trial: Trial,
    /// What must be true then.
    pub check: Condition,
    /// What an unmet goal means, said before the first false fact.
    pub why: Option<Text>,
}

/// What a machine goes through before a goal is judged on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trial {
    /// Nothing: it is looked at as it is.
    None,
    /// A few faults, in order, on one copy.
    Fork(Fork),
    /// Months of luck, on many copies.
    Chaos(Chaos),
}

/// What happens to a copy of the machine before it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The faults, in order.
    pub actions: Vec<Action>,
    /// Time that passes after the last.
    pub advance: Duration,
}

/// A wrong way to try first. It is never demanded.
#[derive(Clone, Debug)]
pub struct Break {
    /// What to try.
    pub say: Text,
    /// What shows that it broke.
    pub check: Condition,
    /// Inputs that break it.
    pub run: Vec<Input>,
    /// What it shows, said when it broke.
    pub why: Text,
}

/// One question whose answer explains a solution to oneself. It is never judged.
#[derive(Clone, Debug)]
pub struct Reflect {
    /// The question.
    pub ask: Text,
    /// What an answer could be, shown afterwards.
    pub model: Text,
}

/// A hint, offered only while its condition holds.
#[derive(Clone, Debug)]
pub struct Hint {
    /// When it helps; `None`: always.
    pub when: Option<Condition>,
    /// What it says.
    pub say: Text,
}

/// Inputs that reach every goal.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Its id, unique in its step.
    pub id: String,
    /// Where it stands.
    pub at: Place,
    /// What is typed.
    pub run: Vec<Input>,
    /// Why it works, said after success or with the solution.
    pub explain: Option<Text>,
}

/// Inputs that must fail, on exactly these goals.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// Its id, unique in its step.
    pub id: String,
    /// Where it stands.
    pub at: Place,
    /// What is typed.
    pub run: Vec<Input>,
    /// Ids of the goals that it does not reach.
    pub fails: Vec<String>,
}

impl Lesson {
    /// The goal with this id.
    pub fn goal(&self, id: &str) -> Option<&Goal> {
        self.steps.iter().flat_map(|s| &s.goals).find(|g| g.id == id)
    }

    /// The quiz with this id.
    pub fn quiz(&self, id: &str) -> Option<&Quiz> {
        self.steps.iter().flat_map(|s| &s.quizzes).find(|q| q.id == id)
    }

    /// Every text of the lesson with the key under which translations are signed off.
    pub fn texts(&self) -> Vec<(String, Text)> {
        let mut texts = vec![(format!("{}/title", self.id), self.title.clone())];
        texts.push((format!("{}/opening", self.id), self.opening.clone()));
        for step in &self.steps {
            let key = format!("{}/{}", self.id, step.id);
            texts.push((key.clone(), Text::new(step.en.source(), step.fr.source())));
            for goal in &step.goals {
                texts.push((format!("{key}/{}", goal.id), goal.say.clone()));
                texts.extend(goal.why.clone().map(|why| (format!("{key}/{}/why", goal.id), why)));
            }
            if let Some(broken) = &step.breaks {
                texts.push((format!("{key}/break"), broken.say.clone()));
                texts.push((format!("{key}/break/why"), broken.why.clone()));
            }
            if let Some(reflect) = &step.reflect {
                texts.push((format!("{key}/reflect"), reflect.ask.clone()));
                texts.push((format!("{key}/reflect/model"), reflect.model.clone()));
            }
            for solution in &step.solutions {
                texts.extend(solution.explain.clone().map(|text| (format!("{key}/{}/explain", solution.id), text)));
            }
            texts.extend(step.hints.iter().enumerate().map(|(n, h)| (format!("{key}/hint-{}", n + 1), h.say.clone())));
            for quiz in &step.quizzes {
                let quiz_key = format!("{key}/{}", quiz.id);
                texts.extend(quiz.texts().into_iter().map(|(part, text)| (format!("{quiz_key}/{part}"), text)));
            }
        }
        texts
    }
}
