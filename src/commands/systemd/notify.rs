//! systemd-notify(1): tells the service manager how a service is.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, optional, parse, value};
use crate::world::{Cx, NeedInput, Notice, one_shot};

/// systemd-notify(1).
pub const COMMAND: Command =
    Command { name: "systemd-notify", path: "/usr/bin/systemd-notify", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "ready"),
    optional('\0', "pid"),
    absent('\0', "uid"),
    value('\0', "status"),
    flag('\0', "booted"),
    flag('\0', "no-block"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] [VARIABLE=VALUE...]",
    version: super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if parsed.has("booted") {
        return Ok(0);
    }
    let mut lines = Vec::new();
    if parsed.has("ready") {
        lines.push("READY=1".to_owned());
    }
    if let Some(status) = parsed.last("status") {
        lines.push(format!("STATUS={status}"));
    }
    if let Some(pid) = parsed.last("pid") {
        // Without a number the shell that called is the daemon.
        let pid = pid.parse().unwrap_or(cx.me().ppid);
        lines.push(format!("MAINPID={pid}"));
    }
    lines.extend(parsed.operands.clone());
    if lines.is_empty() {
        cx.outln(&format!("systemd-notify {}", OPTIONS.usage));
        return Ok(1);
    }
    if cx.getenv("NOTIFY_SOCKET").is_none() {
        cx.errln("No status data could be sent: $NOTIFY_SOCKET was not set");
        return Ok(1);
    }
    // Who may speak for others speaks for the shell that called.
    let me = cx.me();
    let pid = if me.cred.is_root() { me.ppid } else { me.pid };
    cx.world.tell_init(Notice::Notify { pid, text: lines.join("\n") });
    Ok(0)
}
