//! The directives of resource control: systemd.resource-control(5).

use super::unit::set;
use super::{Check, Context, Directive, Parse, row};
use super::{check_cgroup as check, check_exec};
use crate::systemd::config::{CgroupContext, ManagedOomMode, MemoryLimit, UnitSettings};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::span::SEC;
use crate::systemd::unit_file::words::{UNQUOTE, WHITESPACE, split};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::systemd::value::number::{parse_boolean, parse_permyriad, parse_size, parse_u64};
use crate::world::Errno;
use Parse::{Custom, Known, Tristate, Word};

/// systemd.resource-control(5).
pub const CGROUP: &[Directive] = &[
    row("Slice", Custom(slice)).of("slice"),
    row("AllowedCPUs", Known(Check::With(check_exec::cpu_set))).of("CPUs"),
    row("StartupAllowedCPUs", Known(Check::With(check_exec::cpu_set))).of("CPUs"),
    row("AllowedMemoryNodes", Known(Check::With(check_exec::cpu_set))).of("nodes"),
    row("StartupAllowedMemoryNodes", Known(Check::With(check_exec::cpu_set))).of("nodes"),
    row("CPUAccounting", Tristate(|u| u.cgroup_mut().map(|g| &mut g.cpu_accounting))).stored(),
    row("CPUWeight", Custom(|c, u, v| weight(c, u, v, "CPU weight", |g| &mut g.cpu_weight))).of("weight").stored(),
    row("StartupCPUWeight", Custom(|c, u, v| weight(c, u, v, "CPU weight", |g| &mut g.startup_cpu_weight)))
        .of("weight")
        .stored(),
    row("CPUShares", Custom(old_shares)).of("weight").stored(),
    row("StartupCPUShares", Custom(old_shares)).of("weight").stored(),
    row("CPUQuota", Custom(cpu_quota)).of("percentage"),
    row("CPUQuotaPeriodSec", Known(Check::SecDefInfinity)),
    row("MemoryAccounting", Tristate(|u| u.cgroup_mut().map(|g| &mut g.memory_accounting))).stored(),
    row("MemoryMin", Custom(|c, u, v| memory(c, u, v, |g| &mut g.memory_min))).of("size or percentage").stored(),
    row("DefaultMemoryMin", Custom(unused_memory)).of("size or percentage").stored(),
    row("DefaultMemoryLow", Custom(unused_memory)).of("size or percentage").stored(),
    row("MemoryLow", Custom(|c, u, v| memory(c, u, v, |g| &mut g.memory_low))).of("size or percentage").stored(),
    row("MemoryHigh", Custom(|c, u, v| memory(c, u, v, |g| &mut g.memory_high))).of("size or percentage"),
    row("MemoryMax", Custom(|c, u, v| memory(c, u, v, |g| &mut g.memory_max))).of("size or percentage"),
    row("MemorySwapMax", Custom(|c, u, v| memory(c, u, v, |g| &mut g.memory_swap_max))).of("size or percentage"),
    row("MemoryLimit", Custom(unused_memory)).of("size").stored(),
    row("DeviceAllow", Known(Check::With(check::device_allow))).of("device"),
    row("DevicePolicy", Known(Check::Word("device policy", &["auto", "closed", "strict"]))),
    row("IOAccounting", Tristate(|u| u.cgroup_mut().map(|g| &mut g.io_accounting))).stored(),
    row("IOWeight", Custom(|c, u, v| weight(c, u, v, "weight", |g| &mut g.io_weight))).of("weight").stored(),
    row("StartupIOWeight", Custom(|c, u, v| weight(c, u, v, "weight", |g| &mut g.io_weight))).of("weight").stored(),
    row("IODeviceWeight", Known(Check::With(check::io_device_weight))).of("device and weight"),
    row("IOReadBandwidthMax", Known(Check::With(check::io_limit))).of("limit"),
    row("IOWriteBandwidthMax", Known(Check::With(check::io_limit))).of("limit"),
    row("IOReadIOPSMax", Known(Check::With(check::io_limit))).of("limit"),
    row("IOWriteIOPSMax", Known(Check::With(check::io_limit))).of("limit"),
    row("IODeviceLatencyTargetSec", Known(Check::With(check::io_latency))).of("device and time span"),
    row("BlockIOAccounting", Known(Check::Bool)),
    row("BlockIOWeight", Known(Check::With(check::block_weight))).of("weight"),
    row("StartupBlockIOWeight", Known(Check::With(check::block_weight))).of("weight"),
    row("BlockIODeviceWeight", Known(Check::With(check::block_device_weight))).of("device and weight"),
    row("BlockIOReadBandwidth", Known(Check::With(check::block_bandwidth))).of("device and bandwidth"),
    row("BlockIOWriteBandwidth", Known(Check::With(check::block_bandwidth))).of("device and bandwidth"),
    row("TasksAccounting", Tristate(|u| u.cgroup_mut().map(|g| &mut g.tasks_accounting))).stored(),
    row("TasksMax", Custom(tasks_max)).of("number or percentage"),
    row("Delegate", Custom(delegate)).of("boolean or controllers").stored(),
    row("DisableControllers", Known(Check::With(check::controllers))).of("controllers"),
    row("IPAccounting", Tristate(|u| u.cgroup_mut().map(|g| &mut g.ip_accounting))).stored(),
    row("IPAddressAllow", Known(Check::With(check::addresses))).of("addresses"),
    row("IPAddressDeny", Known(Check::With(check::addresses))).of("addresses"),
    row("IPIngressFilterPath", Known(Check::Path)),
    row("IPEgressFilterPath", Known(Check::Path)),
    row("ManagedOOMSwap", Custom(|c, u, v| managed_oom(c, u, v, |g| &mut g.managed_oom_swap))).of("OOM mode").stored(),
    row("ManagedOOMMemoryPressure", Custom(|c, u, v| managed_oom(c, u, v, |g| &mut g.managed_oom_memory_pressure)))
        .of("OOM mode")
        .stored(),
    row(
        "ManagedOOMMemoryPressureLimit",
        Word("memory pressure limit value", |_, v| v.is_empty() || parse_permyriad(v, false).is_some()),
    )
    .stored(),
    row("ManagedOOMPreference", Known(Check::Word("ManagedOOMPreference=", &["none", "avoid", "omit"]))),
    row("BPFProgram", Known(Check::With(check::bpf_program))).of("kind and path"),
    row("SocketBindAllow", Known(Check::With(check::socket_bind))).of("family, protocol, ports"),
    row("SocketBindDeny", Known(Check::With(check::socket_bind))).of("family, protocol, ports"),
    row("RestrictNetworkInterfaces", Known(Check::With(check::interfaces))).of("interfaces"),
    row("NetClass", Parse::Silent),
];

