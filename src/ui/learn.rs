//! A lesson at the prompt: the machine's terminal, with the coach beside it.

use std::io;
use std::path::Path;

use super::coach::{Heard, hear};
use super::guide::Guide;
use super::live::Live;
use super::quiz::{self, Asked};
use super::reader::{Reader, Typed};
use super::store::Store;
use super::terminal::Pace;
use super::view::View;
use super::words;
use super::{clock, handin, quiz_tell};
use crate::lesson::content::action::Input;
use crate::lesson::content::lesson::{Lesson, Step};
use crate::lesson::content::prose::PartWord;
use crate::lesson::progress::{Progress, Run};
use crate::lesson::session::{Change, Next, Session};
use crate::lesson::student::Student;

/// How a lesson was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// To the end.
    Done,
    /// In the middle; it is resumed the next time.
    Quit,
}

/// A lesson being shown.
pub struct Learn<'a> {
    /// The lesson and its machine.
    pub session: Session<Student>,
    /// How it is drawn.
    pub view: View,
    /// Where lines come from.
    pub reader: &'a mut Reader,
    /// Where progress is kept; `None` on a machine without lessons.
    pub store: Option<(&'a Store, &'a mut Progress)>,
    /// The seed of the machine and of the order of options.
    pub seed: u64,
    pub(super) pace: Pace,
    /// Whether the questions of the current step were asked.
    asked: bool,
    /// Whether it was said how to go on from the current step.
    told: bool,
    save_failed: bool,
    /// What is on the screen of the machine's terminal and behind it.
    pub(super) live: Live,
    /// What was typed at a question for the coach, to be heard next.
    pending: Option<String>,
    /// How the student fares.
    pub(super) guide: Guide,
}

