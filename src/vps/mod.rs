//! The machine whole: it owns the world and the system manager, boots, lets time pass, takes logins, and is cloned.

pub mod baseline;
mod clock;
mod command;
mod editor;
mod login;
mod power;
pub mod program_spec;
pub mod queues;

pub use command::{Output, Running};
pub use login::{LoginError, close_reason};

use crate::systemd::{PowerAction, Systemd};
use crate::world::{Duration, Loader, Sys, Time, TtyId, World};

/// The programs that are installed on a machine: which files there are, and how a file's name becomes code.
#[derive(Clone, Copy)]
pub struct Software {
    /// Name in the program file to code.
    pub loader: Loader,
    /// Every program file: its path and the name it holds.
    pub files: fn() -> Vec<(&'static str, &'static str)>,
}

/// A simulated server. Cloning it is cheap; a clone lives its own life.
#[derive(Clone)]
pub struct Vps {
    /// Kernel, processes, files.
    pub world: World,
    /// PID 1 with journal and logind.
    pub systemd: Systemd,
    /// Whether the machine is switched on.
    on: bool,
}

/// The system manager of the machine a process runs on, and the world apart from it.
///
/// # Panics
/// When the machine's init is not systemd; a [`Vps`] has no other.
pub fn systemd<'a>(sys: &'a mut Sys<'_>) -> (&'a mut Systemd, &'a mut World) {
    sys.init_as::<Systemd>().expect("the init of a VPS is systemd")
}

/// How long ago a fresh machine was switched on.
const UPTIME: Duration = Duration::from_secs(120);

impl Vps {
    /// The baseline VPS (Debian 12), booted two minutes before `clock`. Same arguments, same bytes.
    pub fn new(software: Software, clock: Time, seed: u64) -> Self {
        Vps::prepared(software, clock, seed, |_| {})
    }

    /// The same, with `prepare` done to its disk before it is switched on.
    pub fn prepared(software: Software, clock: Time, seed: u64, prepare: impl FnOnce(&mut World)) -> Self {
        let start = clock - UPTIME;
        let mut world = World::new(start, seed, software.loader);
        baseline::install(&mut world, &(software.files)());
        prepare(&mut world);
        let mut vps = Vps { world, systemd: Systemd::default(), on: false };
        vps.power_on();
        vps.run_until(clock);
        vps
    }

    /// The clock.
    pub fn now(&self) -> Time {
        self.world.now
    }

    /// Whether the machine is switched on.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Handles the next event that is due at `deadline` or before; false when there is none.
    pub fn run_one(&mut self, deadline: Time) -> bool {
        let more = self.world.run_one(&mut self.systemd, deadline);
        match self.systemd.take_power_action() {
            Some(PowerAction::Reboot) => {
                self.power_off();
                self.power_on();
            }
            Some(PowerAction::PowerOff) => self.power_off(),
            None => {}
        }
        more
    }

    /// Lets time pass until `deadline`.
    pub fn run_until(&mut self, deadline: Time) {
        while self.run_one(deadline) {}
        self.world.now = self.world.now.max(deadline);
    }

    /// Lets time pass.
    pub fn advance(&mut self, time: Duration) {
        self.run_until(self.now() + time);
    }

    /// Lets time pass until the terminal waits for input or is closed, at most for `limit`. Tells which.
    pub fn run_until_input(&mut self, tty: TtyId, limit: Duration) -> Pause {
        let deadline = self.now() + limit;
        loop {
            if self.is_closed(tty) {
                return Pause::Closed;
            }
            if self.edit_request(tty).is_some() {
                return Pause::Edit;
            }
            if self.waits_for_input(tty) {
                return Pause::Input;
            }
            if !self.run_one(deadline) {
                self.world.now = self.world.now.max(deadline);
                return Pause::Limit;
            }
        }
    }

    /// Types text at a terminal.
    pub fn type_at(&mut self, tty: TtyId, text: &str) {
        self.world.type_at(tty, text.as_bytes());
        self.world.deliver(&mut self.systemd);
    }

    /// What was printed on a terminal since the last call.
    pub fn take_output(&mut self, tty: TtyId) -> String {
        let bytes = self.world.terminals.get_mut(&tty).map(|t| t.take_output()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Why [`Vps::run_until_input`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A program in the foreground waits for what is typed.
    Input,
    /// A program wants a file edited: see [`Vps::edit_request`]. Only at a terminal to which an editor was offered.
    Edit,
    /// The terminal is gone: logged out, cut, switched off.
    Closed,
    /// The time was over before.
    Limit,
}