/// The controllers that `Delegate=` knows.
const CONTROLLERS: &[&str] = &[
    "cpu",
    "cpuacct",
    "cpuset",
    "io",
    "blkio",
    "memory",
    "devices",
    "pids",
    "bpf-firewall",
    "bpf-devices",
    "bpf-foreign",
    "bpf-socket-bind",
    "bpf-restrict-network-interfaces",
];

/// `Slice=`.
fn slice(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let resolved = c.resolve_name(value);
    let Some(name) = c.or_warn_as(resolved, value) else { return Ok(()) };
    let why = match UnitName::new(&name) {
        None => format!("Unit name {name} is not valid."),
        Some(unit) if unit.is_template() => format!("Unit name {name} is missing the instance name."),
        Some(unit) if unit.unit_type() != UnitType::Slice => {
            let own = c.specifiers.name;
            c.warn(format!("Failed to assign slice {name} to unit {own}, ignoring: {}", Errno::EINVAL));
            return Ok(());
        }
        Some(unit) => {
            u.unit.dependencies.remove(&UnitDependency::InSlice);
            u.unit.add_dependency(UnitDependency::InSlice, unit);
            if let Some(cgroup) = u.cgroup_mut() {
                cgroup.slice = Some(name);
            }
            return Ok(());
        }
    };
    c.warn(format!("Failed to load slice unit {name}, ignoring: {why}"));
    Ok(())
}

/// A weight from 1 to 10000, for the CPU also `idle` (0).
fn weight(
    c: &mut Context<'_, '_>,
    u: &mut UnitSettings,
    value: &str,
    what: &str,
    place: fn(&mut CgroupContext) -> &mut Option<u64>,
) -> Result<(), Errno> {
    let Some(cgroup) = u.cgroup_mut() else { return Ok(()) };
    let place = place(cgroup);
    if value.is_empty() {
        *place = None;
    } else if value == "idle" && what.starts_with("CPU") {
        *place = Some(0);
    } else {
        match parse_u64(value) {
            Ok(weight @ 1..=10_000) => *place = Some(weight),
            _ => c.warn(format!("Invalid {what}, ignoring: {value}")),
        }
    }
    Ok(())
}

fn old_shares(c: &mut Context<'_, '_>, _: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let key = c.key;
    let advice = format!("please use CPUWeight= instead. Support for {key}= will be removed soon.");
    c.warn(format!("Unit uses {key}=; {advice}"));
    if !value.is_empty() && !parse_u64(value).is_ok_and(|n| (2..=262_144).contains(&n)) {
        c.warn(format!("Invalid CPU shares, ignoring: {value}"));
    }
    Ok(())
}

