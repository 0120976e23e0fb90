//! systemd-user-runtime-dir: makes and removes a user's folder below /run/user: user-runtime-dir@.service(5).

use crate::commands::Command;
use crate::world::{Cx, NeedInput, accounts, one_shot};

/// What user-runtime-dir@.service runs.
pub const COMMAND: Command = Command {
    name: "systemd-user-runtime-dir",
    path: "/usr/lib/systemd/systemd-user-runtime-dir",
    program: |argv| one_shot(run, argv),
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let [verb, uid] = args.as_slice() else {
        cx.errln("This program takes two arguments.");
        return Ok(1);
    };
    let Some(user) = uid.parse().ok().and_then(|uid| accounts::user_by_id(&cx.world.files, uid)) else {
        cx.errln(&format!("Failed to look up user \"{uid}\": No such process"));
        return Ok(1);
    };
    let (path, now) = (format!("/run/user/{}", user.uid), cx.now());
    match verb.as_str() {
        "start" => {
            cx.world.files.mkdir_all(&path, now);
            if let Ok(ino) = cx.lookup(&path, true) {
                cx.world.files.set_mode(ino, 0o700, now);
                cx.world.files.set_owner(ino, user.uid, user.gid, now);
            }
        }
        "stop" => cx.world.files.remove_all(&path, now),
        _ => {
            cx.errln(&format!("Unknown verb \"{verb}\"."));
            return Ok(1);
        }
    }
    Ok(0)
}
