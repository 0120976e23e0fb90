//! How a unit's processes are killed: org.freedesktop.systemd1(5), systemd.kill(5).

use super::value::{Value, word, yes_no};
use super::{Look, Property};
use crate::systemd::config::{KillContext, TypeConfig};

fn kill(look: &Look<'_>, get: impl FnOnce(&KillContext) -> Value) -> Value {
    match &look.settings.kind {
        TypeConfig::Service(c) => get(&c.kill),
        TypeConfig::Socket(c) => get(&c.kill),
        TypeConfig::Mount(c) => get(&c.kill),
        TypeConfig::Swap(c) => get(&c.kill),
        TypeConfig::Scope(c) => get(&c.kill),
        _ => Value::Absent,
    }
}

/// The settings.
pub const CONTEXT: &[Property] = &[
    ("KillMode", |l| kill(l, |k| word(k.kill_mode))),
    ("KillSignal", |l| kill(l, |k| word(k.kill_signal))),
    ("RestartKillSignal", |l| kill(l, |k| word(k.restart_kill_signal.unwrap_or(k.kill_signal)))),
    ("FinalKillSignal", |l| kill(l, |k| word(k.final_kill_signal))),
    ("SendSIGKILL", |l| kill(l, |k| yes_no(k.send_sigkill))),
    ("SendSIGHUP", |l| kill(l, |k| yes_no(k.send_sighup))),
    ("WatchdogSignal", |l| kill(l, |k| word(k.watchdog_signal))),
];
