//! The states a unit and its file can be in: systemctl(1), systemd.unit(5).

use super::named::named_enum;

named_enum! {
    /// Whether the unit's definition was read (`LoadState=`).
    pub enum LoadState {
        Stub = "stub",
        Loaded = "loaded",
        NotFound = "not-found",
        BadSetting = "bad-setting",
        Error = "error",
        Merged = "merged",
        Masked = "masked",
    }
}

named_enum! {
    /// The high-level activation state (`ActiveState=`), the same words for every unit type.
    pub enum ActiveState {
        Active = "active",
        Reloading = "reloading",
        Inactive = "inactive",
        Failed = "failed",
        Activating = "activating",
        Deactivating = "deactivating",
        Maintenance = "maintenance",
    }
}

named_enum! {
    /// The low-level state of a service (`SubState=`).
    pub enum ServiceState {
        Dead = "dead",
        Condition = "condition",
        StartPre = "start-pre",
        Start = "start",
        StartPost = "start-post",
        Running = "running",
        Exited = "exited",
        Reload = "reload",
        Stop = "stop",
        StopWatchdog = "stop-watchdog",
        StopSigterm = "stop-sigterm",
        StopSigkill = "stop-sigkill",
        StopPost = "stop-post",
        FinalWatchdog = "final-watchdog",
        FinalSigterm = "final-sigterm",
        FinalSigkill = "final-sigkill",
        Failed = "failed",
        AutoRestart = "auto-restart",
        Cleaning = "cleaning",
    }
}

named_enum! {
    /// How the last run of a service ended (`Result=`).
    pub enum ServiceResult {
        Success = "success",
        Resources = "resources",
        Protocol = "protocol",
        Timeout = "timeout",
        ExitCode = "exit-code",
        Signal = "signal",
        CoreDump = "core-dump",
        Watchdog = "watchdog",
        StartLimitHit = "start-limit-hit",
        OomKill = "oom-kill",
        ExecCondition = "exec-condition",
    }
}

named_enum! {
    /// What the links on disk say about a unit file (`UnitFileState=`, `systemctl is-enabled`).
    pub enum UnitFileState {
        Enabled = "enabled",
        EnabledRuntime = "enabled-runtime",
        Linked = "linked",
        LinkedRuntime = "linked-runtime",
        Alias = "alias",
        Masked = "masked",
        MaskedRuntime = "masked-runtime",
        Static = "static",
        Disabled = "disabled",
        Indirect = "indirect",
        Generated = "generated",
        Transient = "transient",
        Bad = "bad",
    }
}

impl UnitFileState {
    /// Whether `systemctl is-enabled` exits 0 for it.
    pub fn is_enabled(self) -> bool {
        use UnitFileState::*;
        matches!(self, Enabled | EnabledRuntime | Static | Alias | Indirect | Generated)
    }
}
