//! `Environment=` and the settings around it: systemd.exec(5) "Environment".

use super::context::{Context, PathCheck};
use crate::systemd::config::{EnvironmentFile, UnitSettings};
use crate::systemd::environment::put;
use crate::systemd::unit_file::words::{UNQUOTE, UNQUOTE_CUNESCAPE, Words};
use crate::systemd::value::names::{is_assignment, is_variable};
use crate::world::Errno;

/// `Environment=`: quoted assignments; lists add up, an empty value empties them.
pub fn environment(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.environment.clear();
        return Ok(());
    }
    let mut words = Words::new(value, UNQUOTE_CUNESCAPE);
    loop {
        let word = match words.next_word() {
            Ok(Some(word)) => word,
            Ok(None) => return Ok(()),
            Err(_) => {
                c.warn(format!("Invalid syntax, ignoring: {value}"));
                return Ok(());
            }
        };
        match c.resolve(&word) {
            Err(errno) => c.warn(format!("Failed to resolve specifiers in {word}, ignoring: {errno}")),
            Ok(resolved) if !is_assignment(&resolved) => {
                c.warn(format!("Invalid environment assignment, ignoring: {resolved}"));
            }
            Ok(resolved) => put(&mut exec.environment, resolved),
        }
    }
}

/// Names in a list of variables, resolved, with the warning for what is left over.
fn names(c: &mut Context<'_, '_>, value: &str, what: &str) -> Vec<String> {
    let mut words = Words::new(value, UNQUOTE);
    let mut all = Vec::new();
    loop {
        match words.next_word() {
            Ok(Some(word)) => match c.resolve(&word) {
                Ok(resolved) => all.push(resolved),
                Err(errno) => c.warn(format!("Failed to resolve {what} in {word}, ignoring: {errno}")),
            },
            Ok(None) => return all,
            Err(_) => {
                c.warn(format!("Trailing garbage in {}, ignoring: {value}", c.key));
                return all;
            }
        }
    }
}

/// `PassEnvironment=`.
pub fn pass_environment(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.pass_environment.clear();
    }
    for name in names(c, value, "specifiers") {
        if is_variable(&name) {
            exec.pass_environment.push(name);
        } else {
            c.warn(format!("Invalid environment name for {}, ignoring: {name}", c.key));
        }
    }
    Ok(())
}

/// `UnsetEnvironment=`: names, or assignments that are removed when they match.
pub fn unset_environment(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.unset_environment.clear();
    }
    for name in names(c, value, "unit specifiers") {
        if is_variable(&name) || is_assignment(&name) {
            exec.unset_environment.push(name);
        } else {
            c.warn(format!("Invalid environment name or assignment {}, ignoring: {name}", c.key));
        }
    }
    Ok(())
}

/// `EnvironmentFile=`: an absolute path, with `-` if it may be missing; lists add up.
pub fn environment_file(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    if value.is_empty() {
        exec.environment_files.clear();
        return Ok(());
    }
    let resolved = c.resolve(value);
    let Some(text) = c.or_warn(resolved, value) else { return Ok(()) };
    let (optional, path) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    if let Some(path) = c.simplify(path, PathCheck::Absolute) {
        exec.environment_files.push(EnvironmentFile { path, optional });
    }
    Ok(())
}
