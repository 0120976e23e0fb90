//! The properties of timers, sockets, paths, mounts and scopes: org.freedesktop.systemd1(5).

use super::exec::kept;
use super::value::{Value, known, list, monotonic, octal, span, stamp, text, word, yes_no};
use super::{Look, Property};
use crate::commands::systemctl::list_sockets::listen_type;
use crate::systemd::config::{MountConfig, PathConfig, SliceConfig, SocketConfig, TimerConfig, TimerSpec, TypeConfig};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::span::{format_timespan, parse_sec};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::UnitType;
use crate::systemd::value::parse_size;

fn timer(look: &Look<'_>, get: impl FnOnce(&TimerConfig) -> Value) -> Value {
    match &look.settings.kind {
        TypeConfig::Timer(config) => get(config),
        _ => Value::Absent,
    }
}

fn socket(look: &Look<'_>, get: impl FnOnce(&SocketConfig) -> Value) -> Value {
    match &look.settings.kind {
        TypeConfig::Socket(config) => get(config),
        _ => Value::Absent,
    }
}

fn path(look: &Look<'_>, get: impl FnOnce(&PathConfig) -> Value) -> Value {
    match &look.settings.kind {
        TypeConfig::Path(config) => get(config),
        _ => Value::Absent,
    }
}

fn mount(look: &Look<'_>, get: impl FnOnce(&MountConfig) -> Value) -> Value {
    match &look.settings.kind {
        TypeConfig::Mount(config) => get(config),
        _ => Value::Absent,
    }
}

fn scope(look: &Look<'_>, get: impl FnOnce(&SliceConfig) -> Value) -> Value {
    match &look.settings.kind {
        TypeConfig::Scope(config) => get(config),
        _ => Value::Absent,
    }
}

/// The unit that is triggered.
fn triggered(look: &Look<'_>) -> Value {
    if look.unit.load_state() != LoadState::Loaded {
        return word("");
    }
    let found = look.unit.dependency(UnitDependency::Triggers).next().cloned();
    word(found.or_else(|| look.unit.name.with_type(UnitType::Service)).map_or(String::new(), |name| name.to_string()))
}

/// The triggers of one kind, a line each.
fn timers(look: &Look<'_>, calendar: bool) -> Value {
    let next = look.unit.timer.as_deref();
    timer(look, |c| {
        let elapse = |is_monotonic: bool| {
            let time = next.filter(|t| t.next_is_monotonic == is_monotonic).and_then(|t| t.next_elapse);
            match (time, is_monotonic) {
                (None, true) => "0".to_owned(),
                (None, false) => "(null)".to_owned(),
                (Some(time), true) => format_timespan(time.0.saturating_sub(look.booted.0), 1),
                (Some(time), false) => crate::commands::systemctl::times::format_timestamp(time),
            }
        };
        let line = |spec: &TimerSpec| match spec {
            TimerSpec::Calendar(text) if calendar => {
                Some(format!("{{ OnCalendar={text} ; next_elapse={} }}", elapse(false)))
            }
            TimerSpec::Monotonic(base, usec) if !calendar => {
                let base = base.as_str().replace("Sec", "USec");
                Some(format!("{{ {base}={} ; next_elapse={} }}", format_timespan(*usec, 1), elapse(true)))
            }
            _ => None,
        };
        Value::Lines(c.specs.iter().filter_map(line).collect())
    })
}

/// When a timer elapses next, on one of the clocks.
fn next_elapse(look: &Look<'_>, is_monotonic: bool) -> Value {
    let timer = look.unit.timer.as_deref();
    let next = timer.filter(|t| t.next_is_monotonic == is_monotonic).and_then(|t| t.next_elapse);
    match next {
        None if is_monotonic => word("infinity"),
        None => word(""),
        Some(time) if is_monotonic => span(time.0.saturating_sub(look.booted.0)),
        Some(_) => stamp(look, next),
    }
}

