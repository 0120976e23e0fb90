//! Applying one value by the kind of its directive.

use super::context::{Context, PathCheck};
use super::paths::path_list;
use super::{Check, Parse};
use crate::systemd::config::UnitSettings;
use crate::systemd::span::{SEC, Usec, parse_sec, parse_sec_fix_0, parse_time};
use crate::systemd::unit_file::words::{UNQUOTE, WHITESPACE, split};
use crate::systemd::value::number::{parse_boolean, parse_int, parse_mode, parse_size, parse_unsigned};
use crate::world::Errno;

/// Reads `value` as `parse` says and stores it; an error ends the file.
pub fn apply(parse: Parse, c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    match parse {
        Parse::Bool(place) => put(place(u), boolean(c, value)),
        Parse::BoolFatal(place) => match parse_boolean(value) {
            Some(flag) => put(place(u), Some(flag)),
            None => {
                c.error(format!("Failed to parse boolean value: {value}"));
                return Err(Errno::ENOEXEC);
            }
        },
        Parse::Tristate(place) => put(place(u), boolean(c, value).map(Some)),
        Parse::Sec(place) => put(place(u), span(c, value)),
        Parse::SecFix0(place) => {
            let span = parse_sec_fix_0(value).ok();
            if span.is_none() {
                c.ignoring("time value", value);
            }
            put(place(u), span);
        }
        Parse::Unsigned(place) => put(place(u), unsigned(c, value)),
        Parse::Mode(place) => put(place(u), mode(c, value)),
        Parse::Text(place) => text(c, place(u), value),
        Parse::Path(place) => path(c, place(u), value),
        Parse::PathFatal(place) => return path_fatal(c, place(u), value),
        Parse::Word(what, take) => {
            if !take(u, value) {
                c.ignoring(what, value);
            }
        }
        Parse::Custom(read) => return read(c, u, value),
        Parse::Known(check) => return known(c, check, value),
        Parse::Silent => {}
    }
    Ok(())
}

fn put<T>(place: Option<&mut T>, value: Option<T>) {
    if let (Some(place), Some(value)) = (place, value) {
        *place = value;
    }
}

fn boolean(c: &mut Context<'_, '_>, value: &str) -> Option<bool> {
    let flag = parse_boolean(value);
    if flag.is_none() {
        c.ignoring("boolean value", value);
    }
    flag
}

fn span(c: &mut Context<'_, '_>, value: &str) -> Option<Usec> {
    let span = parse_sec(value).ok();
    if span.is_none() {
        c.ignoring("sec value", value);
    }
    span
}

fn unsigned(c: &mut Context<'_, '_>, value: &str) -> Option<u32> {
    let number = parse_unsigned(value).ok();
    if number.is_none() {
        c.ignoring("unsigned value", value);
    }
    number
}

fn mode(c: &mut Context<'_, '_>, value: &str) -> Option<u32> {
    let mode = parse_mode(value).ok();
    if mode.is_none() {
        c.ignoring("mode value", value);
    }
    mode
}

/// A text with specifiers.
fn text(c: &mut Context<'_, '_>, place: Option<&mut Option<String>>, value: &str) {
    let resolved = c.resolve(value);
    let resolved = c.or_warn(resolved, value);
    put(place, resolved.map(|text| Some(text).filter(|t| !t.is_empty())));
}

fn path(c: &mut Context<'_, '_>, place: Option<&mut Option<String>>, value: &str) {
    if value.is_empty() {
        return put(place, Some(None));
    }
    let resolved = c.resolve_path(value);
    let resolved = c.or_warn(resolved, value);
    let simple = resolved.and_then(|path| c.simplify(&path, PathCheck::Absolute));
    put(place, simple.map(Some));
}

fn path_fatal(c: &mut Context<'_, '_>, place: Option<&mut Option<String>>, value: &str) -> Result<(), Errno> {
    if value.is_empty() {
        put(place, Some(None));
        return Ok(());
    }
    match c.resolve_path(value) {
        Err(errno) => c.error(format!("Failed to resolve unit specifiers in '{value}': {errno}")),
        Ok(path) => {
            if let Some(simple) = c.simplify(&path, PathCheck::AbsoluteFatal) {
                put(place, Some(Some(simple)));
                return Ok(());
            }
        }
    }
    Err(Errno::ENOEXEC)
}

/// Checks a value that leads to nothing.
fn known(c: &mut Context<'_, '_>, check: Check, value: &str) -> Result<(), Errno> {
    let failed = match check {
        Check::Any => None,
        Check::BoolOrEmpty | Check::UnsignedOrEmpty if value.is_empty() => None,
        Check::Bool | Check::BoolOrEmpty => boolean(c, value).and(None),
        Check::Sec => span(c, value).and(None),
        Check::SecDefInfinity => {
            (!value.is_empty() && parse_time(value, SEC).is_err()).then_some("sec_def_infinity value")
        }
        Check::Nsec => {
            parse_time(&value.replace("nsec", "us").replace("ns", "us"), SEC).is_err().then_some("nsec value")
        }
        Check::Unsigned | Check::UnsignedOrEmpty => unsigned(c, value).and(None),
        Check::Mode => mode(c, value).and(None),
        Check::Text => {
            text(c, None, value);
            None
        }
        Check::Path => {
            path(c, None, value);
            None
        }
        Check::Size => {
            if let Err(errno) = parse_size(value, 1024) {
                c.warn(format!("Failed to parse size value '{value}', ignoring: {errno}"));
            }
            None
        }
        Check::With(read) => return read(c, value),
        Check::Long => parse_int(value).is_err().then_some("long value"),
        Check::Int => parse_int(value).is_err().then_some("int value"),
        Check::PathFatal => return path_fatal(c, None, value),
        Check::Paths => {
            path_list(c, &mut Vec::new(), value);
            None
        }
        Check::Words(what, words) => (!value.is_empty() && !words.contains(&value)).then_some(what),
        Check::Word(what, words) => (!words.contains(&value)).then_some(what),
        Check::Each(what, accept) => {
            let rest = value.strip_prefix('~').unwrap_or(value);
            match split(rest, WHITESPACE, UNQUOTE) {
                Ok(words) => words.iter().filter(|word| !accept(word)).for_each(|word| c.ignoring(what, word)),
                Err(_) => c.warn(format!("Invalid syntax, ignoring: {value}")),
            }
            None
        }
    };
    if let Some(what) = failed {
        c.ignoring(what, value);
    }
    Ok(())
}
