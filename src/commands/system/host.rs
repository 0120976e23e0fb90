//! `uname`, `arch`, `nproc`, `hostname`, `lsb_release`, `sysctl`, `dmesg`, `mount`, `findmnt`: what machine this is.

use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, not_simulated, parse, short};
use crate::world::{CapabilitySet, Cx, NeedInput, one_shot};

/// `uname`.
pub const UNAME: Command = Command { name: "uname", path: "/usr/bin/uname", program: |argv| one_shot(uname, argv) };
/// `arch`.
pub const ARCH: Command = Command { name: "arch", path: "/usr/bin/arch", program: |argv| one_shot(arch, argv) };
/// `nproc`.
pub const NPROC: Command = Command { name: "nproc", path: "/usr/bin/nproc", program: |argv| one_shot(nproc, argv) };
/// `hostname`.
pub const HOSTNAME: Command =
    Command { name: "hostname", path: "/usr/bin/hostname", program: |argv| one_shot(hostname, argv) };
/// `lsb_release`.
pub const LSB_RELEASE: Command =
    Command { name: "lsb_release", path: "/usr/bin/lsb_release", program: |argv| one_shot(lsb_release, argv) };
/// `sysctl`.
pub const SYSCTL: Command =
    Command { name: "sysctl", path: "/usr/sbin/sysctl", program: |argv| one_shot(sysctl, argv) };
/// `dmesg`.
pub const DMESG: Command = Command { name: "dmesg", path: "/usr/bin/dmesg", program: |argv| one_shot(dmesg, argv) };
/// `mount`.
pub const MOUNT: Command = Command { name: "mount", path: "/usr/bin/mount", program: |argv| one_shot(mount, argv) };
/// `findmnt`.
pub const FINDMNT: Command =
    Command { name: "findmnt", path: "/usr/bin/findmnt", program: |argv| one_shot(findmnt, argv) };

use crate::world::{KERNEL_RELEASE as RELEASE, KERNEL_VERSION as VERSION};

fn uname(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        flag('a', "all"),
        flag('s', "kernel-name"),
        flag('n', "nodename"),
        flag('r', "kernel-release"),
        flag('v', "kernel-version"),
        flag('m', "machine"),
        flag('p', "processor"),
        flag('i', "hardware-platform"),
        flag('o', "operating-system"),
    ];
    const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]...");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if let Some(extra) = parsed.operands.first() {
        cx.fail(&format!("extra operand ‘{extra}’"));
        return Ok(crate::commands::options::misuse(cx, &OPTIONS));
    }
    let host = cx.sys.world.hostname.clone();
    let parts = [
        ("kernel-name", "Linux"),
        ("nodename", &host),
        ("kernel-release", RELEASE),
        ("kernel-version", VERSION),
        ("machine", "x86_64"),
        ("processor", "unknown"),
        ("hardware-platform", "unknown"),
        ("operating-system", "GNU/Linux"),
    ];
    let all = parsed.has("all");
    let none = parsed.options.is_empty();
    let words: Vec<&str> = parts
        .iter()
        .filter(|(key, value)| parsed.has(key) || (all && *value != "unknown") || (none && *key == "kernel-name"))
        .map(|(_, value)| *value)
        .collect();
    cx.outln(&words.join(" "));
    Ok(0)
}

fn arch(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    cx.outln("x86_64");
    Ok(0)
}

fn nproc(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    cx.outln("1");
    Ok(0)
}

fn hostname(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        flag('f', "fqdn"),
        flag('s', "short"),
        flag('i', "ip-address"),
        flag('I', "all-ip-addresses"),
        flag('d', "domain"),
        absent('F', "file"),
        absent('b', "boot"),
    ];
    const OPTIONS: Options =
        Options { table: TABLE, usage: "[-fsiId] [NAME]", version: "", status: 4, hint: Hint::Usage, in_order: false };
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if let Some(name) = parsed.operands.first() {
        let fixed = cx.sys.me().sandbox.as_ref().is_some_and(|sandbox| sandbox.hostname);
        if fixed || !cx.sys.me().cred.can(CapabilitySet::SYS_ADMIN) {
            cx.errln("hostname: you must be root to change the host name");
            return Ok(1);
        }
        cx.sys.world.hostname = name.clone();
        return Ok(0);
    }
    let text = match parsed.options.last().map(|o| o.key) {
        Some("ip-address") => "127.0.0.1".to_owned(),
        Some("all-ip-addresses") => "10.0.2.15 ".to_owned(),
        Some("domain") => String::new(),
        Some("fqdn") => "localhost".to_owned(),
        _ => cx.sys.world.hostname.clone(),
    };
    cx.outln(&text);
    Ok(0)
}

