//! `reset-failed`: forgets failures, start limits and restart counters: systemctl(1).

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::manager::ManagerError;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Cx;

/// The verb; without names for all units.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    if words.len() <= 1 {
        let done = bus::request(cx, scope, |core| {
            core.reset_failed();
            Ok(())
        });
        if let Err(error) = done {
            cx.errln(&format!("Failed to execute operation: {}", error.message));
            return Next::Exit(1);
        }
        return Next::Exit(0);
    }
    let names = units::expand(cx, args, scope, &words[1..], UnitType::Service).names;
    let mut status = 0;
    for name in names {
        let result = match UnitName::new(&name) {
            None => Err(ManagerError::not_loaded(&name)),
            Some(unit) => bus::request(cx, scope, |core| core.reset_failed_unit(&unit)),
        };
        if let Err(error) = result {
            cx.errln(&format!("Failed to reset failed state of unit {name}: {}", error.message));
            status = 1;
        }
    }
    Next::Exit(status)
}
