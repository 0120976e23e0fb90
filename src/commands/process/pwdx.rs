//! `pwdx`: the working directories of processes: pwdx(1).

use crate::commands::Command;
use crate::world::{Cx, NeedInput, Pid, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "pwdx", path: "/usr/bin/pwdx", program: |argv| one_shot(run, argv) };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    if args.is_empty() {
        cx.errln("\nUsage:\n pwdx [options] pid...\n\nFor more details see pwdx(1).");
        return Ok(1);
    }
    let mut status = 0;
    for arg in args {
        let text = arg.strip_prefix("/proc/").unwrap_or(&arg);
        let Ok(pid) = text.parse::<Pid>() else {
            cx.errln(&format!("pwdx: invalid process id: {arg}"));
            return Ok(1);
        };
        let cred = cx.cred();
        let found = cx.world.process(pid).filter(|p| !p.is_zombie()).map(|p| (p.cwd.to_string(), p.cred.uid));
        match found {
            None => {
                cx.errln(&format!("{arg}: No such process"));
                status = 1;
            }
            Some((_, uid)) if !cred.is_root() && uid != cred.uid => {
                cx.errln(&format!("{arg}: Permission denied"));
                status = 1;
            }
            Some((folder, _)) => cx.outln(&format!("{arg}: {folder}")),
        }
    }
    Ok(status)
}
