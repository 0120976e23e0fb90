//! A student at a terminal of the machine: logging in, typing, losing the connection and coming back.
//!
//! It shows nothing itself; whoever plays the student takes the output and draws it.

mod acts;
mod facts;
mod fingerprint;
mod terminals;
mod units;

use crate::vps::{LoginError, Pause, Vps};
use crate::world::{Duration, Pid, Time, TtyId};

/// How long the login shell may take to its first prompt.
const LOGIN: Duration = Duration::from_secs(30);
/// How long it takes to reach for the plug: what was just typed is under way by then.
const BEFORE_CUT: Duration = Duration::from_secs(1);
/// How long the machine is given to notice that a connection is gone.
const AFTER_CUT: Duration = Duration::from_secs(2);
/// How long a line may take to be read before the next one is typed all the same.
const BETWEEN_LINES: Duration = Duration::from_secs(2);
/// How long a reboot may take.
const REBOOT: Duration = Duration::from_secs(600);

/// A machine with somebody logged in.
#[derive(Clone)]
pub struct Student {
    /// The machine.
    pub vps: Vps,
    user: String,
    /// The terminals by their numbers, from 0; `None` where nobody is logged in.
    ttys: Vec<Option<TtyId>>,
    /// Which of them the student sits at.
    current: usize,
    /// Columns and rows of the terminals that are opened.
    size: (u16, u16),
}

impl Student {
    /// Logs in as `user` and waits for the prompt. A refused login leaves the student outside: [`Student::is_inside`].
    pub fn open(vps: Vps, user: &str) -> Student {
        let mut student = Student { vps, user: user.to_owned(), ttys: vec![None], current: 0, size: (120, 50) };
        let _ = student.log_in();
        student
    }

    /// Who is logged in.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Opens a new connection. Errors: as [`Vps::login`].
    pub fn log_in(&mut self) -> Result<(), LoginError> {
        let tty = self.vps.login(&self.user)?;
        self.sit_at(Some(tty));
        self.vps.offer_editor(tty, true);
        self.resize(self.size.0, self.size.1);
        self.vps.run_until_input(tty, LOGIN);
        Ok(())
    }

    /// Whether there is a terminal and its other end is alive.
    pub fn is_inside(&self) -> bool {
        self.tty().is_some_and(|tty| !self.vps.is_closed(tty))
    }

    /// The login shell, as long as it is there.
    pub fn shell(&self) -> Option<Pid> {
        self.vps.world.terminals.get(&self.tty()?).filter(|t| !t.hung_up)?.session
    }

    /// Whether the login shell itself, and nothing that it started, waits for what is typed.
    pub fn is_at_shell(&self) -> bool {
        let terminal = self.tty().and_then(|tty| self.vps.world.terminals.get(&tty));
        self.waits() && terminal.is_some_and(|t| t.session == Some(t.foreground))
    }

    /// The names of the programs in the foreground of the terminal.
    pub fn foreground(&self) -> Vec<String> {
        self.tty().map_or_else(Vec::new, |tty| self.foreground_of(tty))
    }

    /// Whether a program in the foreground waits for what is typed.
    pub fn waits(&self) -> bool {
        self.tty().is_some_and(|tty| self.vps.waits_for_input(tty))
    }

    /// Types text as it is, control characters included, and does not wait.
    pub fn type_text(&mut self, text: &str) {
        if let Some(tty) = self.tty() {
            self.vps.type_at(tty, text);
        }
    }

    /// Types `text` and Enter. Of several lines each is typed when the one before has been read, and what the shell asks
    /// in between (`PS2`) is taken off the screen: who wrote them all at once was not asked.
    pub fn enter(&mut self, text: &str) {
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            self.type_text(&format!("{line}\n"));
            if lines.peek().is_none() {
                return;
            }
            self.run_until(self.vps.now() + BETWEEN_LINES);
            if !self.waits() {
                continue;
            }
            if let Some(terminal) = self.tty().and_then(|tty| self.vps.world.terminals.get_mut(&tty)) {
                terminal.erase_last_line();
            }
        }
    }

    /// Lets the machine run until it waits for input, the terminal is closed, or the clock shows `deadline`.
    pub fn run_until(&mut self, deadline: Time) -> Pause {
        match self.tty() {
            Some(tty) => self.vps.run_until_input(tty, deadline.since(self.vps.now())),
            None => Pause::Closed,
        }
    }

    /// Takes what the terminal printed since the last call.
    pub fn take_output(&mut self) -> String {
        self.tty().map(|tty| self.vps.take_output(tty)).unwrap_or_default()
    }

    /// The unfinished last line on the terminal: the prompt.
    pub fn last_line(&self) -> String {
        self.tty().and_then(|tty| self.vps.world.terminals.get(&tty)).map_or_else(String::new, |t| t.last_line())
    }

    /// Sets the size in columns and rows of this terminal and of those that are opened later.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        if let Some(terminal) = self.tty().and_then(|tty| self.vps.world.terminals.get_mut(&tty)) {
            (terminal.columns, terminal.rows) = (columns, rows);
        }
    }

    /// Cuts the connection and lets the machine notice.
    pub fn cut(&mut self) {
        if let Some(tty) = self.tty() {
            self.sit_at(None);
            self.vps.advance(BEFORE_CUT);
            self.vps.drop_connection(tty);
            self.vps.advance(AFTER_CUT);
        }
    }

    /// Reboots in order; the connection is lost.
    pub fn reboot(&mut self) {
        (self.ttys, self.current) = (vec![None], 0);
        self.vps.reboot(REBOOT);
    }
}
