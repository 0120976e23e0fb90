//! A process as the kernel keeps it: credentials(7), proc(5).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fs::Cred;
use super::limits::Limits;
use super::open_file::OpenFileId;
use super::program::{Program, Wait};
use super::sandbox::Sandbox;
use super::signal::{Signal, SignalSet};
use super::time::{Duration, Time};
use super::tty::TtyId;

/// A process id.
pub type Pid = u32;

/// A file descriptor.
pub type Fd = u32;

/// An environment or an argument list, shared between parent and child until one changes it.
pub type Strings = Arc<Vec<String>>;

/// How a process ended: wait(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It called exit with this status.
    Exited(u8),
    /// A signal ended it; the flag tells whether a core was dumped.
    Signaled(Signal, bool),
}

impl ExitStatus {
    /// What a shell shows as `$?`: the status, or 128 and the signal's number.
    pub fn code(self) -> u8 {
        match self {
            ExitStatus::Exited(code) => code,
            ExitStatus::Signaled(signal, _) => 128 + signal.number(),
        }
    }
}

/// Whether a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It runs, or waits for what its [`Wait`] names.
    Alive,
    /// A signal stopped it.
    Stopped(Signal),
    /// It ended; its parent has not asked how.
    Zombie(ExitStatus),
}

/// What the parent can learn with wait(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildEvent {
    /// The child ended and is gone now.
    Ended(ExitStatus),
    /// The child was stopped.
    Stopped(Signal),
    /// The child goes on.
    Continued,
}

/// An entry of the descriptor table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The open file behind it.
    pub file: OpenFileId,
    /// Closed when the process executes another program.
    pub cloexec: bool,
}

/// What a process does with its signals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signals {
    /// Dropped when they arrive.
    pub ignored: SignalSet,
    /// Given to the program.
    pub caught: SignalSet,
    /// Kept until unblocked.
    pub blocked: SignalSet,
    /// Arrived and not handled yet.
    pub pending: SignalSet,
}

/// How a process is scheduled: sched(7), ioprio_set(2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// `SCHED_OTHER`, `SCHED_FIFO`, `SCHED_RR`, `SCHED_BATCH`, `SCHED_IDLE` by number: 0, 1, 2, 3, 5.
    pub policy: u8,
    /// Realtime priority: 1 to 99, else 0.
    pub priority: u8,
    /// Class of disk access: 0 none, 1 realtime, 2 best-effort, 3 idle.
    pub io_class: u8,
    /// Priority in that class: 0 (first) to 7.
    pub io_priority: u8,
}

/// A process.
#[derive(Clone)]
pub struct Process {
    /// Its id.
    pub pid: Pid,
    /// Its parent's id; 0 for PID 1 and the kernel.
    pub ppid: Pid,
    /// Its process group.
    pub pgid: Pid,
    /// Its session.
    pub sid: Pid,
    /// Its controlling terminal.
    pub tty: Option<TtyId>,
    /// Whose rights it has (effective ids).
    pub cred: Cred,
    /// Who started it: the real user id, which a set-uid program does not change.
    pub ruid: u32,
    /// Its name, 15 bytes at most.
    pub comm: Arc<str>,
    /// The program file.
    pub exe: Arc<str>,
    /// Its arguments, the name first.
    pub argv: Strings,
    /// Its environment as `NAME=value`, in order.
    pub env: Strings,
    /// Its working directory, absolute.
    pub cwd: Arc<str>,
    /// Bits taken from the mode of new files.
    pub umask: u16,
    /// Its niceness.
    pub nice: i8,
    /// Its open files.
    pub fds: BTreeMap<Fd, Descriptor>,
    /// Its signals.
    pub signals: Signals,
    /// Whether it runs.
    pub state: State,
    /// What it waits for when it is alive and not running.
    pub wait: Wait,
    /// Counts its waits, so that a late timer does not end a later wait.
    pub wait_number: u64,
    /// Whether a `Run` event is queued.
    pub queued: bool,
    /// What a debugger would show as its code; `None` while it runs and when it has ended.
    pub program: Option<Box<dyn Program>>,
    /// Its control group, as in `/proc/PID/cgroup`: `/system.slice/cron.service`.
    pub cgroup: Arc<str>,
    /// When it started.
    pub started: Time,
    /// Processor time used.
    pub cpu: Duration,
    /// Until when the processor is busy with it.
    pub busy_until: Time,
    /// Memory held, in bytes.
    pub rss: u64,
    /// Its limits.
    pub limits: Limits,
    /// Whether orphans among its descendants become its children: prctl(2) PR_SET_CHILD_SUBREAPER.
    pub subreaper: bool,
    /// What else a sandbox takes from it; `None`: nothing.
    pub sandbox: Option<Arc<Sandbox>>,
    /// How readily it is killed when memory runs out: -1000 (never) to 1000.
    pub oom_score_adj: i16,
    /// How the processor and the disks are shared out to it.
    pub schedule: Schedule,
    /// prctl(2) PR_SET_NO_NEW_PRIVS: no set-uid program raises its rights.
    pub no_new_privs: bool,
    /// Stops and continues that the parent has not asked for yet.
    pub report: Option<ChildEvent>,
    /// Whether it is a service manager: PID 1 or a user's; its children's ends are told to [`super::Init`].
    pub manager: bool,
    /// Whether it has executed a program since it was forked: setpgid(2) cares.
    pub execed: bool,
}

impl Process {
    /// Whether `/proc` shows it another process.
    pub fn sees(&self, other: &Process) -> bool {
        let blind = self.sandbox.as_ref().is_some_and(|sandbox| sandbox.hide_processes);
        // A container has its own process ids: nobody in it sees who lives outside.
        let apart = self.cgroup.starts_with("/system.slice/docker-") && self.cgroup != other.cgroup;
        !apart && (!blind || self.cred.is_root() || self.cred.uid == other.cred.uid)
    }

    /// The network it lives in.
    pub fn network(&self) -> u64 {
        self.sandbox.as_ref().map_or(0, |sandbox| sandbox.network)
    }

    /// Whether it may make sockets of a family.
    pub fn permits_family(&self, family: super::sandbox::Family) -> bool {
        self.sandbox.as_ref().is_none_or(|sandbox| sandbox.permits(family))
    }

    /// The value of an environment variable.
    pub fn getenv(&self, name: &str) -> Option<&str> {
        getenv(&self.env, name)
    }

    /// Whether it has ended.
    pub fn is_zombie(&self) -> bool {
        matches!(self.state, State::Zombie(_))
    }

    /// The letter of `ps`'s STAT column without its modifiers.
    pub fn state_letter(&self) -> char {
        match self.state {
            State::Zombie(_) => 'Z',
            State::Stopped(_) => 'T',
            State::Alive if self.queued && self.wait.is_nothing() => 'R',
            State::Alive => 'S',
        }
    }
}

/// The value of `name` in an environment of `NAME=value` strings.
pub fn getenv<'a>(env: &'a [String], name: &str) -> Option<&'a str> {
    env.iter().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// Sets `name` in an environment of `NAME=value` strings, in place or at the end.
pub fn setenv(env: &mut Vec<String>, name: &str, value: &str) {
    let pair = format!("{name}={value}");
    match env.iter_mut().find(|old| old.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))) {
        Some(old) => *old = pair,
        None => env.push(pair),
    }
}

/// The first 15 bytes of a program's file name: what the kernel keeps as its name.
pub fn comm_of(path: &str) -> Arc<str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let end = (0..=name.len().min(15)).rev().find(|i| name.is_char_boundary(*i)).unwrap_or(0);
    name[..end].into()
}
