//! `loginctl show-session` and `show-user`: properties for programs: loginctl(1).

use super::{find_user, unknown_session, unknown_user};
use crate::commands::options::Parsed;
use crate::commands::systemctl::times::format_timestamp;
use crate::systemd::Systemd;
use crate::systemd::logind::{LoginUser, Session, SessionState};
use crate::vps::systemd;
use crate::world::{Cx, Time, World};

/// Names and values in the order in which they are printed.
type Properties = Vec<(&'static str, String)>;

/// What logind is set to: logind.conf(5), as Debian ships it.
const MANAGER: &[(&str, &str)] = &[
    ("EnableWallMessages", "yes"),
    ("NAutoVTs", "6"),
    ("KillUserProcesses", "no"),
    ("RebootToFirmwareSetup", "no"),
    ("RebootToBootLoaderMenu", "18446744073709551615"),
    ("IdleHint", "no"),
    ("IdleSinceHint", "0"),
    ("IdleSinceHintMonotonic", "0"),
    ("InhibitDelayMaxUSec", "5s"),
    ("UserStopDelayUSec", "10s"),
    ("HandlePowerKey", "poweroff"),
    ("HandlePowerKeyLongPress", "ignore"),
    ("HandleRebootKey", "reboot"),
    ("HandleRebootKeyLongPress", "poweroff"),
    ("HandleSuspendKey", "suspend"),
    ("HandleSuspendKeyLongPress", "hibernate"),
    ("HandleHibernateKey", "hibernate"),
    ("HandleHibernateKeyLongPress", "ignore"),
    ("HandleLidSwitch", "suspend"),
    ("HandleLidSwitchDocked", "ignore"),
    ("HoldoffTimeoutUSec", "30s"),
    ("IdleAction", "ignore"),
    ("IdleActionUSec", "30min"),
    ("PreparingForShutdown", "no"),
    ("PreparingForSleep", "no"),
    ("Docked", "no"),
    ("LidClosed", "no"),
    ("OnExternalPower", "yes"),
    ("RemoveIPC", "yes"),
    ("RuntimeDirectorySize", "101949440"),
    ("RuntimeDirectoryInodesMax", "24890"),
    ("InhibitorsMax", "8192"),
    ("NCurrentInhibitors", "0"),
    ("SessionsMax", "8192"),
];

/// `show-session`
pub(super) fn sessions(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    if words.is_empty() {
        return manager(cx, parsed);
    }
    for (number, id) in words.iter().enumerate() {
        let (systemd, world) = systemd(cx.sys);
        let Some(session) = systemd.logind.session(id) else {
            cx.errln(&format!("Failed to get session path: {}", unknown_session(id)));
            return 1;
        };
        let properties = of_session(world, session);
        print(cx, parsed, &properties, number > 0);
    }
    0
}

/// `show-user`
pub(super) fn users(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    if words.is_empty() {
        return manager(cx, parsed);
    }
    for (number, word) in words.iter().enumerate() {
        let Some(account) = find_user(cx, word) else { return 1 };
        let (systemd, world) = systemd(cx.sys);
        let Some(user) = systemd.logind.user(account.uid) else {
            cx.errln(&format!("Failed to get user: {}", unknown_user(account.uid)));
            return 1;
        };
        let properties = of_user(systemd, world, user);
        print(cx, parsed, &properties, number > 0);
    }
    0
}

/// `show-seat`: the console is the only one, and nobody sits there.
pub(super) fn seats(cx: &mut Cx<'_, '_>, parsed: &Parsed, words: &[String]) -> u8 {
    if words.is_empty() {
        return manager(cx, parsed);
    }
    for (number, word) in words.iter().enumerate() {
        if word != "seat0" {
            cx.errln(&format!("Failed to get seat path: No seat '{word}' known"));
            return 1;
        }
        let properties: Properties = vec![
            ("Id", "seat0".to_owned()),
            ("ActiveSession", String::new()),
            ("CanTTY", "yes".into()),
            ("CanGraphical", "no".into()),
            ("Sessions", " ".into()),
            ("IdleHint", "yes".into()),
            ("IdleSinceHint", "0".into()),
            ("IdleSinceHintMonotonic", "0".into()),
        ];
        print(cx, parsed, &properties, number > 0);
    }
    0
}

fn manager(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> u8 {
    let sessions = systemd(cx.sys).0.logind.sessions().count();
    let fixed = |rows: &[(&'static str, &str)]| -> Properties {
        rows.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    let mut properties = fixed(MANAGER);
    properties.push(("NCurrentSessions", sessions.to_string()));
    properties.push(("StopIdleSessionUSec", "infinity".to_owned()));
    print(cx, parsed, &properties, false);
    0
}

fn print(cx: &mut Cx<'_, '_>, parsed: &Parsed, properties: &Properties, further: bool) {
    let wanted: Vec<&str> = parsed
        .options
        .iter()
        .filter(|o| o.key == "property")
        .map(|o| o.text())
        .filter(|name| !name.is_empty())
        .collect();
    if further {
        cx.outln("");
    }
    for (name, value) in properties {
        let asked = wanted.contains(name);
        // What was asked for is shown even when it is empty.
        if (!wanted.is_empty() && !asked) || (value.is_empty() && !asked && !parsed.has("all")) {
            continue;
        }
        match parsed.has("value") {
            true => cx.outln(value),
            false => cx.outln(&format!("{name}={value}")),
        }
    }
}

fn monotonic(world: &World, time: Time) -> String {
    time.0.saturating_sub(world.booted.0).to_string()
}

fn of_session(world: &World, session: &Session) -> Properties {
    let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
    let state = session.state();
    vec![
        ("Id", session.id.clone()),
        ("User", session.uid.to_string()),
        ("Name", session.user.clone()),
        ("Timestamp", format_timestamp(session.since)),
        ("TimestampMonotonic", monotonic(world, session.since)),
        ("VTNr", "0".into()),
        ("Seat", String::new()),
        ("TTY", session.tty.clone()),
        ("Display", String::new()),
        ("Remote", yes(session.remote_host.is_some())),
        ("RemoteHost", session.remote_host.clone().unwrap_or_default()),
        ("RemoteUser", String::new()),
        ("Service", session.service.clone()),
        ("Desktop", String::new()),
        ("Scope", session.scope.clone()),
        ("Leader", session.leader.to_string()),
        ("Audit", session.id.clone()),
        ("Type", "tty".into()),
        ("Class", "user".into()),
        ("Active", yes(matches!(state, SessionState::Active | SessionState::Closing))),
        ("State", state.to_string()),
        ("IdleHint", "no".into()),
        ("IdleSinceHint", format_timestamp(session.since)),
        ("IdleSinceHintMonotonic", monotonic(world, session.since)),
        ("LockedHint", "no".into()),
    ]
}

fn of_user(systemd: &Systemd, world: &World, user: &LoginUser) -> Properties {
    let sessions: Vec<&str> = systemd.logind.sessions_of(user.uid).map(|s| s.id.as_str()).collect();
    let mut newest_first = sessions.clone();
    newest_first.reverse();
    let linger = if systemd.lingers(world, &user.name) { "yes" } else { "no" };
    vec![
        ("UID", user.uid.to_string()),
        ("GID", user.gid.to_string()),
        ("Name", user.name.clone()),
        ("Timestamp", format_timestamp(user.since)),
        ("TimestampMonotonic", monotonic(world, user.since)),
        ("RuntimePath", user.runtime_path()),
        ("Service", user.service()),
        ("Slice", user.slice()),
        ("Display", sessions.first().map(|id| (*id).to_owned()).unwrap_or_default()),
        ("State", systemd.user_state(world, user.uid).to_string()),
        ("Sessions", newest_first.join(" ")),
        ("IdleHint", "no".into()),
        ("IdleSinceHint", format_timestamp(user.since)),
        ("IdleSinceHintMonotonic", monotonic(world, user.since)),
        ("Linger", linger.into()),
    ]
}
