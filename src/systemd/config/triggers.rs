//! Timers, sockets, paths, mounts, swaps and slices: systemd.timer(5), systemd.socket(5), systemd.path(5), systemd.mount(5).

use super::{CgroupContext, ExecCommand, ExecContext, KillContext};
use crate::systemd::calendar::CalendarSpec;
use crate::systemd::named::named_enum;
use crate::systemd::span::{INFINITY, MINUTE, SEC, Usec};

named_enum! {
    /// What a timer counts from.
    pub enum TimerBase {
        Active = "OnActiveSec",
        Boot = "OnBootSec",
        Startup = "OnStartupSec",
        UnitActive = "OnUnitActiveSec",
        UnitInactive = "OnUnitInactiveSec",
        Calendar = "OnCalendar",
    }
}

/// One trigger of a timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerSpec {
    /// So many microseconds after the base (never [`TimerBase::Calendar`]).
    Monotonic(TimerBase, Usec),
    /// A calendar event.
    Calendar(CalendarSpec),
}

/// The `[Timer]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimerConfig {
    pub specs: Vec<TimerSpec>,
    /// Microseconds.
    pub accuracy: Usec,
    pub randomized_delay: Usec,
    pub fixed_random_delay: bool,
    pub persistent: bool,
    pub wake_system: bool,
    pub remain_after_elapse: bool,
    pub on_clock_change: bool,
    pub on_timezone_change: bool,
    /// `None`: the service of the same name.
    pub unit: Option<String>,
}

impl Default for TimerConfig {
    fn default() -> Self {
        Self {
            specs: Vec::new(),
            accuracy: MINUTE,
            randomized_delay: 0,
            fixed_random_delay: false,
            persistent: false,
            wake_system: false,
            remain_after_elapse: true,
            on_clock_change: false,
            on_timezone_change: false,
            unit: None,
        }
    }
}

named_enum! {
    /// The kinds of listening endpoint.
    pub enum ListenKind {
        Stream = "ListenStream",
        Datagram = "ListenDatagram",
        SequentialPacket = "ListenSequentialPacket",
        Fifo = "ListenFIFO",
        Netlink = "ListenNetlink",
        Special = "ListenSpecial",
        MessageQueue = "ListenMessageQueue",
        UsbFunction = "ListenUSBFunction",
    }
}

/// One endpoint of a socket unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketListen {
    pub kind: ListenKind,
    /// As `systemctl` prints it: `[::]:8080`, `127.0.0.1:80`, `/run/x.sock`, `@abstract`.
    pub address: String,
}

named_enum! {
    /// The lists of commands of a socket.
    pub enum SocketExec {
        StartPre = "ExecStartPre",
        StartPost = "ExecStartPost",
        StopPre = "ExecStopPre",
        StopPost = "ExecStopPost",
    }
}

/// The `[Socket]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketConfig {
    pub listens: Vec<SocketListen>,
    pub accept: bool,
    /// `None`: as the kernel is set up, which is for both families.
    pub bind_ipv6_only: Option<bool>,
    pub backlog: u32,
    pub max_connections: u32,
    pub socket_user: Option<String>,
    pub socket_group: Option<String>,
    pub socket_mode: u32,
    pub directory_mode: u32,
    pub remove_on_stop: bool,
    pub flush_pending: bool,
    pub symlinks: Vec<String>,
    pub fd_name: Option<String>,
    /// `None`: the service of the same name (or its instances with `Accept=yes`).
    pub service: Option<String>,
    pub timeout: Usec,
    /// `None`: 2s, as systemd decides when the socket is loaded.
    pub trigger_limit_interval: Option<Usec>,
    /// `None`: 20, or 200 with `Accept=yes`.
    pub trigger_limit_burst: Option<u32>,
    /// The command lists, by [`SocketExec`] in its order.
    pub commands: [Vec<ExecCommand>; 4],
    pub exec: ExecContext,
    pub kill: KillContext,
    pub cgroup: CgroupContext,
}

