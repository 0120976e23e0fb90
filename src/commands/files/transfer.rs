//! Copying files with their attributes: what cp(1), mv(1) and install(1) share.

use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::fs::{Inode, Kind};
use crate::world::{CapabilitySet, Cx, Errno, OpenFlags};

/// What is kept of a file when it is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Permissions.
    pub mode: bool,
    /// Owner and group, as far as we may.
    pub owner: bool,
    /// Times.
    pub times: bool,
}

/// Copies the contents of a file. Errors: the message.
pub fn contents(cx: &mut Cx<'_, '_>, from: &str, to: &str, mode: u16) -> Result<(), String> {
    let failed = |what: &str, path: &str, errno: Errno| Err(format!("{what} {}: {}", quoted(path), errno.message()));
    let bytes = match cx.read_file(from) {
        Ok(bytes) => bytes,
        Err(errno) => match device(cx, from) {
            Some(bytes) => bytes.into(),
            None => return Err(format!("cannot open {} for reading: {}", quoted(from), errno.message())),
        },
    };
    let fd = match cx.open(to, OpenFlags::WRITE, mode) {
        Ok(fd) => fd,
        Err(errno) => return failed("cannot create regular file", to, errno),
    };
    let mut at = 0;
    while at < bytes.len() {
        match cx.write(fd, &bytes[at..]) {
            Ok(n) => at += n,
            Err(errno) => {
                let _ = cx.close(fd);
                return failed("error writing", to, errno);
            }
        }
    }
    let _ = cx.close(fd);
    Ok(())
}

fn device(cx: &mut Cx<'_, '_>, path: &str) -> Option<Vec<u8>> {
    let null = matches!(cx.stat(path).ok()?.kind, Kind::Device(crate::world::fs::Device::Null));
    null.then(Vec::new)
}

/// Gives a copy the attributes of the original.
pub fn attributes(cx: &mut Cx<'_, '_>, original: &Inode, to: &str, keep: Keep) {
    let (cred, cwd, now) = (cx.cred(), cx.cwd(), cx.now());
    let Ok(ino) = cx.world.files.lookup(&cred, &cwd, to, false) else { return };
    let files = &mut cx.world.files;
    if keep.owner && cred.can(CapabilitySet::CHOWN) {
        files.set_owner(ino, original.uid, original.gid, now);
    }
    if keep.mode && !original.is_symlink() {
        files.set_mode(ino, original.mode, now);
    }
    if keep.times {
        files.set_times(ino, original.atime, original.mtime, now);
    }
}

/// Where a file of this name lands: in the folder `to`, or at `to` itself.
pub fn inside(folder: &str, source: &str) -> String {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    if folder.ends_with('/') { format!("{folder}{name}") } else { format!("{folder}/{name}") }
}

/// Sources and their targets, from the operands of cp and its kin; `into` is `-t`, `exact` is `-T`.
///
/// Errors: the message, and whether the hint to `--help` follows.
pub fn targets(
    cx: &mut Cx<'_, '_>,
    operands: &[String],
    into: Option<&str>,
    exact: bool,
) -> Result<Vec<(String, String)>, (String, bool)> {
    let Some(first) = operands.first() else { return Err(("missing file operand".into(), true)) };
    let folder = |cx: &mut Cx<'_, '_>, path: &str| cx.stat(path).map(|node| node.is_dir());
    let refuse = |path: &str, errno: Errno| Err((format!("target {}: {}", quoted(path), errno.message()), false));
    if let Some(into) = into {
        return match folder(cx, into) {
            Ok(true) => Ok(operands.iter().map(|from| (from.clone(), inside(into, from))).collect()),
            Ok(false) => refuse(into, Errno::ENOTDIR),
            Err(errno) => refuse(into, errno),
        };
    }
    let [sources @ .., to] = operands else { return Ok(Vec::new()) };
    if sources.is_empty() {
        return Err((format!("missing destination file operand after {}", quoted(first)), true));
    }
    if exact {
        return match sources {
            [from] => Ok(vec![(from.clone(), to.clone())]),
            _ => Err((format!("extra operand {}", quoted(to)), true)),
        };
    }
    match folder(cx, to) {
        Ok(true) => Ok(sources.iter().map(|from| (from.clone(), inside(to, from))).collect()),
        Ok(false) if sources.len() > 1 => refuse(to, Errno::ENOTDIR),
        Err(errno) if sources.len() > 1 => refuse(to, errno),
        _ => Ok(vec![(sources[0].clone(), to.clone())]),
    }
}
