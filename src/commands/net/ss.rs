//! `ss`: sockets and who holds them: ss(8) of iproute2.

use super::sockets::{Socket, listening, port, service};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, Parsed, absent, flag, parse};
use crate::world::{Address, Cx, Family, NeedInput, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "ss", path: "/usr/bin/ss", program: |argv| one_shot(run, argv) };

const TABLE: &[Opt] = &[
    flag('t', "tcp"),
    flag('u', "udp"),
    flag('x', "unix"),
    flag('l', "listening"),
    flag('a', "all"),
    flag('n', "numeric"),
    flag('p', "processes"),
    flag('H', "no-header"),
    flag('4', "ipv4"),
    flag('6', "ipv6"),
    flag('r', "resolve"),
    flag('O', "oneline"),
    absent('s', "summary"),
    absent('o', "options"),
    absent('e', "extended"),
    absent('m', "memory"),
    absent('i', "info"),
    absent('K', "kill"),
    absent('w', "raw"),
    absent('f', "family"),
    absent('A', "query"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[ OPTIONS ] [ FILTER ]",
    version: "utility, iproute2-6.1.0",
    status: 255,
    hint: Hint::Usage,
    in_order: false,
};

/// A column: heading, whether it is aligned to the right, and what stands before it.
const COLUMNS: [(&str, bool, &str); 9] = [
    ("Netid", false, ""),
    ("State", false, " "),
    ("Recv-Q", false, " "),
    ("Send-Q", false, " "),
    ("Local Address:", true, " "),
    ("Port", false, ""),
    ("Peer Address:", true, " "),
    ("Port", false, ""),
    ("Process", false, ""),
];

type Cells = [String; 9];

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let filter = match Filter::parse(&parsed.operands.join(" ")) {
        Some(filter) => filter,
        None => {
            let text = parsed.operands.join(" ");
            cx.errln(&format!(
                "Error: an inet prefix is expected rather than \"{text}\".\nCannot parse dst/src address."
            ));
            return Ok(1);
        }
    };
    let asks = cx.sys.permit_family(Family::Netlink);
    if asks.is_err() {
        cx.errln("Cannot open netlink socket: Address family not supported by protocol");
    }
    let mut rows: Vec<Cells> = Vec::new();
    if !parsed.has("no-header") {
        rows.push(COLUMNS.map(|(heading, ..)| heading.to_owned()));
    }
    // Established connections are not kept: only listening sockets can be shown.
    if parsed.has("listening") || parsed.has("all") || filter.listening {
        let mut sockets = listening(cx.sys);
        if asks.is_err() {
            // What /proc/net tells instead knows neither queues nor processes.
            for socket in &mut sockets {
                (socket.backlog, socket.users) = (0, Vec::new());
            }
        }
        rows.extend(sockets.iter().filter(|s| wanted(s, &parsed) && filter.takes(s)).map(|s| cells(s, &parsed)));
    }
    let kinds = ["tcp", "udp", "unix"].iter().filter(|k| parsed.has(k)).count();
    if kinds == 1 && !parsed.has("unix") {
        rows.iter_mut().for_each(|row| row[0].clear());
    }
    let width = cx.sys.tty_of(1).and_then(|tty| cx.sys.world.terminals.get(&tty)).map(|t| usize::from(t.columns));
    let text = render(&rows, width);
    cx.out(&text);
    Ok(0)
}

fn wanted(socket: &Socket, parsed: &Parsed) -> bool {
    let any = ["tcp", "udp", "unix"].iter().any(|k| parsed.has(k));
    let kind = match &socket.address {
        Address::Tcp(..) => "tcp",
        Address::Udp(..) => "udp",
        Address::Unix(_) => "unix",
    };
    let six = matches!(&socket.address, Address::Tcp(h, _) | Address::Udp(h, _) if h.contains(':'));
    let family = if six { "ipv6" } else { "ipv4" };
    let families = parsed.has("ipv4") || parsed.has("ipv6");
    (!any || parsed.has(kind)) && (!families || parsed.has(family))
}

/// What stands after the options: `sport = :80`, `state listening`.
#[derive(Default)]
struct Filter {
    listening: bool,
    never: bool,
    ports: Vec<u16>,
    not: bool,
}

impl Filter {
    fn parse(text: &str) -> Option<Filter> {
        let text = text.replace(['(', ')'], " ");
        let words: Vec<&str> = text.split_whitespace().filter(|w| *w != "or" && *w != "and").collect();
        let mut filter = Filter::default();
        let mut at = 0;
        while at < words.len() {
            match (words[at], words.get(at + 1).copied(), words.get(at + 2).copied()) {
                ("state", Some(state), _) => {
                    filter.listening |= matches!(state, "listening" | "all");
                    filter.never |= !filter.listening;
                    at += 2;
                }
                ("sport" | "src", Some(op @ ("=" | "==" | "eq" | "!=" | "ne")), Some(value)) => {
                    filter.ports.push(port(value.rsplit(':').next()?)?);
                    filter.not = matches!(op, "!=" | "ne");
                    at += 3;
                }
                ("sport" | "src", Some(value), _) if value.contains(':') => {
                    filter.ports.push(port(value.rsplit(':').next()?)?);
                    at += 2;
                }
                ("dport" | "dst", Some(_), _) => {
                    filter.never = true;
                    at = words.len();
                }
                _ => return None,
            }
        }
        Some(filter)
    }

