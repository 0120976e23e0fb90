//! Editing a file of the machine in the editor of the person at a terminal: what a host offers, sees and answers.
//!
//! 1. The host calls [`Vps::offer_editor`] once for the terminal.
//! 2. [`Vps::run_until_input`] comes back with [`super::Pause::Edit`] when `vi`, `nano`, `systemctl edit`, `visudo` or
//!    `crontab -e` wants a file edited; [`Vps::edit_request`] tells which, with its contents, owner and mode.
//! 3. [`Vps::answer_edit`] gives the new contents back; the program writes them with its own rights, and goes on.

use super::Vps;
use crate::world::{EditAnswer, EditRequest, TtyId};

impl Vps {
    /// From now on the person at this terminal has an editor (or has none any more). Without one the programs say what
    /// to use instead.
    pub fn offer_editor(&mut self, tty: TtyId, offered: bool) {
        self.world.offer_editor(tty, offered);
    }

    /// The file that a program at this terminal wants edited now.
    pub fn edit_request(&self, tty: TtyId) -> Option<&EditRequest> {
        self.world.edit_request(tty)
    }

    /// Answers the request; the program goes on with the next event. False when there is none (it was killed meanwhile).
    pub fn answer_edit(&mut self, tty: TtyId, answer: EditAnswer) -> bool {
        let answered = self.world.answer_edit(tty, answer);
        self.world.deliver(&mut self.systemd);
        answered
    }
}
