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
        let (systemd, world) = systemd(cx.sys);
        systemd.terminate_session(world, id);
    }
    0
}

/// `kill-session`
pub(super) fn kill_sessions(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let Some(signal) = signal(cx, parsed) else { return 1 };
    let leader_only = match parsed.last("kill-whom") {
        None | Some("all") => false,
        Some("leader") => true,
        Some(other) => {
            let text = format!("Could not kill session: Invalid who parameter '{other}'");
            cx.errln(&text);
            return 1;
        }
    };
    for id in words {
        if let Err(reason) = may_change_session(cx, id) {
            cx.errln(&format!("Could not kill session: {reason}"));
            return 1;
        }
        let (systemd, world) = systemd(cx.sys);
        systemd.kill_session(world, id, leader_only, signal);
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

fn may_change_session(cx: &mut Cx<'_, '_>, id: &str) -> Result<(), String> {
    let caller = cx.uid();
    let owner = systemd(cx.sys).0.logind.session(id).map(|s| s.uid).ok_or_else(|| unknown_session(id))?;
    if caller == 0 || caller == owner { Ok(()) } else { Err(AUTHENTICATION.into()) }
}

fn may_change_user(cx: &mut Cx<'_, '_>, uid: u32) -> Result<(), String> {
    let caller = cx.uid();
    systemd(cx.sys).0.logind.user(uid).ok_or_else(|| unknown_user(uid))?;
    if caller == 0 || caller == uid { Ok(()) } else { Err(AUTHENTICATION.into()) }
}
