//! The execution environment: org.freedesktop.systemd1(5), systemd.exec(5).

use super::value::{Value, list, octal, span, text, word, yes_no};
use super::{Look, Property};
use crate::systemd::config::{ExecContext, ExecDirectoryType, ExecOutput, Rlimit, RlimitValue};
use crate::systemd::unit_name::UnitType;
use crate::systemd::value::parse_boolean;
use crate::world::CAPABILITIES;

fn exec(look: &Look<'_>, get: impl FnOnce(&ExecContext) -> Value) -> Value {
    look.settings.exec().map_or(Value::Absent, get)
}

/// A limit of the baseline's manager when the unit sets none; `u64::MAX` is no limit.
pub fn default_limit(which: Rlimit) -> RlimitValue {
    let (soft, hard) = match which {
        Rlimit::Stack => (8 << 20, u64::MAX),
        Rlimit::Core => (0, u64::MAX),
        Rlimit::Nofile => (1024, 524_288),
        Rlimit::Nproc | Rlimit::Sigpending => (3804, 3804),
        Rlimit::Memlock => (8 << 20, 8 << 20),
        Rlimit::Msgqueue => (819_200, 819_200),
        Rlimit::Nice | Rlimit::Rtprio => (0, 0),
        _ => (u64::MAX, u64::MAX),
    };
    RlimitValue { soft, hard }
}

fn rlimit(look: &Look<'_>, which: Rlimit, soft: bool) -> Value {
    exec(look, |e| {
        let value = e.rlimits.get(&which).copied().unwrap_or_else(|| default_limit(which));
        match if soft { value.soft } else { value.hard } {
            u64::MAX => word("infinity"),
            number => word(number),
        }
    })
}

fn output(output: ExecOutput, target: &Option<String>) -> Value {
    match (output, target) {
        (ExecOutput::File | ExecOutput::FileAppend | ExecOutput::FileTruncate, Some(path)) => {
            word(format!("{output}:{path}"))
        }
        _ => word(output),
    }
}

fn directory(look: &Look<'_>, kind: ExecDirectoryType) -> Value {
    exec(look, |e| list(&e.directory(kind).paths))
}

fn directory_mode(look: &Look<'_>, kind: ExecDirectoryType) -> Value {
    exec(look, |e| octal(e.directory(kind).mode))
}

