//! Going back and forth between machines: undo, redo, reset, and machines that were given a name.
//!
//! The log only grows: going back is an event like any other, so that living the log again leads to the same machine with
//! the same ways back and forth. Answers stay: what one has understood is not taken back with what one has typed.

use super::{Deed, Moment, Session};
use crate::lesson::judge::facts::Machine;
use crate::lesson::progress::{Event, Way};

impl<M: Machine> Session<M> {
    /// Takes the last deed back and returns it; `None` when there is none.
    pub fn undo(&mut self) -> Option<Deed> {
        let moment = self.past.pop()?;
        self.travelled(Way::Undo);
        let deed = moment.deed.clone();
        self.future.push(self.moment(deed.clone()));
        self.restore(moment);
        Some(deed)
    }

    /// Does again what was taken back, with the machine that came of it; returns the deed.
    pub fn redo(&mut self) -> Option<Deed> {
        let moment = self.future.pop()?;
        self.travelled(Way::Redo);
        let deed = moment.deed.clone();
        self.past.push(self.moment(deed.clone()));
        self.restore(moment);
        Some(deed)
    }

    /// Gives the machine back as it was when the step was opened. Can be undone.
    pub fn reset(&mut self) {
        self.travelled(Way::Reset);
        self.past.push(self.moment(Deed::Reset));
        self.future.clear();
        let opened = (*self.step_opened).clone();
        self.restore(opened);
    }

    /// Remembers the machine as it is by `name`; an earlier one of that name is forgotten.
    pub fn save(&mut self, name: &str) {
        self.travelled(Way::Save(name.to_owned()));
        let moment = self.moment(Deed::Load(name.to_owned()));
        self.saved.insert(name.to_owned(), moment);
    }

    /// Goes to the machine that was saved by `name`, and to its step. Can be undone. `false` when there is none.
    pub fn load(&mut self, name: &str) -> bool {
        let Some(moment) = self.saved.get(name).cloned() else { return false };
        self.travelled(Way::Load(name.to_owned()));
        self.past.push(self.moment(Deed::Load(name.to_owned())));
        self.future.clear();
        self.restore(moment);
        true
    }

    /// The names under which machines were saved, sorted.
    pub fn saved(&self) -> Vec<&str> {
        self.saved.keys().map(String::as_str).collect()
    }

    fn travelled(&mut self, way: Way) {
        self.log.push_back(Event::Travel { at: self.machine.now(), way });
    }

    pub(super) fn moment(&self, deed: Deed) -> Moment<M> {
        Moment { machine: self.machine.clone(), step: self.step, deed }
    }

    fn restore(&mut self, moment: Moment<M>) {
        self.machine = moment.machine;
        self.panel.forget();
        if self.step != moment.step {
            self.note_goals();
            self.step = moment.step;
            self.hints_shown.clear();
            *self.step_opened = self.moment(Deed::Reset);
        }
        self.rejudge();
    }
}
