//! `loginctl session-status` and `user-status`: what a person wants to know: loginctl(1).

use std::fmt::Write as _;

use super::{find_user, unknown_session, unknown_user};
use crate::commands::journal::format::OutputMode;
use crate::commands::journal::tail::{Tail, tail};
use crate::commands::options::Parsed;
use crate::commands::systemctl::cgroup_tree;
use crate::commands::systemctl::times::{format_timestamp, format_timestamp_relative};
use crate::systemd::journal::cgroup_parts;
use crate::systemd::logind::{LoginUser, Session};
use crate::vps::systemd;
use crate::world::{Cx, Time};

/// `session-status`
pub(super) fn sessions(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let own = cgroup_parts(&cx.me().cgroup).session;
    let ids: Vec<String> = if words.is_empty() { own.into_iter().collect() } else { words.to_vec() };
    if ids.is_empty() {
        cx.errln("Failed to get session: Caller does not belong to any known session");
        return 1;
    }
    for (number, id) in ids.iter().enumerate() {
        let Some(session) = systemd(cx.sys).0.logind.session(id).cloned() else {
            cx.errln(&format!("Failed to get session path: {}", unknown_session(id)));
            return 1;
        };
        if number > 0 {
            cx.outln("");
        }
        session_status(cx, parsed, &session);
    }
    0
}

/// `seat-status`: the devices of a seat are not modelled.
pub(super) fn seats(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    if let Some(other) = words.iter().find(|word| *word != "seat0") {
        cx.errln(&format!("Failed to get seat: No seat '{other}' known"));
        return 1;
    }
    crate::commands::options::not_simulated(cx, "seat-status")
}

/// `user-status`
pub(super) fn users(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    let own = [cx.me().ruid.to_string()];
    for (number, word) in (if words.is_empty() { &own } else { words }).iter().enumerate() {
        let Some(account) = find_user(cx, word) else { return 1 };
        let Some(user) = systemd(cx.sys).0.logind.user(account.uid).cloned() else {
            cx.errln(&format!("Failed to get user: {}", unknown_user(account.uid)));
            return 1;
        };
        if number > 0 {
            cx.outln("");
        }
        user_status(cx, parsed, &user);
    }
    0
}

fn since(cx: &Cx<'_, '_>, time: Time) -> String {
    format!("\t   Since: {}; {}\n", format_timestamp(time), format_timestamp_relative(cx.now(), time))
}

fn session_status(cx: &mut Cx<'_, '_>, parsed: &Parsed, session: &Session) {
    let mut text = format!("{} - {} ({})\n", session.id, session.user, session.uid);
    text.push_str(&since(cx, session.since));
    let comm = cx.world.process(session.leader).map(|p| format!(" ({})", p.comm)).unwrap_or_default();
    let _ = writeln!(text, "\t  Leader: {}{comm}", session.leader);
    if !session.tty.is_empty() {
        let _ = writeln!(text, "\t     TTY: {}", session.tty);
    }
    if let Some(host) = &session.remote_host {
        let _ = writeln!(text, "\t  Remote: {host}");
    }
    let _ = writeln!(text, "\t Service: {}; type tty; class user", session.service);
    let _ = writeln!(text, "\t   State: {}", session.state());
    let _ = writeln!(text, "\t    Unit: {}", session.scope);
    cx.out(&text);
    print_tree(cx, parsed, &session.cgroup());
    print_log(cx, parsed, &session.scope);
}

fn user_status(cx: &mut Cx<'_, '_>, parsed: &Parsed, user: &LoginUser) {
    let mut text = format!("{} ({})\n", user.name, user.uid);
    text.push_str(&since(cx, user.since));
    let (systemd, world) = systemd(cx.sys);
    let _ = writeln!(text, "\t   State: {}", systemd.user_state(world, user.uid));
    let mut ids: Vec<&str> = systemd.logind.sessions_of(user.uid).map(|s| s.id.as_str()).collect();
    let display = ids.first().copied().unwrap_or_default();
    ids.reverse();
    if !ids.is_empty() {
        let marked: String =
            ids.iter().map(|id| if *id == display { format!(" *{id}") } else { format!(" {id}") }).collect();
        let _ = writeln!(text, "\tSessions:{marked}");
    }
    let _ = writeln!(text, "\t  Linger: {}", if systemd.lingers(world, &user.name) { "yes" } else { "no" });
    let _ = writeln!(text, "\t    Unit: {}", user.slice());
    cx.out(&text);
    print_tree(cx, parsed, &format!("/user.slice/{}", user.slice()));
    print_log(cx, parsed, &user.slice());
}

/// The width of the terminal, unless everything is shown in full.
fn columns(cx: &Cx<'_, '_>, parsed: &Parsed) -> Option<usize> {
    let terminal = cx.tty_of(1).and_then(|tty| cx.world.terminals.get(&tty));
    terminal.map(|t| usize::from(t.columns)).filter(|_| !parsed.has("full"))
}

fn print_tree(cx: &mut Cx<'_, '_>, parsed: &Parsed, group: &str) {
    const PREFIX: &str = "\t\t  ";
    let room = columns(cx, parsed).map(|columns| columns.saturating_sub(18));
    for line in cgroup_tree::lines(cx.world, group, PREFIX, room) {
        cx.outln(&line);
    }
}

fn print_log(cx: &mut Cx<'_, '_>, parsed: &Parsed, unit: &str) {
    let reader = cx.cred();
    let lines = parsed.last("lines").and_then(|n| n.parse().ok()).unwrap_or(10);
    let output = parsed.last("output").and_then(OutputMode::parse).unwrap_or_default();
    let columns = columns(cx, parsed);
    let colour = cx.isatty(1) && cx.getenv("TERM").is_some_and(|term| term != "dumb");
    let (systemd, world) = systemd(cx.sys);
    let query =
        Tail { unit, user: None, reader: &reader, lines, since: None, columns, all: parsed.has("all"), output, colour };
    let text = tail(&systemd.journal, world, &query).text;
    cx.out(&text);
}
