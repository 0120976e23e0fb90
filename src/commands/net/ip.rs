//! `ip`: the addresses and links of the machine, to look at: ip(8).

use crate::commands::Command;
use crate::commands::options::not_simulated;
use crate::world::{Cx, Family, NeedInput, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "ip", path: "/usr/bin/ip", program: |argv| one_shot(run, argv) };

struct Link {
    number: u8,
    name: &'static str,
    flags: &'static str,
    tail: &'static str,
    hardware: &'static str,
    addresses: &'static [(&'static str, &'static str, &'static str)],
}

const LINKS: &[Link] = &[
    Link {
        number: 1,
        name: "lo",
        flags: "LOOPBACK,UP,LOWER_UP",
        tail: "mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000",
        hardware: "link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        addresses: &[("inet", "127.0.0.1/8", "scope host lo"), ("inet6", "::1/128", "scope host noprefixroute")],
    },
    Link {
        number: 2,
        name: "ens3",
        flags: "BROADCAST,MULTICAST,UP,LOWER_UP",
        tail: "mtu 1500 qdisc pfifo_fast state UP group default qlen 1000",
        hardware: "link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff",
        addresses: &[
            ("inet", "10.0.2.15/24", "metric 1024 brd 10.0.2.255 scope global dynamic ens3"),
            ("inet6", "fe80::5054:ff:fe12:3456/64", "scope link"),
        ],
    },
];

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let brief = args.iter().any(|a| a == "-br" || a == "-brief");
    let only = if args.iter().any(|a| a == "-4") {
        "inet"
    } else if args.iter().any(|a| a == "-6") {
        "inet6"
    } else {
        ""
    };
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|a| !a.starts_with('-')).collect();
    let object = words.first().copied().unwrap_or_default();
    let is = |full: &str| !object.is_empty() && full.starts_with(object);
    let verb = words.get(1).copied().unwrap_or("show");
    let shows = ["show", "s", "sh", "list", "ls", "l", "lst"].contains(&verb);
    if cx.sys.permit_family(Family::Netlink).is_err() {
        cx.errln("Cannot open netlink socket: Address family not supported by protocol");
        return Ok(1);
    }
    let alone = cx.sys.me().network() != 0;
    let links = if alone { &LINKS[..1] } else { LINKS };
    let device = words.iter().skip(2).rfind(|w| **w != "dev").copied();
    if object.is_empty() {
        cx.errln("Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }");
        return Ok(255);
    }
    if !shows {
        return Ok(not_simulated(cx, &format!("{object} {verb}")));
    }
    if is("address") || is("link") {
        if device.is_some_and(|d| links.iter().all(|l| l.name != d)) {
            cx.errln(&format!("Device \"{}\" does not exist.", device.unwrap_or_default()));
            return Ok(1);
        }
        for link in links.iter().filter(|l| device.is_none_or(|d| d == l.name)) {
            let text = show(link, brief, is("address"), only);
            cx.out(&text);
        }
        return Ok(0);
    }
    if is("route") && alone {
        return Ok(0);
    }
    if is("route") {
        cx.outln("default via 10.0.2.2 dev ens3 proto dhcp src 10.0.2.15 metric 1024 ");
        cx.outln("10.0.2.0/24 dev ens3 proto kernel scope link src 10.0.2.15 metric 1024 ");
        return Ok(0);
    }
    Ok(not_simulated(cx, object))
}

fn show(link: &Link, brief: bool, addresses: bool, only: &str) -> String {
    let wanted = || link.addresses.iter().filter(|(kind, ..)| only.is_empty() || *kind == only);
    if brief {
        let state = if link.name == "lo" { "UNKNOWN" } else { "UP" };
        let list: String = wanted().map(|(_, address, _)| format!("{address} ")).collect();
        let rest = if addresses {
            list
        } else {
            format!("{} <{}> ", link.hardware.split(' ').nth(1).unwrap_or_default(), link.flags)
        };
        return format!("{:<16} {state:<14} {rest}\n", link.name);
    }
    let mut out = format!("{}: {}: <{}> {}\n", link.number, link.name, link.flags, link.tail);
    if only.is_empty() {
        out.push_str(&format!("    {}\n", link.hardware));
    }
    if addresses {
        for (kind, address, tail) in wanted() {
            let lifetime = if tail.contains("dynamic") {
                "valid_lft 86214sec preferred_lft 86214sec"
            } else {
                "valid_lft forever preferred_lft forever"
            };
            out.push_str(&format!("    {kind} {address} {tail}\n       {lifetime}\n"));
        }
    }
    out
}
