//! `loginctl terminate-session`, `kill-session`, `terminate-user`, `kill-user`: loginctl(1).

use super::{AUTHENTICATION, find_user, unknown_session, unknown_user};
use crate::commands::options::Parsed;
use crate::systemd::value::parse_signal;
use crate::vps::systemd;
use crate::world::{Cx, Signal};

/// `terminate-session`
pub(super) fn terminate_sessions(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    for id in words {
        if let Err(reason) = may_change_session(cx, id) {
            cx.errln(&format!("Failed to issue method call: {reason}"));
            return 1;
        }
        let id = own_session(cx, id);
        let (systemd, world) = systemd(cx.sys);
        systemd.terminate_session(world, &id);
    }
    0
}

/// `kill-session`
pub(super) fn kill_sessions(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let Some(signal) = signal(cx, parsed) else { return 1 };
    let leader_only = match parsed.last("kill-whom") {
        None | Some("all") => false,
        Some("leader") => true,
        Some(_) => false,
    };
    let whom = parsed.last("kill-whom").filter(|whom| !matches!(*whom, "all" | "leader")).map(str::to_owned);
    for id in words {
        let known = systemd(cx.sys).0.logind.session(id).is_some();
        if let Some(other) = whom.as_ref().filter(|_| known) {
            cx.errln(&format!("Could not kill session: Invalid who parameter '{other}'"));
            return 1;
        }
        if let Err(reason) = may_change_session(cx, id) {
            cx.errln(&format!("Could not kill session: {reason}"));
            return 1;
        }
        let id = own_session(cx, id);
        let (systemd, world) = systemd(cx.sys);
        systemd.kill_session(world, &id, leader_only, signal);
    }
    0
}

/// `activate`, `lock-session`, `unlock-session`: for sessions of a seat, of which there is none but the console's.
pub(super) fn unseated(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    for id in words {
        if let Err(reason) = may_change_session(cx, id) {
            cx.errln(&format!("Failed to issue method call: {reason}"));
            return 1;
        }
    }
    let verb = parsed.operands.first().map_or("", String::as_str);
    crate::commands::options::not_simulated(cx, verb)
}

/// `lock-sessions` and `unlock-sessions`: nobody listens.
pub(super) fn lock_sessions(cx: &mut Cx<'_, '_>, _parsed: &Parsed, _words: &[String]) -> u8 {
    if cx.uid() != 0 {
        cx.errln(&format!("Could not lock sessions: {AUTHENTICATION}"));
        return 1;
    }
    0
}

/// `terminate-seat`
pub(super) fn terminate_seats(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    for seat in words {
        if seat != "seat0" {
            cx.errln(&format!("Could not terminate seat: No seat '{seat}' known"));
            return 1;
        }
        if cx.uid() != 0 {
            cx.errln(&format!("Could not terminate seat: {AUTHENTICATION}"));
            return 1;
        }
    }
    0
}

/// `terminate-user`
pub(super) fn terminate_users(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    for word in words {
        let Some(user) = find_user(cx, word) else { return 1 };
        if let Err(reason) = may_change_user(cx, user.uid) {
            cx.errln(&format!("Could not terminate user: {reason}"));
            return 1;
        }
        let (systemd, world) = systemd(cx.sys);
        systemd.terminate_user(world, user.uid);
    }
    0
}

/// `kill-user`
pub(super) fn kill_users(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let Some(signal) = signal(cx, parsed) else { return 1 };
    for word in words {
        let Some(user) = find_user(cx, word) else { return 1 };
        if let Err(reason) = may_change_user(cx, user.uid) {
            cx.errln(&format!("Could not kill user: {reason}"));
            return 1;
        }
        let group = format!("/user.slice/user-{}.slice", user.uid);
        for pid in cx.world.cgroup_members(&group, true) {
            cx.world.send_signal(pid, signal);
        }
    }
    0
}

/// The signal of `-s`, TERM by default; the message is printed when there is no such signal.
fn signal(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> Option<Signal> {
    let Some(text) = parsed.last("signal") else { return Some(Signal::TERM) };
    let number = parse_signal(text).map(i64::from);
    let signal = number.and_then(Signal::from_number);
    if signal.is_none() {
        let text = format!("Failed to parse signal string \"{text}\".");
        cx.errln(&text);
    }
    signal
}

/// Whether the caller may do something to a session; `self` and nothing are one's own.
fn may_change_session(cx: &mut Cx<'_, '_>, id: &str) -> Result<(), String> {
    let caller = cx.uid();
    let id = &own_session(cx, id);
    let owner = systemd(cx.sys).0.logind.session(id).map(|s| s.uid).ok_or_else(|| unknown_session(id))?;
    if caller == 0 || caller == owner { Ok(()) } else { Err(AUTHENTICATION.into()) }
}

/// The session that a word means: an id, or the caller's own.
fn own_session(cx: &mut Cx<'_, '_>, id: &str) -> String {
    if !matches!(id, "self" | "") {
        return id.to_owned();
    }
    let group = cx.me().cgroup.to_string();
    let own = group.rsplit('/').find_map(|part| part.strip_prefix("session-")?.strip_suffix(".scope"));
    own.map_or_else(|| id.to_owned(), str::to_owned)
}

fn may_change_user(cx: &mut Cx<'_, '_>, uid: u32) -> Result<(), String> {
    let caller = cx.uid();
    systemd(cx.sys).0.logind.user(uid).ok_or_else(|| unknown_user(uid))?;
    if caller == 0 || caller == uid { Ok(()) } else { Err(AUTHENTICATION.into()) }
}
