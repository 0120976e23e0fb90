//! The daemons systemd-journald(8) and systemd-logind(8) as processes, and the helper that makes `/run/user/UID`:
//! user-runtime-dir@.service(5). What they know lives with PID 1; here they only come, listen and go.

use crate::commands::Command;
use crate::systemd::Systemd;
use crate::vps::systemd;
use crate::world::fs::Cred;
use crate::world::{Cx, NeedInput, Program, Signal, Step, Sys, Wait, World, accounts, one_shot};

/// The journal's daemon.
pub const JOURNALD: Command = Command {
    name: "systemd-journald",
    path: "/usr/lib/systemd/systemd-journald",
    program: |_| Box::new(Daemon { greet: |systemd, world| systemd.journal.daemon_start(world), greeted: false }),
};

/// The login daemon.
pub const LOGIND: Command = Command {
    name: "systemd-logind",
    path: "/usr/lib/systemd/systemd-logind",
    program: |_| Box::new(Daemon { greet: Systemd::logind_start, greeted: false }),
};

/// Makes and removes a user's runtime folder.
pub const USER_RUNTIME_DIR: Command = Command {
    name: "systemd-user-runtime-dir",
    path: "/usr/lib/systemd/systemd-user-runtime-dir",
    program: |argv| one_shot(user_runtime_dir, argv),
};

/// A daemon whose work is done elsewhere.
#[derive(Clone)]
struct Daemon {
    /// What it does first.
    greet: fn(&mut Systemd, &mut World),
    greeted: bool,
}

impl Program for Daemon {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.greeted {
            self.greeted = true;
            sys.catch(Signal::TERM);
            let (systemd, world) = systemd(sys);
            (self.greet)(systemd, world);
            sys.sd_notify("READY=1\nSTATUS=Processing requests...");
        }
        while let Some(signal) = sys.take_signal() {
            if signal == Signal::TERM {
                sys.sd_notify("STOPPING=1\nSTATUS=Shutting down...");
                return Step::Exit(0);
            }
        }
        Step::Wait(Wait::signal())
    }
}

fn user_runtime_dir(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let [verb, uid] = &args[..] else {
        cx.errln("This program takes two arguments.");
        return Ok(1);
    };
    let user = uid.parse().ok().and_then(|uid| accounts::user_by_id(&cx.world.files, uid));
    let Some(user) = user else {
        cx.errln(&format!("Invalid user \"{uid}\"."));
        return Ok(1);
    };
    let path = format!("/run/user/{}", user.uid);
    let now = cx.now();
    match verb.as_str() {
        "start" => {
            let files = &mut cx.world.files;
            files.mkdir_all(&path, now);
            if let Ok(ino) = files.lookup(&Cred::root(), "/", &path, true) {
                files.set_mode(ino, 0o700, now);
                files.set_owner(ino, user.uid, user.gid, now);
            }
        }
        "stop" => remove_tree(cx, &path),
        _ => {
            cx.errln(&format!("Unknown verb \"{verb}\"."));
            return Ok(1);
        }
    }
    Ok(0)
}

/// Removes a folder with all that is in it.
fn remove_tree(cx: &mut Cx<'_, '_>, path: &str) {
    let mut folders = vec![path.to_owned()];
    let mut order = Vec::new();
    while let Some(folder) = folders.pop() {
        for name in cx.read_dir(&folder).unwrap_or_default() {
            let child = format!("{folder}/{name}");
            if cx.lstat(&child).is_ok_and(|node| node.is_dir()) {
                folders.push(child);
            } else {
                let _ = cx.unlink(&child, false);
            }
        }
        order.push(folder);
    }
    for folder in order.iter().rev() {
        let _ = cx.unlink(folder, true);
    }
}
