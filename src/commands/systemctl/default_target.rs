//! `get-default` and `set-default`: the target that the machine boots into: systemctl(1).

use super::args::Args;
use super::{Next, bus, enable, unit_files, units};
use crate::systemd::unit_name::UnitType;
use crate::world::{Cx, Errno};

/// `get-default`
pub fn get(cx: &mut Cx<'_, '_>, args: &Args, _words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    match unit_files::main_name(cx, scope, "default.target") {
        Some(name) => {
            if !args.quiet {
                cx.outln(&name);
            }
            Next::Exit(0)
        }
        None => {
            cx.errln(&format!("Failed to get default target: {}", Errno::ENOENT.message()));
            Next::Exit(1)
        }
    }
}

/// `set-default`
pub fn set(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let name = units::mangle(cx, &words[1], "set-default", UnitType::Target);
    if let Err(error) = bus::authorize(cx, scope) {
        cx.errln(&format!("Failed to set default target: {}", error.message));
        return Next::Exit(1);
    }
    let outcome = unit_files::change(cx, args, scope, |installer| installer.set_default(&name));
    match enable::report(cx, args, scope, "Failed to set default target", &outcome) {
        Ok(()) => Next::Exit(0),
        Err(status) => Next::Exit(status),
    }
}