/// Surroundings, limits and standard streams.
pub const CONTEXT: &[Property] = &[
    ("Environment", |l| exec(l, |e| list(&e.environment))),
    ("EnvironmentFiles", |l| {
        exec(l, |e| {
            let line = |file: &crate::systemd::config::EnvironmentFile| {
                format!("{} (ignore_errors={})", file.path, if file.optional { "yes" } else { "no" })
            };
            Value::Lines(e.environment_files.iter().map(line).collect())
        })
    }),
    ("PassEnvironment", |l| exec(l, |e| list(&e.pass_environment))),
    ("UnsetEnvironment", |l| exec(l, |e| list(&e.unset_environment))),
    ("UMask", |l| exec(l, |e| octal(e.umask))),
    ("LimitCPU", |l| rlimit(l, Rlimit::Cpu, false)),
    ("LimitCPUSoft", |l| rlimit(l, Rlimit::Cpu, true)),
    ("LimitFSIZE", |l| rlimit(l, Rlimit::Fsize, false)),
    ("LimitFSIZESoft", |l| rlimit(l, Rlimit::Fsize, true)),
    ("LimitDATA", |l| rlimit(l, Rlimit::Data, false)),
    ("LimitDATASoft", |l| rlimit(l, Rlimit::Data, true)),
    ("LimitSTACK", |l| rlimit(l, Rlimit::Stack, false)),
    ("LimitSTACKSoft", |l| rlimit(l, Rlimit::Stack, true)),
    ("LimitCORE", |l| rlimit(l, Rlimit::Core, false)),
    ("LimitCORESoft", |l| rlimit(l, Rlimit::Core, true)),
    ("LimitRSS", |l| rlimit(l, Rlimit::Rss, false)),
    ("LimitRSSSoft", |l| rlimit(l, Rlimit::Rss, true)),
    ("LimitNOFILE", |l| rlimit(l, Rlimit::Nofile, false)),
    ("LimitNOFILESoft", |l| rlimit(l, Rlimit::Nofile, true)),
    ("LimitAS", |l| rlimit(l, Rlimit::As, false)),
    ("LimitASSoft", |l| rlimit(l, Rlimit::As, true)),
    ("LimitNPROC", |l| rlimit(l, Rlimit::Nproc, false)),
    ("LimitNPROCSoft", |l| rlimit(l, Rlimit::Nproc, true)),
    ("LimitMEMLOCK", |l| rlimit(l, Rlimit::Memlock, false)),
    ("LimitMEMLOCKSoft", |l| rlimit(l, Rlimit::Memlock, true)),
    ("LimitLOCKS", |l| rlimit(l, Rlimit::Locks, false)),
    ("LimitLOCKSSoft", |l| rlimit(l, Rlimit::Locks, true)),
    ("LimitSIGPENDING", |l| rlimit(l, Rlimit::Sigpending, false)),
    ("LimitSIGPENDINGSoft", |l| rlimit(l, Rlimit::Sigpending, true)),
    ("LimitMSGQUEUE", |l| rlimit(l, Rlimit::Msgqueue, false)),
    ("LimitMSGQUEUESoft", |l| rlimit(l, Rlimit::Msgqueue, true)),
    ("LimitNICE", |l| rlimit(l, Rlimit::Nice, false)),
    ("LimitNICESoft", |l| rlimit(l, Rlimit::Nice, true)),
    ("LimitRTPRIO", |l| rlimit(l, Rlimit::Rtprio, false)),
    ("LimitRTPRIOSoft", |l| rlimit(l, Rlimit::Rtprio, true)),
    ("LimitRTTIME", |l| rlimit(l, Rlimit::Rttime, false)),
    ("LimitRTTIMESoft", |l| rlimit(l, Rlimit::Rttime, true)),
    ("WorkingDirectory", |l| {
        exec(l, |e| match &e.working_directory {
            None => word(""),
            Some(folder) => {
                let path = folder.path.as_deref().unwrap_or("~");
                word(format!("{}{path}", if folder.missing_ok { "!" } else { "" }))
            }
        })
    }),
    ("RootDirectory", |l| exec(l, |e| text(&e.root_directory))),
    ("RootImage", |_| word("")),
    ("OOMScoreAdjust", |l| exec(l, |e| word(e.oom_score_adjust.unwrap_or(0)))),
    ("CoredumpFilter", |_| word("0x33")),
    ("Nice", |l| exec(l, |e| word(e.nice.unwrap_or(0)))),
    ("IOSchedulingClass", |_| word(2)),
    ("IOSchedulingPriority", |_| word(4)),
    ("CPUSchedulingPolicy", |_| word(0)),
    ("CPUSchedulingPriority", |_| word(0)),
    ("CPUAffinity", |_| word("")),
    ("CPUAffinityFromNUMA", |_| word("no")),
    ("NUMAPolicy", |_| word("n/a")),
    ("NUMAMask", |_| word("")),
    ("TimerSlackNSec", |_| word(50_000)),
    ("CPUSchedulingResetOnFork", |_| word("no")),
    ("NonBlocking", |_| word("no")),
    ("StandardInput", |l| exec(l, |e| word(e.std_input))),
    ("StandardInputData", |_| word("")),
    ("StandardOutput", |l| exec(l, |e| output(e.effective_std_output(), &e.std_output_target))),
    ("StandardError", |l| exec(l, |e| output(e.std_error.unwrap_or(ExecOutput::Inherit), &e.std_error_target))),
    ("TTYPath", |l| exec(l, |e| text(&e.tty_path))),
    ("TTYReset", |l| exec(l, |e| yes_no(e.tty_cleanup.reset))),
    ("TTYVHangup", |l| exec(l, |e| yes_no(e.tty_cleanup.vhangup))),
    ("TTYVTDisallocate", |l| exec(l, |e| yes_no(e.tty_cleanup.vt_disallocate))),
    ("SyslogPriority", |l| exec(l, |e| word(u32::from(e.syslog_facility) * 8 + u32::from(e.syslog_level)))),
    ("SyslogIdentifier", |l| exec(l, |e| text(&e.syslog_identifier))),
    ("SyslogLevelPrefix", |l| exec(l, |e| yes_no(e.syslog_level_prefix))),
    ("SyslogLevel", |l| exec(l, |e| word(e.syslog_level))),
    ("SyslogFacility", |l| exec(l, |e| word(e.syslog_facility))),
    ("LogLevelMax", |l| exec(l, |e| e.log_level_max.map_or_else(|| word(-1), word))),
    ("LogRateLimitIntervalUSec", |l| exec(l, |e| span(e.log_rate_limit_interval.unwrap_or(0)))),
    ("LogRateLimitBurst", |l| exec(l, |e| word(e.log_rate_limit_burst.unwrap_or(0)))),
    ("LogNamespace", |_| word("")),
];

