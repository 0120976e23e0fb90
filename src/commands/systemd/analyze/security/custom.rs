//! The checks of `systemd-analyze security` that are more than a switch: systemd-analyze(1), systemd.exec(5).

use super::{Facts, Finding};
use crate::systemd::config::{NotifyAccess, ProtectHome, ProtectSystem};

fn found(badness: u64, text: &str) -> Finding {
    Finding { badness: Some(badness), text: text.to_owned() }
}

fn does_not_apply(text: &str) -> Finding {
    Finding { badness: None, text: text.to_owned() }
}

fn is_root(facts: &Facts<'_>) -> bool {
    let exec = &facts.service.exec;
    !exec.dynamic_user && exec.user.as_deref().is_none_or(|user| matches!(user, "root" | "0"))
}

pub fn user(facts: &Facts<'_>) -> Finding {
    let exec = &facts.service.exec;
    if exec.user.as_deref() == Some("nobody") {
        found(9, "Service runs under as 'nobody' user, which should not be used for services")
    } else if exec.dynamic_user {
        found(0, "Service runs under a transient non-root user identity")
    } else if is_root(facts) {
        found(10, "Service runs as root user")
    } else {
        found(0, "Service runs under a static non-root user identity")
    }
}

pub fn supplementary_groups(facts: &Facts<'_>) -> Finding {
    if is_root(facts) {
        does_not_apply("Service runs as root, option does not matter")
    } else if facts.service.exec.supplementary_groups.is_empty() {
        found(0, "Service has no supplementary groups")
    } else {
        found(1, "Service runs with supplementary groups")
    }
}

pub fn remove_ipc(facts: &Facts<'_>) -> Finding {
    if is_root(facts) {
        does_not_apply("Service runs as root, option does not apply")
    } else if facts.service.exec.remove_ipc {
        found(0, "Service user cannot leave SysV IPC objects around")
    } else {
        found(1, "Service user may leave SysV IPC objects around")
    }
}

pub fn protect_home(facts: &Facts<'_>) -> Finding {
    match facts.service.exec.protect_home {
        ProtectHome::No => found(10, "Service has full access to home directories"),
        ProtectHome::ReadOnly => found(5, "Service has read-only access to home directories"),
        ProtectHome::Tmpfs => found(1, "Service has access to fake empty home directories"),
        ProtectHome::Yes => found(0, "Service has no access to home directories"),
    }
}

pub fn protect_system(facts: &Facts<'_>) -> Finding {
    match facts.service.exec.protect_system {
        ProtectSystem::No => found(10, "Service has full access to the OS file hierarchy"),
        ProtectSystem::Yes => found(5, "Service has limited write access to the OS file hierarchy"),
        ProtectSystem::Full => found(3, "Service has very limited write access to the OS file hierarchy"),
        ProtectSystem::Strict => found(0, "Service has strict read-only access to the OS file hierarchy"),
    }
}

pub fn umask(facts: &Facts<'_>) -> Finding {
    let mask = facts.service.exec.umask;
    if mask & 0o002 == 0 {
        found(10, "Files created by service are world-writable by default")
    } else if mask & 0o004 == 0 {
        found(5, "Files created by service are world-readable by default")
    } else if mask & 0o020 == 0 {
        found(2, "Files created by service are group-writable by default")
    } else if mask & 0o040 == 0 {
        found(1, "Files created by service are group-readable by default")
    } else {
        found(0, "Files created by service are accessible only by service's own user by default")
    }
}

pub fn keyring_mode(facts: &Facts<'_>) -> Finding {
    match facts.settings.kept("KeyringMode") {
        Some("shared" | "inherit") => found(1, "Service shares key material with other service"),
        _ => found(0, "Service doesn't share key material with other services"),
    }
}

pub fn protect_proc(facts: &Facts<'_>) -> Finding {
    match facts.settings.kept("ProtectProc") {
        Some("noaccess") => found(1, ""),
        Some("invisible" | "ptraceable") => found(0, "Service has restricted access to process tree (/proc hidepid=)"),
        _ => found(3, "Service has full access to process tree (/proc hidepid=)"),
    }
}

