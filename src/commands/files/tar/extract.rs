//! Listing an archive and taking files out of it.

use super::archive::{End, Member, long_line, read};
use super::{Request, failed, without_root};
use crate::world::fs::join;
use crate::world::{Cx, Duration, Errno, OpenFlags, Time};

/// Lists or extracts the members that were asked for, all of them when none was named. Returns the exit status.
pub fn extract(cx: &mut Cx<'_, '_>, request: &Request, bytes: &[u8]) -> u8 {
    let (members, end) = read(bytes);
    if end == End::NoArchive && members.is_empty() {
        cx.fail("This does not look like a tar archive");
        return failed(cx);
    }
    let mut found = vec![false; request.members.len()];
    let (mut status, mut width, mut seen) = (0, 19, Vec::new());
    // A folder gets its mode and time when everything is in it.
    let mut folders: Vec<(String, Member)> = Vec::new();
    for member in members {
        if !wanted(request, &member.name, &mut found) || request.excludes(&member.name) {
            continue;
        }
        if request.has("list") {
            let line = match request.has("verbose") {
                true => long_line(&member, &mut width, request.has("numeric-owner")),
                false => member.name.clone(),
            };
            cx.outln(&line);
            continue;
        }
        let Some(stripped) = strip(&member.name, request.strip) else { continue };
        if request.has("verbose") {
            let shown = match request.count("verbose") {
                1 => member.name.clone(),
                _ => long_line(&member, &mut width, request.has("numeric-owner")),
            };
            let fd = if request.has("to-stdout") { 2 } else { 1 };
            cx.print(fd, format!("{shown}\n").as_bytes());
        }
        if request.has("to-stdout") {
            cx.print(1, &member.contents);
            continue;
        }
        let name = match request.has("absolute-names") {
            true => stripped.to_owned(),
            false => without_root(cx, stripped, &mut seen, "member names"),
        };
        let path = join(&request.folder, &name);
        let done = put(cx, request, &member, &path);
        match done {
            Ok(()) if member.kind == b'5' => folders.push((path, member)),
            Ok(()) => attributes(cx, request, &member, &path),
            Err((what, errno)) => {
                cx.fail(&format!("{}: {what}: {}", name.trim_end_matches('/'), errno.message()));
                status = 2;
            }
        }
    }
    for (path, member) in folders.iter().rev() {
        attributes(cx, request, member, path);
    }
    if end == End::Cut {
        cx.fail("Unexpected EOF in archive");
        cx.fail("Error is not recoverable: exiting now");
        return 2;
    }
    if end == End::NoArchive {
        cx.fail("Skipping to next header");
        status = 2;
    }
    for ((name, _), found) in request.members.iter().zip(found) {
        if !found {
            cx.fail(&format!("{name}: Not found in archive"));
            status = 2;
        }
    }
    if status == 0 { 0 } else { failed(cx) }
}

/// Whether a member was asked for: by its name, or by the name of a folder above it.
fn wanted(request: &Request, name: &str, found: &mut [bool]) -> bool {
    if request.members.is_empty() {
        return true;
    }
    let plain = name.trim_end_matches('/');
    let style = super::super::glob::Style::default();
    let mut any = false;
    for ((asked, _), found) in request.members.iter().zip(found) {
        let asked = asked.trim_end_matches('/');
        let fits = plain == asked
            || plain.strip_prefix(asked).is_some_and(|rest| rest.starts_with('/'))
            || (request.has("wildcards") && super::super::glob::matches(asked, plain, style));
        any |= fits;
        *found |= fits;
    }
    any
}

/// A name without its first `count` parts; `None` when nothing is left of it.
fn strip(name: &str, count: usize) -> Option<&str> {
    let mut rest = name;
    for _ in 0..count {
        rest = rest.split_once('/')?.1.trim_start_matches('/');
    }
    (!rest.is_empty()).then_some(rest)
}

type Failed = (&'static str, Errno);

fn put(cx: &mut Cx<'_, '_>, request: &Request, member: &Member, path: &str) -> Result<(), Failed> {
    if let Some((parent, _)) = path.trim_end_matches('/').rsplit_once('/') {
        make_folders(cx, parent).map_err(|errno| ("Cannot mkdir", errno))?;
    }
    let old = cx.lstat(path).map(|node| node.is_dir());
    if member.kind == b'5' {
        return match old {
            Ok(true) => Ok(()),
            Ok(false) => Err(("Cannot mkdir", Errno::EEXIST)),
            Err(_) => cx.mkdir(path, 0o777).map_err(|errno| ("Cannot mkdir", errno)),
        };
    }
    match old {
        Ok(_) if request.has("keep-old-files") => return Err(("Cannot open", Errno::EEXIST)),
        Ok(true) => return Err(("Cannot open", Errno::EISDIR)),
        // What was there before is taken away: other names of it keep the old contents.
        Ok(false) => cx.unlink(path, false).map_err(|errno| ("Cannot open", errno))?,
        Err(_) => {}
    }
    match member.kind {
        b'2' => cx.symlink(&member.target, path).map_err(|errno| ("Cannot create symlink", errno)),
        b'1' => {
            let target = join(&request.folder, &member.target);
            super::super::ln::hard_link(cx, &target, path).map_err(|errno| ("Cannot hard link", errno))
        }
        b'6' => Err(("Cannot mkfifo", Errno::EPERM)),
        _ => {
            let fd = cx.open(path, OpenFlags::WRITE, member.mode & 0o777).map_err(|errno| ("Cannot open", errno))?;
            let mut rest = &member.contents[..];
            while !rest.is_empty() {
                match cx.write(fd, rest) {
                    Ok(n) => rest = &rest[n..],
                    Err(errno) => {
                        let _ = cx.close(fd);
                        return Err(("Cannot write", errno));
                    }
                }
            }
            cx.close(fd).map_err(|errno| ("Cannot close", errno))
        }
    }
}

fn make_folders(cx: &mut Cx<'_, '_>, path: &str) -> Result<(), Errno> {
    let cuts: Vec<usize> = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]).collect();
    for cut in cuts {
        if cut > 0 && cx.stat(&path[..cut]).is_err() {
            cx.mkdir(&path[..cut], 0o777)?;
        }
    }
    Ok(())
}

/// Gives what was extracted its owner (for root), mode and time.
fn attributes(cx: &mut Cx<'_, '_>, request: &Request, member: &Member, path: &str) {
    let (cred, now, umask) = (cx.cred(), cx.now(), cx.me().umask);
    let Ok(ino) = cx.lookup(path, false) else { return };
    let names = (&member.owners.0, &member.owners.1);
    let files = &mut cx.world.files;
    if cred.is_root() && !request.has("no-same-owner") {
        let uid = crate::world::accounts::user(files, names.0).map_or(member.ids.0, |user| user.uid);
        let gid = crate::world::accounts::group(files, names.1).map_or(member.ids.1, |group| group.gid);
        files.set_owner(ino, uid, gid, now);
    }
    if member.kind == b'0' || member.kind == b'5' {
        let exact = cred.is_root() || request.has("preserve-permissions");
        let mode = if exact { member.mode } else { member.mode & 0o777 & !umask };
        files.set_mode(ino, mode, now);
    }
    if !request.has("touch") {
        let time = Time::default() + Duration::from_secs(member.time);
        files.set_times(ino, time, time, now);
    }
}
