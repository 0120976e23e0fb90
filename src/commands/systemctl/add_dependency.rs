//! `add-wants` and `add-requires`: links that make a target pull units in: systemctl(1).

use super::args::Args;
use super::{Next, bus, enable, unit_files, units};
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The verbs.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let requires = words[0] == "add-requires";
    let target = units::mangle(cx, &words[1], "as target", UnitType::Target);
    let names: Vec<String> =
        words[2..].iter().map(|word| units::mangle(cx, word, "as unit", UnitType::Service)).collect();
    if let Err(error) = bus::authorize(cx, scope) {
        cx.errln(&format!("Failed to add dependency: {}", error.message));
        return Next::Exit(1);
    }
    let outcome = unit_files::change(cx, args, scope, |installer| installer.add_dependency(&target, &names, requires));
    match enable::report(cx, args, scope, "Failed to add dependency", &outcome) {
        Ok(()) => Next::Exit(0),
        Err(status) => Next::Exit(status),
    }
}
