//! Removes empty folders: rmdir(1), and single names: unlink(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, Takes, also, ended, flag};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{Cx, Errno, one_shot};

/// `rmdir`.
pub const COMMAND: Command =
    Command { name: "rmdir", path: "/usr/bin/rmdir", program: |argv| one_shot(|cx| ended(run(cx)), argv) };
/// `unlink`.
pub const UNLINK: Command =
    Command { name: "unlink", path: "/usr/bin/unlink", program: |argv| one_shot(|cx| ended(unlink(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('\0', "ignore-fail-on-non-empty"),
    flag('p', "parents"),
    also('\0', "path", "parents", Takes::Nothing),
    flag('v', "verbose"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... DIRECTORY...");
const UNLINK_OPTIONS: Options = Options::coreutils(&[], "FILE");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let mut status = 0;
    for operand in &parsed.operands {
        let mut path = operand.trim_end_matches('/');
        let mut first = true;
        loop {
            if parsed.has("verbose") {
                cx.outln(&format!("{}: removing directory, {}", cx.called(), quoted(path)));
            }
            if let Err(errno) = cx.unlink(path, true) {
                if errno != Errno::ENOTEMPTY || !parsed.has("ignore-fail-on-non-empty") {
                    let what = if first { "" } else { "directory " };
                    cx.fail(&format!("failed to remove {what}{}: {}", quoted(path), errno.message()));
                    status = 1;
                }
                break;
            }
            first = false;
            match path.rfind('/') {
                Some(cut) if parsed.has("parents") && cut > 0 => path = path[..cut].trim_end_matches('/'),
                _ => break,
            }
        }
    }
    Ok(status)
}

fn unlink(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &UNLINK_OPTIONS)?;
    match &parsed.operands[..] {
        [] => {
            cx.fail("missing operand");
            Ok(options::misuse(cx, &UNLINK_OPTIONS))
        }
        [path] => match cx.unlink(path, false) {
            Ok(()) => Ok(0),
            Err(errno) => {
                cx.fail(&format!("cannot unlink {}: {}", quoted(path), errno.message()));
                Ok(1)
            }
        },
        [_, extra, ..] => {
            cx.fail(&format!("extra operand ‘{extra}’"));
            Ok(options::misuse(cx, &UNLINK_OPTIONS))
        }
    }
}
