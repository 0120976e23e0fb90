//! Makes empty files and sets times: touch(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, short, short_value, value};
use crate::commands::posix::date_parse;
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::{CapabilitySet, Cx, Errno, OpenFlags, Time, one_shot};

/// `touch`.
pub const COMMAND: Command =
    Command { name: "touch", path: "/usr/bin/touch", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    short('a', "a"),
    flag('c', "no-create"),
    value('d', "date"),
    short('f', "f"),
    flag('h', "no-dereference"),
    short('m', "m"),
    value('r', "reference"),
    short_value('t', "t"),
    absent('\0', "time"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... FILE...");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let now = cx.now();
    let (mut atime, mut mtime) = (now, now);
    if let Some(path) = parsed.last("reference") {
        match cx.stat(path) {
            Ok(node) => (atime, mtime) = (node.atime, node.mtime),
            Err(errno) => {
                cx.fail(&format!("failed to get attributes of {}: {}", quoted(path), errno.message()));
                return Ok(1);
            }
        }
    }
    if let Some(key) = parsed.last_of(&["date", "t"]) {
        let text = parsed.last(key).unwrap_or_default().to_owned();
        let time = if key == "t" { stamp(&text, now) } else { date_parse::parse(&text, mtime.max(now)) };
        let Some(time) = time else {
            cx.fail(&format!("invalid date format ‘{text}’"));
            return Ok(1);
        };
        (atime, mtime) = (time, time);
    }
    if parsed.operands.is_empty() {
        cx.fail("missing file operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let which = (parsed.has("a") || !parsed.has("m"), parsed.has("m") || !parsed.has("a"));
    let given = parsed.last_of(&["reference", "date", "t"]).is_some();
    let mut status = 0;
    for path in &parsed.operands {
        let follow = !parsed.has("no-dereference");
        match touch(cx, path, !parsed.has("no-create"), follow, (atime, mtime), which, given) {
            Ok(()) => {}
            Err((what, errno)) => {
                cx.fail(&format!("{what} {}: {}", quoted(path), errno.message()));
                status = 1;
            }
        }
    }
    Ok(status)
}

type Failure = (&'static str, Errno);

fn touch(
    cx: &mut Cx<'_, '_>,
    path: &str,
    create: bool,
    follow: bool,
    times: (Time, Time),
    which: (bool, bool),
    given: bool,
) -> Result<(), Failure> {
    let ino = match cx.lookup(path, follow) {
        Ok(ino) => ino,
        Err(Errno::ENOENT) if !create => return Ok(()),
        Err(Errno::ENOENT) if follow => {
            let fd = cx
                .open(path, OpenFlags { truncate: false, ..OpenFlags::WRITE }, 0o666)
                .map_err(|errno| ("cannot touch", errno))?;
            let _ = cx.close(fd);
            if !given {
                return Ok(());
            }
            cx.lookup(path, follow).map_err(|errno| ("cannot touch", errno))?
        }
        Err(errno) => return Err(("cannot touch", errno)),
    };
    let (cred, now) = (cx.cred(), cx.now());
    let Some(node) = cx.world.files.inode(ino).cloned() else { return Ok(()) };
    let owner = cred.can(CapabilitySet::FOWNER) || cred.uid == node.uid;
    let writes = cx.world.files.permit(&cred, &node, crate::world::fs::Access::Write);
    if !owner && (given || writes.is_err()) {
        return Err(if given { ("setting times of", Errno::EPERM) } else { ("cannot touch", Errno::EACCES) });
    }
    if cx.sys.on_read_only(path, follow) {
        return Err((if given { "setting times of" } else { "cannot touch" }, Errno::EROFS));
    }
    let atime = if which.0 { times.0 } else { node.atime };
    let mtime = if which.1 { times.1 } else { node.mtime };
    cx.world.files.set_times(ino, atime, mtime, now);
    cx.world.file_changed(ino);
    Ok(())
}

/// `[[CC]YY]MMDDhhmm[.ss]`
fn stamp(text: &str, now: Time) -> Option<Time> {
    let (digits, seconds) = text.split_once('.').unwrap_or((text, "00"));
    if !digits.bytes().all(|b| b.is_ascii_digit()) || seconds.len() != 2 {
        return None;
    }
    let year = crate::commands::posix::strftime::strftime(now, "%Y");
    let full = match digits.len() {
        8 => format!("{year}{digits}"),
        10 => format!("{}{digits}", if digits < "69" { "20" } else { "19" }),
        12 => digits.to_owned(),
        _ => return None,
    };
    let (date, time) = full.split_at(8);
    date_parse::parse(&format!("{date} {}:{}:{seconds}", &time[..2], &time[2..]), now)
}
