//! Disk usage of files: du(1); of file systems: df(1).

use super::{Command, blocks};
use crate::commands::options::{self, Opt, Options, Stop, Takes, absent, also, ended, flag, short, value};
use crate::commands::posix::number::human;
use crate::commands::posix::quote::{in_message, shell_escape_always as quoted};
use crate::world::{Cx, one_shot};

/// `du`.
pub const DU: Command = Command { name: "du", path: "/usr/bin/du", program: |argv| one_shot(|cx| ended(du(cx)), argv) };
/// `df`.
pub const DF: Command = Command { name: "df", path: "/usr/bin/df", program: |argv| one_shot(|cx| ended(df(cx)), argv) };

const TABLE: &[Opt] = &[
    absent('0', "null"),
    flag('a', "all"),
    flag('\0', "apparent-size"),
    also('b', "", "bytes", Takes::Nothing),
    absent('B', "block-size"),
    flag('c', "total"),
    value('d', "max-depth"),
    absent('\0', "exclude"),
    flag('h', "human-readable"),
    absent('\0', "inodes"),
    short('k', "k"),
    short('m', "m"),
    flag('s', "summarize"),
    flag('S', "separate-dirs"),
    absent('\0', "time"),
    flag('x', "one-file-system"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [FILE]...");
const DF_TABLE: &[Opt] = &[
    flag('a', "all"),
    absent('B', "block-size"),
    flag('h', "human-readable"),
    flag('H', "si"),
    flag('i', "inodes"),
    short('k', "k"),
    flag('l', "local"),
    absent('\0', "output"),
    flag('P', "portability"),
    flag('\0', "total"),
    value('t', "type"),
    flag('T', "print-type"),
    value('x', "exclude-type"),
];
const DF_OPTIONS: Options = Options::coreutils(DF_TABLE, "[OPTION]... [FILE]...");

/// How deep folders are shown. Errors: options that do not fit together.
fn depth_of(cx: &mut Cx<'_, '_>, parsed: &options::Parsed) -> Result<usize, u8> {
    let mut depth = usize::MAX;
    if let Some(text) = parsed.last("max-depth") {
        match text.parse() {
            Ok(number) => depth = number,
            Err(_) => {
                cx.fail(&format!("invalid maximum depth ‘{text}’"));
                return Err(options::misuse(cx, &OPTIONS));
            }
        }
    }
    if parsed.has("summarize") {
        if parsed.has("all") {
            cx.fail("cannot both summarize and show all entries");
            return Err(options::misuse(cx, &OPTIONS));
        }
        depth = 0;
    }
    Ok(depth)
}

fn du(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let depth = depth_of(cx, &parsed)?;
    let bytes = parsed.has("apparent-size") || parsed.has("bytes");
    let shown = |amount: u64| match parsed.last_of(&["human-readable", "bytes", "m", "k"]) {
        Some("human-readable") => human_size(amount),
        Some("bytes") => amount.to_string(),
        Some("m") => amount.div_ceil(1024 * 1024).to_string(),
        _ => amount.div_ceil(1024).to_string(),
    };
    let (mut total, mut status) = (0, 0);
    let here = [".".to_owned()];
    for path in if parsed.operands.is_empty() { &here[..] } else { &parsed.operands } {
        if let Err(errno) = cx.lstat(path) {
            cx.fail(&format!("cannot access {}: {}", quoted(path), errno.message()));
            status = 1;
            continue;
        }
        let mut sizes: Vec<(String, usize, bool, u64)> = Vec::new();
        let mut todo = vec![(path.clone(), 0)];
        while let Some((path, level)) = todo.pop() {
            let Ok(node) = cx.lstat(&path).cloned() else { continue };
            let size = if bytes { node.size() } else { blocks(&node) * 1024 };
            sizes.push((path.clone(), level, node.is_dir(), size));
            if !node.is_dir() {
                continue;
            }
            match cx.read_dir(&path) {
                Ok(names) => {
                    let folder = path.strip_suffix('/').unwrap_or(&path);
                    todo.extend(names.iter().rev().map(|name| (format!("{folder}/{name}"), level + 1)));
                }
                Err(errno) => {
                    cx.fail(&format!("cannot read directory {}: {}", quoted(&path), errno.message()));
                    status = 1;
                }
            }
        }
        // Children stand behind their folder: summed up from the end, printed children first.
        let mut lines = Vec::new();
        let mut sums: Vec<u64> = Vec::new();
        for (path, level, folder, size) in sizes.iter().rev() {
            let inside: u64 = if *folder { sums.drain((level + 1).min(sums.len())..).sum() } else { 0 };
            let own = size + if parsed.has("separate-dirs") { 0 } else { inside };
            sums.resize(sums.len().max(level + 1), 0);
            sums[*level] += size + inside;
            if *level <= depth && (*folder || parsed.has("all") || *level == 0) {
                lines.push((path.clone(), *level, own));
            }
        }
        total += sums.first().copied().unwrap_or(0);
        for line in in_order(lines) {
            cx.outln(&format!("{}\t{}", shown(line.1), line.0));
        }
    }
    if parsed.has("total") {
        cx.outln(&format!("{}\ttotal", shown(total)));
    }
    Ok(status)
}

/// From a reversed walk (folder before its contents) to du's order: siblings in order, contents before their folder.
fn in_order(lines: Vec<(String, usize, u64)>) -> Vec<(String, u64)> {
    let mut groups: Vec<(usize, Vec<(String, u64)>)> = Vec::new();
    for (path, level, size) in lines {
        // What stands at the end and is deeper lies below this path.
        let mut block = Vec::new();
        while groups.last().is_some_and(|(below, _)| *below > level) {
            block.extend(groups.pop().map(|(_, lines)| lines).unwrap_or_default());
        }
        block.push((path, size));
        groups.push((level, block));
    }
    groups.reverse();
    groups.into_iter().flat_map(|(_, lines)| lines).collect()
}

/// As du and df show it: `0`, `4.0K`, `16K`.
fn human_size(bytes: u64) -> String {
    human(bytes, 1024)
}

/// A mounted file system: source, type, kibibytes, used, where.
struct Mount {
    source: &'static str,
    kind: &'static str,
    size: u64,
    used: u64,
    inodes: (u64, u64),
    target: &'static str,
}

/// What the installed system takes that is not simulated file by file, in KiB.
const SYSTEM: u64 = 1_572_864;

fn mounts(cx: &Cx<'_, '_>) -> Vec<Mount> {
    let (used, limit) = (cx.world.files.used().div_ceil(1024), cx.world.files.limit() / 1024);
    let memory = cx.world.memory / 1024;
    let inodes = cx.world.files.inode_count() as u64;
    let root = Mount {
        source: "/dev/sda1",
        kind: "ext4",
        size: SYSTEM + limit,
        used: SYSTEM + used,
        inodes: (131_072, 30_000 + inodes),
        target: "/",
    };
    let tmpfs =
        |target, size, used| Mount { source: "tmpfs", kind: "tmpfs", size, used, inodes: (memory / 4, 1), target };
    vec![
        Mount {
            source: "udev",
            kind: "devtmpfs",
            size: memory / 2 - 8_192,
            used: 0,
            inodes: (memory / 8, 350),
            target: "/dev",
        },
        tmpfs("/run", memory / 10, 560),
        root,
        tmpfs("/dev/shm", memory / 2, 0),
        tmpfs("/run/lock", 5_120, 0),
    ]
}

fn df(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &DF_OPTIONS)?;
    let all = mounts(cx);
    let mut chosen: Vec<&Mount> = Vec::new();
    let mut status = 0;
    for path in &parsed.operands {
        let (cred, cwd) = (cx.cred(), cx.cwd());
        match cx.lookup(path, true) {
            Ok(_) => {
                let full = cx.world.files.find(&cred, &cwd, path, true).map_or("/".into(), |found| found.path);
                let holds = |mount: &&Mount| {
                    mount.target == "/" || full == mount.target || full.starts_with(&format!("{}/", mount.target))
                };
                chosen.extend(all.iter().filter(holds).max_by_key(|mount| mount.target.len()));
            }
            Err(errno) => {
                cx.fail(&format!("{}: {}", in_message(path), errno.message()));
                status = 1;
            }
        }
    }
    if parsed.operands.is_empty() {
        chosen = all.iter().collect();
        if let Some(kind) = parsed.last("type") {
            chosen.retain(|mount| mount.kind == kind);
        }
        chosen.retain(|mount| !parsed.options.iter().any(|o| o.key == "exclude-type" && o.text() == mount.kind));
    }
    if chosen.is_empty() {
        if status == 0 {
            cx.fail("no file systems processed");
        }
        return Ok(1);
    }
    let base = if parsed.has("si") { 1000 } else { 1024 };
    let readable = parsed.has("human-readable") || parsed.has("si");
    let inodes = parsed.has("inodes");
    let number = |kib: u64| match (readable, inodes) {
        (true, true) => human(kib, base),
        (true, false) => human(kib * 1024, base),
        _ => kib.to_string(),
    };
    let mut rows = vec![heading(readable, inodes, parsed.has("portability"))];
    for mount in chosen {
        let (size, used) = if inodes { mount.inodes } else { (mount.size, mount.used) };
        let percent = (used * 100).div_ceil(size.max(1));
        rows.push([
            mount.source.into(),
            mount.kind.into(),
            number(size),
            number(used),
            number(size.saturating_sub(used)),
            format!("{percent}%"),
            mount.target.into(),
        ]);
    }
    print_table(cx, &rows, parsed.has("print-type"));
    Ok(status)
}

fn heading(readable: bool, inodes: bool, portable: bool) -> [String; 7] {
    let names = match (readable, inodes, portable) {
        (_, true, _) => ["Filesystem", "Type", "Inodes", "IUsed", "IFree", "IUse%", "Mounted on"],
        (true, ..) => ["Filesystem", "Type", "Size", "Used", "Avail", "Use%", "Mounted on"],
        (_, _, true) => ["Filesystem", "Type", "1024-blocks", "Used", "Available", "Capacity", "Mounted on"],
        _ => ["Filesystem", "Type", "1K-blocks", "Used", "Available", "Use%", "Mounted on"],
    };
    names.map(str::to_owned)
}

fn print_table(cx: &mut Cx<'_, '_>, rows: &[[String; 7]], kinds: bool) {
    let width = |at: usize| rows.iter().map(|row| row[at].len()).max().unwrap_or(0);
    let least = [14, 4, 5, 5, 5, 4, 0];
    for row in rows {
        let mut line = format!("{:<1$}", row[0], width(0).max(least[0]));
        if kinds {
            line.push_str(&format!(" {:<1$}", row[1], width(1).max(least[1])));
        }
        for at in 2..6 {
            line.push_str(&format!(" {:>1$}", row[at], width(at).max(least[at])));
        }
        cx.outln(&format!("{line} {}", row[6]));
    }
}
