//! Values of systemd.exec(5) that are checked and kept: scheduling, images, credentials, system calls.

use super::context::{Context, PathCheck};
use crate::systemd::unit_file::words::{UNQUOTE, WHITESPACE, Words, split};
use crate::systemd::value::number::{parse_boolean, parse_int, parse_unsigned};
use crate::systemd::value::syscalls::{ARCHITECTURES, is_system_call};
use crate::world::{ERRNOS, Errno};

type Read = Result<(), Errno>;

/// The names that systemd gives to the partitions of an image.
const PARTITIONS: [&str; 12] = [
    "root",
    "usr",
    "home",
    "srv",
    "esp",
    "xbootldr",
    "swap",
    "root-verity",
    "root-verity-sig",
    "usr-verity",
    "usr-verity-sig",
    "tmp",
];

/// Each word of a list, or the message that its syntax is wrong, made by `bad`.
fn each(
    c: &mut Context<'_, '_>,
    value: &str,
    bad: impl Fn(Errno) -> String,
    mut act: impl FnMut(&mut Context<'_, '_>, &str),
) {
    let mut words = Words::new(value, UNQUOTE);
    loop {
        match words.next_word() {
            Ok(Some(word)) => act(c, &word),
            Ok(None) => return,
            Err(errno) => return c.warn(bad(errno)),
        }
    }
}

/// `CPUAffinity=` and its kin: CPU numbers and ranges. Whether it was understood.
fn cpus(c: &mut Context<'_, '_>, value: &str) -> bool {
    let Ok(words) = split(value, " \t\n\r,", UNQUOTE) else {
        c.warn(format!("Invalid value for {}: {value}", c.key));
        return false;
    };
    for word in words.iter().filter(|word| !word.is_empty()) {
        let number = |text: &str| parse_unsigned(text).ok().filter(|n| *n <= 65_535);
        let range = word
            .split_once('-')
            .map_or_else(|| number(word).is_some(), |(from, to)| number(from).zip(number(to)).is_some());
        if !range {
            c.warn(format!("Failed to parse CPU affinity '{word}'"));
            return false;
        }
    }
    true
}

/// `AllowedCPUs=` and its kin.
pub fn cpu_set(c: &mut Context<'_, '_>, value: &str) -> Read {
    let resolved = c.resolve(value);
    if let Some(text) = c.or_warn(resolved, value) {
        cpus(c, &text);
    }
    Ok(())
}

/// `CPUAffinity=`: CPUs, or those of the NUMA mask.
pub fn cpu_affinity(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value == "numa" { Ok(()) } else { cpu_set(c, value) }
}

/// `NUMAMask=`.
pub fn numa_mask(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value != "all" && !cpus(c, value) {
        c.ignoring("NUMA node mask", value);
    }
    Ok(())
}

/// `NUMAPolicy=`.
pub fn numa_policy(c: &mut Context<'_, '_>, value: &str) -> Read {
    const POLICIES: [&str; 6] = ["", "default", "preferred", "bind", "interleave", "local"];
    if !POLICIES.contains(&value) {
        c.warn(format!("Invalid NUMA policy type, ignoring: {value}"));
    }
    Ok(())
}

/// `CPUSchedulingPolicy=`: a name, or any number.
pub fn cpu_policy(c: &mut Context<'_, '_>, value: &str) -> Read {
    let named = ["", "other", "batch", "idle", "fifo", "rr"].contains(&value);
    if !named && parse_int(value).ok().is_none_or(|n| n < 0) {
        c.ignoring("CPU scheduling policy", value);
    }
    Ok(())
}

/// `CPUSchedulingPriority=`: 0 to 99.
pub fn cpu_priority(c: &mut Context<'_, '_>, value: &str) -> Read {
    match parse_int(value) {
        Err(_) => c.ignoring("CPU scheduling priority", value),
        Ok(0..=99) => {}
        Ok(_) => c.warn(format!("CPU scheduling priority is out of range, ignoring: {value}")),
    }
    Ok(())
}

/// `CoredumpFilter=`: names of kinds of memory, or hexadecimal masks.
pub fn coredump_filter(c: &mut Context<'_, '_>, value: &str) -> Read {
    const KINDS: [&str; 11] = [
        "default",
        "all",
        "private-anonymous",
        "shared-anonymous",
        "private-file-backed",
        "shared-file-backed",
        "elf-headers",
        "private-huge",
        "shared-huge",
        "private-dax",
        "shared-dax",
    ];
    let mut fault = None;
    for word in split(value, WHITESPACE, UNQUOTE).unwrap_or_default() {
        let digits = word.trim_start_matches("0x");
        let hexadecimal = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_hexdigit());
        if hexadecimal && digits.len() <= 16 || KINDS.contains(&word.as_str()) {
            continue;
        }
        let number = hexadecimal || word.strip_prefix('-').is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
        fault.get_or_insert(if number { Errno::ERANGE } else { Errno::EINVAL });
    }
    if value.starts_with('\'') {
        fault = Some(Errno::EINVAL);
    }
    if let Some(errno) = fault {
        c.warn(format!("Failed to parse the CoredumpFilter={value}, ignoring: {errno}"));
    }
    Ok(())
}

