//! How the processes of a unit are killed: systemd.kill(5).

use crate::systemd::named::named_enum;

named_enum! {
    /// `KillMode=`: who receives the signals.
    pub enum KillMode {
        ControlGroup = "control-group",
        Process = "process",
        Mixed = "mixed",
        None = "none",
    }
}

/// The kill settings; signals are numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KillContext {
    pub kill_mode: KillMode,
    pub kill_signal: i32,
    /// `None`: `kill_signal` is used for a restart too.
    pub restart_kill_signal: Option<i32>,
    pub final_kill_signal: i32,
    pub watchdog_signal: i32,
    pub send_sigkill: bool,
    pub send_sighup: bool,
}

impl Default for KillContext {
    fn default() -> Self {
        Self {
            kill_mode: KillMode::ControlGroup,
            kill_signal: 15,
            restart_kill_signal: None,
            final_kill_signal: 9,
            watchdog_signal: 6,
            send_sigkill: true,
            send_sighup: false,
        }
    }
}
