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

impl super::Process {
    /// What the process can do: root all that its bounding set leaves, others what is ambient.
    pub fn effective_capabilities(&self) -> CapabilitySet {
        let own = if self.cred.is_root() { CapabilitySet::ALL } else { self.capabilities.ambient };
        CapabilitySet(own.0 & self.capabilities.bounding.0)
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
    }
}
