//! `clean`: removes what a unit has stored: systemctl(1).

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::config::ExecDirectoryType;
use crate::systemd::manager::{ManagerError, RuntimeScope, Unit, error_name};
use crate::systemd::states::{ActiveState, LoadState};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// What `--what=` can name.
const WHAT: &[(&str, ExecDirectoryType)] = &[
    ("runtime", ExecDirectoryType::Runtime),
    ("state", ExecDirectoryType::State),
    ("cache", ExecDirectoryType::Cache),
    ("logs", ExecDirectoryType::Logs),
    ("configuration", ExecDirectoryType::Configuration),
];

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let (mut what, mut refused) = (Vec::new(), None);
    for word in &args.what {
        match WHAT.iter().find(|(name, _)| name == word) {
            Some((_, kind)) => what.push(*kind),
            None if word == "all" => what.extend(WHAT.iter().map(|(_, kind)| *kind)),
            None if word == "help" => {
                WHAT.iter().for_each(|(name, _)| cx.outln(name));
                return Next::Exit(0);
            }
            None => refused = Some(word.clone()),
        }
    }
    if what.is_empty() {
        what = vec![ExecDirectoryType::Cache, ExecDirectoryType::Runtime];
    }
    let mut status = 0;
    for name in units::expand(cx, args, scope, &words[1..], UnitType::Service).names {
        let result = match UnitName::new(&name) {
            Some(unit) => clean(cx, scope, &unit, &what, refused.as_deref()),
            None => Err(ManagerError::not_found(&name)),
        };
        if let Err(error) = result {
            let early = [error_name::NO_SUCH_UNIT, bus::INTERACTIVE_AUTHORIZATION_REQUIRED].contains(&error.name);
            let doing = if early { "add reference to" } else { "clean" };
            cx.errln(&format!("Failed to {doing} unit {name}: {}", error.message));
            status = 1;
        }
    }
    Next::Exit(status)
}

fn clean(
    cx: &mut Cx<'_, '_>,
    scope: RuntimeScope,
    name: &UnitName,
    what: &[ExecDirectoryType],
    refused: Option<&str>,
) -> Result<(), ManagerError> {
    bus::authorize(cx, scope)?;
    let unit = bus::unit(cx, scope, name);
    match (unit.load_state(), &unit.loaded.load_error) {
        (LoadState::Loaded, _) => {}
        (_, Some(error)) => return Err(ManagerError::new(error.name, error.message.clone())),
        _ => return Err(ManagerError::not_found(name.as_str())),
    }
    if let Some(word) = refused {
        return Err(ManagerError::new(error_name::INVALID_ARGS, format!("Invalid resource type: {word}")));
    }
    if unit.active_state() != ActiveState::Inactive || unit.job.is_some() {
        return Err(ManagerError::new(error_name::UNIT_BUSY, "Unit is not inactive or has pending job."));
    }
    let paths = paths(&unit, what);
    if paths.is_empty() {
        return Err(ManagerError::new(error_name::NOT_SUPPORTED, "No matching resources found."));
    }
    let now = cx.now();
    for path in paths {
        cx.world.files.remove_all(&path, now);
    }
    Ok(())
}

/// The folders and files that are meant.
fn paths(unit: &Unit, what: &[ExecDirectoryType]) -> Vec<String> {
    if unit.name.unit_type() == UnitType::Timer {
        let stamps = what.contains(&ExecDirectoryType::State);
        return if stamps { vec![format!("/var/lib/systemd/timers/stamp-{}", unit.name)] } else { Vec::new() };
    }
    let Some(exec) = unit.settings().exec() else { return Vec::new() };
    let of = |kind: &ExecDirectoryType| {
        let root = kind.root();
        exec.directory(*kind).paths.iter().map(move |path| format!("{root}/{path}"))
    };
    what.iter().flat_map(of).collect()
}