/// `LogExtraFields=`: `FIELD=text`.
pub fn log_fields(c: &mut Context<'_, '_>, value: &str) -> Read {
    each(
        c,
        value,
        |_| format!("Invalid syntax, ignoring: {value}"),
        |c, word| {
            let resolved = c.resolve(word);
            let Some(text) = c.or_warn_as(resolved, word) else { return };
            let Some((name, _)) = text.split_once('=') else {
                return c.warn(format!("Log field lacks '=' character, ignoring: {text}"));
            };
            let valid = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
            if !valid
                || name.is_empty()
                || name.len() > 64
                || name.starts_with(|c: char| c == '_' || c.is_ascii_digit())
            {
                c.warn(format!("Log field name is invalid, ignoring: {text}"));
            }
        },
    );
    Ok(())
}

/// `LogNamespace=`.
pub fn log_namespace(c: &mut Context<'_, '_>, value: &str) -> Read {
    let resolved = c.resolve(value);
    let Some(text) = c.or_warn_as(resolved, value) else { return Ok(()) };
    let valid = text.chars().all(|c| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c));
    if !text.is_empty() && (!valid || text.len() > 200) {
        c.warn(format!("Specified log namespace name is not valid, ignoring: {text}"));
    }
    Ok(())
}

/// `RootHash=`: a path, or an even number of at least 32 hexadecimal digits.
pub fn root_hash(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() || value.starts_with('/') {
        return Ok(());
    }
    if value.len() % 2 == 1 || !value.chars().all(|c| c.is_ascii_hexdigit()) {
        c.warn(format!("Failed to decode RootHash=, ignoring: {value}"));
    } else if value.len() < 32 {
        c.warn(format!("RootHash= is too short, ignoring: {value}"));
    }
    Ok(())
}

/// `RootHashSignature=`: a path, or `base64:`.
pub fn root_hash_signature(c: &mut Context<'_, '_>, value: &str) -> Read {
    if !value.is_empty() && !value.starts_with('/') && !value.starts_with("base64:") {
        let why = "not a path but doesn't start with 'base64:'";
        c.warn(format!("Failed to decode RootHashSignature=, {why}, ignoring: {value}"));
    }
    Ok(())
}

/// `RootImageOptions=`: options for partitions by name.
pub fn image_options(c: &mut Context<'_, '_>, value: &str) -> Read {
    for word in value.split_whitespace() {
        let colons = word.matches(':').count();
        if value.starts_with('\'') || colons > 1 {
            c.warn(format!("Failed to parse {}, ignoring: {value}", c.key));
            return Ok(());
        }
        if let Some((partition, options)) = word.split_once(':') {
            if PARTITIONS.contains(&partition) {
                let resolved = c.resolve(options);
                c.or_warn_as(resolved, options);
            } else {
                c.warn(format!("Invalid partition name {partition}, ignoring"));
            }
        } else {
            let resolved = c.resolve(word);
            c.or_warn_as(resolved, word);
        }
    }
    Ok(())
}

/// `MountImages=`, `ExtensionImages=`: images, the former with where they go.
pub fn images(c: &mut Context<'_, '_>, value: &str) -> Read {
    let mounts = c.key == "MountImages";
    let key = c.key.to_owned();
    each(
        c,
        value,
        |errno| format!("Invalid syntax {key}={value}, ignoring: {errno}"),
        |c, word| {
            let plain = word.strip_prefix('-').unwrap_or(word);
            let mut parts = plain.split(':');
            let source = parts.next().unwrap_or_default();
            let resolved = c.resolve_path(source);
            let Some(path) = c.or_warn_as(resolved, &format!("\"{source}\"")) else { return };
            if c.simplify(&path, PathCheck::Absolute).is_none() {
                return;
            }
            if mounts {
                let Some(destination) = parts.next() else {
                    return c.warn(format!("Missing destination in MountImages, ignoring: {value}"));
                };
                if c.simplify(destination, PathCheck::Absolute).is_none() {
                    return;
                }
            }
            let rest: Vec<&str> = parts.collect();
            if let Some(partition) = rest.first().filter(|p| rest.len() > 1 && !PARTITIONS.contains(p)) {
                c.warn(format!("Invalid partition name {partition}, ignoring"));
            }
        },
    );
    Ok(())
}

