//! Changes owners and groups: chown(1), chgrp(1).

use super::{Command, below};
use crate::commands::options::{self, Opt, Options, Stop, Takes, absent, also, ended, flag, short, value};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::fs::FileTree;
use crate::world::{CapabilitySet, Cx, Errno, accounts, one_shot};

/// `chown`.
pub const CHOWN: Command =
    Command { name: "chown", path: "/usr/bin/chown", program: |argv| one_shot(|cx| ended(run(cx, false)), argv) };
/// `chgrp`.
pub const CHGRP: Command =
    Command { name: "chgrp", path: "/usr/bin/chgrp", program: |argv| one_shot(|cx| ended(run(cx, true)), argv) };

const TABLE: &[Opt] = &[
    flag('c', "changes"),
    flag('f', "silent"),
    also('\0', "quiet", "silent", Takes::Nothing),
    flag('v', "verbose"),
    flag('\0', "dereference"),
    flag('h', "no-dereference"),
    absent('\0', "from"),
    flag('\0', "no-preserve-root"),
    flag('\0', "preserve-root"),
    value('\0', "reference"),
    flag('R', "recursive"),
    short('H', "H"),
    short('L', "L"),
    short('P', "P"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [OWNER][:[GROUP]] FILE...");

/// A new owner, a new group, or both.
type Owners = (Option<u32>, Option<u32>);

/// Parses `OWNER`, `OWNER:`, `OWNER:GROUP`, `:GROUP`. Errors: what is invalid.
pub fn parse_owners(tree: &FileTree, text: &str) -> Result<Owners, &'static str> {
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let account = accounts::user(tree, user);
    let uid = match (&account, user) {
        (_, "") => None,
        (Some(account), _) => Some(account.uid),
        (None, digits) => Some(digits.parse().map_err(|_| "user")?),
    };
    let gid = match group {
        None => None,
        Some("") if uid.is_some() => account.map(|account| account.gid),
        Some("") => None,
        Some(group) => Some(parse_group(tree, group).ok_or("group")?),
    };
    Ok((uid, gid))
}

/// The id of a group by name or number.
pub fn parse_group(tree: &FileTree, text: &str) -> Option<u32> {
    accounts::group(tree, text).map(|group| group.gid).or_else(|| text.parse().ok())
}

fn run(cx: &mut Cx<'_, '_>, groups: bool) -> Result<u8, Stop> {
    let mut parsed = options::parse(cx, &OPTIONS)?;
    let owners = match parsed.last("reference") {
        Some(path) => match cx.stat(path) {
            Ok(node) if groups => (None, Some(node.gid)),
            Ok(node) => (Some(node.uid), Some(node.gid)),
            Err(errno) => {
                let message = format!("failed to get attributes of {}: {}", quoted(path), errno.message());
                cx.fail(&message);
                return Ok(1);
            }
        },
        None if parsed.operands.is_empty() => {
            cx.fail("missing operand");
            return Ok(options::misuse(cx, &OPTIONS));
        }
        None => {
            let text = parsed.operands.remove(0);
            if parsed.operands.is_empty() {
                cx.fail(&format!("missing operand after ‘{text}’"));
                return Ok(options::misuse(cx, &OPTIONS));
            }
            let read = match groups {
                true if text.is_empty() => Ok((None, None)),
                true => parse_group(&cx.world.files, &text).map(|gid| (None, Some(gid))).ok_or("group"),
                false => parse_owners(&cx.world.files, &text),
            };
            match read {
                Ok(owners) => owners,
                Err(what) => {
                    cx.fail(&format!("invalid {what}: ‘{text}’"));
                    return Ok(1);
                }
            }
        }
    };
    let report = if parsed.has("verbose") { 2 } else { u8::from(parsed.has("changes")) };
    let mut status = 0;
    for operand in &parsed.operands {
        let paths = if parsed.has("recursive") { below(cx, operand) } else { vec![operand.clone()] };
        for path in paths {
            let follow = !parsed.has("no-dereference") && path == *operand;
            if let Err(message) = change(cx, &path, owners, follow, report) {
                if !parsed.has("silent") {
                    cx.fail(&message);
                }
                status = 1;
            }
        }
    }
    Ok(status)
}

fn change(cx: &mut Cx<'_, '_>, path: &str, owners: Owners, follow: bool, report: u8) -> Result<(), String> {
    let (cred, now) = (cx.cred(), cx.now());
    let access = |errno: Errno| format!("cannot access {}: {}", quoted(path), errno.message());
    let ino = cx.lookup(path, follow).map_err(access)?;
    let node = cx.world.files.inode(ino).ok_or(Errno::ENOENT).map_err(access)?.clone();
    let uid = owners.0.unwrap_or(node.uid);
    let gid = owners.1.unwrap_or(node.gid);
    let own_group = node.uid == cred.uid && uid == node.uid && cred.in_group(gid);
    let nothing = (uid, gid) == (node.uid, node.gid) && node.uid == cred.uid;
    let frozen = cx.sys.on_read_only(path, follow);
    if frozen || (!cred.can(CapabilitySet::CHOWN) && !own_group && !nothing) {
        let what = if owners.0.is_some() { "ownership" } else { "group" };
        let errno = if frozen { Errno::EROFS } else { Errno::EPERM };
        return Err(format!("changing {what} of {}: {}", quoted(path), errno.message()));
    }
    cx.world.files.set_owner(ino, uid, gid, now);
    if node.is_file() && (uid, gid) != (node.uid, node.gid) && node.mode & 0o111 != 0 {
        cx.world.files.set_mode(ino, node.mode & !0o6000, now);
    }
    if report > 0 {
        tell(cx, path, owners, (node.uid, node.gid), (uid, gid), report);
    }
    Ok(())
}

fn tell(cx: &mut Cx<'_, '_>, path: &str, owners: Owners, before: (u32, u32), after: (u32, u32), report: u8) {
    let files = &cx.world.files;
    let names = |(uid, gid): (u32, u32)| match owners {
        (Some(_), Some(_)) => format!("{}:{}", accounts::user_name(files, uid), accounts::group_name(files, gid)),
        (Some(_), None) => accounts::user_name(files, uid),
        _ => accounts::group_name(files, gid),
    };
    let what = if owners.0.is_some() { "ownership" } else { "group" };
    let (old, new) = (names(before), names(after));
    if before != after {
        cx.outln(&format!("changed {what} of {} from {old} to {new}", quoted(path)));
    } else if report > 1 && owners != (None, None) {
        cx.outln(&format!("{what} of {} retained as {new}", quoted(path)));
    }
}
