//! Dependencies, conditions and documentation of `[Unit]`: systemd.unit(5).

use super::Context;
use super::context::PathCheck;
use super::unit::condition_kind;
use crate::systemd::condition::Condition;
use crate::systemd::config::{JobMode, UnitSettings};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::loaded::Warning;
use crate::systemd::unit_file::LOG_NOTICE;
use crate::systemd::unit_file::words::{FLAGS, Flags, UNQUOTE, UNQUOTE_RETAIN_ESCAPE, Words};
use crate::systemd::unit_name::UnitName;
use crate::systemd::value::number::parse_boolean;
use crate::world::Errno;

/// Words of a list, or the warning that its syntax is wrong.
pub fn list_words(c: &mut Context<'_, '_>, value: &str, flags: Flags) -> Vec<String> {
    let mut words = Words::new(value, flags);
    let mut all = Vec::new();
    loop {
        match words.next_word() {
            Ok(Some(word)) => all.push(word),
            Ok(None) => return all,
            Err(_) => {
                c.warn(format!("Invalid syntax, ignoring: {value}"));
                return all;
            }
        }
    }
}

/// A list of units; lists add up and cannot be emptied.
pub fn dependency(
    c: &mut Context<'_, '_>,
    u: &mut UnitSettings,
    value: &str,
    kind: UnitDependency,
) -> Result<(), Errno> {
    for word in list_words(c, value, Flags { retain_escape: true, ..FLAGS }) {
        let resolved = c.resolve_name(&word);
        let Some(name) = c.or_warn(resolved, &word) else { continue };
        match instantiated(c, &name) {
            Some(other) if other == *c.specifiers.name => dropped(c, kind, &other),
            Some(other) => u.unit.add_dependency(kind, other),
            None => c.warn(format!("Failed to add dependency on {name}, ignoring: {}", Errno::EINVAL)),
        }
    }
    Ok(())
}

/// The unit a name stands for in this unit's file: a template takes this unit's instance, or its prefix.
pub fn instantiated(c: &Context<'_, '_>, name: &str) -> Option<UnitName> {
    let other = UnitName::new(name)?;
    if !other.is_template() {
        return Some(other);
    }
    let own = c.specifiers.name;
    other.with_instance(own.instance().filter(|i| !i.is_empty()).unwrap_or(own.prefix()))
}

/// A unit that names itself is told so, as a message of the unit and not of the file; for the other kinds it is no news.
fn dropped(c: &mut Context<'_, '_>, kind: UnitDependency, other: &UnitName) {
    use UnitDependency::{After, Before, Conflicts, OnFailure, OnSuccess, Triggers};
    if !matches!(kind, After | Before | Conflicts | OnFailure | OnSuccess | Triggers) {
        return;
    }
    let text = format!("Dependency {kind}={other} is dropped.");
    c.log.warnings.push(Warning { path: String::new(), line: 0, unit: Some(other.to_string()), text, priority: 4 });
}

/// `RequiresMountsFor=`.
pub fn mounts_for(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    for word in list_words(c, value, UNQUOTE) {
        let resolved = c.resolve_path(&word);
        let Some(path) = c.or_warn(resolved, &word) else { continue };
        if let Some(path) = c.simplify(&path, PathCheck::Absolute)
            && !u.unit.requires_mounts_for.contains(&path)
        {
            u.unit.requires_mounts_for.push(path);
        }
    }
    Ok(())
}

/// `Documentation=`.
pub fn documentation(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    if value.is_empty() {
        u.unit.documentation.clear();
        return Ok(());
    }
    let resolved = c.resolve(value);
    let Some(text) = c.or_warn(resolved, value) else { return Ok(()) };
    for url in list_words(c, &text, UNQUOTE_RETAIN_ESCAPE) {
        if is_documentation_url(&url) {
            u.unit.documentation.push(url);
        } else {
            c.warn(format!("Invalid URL, ignoring: {url}"));
        }
    }
    Ok(())
}

fn is_documentation_url(url: &str) -> bool {
    let rest = |scheme: &str| url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty());
    let clean = url.chars().all(|c| c > ' ' && c != '\x7f');
    clean && (rest("http://") || rest("https://") || rest("file:/") || rest("info:") || rest("man:"))
}

/// `OnFailureIsolate=`, an old way to set the job mode.
pub fn on_failure_isolate(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(isolate) = parse_boolean(value) else {
        c.ignoring("boolean", value);
        return Ok(());
    };
    let text = "OnFailureIsolate is deprecated. Please use OnFailureJobMode= instead".to_owned();
    c.log.warnings.push(Warning { path: String::new(), line: 0, unit: None, text, priority: LOG_NOTICE });
    u.unit.on_failure_job_mode = if isolate { JobMode::Isolate } else { JobMode::Replace };
    Ok(())
}

/// `Condition…=` and `Assert…=`; an empty value forgets all conditions, or all assertions.
pub fn condition(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(kind) = condition_kind(c.key) else { return Ok(()) };
    let list = if c.key.starts_with("Assert") { &mut u.unit.asserts } else { &mut u.unit.conditions };
    if value.is_empty() {
        list.clear();
        return Ok(());
    }
    let blank = |text: &str| text.trim_start_matches([' ', '\t', '\n', '\r']).to_owned();
    let (trigger, rest) = value.strip_prefix('|').map_or((false, value.to_owned()), |rest| (true, blank(rest)));
    let (negate, rest) = rest.strip_prefix('!').map_or((false, rest.clone()), |rest| (true, blank(rest)));
    let parameter = if kind.takes_path() {
        let resolved = c.resolve_path(&rest);
        c.or_warn_as(resolved, &rest).and_then(|path| c.simplify(&path, PathCheck::Absolute))
    } else {
        let resolved = c.resolve(&rest);
        c.or_warn(resolved, &rest)
    };
    if let Some(parameter) = parameter {
        list.push(Condition { kind, trigger, negate, parameter });
    }
    Ok(())
}
