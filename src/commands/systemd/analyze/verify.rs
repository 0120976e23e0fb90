//! `verify`: reads unit files and says what is wrong with them: systemd-analyze(1).

use crate::commands::options::Parsed;
use crate::systemd::config::ServiceExecCommand;
use crate::systemd::dependency::UnitDependency;
use crate::systemd::load::{Loader, SearchPath, UnitFileMap};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::states::LoadState;
use crate::systemd::unit_file::specifier::Host;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::fs::{Access, join};
use crate::world::{Cx, Errno};

/// `unit-paths`
pub fn unit_paths(cx: &mut Cx<'_, '_>, _parsed: &Parsed, _words: &[String]) -> u8 {
    for folder in SearchPath::system().folders {
        cx.outln(&folder);
    }
    0
}

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, _parsed: &Parsed, words: &[String]) -> u8 {
    let mut path = SearchPath::system();
    let mut names = Vec::new();
    for word in words {
        match prepare(cx, word, &mut path) {
            Ok(name) => names.push(name),
            Err(message) => {
                cx.errln(&message);
                return 1;
            }
        }
    }
    let mut status = 0;
    let mut loaded: Vec<(String, Option<LoadedUnit>)> = Vec::new();
    for name in names {
        let unit = UnitName::new(&name).map(|name| load(cx, &path, &name));
        for warning in unit.iter().flat_map(|unit| &unit.warnings) {
            cx.errln(&warning.to_string());
        }
        let error = match &unit {
            None => Some(format!("Unit {name} not found.")),
            Some(unit) => unit.load_error.as_ref().map(|error| error.message.clone()),
        };
        if let Some(message) = error {
            cx.errln(&message);
            status = 1;
        } else {
            loaded.push((name, unit));
        }
    }
    for unit in loaded.into_iter().filter_map(|(_, unit)| unit) {
        status |= check(cx, &path, &unit);
    }
    status
}

/// A unit by name or path as its files are now; the error is a message.
pub fn load_word(cx: &mut Cx<'_, '_>, word: &str) -> Result<LoadedUnit, String> {
    let mut path = SearchPath::system();
    let name = prepare(cx, word, &mut path)?;
    let unit = UnitName::new(&name).map(|name| load(cx, &path, &name));
    for warning in unit.iter().flat_map(|unit| &unit.warnings) {
        cx.errln(&warning.to_string());
    }
    match unit {
        Some(unit) => match &unit.load_error {
            None => Ok(unit),
            Some(error) => Err(error.message.clone()),
        },
        None => Err(format!("Unit {name} not found.")),
    }
}

/// The unit's name; a file's folder is searched first.
fn prepare(cx: &Cx<'_, '_>, word: &str, path: &mut SearchPath) -> Result<String, String> {
    let invalid = || format!("Failed to prepare filename {word}: {}", Errno::EINVAL.message());
    if !word.contains('/') {
        return unit_name_mangle(word, "", false, UnitType::Service).map(|m| m.name).ok_or_else(invalid);
    }
    let full = join(&cx.cwd(), word);
    let (folder, name) = full.rsplit_once('/').unwrap_or(("", &full));
    let name = UnitName::new(name).ok_or_else(invalid)?;
    if !path.folders.iter().any(|known| known == folder) {
        path.folders.insert(0, folder.to_owned());
    }
    Ok(name.to_string())
}

fn load(cx: &Cx<'_, '_>, path: &SearchPath, name: &UnitName) -> LoadedUnit {
    let map = UnitFileMap::build(&cx.world.files, path);
    let host = Host { hostname: cx.world.hostname.clone(), boot_id: cx.world.boot_id.clone(), ..Host::default() };
    Loader { files: &cx.world.files, path, map: &map, host: &host }.load(name)
}

/// Whether a start job could be made, and whether the commands are there.
fn check(cx: &mut Cx<'_, '_>, path: &SearchPath, unit: &LoadedUnit) -> u8 {
    let mut status = 0;
    use UnitDependency::{BindsTo, Requires, Requisite};
    let needed: Vec<UnitName> = [Requires, BindsTo, Requisite]
        .iter()
        .flat_map(|kind| unit.settings.unit.dependencies(*kind))
        .cloned()
        .collect();
    for other in needed {
        let found = load(cx, path, &other);
        if matches!(found.load_state, LoadState::NotFound | LoadState::Masked)
            && let Some(error) = found.load_error
        {
            cx.errln(&format!("{0}: Failed to create {0}/start: {1}", unit.name, error.message));
            status = 1;
            break;
        }
    }
    let Some(service) = unit.settings.service() else { return status };
    for which in ServiceExecCommand::ALL {
        for command in service.commands(*which) {
            let missing = match executable(cx, &command.path) {
                Ok(()) => continue,
                Err(errno) => errno,
            };
            let verdict = if command.ignore_failure { continue } else { missing.message() };
            cx.errln(&format!("{}: Command {} is not executable: {verdict}", unit.name, command.path));
            status = 1;
        }
    }
    status
}

/// Whether a program can be executed; bare names are looked for where the manager looks.
fn executable(cx: &mut Cx<'_, '_>, path: &str) -> Result<(), Errno> {
    if path.starts_with('/') {
        return cx.access(path, Access::Execute);
    }
    let places = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    let mut result = Err(Errno::ENOENT);
    for folder in places {
        match cx.access(&format!("{folder}/{path}"), Access::Execute) {
            Ok(()) => return Ok(()),
            Err(errno) => result = Err(errno),
        }
    }
    result
}
