//! How systemctl reaches a manager, and what the manager lets it do: the part of D-Bus and polkit that a person notices.

use super::args::{Args, Scope};
use crate::systemd::Systemd;
use crate::systemd::config::UnitSettings;
use crate::systemd::loaded::{LoadError, LoadedUnit};
use crate::systemd::manager::{Client, Core, Manager, ManagerError, RuntimeScope, Unit, error_name};
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::UnitName;
use crate::vps;
use crate::world::Cx;

/// The D-Bus error that polkit gives to whoever would have to type a password.
pub const INTERACTIVE_AUTHORIZATION_REQUIRED: &str = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";

/// The manager that is meant, if it can be reached; else the message has been printed and the error is the status.
pub fn connect(cx: &mut Cx<'_, '_>, args: &Args) -> Result<RuntimeScope, u8> {
    if args.scope != Scope::User {
        return Ok(RuntimeScope::System);
    }
    connect_user(cx).map_err(|reason| {
        cx.errln(&format!("Failed to connect to bus: {reason}"));
        1
    })
}

/// The calling user's manager, or why it cannot be reached.
pub fn connect_user(cx: &mut Cx<'_, '_>) -> Result<RuntimeScope, &'static str> {
    let uid = cx.uid();
    let folder = cx.getenv("XDG_RUNTIME_DIR").ok_or("No medium found")?;
    let owner = folder.trim_end_matches('/').rsplit('/').next().and_then(|word| word.parse::<u32>().ok());
    let (systemd, _) = vps::systemd(cx.sys);
    match owner {
        Some(owner) if !systemd.users.contains_key(&owner) => Err("No such file or directory"),
        Some(owner) if owner == uid => Ok(RuntimeScope::User(uid)),
        Some(_) if uid == 0 => Err("Operation not permitted"),
        Some(_) => Err("Permission denied"),
        None => Err("No such file or directory"),
    }
}

/// Whether the caller may change things; the error is what polkit says.
pub fn authorize(cx: &Cx<'_, '_>, scope: RuntimeScope) -> Result<(), ManagerError> {
    if scope == RuntimeScope::System && cx.uid() != 0 {
        return Err(ManagerError::new(INTERACTIVE_AUTHORIZATION_REQUIRED, "Interactive authentication required."));
    }
    Ok(())
}

/// Who asks.
pub fn client(cx: &Cx<'_, '_>) -> Client {
    Client { pid: cx.pid, uid: cx.uid() }
}

/// The machine's PID 1, to look at.
pub fn systemd<'a>(cx: &'a mut Cx<'_, '_>) -> &'a Systemd {
    vps::systemd(cx.sys).0
}

/// A manager, to look at; the system's when a user's is gone.
pub fn manager<'a>(cx: &'a mut Cx<'_, '_>, scope: RuntimeScope) -> &'a Manager {
    let systemd = systemd(cx);
    systemd.manager_of(scope).unwrap_or(&systemd.manager)
}

/// Lets a manager do something. Errors: the user's manager has ended meanwhile.
pub fn core<R>(
    cx: &mut Cx<'_, '_>,
    scope: RuntimeScope,
    work: impl FnOnce(&mut Core<'_>) -> R,
) -> Result<R, ManagerError> {
    let (systemd, world) = vps::systemd(cx.sys);
    match scope {
        RuntimeScope::System => Ok(work(&mut systemd.core(world))),
        RuntimeScope::User(uid) => match systemd.user_core(world, uid) {
            Some(mut core) => Ok(work(&mut core)),
            None => Err(ManagerError::new(error_name::NOT_SUPPORTED, "Transport endpoint is not connected")),
        },
    }
}

/// Lets a manager do something that needs rights and can be refused.
pub fn request<R>(
    cx: &mut Cx<'_, '_>,
    scope: RuntimeScope,
    work: impl FnOnce(&mut Core<'_>) -> Result<R, ManagerError>,
) -> Result<R, ManagerError> {
    authorize(cx, scope)?;
    core(cx, scope, work)?
}

/// A unit as the manager knows it; it is loaded for the question if need be.
pub fn unit(cx: &mut Cx<'_, '_>, scope: RuntimeScope, name: &UnitName) -> Unit {
    let found = core(cx, scope, |core| {
        let main = core.load_unit(name);
        core.m.get(&main).cloned()
    });
    found.ok().flatten().unwrap_or_else(|| missing(name))
}

/// What a unit without file looks like.
fn missing(name: &UnitName) -> Unit {
    Unit::new(LoadedUnit {
        name: name.clone(),
        names: vec![name.clone()],
        load_state: LoadState::NotFound,
        load_error: Some(LoadError { name: error_name::NO_SUCH_UNIT, message: format!("Unit {name} not found.") }),
        fragment_path: None,
        dropin_paths: Vec::new(),
        settings: UnitSettings::new(name.unit_type()),
        warnings: Vec::new(),
        not_simulated: Vec::new(),
    })
}

/// All units in memory.
pub fn units(cx: &mut Cx<'_, '_>, scope: RuntimeScope) -> Vec<Unit> {
    manager(cx, scope).units().cloned().collect()
}

/// Whether the files of a unit have changed since they were read.
pub fn need_daemon_reload(cx: &mut Cx<'_, '_>, scope: RuntimeScope, unit: &Unit) -> bool {
    let (systemd, world) = vps::systemd(cx.sys);
    systemd.manager_of(scope).is_some_and(|manager| manager.need_daemon_reload(world, unit))
}

/// The exit status that a refusal gives.
pub fn exit_status(error: &ManagerError) -> u8 {
    match error.name {
        error_name::ONLY_BY_DEPENDENCY | error_name::NO_ISOLATION | error_name::TRANSACTION_IS_DESTRUCTIVE => 4,
        error_name::NO_SUCH_UNIT => 5,
        error_name::JOB_TYPE_NOT_APPLICABLE | error_name::NOT_SUPPORTED => 3,
        error_name::LOAD_FAILED => 6,
        _ => 1,
    }
}

/// The sign in front of a unit: systemd's glyph of its high-level state.
pub fn glyph(state: ActiveState) -> &'static str {
    match state {
        ActiveState::Active | ActiveState::Activating | ActiveState::Deactivating => "●",
        ActiveState::Reloading => "↻",
        ActiveState::Inactive | ActiveState::Maintenance => "○",
        ActiveState::Failed => "×",
    }
}

/// The line that says that a unit's files have changed.
pub fn warn_changed(cx: &mut Cx<'_, '_>, args: &Args, unit: &str) {
    let user = args.user_flag();
    cx.errln(&format!(
        "Warning: The unit file, source configuration file or drop-ins of {unit} changed on disk. \
         Run 'systemctl{user} daemon-reload' to reload units."
    ));
}

/// Which manager a unit belongs to: a user's have their groups below that user's service.
pub fn scope_of(unit: &Unit, systemd: &Systemd) -> RuntimeScope {
    let Some(group) = &unit.cgroup else { return RuntimeScope::System };
    let user = systemd.users.iter().find(|(_, manager)| group.starts_with(&manager.cgroup_root));
    user.map_or(RuntimeScope::System, |(uid, _)| RuntimeScope::User(*uid))
}
