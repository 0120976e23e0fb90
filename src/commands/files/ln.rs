//! Makes links: ln(1), link(1).

use super::{Command, transfer};
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, short, value};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{Cx, Errno, one_shot};

/// `ln`.
pub const COMMAND: Command =
    Command { name: "ln", path: "/usr/bin/ln", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    absent('\0', "backup"),
    short('b', "b"),
    flag('d', "directory"),
    short('F', "F"),
    flag('f', "force"),
    absent('i', "interactive"),
    flag('L', "logical"),
    flag('n', "no-dereference"),
    flag('P', "physical"),
    flag('r', "relative"),
    flag('s', "symbolic"),
    absent('S', "suffix"),
    value('t', "target-directory"),
    flag('T', "no-target-directory"),
    flag('v', "verbose"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... TARGET... LINK_NAME");

/// A second name for a file: link(2).
pub fn hard_link(cx: &mut Cx<'_, '_>, from: &str, to: &str) -> Result<(), Errno> {
    let (cred, cwd, now) = (cx.cred(), cx.cwd(), cx.now());
    cx.world.files.link(&cred, &cwd, from, to, now)?;
    let found = cx.world.files.find(&cred, &cwd, to, false)?;
    cx.world.file_changed(found.parent);
    Ok(())
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let has = |key: &str| parsed.has(key);
    let operands = parsed.operands.clone();
    let pairs = match &operands[..] {
        [only] if parsed.last("target-directory").is_none() => vec![(only.clone(), transfer::inside(".", only))],
        [target, name] if has("no-dereference") && cx.lstat(name).is_ok_and(|node| node.is_symlink()) => {
            vec![(target.clone(), name.clone())]
        }
        operands => {
            match transfer::targets(cx, operands, parsed.last("target-directory"), has("no-target-directory")) {
                Ok(pairs) => pairs,
                Err((message, hint)) => {
                    cx.fail(&message);
                    return Ok(if hint { options::misuse(cx, &OPTIONS) } else { 1 });
                }
            }
        }
    };
    let mut status = 0;
    for (target, name) in pairs {
        let target = if has("relative") { relative(cx, &target, &name) } else { target };
        if let Err(message) = link(cx, &target, &name, has("symbolic"), has("force")) {
            cx.fail(&message);
            status = 1;
        } else if has("verbose") {
            let arrow = if has("symbolic") { "->" } else { "=>" };
            cx.outln(&format!("{} {arrow} {}", quoted(&name), quoted(&target)));
        }
    }
    Ok(status)
}

fn link(cx: &mut Cx<'_, '_>, target: &str, name: &str, symbolic: bool, force: bool) -> Result<(), String> {
    if !symbolic {
        match cx.lstat(target) {
            Ok(node) if node.is_dir() => return Err(format!("{target}: hard link not allowed for directory")),
            Ok(_) => {}
            Err(errno) => return Err(format!("failed to access {}: {}", quoted(target), errno.message())),
        }
    }
    if force && cx.lstat(name).is_ok() {
        let same = !symbolic && cx.lookup(target, false).ok() == cx.lookup(name, false).ok();
        if same {
            return Err(format!("{} and {} are the same file", quoted(target), quoted(name)));
        }
        if let Err(errno) = cx.unlink(name, false) {
            return Err(format!("cannot remove {}: {}", quoted(name), errno.message()));
        }
    }
    let made = if symbolic { cx.symlink(target, name) } else { hard_link(cx, target, name) };
    made.map_err(|errno| {
        let kind = if symbolic { "symbolic" } else { "hard" };
        let from = if symbolic || errno == Errno::EEXIST { String::new() } else { format!(" => {}", quoted(target)) };
        format!("failed to create {kind} link {}{from}: {}", quoted(name), errno.message())
    })
}

/// `target` as seen from the folder of `name`.
fn relative(cx: &Cx<'_, '_>, target: &str, name: &str) -> String {
    let (cred, cwd) = (cx.cred(), cx.cwd());
    let absolute = |path: &str, follow: bool| {
        let found = cx.world.files.find(&cred, &cwd, path, follow).map(|found| found.path);
        found.unwrap_or_else(|_| crate::world::fs::normalize(&crate::world::fs::join(&cwd, path)))
    };
    let target = absolute(target, true);
    let name = absolute(name, false);
    let to: Vec<&str> = target.split('/').skip(1).collect();
    let mut from: Vec<&str> = name.split('/').skip(1).collect();
    from.pop();
    let common = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; from.len() - common];
    parts.extend(&to[common..]);
    if parts.is_empty() { ".".into() } else { parts.join("/") }
}
