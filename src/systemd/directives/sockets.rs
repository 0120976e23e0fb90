//! The directives of `[Socket]`: systemd.socket(5).

use super::check_cgroup::is_interface;
use super::commands::exec;
use super::context::PathCheck;
use super::dependencies::{instantiated, list_words};
use super::exec_values::account;
use super::{Check, Context, Directive, Parse, row};
use crate::systemd::config::{ListenKind, SocketConfig, SocketExec, SocketListen, TypeConfig, UnitSettings};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::span::parse_sec;
use crate::systemd::unit_file::words::UNQUOTE;
use crate::systemd::value::number::{parse_boolean, parse_int, parse_u64, parse_unsigned};
use crate::world::Errno;
use Parse::{Bool, Custom, Known, Mode, SecFix0, Unsigned, Word};

/// systemd.socket(5).
pub const SOCKET: &[Directive] = &[
    row("ListenStream", Custom(listen)).of("address"),
    row("ListenDatagram", Custom(listen)).of("address"),
    row("ListenSequentialPacket", Custom(listen)).of("address"),
    row("ListenFIFO", Custom(listen)).of("address"),
    row("ListenNetlink", Custom(listen)).of("address").stored(),
    row("ListenSpecial", Custom(listen)).of("address").stored(),
    row("ListenMessageQueue", Custom(listen)).of("address").stored(),
    row("ListenUSBFunction", Custom(listen)).of("address").stored(),
    row("SocketProtocol", Known(Check::Word("socket protocol", &["udplite", "sctp"]))),
    row("BindIPv6Only", Word("bind IPv6 only value", bind_ipv6_only)),
    row("Backlog", Unsigned(|u| socket(u).map(|s| &mut s.backlog))),
    row("BindToDevice", Known(Check::With(bind_to_device))).of("interface"),
    row("ExecStartPre", Custom(|c, u, v| commands(c, u, v, SocketExec::StartPre))).of("command").stored(),
    row("ExecStartPost", Custom(|c, u, v| commands(c, u, v, SocketExec::StartPost))).of("command").stored(),
    row("ExecStopPre", Custom(|c, u, v| commands(c, u, v, SocketExec::StopPre))).of("command").stored(),
    row("ExecStopPost", Custom(|c, u, v| commands(c, u, v, SocketExec::StopPost))).of("command").stored(),
    row("TimeoutSec", SecFix0(|u| socket(u).map(|s| &mut s.timeout))).stored(),
    row("SocketUser", Custom(|c, u, v| account_of(c, socket(u).map(|s| &mut s.socket_user), v))).of("user"),
    row("SocketGroup", Custom(|c, u, v| account_of(c, socket(u).map(|s| &mut s.socket_group), v))).of("group"),
    row("SocketMode", Mode(|u| socket(u).map(|s| &mut s.socket_mode))),
    row("DirectoryMode", Mode(|u| socket(u).map(|s| &mut s.directory_mode))),
    row("Accept", Bool(|u| socket(u).map(|s| &mut s.accept))),
    row("FlushPending", Bool(|u| socket(u).map(|s| &mut s.flush_pending))),
    row("Writable", Known(Check::Bool)),
    row("MaxConnections", Unsigned(|u| socket(u).map(|s| &mut s.max_connections))),
    row("MaxConnectionsPerSource", Known(Check::Unsigned)),
    row("KeepAlive", Known(Check::Bool)),
    row("KeepAliveTimeSec", Known(Check::Sec)),
    row("KeepAliveIntervalSec", Known(Check::Sec)),
    row("KeepAliveProbes", Known(Check::Unsigned)),
    row("DeferAcceptSec", Known(Check::Sec)),
    row("NoDelay", Known(Check::Bool)),
    row("Priority", Known(Check::Int)),
    row("ReceiveBuffer", Known(Check::Size)),
    row("SendBuffer", Known(Check::Size)),
    row("IPTOS", Known(Check::With(ip_tos))).of("type of service"),
    row("IPTTL", Known(Check::Int)),
    row("Mark", Known(Check::Int)),
    row("PipeSize", Known(Check::Size)),
    row("FreeBind", Known(Check::Bool)),
    row("Transparent", Known(Check::Bool)),
    row("Broadcast", Known(Check::Bool)),
    row("PassCredentials", Known(Check::Bool)),
    row("PassSecurity", Known(Check::Bool)),
    row("PassPacketInfo", Known(Check::Bool)),
    row("Timestamping", Known(Check::With(timestamping))).of("boolean or unit"),
    row("TCPCongestion", Known(Check::Any)).of("text"),
    row("ReusePort", Known(Check::Bool)),
    row("MessageQueueMaxMessages", Known(Check::Long)),
    row("MessageQueueMessageSize", Known(Check::Long)),
    row("RemoveOnStop", Bool(|u| socket(u).map(|s| &mut s.remove_on_stop))),
    row("Symlinks", Custom(symlinks)).of("paths"),
    row("FileDescriptorName", Custom(fd_name)).of("name"),
    row("Service", Custom(service)).of("unit"),
    row(
        "TriggerLimitIntervalSec",
        Word("sec value", |u, v| {
            let span = parse_sec(v).ok();
            socket(u).is_none_or(|s| super::unit::set(&mut s.trigger_limit_interval, span.map(Some)))
        }),
    ),
    row(
        "TriggerLimitBurst",
        Word("unsigned value", |u, v| {
            let burst = parse_unsigned(v).ok();
            socket(u).is_none_or(|s| super::unit::set(&mut s.trigger_limit_burst, burst.map(Some)))
        }),
    ),
    row("SmackLabel", Known(Check::Text)),
    row("SmackLabelIPIn", Known(Check::Text)),
    row("SmackLabelIPOut", Known(Check::Text)),
    row("SELinuxContextFromNet", Known(Check::Bool)),
];