/// A timer.
pub const TIMER: &[Property] = &[
    ("Unit", triggered),
    ("TimersMonotonic", |l| timers(l, false)),
    ("TimersCalendar", |l| timers(l, true)),
    ("OnClockChange", |l| timer(l, |c| yes_no(c.on_clock_change))),
    ("OnTimezoneChange", |l| timer(l, |c| yes_no(c.on_timezone_change))),
    ("NextElapseUSecRealtime", |l| next_elapse(l, false)),
    ("NextElapseUSecMonotonic", |l| next_elapse(l, true)),
    ("LastTriggerUSec", |l| stamp(l, l.unit.timer.as_deref().and_then(|t| t.last_trigger))),
    ("LastTriggerUSecMonotonic", |l| monotonic(l, l.unit.timer.as_deref().and_then(|t| t.last_trigger))),
    ("Result", |l| word(l.unit.plain_result)),
    ("AccuracyUSec", |l| timer(l, |c| span(c.accuracy))),
    ("RandomizedDelayUSec", |l| timer(l, |c| span(c.randomized_delay))),
    ("FixedRandomDelay", |l| timer(l, |c| yes_no(c.fixed_random_delay))),
    ("Persistent", |l| timer(l, |c| yes_no(c.persistent))),
    ("WakeSystem", |l| timer(l, |c| yes_no(c.wake_system))),
    ("RemainAfterElapse", |l| timer(l, |c| yes_no(c.remain_after_elapse))),
];

/// A socket.
pub const SOCKET: &[Property] = &[
    ("BindIPv6Only", |l| {
        socket(l, |c| word(c.bind_ipv6_only.map_or("default", |only| if only { "ipv6-only" } else { "both" })))
    }),
    ("Backlog", |l| socket(l, |c| word(c.backlog))),
    ("TimeoutUSec", |l| socket(l, |c| span(c.timeout))),
    ("BindToDevice", |l| kept_text(l, "BindToDevice", "")),
    ("SocketUser", |l| socket(l, |c| text(&c.socket_user))),
    ("SocketGroup", |l| socket(l, |c| text(&c.socket_group))),
    ("SocketMode", |l| socket(l, |c| octal(c.socket_mode))),
    ("DirectoryMode", |l| socket(l, |c| octal(c.directory_mode))),
    ("Accept", |l| socket(l, |c| yes_no(c.accept))),
    ("FlushPending", |l| socket(l, |c| yes_no(c.flush_pending))),
    ("Writable", |l| kept(l, "Writable", "no")),
    ("KeepAlive", |l| kept(l, "KeepAlive", "no")),
    ("KeepAliveTimeUSec", |l| kept_span(l, "KeepAliveTimeSec")),
    ("KeepAliveIntervalUSec", |l| kept_span(l, "KeepAliveIntervalSec")),
    ("KeepAliveProbes", |l| kept(l, "KeepAliveProbes", "0")),
    ("DeferAcceptUSec", |l| kept_span(l, "DeferAcceptSec")),
    ("NoDelay", |l| kept(l, "NoDelay", "no")),
    ("Priority", |l| kept_text(l, "Priority", "-1")),
    ("ReceiveBuffer", |l| kept_size(l, "ReceiveBuffer")),
    ("SendBuffer", |l| kept_size(l, "SendBuffer")),
    ("IPTOS", |l| kept_text(l, "IPTOS", "-1")),
    ("IPTTL", |l| kept_text(l, "IPTTL", "-1")),
    ("PipeSize", |l| kept_size(l, "PipeSize")),
    ("FreeBind", |l| kept(l, "FreeBind", "no")),
    ("Transparent", |l| kept(l, "Transparent", "no")),
    ("Broadcast", |l| kept(l, "Broadcast", "no")),
    ("PassCredentials", |l| kept(l, "PassCredentials", "no")),
    ("PassSecurity", |l| kept(l, "PassSecurity", "no")),
    ("PassPacketInfo", |l| kept(l, "PassPacketInfo", "no")),
    ("Timestamping", |l| kept_text(l, "Timestamping", "off")),
    ("RemoveOnStop", |l| socket(l, |c| yes_no(c.remove_on_stop))),
    ("Listen", |l| {
        socket(l, |c| {
            Value::Lines(c.listens.iter().map(|e| format!("{} ({})", e.address, listen_type(e.kind))).collect())
        })
    }),
    ("Symlinks", |l| socket(l, |c| list(&c.symlinks))),
    ("Mark", |l| kept_text(l, "Mark", "-1")),
    ("MaxConnections", |l| socket(l, |c| word(c.max_connections))),
    ("MaxConnectionsPerSource", |l| kept_text(l, "MaxConnectionsPerSource", "0")),
    ("MessageQueueMaxMessages", |l| kept_text(l, "MessageQueueMaxMessages", "0")),
    ("MessageQueueMessageSize", |l| kept_text(l, "MessageQueueMessageSize", "0")),
    ("TCPCongestion", |l| kept_text(l, "TCPCongestion", "")),
    ("ReusePort", |l| kept(l, "ReusePort", "no")),
    ("ControlPID", |_| word(0)),
    ("Result", |l| word(l.unit.plain_result)),
    ("NConnections", |l| word(l.unit.socket.as_ref().map_or(0, |run| run.n_connections))),
    ("NAccepted", |l| word(l.unit.socket.as_ref().map_or(0, |run| run.n_accepted))),
    ("NRefused", |l| word(l.unit.socket.as_ref().map_or(0, |run| run.n_refused))),
    ("FileDescriptorName", |l| {
        let own = l.unit.name.to_string();
        socket(l, |c| word(c.fd_name.as_deref().unwrap_or(&own)))
    }),
    ("SocketProtocol", |_| word(0)),
    ("TriggerLimitIntervalUSec", |l| socket(l, |c| span(c.trigger_limit_interval.unwrap_or(2_000_000)))),
    ("TriggerLimitBurst", |l| socket(l, |c| word(c.trigger_limit_burst.unwrap_or(if c.accept { 200 } else { 20 })))),
    ("UID", |_| known(None)),
    ("GID", |_| known(None)),
];