impl<'a> Learn<'a> {
    /// A lesson ready to be shown.
    pub fn new(session: Session<Student>, view: View, reader: &'a mut Reader, seed: u64) -> Learn<'a> {
        let pace = Pace::new(reader.is_person());
        let (live, guide) = (Live::default(), Guide::default());
        let (asked, told, save_failed) = (false, false, false);
        Learn { session, view, reader, store: None, seed, pace, asked, told, save_failed, live, guide, pending: None }
    }

    /// Lives the lesson until its end or until the student leaves.
    pub fn run(&mut self) -> io::Result<Left> {
        self.session.machine_mut().take_output();
        self.show_step();
        self.guide.new_step();
        self.after_change(&[]);
        self.pace.catch_up(self.session.machine().vps.now());
        loop {
            let inside = self.session.machine().is_inside();
            if inside && self.reader.is_person() && !self.session.machine().waits() {
                // A program runs in the foreground: it was resumed, or brought back by `:undo`.
                if let Some(left) = self.watch(None) {
                    self.save();
                    return Ok(left);
                }
                continue;
            }
            let typed = match self.pending.take() {
                Some(line) => Typed::Line(line),
                None => self.read(inside),
            };
            let left = match typed {
                Typed::Line(line) => self.line(&line, inside),
                Typed::Interrupt => {
                    // Elsewhere the student's own terminal shows it.
                    super::screen::line("^C");
                    self.give(&Input::Interrupt)
                }
                Typed::End if inside && self.reader.is_person() => self.give(&Input::EndOfFile),
                Typed::End => Some(Left::Quit),
            };
            self.save();
            if let Some(left) = left {
                return Ok(left);
            }
        }
    }

    pub(super) fn line(&mut self, line: &str, inside: bool) -> Option<Left> {
        match hear(line) {
            Heard::Word(word, rest) => self.word(word, &rest),
            Heard::Unknown(word, near) => {
                match near {
                    Some(near) => self.view.say_with(words::UNKNOWN_NEAR, &[&word, near]),
                    None => self.view.say_with(words::UNKNOWN, &[&word]),
                }
                None
            }
            Heard::Machine if !inside => self.give(&Input::Type(String::new())),
            Heard::Machine if line.trim().is_empty() && self.can_go_on() => self.next(false),
            Heard::Machine => self.give(&Input::Type(line.to_owned())),
        }
    }

    /// Whether Enter alone leads on: the goals are met, and no program waits for that line.
    pub(super) fn can_go_on(&self) -> bool {
        let machine = self.session.machine();
        let free = machine.is_at_shell() || !machine.waits();
        free && self.session.goals_met() && !self.session.lesson().steps.is_empty()
    }

    /// Ticks goals, and once all are met tells how to go on. Questions wait for Enter: there may be more to try first.
    pub(super) fn after_change(&mut self, changes: &[Change]) {
        let Some(step) = self.session.step().cloned() else { return };
        for change in changes {
            let Some(at) = step.goals.iter().position(|g| g.id == change.goal) else { continue };
            let (goal, outcome) = (&step.goals[at], &self.session.outcomes()[at]);
            self.view.goal(&goal.say, outcome, true);
        }
        if let Some(why) = self.session.broke() {
            self.view.line("");
            self.view.text(&why);
        }
        if !self.session.goals_met() || (changes.is_empty() && (self.told || !step.goals.is_empty())) {
            return;
        }
        if !step.goals.is_empty() {
            self.view.say(words::DONE);
        }
        if !self.told {
            self.debrief(&step);
        }
        self.tell_how_to_go_on();
    }

    fn tell_how_to_go_on(&mut self) {
        self.told = true;
        self.view.line("");
        let waiting = !self.asked && !self.session.unanswered().is_empty();
        self.view.say(if waiting { words::ENTER_QUESTION } else { words::ENTER_NEXT });
    }

    /// Asks the questions that have no answer yet, or all of the step.
    pub(super) fn ask(&mut self, again: bool) {
        self.asked = true;
        let quizzes: Vec<_> = match self.session.step() {
            Some(step) if again => step.quizzes.clone(),
            _ => self.session.unanswered().into_iter().cloned().collect(),
        };
        if quizzes.is_empty() {
            if again {
                self.view.say(words::NO_QUESTION);
            }
            return;
        }
        self.view.line("");
        self.view.say(words::SKIP_QUESTION);
        for quiz in quizzes {
            let answer = match quiz::ask(&self.view, self.reader, &quiz, self.seed) {
                Asked::Answer(answer) => answer,
                Asked::Skipped => continue,
                Asked::Word(line) => {
                    self.pending = Some(line);
                    return;
                }
            };
            if let Some(marked) = self.session.answer(&quiz.id, &answer) {
                quiz_tell::tell(&self.view, &quiz, &marked);
            }
            self.save();
        }
    }

    pub(super) fn next(&mut self, skip: bool) -> Option<Left> {
        if !skip && !self.asked && self.session.goals_met() && !self.session.unanswered().is_empty() {
            self.ask(false);
            self.tell_how_to_go_on();
            return None;
        }
        // Questions never block: whoever has reached the goals and was asked goes on.
        match self.session.next_step(skip || self.session.goals_met()) {
            Next::NotYet => self.view.say(words::NOT_DONE),
            Next::Opened => {
                (self.asked, self.told) = (false, false);
                self.show_step();
                self.guide.new_step();
                self.after_change(&[]);
            }
            Next::End => {
                self.session.done(clock::now().unwrap_or(0));
                self.view.say(words::LESSON_DONE);
                return Some(Left::Done);
            }
        }
        None
    }

    pub(super) fn show_step(&self) {
        let lesson: &Lesson = self.session.lesson();
        let Some(step) = self.session.step() else { return };
        self.view.story(step, self.session.step_number() + 1, lesson.steps.len());
        if let Some(played) = self.session.demo() {
            self.view.line("");
            self.view.say(words::DEMO);
            quiz_tell::show(&self.view, &played);
        }
        self.view.task(step, self.session.outcomes());
        let numbered = self.reader.is_person() && !self.view.commands.borrow().is_empty();
        if numbered && self.session.step_number() == 0 {
            self.view.line("");
            self.view.quiet(&words::DIGITS.get(self.view.lang));
        }
    }

    /// What is told once a step is done: what happened, why the solution works, what others get wrong.
    fn debrief(&self, step: &Step) {
        self.view.part(step, PartWord::Debrief);
        if let Some(explain) = step.solutions.first().and_then(|solution| solution.explain.as_ref()) {
            self.view.line("");
            self.view.text(explain);
        }
        self.view.part(step, PartWord::Mistakes);
    }

    /// What was done in this lesson so far.
    fn lived(&self) -> Run {
        let lesson = self.session.lesson();
        Run {
            lesson: lesson.id.clone(),
            scenario: lesson.scenario.clone(),
            seed: self.seed,
            events: self.session.log(),
        }
    }

    /// Writes a hand-in file: the progress as it is, with its author's name.
    pub(super) fn hand_in(&mut self, path: &str) {
        let run = self.lived();
        let Some((_, progress)) = &mut self.store else { return self.view.say(words::NO_HAND_IN) };
        progress.keep(run);
        match handin::write(progress, Path::new(path), None) {
            Ok(name) => self.view.say_with(words::HANDED_IN, &[path, &name]),
            Err(error) => self.view.say_with(words::CANNOT_WRITE, &[path, &error.to_string()]),
        }
    }

    /// Keeps the progress. A failure is said once; the lesson goes on.
    pub(super) fn save(&mut self) {
        let run = self.lived();
        let Some((store, progress)) = &mut self.store else { return };
        progress.keep(run);
        match store.save(progress) {
            Ok(()) => self.save_failed = false,
            Err(_) if self.save_failed => {}
            Err(error) => {
                self.save_failed = true;
                self.view.say_with(words::CANNOT_SAVE, &[&error.to_string()]);
            }
        }
    }
}