fn socket(u: &mut UnitSettings) -> Option<&mut SocketConfig> {
    if let TypeConfig::Socket(socket) = &mut u.kind { Some(socket) } else { None }
}

fn commands(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str, which: SocketExec) -> Result<(), Errno> {
    match socket(u) {
        Some(socket) => exec(c, &mut socket.commands[which as usize], value),
        None => Ok(()),
    }
}

/// `ListenStream=` and kin; an empty value empties the list of all kinds.
fn listen(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let (Some(socket), Some(kind)) = (socket(u), ListenKind::parse(c.key)) else { return Ok(()) };
    if value.is_empty() {
        socket.listens.clear();
        return Ok(());
    }
    let resolved = c.resolve(value);
    let Some(text) = c.or_warn(resolved, value) else { return Ok(()) };
    let address = match kind {
        ListenKind::Fifo | ListenKind::Special | ListenKind::UsbFunction => c.simplify(&text, PathCheck::Absolute),
        ListenKind::MessageQueue => c.simplify(&text, PathCheck::Absolute),
        _ => {
            let read = if kind == ListenKind::Netlink { netlink(&text) } else { address(&text) };
            match read {
                Ok(address) if kind == ListenKind::SequentialPacket && !address.starts_with(['/', '@']) => {
                    c.warn(format!("Address family not supported, ignoring: {value}"));
                    return Ok(());
                }
                Ok(address) => Some(address),
                Err(errno) => {
                    c.warn(format!("Failed to parse address value in '{text}', ignoring: {errno}"));
                    None
                }
            }
        }
    };
    if let Some(address) = address {
        let address = address.strip_prefix("/var/run/").map_or(address.clone(), |rest| format!("/run/{rest}"));
        socket.listens.push(SocketListen { kind, address });
    }
    Ok(())
}

/// The normal form of a stream or datagram address: `8080` is `[::]:8080`. Errors: EINVAL, ERANGE.
fn address(text: &str) -> Result<String, Errno> {
    let port = |digits: &str| match parse_int(digits).ok().and_then(|n| u16::try_from(n).ok()) {
        Some(0) | None => Err(Errno::EINVAL),
        Some(port) => Ok(port),
    };
    if text.starts_with('/') || text.starts_with('@') {
        return if text.len() > 1 && text.len() < 108 { Ok(text.to_owned()) } else { Err(Errno::EINVAL) };
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (host, digits) = rest.split_once("]:").ok_or(Errno::EINVAL)?;
        let host: std::net::Ipv6Addr = host.parse().map_err(|_| Errno::EINVAL)?;
        return Ok(format!("[{host}]:{}", port(digits)?));
    }
    if let Some((host, digits)) = text.rsplit_once(':') {
        let host: std::net::Ipv4Addr = host.parse().map_err(|_| Errno::EINVAL)?;
        return Ok(format!("{host}:{}", port(digits)?));
    }
    match parse_u64(text) {
        Err(errno) => Err(errno),
        Ok(0) => Err(Errno::EINVAL),
        Ok(1..=65_535) => Ok(format!("[::]:{}", port(text)?)),
        Ok(_) => Err(Errno::ERANGE),
    }
}