impl Default for SocketConfig {
    fn default() -> Self {
        Self {
            listens: Vec::new(),
            accept: false,
            bind_ipv6_only: None,
            // As many as the kernel takes.
            backlog: 2_147_483_647,
            max_connections: 64,
            socket_user: None,
            socket_group: None,
            socket_mode: 0o666,
            directory_mode: 0o755,
            remove_on_stop: false,
            flush_pending: false,
            symlinks: Vec::new(),
            fd_name: None,
            service: None,
            timeout: 90 * SEC,
            trigger_limit_interval: None,
            trigger_limit_burst: None,
            commands: Default::default(),
            exec: ExecContext::default(),
            kill: KillContext::default(),
            cgroup: CgroupContext::default(),
        }
    }
}

named_enum! {
    /// What a path unit watches for.
    pub enum PathType {
        Exists = "PathExists",
        ExistsGlob = "PathExistsGlob",
        DirectoryNotEmpty = "DirectoryNotEmpty",
        Changed = "PathChanged",
        Modified = "PathModified",
    }
}

/// One watch of a path unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathSpec {
    pub kind: PathType,
    pub path: String,
}

/// The `[Path]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathConfig {
    pub specs: Vec<PathSpec>,
    pub unit: Option<String>,
    pub make_directory: bool,
    pub directory_mode: u32,
    pub trigger_limit_interval: Usec,
    pub trigger_limit_burst: u32,
}

impl Default for PathConfig {
    fn default() -> Self {
        Self {
            specs: Vec::new(),
            unit: None,
            make_directory: false,
            directory_mode: 0o755,
            trigger_limit_interval: 2 * SEC,
            trigger_limit_burst: 200,
        }
    }
}

/// The `[Mount]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountConfig {
    pub what: Option<String>,
    pub where_: Option<String>,
    pub fstype: Option<String>,
    pub options: Option<String>,
    pub directory_mode: u32,
    pub sloppy_options: bool,
    pub lazy_unmount: bool,
    pub force_unmount: bool,
    pub read_write_only: bool,
    pub timeout: Usec,
    pub exec: ExecContext,
    pub kill: KillContext,
    pub cgroup: CgroupContext,
}

impl Default for MountConfig {
    fn default() -> Self {
        Self {
            what: None,
            where_: None,
            fstype: None,
            options: None,
            directory_mode: 0o755,
            sloppy_options: false,
            lazy_unmount: false,
            force_unmount: false,
            read_write_only: false,
            timeout: 90 * SEC,
            exec: ExecContext::default(),
            kill: KillContext::default(),
            cgroup: CgroupContext::default(),
        }
    }
}

/// The `[Automount]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomountConfig {
    pub where_: Option<String>,
    pub extra_options: Option<String>,
    pub directory_mode: u32,
    pub timeout_idle: Usec,
}

impl Default for AutomountConfig {
    fn default() -> Self {
        Self { where_: None, extra_options: None, directory_mode: 0o755, timeout_idle: 0 }
    }
}

/// The `[Swap]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapConfig {
    pub what: Option<String>,
    pub options: Option<String>,
    pub priority: Option<i32>,
    pub timeout: Usec,
    pub exec: ExecContext,
    pub kill: KillContext,
    pub cgroup: CgroupContext,
}

impl Default for SwapConfig {
    fn default() -> Self {
        Self {
            what: None,
            options: None,
            priority: None,
            timeout: 90 * SEC,
            exec: ExecContext::default(),
            kill: KillContext::default(),
            cgroup: CgroupContext::default(),
        }
    }
}

/// The `[Slice]` or `[Scope]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceConfig {
    pub cgroup: CgroupContext,
    /// Scopes only.
    pub kill: KillContext,
    /// Scopes only.
    pub runtime_max: Usec,
    /// Scopes only.
    pub timeout_stop: Usec,
}

impl Default for SliceConfig {
    fn default() -> Self {
        Self {
            cgroup: CgroupContext::default(),
            kill: KillContext::default(),
            runtime_max: INFINITY,
            timeout_stop: 90 * SEC,
        }
    }
}
