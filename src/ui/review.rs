//! `concierge review`: what is due comes back, questions and goals mixed, on machines that were never seen before.

use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;

use super::args::Args;
use super::learn::{Learn, Left};
use super::quiz::{self, Asked};
use super::reader::Reader;
use super::store::Store;
use super::view::View;
use super::{clock, course, keyboard, quiz_tell, words};
use crate::lesson::content::action::Input;
use crate::lesson::content::course::Loaded;
use crate::lesson::content::lesson::{Lesson, Step};
use crate::lesson::judge::facts::Machine;
use crate::lesson::quiz::mark;
use crate::lesson::review::{Item, due, schedule};
use crate::lesson::session::Session;
use crate::lesson::student::Student;
use crate::lesson::workshop;

/// How many things are asked at once.
const LIMIT: usize = 12;

/// What came of one item.
enum Came {
    Known(bool),
    Skipped,
    Quit,
}

/// Asks what is due. With `list`, only tells it.
pub fn review(args: &Args, list: bool) -> Result<ExitCode, Box<dyn Error>> {
    let loaded = course::load(args)?;
    let store = Store::open(&loaded.course.clone().unwrap_or_default().id)?;
    let lang = course::language(args.lang.as_deref(), Some(&store))?;
    let view = View::new(lang, super::screen::size().0, course::plain(args));
    let today = clock::today()?;
    let mut progress = store.load()?.progress;
    schedule(&mut progress, &loaded.lessons, today);
    let items = due(&progress, &loaded.lessons, today, LIMIT);
    if list || items.is_empty() {
        items.iter().for_each(|item| super::screen::line(&item.key));
        if items.is_empty() {
            let next = progress.reviews.values().filter(|due| due.stage < 4).map(|due| due.day).min();
            match next {
                Some(day) => view.say_with(words::REVIEW_LATER, &[&(day - today).max(1).to_string()]),
                None => view.say(words::REVIEW_NOTHING),
            }
        }
        store.save(&progress)?;
        return Ok(ExitCode::SUCCESS);
    }
    keyboard::catch_interrupts();
    let mut reader = Reader::new(std::io::stdin().is_terminal(), None, view.plain);
    view.say_with(words::REVIEW_BEGINS, &[&items.len().to_string()]);
    let mut known = 0;
    for (n, item) in items.iter().enumerate() {
        let seed = u64::try_from(today).unwrap_or(0).wrapping_mul(31).wrapping_add(n as u64);
        match ask(&loaded, item, &view, &mut reader, seed)? {
            Came::Known(right) => {
                known += usize::from(right);
                let due = progress.reviews.get(&item.key).copied().map(|due| due.after(right, today));
                due.map(|due| progress.reviews.insert(item.key.clone(), due));
                store.save(&progress)?;
            }
            Came::Skipped => {}
            Came::Quit => break,
        }
    }
    view.line("");
    view.say_with(words::REVIEW_DONE, &[&known.to_string(), &items.len().to_string()]);
    Ok(ExitCode::SUCCESS)
}

fn ask(loaded: &Loaded, item: &Item, view: &View, reader: &mut Reader, seed: u64) -> Result<Came, Box<dyn Error>> {
    let (Some(lesson), Some(step)) = (
        loaded.lessons.get(item.lesson),
        loaded.lessons.get(item.lesson).and_then(|lesson| lesson.steps.get(item.step)),
    ) else {
        return Ok(Came::Skipped);
    };
    view.line("");
    view.line(&format!("{} · {}", lesson.title.get(view.lang), section_title(step, view)));
    let machine = machine_before(loaded, lesson, item.step, seed)?;
    let Some(quiz) = item.quiz.and_then(|n| step.quizzes.get(n)) else {
        return goals(lesson, step, machine, view, reader, seed);
    };
    let machine = played(machine, step);
    match quiz::ask(view, reader, quiz, seed) {
        Asked::Answer(answer) => {
            let marked = mark(quiz, &answer, &machine, &Default::default());
            quiz_tell::tell(view, quiz, &marked);
            Ok(Came::Known(marked.right))
        }
        Asked::Word(line) if line.trim() == ":quit" => Ok(Came::Quit),
        Asked::Skipped | Asked::Word(_) => Ok(Came::Skipped),
    }
}

fn section_title<'s>(step: &'s Step, view: &View) -> &'s str {
    match view.lang {
        crate::lesson::text::Lang::En => &step.en.title,
        crate::lesson::text::Lang::Fr => &step.fr.title,
    }
}

/// A machine of another seed, brought to where the step begins by the solutions of the steps before.
fn machine_before(loaded: &Loaded, lesson: &Lesson, step: usize, seed: u64) -> Result<Student, Box<dyn Error>> {
    let scenario = loaded.scenarios.get(&lesson.scenario).ok_or("the lesson has no scenario")?;
    let machine = workshop::open(scenario, lesson.clock.unwrap_or(scenario.clock), seed);
    Ok(lesson.steps.iter().take(step).fold(machine, played))
}

/// The machine after the first solution of `step`.
fn played(mut machine: Student, step: &Step) -> Student {
    let run: &[Input] = step.solutions.first().map(|solution| solution.run.as_slice()).unwrap_or_default();
    for input in run {
        machine.input(input, None);
    }
    machine
}

/// The goals of a step once more, as a lesson of that step alone.
fn goals(
    lesson: &Lesson,
    step: &Step,
    mut machine: Student,
    view: &View,
    reader: &mut Reader,
    seed: u64,
) -> Result<Came, Box<dyn Error>> {
    machine.resize(u16::try_from(view.width).unwrap_or(u16::MAX), 50);
    let step = Step { quizzes: Vec::new(), demo: Vec::new(), breaks: None, ..step.clone() };
    let alone = Lesson { steps: vec![step], solutions: Vec::new(), wrongs: Vec::new(), ..lesson.clone() };
    let session = Session::open(alone, machine);
    let mut learn = Learn::new(session, View::new(view.lang, view.width, view.plain), reader, seed);
    let left = learn.run()?;
    let met = learn.session.goals_met();
    let helped = learn.session.log().contains(&crate::lesson::progress::Event::Solution);
    Ok(if left == Left::Quit { Came::Quit } else { Came::Known(met && !helped) })
}
