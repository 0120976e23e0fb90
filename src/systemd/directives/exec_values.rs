//! Values of the execution environment: accounts, folders, log levels: systemd.exec(5).

use super::context::{Context, PathCheck};
use super::dependencies::list_words;
use super::unit::set;
use crate::systemd::config::{ExecContext, UnitSettings, WorkingDirectory};
use crate::systemd::loaded::Warning;
use crate::systemd::span::parse_sec;
use crate::systemd::unit_file::words::{FLAGS, split};
use crate::systemd::unit_file::{LOG_ERR, LOG_NOTICE, LOG_WARNING};
use crate::systemd::value::names::{is_strict_user_or_group, is_user_or_group};
use crate::systemd::value::number::{parse_boolean, parse_unsigned};
use crate::world::Errno;

pub const IO_CLASSES: &[&str] = &["none", "realtime", "best-effort", "idle", "0", "1", "2", "3"];
pub const IO_PRIORITIES: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7"];

/// What `RestrictAddressFamilies=` knows: the common families, by name.
pub fn is_address_family(word: &str) -> bool {
    const FAMILIES: [&str; 12] =
        ["UNIX", "LOCAL", "INET", "INET6", "NETLINK", "PACKET", "VSOCK", "ALG", "BLUETOOTH", "CAN", "TIPC", "XDP"];
    word == "none" || word.strip_prefix("AF_").is_some_and(|family| FAMILIES.contains(&family))
}

/// syslog levels by number.
pub const LEVELS: [&str; 8] = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/// syslog facilities by number.
pub const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "12", "13",
    "14", "15", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];

/// A log level by name or number.
pub fn level(value: &str) -> Option<u8> {
    let by_name = LEVELS.iter().position(|name| *name == value);
    let found = by_name.or_else(|| value.parse::<usize>().ok().filter(|n| *n < LEVELS.len()));
    found.and_then(|n| u8::try_from(n).ok())
}

/// `SyslogLevel=`.
pub fn syslog_level(u: &mut UnitSettings, value: &str) -> bool {
    u.exec_mut().is_none_or(|e| set(&mut e.syslog_level, level(value)))
}

/// `LogLevelMax=`.
pub fn log_level_max(u: &mut UnitSettings, value: &str) -> bool {
    u.exec_mut().is_none_or(|e| set(&mut e.log_level_max, level(value).map(Some)))
}

/// `SyslogFacility=`.
pub fn syslog_facility(u: &mut UnitSettings, value: &str) -> bool {
    let by_name = FACILITIES.iter().position(|name| *name == value);
    let found = by_name.or_else(|| value.parse::<usize>().ok().filter(|n| *n < 128));
    u.exec_mut().is_none_or(|e| set(&mut e.syslog_facility, found.and_then(|n| u8::try_from(n).ok())))
}

/// `LogRateLimitIntervalSec=`.
pub fn log_rate_limit_interval(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    match (parse_sec(value), u.exec_mut()) {
        (Ok(span), Some(exec)) => exec.log_rate_limit_interval = Some(span),
        (Ok(_), None) => {}
        (Err(_), _) => c.ignoring("sec value", value),
    }
    Ok(())
}

/// `LogRateLimitBurst=`.
pub fn log_rate_limit_burst(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    match (parse_unsigned(value), u.exec_mut()) {
        (Ok(burst), Some(exec)) => exec.log_rate_limit_burst = Some(burst),
        (Ok(_), None) => {}
        (Err(_), _) => c.ignoring("unsigned value", value),
    }
    Ok(())
}

/// A setting that takes a boolean or a word.
pub fn flag_or_word<T: Copy>(
    u: &mut UnitSettings,
    value: &str,
    place: fn(&mut ExecContext) -> &mut T,
    parse: fn(&str) -> Option<T>,
    flags: [T; 2],
) -> bool {
    let parsed = parse_boolean(value).map(|flag| flags[usize::from(flag)]).or_else(|| parse(value));
    u.exec_mut().is_none_or(|e| set(place(e), parsed))
}

/// `WorkingDirectory=`: an absolute path or `~`, with `-` if it may be missing.
pub fn working_directory(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.working_directory = None;
        return Ok(());
    }
    let (missing_ok, rest) = value.strip_prefix('-').map_or((false, value), |rest| (true, rest));
    if rest == "~" {
        exec.working_directory = Some(WorkingDirectory { path: None, missing_ok });
        return Ok(());
    }
    let refused = if missing_ok { Ok(()) } else { Err(Errno::ENOEXEC) };
    match c.resolve_path(rest) {
        Err(errno) => {
            let (end, priority) = if missing_ok { (", ignoring", LOG_WARNING) } else { ("", LOG_ERR) };
            let text = format!("Failed to resolve unit specifiers in working directory path '{rest}'{end}: {errno}");
            c.log.add(c.line, priority, text);
            refused
        }
        Ok(path) => {
            let check = if missing_ok { PathCheck::Absolute } else { PathCheck::AbsoluteFatal };
            match c.simplify(&path, check) {
                Some(path) => {
                    exec.working_directory = Some(WorkingDirectory { path: Some(path), missing_ok });
                    Ok(())
                }
                None => refused,
            }
        }
    }
}

/// An account name, resolved and checked; a wrong one is fatal.
pub fn account(c: &mut Context<'_, '_>, value: &str) -> Result<String, Errno> {
    let name = match c.resolve(value) {
        Ok(name) => name,
        Err(errno) => {
            c.error(format!("Failed to resolve unit specifiers in {value}: {errno}"));
            return Err(Errno::ENOEXEC);
        }
    };
    if !is_user_or_group(&name) {
        c.error(format!("Invalid user/group name or numeric ID: {name}"));
        return Err(Errno::ENOEXEC);
    }
    if !is_strict_user_or_group(&name) {
        let text = format!("Accepting user/group name '{name}', which does not match strict user/group name rules.");
        c.log.warnings.push(Warning { path: String::new(), line: 0, unit: None, text, priority: LOG_NOTICE });
    }
    Ok(name)
}

/// `User=`.
pub fn user(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let name = if value.is_empty() { None } else { Some(account(c, value)?) };
    if let Some(exec) = u.exec_mut() {
        exec.user = name;
    }
    Ok(())
}

/// `Group=`.
pub fn group(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let name = if value.is_empty() { None } else { Some(account(c, value)?) };
    if let Some(exec) = u.exec_mut() {
        exec.group = name;
    }
    Ok(())
}

/// `SupplementaryGroups=`; lists add up.
pub fn supplementary_groups(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.supplementary_groups.clear();
        return Ok(());
    }
    for word in list_words(c, value, FLAGS) {
        exec.supplementary_groups.push(account(c, &word)?);
    }
    Ok(())
}

/// `ExecSearchPath=`: absolute folders with colons between them.
pub fn exec_search_path(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.exec_search_path.clear();
        return Ok(());
    }
    let mut found = Vec::new();
    for word in split(value, ":", FLAGS).unwrap_or_default() {
        let resolved = c.resolve_path(&word);
        let Some(path) = c.or_warn(resolved, &word) else { continue };
        match c.simplify(&path, PathCheck::Absolute) {
            Some(path) => found.push(path),
            None => break,
        }
    }
    exec.exec_search_path.extend(found);
    Ok(())
}
