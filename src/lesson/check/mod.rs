//! What `concierge check` finds: every rule that the content of a course must keep, proved by playing it.

pub mod commands;
pub mod links;
pub mod mutate;
pub mod play;
pub mod questions;
mod survivors;
pub mod words;

use super::content::condition::UnitId;
use super::content::course::{Loaded, load_course};
use super::content::problem::{Problem, Thing};
use super::content::scenario::Scenario;
use super::content::source::Source;
use super::content::translations::stale;
use super::content::{Diagnostic, Lesson, Place};
use super::judge::facts::{Facts, Machine};
use super::text::{Lang, Text};

/// Makes machines: what the check needs to play lessons.
pub trait Workshop {
    /// The machines it makes.
    type Machine: Machine;
    /// A fresh machine as `scenario` declares it, someone logged in, its clock at the lesson's.
    fn machine(&self, scenario: &Scenario, clock: jiff::Timestamp) -> Self::Machine;
}

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The errors, sorted by file and place.
    pub found: Vec<Diagnostic>,
    /// What was looked at.
    pub counts: Counts,
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lessons played.
    pub lessons: usize,
    /// Steps in them.
    pub steps: usize,
    /// Goals judged.
    pub goals: usize,
    /// Questions read.
    pub quizzes: usize,
    /// Solutions played.
    pub solutions: usize,
    /// Wrong answers played.
    pub wrongs: usize,
    /// Mutants of solutions played.
    pub mutants: usize,
}

impl Report {
    /// Whether there is no error; warnings are allowed.
    pub fn is_clean(&self) -> bool {
        self.errors() == 0
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.found.iter().filter(|d| !d.problem.is_warning()).count()
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.found.len() - self.errors()
    }

    /// One line an error or warning, then one line that sums up.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines: Vec<String> = self.found.iter().map(|d| d.line(lang)).collect();
        lines.push(self.summary().get(lang).to_owned());
        lines
    }

    /// What was looked at and how much was found, in one line.
    pub fn summary(&self) -> Text {
        let Counts { lessons, steps, goals, quizzes, solutions, wrongs, mutants } = self.counts;
        let (errors, warnings) = (self.errors(), self.warnings());
        Text::set(
            format!(
                "{lessons} lessons, {steps} steps, {goals} goals, {quizzes} quizzes; {solutions} solutions, \
                 {mutants} mutants and {wrongs} wrong answers played; {errors} errors, {warnings} warnings"
            ),
            &format!(
                "{lessons} leçons, {steps} étapes, {goals} objectifs, {quizzes} quiz ; {solutions} solutions, \
                 {mutants} mutants et {wrongs} mauvaises réponses joués ; {errors} erreurs, {warnings} avertissements"
            ),
        )
    }

    /// Adds what another part of the check found.
    pub fn add(&mut self, part: Report) {
        self.found.extend(part.found);
        self.counts.add(part.counts);
    }

    /// Everything in the order of files and places, each once.
    pub fn sorted(mut self) -> Report {
        self.found.sort();
        self.found.dedup();
        self
    }
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.lessons += other.lessons;
        self.steps += other.steps;
        self.goals += other.goals;
        self.quizzes += other.quizzes;
        self.solutions += other.solutions;
        self.wrongs += other.wrongs;
        self.mutants += other.mutants;
    }
}

/// Checks the whole course. Lessons are played only when all of the course could be read: a lesson with errors has
/// nothing to play.
pub fn check<W: Workshop>(source: &dyn Source, workshop: &W) -> Report {
    let (loaded, mut report) = read(source);
    for lesson in &loaded.lessons {
        report.add(check_lesson(&loaded, lesson, workshop));
    }
    report.sorted()
}

/// The first half of the check: reads everything, and looks at the words.
pub fn read(source: &dyn Source) -> (Loaded, Report) {
    let loaded = load_course(source);
    let mut found = loaded.found.clone();
    found.extend(words::typography(source, &loaded));
    found.extend(words::directive_names(source, &loaded));
    found.extend(words::verb_names(source, &loaded));
    found.extend(commands::command_names(source, &loaded));
    if loaded.found.is_empty() {
        found.extend(links::dead_links(source, &loaded));
        found.extend(stale(source, &loaded));
    }
    (loaded, Report { found, counts: Counts::default() })
}

/// The second half, lesson by lesson and in any order: plays a lesson of the course.
pub fn check_lesson<W: Workshop>(loaded: &Loaded, lesson: &Lesson, workshop: &W) -> Report {
    let mut report = Report::default();
    report.counts.lessons += 1;
    report.counts.steps += lesson.steps.len();
    report.counts.quizzes += lesson.steps.iter().map(|s| s.quizzes.len()).sum::<usize>();
    play_lesson(loaded, lesson, workshop, &mut report);
    report
}

fn play_lesson<W: Workshop>(loaded: &Loaded, lesson: &Lesson, workshop: &W, report: &mut Report) {
    let Some(scenario) = loaded.scenarios.get(&lesson.scenario) else { return };
    let clock = lesson.clock.unwrap_or(scenario.clock);
    let opened = workshop.machine(scenario, clock);
    let no_file = |unit: &&String| opened.unit(&UnitId::system(*unit)).is_none_or(|facts| facts.enabled.is_none());
    for unit in scenario.enabled.iter().filter(no_file) {
        let problem = Problem::NoSuch { what: Thing::Unit, id: unit.clone(), near: None };
        report.found.push(Diagnostic::new(format!("scenarios/{}/scenario.toml", scenario.id), Place::START, problem));
    }
    let mut player = play::Player::new(lesson, &mut report.counts);
    player.play(|| workshop.machine(scenario, clock));
    report.found.extend(player.into_found());
}
