//! `is-system-running`: systemctl(1).

use super::args::Args;
use super::{Next, Waiting, bus};
use crate::systemd::manager::{RuntimeScope, SystemState};
use crate::world::{Cx, Wait};
use std::time::Duration;

/// The verb; `--wait` waits for the end of the boot.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, _words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    if args.wait && scope == RuntimeScope::System {
        return wait(cx);
    }
    let state = bus::manager(cx, scope).system_state();
    if !args.quiet {
        cx.outln(state.as_str());
    }
    Next::Exit(u8::from(state != SystemState::Running))
}

/// Waits until the boot is over, and tells how it went.
pub fn wait(cx: &mut Cx<'_, '_>) -> Next {
    let state = bus::manager(cx, RuntimeScope::System).system_state();
    if matches!(state, SystemState::Initializing | SystemState::Starting) {
        let soon = cx.now() + Duration::from_millis(100);
        return Next::Wait(Box::new(Waiting::Boot), Wait::until(soon));
    }
    cx.outln(state.as_str());
    Next::Exit(u8::from(state != SystemState::Running))
}
