//! A program that wants a file edited by the person at its terminal asks for it here, and goes on with the answer. Who
//! has the person's editor (a prompt, a browser) offers it to the terminal, looks for requests and answers them.

use super::World;
use super::process::Pid;
use super::program::Channel;
use super::sys::Sys;
use super::tty::TtyId;

/// What a program asks for: this file, in an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRequest {
    /// The process that waits for the answer.
    pub pid: Pid,
    /// The name under which it was called: `vi`, `nano`.
    pub program: String,
    /// The file, absolute.
    pub path: String,
    /// The line to begin at (`vi +12`), the first being 1.
    pub line: Option<u64>,
    /// What the file holds; empty when it is new.
    pub contents: Vec<u8>,
    /// Whether there is no such file yet.
    pub new: bool,
    /// Whether the program could not write it: no permission, or it was asked only to show it (`view`).
    pub read_only: bool,
    /// Owner and group of the file; of a new one those it would get.
    pub owner: (u32, u32),
    /// The mode of the file; of a new one the mode it would get.
    pub mode: u16,
}

/// How an editor was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditAnswer {
    /// With these contents to be written.
    Saved(Vec<u8>),
    /// Without writing.
    Unchanged,
    /// It could not be started or failed, for this reason.
    Failed(String),
}

/// The state of a terminal's editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Editing {
    /// Whoever is at the other end has none.
    #[default]
    Absent,
    /// There is one, and nobody asks for it.
    Idle,
    /// A program waits for it.
    Asked(EditRequest),
    /// The program with this number has not taken its answer yet.
    Answered(Pid, EditAnswer),
}

impl World {
    /// Tells a terminal whether the person at it has an editor to offer.
    pub fn offer_editor(&mut self, tty: TtyId, offered: bool) {
        if let Some(terminal) = self.terminals.get_mut(&tty) {
            terminal.editing = if offered { Editing::Idle } else { Editing::Absent };
        }
        self.wake_channel(Channel::Tty(tty));
    }

    /// What a program at this terminal wants edited, if one waits for that and still lives.
    pub fn edit_request(&self, tty: TtyId) -> Option<&EditRequest> {
        match &self.terminals.get(&tty)?.editing {
            Editing::Asked(request) if self.process(request.pid).is_some_and(|p| !p.is_zombie()) => Some(request),
            _ => None,
        }
    }

    /// Answers the request of a terminal and lets its program go on. False when nobody asked.
    pub fn answer_edit(&mut self, tty: TtyId, answer: EditAnswer) -> bool {
        let Some(pid) = self.edit_request(tty).map(|request| request.pid) else { return false };
        if let Some(terminal) = self.terminals.get_mut(&tty) {
            terminal.editing = Editing::Answered(pid, answer);
        }
        self.wake_channel(Channel::Tty(tty));
        true
    }
}

impl Sys<'_> {
    /// Asks the person at a terminal to edit a file; then wait for `Channel::Tty(tty)`. False when there is no editor.
    pub fn ask_edit(&mut self, tty: TtyId, request: EditRequest) -> bool {
        match self.world.terminals.get_mut(&tty) {
            Some(terminal) if terminal.editing != Editing::Absent => {
                terminal.editing = Editing::Asked(request);
                true
            }
            _ => false,
        }
    }

    /// The answer to this process's request; `None`: wait on.
    pub fn take_edit_answer(&mut self, tty: TtyId) -> Option<EditAnswer> {
        let pid = self.pid;
        let terminal = self.world.terminals.get_mut(&tty)?;
        match std::mem::take(&mut terminal.editing) {
            Editing::Answered(asker, answer) if asker == pid => {
                terminal.editing = Editing::Idle;
                Some(answer)
            }
            // Another program has asked since, or the offer was taken back: this one will not be answered.
            Editing::Asked(request) if request.pid == pid => {
                terminal.editing = Editing::Asked(request);
                None
            }
            other => {
                terminal.editing = other;
                Some(EditAnswer::Unchanged)
            }
        }
    }
}
