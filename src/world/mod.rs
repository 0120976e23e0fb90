//! The machine as a value: clock, events, processes, signals, terminals, pipes, files, accounts, sockets. It knows that
//! there is a PID 1 ([`Init`]), not what it is, and nothing of the host it runs on.

pub mod accounts;
mod capability;
mod cgroupfs;
mod editing;
mod errno;
mod event;
pub mod fs;
mod kernel;
mod limits;
mod net;
mod open_file;
mod pipe;
mod process;
mod procfs;
mod program;
mod release;
mod rng;
mod sandbox;
mod shapes;
mod signal;
mod sys;
mod time;
mod tty;

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use imbl::OrdMap;

pub use capability::{CAPABILITIES, Capabilities, CapabilitySet};
pub use editing::{EditAnswer, EditRequest, Editing};
pub use errno::{ERRNOS, Errno};
pub use event::{Event, EventId, EventQueue};
pub use kernel::{CgroupLimits, Loaded, Opener, cost};
pub use limits::{Limits, Resource, UNLIMITED, limit_text};
pub use net::{Address, Listener, Net, Pending};
pub use open_file::{FileLock, OpenFile, OpenFileId, OpenFiles, OpenFlags, OpenKind};
pub use pipe::{PIPE_BYTES, Pipe};
pub use process::{
    ChildEvent, Descriptor, ExitStatus, Fd, Pid, Process, Schedule, Signals, State, Strings, comm_of, getenv, setenv,
};
pub use program::{Channel, Program, ProgramClone, Step, Wait};
pub use release::{KERNEL_RELEASE, KERNEL_VERSION, kernel_banner};
pub use rng::Rng;
pub use sandbox::{Family, Sandbox};
pub use shapes::{Cx, Filter, FilterFlow, NeedInput, OneShot, Produce, Task, TaskStep, filter, one_shot, task};
pub use signal::{DefaultAction, Signal, SignalSet};
pub use sys::Sys;
pub use time::{Duration, Time, micros};
pub use tty::{Terminal, TtyId};

use fs::FileTree;

/// How many processes there may be; fork fails with EAGAIN beyond.
pub const MAX_PROCESSES: usize = 1024;

/// Finds the code of a built-in program by its name, as it stands in the program file; see [`World::program_file`].
pub type Loader = fn(name: &str, argv: &[String]) -> Option<Box<dyn Program>>;

/// A process as it was when it sent something; it may have become another program, or have ended, before that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Its id.
    pub pid: Pid,
    /// Its effective user.
    pub uid: u32,
    /// Its effective group.
    pub gid: u32,
    /// Its name.
    pub comm: Arc<str>,
    /// Its program file.
    pub exe: Arc<str>,
    /// Its arguments.
    pub argv: Strings,
    /// Its control group.
    pub cgroup: Arc<str>,
}

/// What the kernel tells PID 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A child of a service manager (`parent`: 1, or a user's) ended and was reaped.
    Exited {
        /// The child.
        pid: Pid,
        /// Its manager.
        parent: Pid,
        /// How it ended.
        status: ExitStatus,
        /// Its name.
        comm: Arc<str>,
        /// Its control group.
        cgroup: Arc<str>,
    },
    /// The last process of a control group ended.
    CgroupEmpty(Arc<str>),
    /// The kernel killed a process of this control group because there was no memory for it.
    OomKill(Arc<str>),
    /// A line of the kernel's ring buffer.
    Kernel {
        /// 0 (emergency) to 7 (debug).
        priority: u8,
        /// The line.
        text: String,
    },
    /// A process wrote to a stream of the journal.
    Stream {
        /// The stream's number.
        id: u64,
        /// Who wrote.
        sender: Sender,
        /// What.
        bytes: Vec<u8>,
    },
    /// Nobody can write to that stream any more.
    StreamClosed(u64),
    /// A message to the system log: syslog(3).
    Log {
        /// Who logs.
        sender: Sender,
        /// 0 (emergency) to 7 (debug).
        priority: u8,
        /// Facility number: syslog(3); 1 is `user`, 3 `daemon`, 9 `cron`, 10 `authpriv`.
        facility: u8,
        /// The tag; `None`: the process's name.
        identifier: Option<String>,
        /// The text, one line.
        message: String,
    },
    /// A datagram to the notification socket: sd_notify(3).
    Notify {
        /// Who sent it.
        pid: Pid,
        /// `READY=1` and such, one a line.
        text: String,
    },
    /// A connection arrived at a listening socket, or bytes in a named pipe.
    Connection(u64),
    /// A file or folder changed.
    FileChanged(fs::Ino),
    /// An event that PID 1 filed with [`EventQueue::push`] is due.
    Timer(u64),
    /// A signal was sent to PID 1.
    Signal(Signal),
}

/// PID 1, as the kernel sees it.
pub trait Init: Any {
    /// Something happened that PID 1 hears of.
    fn notice(&mut self, world: &mut World, notice: Notice);
    /// For the layers that know which init this is.
    fn as_any(&mut self) -> &mut dyn Any;
}