    fn takes(&self, socket: &Socket) -> bool {
        let own = match socket.address {
            Address::Tcp(_, port) | Address::Udp(_, port) => Some(port),
            Address::Unix(_) => None,
        };
        let fits = self.ports.is_empty() || own.is_some_and(|p| self.ports.contains(&p)) != self.not;
        fits && !self.never
    }
}

fn cells(socket: &Socket, parsed: &Parsed) -> Cells {
    let peer = |host: &str| match host {
        "*" => "*:",
        host if host.contains(':') => "[::]:",
        _ => "0.0.0.0:",
    };
    let shown = |host: &str| if host.contains(':') { format!("[{host}]:") } else { format!("{host}:") };
    let number = |port: u16| if parsed.has("numeric") { port.to_string() } else { service(port) };
    let (kind, state, local, local_port, peer) = match &socket.address {
        Address::Tcp(host, port) => ("tcp", "LISTEN", shown(host), number(*port), peer(host)),
        Address::Udp(host, port) => ("udp", "UNCONN", shown(host), number(*port), peer(host)),
        Address::Unix(path) => ("u_str", "LISTEN", format!("{path} "), socket.id.to_string(), "* "),
    };
    let peer_port = if kind == "u_str" { "0" } else { "*" };
    let users: Vec<String> =
        socket.users.iter().map(|(name, pid, fd)| format!("(\"{name}\",pid={pid},fd={fd})")).collect();
    let process = if parsed.has("processes") && !users.is_empty() {
        format!("users:({})", users.join(","))
    } else {
        String::new()
    };
    [
        kind.into(),
        state.into(),
        socket.waiting.to_string(),
        if kind == "udp" { "0".into() } else { socket.backlog.to_string() },
        local,
        local_port,
        peer.into(),
        peer_port.into(),
        process,
    ]
}

/// Lays the columns out as ss does: as wide as their cells, and on a terminal spread over its width.
fn render(rows: &[Cells], screen: Option<usize>) -> String {
    let mut widths: [usize; 9] = std::array::from_fn(|at| rows.iter().map(|r| r[at].len()).max().unwrap_or(0));
    let mut first = true;
    for (at, width) in widths.iter_mut().enumerate() {
        if *width > 0 {
            *width += if first { 0 } else { COLUMNS[at].2.len() };
            first = false;
        }
    }
    let mut ends = [false; 9];
    if let Some(screen) = screen {
        spread(&mut widths, &mut ends, screen);
    }
    let mut out = String::new();
    for row in rows {
        let mut started = false;
        for (at, cell) in row.iter().enumerate().filter(|(at, _)| widths[*at] > 0) {
            let (_, right, before) = COLUMNS[at];
            let lead = if started { before } else { "" };
            let room = widths[at].saturating_sub(lead.len());
            out.push_str(lead);
            out.push_str(&if right { format!("{cell:>room$}") } else { format!("{cell:<room$}") });
            started = true;
            if ends[at] && row[at + 1..].iter().any(|c| !c.is_empty()) && widths[at + 1..].iter().any(|w| *w > 0) {
                out.push('\n');
                started = false;
            }
        }
        out.push('\n');
    }
    out
}

fn spread(widths: &mut [usize; 9], ends: &mut [bool; 9], screen: usize) {
    let (mut begin, mut length, mut count) = (0, 0, 0);
    let mut at = 0;
    while at < widths.len() {
        if widths[at] == 0 {
            at += 1;
            continue;
        }
        count += 1;
        length += widths[at];
        let last = widths[at + 1..].iter().all(|w| *w == 0);
        if !last && length < screen {
            at += 1;
            continue;
        }
        let mut end = at;
        if length > screen && count > 1 {
            length -= widths[at];
            count -= 1;
            end = (begin..at).rev().find(|i| widths[*i] > 0).unwrap_or(begin);
        }
        if length < screen {
            let (each, mut rest) = ((screen - length) / count, (screen - length) % count);
            for i in (begin..=end).rev().filter(|i| widths[*i] > 0).collect::<Vec<_>>() {
                widths[i] += each + usize::from(rest > 0);
                rest = rest.saturating_sub(1);
            }
        }
        ends[end] = true;
        (begin, length, count) = (end + 1, 0, 0);
        at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_compact_in_a_pipe() {
        let head = COLUMNS.map(|(h, ..)| h.to_owned());
        let row = ["tcp", "LISTEN", "0", "511", "127.0.0.1:", "6379", "0.0.0.0:", "*", ""].map(str::to_owned);
        let mut rows = [head, row];
        rows.iter_mut().for_each(|r| r[0].clear());
        let text = render(&rows, None);
        assert_eq!(
            text,
            "State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nLISTEN 0      511        127.0.0.1:6379      0.0.0.0:*          \n"
        );
        assert!(render(&rows, Some(120)).lines().all(|l| l.len() == 120));
    }
}
