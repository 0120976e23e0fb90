//! `lsof`: open files and sockets by process: lsof(8).

use super::sockets::{listening, port, service};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, short, short_value};
use crate::world::{Address, Cx, NeedInput, OpenFile, OpenKind, Process, World, accounts, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "lsof", path: "/usr/bin/lsof", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    Opt { key: "i", short: 'i', long: "", takes: crate::commands::options::Takes::Perhaps },
    Opt { key: "s", short: 's', long: "", takes: crate::commands::options::Takes::Perhaps },
    short_value('p', "p"),
    short_value('u', "u"),
    short_value('c', "c"),
    short('n', "n"),
    short('P', "P"),
    short('t', "t"),
    short('a', "a"),
    short('U', "U"),
    short('w', "w"),
    absent('r', ""),
    absent('F', ""),
    absent('D', ""),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-ainPtUw] [-c c] [-i [i]] [-p s] [-s p:s] [-u s] [names]",
    version: "",
    status: 1,
    hint: Hint::Usage,
    in_order: false,
};

struct Row {
    pid: u32,
    cells: [String; 8],
    name: String,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut args = cx.args();
    // `-i :80` in two words is one option.
    let joins = |next: &String| [":", "TCP", "tcp", "@"].iter().any(|head| next.starts_with(head));
    if let Some(at) = args.iter().position(|a| a == "-i")
        && args.get(at + 1).is_some_and(joins)
    {
        let spec = args.remove(at + 1);
        args[at] = format!("-i{spec}");
    }
    let parsed = match crate::commands::options::parse_args(cx, &OPTIONS, &args) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let world = &*cx.sys.world;
    let cred = cx.sys.cred();
    let wants_network = parsed.has("i");
    let sockets = listening(cx.sys);
    let mut rows = Vec::new();
    for process in world.processes().filter(|p| !p.is_zombie() && takes_process(world, p, &parsed)) {
        let visible = cred.is_root() || process.cred.uid == cred.uid;
        if !visible {
            continue;
        }
        if !wants_network {
            for (fd, name) in [("cwd", &process.cwd), ("txt", &process.exe)] {
                if named(&parsed, name) {
                    rows.push(plain(world, process, fd, if fd == "cwd" { "DIR" } else { "REG" }, name));
                }
            }
        }
        for (fd, descriptor) in &process.fds {
            let Some(file) = world.open_files.get(descriptor.file) else { continue };
            if let OpenKind::Listener(id) = &file.kind {
                let Some(socket) = sockets.iter().find(|s| s.id == *id) else { continue };
                if wants_network && !fits(&socket.address, &parsed) {
                    continue;
                }
                if wants_network || parsed.operands.is_empty() {
                    rows.extend(network(world, process, *fd, &socket.address, *id, &parsed));
                }
            } else if !wants_network {
                let name = world.open_file_name(file);
                if named(&parsed, &name) {
                    rows.push(plain(world, process, &format!("{fd}{}", mode(file)), kind(world, file), &name));
                }
            }
        }
    }
    print(cx, &parsed, &rows);
    Ok(u8::from(rows.is_empty()))
}

fn takes_process(world: &World, p: &Process, parsed: &Parsed) -> bool {
    let pids = parsed.last("p").is_none_or(|list| list.split(',').any(|n| n.parse() == Ok(p.pid)));
    let users = parsed.last("u").is_none_or(|list| {
        list.split(',').any(|n| n == accounts::user_name(&world.files, p.cred.uid) || n.parse() == Ok(p.cred.uid))
    });
    pids && users && parsed.last("c").is_none_or(|name| p.comm.starts_with(name))
}

fn named(parsed: &Parsed, name: &str) -> bool {
    parsed.operands.is_empty() || parsed.operands.iter().any(|o| o == name)
}

/// Whether an address is among those of `-i`: `4`, `6`, `TCP`, `@host`, `:port`.
fn fits(address: &Address, parsed: &Parsed) -> bool {
    let (Address::Tcp(host, own) | Address::Udp(host, own)) = address else { return false };
    let specs: Vec<&str> = parsed.options.iter().filter(|o| o.key == "i").map(|o| o.text()).collect();
    specs.iter().any(|spec| {
        let (head, ports) = spec.split_once(':').unwrap_or((spec, ""));
        let kind = head.split('@').next().unwrap_or_default().to_lowercase();
        let kind_fits = match kind.as_str() {
            "4" | "4tcp" => !host.contains(':'),
            "6" | "6tcp" => host.contains(':'),
            "udp" => matches!(address, Address::Udp(..)),
            "tcp" => matches!(address, Address::Tcp(..)),
            _ => true,
        };
        kind_fits && (ports.is_empty() || ports.split(',').any(|p| port(p) == Some(*own)))
    })
}

