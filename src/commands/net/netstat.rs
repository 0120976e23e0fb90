//! `netstat -tlnp`: listening sockets, in the older manner: netstat(8) of net-tools.

use super::sockets::{listening, service};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse};
use crate::world::{Address, Cx, NeedInput, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "netstat", path: "/usr/bin/netstat", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('t', "tcp"),
    flag('u', "udp"),
    flag('l', "listening"),
    flag('a', "all"),
    flag('n', "numeric"),
    flag('p', "programs"),
    flag('4', "inet"),
    flag('6', "inet6"),
    flag('W', "wide"),
    absent('r', "route"),
    absent('i', "interfaces"),
    absent('s', "statistics"),
    absent('x', "unix"),
    absent('c', "continuous"),
    absent('e', "extend"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-tulanp]",
    version: "(net-tools) 2.10",
    status: 3,
    hint: Hint::Usage,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let programs = parsed.has("programs");
    if programs && cx.sys.uid() != 0 {
        cx.errln("(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)");
    }
    let kind = match (parsed.has("listening"), parsed.has("all")) {
        (true, false) => "only servers",
        (_, true) => "servers and established",
        _ => "w/o servers",
    };
    cx.outln(&format!("Active Internet connections ({kind})"));
    let last = if programs { "PID/Program name    " } else { "" };
    cx.outln(&format!("Proto Recv-Q Send-Q {:<23} {:<23} {:<11} {last}", "Local Address", "Foreign Address", "State"));
    if kind == "w/o servers" {
        return Ok(0);
    }
    let any = parsed.has("tcp") || parsed.has("udp");
    for socket in listening(cx.sys) {
        let (proto, host, port) = match &socket.address {
            Address::Tcp(host, port) if !any || parsed.has("tcp") => ("tcp", host, *port),
            Address::Udp(host, port) if !any || parsed.has("udp") => ("udp", host, *port),
            _ => continue,
        };
        let six = host.contains(':');
        let (proto, peer) = if six { (format!("{proto}6"), ":::*") } else { (proto.to_owned(), "0.0.0.0:*") };
        let port = if parsed.has("numeric") { port.to_string() } else { service(port) };
        let local = format!("{host}:{port}");
        let state = if proto.starts_with("tcp") { "LISTEN" } else { "" };
        let holder = socket.users.first().and_then(|(_, pid, _)| cx.sys.world.process(*pid)).map(|p| {
            let name = p.argv.first().map_or("", String::as_str);
            let name = if name.starts_with('/') { name.rsplit('/').next().unwrap_or_default() } else { name };
            format!("{}/{name}", p.pid).chars().take(19).collect::<String>()
        });
        let program = if programs { format!("{:<20}", holder.unwrap_or_else(|| "-".into())) } else { String::new() };
        cx.outln(&format!("{proto:<5} {:>6} {:>6} {local:<23} {peer:<23} {state:<11} {program}", 0, 0));
    }
    Ok(0)
}