fn lsb_release(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        flag('a', "all"),
        flag('i', "id"),
        flag('d', "description"),
        flag('r', "release"),
        flag('c', "codename"),
        flag('s', "short"),
        absent('v', "version"),
    ];
    const OPTIONS: Options =
        Options { table: TABLE, usage: "[options]", version: "", status: 2, hint: Hint::Nothing, in_order: false };
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let text =
        cx.sys.read_file("/etc/os-release").map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
    let field = |name: &str| {
        let value = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix('='));
        value.map(|v| v.trim_matches('"').to_owned()).unwrap_or_default()
    };
    let id = field("ID");
    let id = id.chars().next().map_or(String::new(), |c| c.to_uppercase().collect::<String>() + &id[c.len_utf8()..]);
    let rows = [
        ("id", "Distributor ID:\t", id),
        ("description", "Description:\t", field("PRETTY_NAME")),
        ("release", "Release:\t", field("VERSION_ID")),
        ("codename", "Codename:\t", field("VERSION_CODENAME")),
    ];
    if !parsed.has("short") {
        cx.errln("No LSB modules are available.");
    }
    for (key, head, value) in rows.iter().filter(|(key, ..)| parsed.has(key) || parsed.has("all")) {
        let _ = key;
        cx.outln(&if parsed.has("short") { value.clone() } else { format!("{head}{value}") });
    }
    Ok(0)
}

/// Settings of the kernel and their values.
const SETTINGS: &[(&str, &str)] = &[
    ("fs.file-max", "9223372036854775807"),
    ("kernel.ostype", "Linux"),
    ("kernel.osrelease", RELEASE),
    ("kernel.panic", "0"),
    ("kernel.pid_max", "4194304"),
    ("net.core.somaxconn", "4096"),
    ("net.ipv4.ip_forward", "0"),
    ("net.ipv4.ip_unprivileged_port_start", "1024"),
    ("vm.overcommit_memory", "0"),
    ("vm.swappiness", "60"),
];

fn sysctl(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        flag('a', "all"),
        flag('n', "values"),
        flag('w', "write"),
        flag('q', "quiet"),
        absent('p', "load"),
        absent('\0', "system"),
    ];
    const OPTIONS: Options = Options {
        table: TABLE,
        usage: "[options] [variable[=value] ...]",
        version: "from procps-ng 4.0.2",
        status: 1,
        hint: Hint::Nothing,
        in_order: false,
    };
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let host = cx.sys.world.hostname.clone();
    let mut all: Vec<(&str, &str)> = SETTINGS.to_vec();
    all.push(("kernel.hostname", &host));
    all.sort_unstable();
    let names: Vec<String> =
        if parsed.has("all") { all.iter().map(|s| s.0.to_owned()).collect() } else { parsed.operands.clone() };
    let mut status = 0;
    for name in &names {
        let (key, value) = name.split_once('=').map_or((name.as_str(), None), |(k, v)| (k.trim(), Some(v.trim())));
        let key = key.replace('/', ".");
        let Some((_, now)) = all.iter().find(|(k, _)| *k == key) else {
            cx.fail(&format!("cannot stat /proc/sys/{}: No such file or directory", key.replace('.', "/")));
            status = 255;
            continue;
        };
        match value {
            Some(_) if cx.sys.uid() != 0 => {
                cx.fail(&format!("permission denied on key \"{key}\""));
                status = 255;
            }
            Some(value) if value != *now => {
                let what = format!("setting {key}");
                return Ok(not_simulated(cx, &what));
            }
            _ => cx.outln(&if parsed.has("values") { (*now).to_owned() } else { format!("{key} = {now}") }),
        }
    }
    Ok(status)
}

