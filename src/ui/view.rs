//! What the coach draws: a margin that tells its voice from the machine's, steps, goals, the map of the course.

use std::cell::RefCell;

use colored::Colorize;
use unicode_width::UnicodeWidthStr;

use super::live::clock;
use super::markdown::{Line, Setting, render, typeset};
use super::words::{self, Say};
use crate::lesson::content::Lesson;
use crate::lesson::content::lesson::Step;
use crate::lesson::content::prose::{PartWord, Section};
use crate::lesson::judge::Outcome;
use crate::lesson::news::Happened;
use crate::lesson::text::{Lang, Text};

/// Draws in a language on a terminal of some width.
pub struct View {
    /// The language.
    pub lang: Lang,
    /// Columns.
    pub width: usize,
    /// For screen readers: no margins, no characters that draw.
    pub plain: bool,
    /// The commands that the screen shows, in the order of their numbers.
    pub commands: RefCell<Vec<String>>,
}

/// The widest that text is easy to read.
const READABLE: usize = 92;
/// How many lessons the map shows before and after the current one.
const AROUND: usize = 3;

impl View {
    /// A view in `lang`.
    pub fn new(lang: Lang, width: usize, plain: bool) -> View {
        View { lang, width, plain, commands: RefCell::default() }
    }

    fn text_width(&self) -> usize {
        let width = self.width.min(READABLE);
        if self.plain { width } else { width.saturating_sub(3) }
    }

    /// What stands before a line of the coach.
    pub fn margin(&self) -> String {
        if self.plain { String::new() } else { format!("{} ", "│".green().bold()) }
    }

    /// The same without colours.
    pub fn margin_plain(&self) -> &'static str {
        if self.plain { "" } else { "│ " }
    }

    /// One line of the coach as it is printed.
    fn set(&self, text: &str) -> String {
        let line = format!("{}{text}", self.margin());
        if text.is_empty() { line.trim_end().to_owned() } else { line }
    }

    /// Prints one line of the coach.
    pub fn line(&self, text: &str) {
        super::screen::line(&self.set(text));
    }

    /// Prints Markdown in the coach's margin; the commands in it get numbers.
    pub fn markdown(&self, text: &str) {
        let setting = Setting { width: self.text_width(), plain: self.plain, lang: self.lang };
        for line in typeset(text, &setting, &mut self.commands.borrow_mut()) {
            match line {
                Line::Inside(line) => self.line(&line),
                Line::Bare(line) => super::screen::line(&line),
            }
        }
    }

    /// A message as the lines that would be printed.
    pub fn lines(&self, say: Say) -> Vec<String> {
        render(&say.get(self.lang), self.text_width()).iter().map(|line| self.set(line)).collect()
    }

    /// Prints a term and what it means, side by side where there is room.
    pub fn entry(&self, term: &str, meaning: &str) {
        const COLUMN: usize = 20;
        if self.plain {
            return self.line(&format!("{term}: {}", render(meaning, usize::MAX / 2).join(" ")));
        }
        let lines = render(meaning, self.text_width().saturating_sub(COLUMN));
        for (n, line) in lines.iter().enumerate() {
            let left = if n == 0 { term } else { "" };
            let gap = " ".repeat(COLUMN.saturating_sub(left.width()).max(1));
            self.line(&format!("{}{gap}{line}", left.bold()));
        }
    }

    /// Prints a line that is there for whoever looks, and in nobody's way.
    pub fn quiet(&self, text: &str) {
        for line in render(text, self.text_width()) {
            self.line(&line.dimmed().to_string());
        }
    }

    /// Prints a line across, with a title.
    pub fn rule(&self, title: &str) {
        let dashes = self.text_width().saturating_sub(title.chars().count() + 4);
        let line = if self.plain { title.to_owned() } else { format!("── {title} {}", "─".repeat(dashes)) };
        super::screen::line(&line.green().to_string());
    }

    /// Prints what happened on the machine, with its time.
    pub fn happened(&self, happened: &Happened) {
        self.quiet(&format!("{} {}", clock(happened.at), happened.say.get(self.lang)));
    }

    /// Prints what happened by itself, on one line.
    pub fn news(&self, news: &[Happened]) {
        let Some(last) = news.last() else { return };
        let told: Vec<&str> = news.iter().map(|happened| happened.say.get(self.lang)).collect();
        self.quiet(&format!("{} {}", clock(last.at), told.join(" · ")));
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

    /// The title over everything, how far the course is, and the lessons around the current one.
    pub fn map(&self, title: &Text, lessons: &[&Lesson], done: impl Fn(&str) -> bool, current: &str) {
        self.line(&format!("Concierge · {}", title.get(self.lang)).bold().to_string());
        let left: u32 = lessons.iter().filter(|lesson| !done(&lesson.id)).map(|lesson| lesson.minutes).sum();
        let count = lessons.iter().filter(|lesson| done(&lesson.id)).count().to_string();
        let numbers = [&*count, &*lessons.len().to_string(), &*left.to_string()];
        self.quiet(&words::MINUTES_LEFT.with(self.lang, &numbers));
        self.line("");
        let at = lessons.iter().position(|lesson| lesson.id == current).unwrap_or(0);
        let from = at.saturating_sub(AROUND);
        for (n, lesson) in lessons.iter().enumerate().skip(from).take(2 * AROUND + 1) {
            let mark = match (done(&lesson.id), n == at) {
                (true, _) if self.plain => "x".normal(),
                (_, true) if self.plain => ">".normal(),
                (true, _) => "✓".green(),
                (_, true) => "→".yellow().bold(),
                _ => "·".normal(),
            };
            let minutes = words::MINUTES.with(self.lang, &[&lesson.minutes.to_string()]);
            let arrow = if self.plain { "-" } else { "←" };
            let here = if n == at { format!("  {arrow} {}", words::NEXT_HERE.get(self.lang)) } else { String::new() };
            let title = lesson.title.get(self.lang);
            self.line(&format!("{mark} {:>2}. {title} ({minutes}){here}", n + 1));
        }
        let more = lessons.len().saturating_sub(from + 2 * AROUND + 1);
        if more > 0 {
            self.quiet(&words::MORE_LESSONS.with(self.lang, &[&more.to_string()]));
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
        self.commands.borrow_mut().clear();
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
