//! `reboot`, `poweroff`, `halt`: the way through logind: systemctl(1), "System commands".

use super::Next;
use super::args::{Args, Scope};
use crate::systemd::PowerAction;
use crate::vps;
use crate::world::Cx;

/// The verbs. A halted machine is off as far as a student can tell.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let (method, action) = match words.first().map(String::as_str) {
        Some("reboot") => ("Reboot", PowerAction::Reboot),
        Some("halt") => ("Halt", PowerAction::PowerOff),
        _ => ("PowerOff", PowerAction::PowerOff),
    };
    if args.scope == Scope::User {
        cx.errln("Bad action for --user mode.");
        return Next::Exit(1);
    }
    if args.dry_run {
        return Next::Exit(0);
    }
    Next::Exit(go(cx, method, action, !args.no_wall))
}

/// Asks logind. `method` is the D-Bus method, `wall` whether the others are told.
pub fn go(cx: &mut Cx<'_, '_>, method: &str, action: PowerAction, wall: bool) -> u8 {
    if cx.uid() != 0 {
        if wall {
            cx.errln("Failed to set wall message, ignoring: Interactive authentication required.");
        }
        cx.errln(&format!("Call to {method} failed: Interactive authentication required."));
        return 1;
    }
    let (systemd, world) = vps::systemd(cx.sys);
    systemd.shutdown(world, action);
    0
}
