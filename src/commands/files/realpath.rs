//! Resolves paths: readlink(1), realpath(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Parsed, Stop, Takes, absent, also, ended, flag, value};
use crate::commands::posix::quote::in_message;
use crate::world::fs::{Kind, join, normalize};
use crate::world::{Cx, Errno, one_shot};

/// `readlink`.
pub const READLINK: Command =
    Command { name: "readlink", path: "/usr/bin/readlink", program: |argv| one_shot(|cx| ended(readlink(cx)), argv) };
/// `realpath`.
pub const REALPATH: Command =
    Command { name: "realpath", path: "/usr/bin/realpath", program: |argv| one_shot(|cx| ended(realpath(cx)), argv) };

const LINK_TABLE: &[Opt] = &[
    flag('f', "canonicalize"),
    flag('e', "canonicalize-existing"),
    flag('m', "canonicalize-missing"),
    flag('n', "no-newline"),
    flag('q', "quiet"),
    also('s', "silent", "quiet", Takes::Nothing),
    flag('v', "verbose"),
    flag('z', "zero"),
];
const LINK_OPTIONS: Options = Options::coreutils(LINK_TABLE, "[OPTION]... FILE...");
const PATH_TABLE: &[Opt] = &[
    flag('e', "canonicalize-existing"),
    flag('m', "canonicalize-missing"),
    flag('L', "logical"),
    flag('P', "physical"),
    flag('q', "quiet"),
    value('\0', "relative-to"),
    absent('\0', "relative-base"),
    flag('s', "strip"),
    also('\0', "no-symlinks", "strip", Takes::Nothing),
    flag('z', "zero"),
];
const PATH_OPTIONS: Options = Options::coreutils(PATH_TABLE, "[OPTION]... FILE...");

/// How much of a path must exist.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Must {
    All,
    AllButLast,
    Nothing,
}

fn must(parsed: &Parsed) -> Must {
    match parsed.last_of(&["canonicalize", "canonicalize-existing", "canonicalize-missing"]) {
        Some("canonicalize-existing") => Must::All,
        Some("canonicalize-missing") => Must::Nothing,
        _ => Must::AllButLast,
    }
}

/// The path without symbolic links.
fn canonical(cx: &mut Cx<'_, '_>, path: &str, must: Must) -> Result<String, Errno> {
    let (cred, cwd) = (cx.cred(), cx.cwd());
    if path.is_empty() {
        return Err(Errno::ENOENT);
    }
    // Wakes /proc up.
    let _ = cx.lookup(path, true);
    match cx.world.files.find(&cred, &cwd, path, true) {
        Ok(found) if found.ino.is_none() && must == Must::All => Err(Errno::ENOENT),
        Ok(found) => Ok(found.path),
        Err(Errno::ENOENT | Errno::ENOTDIR) if must == Must::Nothing => {
            // What exists is resolved; the rest is taken by its text.
            let full = normalize(&join(&cwd, path));
            let mut cut = full.len();
            while let Some(at) = full[..cut].rfind('/') {
                cut = at;
                let folder = if at == 0 { "/" } else { &full[..at] };
                if let Ok(found) = cx.world.files.find(&cred, "/", folder, true)
                    && found.ino.is_some()
                {
                    return Ok(normalize(&format!("{}/{}", found.path, &full[at..])));
                }
            }
            Ok(full)
        }
        Err(errno) => Err(errno),
    }
}

fn readlink(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &LINK_OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &LINK_OPTIONS));
    }
    let resolve = parsed.last_of(&["canonicalize", "canonicalize-existing", "canonicalize-missing"]).is_some();
    let end = match (parsed.has("zero"), parsed.has("no-newline") && parsed.operands.len() == 1) {
        (true, _) => "\0",
        (_, true) => "",
        _ => "\n",
    };
    let mut status = 0;
    for path in &parsed.operands {
        let found = if resolve {
            canonical(cx, path, must(&parsed))
        } else {
            cx.lstat(path).and_then(|node| match &node.kind {
                Kind::Symlink(target) => Ok(target.to_string()),
                _ => Err(Errno::EINVAL),
            })
        };
        match found {
            Ok(text) => cx.out(&format!("{text}{end}")),
            Err(errno) => {
                status = 1;
                if parsed.has("verbose") {
                    cx.fail(&format!("{}: {}", in_message(path), errno.message()));
                }
            }
        }
    }
    Ok(status)
}

fn realpath(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &PATH_OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &PATH_OPTIONS));
    }
    let base = match parsed.last("relative-to") {
        Some(path) => canonical(cx, path, Must::AllButLast).ok(),
        None => None,
    };
    let end = if parsed.has("zero") { "\0" } else { "\n" };
    let mut status = 0;
    for path in &parsed.operands {
        let found = match parsed.has("strip") {
            true => Ok(normalize(&join(&cx.cwd(), path))),
            false => canonical(cx, path, must(&parsed)),
        };
        match found {
            Ok(text) => {
                let text = base.as_ref().map_or(text.clone(), |base| relative(&text, base));
                cx.out(&format!("{text}{end}"));
            }
            Err(errno) => {
                status = 1;
                if !parsed.has("quiet") {
                    cx.fail(&format!("{}: {}", in_message(path), errno.message()));
                }
            }
        }
    }
    Ok(status)
}

/// An absolute path as seen from a folder.
fn relative(path: &str, base: &str) -> String {
    let parts = |path: &str| path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (to, from) = (parts(path), parts(base));
    let common = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    let mut out = vec!["..".to_owned(); from.len() - common];
    out.extend_from_slice(&to[common..]);
    if out.is_empty() { ".".into() } else { out.join("/") }
}
