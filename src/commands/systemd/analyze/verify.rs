//! `verify`: reads unit files and says what is wrong with them: systemd-analyze(1).

use crate::commands::options::Parsed;
use crate::systemd::config::{ServiceExecCommand, TypeConfig};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::journal::Journal;
use crate::systemd::load::{Loader, SearchPath, UnitFileMap};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::manager::{Core, Manager, RuntimeScope, Unit};
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::states::LoadState;
use crate::systemd::unit_file::specifier::Host;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::fs::{Access, join, normalize};
use crate::world::{Cx, Errno};

/// `unit-paths`
pub fn unit_paths(cx: &mut Cx<'_, '_>, parsed: &Parsed, _words: &[String]) -> u8 {
    let path = match parsed.has("user") {
        true => SearchPath::user(&cx.getenv("HOME").unwrap_or_default(), cx.uid()),
        false => SearchPath::system(),
    };
    for folder in path.folders {
        cx.outln(&folder);
    }
    0
}

/// The verb: a manager of its own reads the units and tries to start each, without running anything.
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
    let (mut manager, mut world, mut journal) =
        (Manager::new(RuntimeScope::System, 1, 0, ""), cx.world.clone(), Journal::default());
    manager.search_path = path;
    let mut core = Core { m: &mut manager, w: &mut world, j: &mut journal };
    let mut told = 0;
    let mut status = 0;
    let mut loaded = Vec::new();
    for name in names {
        let found = UnitName::new(&name).and_then(|name| {
            let main = core.load_unit(&name);
            core.m.get(&main).cloned()
        });
        tell(cx, core.j, &mut told);
        match found.as_ref().map(|unit| unit.loaded.load_error.as_ref()) {
            Some(None) => loaded.extend(found),
            Some(Some(error)) => {
                cx.errln(&error.message);
                status = 1;
            }
            None => {
                cx.errln(&format!("Unit {name} not found."));
                status = 1;
            }
        }
    }
    for unit in loaded {
        let result = core.try_start(&unit.name);
        tell(cx, core.j, &mut told);
        if let Err(error) = result {
            cx.errln(&format!("{0}: Failed to create {0}/start: {1}", unit.name, error.message));
            status = 1;
        }
        status |= socket(cx, core.m, &unit) | executables(cx, &unit);
    }
    status
}

/// Prints what was written to the journal since the last time.
fn tell(cx: &mut Cx<'_, '_>, journal: &Journal, told: &mut usize) {
    for entry in journal.entries().iter().skip(*told) {
        cx.errln(&entry.message());
    }
    *told = journal.entries().len();
}

/// Whether the service of a socket is there.
fn socket(cx: &mut Cx<'_, '_>, manager: &Manager, unit: &Unit) -> u8 {
    let TypeConfig::Socket(config) = &unit.settings().kind else { return 0 };
    let mut triggers = unit.dependency(UnitDependency::Triggers);
    let missing = triggers.find(|other| manager.get(other).is_none_or(|u| u.load_state() != LoadState::Loaded));
    match missing.filter(|_| !config.accept) {
        Some(service) => {
            let text = format!("{}: service {service} not loaded, socket cannot be started.", unit.name);
            cx.errln(&text);
            1
        }
        None => 0,
    }
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
    let full = normalize(&join(&cx.cwd(), word));
    let (folder, name) = full.rsplit_once('/').unwrap_or(("", &full));
    let name = UnitName::new(name).ok_or_else(invalid)?;
    let name = if name.is_template() { name.with_instance("i").unwrap_or(name) } else { name };
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

/// Whether the first command of each list is there.
fn executables(cx: &mut Cx<'_, '_>, unit: &Unit) -> u8 {
    let mut status = 0;
    let Some(service) = unit.service_config() else { return status };
    for which in ServiceExecCommand::ALL {
        let Some(command) = service.commands(*which).first().filter(|command| !command.ignore_failure) else {
            continue;
        };
        if let Err(errno) = executable(cx, &command.path) {
            let why = errno.message();
            cx.errln(&format!("{}: Command {} is not executable: {why}", unit.name, command.path));
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