fn dmesg(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const TABLE: &[Opt] = &[
        flag('T', "ctime"),
        flag('H', "human"),
        flag('k', "kernel"),
        short('x', "decode"),
        flag('P', "nopager"),
        absent('w', "follow"),
        absent('C', "clear"),
        absent('l', "level"),
        absent('n', "console-level"),
    ];
    const OPTIONS: Options = Options::util_linux(TABLE, "[options]");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if cx.sys.uid() != 0 {
        cx.fail("read kernel buffer failed: Operation not permitted");
        return Ok(1);
    }
    let memory = cx.sys.world.memory / 1024;
    let lines = [
        (0.0, format!("Linux version {RELEASE} (debian-kernel@lists.debian.org) {VERSION}")),
        (0.0, "Command line: root=/dev/vda console=ttyS0 quiet".to_owned()),
        (0.03, format!("Memory: {}K/{memory}K available", memory * 9 / 10)),
        (0.61, "EXT4-fs (vda): mounted filesystem with ordered data mode. Quota mode: none.".to_owned()),
        (1.2, "systemd[1]: Detected virtualization kvm.".to_owned()),
    ];
    for (at, line) in lines {
        let stamp = if parsed.has("ctime") {
            (cx.sys.world.booted + std::time::Duration::from_secs_f64(at)).strftime("%a %b %e %H:%M:%S %Y")
        } else {
            format!("{at:>12.6}")
        };
        cx.outln(&format!("[{stamp}] {line}"));
    }
    Ok(0)
}

/// Where, what, which kind, with which options, and how deep in the tree of mounts.
const MOUNTS: &[(&str, &str, &str, &str, u8)] = &[
    ("/", "/dev/vda", "ext4", "rw,relatime,errors=remount-ro", 0),
    ("/sys", "sysfs", "sysfs", "rw,nosuid,nodev,noexec,relatime", 1),
    ("/sys/fs/cgroup", "cgroup2", "cgroup2", "rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot", 2),
    ("/proc", "proc", "proc", "rw,nosuid,nodev,noexec,relatime", 1),
    ("/dev", "udev", "devtmpfs", "rw,nosuid,relatime,size=490000k,nr_inodes=122500,mode=755", 1),
    ("/dev/pts", "devpts", "devpts", "rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=000", 2),
    ("/run", "tmpfs", "tmpfs", "rw,nosuid,nodev,noexec,relatime,size=101000k,mode=755", 1),
    ("/run/lock", "tmpfs", "tmpfs", "rw,nosuid,nodev,noexec,relatime,size=5120k", 2),
];

fn mount(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let kind = args.iter().position(|a| a == "-t").and_then(|at| args.get(at + 1)).cloned();
    if args.iter().any(|a| !a.starts_with('-') && Some(a) != kind.as_ref()) {
        return Ok(not_simulated(cx, "mounting"));
    }
    for (place, source, fs, options, _) in MOUNTS.iter().filter(|m| kind.as_deref().is_none_or(|k| k == m.2)) {
        cx.outln(&format!("{source} on {place} type {fs} ({options})"));
    }
    Ok(0)
}

fn findmnt(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    if let Some(option) = args.iter().find(|a| a.starts_with('-') && *a != "-n") {
        return Ok(not_simulated(cx, &format!("option {option}")));
    }
    let wanted = args.iter().find(|a| !a.starts_with('-'));
    let rows: Vec<[String; 4]> = MOUNTS
        .iter()
        .enumerate()
        .filter(|(_, m)| wanted.is_none_or(|w| w == m.0 || w == m.1))
        .map(|(at, (place, source, fs, options, depth))| {
            let last = MOUNTS[at + 1..].iter().take_while(|m| m.4 >= *depth).all(|m| m.4 != *depth);
            let branch = match (wanted.is_some(), depth) {
                (true, _) | (_, 0) => String::new(),
                (_, 1) => (if last { "└─" } else { "├─" }).to_owned(),
                _ => format!(
                    "{}{}",
                    if MOUNTS[at + 1..].iter().any(|m| m.4 == 1) { "│ " } else { "  " },
                    if last { "└─" } else { "├─" }
                ),
            };
            [format!("{branch}{place}"), (*source).into(), (*fs).into(), (*options).into()]
        })
        .collect();
    if rows.is_empty() {
        return Ok(1);
    }
    let heads = ["TARGET", "SOURCE", "FSTYPE", "OPTIONS"].map(str::to_owned);
    let width = |at: usize| rows.iter().chain([&heads]).map(|r| r[at].chars().count()).max().unwrap_or(0);
    for row in [&heads].into_iter().chain(&rows) {
        let cells: Vec<String> = (0..3).map(|at| format!("{:<w$}", row[at], w = width(at))).collect();
        cx.outln(&format!("{} {}", cells.join(" "), row[3]));
    }
    Ok(0)
}
