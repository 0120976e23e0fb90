//! `is-active` and `is-failed`: systemctl(1).

use super::args::Args;
use super::{Next, bus, units};
use crate::systemd::states::ActiveState;
use crate::systemd::unit_name::UnitType;
use crate::world::Cx;

/// Prints the states; 0 if any unit is active.
pub fn active(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    check(cx, args, &words[1..], &[ActiveState::Active, ActiveState::Reloading], 3)
}

/// Prints the states; 0 if any unit is failed.
pub fn failed(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    check(cx, args, &words[1..], &[ActiveState::Failed], 1)
}

fn check(cx: &mut Cx<'_, '_>, args: &Args, words: &[String], good: &[ActiveState], status: u8) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let names = units::expand(cx, args, scope, words, UnitType::Service).names;
    let mut found = false;
    for name in names {
        let Some(unit) = units::loadable(&name) else {
            cx.errln(&format!("Failed to retrieve unit state: Invalid unit name: {name}"));
            return Next::Exit(1);
        };
        let state = bus::unit(cx, scope, &unit).active_state();
        found |= good.contains(&state);
        if !args.quiet {
            cx.outln(state.as_str());
        }
    }
    Next::Exit(if found { 0 } else { status })
}
