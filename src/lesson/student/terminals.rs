//! The student's terminals: several SSH sessions on one machine, each with a shell of its own.

use super::Student;
use crate::vps::{LoginError, Pause};
use crate::world::{Duration, EditAnswer, EditRequest, TtyId};

/// More terminals than anybody looks at.
const MOST: usize = 9;

impl Student {
    /// The terminal that the student sits at.
    pub(super) fn tty(&self) -> Option<TtyId> {
        self.ttys.get(self.current).copied().flatten()
    }

    pub(super) fn sit_at(&mut self, tty: Option<TtyId>) {
        if let Some(place) = self.ttys.get_mut(self.current) {
            *place = tty;
        }
    }

    /// The number of the terminal, from 1, and how many there are.
    pub fn terminal(&self) -> (usize, usize) {
        (self.current + 1, self.ttys.len())
    }

    /// Goes to the terminal with this number, from 1; the next free number opens a new one. A terminal where nobody is
    /// logged in is logged in at. False when there is no such number. Errors: as [`Student::log_in`].
    pub fn switch(&mut self, number: usize) -> Result<bool, LoginError> {
        if number == 0 || number > (self.ttys.len() + 1).min(MOST) {
            return Ok(false);
        }
        if number > self.ttys.len() {
            self.ttys.push(None);
        }
        self.current = number - 1;
        if !self.is_inside() {
            self.log_in()?;
        }
        Ok(true)
    }

    /// What runs in the foreground of each terminal, by number from 1; nothing where nobody is logged in.
    pub fn terminals(&self) -> Vec<Vec<String>> {
        let names = |tty: &Option<TtyId>| tty.map_or_else(Vec::new, |tty| self.foreground_of(tty));
        self.ttys.iter().map(names).collect()
    }

    /// The names of the programs in the foreground of a terminal that is open.
    pub(super) fn foreground_of(&self, tty: TtyId) -> Vec<String> {
        let Some(terminal) = self.vps.world.terminals.get(&tty).filter(|t| !t.hung_up) else { return Vec::new() };
        let group = terminal.foreground;
        self.vps.world.processes().filter(|p| p.pgid == group).map(|p| p.comm.to_string()).collect()
    }

    /// The file that a program at the terminal wants edited.
    pub fn edit_request(&self) -> Option<&EditRequest> {
        self.vps.edit_request(self.tty()?)
    }

    /// Leaves the editor: with `written` as the file's text, or without writing.
    pub fn leave_editor(&mut self, written: Option<&str>) {
        let answer = written.map_or(EditAnswer::Unchanged, |text| EditAnswer::Saved(text.as_bytes().to_vec()));
        if let Some(tty) = self.tty() {
            self.vps.answer_edit(tty, answer);
        }
    }

    /// Lets the machine run until something is printed on the terminal, or as [`Student::run_until`], but at most `limit`.
    pub fn skip(&mut self, limit: Duration) -> Pause {
        let deadline = self.vps.now() + limit;
        let Some(tty) = self.tty() else { return Pause::Closed };
        let printed = |student: &Student| student.vps.world.terminals.get(&tty).map_or(0, |t| t.printed);
        let before = printed(self);
        loop {
            if self.vps.is_closed(tty) {
                return Pause::Closed;
            }
            if self.edit_request().is_some() {
                return Pause::Edit;
            }
            if self.vps.waits_for_input(tty) {
                return Pause::Input;
            }
            if printed(self) > before {
                return Pause::Limit;
            }
            if !self.vps.run_one(deadline) {
                self.vps.run_until(deadline);
                return Pause::Limit;
            }
        }
    }
}
