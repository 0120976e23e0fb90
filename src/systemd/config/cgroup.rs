//! Resource control of a unit's control group: systemd.resource-control(5).

use crate::systemd::named::named_enum;
use crate::systemd::span::Usec;
use crate::systemd::unit_name::UnitType;

named_enum! {
    /// `ManagedOOMSwap=`, `ManagedOOMMemoryPressure=`.
    pub enum ManagedOomMode {
        Auto = "auto",
        Kill = "kill",
    }
}

/// A memory or task limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryLimit {
    /// No limit.
    Infinity,
    /// Bytes (or tasks).
    Value(u64),
    /// A share of the machine, in hundredths of a percent.
    Permyriad(u32),
}

/// `DefaultTasksMax=`: 15 % of what the baseline's kernel allows.
pub const DEFAULT_TASKS_MAX: u64 = 1141;

/// The tasks that the kernel of a machine of this size allows in all.
const ALL_TASKS: u64 = 7608;

impl MemoryLimit {
    /// A number of tasks; `None` is no limit.
    pub fn tasks(self) -> Option<u64> {
        match self {
            MemoryLimit::Infinity => None,
            MemoryLimit::Value(value) => Some(value),
            MemoryLimit::Permyriad(share) => Some(ALL_TASKS * u64::from(share) / 10_000),
        }
    }

    /// Bytes on a machine with so many; `None` is no limit.
    pub fn bytes(self, memory: u64) -> Option<u64> {
        match self {
            MemoryLimit::Infinity => None,
            MemoryLimit::Value(value) => Some(value),
            MemoryLimit::Permyriad(share) => Some(memory / 10_000 * u64::from(share) / 4096 * 4096),
        }
    }
}

/// The resource-control settings; `None` means "not set".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CgroupContext {
    /// As written in `Slice=`; the loader replaces `None` by the default slice.
    pub slice: Option<String>,
    pub cpu_accounting: Option<bool>,
    pub memory_accounting: Option<bool>,
    pub tasks_accounting: Option<bool>,
    pub io_accounting: Option<bool>,
    pub ip_accounting: Option<bool>,
    pub cpu_weight: Option<u64>,
    pub startup_cpu_weight: Option<u64>,
    pub io_weight: Option<u64>,
    /// Microseconds of CPU a second: `CPUQuota=20%` is 200000.
    pub cpu_quota_per_sec: Option<Usec>,
    pub memory_min: Option<MemoryLimit>,
    pub memory_low: Option<MemoryLimit>,
    pub memory_high: Option<MemoryLimit>,
    pub memory_max: Option<MemoryLimit>,
    pub memory_swap_max: Option<MemoryLimit>,
    pub tasks_max: Option<MemoryLimit>,
    pub delegate: bool,
    pub managed_oom_swap: Option<ManagedOomMode>,
    pub managed_oom_memory_pressure: Option<ManagedOomMode>,
}

impl CgroupContext {
    /// The most tasks that a unit of this kind may have; `None` is no limit.
    pub fn effective_tasks_max(&self, kind: UnitType) -> Option<u64> {
        match self.tasks_max {
            None if kind == UnitType::Slice => None,
            None => Some(DEFAULT_TASKS_MAX),
            Some(limit) => limit.tasks(),
        }
    }

    /// What is left under the lowest limit of memory when `used` bytes are in use; `None` without a limit.
    pub fn memory_available(&self, used: u64) -> Option<u64> {
        let limit = |limit: Option<MemoryLimit>| limit.and_then(|limit| limit.bytes(1 << 30));
        let lowest = [limit(self.memory_high), limit(self.memory_max)].into_iter().flatten().min()?;
        Some(lowest.saturating_sub(used))
    }
}
