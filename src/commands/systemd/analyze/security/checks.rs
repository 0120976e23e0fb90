//! The tables of what `systemd-analyze security` checks: name, weight and how: systemd-analyze(1), systemd.exec(5).

use super::custom;
use super::syscalls::filter;
use super::{Facts, Finding};

/// How a check is made.
pub enum Way {
    /// A setting is on; then what is said if it is, and if not.
    On(fn(&Facts<'_>) -> bool, &'static str, &'static str),
    /// None of these capabilities is left; then the same.
    Without(&'static [&'static str], &'static str, &'static str),
    /// A namespace cannot be made; then what kind it is in words.
    Namespace(&'static str, &'static str),
    /// A group of system calls is filtered.
    Filter(&'static str),
    /// Anything else.
    Custom(fn(&Facts<'_>) -> Finding),
}

/// A check.
pub struct Check {
    pub name: &'static str,
    pub weight: u64,
    /// The worst badness.
    pub range: u64,
    pub way: Way,
}

impl Check {
    /// Looks at a unit.
    pub fn find(&self, facts: &Facts<'_>) -> Finding {
        let flag = |good: bool, yes: &str, no: &str| Finding {
            badness: Some(u64::from(!good)),
            text: if good { yes.to_owned() } else { no.to_owned() },
        };
        match &self.way {
            Way::On(is_on, good, bad) => flag(is_on(facts), good, bad),
            Way::Without(names, good, bad) => {
                let left = &facts.service.exec.capability_bounding_set;
                let has = left.as_ref().is_none_or(|left| left.iter().any(|name| names.contains(&name.as_str())));
                flag(!has, good, bad)
            }
            Way::Namespace(kind, words) => {
                let blocked = custom::blocks_namespace(facts, kind);
                let verb = if blocked { "cannot" } else { "may" };
                Finding {
                    badness: Some(u64::from(!blocked)),
                    text: format!("Service {verb} create {words} namespaces"),
                }
            }
            Way::Filter(group) => filter(facts, group),
            Way::Custom(find) => find(facts),
        }
    }
}

pub const fn check(name: &'static str, weight: u64, range: u64, way: Way) -> Check {
    Check { name, weight, range, way }
}

const fn on(
    name: &'static str,
    weight: u64,
    is_on: fn(&Facts<'_>) -> bool,
    good: &'static str,
    bad: &'static str,
) -> Check {
    check(name, weight, 1, Way::On(is_on, good, bad))
}

use Way::{Custom, Filter, Namespace};

/// The checks of everything but capabilities.
pub const CHECKS: &[Check] = &[
    check("User=/DynamicUser=", 2000, 10, Custom(custom::user)),
    check("SupplementaryGroups=", 200, 1, Custom(custom::supplementary_groups)),
    on(
        "PrivateDevices=",
        1000,
        |f| f.service.exec.private_devices,
        "Service has no access to hardware devices",
        "Service potentially has access to hardware devices",
    ),
    on(
        "PrivateMounts=",
        1000,
        |f| f.kept_yes("PrivateMounts") || f.implies_mounts(),
        "Service cannot install system mounts",
        "Service may install system mounts",
    ),
    on(
        "PrivateNetwork=",
        2500,
        |f| f.service.exec.private_network,
        "Service has no access to the host's network",
        "Service has access to the host's network",
    ),
    on(
        "PrivateTmp=",
        1000,
        |f| f.service.exec.private_tmp,
        "Service has no access to other software's temporary files",
        "Service has access to other software's temporary files",
    ),
    on(
        "PrivateUsers=",
        1000,
        |f| f.service.exec.private_users,
        "Service does not have access to other users",
        "Service has access to other users",
    ),
    on(
        "ProtectControlGroups=",
        1000,
        |f| f.service.exec.protect_control_groups,
        "Service cannot modify the control group file system",
        "Service may modify the control group file system",
    ),
    on(
        "ProtectKernelModules=",
        1000,
        |f| f.service.exec.protect_kernel_modules,
        "Service cannot load or read kernel modules",
        "Service may load or read kernel modules",
    ),
    on(
        "ProtectKernelTunables=",
        1000,
        |f| f.service.exec.protect_kernel_tunables,
        "Service cannot alter kernel tunables (/proc/sys, …)",
        "Service may alter kernel tunables",
    ),
    on(
        "ProtectKernelLogs=",
        1000,
        |f| f.service.exec.protect_kernel_logs,
        "Service cannot read from or write to the kernel log ring buffer",
        "Service may read from or write to the kernel log ring buffer",
    ),
    on(
        "ProtectClock=",
        1000,
        |f| f.service.exec.protect_clock,
        "Service cannot write to the hardware clock or system clock",
        "Service may write to the hardware clock or system clock",
    ),
    check("ProtectHome=", 1000, 10, Custom(custom::protect_home)),
    on(
        "ProtectHostname=",
        50,
        |f| f.service.exec.protect_hostname,
        "Service cannot change system host/domainname",
        "Service may change system host/domainname",
    ),
    check("ProtectSystem=", 1000, 10, Custom(custom::protect_system)),
    on(
        "RootDirectory=/RootImage=",
        200,
        |f| f.service.exec.root_directory.is_some() || f.settings.kept("RootImage").is_some(),
        "Service has its own root directory/image",
        "Service runs within the host's root directory",
    ),
    on(
        "LockPersonality=",
        100,
        |f| f.service.exec.lock_personality,
        "Service cannot change ABI personality",
        "Service may change ABI personality",
    ),
    on(
        "MemoryDenyWriteExecute=",
        100,
        |f| f.service.exec.memory_deny_write_execute,
        "Service cannot create writable executable memory mappings",
        "Service may create writable executable memory mappings",
    ),
    on(
        "NoNewPrivileges=",
        1000,
        |f| f.service.exec.no_new_privileges,
        "Service processes cannot acquire new privileges",
        "Service processes may acquire new privileges",
    ),
    check("UMask=", 100, 10, Custom(custom::umask)),
    check("KeyringMode=", 1000, 1, Custom(custom::keyring_mode)),
    check("ProtectProc=", 1000, 3, Custom(custom::protect_proc)),
    on(
        "ProcSubset=",
        10,
        |f| f.settings.kept("ProcSubset") == Some("pid"),
        "Service has no access to non-process /proc files (/proc subset=)",
        "Service has full access to non-process /proc files (/proc subset=)",
    ),
    check("NotifyAccess=", 1000, 1, Custom(custom::notify_access)),
    check("RemoveIPC=", 100, 1, Custom(custom::remove_ipc)),
    on(
        "Delegate=",
        100,
        |f| !f.service.cgroup.delegate,
        "Service does not maintain its own delegated control group subtree",
        "Service maintains its own delegated control group subtree",
    ),
    on(
        "RestrictRealtime=",
        500,
        |f| f.service.exec.restrict_realtime,
        "Service realtime scheduling access is restricted",
        "Service may acquire realtime scheduling",
    ),
    on(
        "RestrictSUIDSGID=",
        1000,
        |f| f.service.exec.restrict_suid_sgid,
        "SUID/SGID file creation by service is restricted",
        "Service may create SUID/SGID files",
    ),
    check("RestrictNamespaces=~user", 1500, 1, Namespace("user", "user")),
    check("RestrictNamespaces=~mnt", 500, 1, Namespace("mnt", "file system")),
    check("RestrictNamespaces=~ipc", 500, 1, Namespace("ipc", "IPC")),
    check("RestrictNamespaces=~pid", 500, 1, Namespace("pid", "process")),
    check("RestrictNamespaces=~cgroup", 500, 1, Namespace("cgroup", "cgroup")),
    check("RestrictNamespaces=~net", 500, 1, Namespace("net", "network")),
    check("RestrictNamespaces=~uts", 100, 1, Namespace("uts", "hostname")),
    on(
        "RestrictAddressFamilies=~AF_(INET|INET6)",
        1500,
        |f| custom::blocks_families(f, &["AF_INET", "AF_INET6"]),
        "Service cannot allocate Internet sockets",
        "Service may allocate Internet sockets",
    ),
    on(
        "RestrictAddressFamilies=~AF_UNIX",
        25,
        |f| custom::blocks_families(f, &["AF_UNIX"]),
        "Service cannot allocate local sockets",
        "Service may allocate local sockets",
    ),
    on(
        "RestrictAddressFamilies=~AF_NETLINK",
        200,
        |f| custom::blocks_families(f, &["AF_NETLINK"]),
        "Service cannot allocate netlink sockets",
        "Service may allocate netlink sockets",
    ),
    on(
        "RestrictAddressFamilies=~AF_PACKET",
        1000,
        |f| custom::blocks_families(f, &["AF_PACKET"]),
        "Service cannot allocate packet sockets",
        "Service may allocate packet sockets",
    ),
    on(
        "RestrictAddressFamilies=~…",
        1250,
        custom::blocks_other_families,
        "Service cannot allocate exotic sockets",
        "Service may allocate exotic sockets",
    ),
    check("SystemCallArchitectures=", 1000, 10, Custom(custom::architectures)),
    check("SystemCallFilter=~@swap", 1000, 10, Filter("@swap")),
    check("SystemCallFilter=~@obsolete", 250, 10, Filter("@obsolete")),
    check("SystemCallFilter=~@clock", 1000, 10, Filter("@clock")),
    check("SystemCallFilter=~@cpu-emulation", 250, 10, Filter("@cpu-emulation")),
    check("SystemCallFilter=~@debug", 1000, 10, Filter("@debug")),
    check("SystemCallFilter=~@mount", 1000, 10, Filter("@mount")),
    check("SystemCallFilter=~@module", 1000, 10, Filter("@module")),
    check("SystemCallFilter=~@raw-io", 1000, 10, Filter("@raw-io")),
    check("SystemCallFilter=~@reboot", 1000, 10, Filter("@reboot")),
    check("SystemCallFilter=~@privileged", 700, 10, Filter("@privileged")),
    check("SystemCallFilter=~@resources", 700, 10, Filter("@resources")),
    check("IPAddressDeny=", 1000, 10, Custom(custom::ip_address_deny)),
    check("DeviceAllow=", 1000, 10, Custom(custom::device_allow)),
    on(
        "AmbientCapabilities=",
        500,
        |f| f.service.exec.ambient_capabilities.is_empty(),
        "Service process does not receive ambient capabilities",
        "Service process receives ambient capabilities",
    ),
];