/// `CPUQuota=20%`; more than 100 % is more than one CPU.
fn cpu_quota(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(cgroup) = u.cgroup_mut() else { return Ok(()) };
    if value.is_empty() {
        cgroup.cpu_quota_per_sec = None;
        return Ok(());
    }
    match parse_permyriad(value, true).filter(|share| *share > 0) {
        Some(share) => cgroup.cpu_quota_per_sec = Some(u64::from(share) * SEC / 10_000),
        None => c.warn(format!("Invalid CPU quota '{value}', ignoring.")),
    }
    Ok(())
}

/// A limit in bytes, percent or `infinity`; `EINVAL` or `ERANGE` otherwise.
fn limit(value: &str, size: fn(&str) -> Result<u64, Errno>) -> Result<MemoryLimit, Errno> {
    if value == "infinity" {
        return Ok(MemoryLimit::Infinity);
    }
    match parse_permyriad(value, false) {
        Some(share) => Ok(MemoryLimit::Permyriad(share)),
        None => size(value).map(MemoryLimit::Value),
    }
}

/// `MemoryMax=` and kin.
fn memory(
    c: &mut Context<'_, '_>,
    u: &mut UnitSettings,
    value: &str,
    place: fn(&mut CgroupContext) -> &mut Option<MemoryLimit>,
) -> Result<(), Errno> {
    let parsed = memory_value(c, value);
    if let (Some(cgroup), Some(limit)) = (u.cgroup_mut(), parsed) {
        *place(cgroup) = limit;
    }
    Ok(())
}

/// Reads a memory limit; the outer `None` means that a warning was logged.
fn memory_value(c: &mut Context<'_, '_>, value: &str) -> Option<Option<MemoryLimit>> {
    if value.is_empty() {
        return Some(None);
    }
    let zero_is_fine =
        matches!(c.key, "MemoryLow" | "MemoryMin" | "MemorySwapMax" | "DefaultMemoryLow" | "DefaultMemoryMin");
    match limit(value, |v| parse_size(v, 1024)) {
        Ok(MemoryLimit::Value(0) | MemoryLimit::Permyriad(0)) if !zero_is_fine => {
            c.warn(format!("Memory limit '{value}' out of range, ignoring."));
            None
        }
        Ok(limit) => Some(Some(limit)),
        Err(errno) => {
            c.warn(format!("Invalid memory limit '{value}', ignoring: {errno}"));
            None
        }
    }
}

fn unused_memory(c: &mut Context<'_, '_>, _: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    if memory_value(c, value).is_some() && c.key == "MemoryLimit" {
        let advice = "please use MemoryMax= instead. Support for MemoryLimit= will be removed soon.";
        c.warn(format!("Unit uses MemoryLimit=; {advice}"));
    }
    Ok(())
}

/// `TasksMax=`.
fn tasks_max(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(cgroup) = u.cgroup_mut() else { return Ok(()) };
    if value.is_empty() {
        cgroup.tasks_max = None;
        return Ok(());
    }
    match limit(value, parse_u64) {
        Ok(MemoryLimit::Value(0) | MemoryLimit::Permyriad(0)) => {
            c.warn(format!("Maximum tasks value '{value}' out of range, ignoring."));
        }
        Ok(limit) => cgroup.tasks_max = Some(limit),
        Err(errno) => c.warn(format!("Invalid maximum tasks value '{value}', ignoring: {errno}")),
    }
    Ok(())
}

/// `Delegate=`: a boolean or a list of controllers.
fn delegate(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(cgroup) = u.cgroup_mut() else { return Ok(()) };
    if let Some(flag) = parse_boolean(value) {
        cgroup.delegate = flag;
        return Ok(());
    }
    let Ok(words) = split(value, WHITESPACE, UNQUOTE) else {
        c.warn(format!("Invalid syntax, ignoring: {value}"));
        return Ok(());
    };
    cgroup.delegate = true;
    for word in words {
        if !CONTROLLERS.contains(&word.as_str()) {
            c.warn(format!("Invalid controller name '{word}', ignoring"));
        }
    }
    Ok(())
}

/// `ManagedOOMSwap=`, `ManagedOOMMemoryPressure=`.
fn managed_oom(
    c: &mut Context<'_, '_>,
    u: &mut UnitSettings,
    value: &str,
    place: fn(&mut CgroupContext) -> &mut Option<ManagedOomMode>,
) -> Result<(), Errno> {
    let Some(cgroup) = u.cgroup_mut() else { return Ok(()) };
    if value.is_empty() {
        *place(cgroup) = None;
    } else if !set(place(cgroup), ManagedOomMode::parse(value).map(Some)) {
        c.warn(format!("Invalid syntax, ignoring: {value}"));
    }
    Ok(())
}
