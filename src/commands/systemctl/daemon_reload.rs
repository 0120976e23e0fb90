//! `daemon-reload` and `daemon-reexec`: systemctl(1).

use super::args::Args;
use super::{Next, bus};
use crate::systemd::manager::{ManagerError, RuntimeScope};
use crate::world::Cx;

/// The verbs. Both read all unit files again; a re-executed manager has its state carried over.
pub fn run(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let what = if words.first().is_some_and(|word| word == "daemon-reexec") { "Reexecute" } else { "Reload" };
    if let Err(error) = reload(cx, scope) {
        cx.errln(&format!("{what} daemon failed: {}", error.message));
        return Next::Exit(1);
    }
    Next::Exit(0)
}

/// Makes a manager read its files again. Errors: no rights.
pub fn reload(cx: &mut Cx<'_, '_>, scope: RuntimeScope) -> Result<(), ManagerError> {
    bus::request(cx, scope, |core| {
        core.daemon_reload();
        Ok(())
    })
}
