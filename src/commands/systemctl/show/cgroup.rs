//! The properties of a unit's control group: org.freedesktop.systemd1(5), systemd.resource-control(5).

use super::value::{Value, known, limit, span, word, yes_no};
use super::{Look, Property};
use crate::systemd::config::{CgroupContext, MemoryLimit};
use crate::systemd::span::INFINITY;

fn context(look: &Look<'_>, get: impl FnOnce(&CgroupContext) -> Value) -> Value {
    look.settings.cgroup().map_or(Value::Absent, get)
}

/// A limit whose default is none.
fn memory(look: &Look<'_>, get: impl FnOnce(&CgroupContext) -> Option<MemoryLimit>, unset: &str) -> Value {
    context(look, |c| limit(get(c), unset, 1 << 30))
}

/// What is left under the lowest of the limits of memory.
fn available(look: &Look<'_>) -> Value {
    context(look, |c| match c.memory_available(look.usage.memory.unwrap_or(0)) {
        Some(bytes) if look.usage.memory.is_some() => word(bytes),
        _ => word("infinity"),
    })
}

fn slice(look: &Look<'_>) -> Value {
    use crate::systemd::dependency::UnitDependency::InSlice;
    let found = look.unit.dependency(InSlice).next().map(|name| name.to_string());
    word(found.or_else(|| look.settings.cgroup().and_then(|c| c.slice.clone())).unwrap_or_default())
}

fn weight(weight: Option<u64>) -> Value {
    weight.map_or_else(|| word("[not set]"), word)
}

/// What the group is and uses now.
pub const UNIT: &[Property] = &[
    ("Slice", slice),
    ("ControlGroup", |l| word(l.unit.cgroup.as_deref().unwrap_or_default())),
    ("ControlGroupId", |l| if l.unit.cgroup.is_some() { word(l.usage.cgroup_id) } else { word("") }),
    ("MemoryCurrent", |l| known(l.usage.memory)),
    ("MemoryAvailable", available),
    ("CPUUsageNSec", |l| known(l.usage.cpu.map(|usec| usec * 1000))),
    ("EffectiveCPUs", |_| word("")),
    ("EffectiveMemoryNodes", |_| word("")),
    ("TasksCurrent", |l| known(l.usage.tasks)),
    ("IPIngressBytes", |_| word("[no data]")),
    ("IPIngressPackets", |_| word("[no data]")),
    ("IPEgressBytes", |_| word("[no data]")),
    ("IPEgressPackets", |_| word("[no data]")),
    ("IOReadBytes", |_| word("18446744073709551615")),
    ("IOReadOperations", |_| word("18446744073709551615")),
    ("IOWriteBytes", |_| word("18446744073709551615")),
    ("IOWriteOperations", |_| word("18446744073709551615")),
];

/// How it is limited.
pub const CONTEXT: &[Property] = &[
    ("Delegate", |l| context(l, |c| yes_no(c.delegate))),
    ("DelegateControllers", |_| word("")),
    ("CPUAccounting", |l| context(l, |c| yes_no(c.cpu_accounting.unwrap_or(true)))),
    ("CPUWeight", |l| context(l, |c| weight(c.cpu_weight))),
    ("StartupCPUWeight", |l| context(l, |c| weight(c.startup_cpu_weight))),
    ("CPUShares", |_| word("[not set]")),
    ("StartupCPUShares", |_| word("[not set]")),
    ("CPUQuotaPerSecUSec", |l| context(l, |c| span(c.cpu_quota_per_sec.unwrap_or(INFINITY)))),
    ("CPUQuotaPeriodUSec", |_| word("infinity")),
    ("AllowedCPUs", |_| word("")),
    ("StartupAllowedCPUs", |_| word("")),
    ("AllowedMemoryNodes", |_| word("")),
    ("StartupAllowedMemoryNodes", |_| word("")),
    ("IOAccounting", |l| context(l, |c| yes_no(c.io_accounting.unwrap_or(false)))),
    ("IOWeight", |l| context(l, |c| weight(c.io_weight))),
    ("StartupIOWeight", |_| word("[not set]")),
    ("BlockIOAccounting", |_| word("no")),
    ("BlockIOWeight", |_| word("[not set]")),
    ("StartupBlockIOWeight", |_| word("[not set]")),
    ("MemoryAccounting", |l| context(l, |c| yes_no(c.memory_accounting.unwrap_or(true)))),
    ("DefaultMemoryLow", |_| word(0)),
    ("DefaultMemoryMin", |_| word(0)),
    ("MemoryMin", |l| memory(l, |c| c.memory_min, "0")),
    ("MemoryLow", |l| memory(l, |c| c.memory_low, "0")),
    ("MemoryHigh", |l| memory(l, |c| c.memory_high, "infinity")),
    ("MemoryMax", |l| memory(l, |c| c.memory_max, "infinity")),
    ("MemorySwapMax", |l| memory(l, |c| c.memory_swap_max, "infinity")),
    ("MemoryLimit", |_| word("infinity")),
    ("DevicePolicy", |_| word("auto")),
    ("TasksAccounting", |l| context(l, |c| yes_no(c.tasks_accounting.unwrap_or(true)))),
    ("TasksMax", |l| {
        let kind = l.unit.name.unit_type();
        context(l, |c| c.effective_tasks_max(kind).map_or_else(|| word("infinity"), word))
    }),
    ("IPAccounting", |l| context(l, |c| yes_no(c.ip_accounting.unwrap_or(false)))),
    ("IPIngressFilterPath", |_| word("")),
    ("IPEgressFilterPath", |_| word("")),
    ("DisableControllers", |_| word("")),
    ("ManagedOOMSwap", |l| context(l, |c| c.managed_oom_swap.map_or_else(|| word("auto"), word))),
    ("ManagedOOMMemoryPressure", |l| context(l, |c| c.managed_oom_memory_pressure.map_or_else(|| word("auto"), word))),
    ("ManagedOOMMemoryPressureLimit", |_| word(0)),
    ("ManagedOOMPreference", |_| word("none")),
];
