//! Command lines of `Exec…=` settings, and how processes are killed: systemd.service(5), systemd.kill(5).

use super::{Context, Directive, Parse, row};
use crate::systemd::config::{ExecCommand, KillContext, KillMode, UnitSettings};
use crate::systemd::unit_file::words::{UNQUOTE_CUNESCAPE, WHITESPACE, Words};
use crate::systemd::unit_file::{LOG_ERR, LOG_WARNING, is_safe};
use crate::systemd::value::names::{is_filename, is_path, simplify_path};
use crate::systemd::value::parse_signal;
use crate::world::Errno;
use Parse::{Bool, Custom, Word};

/// systemd.kill(5).
pub const KILL: &[Directive] = &[
    row("SendSIGKILL", Bool(|u| u.kill_mut().map(|k| &mut k.send_sigkill))),
    row("SendSIGHUP", Bool(|u| u.kill_mut().map(|k| &mut k.send_sighup))),
    row("KillMode", Custom(kill_mode)).of("kill mode"),
    row("KillSignal", Word("signal name", |u, v| signal(u, v, |k, s| k.kill_signal = s))),
    row("RestartKillSignal", Word("signal name", |u, v| signal(u, v, |k, s| k.restart_kill_signal = Some(s)))),
    row("FinalKillSignal", Word("signal name", |u, v| signal(u, v, |k, s| k.final_kill_signal = s))),
    row("WatchdogSignal", Word("signal name", |u, v| signal(u, v, |k, s| k.watchdog_signal = s))),
];

fn kill_mode(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let mode = if value.is_empty() { Some(KillMode::ControlGroup) } else { KillMode::parse(value) };
    match (mode, u.kill_mut()) {
        (None, _) => c.ignoring("kill mode specification", value),
        (Some(mode), Some(kill)) => kill.kill_mode = mode,
        (Some(_), None) => {}
    }
    if mode == Some(KillMode::None) {
        let unsafe_ = "This is unsafe, as it disables systemd's process lifecycle management for the service.";
        let advice = "Please update the service to use a safer KillMode=, such as 'mixed' or 'control-group'.";
        let end = "Support for KillMode=none is deprecated and will eventually be removed.";
        c.warn(format!("Unit uses KillMode=none. {unsafe_} {advice} {end}"));
    }
    Ok(())
}

fn signal(u: &mut UnitSettings, value: &str, store: fn(&mut KillContext, i32)) -> bool {
    let Some(number) = parse_signal(value) else { return false };
    if let Some(kill) = u.kill_mut() {
        store(kill, number);
    }
    true
}

/// The prefixes of one command.
struct Prefixes {
    command: ExecCommand,
    separate_argv0: bool,
}

impl Prefixes {
    /// Takes the prefix characters off a first word; gives the rest.
    fn take(word: &str) -> (Self, &str) {
        let mut p = Prefixes { command: ExecCommand::default(), separate_argv0: false };
        let mut rest = word;
        loop {
            let c = &mut p.command;
            match rest.as_bytes().first() {
                Some(b'-') if !c.ignore_failure => c.ignore_failure = true,
                Some(b'@') if !p.separate_argv0 => p.separate_argv0 = true,
                Some(b':') if !c.no_env_expand => c.no_env_expand = true,
                Some(b'+') if !(c.fully_privileged || c.no_setuid || c.ambient_magic) => c.fully_privileged = true,
                Some(b'!') if !(c.fully_privileged || c.no_setuid || c.ambient_magic) => c.no_setuid = true,
                Some(b'!') if !(c.fully_privileged || c.ambient_magic) => {
                    c.no_setuid = false;
                    c.ambient_magic = true;
                }
                _ => return (p, rest),
            }
            rest = &rest[1..];
        }
    }
}

