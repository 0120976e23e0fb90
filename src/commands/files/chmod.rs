//! Changes permissions: chmod(1).

use super::{Command, below, mode};
use crate::commands::options::{self, Opt, Options, Refused, Stop, Takes, also, ended, flag, value};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{Cx, one_shot};

/// `chmod`.
pub const COMMAND: Command =
    Command { name: "chmod", path: "/usr/bin/chmod", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('c', "changes"),
    flag('f', "silent"),
    also('\0', "quiet", "silent", Takes::Nothing),
    flag('v', "verbose"),
    flag('\0', "no-preserve-root"),
    flag('\0', "preserve-root"),
    value('\0', "reference"),
    flag('R', "recursive"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... MODE[,MODE]... FILE...");

/// `-x`, `-rw`: a mode, not options.
fn is_mode(arg: &str) -> bool {
    let letters = arg.strip_prefix('-').unwrap_or_default();
    letters.starts_with(|c| "rwxXstugo,+=".contains(c)) && mode::parse(arg).is_some()
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let mut args = cx.args();
    let minus = args.iter().take_while(|a| *a != "--").position(|a| is_mode(a)).map(|at| args.remove(at));
    let mut parsed = match options::scan(&OPTIONS, &args) {
        Ok(parsed) => parsed,
        Err(Refused::Wrong(_) | Refused::NotSimulated(_) | Refused::Help | Refused::Version) => {
            return Err(options::parse_args(cx, &OPTIONS, &args).err().unwrap_or(1).into());
        }
    };
    let reference = match parsed.last("reference") {
        None => None,
        Some(path) => match cx.stat(path).map(|node| node.mode) {
            Ok(bits) => Some(format!("{bits:o}")),
            Err(errno) => {
                let message = format!("failed to get attributes of {}: {}", quoted(path), errno.message());
                cx.fail(&message);
                return Ok(1);
            }
        },
    };
    let text = match reference.or(minus) {
        Some(text) => text,
        None if parsed.operands.is_empty() => {
            cx.fail("missing operand");
            return Ok(options::misuse(cx, &OPTIONS));
        }
        None => parsed.operands.remove(0),
    };
    if parsed.operands.is_empty() {
        cx.fail(&format!("missing operand after ‘{text}’"));
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let Some(change) = mode::parse(&text) else {
        cx.fail(&format!("invalid mode: ‘{text}’"));
        return Ok(options::misuse(cx, &OPTIONS));
    };
    let report = match (parsed.has("verbose"), parsed.has("changes")) {
        (true, _) => 2,
        (_, true) => 1,
        _ => 0,
    };
    let mut status = 0;
    for operand in &parsed.operands {
        let paths = if parsed.has("recursive") { below(cx, operand) } else { vec![operand.clone()] };
        for path in paths {
            if let Err(message) = change_one(cx, &path, &change, report, path != *operand) {
                if !parsed.has("silent") {
                    cx.fail(&message);
                }
                status = 1;
            }
        }
    }
    Ok(status)
}

fn change_one(cx: &mut Cx<'_, '_>, path: &str, change: &mode::Change, report: u8, nested: bool) -> Result<(), String> {
    let link = cx.lstat(path).is_ok_and(|node| node.is_symlink());
    let node = match cx.stat(path) {
        _ if link && nested => return Ok(()),
        Ok(node) => node.clone(),
        Err(_) if link => return Err(format!("cannot operate on dangling symlink {}", quoted(path))),
        Err(errno) => return Err(format!("cannot access {}: {}", quoted(path), errno.message())),
    };
    let bits = change.apply(node.mode, node.is_dir(), cx.me().umask);
    cx.chmod(path, bits).map_err(|errno| format!("changing permissions of {}: {}", quoted(path), errno.message()))?;
    let shown = |bits: u16| format!("{bits:04o} ({})", mode::letters(bits));
    if bits != node.mode && report > 0 {
        cx.outln(&format!("mode of {} changed from {} to {}", quoted(path), shown(node.mode), shown(bits)));
    } else if report > 1 {
        cx.outln(&format!("mode of {} retained as {}", quoted(path), shown(bits)));
    }
    Ok(())
}
