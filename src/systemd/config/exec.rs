//! The execution environment of a unit's processes: systemd.exec(5).

use crate::systemd::named::named_enum;
use crate::world::Pid;
use std::collections::BTreeMap;

/// One command line as parsed: prefixes taken off, specifiers resolved, `$VAR` still to be expanded when it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecCommand {
    /// An absolute path, or a bare name that is looked up when the command runs.
    pub path: String,
    /// `argv[0]` first (the path itself, unless the line began with `@`).
    pub argv: Vec<String>,
    /// `-`: a failure is recorded but does not count.
    pub ignore_failure: bool,
    /// `+`: with full privileges, whatever `User=` and the sandbox say.
    pub fully_privileged: bool,
    /// `!`: as root, but with the sandbox.
    pub no_setuid: bool,
    /// `!!`: like `!`, where ambient capabilities are missing.
    pub ambient_magic: bool,
    /// `:`: no variable is expanded.
    pub no_env_expand: bool,
}

named_enum! {
    /// `StandardInput=`.
    pub enum ExecInput {
        Null = "null",
        Tty = "tty",
        TtyForce = "tty-force",
        TtyFail = "tty-fail",
        Socket = "socket",
        NamedFd = "fd",
        Data = "data",
        File = "file",
    }
}

named_enum! {
    /// `StandardOutput=`, `StandardError=`.
    pub enum ExecOutput {
        Inherit = "inherit",
        Null = "null",
        Tty = "tty",
        Kmsg = "kmsg",
        KmsgAndConsole = "kmsg+console",
        Journal = "journal",
        JournalAndConsole = "journal+console",
        Socket = "socket",
        NamedFd = "fd",
        File = "file",
        FileAppend = "append",
        FileTruncate = "truncate",
    }
}

named_enum! {
    /// `UtmpMode=`.
    pub enum ExecUtmpMode {
        Init = "init",
        Login = "login",
        User = "user",
    }
}

named_enum! {
    /// `ProtectSystem=`.
    pub enum ProtectSystem {
        No = "no",
        Yes = "yes",
        Full = "full",
        Strict = "strict",
    }
}

named_enum! {
    /// `ProtectHome=`.
    pub enum ProtectHome {
        No = "no",
        Yes = "yes",
        ReadOnly = "read-only",
        Tmpfs = "tmpfs",
    }
}

named_enum! {
    /// `RuntimeDirectoryPreserve=`.
    pub enum PreserveMode {
        No = "no",
        Yes = "yes",
        Restart = "restart",
    }
}

named_enum! {
    /// The folders that systemd makes for a service.
    pub enum ExecDirectoryType {
        Runtime = "RuntimeDirectory",
        State = "StateDirectory",
        Cache = "CacheDirectory",
        Logs = "LogsDirectory",
        Configuration = "ConfigurationDirectory",
    }
}

impl ExecDirectoryType {
    /// The folder of the system instance in which they are made.
    pub fn root(self) -> &'static str {
        match self {
            Self::Runtime => "/run",
            Self::State => "/var/lib",
            Self::Cache => "/var/cache",
            Self::Logs => "/var/log",
            Self::Configuration => "/etc",
        }
    }

    /// The variable through which the service learns the paths.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Runtime => "RUNTIME_DIRECTORY",
            Self::State => "STATE_DIRECTORY",
            Self::Cache => "CACHE_DIRECTORY",
            Self::Logs => "LOGS_DIRECTORY",
            Self::Configuration => "CONFIGURATION_DIRECTORY",
        }
    }
}

/// One kind of folders for a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecDirectory {
    /// Relative paths.
    pub paths: Vec<String>,
    pub mode: u32,
}

impl Default for ExecDirectory {
    fn default() -> Self {
        Self { paths: Vec::new(), mode: 0o755 }
    }
}

