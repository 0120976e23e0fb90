//! Capabilities: the parts of root's power that can be given and taken one by one: capabilities(7).

/// Names in the order of their numbers, in lower case as systemd prints them.
pub const CAPABILITIES: [&str; 41] = [
    "cap_chown",
    "cap_dac_override",
    "cap_dac_read_search",
    "cap_fowner",
    "cap_fsetid",
    "cap_kill",
    "cap_setgid",
    "cap_setuid",
    "cap_setpcap",
    "cap_linux_immutable",
    "cap_net_bind_service",
    "cap_net_broadcast",
    "cap_net_admin",
    "cap_net_raw",
    "cap_ipc_lock",
    "cap_ipc_owner",
    "cap_sys_module",
    "cap_sys_rawio",
    "cap_sys_chroot",
    "cap_sys_ptrace",
    "cap_sys_pacct",
    "cap_sys_admin",
    "cap_sys_boot",
    "cap_sys_nice",
    "cap_sys_resource",
    "cap_sys_time",
    "cap_sys_tty_config",
    "cap_mknod",
    "cap_lease",
    "cap_audit_write",
    "cap_audit_control",
    "cap_setfcap",
    "cap_mac_override",
    "cap_mac_admin",
    "cap_syslog",
    "cap_wake_alarm",
    "cap_block_suspend",
    "cap_audit_read",
    "cap_perfmon",
    "cap_bpf",
    "cap_checkpoint_restore",
];

/// A set of capabilities, printed by `/proc/PID/status` as a bit mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CapabilitySet(pub u64);

impl CapabilitySet {
    /// Every capability.
    pub const ALL: CapabilitySet = CapabilitySet((1 << CAPABILITIES.len()) - 1);

    /// The set with these names; unknown ones are left out.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let number = |name: &str| CAPABILITIES.iter().position(|known| *known == name);
        CapabilitySet(names.into_iter().filter_map(number).fold(0, |set, n| set | (1 << n)))
    }

    /// Change the owner of any file.
    pub const CHOWN: CapabilitySet = CapabilitySet(1);
    /// Read, write and search whatever the mode says.
    pub const DAC_OVERRIDE: CapabilitySet = CapabilitySet(1 << 1);
    /// Read and search whatever the mode says.
    pub const DAC_READ_SEARCH: CapabilitySet = CapabilitySet(1 << 2);
    /// Do what only the owner of a file may.
    pub const FOWNER: CapabilitySet = CapabilitySet(1 << 3);
    /// Signal any process.
    pub const KILL: CapabilitySet = CapabilitySet(1 << 5);
    /// Take on any group.
    pub const SETGID: CapabilitySet = CapabilitySet(1 << 6);
    /// Take on any user.
    pub const SETUID: CapabilitySet = CapabilitySet(1 << 7);
    /// Listen on a port under 1024.
    pub const NET_BIND_SERVICE: CapabilitySet = CapabilitySet(1 << 10);
    /// Use raw sockets.
    pub const NET_RAW: CapabilitySet = CapabilitySet(1 << 13);
    /// Many things, mounting and naming the host among them.
    pub const SYS_ADMIN: CapabilitySet = CapabilitySet(1 << 21);
    /// Raise a priority.
    pub const SYS_NICE: CapabilitySet = CapabilitySet(1 << 23);
    /// Exceed limits.
    pub const SYS_RESOURCE: CapabilitySet = CapabilitySet(1 << 24);
    /// Set the clock.
    pub const SYS_TIME: CapabilitySet = CapabilitySet(1 << 25);
    /// Read the kernel's log.
    pub const SYSLOG: CapabilitySet = CapabilitySet(1 << 34);

    /// Whether the capability with this name is in the set.
    pub fn has(self, name: &str) -> bool {
        self.0 & CapabilitySet::of([name]).0 != 0
    }
}

/// What a process may keep and gain. What it can do follows from these and its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Kept by an ordinary user over the execution of a program.
    pub ambient: CapabilitySet,
    /// The most that anybody, root too, can have.
    pub bounding: CapabilitySet,
}

impl Default for Capabilities {
    fn default() -> Self {
        Capabilities { ambient: CapabilitySet::default(), bounding: CapabilitySet::ALL }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_those_of_the_kernel() {
        assert_eq!(CapabilitySet::ALL.0, 0x1ff_ffff_ffff);
        assert_eq!(CapabilitySet::of(["cap_net_bind_service"]).0, 0x400);
        assert!(CapabilitySet::of(["cap_chown", "cap_kill"]).has("cap_kill"));
        for (name, set) in [
            ("cap_chown", CapabilitySet::CHOWN),
            ("cap_fowner", CapabilitySet::FOWNER),
            ("cap_kill", CapabilitySet::KILL),
            ("cap_setuid", CapabilitySet::SETUID),
            ("cap_net_bind_service", CapabilitySet::NET_BIND_SERVICE),
            ("cap_net_raw", CapabilitySet::NET_RAW),
            ("cap_sys_admin", CapabilitySet::SYS_ADMIN),
            ("cap_sys_nice", CapabilitySet::SYS_NICE),
            ("cap_sys_resource", CapabilitySet::SYS_RESOURCE),
            ("cap_sys_time", CapabilitySet::SYS_TIME),
            ("cap_syslog", CapabilitySet::SYSLOG),
        ] {
            assert_eq!(CapabilitySet::of([name]), set, "{name}");
        }
    }
}
