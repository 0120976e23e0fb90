//! Living a log again: the same lesson, the same machine, everything done once more at its time.

use super::Session;
use crate::lesson::content::lesson::Lesson;
use crate::lesson::judge::facts::Machine;
use crate::lesson::progress::{Event, Way};
use crate::world::{Duration, Time};

/// How far the machine's clock may go while a log is lived again: a file that asks for more was not written by a student.
const FARTHEST: Duration = Duration::from_secs(20 * 365 * 86_400);

impl<M: Machine> Session<M> {
    /// Opens `lesson` and does again everything in `log`, each at its time. Events that no longer fit the lesson are
    /// left out: a step or a question that is gone.
    pub fn replay(lesson: Lesson, machine: M, log: &[Event]) -> Session<M> {
        let mut session = Session::open_quietly(lesson, machine);
        for n in 0..log.len() {
            session.again(log, n);
        }
        session.set_attentive(true);
        session
    }

    /// Whether goals are judged after every input. When they are again, they are judged at once.
    pub fn set_attentive(&mut self, attentive: bool) {
        self.attentive = attentive;
        self.rejudge();
    }

    /// Judges the goals of the current step, whether every input is judged or not.
    pub fn judge_now(&mut self) {
        let attentive = std::mem::replace(&mut self.attentive, true);
        self.rejudge();
        self.attentive = attentive;
    }

    /// Does again the event number `n` of `log`, those before it having been done. Answers count as they did then.
    /// Returns what the terminal showed; `None` when it asks for a time beyond reach, and nothing was done.
    pub fn again(&mut self, log: &[Event], n: usize) -> Option<String> {
        let event = log.get(n)?;
        if let Some(at) = event.at() {
            if self.is_beyond(at) {
                return None;
            }
            self.wait_until(at);
        }
        let mut shown = String::new();
        match event {
            Event::Input { input, .. } => {
                // What ran in the foreground ran until the next thing was done, and no longer.
                let next = log.iter().skip(n + 1).find_map(Event::at).filter(|at| !self.is_beyond(*at));
                shown = self.input_until(input, next).0;
            }
            Event::Travel { way, .. } => self.go(way),
            Event::Answer { quiz, answer, right } => {
                if self.lesson.quiz(quiz).is_some() {
                    self.keep_answer(quiz, answer, *right);
                }
            }
            Event::Hint => {
                self.hint();
            }
            Event::Step(id) => self.go_to(id),
            Event::Solution => self.reveal(),
            Event::Reflect(said) => self.reflect(said),
            Event::Done(when) => self.done(*when),
        }
        Some(shown)
    }

    fn is_beyond(&self, at: Time) -> bool {
        at.since(self.began) > FARTHEST
    }

    fn go(&mut self, way: &Way) {
        match way {
            Way::Undo => {
                self.undo();
            }
            Way::Redo => {
                self.redo();
            }
            Way::Reset => self.reset(),
            Way::Save(name) => self.save(name),
            Way::Load(name) => {
                self.load(name);
            }
        }
    }
}