/// `SystemCallFilter=`, `SystemCallLog=`: names and groups, after `~` to be refused.
pub fn system_calls(c: &mut Context<'_, '_>, value: &str) -> Read {
    let (inverted, rest) = value.strip_prefix('~').map_or((false, value), |rest| (true, rest));
    for word in rest.split_whitespace() {
        let log = c.key == "SystemCallLog";
        let split = word.split_once(':').filter(|_| !log);
        let (name, number) = split.map_or((word, None), |(name, number)| (name, Some(number)));
        if let Some(number) = number {
            if !is_errno(number) && number != "kill" {
                c.warn(format!("Failed to parse syscall:errno, ignoring: {word}"));
                continue;
            }
            if !inverted {
                c.warn(format!("Allow-listed system calls cannot take error number, ignoring: {word}"));
                continue;
            }
        }
        if !is_system_call(name) {
            let what = if name.starts_with('@') { "Unknown system call group" } else { "Failed to parse system call" };
            c.warn(format!("{what}, ignoring: {name}"));
        }
    }
    Ok(())
}

fn is_errno(text: &str) -> bool {
    ERRNOS.iter().any(|errno| errno.name() == text) || parse_unsigned(text).is_ok_and(|n| n <= 4095)
}

/// `SystemCallErrorNumber=`.
pub fn error_number(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value == "0" {
        c.warn(format!("Invalid error number, ignoring: {value}"));
    } else if !value.is_empty() && value != "kill" && !is_errno(value) {
        c.ignoring("error number", value);
    }
    Ok(())
}

/// `SystemCallArchitectures=`.
pub fn architectures(c: &mut Context<'_, '_>, value: &str) -> Read {
    each(
        c,
        value,
        |_| format!("Invalid syntax, ignoring: {value}"),
        |c, word| {
            if !ARCHITECTURES.contains(&word) {
                let text = format!("Failed to parse system call architecture \"{word}\", ignoring: {}", Errno::EINVAL);
                c.warn(text);
            }
        },
    );
    Ok(())
}

/// `RestrictNamespaces=`: a boolean, or kinds of namespaces, after `~` those that are refused.
pub fn namespaces(c: &mut Context<'_, '_>, value: &str) -> Read {
    const KINDS: [&str; 7] = ["cgroup", "ipc", "net", "mnt", "pid", "user", "uts"];
    if value.is_empty() || parse_boolean(value).is_some() {
        return Ok(());
    }
    let rest = value.strip_prefix('~').unwrap_or(value);
    let known = split(rest, WHITESPACE, UNQUOTE).is_ok_and(|words| words.iter().all(|w| KINDS.contains(&w.as_str())));
    if !known {
        c.ignoring("namespace type string", rest);
    }
    Ok(())
}

/// `RestrictFileSystems=`: types, or groups of them.
pub fn file_systems(c: &mut Context<'_, '_>, value: &str) -> Read {
    const GROUPS: [&str; 9] = [
        "@basic-api",
        "@auxiliary-api",
        "@common-block",
        "@historical-block",
        "@network",
        "@privileged-api",
        "@security",
        "@temporary",
        "@known",
    ];
    let rest = value.strip_prefix('~').unwrap_or(value);
    let key = c.key.to_owned();
    each(
        c,
        rest,
        |_| format!("Trailing garbage in {key}, ignoring: {value}"),
        |c, word| {
            if word.starts_with('@') && !GROUPS.contains(&word) {
                c.warn(format!("bpf-lsm: Unknown filesystem group, ignoring: {word}"));
            }
        },
    );
    Ok(())
}

/// `SetCredential=`, `LoadCredential=` and their kin: a name, a colon, and the contents or a path.
pub fn credential(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() {
        return Ok(());
    }
    let set = c.key.starts_with("Set");
    let (name, data) = match value.split_once(':') {
        Some((name, data)) => (name, data),
        None if set => {
            c.warn(format!("Invalid syntax, ignoring: {value}"));
            return Ok(());
        }
        None => (value, ""),
    };
    let resolved = c.resolve(name);
    let Some(name) = c.or_warn_as(resolved, &format!("\"{name}\"")) else { return Ok(()) };
    if name.is_empty() || name.contains('/') || name.contains(|c: char| c.is_control()) {
        c.warn(format!("Credential name \"{name}\" not valid, ignoring."));
    } else if c.key == "SetCredentialEncrypted"
        && (data.len() % 4 != 0 || !data.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)))
    {
        c.warn("Encrypted credential data not valid Base64 data, ignoring.".to_owned());
    }
    Ok(())
}

/// A security label whose specifiers must resolve.
pub fn label(c: &mut Context<'_, '_>, value: &str) -> Read {
    let rest = value.strip_prefix('-').unwrap_or(value);
    match c.resolve(rest) {
        Ok(_) => Ok(()),
        Err(_) if rest.len() < value.len() => Ok(()),
        Err(errno) => {
            c.error(format!("Failed to resolve unit specifiers in '{rest}': {errno}"));
            Err(Errno::ENOEXEC)
        }
    }
}
