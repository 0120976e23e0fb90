//! Lists of paths, a service's own folders, and capabilities: systemd.exec(5).

use super::context::{Context, PathCheck};
use crate::systemd::config::{ExecContext, ExecDirectoryType, UnitSettings};
use crate::systemd::unit_file::words::{UNQUOTE, WHITESPACE, Words, split};
use crate::world::CAPABILITIES;
use crate::world::Errno;

/// A list of paths in an execution context.
type List = fn(&mut ExecContext) -> &mut Vec<String>;

/// `ReadWritePaths=` and kin: absolute paths with `-` (may be missing) and `+` (below the root folder).
pub fn namespace_paths(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str, list: List) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    path_list(c, list(exec), value);
    Ok(())
}

/// Adds absolute paths with `-` and `+` to a list; an empty value empties it.
pub fn path_list(c: &mut Context<'_, '_>, list: &mut Vec<String>, value: &str) {
    if value.is_empty() {
        list.clear();
        return;
    }
    let mut words = Words::new(value, UNQUOTE);
    loop {
        let word = match words.next_word() {
            Ok(Some(word)) => word,
            Ok(None) => return,
            Err(_) => {
                c.warn(format!("Failed to extract first word, ignoring: {value}"));
                return;
            }
        };
        let minus = usize::from(word.starts_with('-'));
        let prefix = minus + usize::from(word[minus..].starts_with('+'));
        let (flags, path) = word.split_at(prefix);
        match c.resolve_path(path) {
            Err(errno) => c.error(format!("Failed to resolve unit specifiers in {path}: {errno}")),
            Ok(path) => {
                if let Some(path) = c.simplify(&path, PathCheck::Absolute) {
                    list.push(format!("{flags}{path}"));
                }
            }
        }
    }
}

/// `BindPaths=`, `TemporaryFileSystem=`: words of which the part before `:` must be an absolute path.
pub fn words_of_paths(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str, list: List) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    let list = list(exec);
    if value.is_empty() {
        list.clear();
        return Ok(());
    }
    let binds = c.key.starts_with("Bind");
    let Ok(words) = split(value, WHITESPACE, UNQUOTE) else {
        if binds {
            c.ignoring(c.key, value);
        } else {
            c.warn(format!("Failed to extract first word, ignoring: {value}"));
        }
        return Ok(());
    };
    for word in words {
        let resolved = c.resolve(&word);
        let shown = if binds { format!("\"{word}\"") } else { word.clone() };
        let Some(text) = c.or_warn_as(resolved, &shown) else { continue };
        let path = text.strip_prefix('-').filter(|_| binds).unwrap_or(&text);
        let mut parts = path.split(':');
        if c.simplify(parts.next().unwrap_or_default(), PathCheck::Absolute).is_none() {
            if let Some(rest) = parts.next().filter(|_| binds) {
                c.simplify(rest, PathCheck::Absolute);
            }
            continue;
        }
        if let (true, Some(destination)) = (binds, parts.next()) {
            if c.simplify(destination, PathCheck::Absolute).is_none() {
                continue;
            }
            if let Some(option) = parts.next().filter(|option| !["rbind", "norbind"].contains(option)) {
                c.warn(format!("Invalid option string, ignoring setting: {option}"));
                continue;
            }
        }
        list.push(text);
    }
    Ok(())
}

/// `RuntimeDirectory=` and kin: relative paths, lists add up.
pub fn exec_directory(
    c: &mut Context<'_, '_>,
    u: &mut UnitSettings,
    value: &str,
    kind: ExecDirectoryType,
) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    let list = &mut exec.directories[kind as usize].paths;
    if value.is_empty() {
        list.clear();
        return Ok(());
    }
    let mut words = Words::new(value, UNQUOTE);
    loop {
        let word = match words.next_word() {
            Ok(Some(word)) => word,
            Ok(None) => return Ok(()),
            Err(errno) => {
                c.warn(format!("Invalid syntax {}={value}, ignoring: {errno}", c.key));
                return Ok(());
            }
        };
        let (source, destination) = word.split_once(':').map_or((word.as_str(), None), |(s, d)| (s, Some(d)));
        let source = source.to_owned();
        if source.starts_with('/') {
            c.simplify(&source, PathCheck::Relative);
            continue;
        }
        if let Some(destination) = destination {
            if kind == ExecDirectoryType::Configuration {
                c.warn(format!("Destination parameter is not supported for ConfigurationDirectory, ignoring: {word}"));
                continue;
            }
            if c.simplify(destination, PathCheck::Relative).is_none() {
                continue;
            }
        }
        let resolved = c.resolve_path(&source);
        let Some(path) = c.or_warn_as(resolved, &format!("\"{source}\"")) else { continue };
        let Some(path) = c.simplify(&path, PathCheck::Relative) else { continue };
        if path == "private" || path.starts_with("private/") {
            c.warn(format!("{}= path can't be 'private', ignoring assignment: {path}", c.key));
        } else if !list.contains(&path) {
            list.push(path);
        }
    }
}

/// `CapabilityBoundingSet=` and `AmbientCapabilities=`: lists add up, `~` takes away, unknown names are ignored silently.
pub fn capabilities(c: &mut Context<'_, '_>, u: &mut UnitSettings, value: &str) -> Result<(), Errno> {
    let Some(exec) = u.exec_mut() else { return Ok(()) };
    let bounding = c.key == "CapabilityBoundingSet";
    let (invert, rest) = value.strip_prefix('~').map_or((false, value), |rest| (true, rest));
    let words = split(rest, WHITESPACE, UNQUOTE).unwrap_or_default();
    let named: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let old = if bounding { exec.capability_bounding_set.take() } else { Some(exec.ambient_capabilities.clone()) };
    let all = || CAPABILITIES.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let new: Vec<String> = match (invert, old) {
        (true, old) if rest.is_empty() && old.is_some() => all(),
        (true, old) => {
            let base = old.filter(|o| bounding || !o.is_empty()).unwrap_or_else(all);
            base.into_iter().filter(|cap| !named.contains(cap)).collect()
        }
        (false, _) if rest.is_empty() => Vec::new(),
        (false, old) => {
            let old = old.unwrap_or_default();
            all().into_iter().filter(|cap| named.contains(cap) || old.contains(cap)).collect()
        }
    };
    if bounding {
        exec.capability_bounding_set = Some(new);
    } else {
        exec.ambient_capabilities = new;
    }
    Ok(())
}
