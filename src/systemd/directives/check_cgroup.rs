//! Values of systemd.resource-control(5) that are checked and kept: devices, their limits, addresses, interfaces.

use super::context::{Context, PathCheck};
use crate::systemd::span::parse_sec;
use crate::systemd::unit_file::words::{UNQUOTE, Words};
use crate::systemd::value::number::{parse_size, parse_u64, parse_unsigned};
use crate::world::Errno;

type Read = Result<(), Errno>;

/// Kinds of programs that `BPFProgram=` knows.
const BPF_TYPES: [&str; 16] = [
    "ingress",
    "egress",
    "sock_create",
    "sock_ops",
    "device",
    "bind4",
    "bind6",
    "connect4",
    "connect6",
    "post_bind4",
    "post_bind6",
    "sendmsg4",
    "sendmsg6",
    "sysctl",
    "recvmsg4",
    "recvmsg6",
];

/// The controllers that `DisableControllers=` knows.
const CONTROLLERS: [&str; 12] = [
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
];

/// Splits off the device; the rest is what is said about it. Messages: what the two are called together.
fn device<'a>(c: &mut Context<'_, '_>, value: &'a str, what: &str, both: &str) -> Option<(String, &'a str)> {
    let mut words = Words::new(value, UNQUOTE);
    let first = match words.next_word() {
        Ok(first) => first.unwrap_or_default(),
        Err(_) => {
            c.warn(format!("Failed to extract {what} from '{value}', ignoring."));
            return None;
        }
    };
    let rest = words.rest.unwrap_or_default().trim_start();
    if rest.is_empty() {
        c.warn(format!("Invalid {both} specified in '{value}', ignoring."));
        return None;
    }
    Some((first, rest))
}

/// The device's path, resolved and checked.
fn device_path(c: &mut Context<'_, '_>, path: &str) -> bool {
    let resolved = c.resolve_path(path);
    c.or_warn(resolved, path).is_some_and(|path| c.simplify(&path, PathCheck::Absolute).is_some())
}

fn deprecated(c: &mut Context<'_, '_>) {
    let key = c.key;
    c.warn(format!("Unit uses {key}=; please use IO*= settings instead. Support for {key}= will be removed soon."));
}

/// `IOReadBandwidthMax=` and its kin: a device and bytes or operations a second.
pub fn io_limit(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() {
        return Ok(());
    }
    let Some((path, limit)) = device(c, value, "device node and bandwidth", "device node or bandwidth") else {
        return Ok(());
    };
    if limit != "infinity" && parse_size(limit, 1000).map_or(true, |n| n == 0) {
        c.warn(format!("Invalid IO limit '{limit}', ignoring."));
    } else {
        device_path(c, &path);
    }
    Ok(())
}

/// `IODeviceWeight=`.
pub fn io_device_weight(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() {
        return Ok(());
    }
    if let Some((path, weight)) = device(c, value, "device path and weight", "device path or weight") {
        match weight_fault(weight, 1..=10_000) {
            Some(errno) => c.warn(format!("IO weight '{weight}' invalid, ignoring: {errno}")),
            None => {
                device_path(c, &path);
            }
        }
    }
    Ok(())
}

fn weight_fault(text: &str, range: std::ops::RangeInclusive<u64>) -> Option<Errno> {
    match parse_u64(text) {
        Err(errno) => Some(errno),
        Ok(weight) => (!range.contains(&weight)).then_some(Errno::ERANGE),
    }
}

/// `IODeviceLatencyTargetSec=`.
pub fn io_latency(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() {
        return Ok(());
    }
    if let Some((path, span)) = device(c, value, "device path and latency", "device path or latency") {
        if parse_sec(span).is_err() {
            c.ignoring("timer value", span);
        } else {
            device_path(c, &path);
        }
    }
    Ok(())
}

/// `BlockIOWeight=`, an old name of `IOWeight=`.
pub fn block_weight(c: &mut Context<'_, '_>, value: &str) -> Read {
    if !value.is_empty() && weight_fault(value, 10..=1000).is_some() {
        c.warn(format!("Invalid block IO weight, ignoring: {value}"));
    }
    Ok(())
}

/// `BlockIODeviceWeight=`.
pub fn block_device_weight(c: &mut Context<'_, '_>, value: &str) -> Read {
    deprecated(c);
    if value.is_empty() {
        return Ok(());
    }
    if let Some((path, weight)) = device(c, value, "device node and weight", "device node or weight") {
        match weight_fault(weight, 10..=1000) {
            Some(errno) => c.warn(format!("Invalid block IO weight '{weight}', ignoring: {errno}")),
            None => {
                device_path(c, &path);
            }
        }
    }
    Ok(())
}

/// `BlockIOReadBandwidth=`, `BlockIOWriteBandwidth=`.
pub fn block_bandwidth(c: &mut Context<'_, '_>, value: &str) -> Read {
    deprecated(c);
    if value.is_empty() {
        return Ok(());
    }
    if let Some((path, limit)) = device(c, value, "device node and bandwidth", "device node or bandwidth") {
        if parse_size(limit, 1000).map_or(true, |n| n == 0) {
            c.warn(format!("Invalid Block IO Bandwidth '{limit}', ignoring."));
        } else {
            device_path(c, &path);
        }
    }
    Ok(())
}

