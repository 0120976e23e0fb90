//! What the coach draws: a margin that tells its voice from the machine's, steps, goals, the map of the course.

use colored::Colorize;

use super::markdown::render;
use super::words::{self, Say};
use crate::lesson::content::Lesson;
use crate::lesson::content::lesson::Step;
use crate::lesson::content::prose::{PartWord, Section};
use crate::lesson::judge::Outcome;
use crate::lesson::text::{Lang, Text};

/// Draws in a language on a terminal of some width.
pub struct View {
    /// The language.
    pub lang: Lang,
    /// Columns.
    pub width: usize,
}

/// The widest that text is easy to read.
const READABLE: usize = 92;

impl View {
    fn text_width(&self) -> usize {
        self.width.min(READABLE).saturating_sub(3)
    }

    /// Prints one line of the coach.
    pub fn line(&self, text: &str) {
        let margin = "│".green().bold();
        if text.is_empty() {
            super::screen::line(&margin.to_string());
        } else {
            super::screen::line(&format!("{margin} {text}"));
        }
    }

    /// Prints Markdown in the coach's margin.
    pub fn markdown(&self, text: &str) {
        for line in render(text, self.text_width()) {
            self.line(&line);
        }
    }

    /// Says a message.
    pub fn say(&self, say: Say) {
        self.markdown(&say.get(self.lang));
    }

    /// Says a message with values filled in.
    pub fn say_with(&self, say: Say, values: &[&str]) {
        self.markdown(&say.with(self.lang, values));
    }

    /// Says a text of the lesson.
    pub fn text(&self, text: &Text) {
        self.markdown(text.get(self.lang));
    }

    /// The title over everything, and the lessons of the course: done, current, to come.
    pub fn map(&self, title: &Text, lessons: &[&Lesson], done: impl Fn(&str) -> bool, current: &str) {
        self.line(&format!("Concierge · {}", title.get(self.lang)).bold().to_string());
        self.line("");
        for (n, lesson) in lessons.iter().enumerate() {
            let mark = if done(&lesson.id) { "✓".green() } else { "·".normal() };
            let minutes = words::MINUTES.with(self.lang, &[&lesson.minutes.to_string()]);
            let here =
                if lesson.id == current { format!("  ← {}", words::NEXT_HERE.get(self.lang)) } else { String::new() };
            let title = lesson.title.get(self.lang);
            self.line(&format!("{mark} {:>2}. {title} ({minutes}){here}", n + 1));
        }
        self.line("");
    }

    fn section<'s>(&self, step: &'s Step) -> &'s Section {
        match self.lang {
            Lang::En => &step.en,
            Lang::Fr => &step.fr,
        }
    }

    /// The beginning of a step: its heading and its story.
    pub fn story(&self, step: &Step, number: usize, count: usize) {
        let section = self.section(step);
        let (number, count) = (number.to_string(), count.to_string());
        let heading = words::STEP.with(self.lang, &[&number, &count, &section.title]);
        self.line("");
        self.line(&heading.bold().underline().to_string());
        self.line("");
        self.markdown(&section.body);
    }

    /// What is to be done in a step: the wrong way first where one is proposed, then the task and the goals.
    pub fn task(&self, step: &Step, outcomes: &[Outcome]) {
        self.part(step, PartWord::Break);
        if let Some(broken) = &step.breaks {
            self.line("");
            self.say(words::BREAK_FIRST);
            self.text(&broken.say);
        }
        self.part(step, PartWord::Task);
        self.goals(step, outcomes, false);
    }

    /// A part of a step, with its title; whether there is one.
    pub fn part(&self, step: &Step, kind: PartWord) -> bool {
        let Some(part) = self.section(step).part(kind) else { return false };
        self.line("");
        self.line(&part.title.bold().to_string());
        self.line("");
        self.markdown(&part.body);
        true
    }

    /// The goals as a checklist; with `why`, what is still false about each.
    pub fn goals(&self, step: &Step, outcomes: &[Outcome], why: bool) {
        if step.goals.is_empty() {
            return;
        }
        self.line("");
        self.line(&words::TO_DO.get(self.lang));
        for (goal, outcome) in step.goals.iter().zip(outcomes) {
            self.goal(&goal.say, outcome, why);
        }
    }

    /// One goal with its box.
    pub fn goal(&self, say: &Text, outcome: &Outcome, why: bool) {
        let mark = if outcome.is_met() { "[x]".green().bold() } else { "[ ]".normal() };
        let mut lines = render(say.get(self.lang), self.text_width().saturating_sub(4)).into_iter();
        self.line(&format!("{mark} {}", lines.next().unwrap_or_default()));
        lines.for_each(|line| self.line(&format!("    {line}")));
        if !why || outcome.is_met() {
            return;
        }
        if let Some(reason) = outcome.reason() {
            for line in render(reason.get(self.lang), self.text_width().saturating_sub(6)) {
                self.line(&format!("      {}", line.yellow()));
            }
        }
    }
}
