//! Programs as values: a process is a state machine that is resumed with what it waited for and returns what it waits
//! for next. No thread, no future: a program can be cloned in the middle of its work, and its machine with it.

use std::any::Any;

use super::process::{Fd, Pid};
use super::signal::Signal;
use super::sys::Sys;
use super::time::Time;
use super::tty::TtyId;

/// The code of a process.
pub trait Program: ProgramClone + Any + Send + Sync {
    /// Goes on until it has to wait. It is called again when anything it waits for may have happened, and looks for
    /// itself what did: being resumed without cause must do no harm.
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step;
}

/// Cloning behind the trait object; implemented for every program that is `Clone`.
pub trait ProgramClone {
    /// A copy of the program in its present state.
    fn clone_box(&self) -> Box<dyn Program>;
    /// For whoever knows the program's type.
    fn as_any(&self) -> &dyn Any;
}

impl<T: Program + Clone> ProgramClone for T {
    fn clone_box(&self) -> Box<dyn Program> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Clone for Box<dyn Program> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}

/// What a program wants after it was resumed.
pub enum Step {
    /// To be resumed when something happens.
    Wait(Wait),
    /// To be resumed again soon: it has more to compute.
    Yield,
    /// To end with this status.
    Exit(u8),
    /// To be ended by this signal, whatever its disposition (a program that "crashes").
    Crash(Signal),
    /// To become another program: made by [`Sys::exec`].
    Exec(Box<dyn Program>),
}

/// A channel of the kernel that a process can wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// A pipe by number: it became readable or writable, or an end was closed.
    Pipe(u64),
    /// A terminal: input arrived, or it was hung up.
    Tty(TtyId),
    /// A lock on this file was given up.
    Lock(u64),
    /// A program printed on this terminal; for who shows it elsewhere.
    Screen(TtyId),
    /// A child of this process ended, stopped or went on.
    Children(Pid),
    /// A connection arrived at a listening socket.
    Listener(u64),
    /// A file or folder changed.
    File(u64),
    /// A queue of PID 1's own: jobs, journal; see `systemd`.
    Init(u64),
}

/// What a process waits for: any one of these, or a caught signal, ends the wait.
#[derive(Clone, Debug, Default)]
pub struct Wait {
    /// Not later than this.
    pub until: Option<Time>,
    /// Something happens on one of these descriptors (readable, writable, closed).
    pub fds: Vec<Fd>,
    /// One of these channels is woken.
    pub channels: Vec<Channel>,
}

impl Wait {
    /// Only a signal ends it: pause(2).
    pub fn signal() -> Self {
        Wait::default()
    }

    /// Until a moment.
    pub fn until(at: Time) -> Self {
        Wait { until: Some(at), ..Wait::default() }
    }

    /// Until a descriptor can be read or written.
    pub fn fd(fd: Fd) -> Self {
        Wait { fds: vec![fd], ..Wait::default() }
    }

    /// Until a channel is woken.
    pub fn channel(channel: Channel) -> Self {
        Wait { channels: vec![channel], ..Wait::default() }
    }

    /// The same wait, but not later than `at`.
    pub fn or_until(mut self, at: Time) -> Self {
        self.until = Some(self.until.map_or(at, |old| old.min(at)));
        self
    }

    /// The same wait, also for a descriptor.
    pub fn or_fd(mut self, fd: Fd) -> Self {
        self.fds.push(fd);
        self
    }

    /// The same wait, also for a channel.
    pub fn or_channel(mut self, channel: Channel) -> Self {
        self.channels.push(channel);
        self
    }

    /// Whether it waits for nothing in particular.
    pub fn is_nothing(&self) -> bool {
        self.until.is_none() && self.fds.is_empty() && self.channels.is_empty()
    }
}