/// A netlink family by name or number, perhaps with a group.
fn netlink(text: &str) -> Result<String, Errno> {
    const FAMILIES: [&str; 14] = [
        "route",
        "firewall",
        "inet-diag",
        "nflog",
        "xfrm",
        "selinux",
        "iscsi",
        "audit",
        "fib-lookup",
        "connector",
        "netfilter",
        "ip6-fw",
        "dnrtmsg",
        "kobject-uevent",
    ];
    let (family, group) = text.split_once([' ', '\t']).map_or((text, None), |(family, group)| (family, Some(group)));
    let number = |text: &str| parse_unsigned(text).is_ok();
    let known =
        FAMILIES.contains(&family) || ["generic", "scsitransport", "ecryptfs", "rdma", "crypto"].contains(&family);
    if (known || number(family)) && group.is_none_or(|group| number(group.trim())) {
        Ok(text.to_owned())
    } else {
        Err(Errno::EINVAL)
    }
}

/// `BindIPv6Only=`.
fn bind_ipv6_only(u: &mut UnitSettings, value: &str) -> bool {
    let only = match value {
        "default" => Some(None),
        "both" => Some(Some(false)),
        "ipv6-only" => Some(Some(true)),
        _ => parse_boolean(value).map(Some),
    };
    socket(u).is_none_or(|s| super::unit::set(&mut s.bind_ipv6_only, only))
}

/// `BindToDevice=`.
fn bind_to_device(c: &mut Context<'_, '_>, value: &str) -> Result<(), Errno> {
    if !value.is_empty() && value != "*" && !is_interface(value) {
        c.warn(format!("Invalid interface name, ignoring: {value}"));
    }
    Ok(())
}

/// `IPTOS=`: a name or a byte.
fn ip_tos(c: &mut Context<'_, '_>, value: &str) -> Result<(), Errno> {
    let named = ["", "low-delay", "throughput", "reliability", "low-cost"].contains(&value);
    if !named && !parse_int(value).is_ok_and(|n| (0..=255).contains(&n)) {
        c.ignoring("IP TOS value", value);
    }
    Ok(())
}

/// `Timestamping=`: a boolean or a unit.
fn timestamping(c: &mut Context<'_, '_>, value: &str) -> Result<(), Errno> {
    if parse_boolean(value).is_none() && !["off", "us", "ns", "usec", "nsec", "\u{b5}s"].contains(&value) {
        c.ignoring("timestamping precision", value);
    }
    Ok(())
}

/// `SocketUser=`, `SocketGroup=`.
fn account_of(c: &mut Context<'_, '_>, place: Option<&mut Option<String>>, value: &str) -> Result<(), Errno> {
    let name = if value.is_empty() { None } else { Some(account(c, value)?) };
    if let Some(place) = place {
        *place = name;
    }
    Ok(())
}

/// `FileDescriptorName=`.
fn fd_name(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let resolved = c.resolve(value);
    let Some(name) = c.or_warn(resolved, value) else { return Ok(()) };
    if name.contains(|c: char| c == ':' || c.is_control()) || name.len() > 255 {
        c.warn(format!("Invalid file descriptor name, ignoring: {name}"));
    } else if let Some(socket) = socket(u) {
        socket.fd_name = Some(name).filter(|name| !name.is_empty());
    }
    Ok(())
}

/// `Symlinks=`: absolute paths; lists add up.
fn symlinks(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(socket) = socket(u) else { return Ok(()) };
    if value.is_empty() {
        socket.symlinks.clear();
    }
    for word in list_words(c, value, UNQUOTE) {
        let resolved = c.resolve_path(&word);
        let Some(path) = c.or_warn(resolved, &word) else { continue };
        match c.simplify(&path, PathCheck::Absolute) {
            Some(path) => socket.symlinks.push(path),
            None => break,
        }
    }
    Ok(())
}

/// `Service=`.
fn service(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let resolved = c.resolve_name(value);
    let Some(name) = c.or_warn_as(resolved, value) else { return Ok(()) };
    if !name.ends_with(".service") {
        c.warn(format!("Unit must be of type service, ignoring: {value}"));
        return Ok(());
    }
    let Some(other) = instantiated(c, &name) else {
        c.warn(format!("Failed to load unit {name}, ignoring: Unit name {name} is not valid."));
        return Ok(());
    };
    u.unit.add_dependency(UnitDependency::Before, other.clone());
    u.unit.add_dependency(UnitDependency::Triggers, other);
    if let Some(socket) = socket(u) {
        socket.service = Some(name);
    }
    Ok(())
}