/// A machine without its service manager. Cloning shares whatever is large.
#[derive(Clone)]
pub struct World {
    /// The realtime clock.
    pub now: Time,
    /// When the kernel started: zero of the monotonic clock.
    pub booted: Time,
    /// `/proc/sys/kernel/random/boot_id` without dashes.
    pub boot_id: String,
    /// The kernel's host name.
    pub hostname: String,
    /// Random numbers from the scenario's seed.
    pub rng: Rng,
    /// All files.
    pub files: FileTree,
    /// Terminals by number.
    pub terminals: BTreeMap<TtyId, Terminal>,
    /// Listening sockets.
    pub net: Net,
    /// What is due.
    pub events: EventQueue,
    /// Open files.
    pub open_files: OpenFiles,
    /// Memory of the machine in bytes.
    pub memory: u64,
    /// What a layer above keeps with the machine; the kernel does not look at it.
    pub annex: Option<Arc<dyn Any + Send + Sync>>,
    /// Processor time of ended processes, by control group.
    cpu_ended: OrdMap<Arc<str>, Duration>,
    /// The limits of control groups as they are shown, and those of them that can ever bind.
    cgroup_settings: OrdMap<Arc<str>, CgroupLimits>,
    cgroup_limits: OrdMap<Arc<str>, CgroupLimits>,
    /// The groups of which the kernel has said that they are full.
    fork_rejected: OrdMap<Arc<str>, ()>,
    processes: OrdMap<Pid, Arc<Process>>,
    pipes: OrdMap<u64, Pipe>,
    /// The open named pipes: file to pipe.
    fifos: BTreeMap<fs::Ino, u64>,
    waiters: BTreeSet<(Channel, Pid)>,
    watched: BTreeSet<fs::Ino>,
    notices: VecDeque<Notice>,
    /// Who sent which signal to whom, the last ones.
    senders: VecDeque<(Pid, Signal, Sender)>,
    /// Whose turn it is: `/proc/self`.
    current: Pid,
    next_pid: Pid,
    next_object: u64,
    loader: Loader,
}

impl World {
    /// A machine that is switched off: no process, an empty `/`.
    pub fn new(now: Time, seed: u64, loader: Loader) -> Self {
        World {
            now,
            booted: now,
            boot_id: String::new(),
            hostname: "vps".into(),
            rng: Rng::new(seed),
            files: FileTree::new(now),
            terminals: BTreeMap::new(),
            net: Net::default(),
            events: EventQueue::default(),
            open_files: OpenFiles::default(),
            memory: 1024 * 1024 * 1024,
            annex: None,
            cpu_ended: OrdMap::new(),
            cgroup_settings: OrdMap::new(),
            cgroup_limits: OrdMap::new(),
            fork_rejected: OrdMap::new(),
            processes: OrdMap::new(),
            pipes: OrdMap::new(),
            fifos: BTreeMap::new(),
            waiters: BTreeSet::new(),
            watched: BTreeSet::new(),
            notices: VecDeque::new(),
            senders: VecDeque::new(),
            current: 1,
            next_pid: 1,
            next_object: 1,
            loader,
        }
    }

    /// Microseconds since the kernel started: the monotonic clock.
    pub fn monotonic(&self) -> u64 {
        self.now.0.saturating_sub(self.booted.0)
    }

    /// The process with this id, ended or not.
    pub fn process(&self, pid: Pid) -> Option<&Process> {
        self.processes.get(&pid).map(|p| &**p)
    }

    /// The same, to change it.
    pub fn process_mut(&mut self, pid: Pid) -> Option<&mut Process> {
        self.processes.get_mut(&pid).map(Arc::make_mut)
    }

    /// All processes by id, zombies among them.
    pub fn processes(&self) -> impl Iterator<Item = &Process> {
        self.processes.values().map(|p| &**p)
    }

    /// The live processes of a control group, and with `below` those of the groups in it, by id.
    pub fn cgroup_members(&self, cgroup: &str, below: bool) -> Vec<Pid> {
        self.processes()
            .filter(|p| !p.is_zombie())
            .filter(|p| {
                let rest = p.cgroup.strip_prefix(cgroup);
                rest.is_some_and(|rest| rest.is_empty() || (below && rest.starts_with('/')))
            })
            .map(|p| p.pid)
            .collect()
    }

    /// Processor time used in a control group and those in it, by processes that have ended and by live ones.
    pub fn cgroup_cpu(&self, cgroup: &str) -> Duration {
        let inside =
            |group: &str| group.strip_prefix(cgroup).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let ended = self.cpu_ended.iter().filter(|(group, _)| inside(group)).map(|(_, cpu)| *cpu);
        let live = self.processes().filter(|p| !p.is_zombie() && inside(&p.cgroup)).map(|p| p.cpu);
        ended.chain(live).sum()
    }

    /// A pipe by number.
    pub fn pipe(&self, id: u64) -> Option<&Pipe> {
        self.pipes.get(&id)
    }

    /// A process as the sender of a message.
    pub fn sender(&self, pid: Pid) -> Option<Sender> {
        let process = self.process(pid)?;
        Some(Sender {
            pid,
            uid: process.cred.uid,
            gid: process.cred.gid,
            comm: process.comm.clone(),
            exe: process.exe.clone(),
            argv: process.argv.clone(),
            cgroup: process.cgroup.clone(),
        })
    }

    fn object(&mut self) -> u64 {
        self.next_object += 1;
        self.next_object
    }
}
