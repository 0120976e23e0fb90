//! `fail2ban-server` and `fail2ban-client`: the jails, without anybody to lock up: fail2ban-client(1).

use crate::commands::Command;
use crate::commands::process::launch::print;
use crate::world::fs::{Cred, Kind};
use crate::world::{Channel, Cx, NeedInput, Pid, Program, Signal, Step, Sys, Wait, World, one_shot};

/// The server.
pub const SERVER: Command = Command {
    name: "fail2ban-server",
    path: "/usr/bin/fail2ban-server",
    program: |_| Box::new(Server { started: false }),
};
/// The client.
pub const CLIENT: Command =
    Command { name: "fail2ban-client", path: "/usr/bin/fail2ban-client", program: |argv| one_shot(client, argv) };

const SOCKET: &str = "/var/run/fail2ban/fail2ban.sock";

#[derive(Clone)]
struct Server {
    started: bool,
}

impl Program for Server {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if !self.started {
            self.started = true;
            sys.me_mut().rss = 28 * 1024 * 1024;
            sys.catch(Signal::TERM);
            let (now, root) = (sys.now(), Cred::root());
            sys.world.files.mkdir_all("/run/fail2ban", now);
            if let Ok(found) = sys.world.files.find(&root, "/", SOCKET, false) {
                let _ = sys.world.files.create(&root, &found, Kind::Socket, 0o700, now);
            }
            let pid = format!("{}\n", sys.pid);
            sys.world.files.put("/run/fail2ban/fail2ban.pid", pid.as_bytes(), 0o600, (0, 0), now);
            print(sys, 1, "Server ready\n");
        }
        if sys.take_signal().is_some() {
            let now = sys.now();
            for path in [SOCKET, "/run/fail2ban/fail2ban.pid"] {
                sys.world.files.remove_all(path, now);
            }
            return Step::Exit(0);
        }
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }
}

/// The enabled jails of the configuration, by name.
fn jails(world: &World) -> Vec<String> {
    let mut jails: Vec<String> = Vec::new();
    let folder = "/etc/fail2ban/jail.d";
    let names = world.files.list(&Cred::root(), "/", folder).unwrap_or_default();
    let fragments = names.iter().map(|(name, _)| format!("{folder}/{name}"));
    for path in fragments.chain(["/etc/fail2ban/jail.local".to_owned()]) {
        let mut section = String::new();
        for line in world.files.text(&path).unwrap_or_default().lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name.to_owned();
            }
            let enabled = line.replace(' ', "").to_lowercase() == "enabled=true";
            if enabled && section != "DEFAULT" && !jails.contains(&section) {
                jails.push(section.clone());
            }
        }
    }
    jails.sort();
    jails
}

/// A line of the client's log.
fn error(cx: &mut Cx<'_, '_>, text: &str) {
    let time = cx.sys.now().strftime("%Y-%m-%d %H:%M:%S,%3f");
    let pid = cx.sys.pid;
    cx.errln(&format!("{time} {:<24}[{pid}]: ERROR   {text}", "fail2ban"));
}

fn client(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args: Vec<String> = cx.args().into_iter().filter(|a| !a.starts_with('-')).collect();
    if cx.args().iter().any(|a| a == "-V" || a == "--version") {
        cx.outln("Fail2Ban v1.0.2");
        return Ok(0);
    }
    let Some(verb) = args.first().cloned() else {
        cx.outln("Usage: fail2ban-client [OPTIONS] <COMMAND>");
        return Ok(255);
    };
    if cx.sys.uid() != 0 {
        error(cx, &format!("Permission denied to socket: {SOCKET}, (you must be root)"));
        return Ok(255);
    }
    let server: Option<Pid> =
        cx.sys.world.processes().find(|p| &*p.comm == "fail2ban-server" && !p.is_zombie()).map(|p| p.pid);
    let Some(server) = server else {
        error(cx, &format!("Failed to access socket path: {SOCKET}. Is fail2ban running?"));
        return Ok(255);
    };
    let list = jails(cx.sys.world);
    let known = |name: &String| list.contains(name);
    match (verb.as_str(), args.get(1)) {
        ("ping", _) => cx.outln("Server replied: pong"),
        ("status", None) => {
            cx.outln(&format!("Status\n|- Number of jail:\t{}\n`- Jail list:\t{}", list.len(), list.join(", ")));
        }
        ("status", Some(jail)) if known(jail) => {
            cx.outln(&format!("Status for the jail: {jail}\n|- Filter\n|  |- Currently failed:\t0\n|  |- Total failed:\t0\n|  `- Journal matches:\t_SYSTEMD_UNIT=sshd.service + _COMM=sshd\n`- Actions\n   |- Currently banned:\t0\n   |- Total banned:\t0\n   `- Banned IP list:\t"));
        }
        ("status" | "set" | "get", Some(jail)) if !known(jail) => {
            error(cx, &format!("NOK: ('{jail}',)"));
            cx.outln(&format!("Sorry but the jail '{jail}' does not exist"));
            return Ok(255);
        }
        ("set", Some(_)) if matches!(args.get(2).map(String::as_str), Some("banip" | "unbanip")) => cx.outln("1"),
        ("unban", Some(_)) => cx.outln("0"),
        ("reload", _) => cx.outln("OK"),
        ("stop", _) => {
            let _ = cx.sys.kill(i64::from(server), Some(Signal::TERM));
            cx.outln("Shutdown successful");
        }
        _ => {
            error(cx, "NOK: ('Invalid command',)");
            cx.outln(&format!("Invalid command: {}", args.join(" ")));
            return Ok(255);
        }
    }
    Ok(0)
}
