//! `usermod`, `userdel`, `groupadd`, `groupdel` and `gpasswd`: changes to users and groups: usermod(8), gpasswd(1).

use super::database::{
    free_id, hash, is_name, need_root, put_group, put_hash, put_user, remove_group, remove_user, set_groups,
};
use super::useradd::find_group;
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, misuse, parse, value};
use crate::world::accounts::{self, Group, User};
use crate::world::{Cx, NeedInput, one_shot};

/// `usermod`.
pub const USERMOD: Command =
    Command { name: "usermod", path: "/usr/sbin/usermod", program: |argv| one_shot(usermod, argv) };
/// `userdel`.
pub const USERDEL: Command =
    Command { name: "userdel", path: "/usr/sbin/userdel", program: |argv| one_shot(userdel, argv) };
/// `groupadd`.
pub const GROUPADD: Command =
    Command { name: "groupadd", path: "/usr/sbin/groupadd", program: |argv| one_shot(groupadd, argv) };
/// `groupdel`.
pub const GROUPDEL: Command =
    Command { name: "groupdel", path: "/usr/sbin/groupdel", program: |argv| one_shot(groupdel, argv) };
/// `gpasswd`.
pub const GPASSWD: Command =
    Command { name: "gpasswd", path: "/usr/bin/gpasswd", program: |argv| one_shot(gpasswd, argv) };

const fn shadow(table: &'static [Opt], usage: &'static str) -> Options {
    Options { table, usage, version: "", status: 2, hint: Hint::Usage, in_order: false }
}

const USERMOD_OPTIONS: Options = shadow(
    &[
        flag('a', "append"),
        value('G', "groups"),
        value('g', "gid"),
        value('s', "shell"),
        value('d', "home"),
        flag('m', "move-home"),
        value('c', "comment"),
        value('l', "login"),
        flag('L', "lock"),
        flag('U', "unlock"),
        value('u', "uid"),
        value('e', "expiredate"),
        flag('r', "remove"),
        absent('p', "password"),
        absent('R', "root"),
    ],
    "[options] LOGIN",
);

fn usermod(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &USERMOD_OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let [name] = &parsed.operands[..] else { return Ok(misuse(cx, &USERMOD_OPTIONS)) };
    let Some(mut user) = accounts::user(&cx.sys.world.files, name) else {
        cx.fail(&format!("user '{name}' does not exist"));
        return Ok(6);
    };
    if parsed.options.is_empty() {
        cx.fail("no options");
        return Ok(misuse(cx, &USERMOD_OPTIONS));
    }
    if parsed.has("append") && !parsed.has("groups") {
        cx.fail("-a flag is ONLY allowed with the -G flag");
        return Ok(misuse(cx, &USERMOD_OPTIONS));
    }
    let groups = parsed.last("groups").unwrap_or_default();
    for group in groups.split(',').filter(|g| !g.is_empty()).chain(parsed.last("gid")) {
        if find_group(cx.sys.world, group).is_none() {
            cx.fail(&format!("group '{group}' does not exist"));
            return Ok(6);
        }
    }
    if let Err(status) = need_root(cx, "/etc/passwd") {
        return Ok(status);
    }
    if (parsed.has("login") || parsed.has("uid"))
        && let Some(status) = in_use(cx, &user)
    {
        return Ok(status);
    }
    let old_home = user.home.clone();
    user.gid = parsed.last("gid").and_then(|g| find_group(cx.sys.world, g)).map_or(user.gid, |g| g.gid);
    user.uid = parsed.last("uid").and_then(|u| u.parse().ok()).unwrap_or(user.uid);
    for (option, field) in
        [("shell", &mut user.shell), ("home", &mut user.home), ("comment", &mut user.gecos), ("login", &mut user.name)]
    {
        if let Some(value) = parsed.last(option) {
            *field = value.to_owned();
        }
    }
    if parsed.has("groups") {
        let _ = set_groups(cx.sys.world, name, groups, parsed.has("append"));
    }
    put_user(cx.sys.world, name, &user);
    if parsed.has("move-home") && old_home != user.home {
        let _ = cx.sys.rename(&old_home, &user.home);
    }
    if parsed.has("lock") || parsed.has("unlock") {
        lock(cx, name, parsed.has("lock"));
    }
    Ok(0)
}

/// Locks or unlocks a password with a `!` before it.
pub fn lock(cx: &mut Cx<'_, '_>, name: &str, locked: bool) {
    let old = hash(cx.sys.world, name).unwrap_or_else(|| "!".into());
    let bare = old.trim_start_matches('!').to_owned();
    let new = if locked { format!("!{bare}") } else { bare };
    put_hash(cx.sys.world, name, &new);
}

fn in_use(cx: &mut Cx<'_, '_>, user: &User) -> Option<u8> {
    let pid = cx.sys.world.processes().find(|p| p.ruid == user.uid && !p.is_zombie()).map(|p| p.pid)?;
    cx.fail(&format!("user {} is currently used by process {pid}", user.name));
    Some(8)
}

