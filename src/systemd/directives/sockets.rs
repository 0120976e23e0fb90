//! The directives of `[Socket]`: systemd.socket(5).

use super::commands::exec;
use super::context::PathCheck;
use super::dependencies::{instantiated, list_words};
use super::{Check, Context, Directive, Parse, row};
use crate::systemd::config::{ListenKind, SocketConfig, SocketExec, SocketListen, TypeConfig, UnitSettings};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::span::parse_sec;
use crate::systemd::unit_file::words::UNQUOTE;
use crate::systemd::value::number::{parse_int, parse_unsigned};
use crate::world::Errno;
use Parse::{Bool, Custom, Known, Mode, SecFix0, Text, Unsigned, Word};

/// systemd.socket(5).
pub const SOCKET: &[Directive] = &[
    row("ListenStream", Custom(listen)),
    row("ListenDatagram", Custom(listen)),
    row("ListenSequentialPacket", Custom(listen)),
    row("ListenFIFO", Custom(listen)),
    row("ListenNetlink", Custom(listen)),
    row("ListenSpecial", Custom(listen)),
    row("ListenMessageQueue", Custom(listen)),
    row("ListenUSBFunction", Custom(listen)),
    row("SocketProtocol", Known(Check::Words("socket protocol", &["udplite", "sctp"]))),
    row("BindIPv6Only", Known(Check::Words("bind IPv6 only value", &["default", "both", "ipv6-only"]))),
    row("Backlog", Unsigned(|u| socket(u).map(|s| &mut s.backlog))),
    row("BindToDevice", Known(Check::Any)),
    row("ExecStartPre", Custom(|c, u, v| commands(c, u, v, SocketExec::StartPre))),
    row("ExecStartPost", Custom(|c, u, v| commands(c, u, v, SocketExec::StartPost))),
    row("ExecStopPre", Custom(|c, u, v| commands(c, u, v, SocketExec::StopPre))),
    row("ExecStopPost", Custom(|c, u, v| commands(c, u, v, SocketExec::StopPost))),
    row("TimeoutSec", SecFix0(|u| socket(u).map(|s| &mut s.timeout))),
    row("SocketUser", Text(|u| socket(u).map(|s| &mut s.socket_user))),
    row("SocketGroup", Text(|u| socket(u).map(|s| &mut s.socket_group))),
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
    row("IPTOS", Known(Check::Any)),
    row("IPTTL", Known(Check::Int)),
    row("Mark", Known(Check::Int)),
    row("PipeSize", Known(Check::Size)),
    row("FreeBind", Known(Check::Bool)),
    row("Transparent", Known(Check::Bool)),
    row("Broadcast", Known(Check::Bool)),
    row("PassCredentials", Known(Check::Bool)),
    row("PassSecurity", Known(Check::Bool)),
    row("PassPacketInfo", Known(Check::Bool)),
    row("Timestamping", Known(Check::Words("timestamping precision", &["off", "us", "ns", "usec", "nsec", "µs"]))),
    row("TCPCongestion", Known(Check::Text)),
    row("ReusePort", Known(Check::Bool)),
    row("MessageQueueMaxMessages", Known(Check::Int)),
    row("MessageQueueMessageSize", Known(Check::Int)),
    row("RemoveOnStop", Bool(|u| socket(u).map(|s| &mut s.remove_on_stop))),
    row("Symlinks", Custom(symlinks)),
    row("FileDescriptorName", Text(|u| socket(u).map(|s| &mut s.fd_name))),
    row("Service", Custom(service)),
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
        ListenKind::MessageQueue | ListenKind::Netlink => Some(text),
        _ => {
            let address = address(&text);
            if address.is_none() {
                c.warn(format!("Failed to parse address value in '{text}', ignoring: {}", Errno::EINVAL));
            }
            address
        }
    };
    if let Some(address) = address {
        socket.listens.push(SocketListen { kind, address });
    }
    Ok(())
}

/// The normal form of a stream or datagram address: `8080` is `[::]:8080`.
fn address(text: &str) -> Option<String> {
    let port = |digits: &str| parse_int(digits).ok().and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0);
    if text.starts_with('/') || text.starts_with('@') {
        return (text.len() > 1 && text.len() < 108).then(|| text.to_owned());
    }
    if let Some(number) = port(text) {
        return Some(format!("[::]:{number}"));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (host, digits) = rest.split_once("]:")?;
        let host: std::net::Ipv6Addr = host.parse().ok()?;
        return Some(format!("[{host}]:{}", port(digits)?));
    }
    let (host, digits) = text.rsplit_once(':')?;
    let host: std::net::Ipv4Addr = host.parse().ok()?;
    Some(format!("{host}:{}", port(digits)?))
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
        if let Some(path) = c.simplify(&path, PathCheck::Absolute) {
            socket.symlinks.push(path);
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
