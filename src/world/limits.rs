//! The limits of a process: getrlimit(2), and how `/proc/PID/limits` shows them: proc(5).

/// No limit.
pub const UNLIMITED: u64 = u64::MAX;

macro_rules! resources {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $shown:literal, $unit:literal;)*) => {
        /// What can be limited, in the kernel's order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Resource { $($(#[$doc])* $name),* }

        impl Resource {
            /// All of them.
            pub const ALL: &'static [Resource] = &[$(Resource::$name),*];

            /// The name without `RLIMIT_`: `NOFILE`.
            pub fn name(self) -> &'static str {
                match self { $(Resource::$name => $word),* }
            }

            /// The words and the unit of `/proc/PID/limits`.
            pub fn shown(self) -> (&'static str, &'static str) {
                match self { $(Resource::$name => ($shown, $unit)),* }
            }
        }
    };
}

resources! {
    /// Processor time.
    Cpu = "CPU", "Max cpu time", "seconds";
    /// The size of a file that is written.
    Fsize = "FSIZE", "Max file size", "bytes";
    /// The data segment.
    Data = "DATA", "Max data size", "bytes";
    /// The stack.
    Stack = "STACK", "Max stack size", "bytes";
    /// A core dump; 0 means that there is none.
    Core = "CORE", "Max core file size", "bytes";
    /// Resident memory; without effect.
    Rss = "RSS", "Max resident set", "bytes";
    /// Processes of the user.
    Nproc = "NPROC", "Max processes", "processes";
    /// Open files.
    Nofile = "NOFILE", "Max open files", "files";
    /// Locked memory.
    Memlock = "MEMLOCK", "Max locked memory", "bytes";
    /// The address space.
    As = "AS", "Max address space", "bytes";
    /// File locks.
    Locks = "LOCKS", "Max file locks", "locks";
    /// Queued signals.
    Sigpending = "SIGPENDING", "Max pending signals", "signals";
    /// Bytes in message queues.
    Msgqueue = "MSGQUEUE", "Max msgqueue size", "bytes";
    /// How far niceness may be raised.
    Nice = "NICE", "Max nice priority", "";
    /// Realtime priority.
    Rtprio = "RTPRIO", "Max realtime priority", "";
    /// Realtime processor time without a break.
    Rttime = "RTTIME", "Max realtime timeout", "us";
}

/// What a machine of this size allows by default: processes and queued signals of a user.
const PROCESSES: u64 = 3804;

/// The soft and the hard limit of each resource; [`UNLIMITED`] is infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits([(u64, u64); 16]);

impl Default for Limits {
    /// Those that a service manager gives to its children.
    fn default() -> Self {
        let mut limits = Limits([(UNLIMITED, UNLIMITED); 16]);
        for (resource, soft, hard) in [
            (Resource::Stack, 8 << 20, UNLIMITED),
            (Resource::Core, 0, UNLIMITED),
            (Resource::Nproc, PROCESSES, PROCESSES),
            (Resource::Nofile, 1024, 524_288),
            (Resource::Memlock, 8 << 20, 8 << 20),
            (Resource::Sigpending, PROCESSES, PROCESSES),
            (Resource::Msgqueue, 819_200, 819_200),
            (Resource::Nice, 0, 0),
            (Resource::Rtprio, 0, 0),
        ] {
            limits.set(resource, soft, hard);
        }
        limits
    }
}

impl Limits {
    /// Those that a login session gets: of what the machine allows, not of what a service is given.
    pub fn of_session() -> Self {
        let mut limits = Limits::default();
        limits.set(Resource::Nofile, 1024, 1_048_576);
        limits.set(Resource::Memlock, 127_434_752, 127_434_752);
        limits
    }

    /// Soft and hard limit.
    pub fn get(&self, resource: Resource) -> (u64, u64) {
        self.0[resource as usize]
    }

    /// The limit in force.
    pub fn soft(&self, resource: Resource) -> u64 {
        self.get(resource).0
    }

    /// Sets both.
    pub fn set(&mut self, resource: Resource, soft: u64, hard: u64) {
        self.0[resource as usize] = (soft, hard);
    }
}

/// A limit as tools print it.
pub fn limit_text(value: u64) -> String {
    if value == UNLIMITED { "unlimited".into() } else { value.to_string() }
}

/// The text of `/proc/PID/limits`.
pub fn limits_text(limits: &Limits) -> String {
    let mut out = format!("{:<26}{:<21}{:<21}{:<10}\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for resource in Resource::ALL {
        let (soft, hard) = limits.get(*resource);
        let (name, unit) = resource.shown();
        out += &format!("{name:<26}{:<21}{:<21}{unit:<10}\n", limit_text(soft), limit_text(hard));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_kernel() {
        let text = limits_text(&Limits::default());
        let line = |name: &str| text.lines().find(|l| l.starts_with(name)).unwrap().trim_end().to_owned();
        assert_eq!(line("Max open files"), "Max open files            1024                 524288               files");
        assert_eq!(line("Max core"), "Max core file size        0                    unlimited            bytes");
        assert_eq!(text.lines().count(), 17);
    }
}
