//! `kill`: sends a signal to the processes of units: systemctl(1).

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::manager::{KillWho, ManagerError, error_name};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let whom = args.kill_whom.as_deref().unwrap_or("all");
    let names = units::expand(cx, args, scope, &words[1..], UnitType::Service).names;
    let mut status = 0;
    for name in names {
        let signal = args.signal;
        let result = match (KillWho::parse(whom), UnitName::new(&name)) {
            (None, _) => Err(ManagerError::new(error_name::INVALID_ARGS, format!("Invalid who argument {whom}"))),
            (_, None) => Err(ManagerError::new(error_name::INVALID_ARGS, format!("Unit name {name} is not valid."))),
            (Some(who), Some(unit)) => bus::request(cx, scope, |core| core.kill_unit(&unit, who, signal)),
        };
        if let Err(error) = result {
            cx.errln(&format!("Failed to kill unit {name}: {}", error.message));
            status = 1;
        }
    }
    Next::Exit(status)
}