named_enum! {
    /// The resource limits, by their setting.
    pub enum Rlimit {
        Cpu = "LimitCPU",
        Fsize = "LimitFSIZE",
        Data = "LimitDATA",
        Stack = "LimitSTACK",
        Core = "LimitCORE",
        Rss = "LimitRSS",
        Nofile = "LimitNOFILE",
        As = "LimitAS",
        Nproc = "LimitNPROC",
        Memlock = "LimitMEMLOCK",
        Locks = "LimitLOCKS",
        Sigpending = "LimitSIGPENDING",
        Msgqueue = "LimitMSGQUEUE",
        Nice = "LimitNICE",
        Rtprio = "LimitRTPRIO",
        Rttime = "LimitRTTIME",
    }
}

/// A soft and a hard limit; `u64::MAX` is `infinity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RlimitValue {
    pub soft: u64,
    pub hard: u64,
}

/// `EnvironmentFile=`: a path (or glob) and whether it may be missing (`-`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentFile {
    pub path: String,
    pub optional: bool,
}

/// `WorkingDirectory=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingDirectory {
    /// `None`: `~`, the user's home.
    pub path: Option<String>,
    /// Written with `-`: a missing folder is not fatal.
    pub missing_ok: bool,
}

/// All that decides how a process is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecContext {
    /// `NAME=value`, in order, each name once.
    pub environment: Vec<String>,
    pub environment_files: Vec<EnvironmentFile>,
    pub pass_environment: Vec<String>,
    /// Names, or `NAME=value` pairs.
    pub unset_environment: Vec<String>,
    pub working_directory: Option<WorkingDirectory>,
    pub root_directory: Option<String>,
    pub exec_search_path: Vec<String>,
    pub user: Option<String>,
    pub group: Option<String>,
    pub supplementary_groups: Vec<String>,
    pub dynamic_user: bool,
    pub pam_name: Option<String>,
    pub umask: u32,
    pub nice: Option<i32>,
    pub oom_score_adjust: Option<i32>,
    pub rlimits: BTreeMap<Rlimit, RlimitValue>,
    pub std_input: ExecInput,
    /// Whether `StandardInput=` was set, and to what fd name or file.
    pub std_input_target: Option<String>,
    /// `None`: not set, the manager's default (journal) or what stdin implies.
    pub std_output: Option<ExecOutput>,
    /// The file or fd name of `std_output`.
    pub std_output_target: Option<String>,
    /// `None`: not set, `inherit`.
    pub std_error: Option<ExecOutput>,
    pub std_error_target: Option<String>,
    /// `StandardInputText=` and `StandardInputData=`.
    pub std_input_data: Vec<u8>,
    pub tty_path: Option<String>,
    /// The process whose standard streams it gets: systemd-run(1), `--pipe`.
    pub streams_of: Option<Pid>,
    pub tty_cleanup: TtyCleanup,
    pub syslog_identifier: Option<String>,
    /// Facility number, 3 is daemon.
    pub syslog_facility: u8,
    /// 0 (emerg) … 7 (debug).
    pub syslog_level: u8,
    pub syslog_level_prefix: bool,
    pub log_level_max: Option<u8>,
    pub log_rate_limit_interval: Option<u64>,
    pub log_rate_limit_burst: Option<u32>,
    pub utmp_identifier: Option<String>,
    pub utmp_mode: ExecUtmpMode,
    pub ignore_sigpipe: bool,
    pub no_new_privileges: bool,
    pub private_tmp: bool,
    pub private_devices: bool,
    pub private_network: bool,
    pub private_users: bool,
    pub protect_system: ProtectSystem,
    pub protect_home: ProtectHome,
    pub protect_kernel_tunables: bool,
    pub protect_kernel_modules: bool,
    pub protect_kernel_logs: bool,
    pub protect_control_groups: bool,
    pub protect_clock: bool,
    pub protect_hostname: bool,
    pub restrict_realtime: bool,
    pub restrict_suid_sgid: bool,
    pub lock_personality: bool,
    pub memory_deny_write_execute: bool,
    pub remove_ipc: bool,
    pub read_write_paths: Vec<String>,
    pub read_only_paths: Vec<String>,
    pub inaccessible_paths: Vec<String>,
    pub bind_paths: Vec<String>,
    pub bind_read_only_paths: Vec<String>,
    pub temporary_file_systems: Vec<String>,
    /// `None`: everything; else capability names in lower case (`cap_net_bind_service`).
    pub capability_bounding_set: Option<Vec<String>>,
    pub ambient_capabilities: Vec<String>,
    /// By [`ExecDirectoryType`] in its order.
    pub directories: [ExecDirectory; 5],
    pub runtime_directory_preserve: PreserveMode,
    /// Microseconds.
    pub timeout_clean: u64,
}