fn mode(file: &OpenFile) -> char {
    match (file.read, file.write) {
        (true, true) => 'u',
        (_, true) => 'w',
        _ => 'r',
    }
}

fn kind(world: &World, file: &OpenFile) -> &'static str {
    match &file.kind {
        OpenKind::File { ino, .. } if world.files.inode(*ino).is_some_and(|n| n.is_dir()) => "DIR",
        OpenKind::File { .. } => "REG",
        OpenKind::PipeRead(_) | OpenKind::PipeWrite(_) => "FIFO",
        OpenKind::Tty(_) | OpenKind::Device(_) => "CHR",
        _ => "unix",
    }
}

fn user(world: &World, p: &Process) -> String {
    accounts::user_name(&world.files, p.cred.uid).chars().take(8).collect()
}

fn command(p: &Process) -> String {
    p.comm.chars().take(9).collect()
}

fn plain(world: &World, p: &Process, fd: &str, kind: &str, name: &str) -> Row {
    let node = world.files.get(name);
    let size = node.map_or("0t0".to_owned(), |n| n.size().to_string());
    let ino = node.map_or(0, |_| name.len() as u64 + 1000);
    let device = if kind == "CHR" {
        "1,3"
    } else if kind == "FIFO" {
        "0,13"
    } else {
        "254,0"
    };
    Row {
        pid: p.pid,
        cells: [
            command(p),
            p.pid.to_string(),
            user(world, p),
            fd.into(),
            kind.into(),
            device.into(),
            size,
            ino.to_string(),
        ],
        name: name.to_owned(),
    }
}

fn network(world: &World, p: &Process, fd: u32, address: &Address, id: u64, parsed: &Parsed) -> Option<Row> {
    let (node, host, own, state) = match address {
        Address::Tcp(host, port) => ("TCP", host, *port, " (LISTEN)"),
        Address::Udp(host, port) => ("UDP", host, *port, ""),
        Address::Unix(_) => return None,
    };
    let six = host.contains(':');
    let shown = match host.as_str() {
        "0.0.0.0" | "::" => "*".to_owned(),
        "127.0.0.1" if !parsed.has("n") => "localhost".into(),
        host if six => format!("[{host}]"),
        host => host.to_owned(),
    };
    let port = if parsed.has("P") { own.to_string() } else { service(own) };
    let kind = if six { "IPv6" } else { "IPv4" };
    let cells = [
        command(p),
        p.pid.to_string(),
        user(world, p),
        format!("{fd}u"),
        kind.into(),
        (10_000 + id).to_string(),
        "0t0".into(),
        node.into(),
    ];
    Some(Row { pid: p.pid, cells, name: format!("{shown}:{port}{state}") })
}

fn print(cx: &mut Cx<'_, '_>, parsed: &Parsed, rows: &[Row]) {
    if parsed.has("t") {
        let mut pids: Vec<u32> = rows.iter().map(|r| r.pid).collect();
        pids.dedup();
        pids.iter().for_each(|pid| cx.outln(&pid.to_string()));
        return;
    }
    if rows.is_empty() {
        return;
    }
    let heads = ["COMMAND", "PID", "USER", "FD", "TYPE", "DEVICE", "SIZE/OFF", "NODE"];
    let width = |at: usize| rows.iter().map(|r| r.cells[at].len()).chain([heads[at].len()]).max().unwrap_or(0);
    let widths: Vec<usize> = (0..8).map(width).collect();
    let line = |cells: &[String], name: &str| {
        let mut out = format!("{:<w$}", cells[0], w = widths[0]);
        for at in 1..8 {
            // The letter after a descriptor hangs to the right of its number.
            let room = widths[at];
            out.push_str(&format!(" {:>room$}", cells[at]));
        }
        format!("{out} {name}")
    };
    let heading = line(&heads.map(str::to_owned), "NAME");
    cx.outln(&heading);
    for row in rows {
        let text = line(&row.cells, &row.name);
        cx.outln(&text);
    }
}
