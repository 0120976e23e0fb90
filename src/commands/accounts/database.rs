//! Changing `/etc/passwd`, `/etc/group` and `/etc/shadow`: passwd(5), group(5), shadow(5).

use crate::world::accounts::{Group, User, groups, users};
use crate::world::fs::Cred;
use crate::world::{Cx, World};

/// The files with their modes and groups.
const PASSWD: (&str, u16, u32) = ("/etc/passwd", 0o644, 0);
const GROUP: (&str, u16, u32) = ("/etc/group", 0o644, 0);
const SHADOW: (&str, u16, u32) = ("/etc/shadow", 0o640, 42);

fn write(world: &mut World, file: (&str, u16, u32), text: &str) {
    let (path, mode, group) = file;
    let now = world.now;
    world.files.put(path, text.as_bytes(), mode, (0, group), now);
    if let Ok(ino) = world.files.lookup(&Cred::root(), "/", path, true) {
        world.file_changed(ino);
    }
}

/// Replaces the line that begins with `name:`, adds one, or with `None` takes it away.
fn put_line(world: &mut World, file: (&str, u16, u32), name: &str, line: Option<String>) {
    let text = world.files.text(file.0).unwrap_or_default();
    let is_it = |l: &str| l.split(':').next() == Some(name);
    let mut lines: Vec<String> = Vec::new();
    let mut line = line;
    for old in text.lines() {
        match (is_it(old), line.take()) {
            (true, Some(new)) => lines.push(new),
            (true, None) => {}
            (false, kept) => {
                line = kept;
                lines.push(old.to_owned());
            }
        }
    }
    lines.extend(line);
    write(world, file, &(lines.join("\n") + "\n"));
}

/// Writes a user's line under the name `old` (the user's own, unless it is being renamed).
pub fn put_user(world: &mut World, old: &str, user: &User) {
    let line = format!("{}:x:{}:{}:{}:{}:{}", user.name, user.uid, user.gid, user.gecos, user.home, user.shell);
    put_line(world, PASSWD, old, Some(line));
}

/// Writes a group's line under the name `old`.
pub fn put_group(world: &mut World, old: &str, group: &Group) {
    let line = format!("{}:x:{}:{}", group.name, group.gid, group.members.join(","));
    put_line(world, GROUP, old, Some(line));
}

/// Takes a user out of all files.
pub fn remove_user(world: &mut World, name: &str) {
    put_line(world, PASSWD, name, None);
    put_line(world, SHADOW, name, None);
    for mut group in groups(&world.files) {
        if group.members.iter().any(|m| m == name) {
            group.members.retain(|m| m != name);
            put_group(world, &group.name.clone(), &group);
        }
    }
}

/// Takes a group out.
pub fn remove_group(world: &mut World, name: &str) {
    put_line(world, GROUP, name, None);
}

/// The password field of a user.
pub fn hash(world: &World, name: &str) -> Option<String> {
    let text = world.files.text(SHADOW.0)?;
    let line = text.lines().find(|l| l.split(':').next() == Some(name))?.to_owned();
    line.split(':').nth(1).map(str::to_owned)
}

/// Sets the password field of a user.
pub fn put_hash(world: &mut World, name: &str, hash: &str) {
    let day = world.now.secs() / 86_400;
    put_line(world, SHADOW, name, Some(format!("{name}:{hash}:{day}:0:99999:7:::")));
}

/// The next free user or group id: from 1000 upwards, for the system from 999 downwards.
pub fn free_id(world: &World, system: bool) -> u32 {
    let taken: Vec<u32> =
        users(&world.files).iter().map(|u| u.uid).chain(groups(&world.files).iter().map(|g| g.gid)).collect();
    if system {
        return (100..1000).rev().find(|id| !taken.contains(id)).unwrap_or(99);
    }
    let last = taken.iter().copied().filter(|id| (1000..60_000).contains(id)).max();
    last.map_or(1000, |id| id + 1)
}

/// Whether a user or group may have this name.
pub fn is_name(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let rest = name
        .trim_end_matches('$')
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
    first && rest && name.len() <= 32
}

/// Refuses whoever is not root, in the words of the shadow tools.
pub fn need_root(cx: &mut Cx<'_, '_>, file: &str) -> Result<(), u8> {
    if cx.sys.uid() == 0 {
        return Ok(());
    }
    cx.fail("Permission denied.");
    cx.fail(&format!("cannot lock {file}; try again later."));
    Err(1)
}

/// Takes the user out of, or puts it into, the member list of each group of the comma-separated list.
/// Errors: the name of a group that does not exist.
pub fn set_groups(world: &mut World, user: &str, list: &str, append: bool) -> Result<(), String> {
    let wanted: Vec<&str> = list.split(',').filter(|g| !g.is_empty()).collect();
    let all = groups(&world.files);
    let names = |g: &Group, w: &str| g.name == w || w.parse() == Ok(g.gid);
    if let Some(missing) = wanted.iter().find(|w| !all.iter().any(|g| names(g, w))) {
        return Err((*missing).to_owned());
    }
    for mut group in all {
        let is_wanted = wanted.iter().any(|w| names(&group, w));
        let is_member = group.members.iter().any(|m| m == user);
        if is_wanted && !is_member {
            group.members.push(user.to_owned());
        } else if !is_wanted && is_member && !append {
            group.members.retain(|m| m != user);
        } else {
            continue;
        }
        put_group(world, &group.name.clone(), &group);
    }
    Ok(())
}