/// `DeviceAllow=`: a device node or class, and any of `rwm`.
pub fn device_allow(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() {
        return Ok(());
    }
    let mut words = Words::new(value, UNQUOTE);
    let Ok(first) = words.next_word() else {
        c.warn(format!("Failed to extract device path and rights from '{value}', ignoring."));
        return Ok(());
    };
    let first = first.unwrap_or_default();
    let resolved = c.resolve_path(&first);
    let Some(path) = c.or_warn(resolved, &first) else { return Ok(()) };
    let class = path.starts_with("block-") || path.starts_with("char-");
    if !class && path.split('/').any(|part| part == "..") {
        c.warn(format!("DeviceAllow= path is not normalized, ignoring: {path}"));
        return Ok(());
    }
    let node = ["/dev/", "/run/systemd/inaccessible/"].iter().any(|folder| path.starts_with(folder));
    if !class && !node {
        c.warn(format!("Invalid device node path '{path}', ignoring."));
        return Ok(());
    }
    let rights = words.rest.unwrap_or_default().trim_start();
    if !rights.chars().all(|c| "rwm".contains(c)) {
        c.warn(format!("Invalid device rights '{rights}', ignoring."));
    }
    Ok(())
}

/// `DisableControllers=`.
pub fn controllers(c: &mut Context<'_, '_>, value: &str) -> Read {
    if !value.split_whitespace().all(|word| CONTROLLERS.contains(&word)) {
        c.warn(format!("Invalid cgroup string: {value}, ignoring"));
    }
    Ok(())
}

/// `IPAddressAllow=`, `IPAddressDeny=`: prefixes, or names of the usual ones.
pub fn addresses(c: &mut Context<'_, '_>, value: &str) -> Read {
    const NAMES: [&str; 4] = ["any", "localhost", "link-local", "multicast"];
    for word in value.split_whitespace() {
        if !NAMES.contains(&word) && !is_prefix(word) {
            c.warn(format!("Address prefix is invalid, ignoring assignment: {word}"));
        }
    }
    Ok(())
}

fn is_prefix(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// `BPFProgram=`: a kind and a path.
pub fn bpf_program(c: &mut Context<'_, '_>, value: &str) -> Read {
    if value.is_empty() {
        return Ok(());
    }
    match value.split_once(':') {
        None => c.warn(format!("Invalid syntax in BPFProgram=, ignoring: {value}")),
        Some((kind, _)) if !BPF_TYPES.contains(&kind) => {
            c.warn(format!("Unknown BPF attach type={kind}, ignoring: {value}"));
        }
        Some((_, path)) => {
            let resolved = c.resolve_path(path);
            if let Some(path) = c.or_warn(resolved, path) {
                c.simplify(&path, PathCheck::Absolute);
            }
        }
    }
    Ok(())
}

/// `SocketBindAllow=`, `SocketBindDeny=`: family, protocol and ports, with colons between them.
pub fn socket_bind(c: &mut Context<'_, '_>, value: &str) -> Read {
    let port = |text: &str| parse_unsigned(text).is_ok_and(|n| (1..=65_535).contains(&n));
    let ports = |text: &str| {
        text == "any" || port(text) || text.split_once('-').is_some_and(|(from, to)| port(from) && port(to))
    };
    let parts: Vec<&str> = value.split(':').collect();
    let (families, protocols) = (["ipv4", "ipv6"], ["tcp", "udp"]);
    let fits = match parts[..] {
        [""] => true,
        [one] => ports(one) || families.contains(&one) || protocols.contains(&one),
        [one, two] => {
            (families.contains(&one) && (protocols.contains(&two) || ports(two)))
                || (protocols.contains(&one) && ports(two))
        }
        [one, two, three] => families.contains(&one) && protocols.contains(&two) && ports(three),
        _ => false,
    };
    if !fits {
        c.warn(format!("Unable to parse {}= assignment, ignoring: {value}", c.key));
    }
    Ok(())
}

/// Whether a text can name a network interface.
pub fn is_interface(name: &str) -> bool {
    let number = name.chars().all(|c| c.is_ascii_digit());
    let valid = name.chars().all(|c| c.is_ascii_graphic() && !":/%".contains(c));
    !name.is_empty() && name.len() < 16 && valid && !number && !["all", "default", ".", ".."].contains(&name)
}

/// `RestrictNetworkInterfaces=`.
pub fn interfaces(c: &mut Context<'_, '_>, value: &str) -> Read {
    let mut words = Words::new(value.strip_prefix('~').unwrap_or(value), UNQUOTE);
    loop {
        match words.next_word() {
            Ok(Some(word)) if is_interface(&word) => {}
            Ok(Some(word)) => c.warn(format!("Invalid interface name, ignoring: {word}")),
            Ok(None) => return Ok(()),
            Err(_) => {
                c.warn(format!("Trailing garbage in {}, ignoring: {value}", c.key));
                return Ok(());
            }
        }
    }
}
