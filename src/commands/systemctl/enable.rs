//! `enable` and its kin: links on disk, and with `--now` the units themselves: systemctl(1), "Unit file commands".

use super::args::{Args, Scope};
use super::{Next, bus, daemon_reload, run as run_verb, sysv, unit_files, units};
use crate::systemd::install::{Installer, Outcome};
use crate::systemd::manager::RuntimeScope;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;
use crate::world::fs::join;

/// What systemctl says when a unit has nothing that enabling could act on.
const NO_INSTALL_CONFIG: &str = "\
The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled using systemctl.

Possible reasons for having this kind of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/ or .requires/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.";

/// The verbs of this file.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let Some(verb) = words.first().cloned() else { return Next::Exit(1) };
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let mut names = match names(cx, &verb, &words[1..]) {
        Ok(names) => names,
        Err(status) => return Next::Exit(status),
    };
    if args.scope == Scope::System
        && let Err(status) = sysv::synchronize(cx, args, &verb, &mut names)
    {
        return Next::Exit(status);
    }
    if names.is_empty() {
        return Next::Exit(0);
    }
    if matches!(verb.as_str(), "mask" | "unmask") && args.scope != Scope::Global {
        warn_about_missing(cx, scope, &names);
    }
    if let Err(error) = bus::authorize(cx, scope) {
        cx.errln(&format!("Failed to {verb} unit: {}", error.message));
        return Next::Exit(1);
    }
    let outcome = unit_files::change(cx, args, scope, |installer| apply(installer, args, &verb, &names));
    if let Err(status) = report(cx, args, scope, &format!("Failed to {verb} unit"), &outcome) {
        return Next::Exit(status);
    }
    let expects_rules = matches!(verb.as_str(), "enable" | "reenable" | "preset");
    if expects_rules && !outcome.carries_install_info && !args.quiet {
        cx.errln(NO_INSTALL_CONFIG);
    }
    now(cx, args, &verb, &names)
}

/// The names that are meant: mangled, paths made absolute.
fn names(cx: &mut Cx<'_, '_>, verb: &str, typed: &[String]) -> Result<Vec<String>, u8> {
    let operation = match verb {
        "unmask" | "mask" | "enable" | "disable" | "reenable" | "preset" | "link" | "revert" => format!("to {verb}"),
        _ => String::new(),
    };
    let mut names = Vec::new();
    for word in typed {
        if verb == "link" && !word.contains('/') {
            cx.errln(&format!(
                "Link argument must contain at least one directory separator.\n\
                 If you intended to link a file in the current directory, try ./{word} instead."
            ));
            return Err(1);
        }
        if !word.contains('/') {
            names.push(units::mangle(cx, word, &operation, UnitType::Service));
            continue;
        }
        let path = join(&cx.cwd(), word);
        if verb == "disable" {
            cx.errln("Warning: Can't execute disable on the unit file path. Proceeding with the unit name.");
            names.push(path.rsplit('/').next().unwrap_or_default().to_owned());
        } else {
            names.push(path);
        }
    }
    Ok(names)
}

fn warn_about_missing(cx: &mut Cx<'_, '_>, scope: RuntimeScope, names: &[String]) {
    use crate::systemd::states::{ActiveState, LoadState};
    for name in names {
        let Some(unit_name) = units::loadable(name) else { continue };
        let unit = bus::unit(cx, scope, &unit_name);
        if unit.load_state() == LoadState::NotFound && unit.active_state() == ActiveState::Inactive {
            cx.errln(&format!("Unit {name} does not exist, proceeding anyway."));
        }
    }
}

fn apply(installer: Installer<'_>, args: &Args, verb: &str, names: &[String]) -> Outcome {
    match verb {
        "enable" => installer.enable(names),
        "disable" => installer.disable(names),
        "reenable" => installer.reenable(names),
        "preset" => installer.preset(names, args.preset_mode),
        "mask" => installer.mask(names),
        "unmask" => installer.unmask(names),
        "link" => installer.link(names),
        _ => installer.revert(names),
    }
}

/// Prints what was changed and reads the files again, or prints why nothing was; the error is the status.
pub fn report(
    cx: &mut Cx<'_, '_>,
    args: &Args,
    scope: RuntimeScope,
    failed: &str,
    outcome: &Outcome,
) -> Result<(), u8> {
    if let Some(error) = &outcome.error {
        cx.errln(&format!("{failed}: {}", error.message));
        return Err(1);
    }
    if !args.quiet {
        for message in outcome.messages() {
            cx.errln(&message);
        }
    }
    if !args.no_reload && args.scope != Scope::Global && daemon_reload::reload(cx, scope).is_err() {
        return Err(1);
    }
    Ok(())
}

/// `--now`: starts what was enabled, stops what was disabled or masked.
fn now(cx: &mut Cx<'_, '_>, args: &Args, verb: &str, names: &[String]) -> Next {
    let then = match verb {
        "enable" | "reenable" => "start",
        "disable" | "mask" => "stop",
        _ => return Next::Exit(0),
    };
    if !args.now {
        return Next::Exit(0);
    }
    let base = |name: &String| name.rsplit('/').next().unwrap_or_default().to_owned();
    let words: Vec<String> = std::iter::once(then.to_owned()).chain(names.iter().map(base)).collect();
    run_verb(cx, args, &words)
}

/// `preset-all`
pub fn preset_all(cx: &mut Cx<'_, '_>, _args: &Args, _words: &[String]) -> Next {
    cx.errln("systemctl: preset-all is not simulated");
    Next::Exit(2)
}
