//! `help`: the manual pages of a unit: systemctl(1). The pages themselves are not simulated; their names are told.

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// The verb.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    if words.len() <= 1 {
        cx.errln("'help' command expects one or more unit names.");
        cx.errln("(Alternatively, help for systemctl itself may be shown with --help)");
        return Next::Exit(1);
    }
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    for name in units::expand(cx, args, scope, &words[1..], UnitType::Service).names {
        let documentation =
            units::loadable(&name).map(|unit| bus::unit(cx, scope, &unit).config().documentation.clone());
        match documentation {
            Some(pages) if !pages.is_empty() => {
                for page in pages {
                    cx.errln(&format!("systemctl: showing {page} is not simulated"));
                }
            }
            _ => cx.errln(&format!("Documentation for {name} not known.")),
        }
    }
    Next::Exit(0)
}