pub fn notify_access(facts: &Facts<'_>) -> Finding {
    match facts.service.notify_access() {
        NotifyAccess::All => found(1, "Service child processes may alter service state"),
        _ => found(0, "Service child processes cannot alter service state"),
    }
}

/// Whether a kind of namespace cannot be made: `RestrictNamespaces=`.
pub fn blocks_namespace(facts: &Facts<'_>, kind: &str) -> bool {
    let mut blocked = false;
    for value in facts.settings.kept.get("RestrictNamespaces").into_iter().flatten() {
        match (crate::systemd::value::parse_boolean(value), value.strip_prefix('~')) {
            (Some(all), _) => blocked = all,
            (None, Some(names)) => blocked |= names.split_whitespace().any(|name| name == kind),
            (None, None) => blocked = !value.split_whitespace().any(|name| name == kind),
        }
    }
    blocked
}

/// Whether sockets of none of these families can be made.
pub fn blocks_families(facts: &Facts<'_>, names: &[&str]) -> bool {
    let (allows, families) = facts.settings.address_families();
    names.iter().all(|name| families.contains(name) != allows)
}

/// Whether sockets of other families than the common ones cannot be made.
pub fn blocks_other_families(facts: &Facts<'_>) -> bool {
    let common = ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"];
    let (allows, families) = facts.settings.address_families();
    allows && families.iter().all(|name| common.contains(name))
}

pub fn architectures(facts: &Facts<'_>) -> Finding {
    let mut names: Vec<&str> = facts
        .settings
        .kept
        .get("SystemCallArchitectures")
        .into_iter()
        .flatten()
        .flat_map(|value| value.split_whitespace())
        .collect();
    names.dedup();
    match names.as_slice() {
        [] => found(10, "Service may execute system calls with all ABIs"),
        ["native"] => found(0, "Service may execute system calls only with native ABI"),
        _ => found(8, "Service may execute system calls with multiple ABIs"),
    }
}

/// The words of a setting that is only kept.
fn words<'a>(facts: &'a Facts<'_>, key: &str) -> Vec<&'a str> {
    let values = facts.settings.kept.get(key);
    values.into_iter().flatten().flat_map(|value| value.split_whitespace()).collect()
}

pub fn ip_address_deny(facts: &Facts<'_>) -> Finding {
    let denied = words(facts, "IPAddressDeny");
    let all = denied.contains(&"any") || (denied.contains(&"0.0.0.0/0") && denied.contains(&"::/0"));
    if !all {
        return found(10, "Service does not define an IP address allow list");
    }
    let allowed = words(facts, "IPAddressAllow");
    let local = |word: &&str| *word == "localhost" || word.starts_with("127.") || matches!(*word, "::1" | "::1/128");
    if allowed.is_empty() {
        found(0, "Service blocks all IP address ranges")
    } else if allowed.iter().all(local) {
        found(2, "Service defines IP address allow list with only localhost entries")
    } else {
        found(5, "Service defines IP address allow list with non-localhost entries")
    }
}

pub fn device_allow(facts: &Facts<'_>) -> Finding {
    let exec = &facts.service.exec;
    let policy = facts.settings.kept("DevicePolicy");
    let strict = matches!(policy, Some("strict" | "closed")) || (policy.is_none() && exec.private_devices);
    if !strict {
        return found(10, "Service has no device ACL");
    }
    let mut allowed: Vec<String> = facts
        .settings
        .kept
        .get("DeviceAllow")
        .into_iter()
        .flatten()
        .map(|value| value.split_whitespace().collect::<Vec<_>>().join(":"))
        .collect();
    if exec.protect_clock {
        allowed.insert(0, "char-rtc:r".to_owned());
    }
    if allowed.is_empty() {
        return found(0, "Service has a minimal device ACL");
    }
    Finding {
        badness: Some(5),
        text: format!("Service has a device ACL with some special devices: {}", allowed.join(" ")),
    }
}