/// What is done to a unit's terminal before and after its processes run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TtyCleanup {
    pub reset: bool,
    pub vhangup: bool,
    pub vt_disallocate: bool,
}

impl Default for ExecContext {
    fn default() -> Self {
        Self {
            environment: Vec::new(),
            environment_files: Vec::new(),
            pass_environment: Vec::new(),
            unset_environment: Vec::new(),
            working_directory: None,
            root_directory: None,
            exec_search_path: Vec::new(),
            user: None,
            group: None,
            supplementary_groups: Vec::new(),
            dynamic_user: false,
            pam_name: None,
            umask: 0o022,
            nice: None,
            oom_score_adjust: None,
            rlimits: BTreeMap::new(),
            std_input: ExecInput::Null,
            std_input_target: None,
            std_output: None,
            std_output_target: None,
            std_error: None,
            std_error_target: None,
            std_input_data: Vec::new(),
            tty_path: None,
            streams_of: None,
            tty_cleanup: TtyCleanup::default(),
            syslog_identifier: None,
            syslog_facility: 3,
            syslog_level: 6,
            syslog_level_prefix: true,
            log_level_max: None,
            log_rate_limit_interval: None,
            log_rate_limit_burst: None,
            utmp_identifier: None,
            utmp_mode: ExecUtmpMode::Init,
            ignore_sigpipe: true,
            no_new_privileges: false,
            private_tmp: false,
            private_devices: false,
            private_network: false,
            private_users: false,
            protect_system: ProtectSystem::No,
            protect_home: ProtectHome::No,
            protect_kernel_tunables: false,
            protect_kernel_modules: false,
            protect_kernel_logs: false,
            protect_control_groups: false,
            protect_clock: false,
            protect_hostname: false,
            restrict_realtime: false,
            restrict_suid_sgid: false,
            lock_personality: false,
            memory_deny_write_execute: false,
            remove_ipc: false,
            read_write_paths: Vec::new(),
            read_only_paths: Vec::new(),
            inaccessible_paths: Vec::new(),
            bind_paths: Vec::new(),
            bind_read_only_paths: Vec::new(),
            temporary_file_systems: Vec::new(),
            capability_bounding_set: None,
            ambient_capabilities: Vec::new(),
            directories: Default::default(),
            runtime_directory_preserve: PreserveMode::No,
            timeout_clean: crate::systemd::span::INFINITY,
        }
    }
}

impl ExecContext {
    /// The folders of one kind.
    pub fn directory(&self, kind: ExecDirectoryType) -> &ExecDirectory {
        &self.directories[kind as usize]
    }

    /// `StandardOutput=` in force: as set; else what a terminal or socket stdin implies; else the journal.
    pub fn effective_std_output(&self) -> ExecOutput {
        match self.std_output {
            Some(output) => output,
            None => match self.std_input {
                ExecInput::Tty | ExecInput::TtyForce | ExecInput::TtyFail | ExecInput::Socket | ExecInput::NamedFd => {
                    ExecOutput::Inherit
                }
                _ => ExecOutput::Journal,
            },
        }
    }
}