/// A setting of one word that is only kept.
pub(super) fn kept(look: &Look<'_>, key: &str, default: &str) -> Value {
    exec(look, |_| match look.settings.kept(key) {
        Some(value) => parse_boolean(value).map_or_else(|| word(value), yes_no),
        None => word(default),
    })
}

/// A setting of several words that is only kept, sorted.
fn words(look: &Look<'_>, key: &str) -> Value {
    let values = look.settings.kept.get(key);
    let mut words: Vec<&str> = values.into_iter().flatten().flat_map(|value| value.split_whitespace()).collect();
    words.sort_unstable();
    words.dedup();
    exec(look, |_| list(words))
}

/// The address families that are allowed, or after `~` those that are not.
fn address_families(look: &Look<'_>) -> Value {
    let (allowed, families) = look.settings.address_families();
    exec(look, |_| match (allowed, families.is_empty()) {
        (false, true) => Value::Unset("~".to_owned()),
        (allowed, _) => word(format!("{}{}", if allowed { "" } else { "~" }, families.join(" "))),
    })
}

/// Rights, namespaces and folders.
pub const RIGHTS: &[Property] = &[
    ("SecureBits", |_| word(0)),
    ("CapabilityBoundingSet", |l| {
        exec(l, |e| e.capability_bounding_set.as_ref().map_or_else(|| word(CAPABILITIES.join(" ")), list))
    }),
    ("AmbientCapabilities", |l| exec(l, |e| list(&e.ambient_capabilities))),
    ("User", |l| exec(l, |e| text(&e.user))),
    ("Group", |l| exec(l, |e| text(&e.group))),
    ("DynamicUser", |l| exec(l, |e| yes_no(e.dynamic_user))),
    ("RemoveIPC", |l| exec(l, |e| yes_no(e.remove_ipc))),
    ("SupplementaryGroups", |l| exec(l, |e| list(&e.supplementary_groups))),
    ("PAMName", |l| exec(l, |e| text(&e.pam_name))),
    ("ReadWritePaths", |l| exec(l, |e| list(&e.read_write_paths))),
    ("ReadOnlyPaths", |l| exec(l, |e| list(&e.read_only_paths))),
    ("InaccessiblePaths", |l| exec(l, |e| list(&e.inaccessible_paths))),
    ("ExecPaths", |_| word("")),
    ("NoExecPaths", |_| word("")),
    ("ExecSearchPath", |l| exec(l, |e| list(&e.exec_search_path))),
    ("MountFlags", |_| word("")),
    ("PrivateTmp", |l| exec(l, |e| yes_no(e.private_tmp))),
    ("PrivateDevices", |l| exec(l, |e| yes_no(e.private_devices))),
    ("ProtectClock", |l| exec(l, |e| yes_no(e.protect_clock))),
    ("ProtectKernelTunables", |l| exec(l, |e| yes_no(e.protect_kernel_tunables))),
    ("ProtectKernelModules", |l| exec(l, |e| yes_no(e.protect_kernel_modules))),
    ("ProtectKernelLogs", |l| exec(l, |e| yes_no(e.protect_kernel_logs))),
    ("ProtectControlGroups", |l| exec(l, |e| yes_no(e.protect_control_groups))),
    ("PrivateNetwork", |l| exec(l, |e| yes_no(e.private_network))),
    ("PrivateUsers", |l| exec(l, |e| yes_no(e.private_users))),
    ("PrivateMounts", |l| kept(l, "PrivateMounts", "no")),
    ("PrivateIPC", |l| kept(l, "PrivateIPC", "no")),
    ("ProtectHome", |l| exec(l, |e| word(e.protect_home))),
    ("ProtectSystem", |l| exec(l, |e| word(e.protect_system))),
    ("SameProcessGroup", |_| word("no")),
    ("UtmpIdentifier", |l| exec(l, |e| text(&e.utmp_identifier))),
    ("UtmpMode", |l| exec(l, |e| word(e.utmp_mode))),
    ("SELinuxContext", |_| word("")),
    ("AppArmorProfile", |_| word("")),
    ("SmackProcessLabel", |_| word("")),
    ("IgnoreSIGPIPE", |l| exec(l, |e| yes_no(e.ignore_sigpipe))),
    ("NoNewPrivileges", |l| exec(l, |e| yes_no(e.no_new_privileges))),
    ("SystemCallFilter", |_| word("")),
    ("SystemCallArchitectures", |l| words(l, "SystemCallArchitectures")),
    ("SystemCallErrorNumber", |_| word(2_147_483_646)),
    ("SystemCallLog", |l| exec(l, |_| Value::Unset("~".to_owned()))),
    ("Personality", |_| word("")),
    ("LockPersonality", |l| exec(l, |e| yes_no(e.lock_personality))),
    ("RestrictAddressFamilies", |l| address_families(l)),
    ("RuntimeDirectoryPreserve", |l| exec(l, |e| word(e.runtime_directory_preserve))),
    ("RuntimeDirectoryMode", |l| directory_mode(l, ExecDirectoryType::Runtime)),
    ("RuntimeDirectory", |l| directory(l, ExecDirectoryType::Runtime)),
    ("StateDirectoryMode", |l| directory_mode(l, ExecDirectoryType::State)),
    ("StateDirectory", |l| directory(l, ExecDirectoryType::State)),
    ("CacheDirectoryMode", |l| directory_mode(l, ExecDirectoryType::Cache)),
    ("CacheDirectory", |l| directory(l, ExecDirectoryType::Cache)),
    ("LogsDirectoryMode", |l| directory_mode(l, ExecDirectoryType::Logs)),
    ("LogsDirectory", |l| directory(l, ExecDirectoryType::Logs)),
    ("ConfigurationDirectoryMode", |l| directory_mode(l, ExecDirectoryType::Configuration)),
    ("ConfigurationDirectory", |l| directory(l, ExecDirectoryType::Configuration)),
    ("TimeoutCleanUSec", |l| exec(l, |e| span(e.timeout_clean))),
    ("MemoryDenyWriteExecute", |l| exec(l, |e| yes_no(e.memory_deny_write_execute))),
    ("RestrictRealtime", |l| exec(l, |e| yes_no(e.restrict_realtime))),
    ("RestrictSUIDSGID", |l| exec(l, |e| yes_no(e.restrict_suid_sgid))),
    ("RestrictNamespaces", |_| word("no")),
    ("BindPaths", |l| exec(l, |e| list(&e.bind_paths))),
    ("BindReadOnlyPaths", |l| exec(l, |e| list(&e.bind_read_only_paths))),
    ("TemporaryFileSystem", |l| exec(l, |e| list(&e.temporary_file_systems))),
    ("MountAPIVFS", |_| word("no")),
    ("KeyringMode", |l| {
        let service = l.unit.name.unit_type() == UnitType::Service;
        kept(l, "KeyringMode", if service { "private" } else { "shared" })
    }),
    ("ProtectProc", |l| kept(l, "ProtectProc", "default")),
    ("ProcSubset", |l| kept(l, "ProcSubset", "all")),
    ("ProtectHostname", |l| exec(l, |e| yes_no(e.protect_hostname))),
    ("NetworkNamespacePath", |_| word("")),
    ("IPCNamespacePath", |_| word("")),
];
