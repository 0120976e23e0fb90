//! `loginctl`: sessions, users and lingering: loginctl(1).

mod act;
mod linger;
mod list;
mod show;
mod status;

use crate::commands::Command;
use crate::commands::journal::format::OutputMode;
use crate::commands::options::{Hint, Options, Parsed, Takes, absent, also, flag, parse, value};
use crate::commands::systemctl::allowed::signals_help;
use crate::systemd::value::parse_signal;
use crate::systemd::version::{FEATURES, VERSION};
use crate::world::{Cx, NeedInput, accounts, one_shot};

/// The command.
pub const COMMAND: Command =
    Command { name: "loginctl", path: "/usr/bin/loginctl", program: |argv| one_shot(run, argv) };

const OPTIONS: Options = Options {
    table: &[
        flag('h', "help"),
        also('\0', "version", "show-version", Takes::Nothing),
        value('p', "property"),
        flag('a', "all"),
        flag('\0', "value"),
        flag('l', "full"),
        flag('\0', "no-pager"),
        flag('\0', "no-legend"),
        flag('\0', "no-ask-password"),
        value('\0', "kill-whom"),
        also('\0', "kill-who", "kill-whom", Takes::Argument),
        value('s', "signal"),
        value('n', "lines"),
        value('o', "output"),
        absent('H', "host"),
        absent('M', "machine"),
    ],
    usage: "[OPTIONS...] COMMAND ...",
    version: "",
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

/// A verb's work: the options, and the words after the verb.
type Run = fn(&mut Cx<'_, '_>, &Parsed, &[String]) -> u8;

/// A row of the table of verbs.
struct Verb {
    name: &'static str,
    /// How many words may follow, at least and at most.
    words: (usize, usize),
    run: Run,
}

const fn verb(name: &'static str, least: usize, most: usize, run: Run) -> Verb {
    Verb { name, words: (least, most), run }
}

const MANY: usize = usize::MAX;

/// Every verb, the default first.
const VERBS: &[Verb] = &[
    verb("list-sessions", 0, 0, list::sessions),
    verb("session-status", 0, MANY, status::sessions),
    verb("show-session", 0, MANY, show::sessions),
    verb("activate", 0, 1, act::unseated),
    verb("lock-session", 0, MANY, act::unseated),
    verb("unlock-session", 0, MANY, act::unseated),
    verb("lock-sessions", 0, 0, act::lock_sessions),
    verb("unlock-sessions", 0, 0, act::lock_sessions),
    verb("terminate-session", 1, MANY, act::terminate_sessions),
    verb("kill-session", 1, MANY, act::kill_sessions),
    verb("list-users", 0, 0, list::users),
    verb("user-status", 0, MANY, status::users),
    verb("show-user", 0, MANY, show::users),
    verb("enable-linger", 0, MANY, linger::enable),
    verb("disable-linger", 0, MANY, linger::disable),
    verb("terminate-user", 1, MANY, act::terminate_users),
    verb("kill-user", 1, MANY, act::kill_users),
    verb("list-seats", 0, 0, list::seats),
    verb("seat-status", 0, MANY, status::seats),
    verb("show-seat", 0, MANY, show::seats),
    verb("attach", 2, MANY, not_simulated),
    verb("flush-devices", 0, 0, not_simulated),
    verb("terminate-seat", 1, MANY, act::terminate_seats),
];

/// The names of the verbs.
pub(crate) fn verbs() -> Vec<&'static str> {
    VERBS.iter().map(|verb| verb.name).collect()
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if parsed.has("show-version") {
        cx.outln(&format!("systemd {VERSION}\n{FEATURES}"));
        return Ok(0);
    }
    if let Err(message) = check_values(&parsed) {
        if message.is_empty() {
            signals_help(cx);
            return Ok(0);
        }
        cx.errln(&message);
        return Ok(1);
    }
    let (name, words) = match &parsed.operands[..] {
        [name, words @ ..] => (name.as_str(), words.to_vec()),
        [] => (VERBS[0].name, Vec::new()),
    };
    let Some(verb) = VERBS.iter().find(|verb| verb.name == name) else {
        cx.errln(&format!("Unknown command verb {name}."));
        return Ok(1);
    };
    if words.len() < verb.words.0 || words.len() > verb.words.1 {
        cx.errln(if words.len() < verb.words.0 { "Too few arguments." } else { "Too many arguments." });
        return Ok(1);
    }
    // The daemon would have noticed vanished leaders by itself.
    let (systemd, world) = crate::vps::systemd(cx.sys);
    systemd.settle(world);
    Ok((verb.run)(cx, &parsed, &words))
}

/// Options whose arguments are looked at before the verb is.
fn check_values(parsed: &Parsed) -> Result<(), String> {
    for option in &parsed.options {
        let text = option.text();
        match option.key {
            "lines" if text.parse::<u32>().is_err() => return Err(format!("Failed to parse lines '{text}'")),
            "output" if OutputMode::parse(text).is_none() => return Err(format!("Unknown output '{text}'.")),
            "signal" if text == "help" => return Err(String::new()),
            "signal" if parse_signal(text).is_none() => {
                return Err(format!("Failed to parse signal string \"{text}\"."));
            }
            _ => {}
        }
    }
    Ok(())
}

fn not_simulated(cx: &mut Cx<'_, '_>, parsed: &Parsed, _words: &[String]) -> u8 {
    let verb = parsed.operands.first().map_or("", String::as_str).to_owned();
    crate::commands::options::not_simulated(cx, &verb)
}

/// The user that a word names, by name or number; the message is printed when there is none.
fn find_user(cx: &mut Cx<'_, '_>, word: &str) -> Option<accounts::User> {
    let files = &cx.world.files;
    let user = accounts::user(files, word).or_else(|| accounts::user_by_id(files, word.parse().ok()?));
    if user.is_none() {
        cx.errln(&format!("Failed to look up user {word}: No such process"));
    }
    user
}

/// What logind says about a user it does not keep.
fn unknown_user(uid: u32) -> String {
    format!("User ID {uid} is not logged in or lingering")
}

/// What logind says about a session it does not know.
fn unknown_session(id: &str) -> String {
    format!("No session '{id}' known")
}

/// What polkit says to whoever would have to type a password.
const AUTHENTICATION: &str = "Interactive authentication required.";
