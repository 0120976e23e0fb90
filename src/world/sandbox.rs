//! What a sandbox takes from a process beside its mounts and capabilities: seccomp(2), network_namespaces(7).

/// Families of sockets: socket(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Sockets of this machine.
    Unix,
    /// IPv4.
    Inet,
    /// IPv6.
    Inet6,
    /// The kernel's own, with which `ss` and `ip` ask.
    Netlink,
}

impl Family {
    /// The name of the constant.
    pub fn name(self) -> &'static str {
        match self {
            Family::Unix => "AF_UNIX",
            Family::Inet => "AF_INET",
            Family::Inet6 => "AF_INET6",
            Family::Netlink => "AF_NETLINK",
        }
    }

    /// The family of an address of the internet.
    pub fn of_host(host: &str) -> Family {
        if host.contains(':') { Family::Inet6 } else { Family::Inet }
    }
}

/// The restrictions of a process; children inherit them and nobody lifts them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    /// The network it lives in: 0 is the machine's own; any other has nothing but a loopback interface.
    pub network: u64,
    /// Other names than `localhost` mean this network, too: the services of a compose project find each other by name.
    pub names: bool,
    /// The only families of sockets it may make, or with `true` the only ones it may not.
    pub families: Option<(bool, Vec<String>)>,
    /// No file may become set-uid or set-gid.
    pub restrict_suid_sgid: bool,
    /// Users other than root see only their own processes.
    pub hide_processes: bool,
    /// How many filters of system calls there are.
    pub filters: u32,
    /// A name of the machine cannot be set.
    pub hostname: bool,
}

impl Sandbox {
    /// Whether a socket of this family may be made.
    pub fn permits(&self, family: Family) -> bool {
        let Some((inverted, names)) = &self.families else { return true };
        names.iter().any(|name| name == family.name()) != *inverted
    }
}
