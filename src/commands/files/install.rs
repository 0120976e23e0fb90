//! Copies files and sets their attributes: install(1).

use super::{Command, chown, mkdir, mode, transfer};
use crate::commands::options::{self, Opt, Options, Parsed, Stop, absent, ended, flag, short, value};
use crate::commands::posix::names::dirname;
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{CapabilitySet, Cx, accounts, one_shot};

/// `install`.
pub const COMMAND: Command =
    Command { name: "install", path: "/usr/bin/install", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    absent('b', "backup"),
    short('c', "c"),
    flag('C', "compare"),
    flag('d', "directory"),
    short('D', "D"),
    value('g', "group"),
    value('m', "mode"),
    value('o', "owner"),
    flag('p', "preserve-timestamps"),
    flag('s', "strip"),
    absent('S', "suffix"),
    value('t', "target-directory"),
    flag('T', "no-target-directory"),
    flag('v', "verbose"),
    absent('Z', "context"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... SOURCE... DEST");

/// Mode, owner, group.
type Attributes = (u16, Option<u32>, Option<u32>);

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let attributes = attributes(cx, &parsed)?;
    if parsed.has("directory") {
        return folders(cx, &parsed, attributes);
    }
    if parsed.has("D") {
        let target = parsed.last("target-directory").map(str::to_owned);
        let folder = target.or_else(|| parsed.operands.last().map(|path| dirname(path).to_owned()));
        if let Some(Err((path, errno))) = folder.map(|folder| mkdir::make(cx, &folder, true, false)) {
            cx.fail(&format!("cannot create directory {}: {}", quoted(&path), errno.message()));
            return Ok(1);
        }
    }
    let into = parsed.last("target-directory");
    let pairs = match transfer::targets(cx, &parsed.operands, into, parsed.has("no-target-directory")) {
        Ok(pairs) => pairs,
        Err((message, hint)) => {
            cx.fail(&message);
            return Ok(if hint { options::misuse(cx, &OPTIONS) } else { 1 });
        }
    };
    let mut status = 0;
    for (from, to) in pairs {
        if let Err(message) = copy(cx, &parsed, &from, &to, attributes) {
            cx.fail(&message);
            status = 1;
        }
    }
    Ok(status)
}

fn attributes(cx: &mut Cx<'_, '_>, parsed: &Parsed) -> Result<Attributes, u8> {
    let mut bits = 0o755;
    if let Some(text) = parsed.last("mode") {
        match mode::parse(text) {
            Some(change) => bits = change.apply(0, false, 0),
            None => {
                cx.fail(&format!("invalid mode {}", quoted(text)));
                return Err(1);
            }
        }
    }
    let mut owner = None;
    if let Some(text) = parsed.last("owner") {
        let known = accounts::user(&cx.world.files, text).map(|user| user.uid).or_else(|| text.parse().ok());
        if known.is_none() {
            cx.fail(&format!("invalid user {}", quoted(text)));
            return Err(1);
        }
        owner = known;
    }
    let mut group = None;
    if let Some(text) = parsed.last("group") {
        group = chown::parse_group(&cx.world.files, text);
        if group.is_none() {
            cx.fail(&format!("invalid group {}", quoted(text)));
            return Err(1);
        }
    }
    Ok((bits, owner, group))
}

fn dress(cx: &mut Cx<'_, '_>, path: &str, (bits, owner, group): Attributes) -> Result<(), String> {
    let (cred, now) = (cx.cred(), cx.now());
    let failed = |what: &str, errno: crate::world::Errno| format!("{what} {}: {}", quoted(path), errno.message());
    let ino = cx.lookup(path, true).map_err(|errno| failed("cannot stat", errno))?;
    let (uid, gid) = cx.world.files.inode(ino).map_or((0, 0), |node| (node.uid, node.gid));
    let (new_uid, new_gid) = (owner.unwrap_or(uid), group.unwrap_or(gid));
    let allowed = cred.can(CapabilitySet::CHOWN) || (new_uid == uid && (new_gid == gid || cred.in_group(new_gid)));
    if !allowed {
        return Err(failed("cannot change ownership of", crate::world::Errno::EPERM));
    }
    cx.world.files.set_owner(ino, new_uid, new_gid, now);
    cx.world.files.set_mode(ino, bits, now);
    Ok(())
}

fn folders(cx: &mut Cx<'_, '_>, parsed: &Parsed, attributes: Attributes) -> Result<u8, Stop> {
    if parsed.operands.is_empty() {
        cx.fail("missing file operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let mut status = 0;
    for path in &parsed.operands {
        let made = mkdir::make(cx, path, true, false)
            .map_err(|(path, errno)| format!("cannot create directory {}: {}", quoted(&path), errno.message()));
        if let Err(message) = made.and_then(|()| dress(cx, path, attributes)) {
            cx.fail(&message);
            status = 1;
        } else if parsed.has("verbose") {
            cx.outln(&format!("{}: creating directory {}", cx.called(), quoted(path)));
        }
    }
    Ok(status)
}

fn copy(cx: &mut Cx<'_, '_>, parsed: &Parsed, from: &str, to: &str, attributes: Attributes) -> Result<(), String> {
    let node = match cx.stat(from) {
        Ok(node) if node.is_dir() => return Err(format!("omitting directory {}", quoted(from))),
        Ok(node) => node.clone(),
        Err(errno) => return Err(format!("cannot stat {}: {}", quoted(from), errno.message())),
    };
    if cx.lookup(from, true).ok() == cx.lookup(to, true).ok() {
        return Err(format!("{} and {} are the same file", quoted(from), quoted(to)));
    }
    if cx.lstat(to).is_ok_and(|old| !old.is_dir()) {
        cx.unlink(to, false).map_err(|errno| format!("cannot remove {}: {}", quoted(to), errno.message()))?;
        if parsed.has("verbose") {
            cx.outln(&format!("removed {}", quoted(to)));
        }
    }
    transfer::contents(cx, from, to, 0o600)?;
    if parsed.has("verbose") {
        cx.outln(&format!("{} -> {}", quoted(from), quoted(to)));
    }
    if parsed.has("preserve-timestamps") {
        let keep = transfer::Keep { times: true, ..Default::default() };
        transfer::attributes(cx, &node, to, keep);
    }
    dress(cx, to, attributes)
}