fn userdel(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = shadow(
        &[flag('r', "remove"), flag('f', "force"), absent('R', "root"), absent('Z', "selinux-user")],
        "[options] LOGIN",
    );
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let [name] = &parsed.operands[..] else { return Ok(misuse(cx, &OPTIONS)) };
    let Some(user) = accounts::user(&cx.sys.world.files, name) else {
        cx.fail(&format!("user '{name}' does not exist"));
        return Ok(6);
    };
    if let Err(status) = need_root(cx, "/etc/passwd") {
        return Ok(status);
    }
    if !parsed.has("force")
        && let Some(status) = in_use(cx, &user)
    {
        return Ok(status);
    }
    remove_user(cx.sys.world, name);
    let own = accounts::group(&cx.sys.world.files, name).filter(|g| g.gid == user.gid);
    if own.is_some_and(|g| g.members.is_empty()) {
        remove_group(cx.sys.world, name);
    }
    if parsed.has("remove") {
        if cx.sys.world.files.get(&format!("/var/mail/{name}")).is_none() {
            cx.fail(&format!("{name} mail spool (/var/mail/{name}) not found"));
        }
        if cx.sys.world.files.get(&user.home).is_some() && user.home != "/" {
            let now = cx.sys.now();
            cx.sys.world.files.remove_all(&user.home, now);
        } else {
            cx.fail(&format!("{name} home directory ({}) not found", user.home));
        }
    }
    Ok(0)
}

fn groupadd(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = shadow(
        &[flag('f', "force"), value('g', "gid"), flag('r', "system"), flag('o', "non-unique")],
        "[options] GROUP",
    );
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let [name] = &parsed.operands[..] else { return Ok(misuse(cx, &OPTIONS)) };
    if !is_name(name) {
        cx.fail(&format!("'{name}' is not a valid group name"));
        return Ok(3);
    }
    if accounts::group(&cx.sys.world.files, name).is_some() {
        if parsed.has("force") {
            return Ok(0);
        }
        cx.fail(&format!("group '{name}' already exists"));
        return Ok(9);
    }
    if let Err(status) = need_root(cx, "/etc/group") {
        return Ok(status);
    }
    let gid = match parsed.last("gid").map(str::parse::<u32>) {
        Some(Ok(gid)) if accounts::group_by_id(&cx.sys.world.files, gid).is_some() && !parsed.has("non-unique") => {
            cx.fail(&format!("GID '{gid}' already exists"));
            return Ok(4);
        }
        Some(Ok(gid)) => gid,
        Some(Err(_)) => {
            cx.fail(&format!("invalid group ID '{}'", parsed.last("gid").unwrap_or_default()));
            return Ok(3);
        }
        None => free_id(cx.sys.world, parsed.has("system")),
    };
    put_group(cx.sys.world, name, &Group { name: name.clone(), gid, members: Vec::new() });
    Ok(0)
}

fn groupdel(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = shadow(&[flag('f', "force")], "[options] GROUP");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let [name] = &parsed.operands[..] else { return Ok(misuse(cx, &OPTIONS)) };
    let Some(group) = accounts::group(&cx.sys.world.files, name) else {
        cx.fail(&format!("group '{name}' does not exist"));
        return Ok(6);
    };
    if let Err(status) = need_root(cx, "/etc/group") {
        return Ok(status);
    }
    if let Some(user) = accounts::users(&cx.sys.world.files).into_iter().find(|u| u.gid == group.gid) {
        cx.fail(&format!("cannot remove the primary group of user '{}'", user.name));
        return Ok(8);
    }
    remove_group(cx.sys.world, name);
    Ok(0)
}

fn gpasswd(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = shadow(
        &[
            value('a', "add"),
            value('d', "delete"),
            value('M', "members"),
            absent('A', "administrators"),
            absent('r', "delete-password"),
            absent('R', "restrict"),
        ],
        "[option] GROUP",
    );
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let [name] = &parsed.operands[..] else { return Ok(misuse(cx, &OPTIONS)) };
    let Some(mut group) = accounts::group(&cx.sys.world.files, name) else {
        cx.fail(&format!("group '{name}' does not exist in /etc/group"));
        return Ok(3);
    };
    if cx.sys.me().ruid != 0 {
        cx.fail("Permission denied.");
        return Ok(1);
    }
    let member = parsed.last("add").or(parsed.last("delete")).unwrap_or_default().to_owned();
    if !parsed.has("members") && accounts::user(&cx.sys.world.files, &member).is_none() {
        cx.fail(&format!("user '{member}' does not exist"));
        return Ok(3);
    }
    if parsed.has("add") {
        cx.outln(&format!("Adding user {member} to group {name}"));
        let _ = set_groups(cx.sys.world, &member, name, true);
    } else if parsed.has("delete") {
        cx.outln(&format!("Removing user {member} from group {name}"));
        if !group.members.contains(&member) {
            cx.fail(&format!("user '{member}' is not a member of '{name}'"));
            return Ok(3);
        }
        group.members.retain(|m| *m != member);
        put_group(cx.sys.world, name, &group);
    } else {
        group.members = parsed.last("members").unwrap_or_default().split(',').map(str::to_owned).collect();
        put_group(cx.sys.world, name, &group);
    }
    Ok(0)
}
