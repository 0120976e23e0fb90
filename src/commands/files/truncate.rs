//! Cuts or stretches files: truncate(1); reserves space: fallocate(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, value};
use crate::commands::posix::number::size;
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{Cx, Errno, OpenFlags, one_shot};

/// `truncate`.
pub const TRUNCATE: Command =
    Command { name: "truncate", path: "/usr/bin/truncate", program: |argv| one_shot(|cx| ended(truncate(cx)), argv) };
/// `fallocate`.
pub const FALLOCATE: Command =
    Command { name: "fallocate", path: "/usr/bin/fallocate", program: |argv| one_shot(|cx| ended(allocate(cx)), argv) };

const TABLE: &[Opt] = &[flag('c', "no-create"), absent('o', "io-blocks"), value('r', "reference"), value('s', "size")];
const OPTIONS: Options = Options::coreutils(TABLE, "OPTION... FILE...");
const ALLOCATE_TABLE: &[Opt] = &[
    value('l', "length"),
    value('o', "offset"),
    absent('c', "collapse-range"),
    absent('d', "dig-holes"),
    absent('i', "insert-range"),
    flag('n', "keep-size"),
    absent('p', "punch-hole"),
    absent('z', "zero-range"),
    flag('x', "posix"),
];
const ALLOCATE_OPTIONS: Options = Options::util_linux(ALLOCATE_TABLE, "[options] <filename>");

fn truncate(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let reference = match parsed.last("reference") {
        None => None,
        Some(path) => match cx.stat(path).map(|node| node.size()) {
            Ok(size) => Some(size),
            Err(errno) => {
                cx.fail(&format!("cannot stat {}: {}", quoted(path), errno.message()));
                return Ok(1);
            }
        },
    };
    let Some(text) = parsed.last("size").map(str::to_owned).or(reference.map(|size| size.to_string())) else {
        cx.fail("you must specify either ‘--size’ or ‘--reference’");
        return Ok(options::misuse(cx, &OPTIONS));
    };
    let mark = text.chars().next().filter(|c| "+-<>/%".contains(*c));
    let digits = text.trim_start_matches(|c| "+-<>/%".contains(c));
    let Some(number) = size(digits) else {
        cx.fail(&format!("Invalid number: ‘{text}’"));
        return Ok(1);
    };
    if parsed.operands.is_empty() {
        cx.fail("missing file operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let mut status = 0;
    for path in &parsed.operands {
        let old = cx.stat(path).map_or(0, |node| node.size());
        let length = match mark {
            Some('+') => old.saturating_add(number),
            Some('-') => old.saturating_sub(number),
            Some('<') => old.min(number),
            Some('>') => old.max(number),
            Some('/') => old / number.max(1) * number,
            Some('%') => old.div_ceil(number.max(1)) * number,
            _ => number,
        };
        if let Err((what, errno)) = resize(cx, path, length, !parsed.has("no-create")) {
            cx.fail(&format!("{what}: {}", errno.message()));
            status = 1;
        }
    }
    Ok(status)
}

/// Errors: what failed and why.
fn resize(cx: &mut Cx<'_, '_>, path: &str, length: u64, create: bool) -> Result<(), (String, Errno)> {
    let flags = OpenFlags { truncate: false, create, ..OpenFlags::WRITE };
    let fd = match cx.open(path, flags, 0o666) {
        Ok(fd) => fd,
        Err(Errno::ENOENT) if !create => return Ok(()),
        Err(errno) => return Err((format!("cannot open {} for writing", quoted(path)), errno)),
    };
    let _ = cx.close(fd);
    let failed = |errno: Errno| (format!("failed to truncate {} at {length} bytes", quoted(path)), errno);
    let ino = cx.lookup(path, true).map_err(failed)?;
    let free = cx.world.files.limit().saturating_sub(cx.world.files.used());
    let old = cx.world.files.inode(ino).map_or(0, |node| node.size());
    if length.saturating_sub(old) > free {
        return Err(failed(Errno::ENOSPC));
    }
    let now = cx.now();
    cx.world.files.truncate(ino, usize::try_from(length).unwrap_or(usize::MAX), now).map_err(failed)?;
    cx.world.file_changed(ino);
    Ok(())
}

fn allocate(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &ALLOCATE_OPTIONS)?;
    let Some(length) = parsed.last("length") else {
        cx.fail("no length argument specified");
        return Ok(1);
    };
    let Some(length) = size(length).filter(|length| *length > 0) else {
        cx.fail("invalid length value specified");
        return Ok(1);
    };
    let Some(path) = parsed.operands.first() else {
        cx.fail("no filename specified");
        return Ok(1);
    };
    let end = length.saturating_add(parsed.last("offset").and_then(size).unwrap_or(0));
    let old = cx.stat(path).map_or(0, |node| node.size());
    match resize(cx, path, end.max(old), true) {
        Ok(()) => Ok(0),
        Err((_, Errno::ENOSPC)) => {
            cx.fail("fallocate failed: No space left on device");
            Ok(1)
        }
        Err((_, errno)) => {
            cx.fail(&format!("cannot open {path}: {}", errno.message()));
            Ok(1)
        }
    }
}
