//! What a step shows beside its text: the demonstration, the wrong way tried first, the solution and what follows it.

use super::Session;
use crate::lesson::content::lesson::Solution;
use crate::lesson::judge::facts::Machine;
use crate::lesson::judge::{holds, soon};
use crate::lesson::progress::Event;
use crate::lesson::quiz::Played;
use crate::lesson::text::Text;
use crate::world::Time;

impl<M: Machine> Session<M> {
    /// The demonstration of the current step, played on a copy of the machine; `None` when it has none.
    pub fn demo(&self) -> Option<Played> {
        let demo = &self.step()?.demo;
        (!demo.is_empty()).then(|| Played::on(&mut self.machine.clone(), demo))
    }

    /// What the wrong way shows, once, when the machine has just been broken as the step proposes.
    pub fn broke(&mut self) -> Option<Text> {
        let step = self.lesson.steps.get(self.step)?;
        let proposed = step.breaks.as_ref().filter(|_| !self.broke.contains(&step.id))?;
        holds(&soon(&self.machine), &self.answers, &proposed.check, Time(0)).ok()?;
        self.broke.insert(step.id.clone());
        Some(proposed.why.clone())
    }

    /// Whether the machine was seen broken in the current step.
    pub fn has_broken(&self) -> bool {
        self.step().is_some_and(|step| self.broke.contains(&step.id))
    }

    /// The solution that is shown for the current step.
    pub fn solution(&self) -> Option<&Solution> {
        self.step()?.solutions.first()
    }

    /// The machine as the solution leaves it, played from where the step began; `None` when there is nothing to do.
    pub fn solved(&self) -> Option<M> {
        let solution = self.solution()?;
        let mut machine = self.step_opened.machine.clone();
        for input in &solution.run {
            machine.input(input, None);
        }
        Some(machine)
    }

    /// When the lesson began, on the machine's clock.
    pub fn began(&self) -> Time {
        self.began
    }

    /// Notes that the solution was shown.
    pub fn reveal(&mut self) {
        self.log.push_back(Event::Solution);
    }

    /// Notes what was written to explain the solution to oneself.
    pub fn reflect(&mut self, said: &str) {
        self.log.push_back(Event::Reflect(said.to_owned()));
    }
}
