//! The unit files of a manager: whether they are enabled, and changing that on disk: systemctl(1), "Unit file commands".

use super::args::{Args, Scope};
use crate::systemd::Systemd;
use crate::systemd::install::{self, InstallFlags, Installer, Outcome, UnitFileEntry};
use crate::systemd::journal::EntryBuilder;
use crate::systemd::load::{SearchPath, UnitFileMap, UnitFiles, Writable};
use crate::systemd::loaded::Warning;
use crate::systemd::manager::{RuntimeScope, Unit};
use crate::systemd::states::{LoadState, UnitFileState};
use crate::systemd::unit_file::specifier::Host;
use crate::systemd::unit_name::UnitName;
use crate::vps;
use crate::world::{Cx, Errno, World, accounts};

/// Where a manager looks for unit files, and what specifiers mean there.
pub struct Place {
    pub path: SearchPath,
    pub host: Host,
}

/// The place of a manager.
pub fn place(world: &World, scope: RuntimeScope) -> Place {
    let mut host = Host {
        hostname: world.hostname.clone(),
        boot_id: world.boot_id.clone(),
        machine_id: world.files.text("/etc/machine-id").map_or(String::new(), |id| id.trim().to_owned()),
        ..Host::default()
    };
    let path = match scope {
        RuntimeScope::System => SearchPath::system(),
        RuntimeScope::User(uid) => {
            let home = match accounts::user_by_id(&world.files, uid) {
                Some(user) => {
                    host.user = user.name.to_string();
                    host.gid = user.gid;
                    host.group = accounts::group_name(&world.files, user.gid);
                    host.shell = user.shell.to_string();
                    user.home.to_string()
                }
                None => "/".to_owned(),
            };
            host.uid = uid;
            host.home.clone_from(&home);
            host.user_manager = true;
            SearchPath::user(&home, uid)
        }
    };
    Place { path, host }
}

/// The place that a command line means: a manager's, or with `--global` that of all users' managers.
fn place_of(world: &World, args: &Args, scope: RuntimeScope) -> Place {
    let mut place = place(world, scope);
    if args.scope == Scope::Global {
        place.path = SearchPath::global();
    }
    place
}

/// Whether a unit file is enabled, by name. What is wrong with the file is written to the journal each time.
pub fn state(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, name: &str) -> Result<UnitFileState, Errno> {
    let (systemd, world) = vps::systemd(cx.sys);
    let place = place_of(world, args, scope);
    let mut warnings = Vec::new();
    let found = install::unit_file_state(
        &world.files,
        install::Scope { path: &place.path, host: &place.host },
        name,
        &mut warnings,
    );
    log(systemd, world, &warnings);
    found
}

/// Whether a loaded unit's file is enabled; `None` when it has none. A file that is gone is remembered as it was.
pub fn state_of(cx: &mut Cx<'_, '_>, scope: RuntimeScope, unit: &Unit) -> Option<UnitFileState> {
    unit.loaded.fragment_path.as_ref()?;
    let (systemd, world) = vps::systemd(cx.sys);
    let known = match scope {
        RuntimeScope::System => systemd.core(world).unit_file_state(&unit.name),
        RuntimeScope::User(uid) => systemd.user_core(world, uid).and_then(|mut core| core.unit_file_state(&unit.name)),
    };
    let place = place(world, scope);
    if unit.transient && known.is_none_or(|state| state == UnitFileState::Static) {
        return Some(UnitFileState::Transient);
    }
    known.or_else(|| (unit.load_state() == LoadState::Loaded).then(|| remembered(world, &place.path, unit)))
}

/// What the links say about a unit whose file was removed.
fn remembered(world: &World, path: &SearchPath, unit: &Unit) -> UnitFileState {
    let linked = UnitFiles::list(&world.files, &path.config)
        .iter()
        .filter(|folder| folder.ends_with(".wants") || folder.ends_with(".requires"))
        .any(|folder| world.files.kind(&format!("{}/{folder}/{}", path.config, unit.name)).is_some());
    if linked { UnitFileState::Enabled } else { UnitFileState::Static }
}

/// Whether the presets would enable a loaded unit's file: `enabled` or `disabled`.
pub fn preset_of(cx: &mut Cx<'_, '_>, scope: RuntimeScope, unit: &Unit) -> Option<&'static str> {
    unit.loaded.fragment_path.as_ref()?;
    let (_, world) = vps::systemd(cx.sys);
    let place = place(world, scope);
    let known = install::Scope { path: &place.path, host: &place.host };
    let enabled = install::preset_of(&world.files, known, unit.name.as_str(), UnitFileState::Disabled)?;
    Some(if enabled { "enabled" } else { "disabled" })
}

/// Every unit file of a manager.
pub fn list(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope) -> Vec<UnitFileEntry> {
    let (_, world) = vps::systemd(cx.sys);
    let place = place_of(world, args, scope);
    install::list_unit_files(&world.files, install::Scope { path: &place.path, host: &place.host })
}

/// The name of the unit that another name leads to; `None` when there is no file.
pub fn main_name(cx: &mut Cx<'_, '_>, scope: RuntimeScope, name: &str) -> Option<String> {
    let (_, world) = vps::systemd(cx.sys);
    let place = place(world, scope);
    let map = UnitFileMap::build(&world.files, &place.path);
    let name = UnitName::new(name)?;
    let (file, names) = map.find(&name);
    file?;
    names.first().map(|main| main.to_string())
}

/// The file of a name.
pub fn file(cx: &mut Cx<'_, '_>, scope: RuntimeScope, name: &str) -> Option<String> {
    let (_, world) = vps::systemd(cx.sys);
    let place = place(world, scope);
    UnitFileMap::build(&world.files, &place.path).file(name).map(str::to_owned)
}

/// Changes links on disk.
pub fn change(
    cx: &mut Cx<'_, '_>,
    args: &Args,
    scope: RuntimeScope,
    work: impl FnOnce(Installer<'_>) -> Outcome,
) -> Outcome {
    let (systemd, world) = vps::systemd(cx.sys);
    let place = place_of(world, args, scope);
    let now = world.now;
    let flags = InstallFlags { runtime: args.runtime, force: args.force > 0 };
    let mut tree = Writable { tree: &mut world.files, now };
    let outcome = work(Installer::new(&mut tree, install::Scope { path: &place.path, host: &place.host }, flags));
    log(systemd, world, &outcome.warnings);
    outcome
}

/// The links that disabling a unit would remove.
pub fn links(cx: &mut Cx<'_, '_>, args: &Args, scope: RuntimeScope, name: &str) -> Vec<String> {
    let (_, world) = vps::systemd(cx.sys);
    let place = place_of(world, args, scope);
    let (mut files, now) = (world.files.clone(), world.now);
    let mut tree = Writable { tree: &mut files, now };
    let flags = InstallFlags { runtime: args.runtime, force: false };
    let installer = Installer::new(&mut tree, install::Scope { path: &place.path, host: &place.host }, flags);
    let removed = |change| match change {
        install::Change::Unlink(path) => Some(path),
        _ => None,
    };
    installer.disable(&[name.to_owned()]).changes.into_iter().filter_map(removed).collect()
}

/// What PID 1 remarks on when it reads files.
fn log(systemd: &mut Systemd, world: &mut World, warnings: &[Warning]) {
    for warning in warnings {
        let mut entry = EntryBuilder::pid1(warning.priority, warning.to_string());
        if let Some(unit) = &warning.unit {
            entry = entry.unit(unit);
        }
        systemd.journal.append(world, entry);
    }
}
