//! What a child is given and what is taken from it before it executes its program: systemd.exec(5), "Process Properties",
//! "Scheduling", "Capabilities" and the part of "Sandboxing" that is not about files.

use crate::systemd::config::{ExecContext, UnitSettings};
use crate::world::fs::Cred;
use crate::world::{CapabilitySet, Resource, Sandbox, Schedule, Signal, Sys};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings that are kept as they were written, by key.
pub(super) type Kept = BTreeMap<String, Vec<String>>;

fn last<'a>(kept: &'a Kept, key: &str) -> Option<&'a str> {
    kept.get(key)?.last().map(String::as_str)
}

/// Whether a kept setting has any value, or for a flag, is on.
fn is_set(kept: &Kept, key: &str) -> bool {
    last(kept, key).is_some_and(|value| !matches!(value, "no" | "false" | "off" | "0" | "n"))
}

/// Niceness, umask, scheduling, resource limits and ignored signals.
pub(super) fn set_attributes(sys: &mut Sys<'_>, exec: &ExecContext, kept: &Kept) {
    let process = sys.me_mut();
    process.umask = exec.umask as u16 & 0o777;
    if let Some(nice) = exec.nice {
        process.nice = nice.clamp(-20, 19) as i8;
    }
    if let Some(score) = exec.oom_score_adjust {
        process.oom_score_adj = score.clamp(-1000, 1000) as i16;
    }
    process.schedule = schedule(kept);
    for resource in Resource::ALL {
        let limit = exec.rlimits.iter().find(|(kind, _)| kind.as_str().strip_prefix("Limit") == Some(resource.name()));
        if let Some((_, limit)) = limit {
            process.limits.set(*resource, limit.soft, limit.hard);
        }
    }
    if exec.ignore_sigpipe {
        sys.ignore(Signal::PIPE);
    }
}

/// Whether a set of processors, `0-3 5`, has the only one there is.
pub(super) fn has_first_cpu(set: &str) -> bool {
    set.is_empty() || set.split([' ', ',']).any(|part| part.split('-').next() == Some("0"))
}

fn schedule(kept: &Kept) -> Schedule {
    let policy = match last(kept, "CPUSchedulingPolicy") {
        Some("fifo") => 1,
        Some("rr") => 2,
        Some("batch") => 3,
        Some("idle") => 5,
        _ => 0,
    };
    let priority = last(kept, "CPUSchedulingPriority").and_then(|text| text.parse().ok());
    let io_class = match last(kept, "IOSchedulingClass") {
        Some("realtime" | "1") => 1,
        Some("best-effort" | "2") => 2,
        Some("idle" | "3") => 3,
        Some(_) => 0,
        None => u8::from(kept.contains_key("IOSchedulingPriority")) * 2,
    };
    let io_priority = last(kept, "IOSchedulingPriority").and_then(|text| text.parse().ok());
    Schedule {
        policy,
        priority: if matches!(policy, 1 | 2) { priority.unwrap_or(1) } else { 0 },
        io_class,
        io_priority: if io_class == 0 || io_class == 3 { 0 } else { io_priority.unwrap_or(4) },
    }
}

/// How many kinds of filters of system calls the settings ask for.
fn filters(exec: &ExecContext, kept: &Kept) -> usize {
    let flags = [
        exec.memory_deny_write_execute,
        exec.restrict_realtime,
        exec.restrict_suid_sgid,
        exec.lock_personality,
        exec.protect_hostname,
        exec.protect_kernel_tunables,
        exec.protect_kernel_modules,
        exec.protect_kernel_logs,
        exec.protect_clock,
        exec.private_devices,
    ];
    let words = ["RestrictAddressFamilies", "RestrictNamespaces", "SystemCallFilter", "SystemCallArchitectures"];
    flags.iter().filter(|on| **on).count() + words.iter().filter(|key| is_set(kept, key)).count()
}

/// What is taken from the process beside files and capabilities.
pub(super) fn sandbox(exec: &ExecContext, settings: &UnitSettings, network: u64) -> Option<Arc<Sandbox>> {
    let kept = &settings.kept;
    let restricted = kept.get("RestrictAddressFamilies").is_some_and(|values| !values.is_empty());
    let (allows, names) = settings.address_families();
    let sandbox = Sandbox {
        names: false,
        network,
        families: restricted.then(|| (!allows, names.into_iter().map(str::to_owned).collect())),
        restrict_suid_sgid: exec.restrict_suid_sgid,
        hide_processes: last(kept, "ProtectProc") == Some("invisible"),
        filters: filters(exec, kept) as u32 * 3,
        hostname: exec.protect_hostname,
    };
    (sandbox != Sandbox::default()).then(|| Arc::new(sandbox))
}

/// The user's rights and the capabilities that go with them; who has lost the right to gain rights keeps that too.
pub(super) fn take_rights(sys: &mut Sys<'_>, exec: &ExecContext, kept: &Kept, cred: Option<Cred>) {
    let process = sys.me_mut();
    let bounding = match &exec.capability_bounding_set {
        Some(names) => CapabilitySet::of(names.iter().map(String::as_str)),
        None => process.cred.capabilities.bounding,
    };
    let ambient = CapabilitySet::of(exec.ambient_capabilities.iter().map(String::as_str));
    if let Some(cred) = cred {
        process.ruid = cred.uid;
        process.cred = cred.inheriting(&process.cred);
    }
    process.cred.capabilities.bounding = bounding;
    process.cred.capabilities.ambient = CapabilitySet(ambient.0 & bounding.0);
    let unprivileged = !process.cred.can(CapabilitySet::SYS_ADMIN);
    process.no_new_privs |= exec.no_new_privileges || (unprivileged && filters(exec, kept) > 0);
}
