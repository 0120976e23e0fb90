//! Coming back to what was learnt: after 1, 3, 7 and 21 days, questions and goals mixed.
//!
//! It knows days as numbers since 1970 and never asks a clock: whoever calls says what day it is.

use super::content::lesson::Lesson;
use super::progress::{Event, Progress};
use super::quiz::order;
use toml::Table;

/// After how many days something comes back, by how often it was known in a row.
pub const DAYS: [i64; 4] = [1, 3, 7, 21];

/// When something comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day, counted from 1970-01-01.
    pub day: i64,
    /// How often it was known in a row: an index of [`DAYS`]; beyond them it is learnt and does not come back.
    pub stage: usize,
}

impl Due {
    /// When something learnt on `today` comes back first.
    pub fn first(today: i64) -> Due {
        Due { day: today + DAYS[0], stage: 0 }
    }

    /// When it comes back after having been asked on `today`.
    pub fn after(self, right: bool, today: i64) -> Due {
        let stage = if right { self.stage + 1 } else { 0 };
        Due { day: today + DAYS.get(stage).copied().unwrap_or(0), stage }
    }

    /// Whether it is to be asked on `today`.
    pub fn is_due(self, today: i64) -> bool {
        self.stage < DAYS.len() && self.day <= today
    }

    pub(super) fn write(self) -> String {
        format!("day = {}, stage = {}", self.day, self.stage)
    }

    pub(super) fn read(table: &Table) -> Option<Due> {
        let stage = usize::try_from(table.get("stage")?.as_integer()?).ok()?;
        Some(Due { day: table.get("day")?.as_integer()?, stage: stage.min(DAYS.len()) })
    }
}

/// Something to come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// `LESSON/ID`, as in the progress file.
    pub key: String,
    /// The number of its lesson in the course, from 0.
    pub lesson: usize,
    /// The number of its step in the lesson, from 0.
    pub step: usize,
    /// The number of the question in the step; `None`: the goals of the step.
    pub quiz: Option<usize>,
}

/// Everything of a lesson that can come back, in its order.
fn items_of(number: usize, lesson: &Lesson) -> Vec<Item> {
    let mut items = Vec::new();
    for (step_number, step) in lesson.steps.iter().enumerate() {
        let item =
            |id: &str, quiz| Item { key: format!("{}/{id}", lesson.id), lesson: number, step: step_number, quiz };
        // Watching something go wrong is not a skill; a step with a wrong answer of its own asks for one.
        if !step.goals.is_empty() && !step.wrongs.is_empty() {
            items.push(item(&step.id, None));
        }
        items.extend(step.quizzes.iter().enumerate().map(|(n, quiz)| item(&quiz.id, Some(n))));
    }
    items
}

/// Puts what was learnt in finished lessons on the schedule, each from the day it was finished.
pub fn schedule(progress: &mut Progress, lessons: &[Lesson], today: i64) {
    for (number, lesson) in lessons.iter().enumerate().filter(|(_, l)| progress.done.contains(&l.id)) {
        let finished = progress.run(&lesson.id).and_then(|run| match run.events.last() {
            Some(Event::Done(second)) => Some(second.div_euclid(86_400)),
            _ => None,
        });
        for item in items_of(number, lesson) {
            progress.reviews.entry(item.key).or_insert(Due::first(finished.unwrap_or(today).min(today)));
        }
    }
}

/// What is due on `today`, at most `limit` items, lessons and kinds mixed; the same day always mixes the same way.
pub fn due(progress: &Progress, lessons: &[Lesson], today: i64, limit: usize) -> Vec<Item> {
    let all = lessons.iter().enumerate().flat_map(|(number, lesson)| items_of(number, lesson));
    let due: Vec<Item> =
        all.filter(|item| progress.reviews.get(&item.key).is_some_and(|due| due.is_due(today))).collect();
    let mixed = order("review", u64::try_from(today).unwrap_or(0), due.len());
    mixed.into_iter().filter_map(|n| due.get(n).cloned()).take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_comes_back_later_and_later() {
        let mut due = Due::first(100);
        let mut days = vec![due.day];
        for _ in 0..3 {
            due = due.after(true, due.day);
            days.push(due.day);
        }
        assert_eq!(days, [101, 104, 111, 132]);
        assert!(due.is_due(132) && !due.is_due(131));
        assert!(!due.after(true, 132).is_due(10_000), "learnt");
        assert_eq!(due.after(false, 132), Due { day: 133, stage: 0 });
    }
}