/// Adds the commands of one `Exec…=` line to a list; an empty value empties it. `ENOEXEC` means that the unit is refused.
pub fn exec(c: &mut Context<'_, '_>, list: &mut Vec<ExecCommand>, value: &str) -> Result<(), Errno> {
    let mut rvalue = value;
    if rvalue.is_empty() {
        list.clear();
        return Ok(());
    }
    loop {
        let mut words = Words::new(rvalue, UNQUOTE_CUNESCAPE);
        let Ok(Some(first)) = words.next_or_warn(rvalue, c.line, c.log) else { return Ok(()) };
        if first == ";" {
            match words.rest {
                Some(rest) => rvalue = rest,
                None => return Ok(()),
            }
            continue;
        }
        let (prefixes, name) = Prefixes::take(&first);
        let ignore = prefixes.command.ignore_failure;
        let parsed = command(c, prefixes, name, &mut words, rvalue);
        let (command, more) = match parsed {
            Ok(parsed) => parsed,
            Err(_) if ignore => return Ok(()),
            Err(errno) => return Err(errno),
        };
        list.push(command);
        match words.rest.filter(|_| more) {
            Some(rest) => rvalue = rest,
            None => return Ok(()),
        }
    }
}

/// One command after its prefixes; says whether a lone `;` ended it. Errors have been logged.
fn command(
    c: &mut Context<'_, '_>,
    prefixes: Prefixes,
    name: &str,
    words: &mut Words<'_>,
    rvalue: &str,
) -> Result<(ExecCommand, bool), Errno> {
    let Prefixes { mut command, separate_argv0 } = prefixes;
    let ignore = command.ignore_failure;
    let path = match c.resolve_path(name) {
        Ok(path) => path,
        Err(errno) => {
            return refuse(c, ignore, |end| format!("Failed to resolve unit specifiers in '{name}'{end}: {errno}"));
        }
    };
    if path.is_empty() {
        return refuse(c, ignore, |end| format!("Empty path in command line{end}: '{rvalue}'"));
    }
    if !is_safe(&path) {
        return refuse(c, ignore, |end| format!("Executable name contains special characters{end}: {path}"));
    }
    if path.ends_with('/') {
        return refuse(c, ignore, |end| format!("Executable path specifies a directory{end}: {path}"));
    }
    let valid = if path.starts_with('/') { is_path(&path) } else { is_filename(&path) };
    if !valid {
        let text = "Neither a valid executable name nor an absolute path";
        return refuse(c, ignore, |end| format!("{text}{end}: {path}"));
    }
    if !separate_argv0 {
        command.argv.push(path.clone());
    }
    let more = arguments(c, &mut command.argv, ignore, words, rvalue)?;
    if command.argv.is_empty() {
        return refuse(c, ignore, |end| format!("Empty executable name or zeroeth argument{end}: {rvalue}"));
    }
    command.path = simplify_path(&path);
    Ok((command, more))
}

/// The words up to a lone `;` or the end; says whether it was a `;`.
fn arguments(
    c: &mut Context<'_, '_>,
    argv: &mut Vec<String>,
    ignore: bool,
    words: &mut Words<'_>,
    rvalue: &str,
) -> Result<bool, Errno> {
    while let Some(rest) = words.rest.filter(|rest| !rest.is_empty()) {
        if let Some(after) = alone(rest, ";") {
            words.rest = Some(after);
            return Ok(true);
        }
        if let Some(after) = alone(rest, "\\;") {
            words.rest = Some(after);
            argv.push(";".to_owned());
            continue;
        }
        let Some(word) = words.next_or_warn(rvalue, c.line, c.log).map_err(|_| Errno::ENOEXEC)? else { break };
        match c.resolve(&word) {
            Ok(resolved) => argv.push(resolved),
            Err(errno) => {
                refuse(c, ignore, |end| format!("Failed to resolve unit specifiers in {word}{end}: {errno}"))?;
            }
        }
    }
    Ok(false)
}

/// What follows `token` and white space, if it stands alone at the start.
fn alone<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let after = text.strip_prefix(token)?;
    let blank = |c: char| WHITESPACE.contains(c);
    (after.is_empty() || after.starts_with(blank)).then(|| after.trim_start_matches(blank))
}

/// Logs why a command is refused; with `-` the line is ignored, else the unit is.
fn refuse(c: &mut Context<'_, '_>, ignore: bool, text: impl Fn(&str) -> String) -> Result<(ExecCommand, bool), Errno> {
    let (end, priority) = if ignore { (", ignoring", LOG_WARNING) } else { ("", LOG_ERR) };
    c.log.add(c.line, priority, text(end));
    Err(Errno::ENOEXEC)
}
