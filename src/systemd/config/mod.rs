//! What a unit's files say, typed, with systemd's defaults: systemd.unit(5) and one file per type's manual page.

mod cgroup;
mod exec;
mod install;
mod kill;
mod service;
mod triggers;
mod unit;

pub use cgroup::{CgroupContext, DEFAULT_TASKS_MAX, ManagedOomMode, MemoryLimit};
pub use exec::{
    EnvironmentFile, ExecCommand, ExecContext, ExecDirectory, ExecDirectoryType, ExecInput, ExecOutput, ExecUtmpMode,
    PreserveMode, ProtectHome, ProtectSystem, Rlimit, RlimitValue, WorkingDirectory,
};
pub use install::InstallConfig;
pub use kill::{KillContext, KillMode};
pub use service::{
    ExitStatusSet, ExitType, NotifyAccess, OomPolicy, RestartPolicy, ServiceConfig, ServiceExecCommand, ServiceType,
    TimeoutFailureMode,
};
pub use triggers::{
    AutomountConfig, ListenKind, MountConfig, PathConfig, PathSpec, PathType, SliceConfig, SocketConfig, SocketExec,
    SocketListen, SwapConfig, TimerBase, TimerConfig, TimerSpec,
};
pub use unit::{CollectMode, EmergencyAction, JobMode, TypeConfig, UnitConfig, UnitSettings};
