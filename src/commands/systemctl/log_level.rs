//! `log-level` and `log-target`: what the manager logs: systemctl(1).

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::manager::Unit;
use crate::systemd::unit_name::UnitType;
use crate::systemd::value::parse_boolean;
use crate::world::Cx;

/// The levels of syslog(3) by number.
const LEVELS: &[&str] = &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/// Prints the level, or sets it; the model logs nothing below `info` whatever it is.
pub fn level(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let Some(word) = words.get(1) else {
        let level = bus::manager(cx, scope).log_level;
        cx.outln(level);
        return Next::Exit(0);
    };
    let by_number = || word.parse::<usize>().ok().and_then(|number| LEVELS.get(number));
    let Some(level) = LEVELS.iter().find(|level| *level == word).or_else(by_number).copied() else {
        cx.errln(&format!("\"{word}\" is not a valid log level."));
        return Next::Exit(1);
    };
    let done = bus::request(cx, scope, |core| {
        core.m.log_level = level;
        Ok(())
    });
    if done.is_err() {
        cx.errln(&format!("Failed to set log level of org.freedesktop.systemd1 to {level}: Access denied"));
        return Next::Exit(1);
    }
    Next::Exit(0)
}

/// `service-watchdogs`: whether services are watched at all.
pub fn service_watchdogs(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let Some(word) = words.get(1) else {
        let on = bus::manager(cx, scope).service_watchdogs;
        cx.outln(if on { "yes" } else { "no" });
        return Next::Exit(0);
    };
    let Some(on) = parse_boolean(word) else {
        cx.errln("Failed to parse service-watchdogs argument: Invalid argument");
        return Next::Exit(1);
    };
    let done = bus::request(cx, scope, |core| {
        core.m.service_watchdogs = on;
        Ok(())
    });
    if done.is_err() {
        cx.errln("Failed to set service-watchdog state: Access denied");
        return Next::Exit(1);
    }
    Next::Exit(0)
}

/// `service-log-level` and `service-log-target`: for services that take orders on the bus.
pub fn of_service(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let name = units::mangle(cx, &words[1], "", UnitType::Service);
    let unit = units::loadable(&name).map(|unit| bus::unit(cx, scope, &unit));
    if unit.as_ref().and_then(Unit::service_config).is_some_and(|service| service.bus_name.is_some()) {
        cx.errln(&format!("systemctl: {} is not simulated", words[0]));
        return Next::Exit(2);
    }
    cx.errln(&format!(
        "Unit {name} doesn't declare BusName=.\n\
         Hint: the service must declare BusName= and implement the appropriate D-Bus interface.\n      \
         See the org.freedesktop.LogControl1(5) man page for details."
    ));
    Next::Exit(1)
}

/// Prints the target; only the journal is simulated.
pub fn target(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    match words.get(1) {
        None => print(cx, args, "journal-or-kmsg"),
        Some(target) => {
            cx.errln(&format!("systemctl: log-target {target} is not simulated"));
            Next::Exit(2)
        }
    }
}

fn print(cx: &mut Cx<'_, '_>, args: &Args, text: &str) -> Next {
    match bus::connect(cx, args) {
        Err(status) => Next::Exit(status),
        Ok(_) => {
            if !text.is_empty() {
                cx.outln(text);
            }
            Next::Exit(0)
        }
    }
}