/// A setting of one word that is only kept.
fn kept_text(look: &Look<'_>, key: &str, default: &str) -> Value {
    word(look.settings.kept(key).unwrap_or(default))
}

/// A span that is only kept.
fn kept_span(look: &Look<'_>, key: &str) -> Value {
    span(look.settings.kept(key).and_then(|text| parse_sec(text).ok()).unwrap_or(0))
}

/// A size that is only kept.
fn kept_size(look: &Look<'_>, key: &str) -> Value {
    word(look.settings.kept(key).and_then(|text| parse_size(text, 1024).ok()).unwrap_or(0))
}

/// A path.
pub const PATH: &[Property] = &[
    ("Unit", triggered),
    ("Paths", |l| {
        path(l, |c| Value::Lines(c.specs.iter().map(|spec| format!("{} ({})", spec.path, spec.kind)).collect()))
    }),
    ("MakeDirectory", |l| path(l, |c| yes_no(c.make_directory))),
    ("DirectoryMode", |l| path(l, |c| octal(c.directory_mode))),
    ("Result", |l| word(l.unit.plain_result)),
    ("TriggerLimitIntervalUSec", |l| path(l, |c| span(c.trigger_limit_interval))),
    ("TriggerLimitBurst", |l| path(l, |c| word(c.trigger_limit_burst))),
];

/// A mount.
pub const MOUNT: &[Property] = &[
    ("Where", |l| mount(l, |c| text(&c.where_))),
    ("What", |l| mount(l, |c| text(&c.what))),
    ("Options", |l| mount(l, |c| text(&c.options))),
    ("Type", |l| mount(l, |c| text(&c.fstype))),
    ("TimeoutUSec", |l| mount(l, |c| span(c.timeout))),
    ("ControlPID", |_| word(0)),
    ("DirectoryMode", |l| mount(l, |c| octal(c.directory_mode))),
    ("SloppyOptions", |l| mount(l, |c| yes_no(c.sloppy_options))),
    ("LazyUnmount", |l| mount(l, |c| yes_no(c.lazy_unmount))),
    ("ForceUnmount", |l| mount(l, |c| yes_no(c.force_unmount))),
    ("ReadWriteOnly", |l| mount(l, |c| yes_no(c.read_write_only))),
    ("Result", |l| word(l.unit.plain_result)),
    ("UID", |_| known(None)),
    ("GID", |_| known(None)),
];

/// A scope.
pub const SCOPE: &[Property] = &[
    ("TimeoutStopUSec", |l| scope(l, |c| span(c.timeout_stop))),
    ("Result", |l| word(l.unit.plain_result)),
    ("RuntimeMaxUSec", |l| scope(l, |c| span(c.runtime_max))),
    ("OOMPolicy", |_| word("continue")),
];
