//! `fuser`: who uses a file or a port: fuser(1) of psmisc.

use crate::commands::Command;
use crate::commands::net::sockets::{listening, port};
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse, short_value};
use crate::world::fs::join;
use crate::world::{Address, Cx, NeedInput, Pid, Signal, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "fuser", path: "/usr/bin/fuser", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('k', "kill"),
    flag('s', "silent"),
    flag('v', "verbose"),
    short_value('n', "namespace"),
    absent('m', "mount"),
    absent('i', "interactive"),
    absent('a', "all"),
    absent('u', "user"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-ksv] [-n SPACE] NAME...",
    version: "(PSmisc) 23.6",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if parsed.operands.is_empty() {
        cx.errln("No process specification given");
        return Ok(1);
    }
    let mut status = 1;
    for name in &parsed.operands {
        let (space, subject) = match (parsed.last("namespace"), name.rsplit_once('/')) {
            (Some(space), _) => (space.to_owned(), name.clone()),
            (None, Some((subject, space @ ("tcp" | "udp")))) => (space.to_owned(), subject.to_owned()),
            _ => ("file".to_owned(), name.clone()),
        };
        let users = if space == "file" { of_file(cx, &subject) } else { of_port(cx, &space, &subject) };
        let Ok(users) = users else {
            cx.errln(&format!("Specified filename {subject} does not exist."));
            continue;
        };
        if users.is_empty() {
            continue;
        }
        status = 0;
        if !parsed.has("silent") {
            let shown = if space == "file" { join(&cx.sys.cwd(), &subject) } else { format!("{subject}/{space}") };
            let list: String = users.iter().map(|(pid, _)| format!("{pid:>6}")).collect();
            let marks: Vec<String> = users.iter().map(|(_, mark)| mark.to_string()).collect();
            cx.print(2, format!("{:<21}", format!("{shown}:")).as_bytes());
            cx.print(1, list.as_bytes());
            cx.print(2, format!("{}\n", marks.concat().trim()).as_bytes());
        }
        if parsed.has("kill") {
            for (pid, _) in users {
                if let Err(errno) = cx.sys.kill(i64::from(pid), Some(Signal::KILL)) {
                    cx.errln(&format!("Could not kill process {pid}: {}", errno.message()));
                }
            }
        }
    }
    Ok(status)
}

type Users = Vec<(Pid, char)>;

fn of_port(cx: &Cx<'_, '_>, space: &str, subject: &str) -> Result<Users, ()> {
    let Some(wanted) = port(subject) else { return Ok(Vec::new()) };
    let fits = |address: &Address| match address {
        Address::Tcp(_, port) => space == "tcp" && *port == wanted,
        Address::Udp(_, port) => space == "udp" && *port == wanted,
        Address::Unix(_) => false,
    };
    let mut pids: Vec<Pid> =
        listening(cx.sys).iter().filter(|s| fits(&s.address)).flat_map(|s| s.users.iter().map(|u| u.1)).collect();
    pids.sort_unstable();
    pids.dedup();
    Ok(pids.into_iter().map(|pid| (pid, ' ')).collect())
}

fn of_file(cx: &mut Cx<'_, '_>, subject: &str) -> Result<Users, ()> {
    let path = join(&cx.sys.cwd(), subject);
    if cx.sys.lookup(&path, true).is_err() {
        return Err(());
    }
    let world = &*cx.sys.world;
    let cred = cx.sys.cred();
    let mut users = Vec::new();
    for p in world.processes().filter(|p| cred.is_root() || p.cred.uid == cred.uid) {
        let open = p.fds.values().filter_map(|d| world.open_files.get(d.file)).any(|f| world.open_file_name(f) == path);
        if *p.exe == *path {
            users.push((p.pid, 'e'));
        } else if *p.cwd == *path {
            users.push((p.pid, 'c'));
        } else if open {
            users.push((p.pid, ' '));
        }
    }
    Ok(users)
}
