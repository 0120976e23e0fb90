//! `useradd` and `adduser`: new users: useradd(8), adduser(8).

use super::database::{free_id, is_name, need_root, put_group, put_hash, put_user, set_groups};
use super::pam::{AUTHPRIV, INFO};
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, parse, value};
use crate::world::accounts::{self, Group, User};
use crate::world::fs::{Cred, Kind};
use crate::world::{Cx, NeedInput, World, one_shot};

/// `useradd`.
pub const USERADD: Command =
    Command { name: "useradd", path: "/usr/sbin/useradd", program: |argv| one_shot(useradd, argv) };
/// `adduser`.
pub const ADDUSER: Command =
    Command { name: "adduser", path: "/usr/sbin/adduser", program: |argv| one_shot(adduser, argv) };

const TABLE: &[Opt] = &[
    flag('m', "create-home"),
    flag('M', "no-create-home"),
    flag('r', "system"),
    flag('U', "user-group"),
    flag('N', "no-user-group"),
    flag('o', "non-unique"),
    value('s', "shell"),
    value('d', "home-dir"),
    value('G', "groups"),
    value('g', "gid"),
    value('u', "uid"),
    value('c', "comment"),
    value('k', "skel"),
    value('p', "password"),
    value('e', "expiredate"),
    value('f', "inactive"),
    value('b', "base-dir"),
    absent('D', "defaults"),
    absent('K', "key"),
    absent('R', "root"),
];
const OPTIONS: Options =
    Options { table: TABLE, usage: "[options] LOGIN", version: "", status: 2, hint: Hint::Usage, in_order: false };

fn useradd(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let [name] = &parsed.operands[..] else { return Ok(crate::commands::options::misuse(cx, &OPTIONS)) };
    if !is_name(name) {
        cx.fail(&format!("invalid user name '{name}': use --badname to ignore"));
        return Ok(3);
    }
    if let Err(status) = need_root(cx, "/etc/passwd") {
        return Ok(status);
    }
    if accounts::user(&cx.sys.world.files, name).is_some() {
        cx.fail(&format!("user '{name}' already exists"));
        return Ok(9);
    }
    let system = parsed.has("system");
    let uid = match parsed.last("uid").map(str::parse::<u32>) {
        None => free_id(cx.sys.world, system),
        Some(Ok(uid)) => uid,
        Some(Err(_)) => {
            cx.fail(&format!("invalid user ID '{}'", parsed.last("uid").unwrap_or_default()));
            return Ok(3);
        }
    };
    if accounts::user_by_id(&cx.sys.world.files, uid).is_some() && !parsed.has("non-unique") {
        cx.fail(&format!("UID {uid} is not unique"));
        return Ok(4);
    }
    let gid = match parsed.last("gid") {
        Some(group) => match find_group(cx.sys.world, group) {
            Some(group) => group.gid,
            None => {
                cx.fail(&format!("group '{group}' does not exist"));
                return Ok(6);
            }
        },
        None if parsed.has("no-user-group") => 100,
        None if accounts::group(&cx.sys.world.files, name).is_some() => {
            cx.fail(&format!("group {name} exists - if you want to add this user to that group, use the -g option."));
            return Ok(9);
        }
        None => uid,
    };
    let base = parsed.last("base-dir").unwrap_or("/home");
    let home = parsed.last("home-dir").map_or_else(|| format!("{base}/{name}"), str::to_owned);
    let shell = parsed.last("shell").unwrap_or("/bin/sh").to_owned();
    let gecos = parsed.last("comment").unwrap_or_default().to_owned();
    if let Some(missing) =
        parsed.last("groups").and_then(|list| list.split(',').find(|g| find_group(cx.sys.world, g).is_none()))
    {
        cx.fail(&format!("group '{missing}' does not exist"));
        return Ok(6);
    }
    let user = User { name: name.clone(), uid, gid, gecos, home, shell };
    add(cx.sys.world, &user, parsed.last("password").unwrap_or("!"));
    let _ = set_groups(cx.sys.world, name, parsed.last("groups").unwrap_or_default(), true);
    let text =
        format!("new user: name={name}, UID={uid}, GID={gid}, home={}, shell={}, from=none", user.home, user.shell);
    cx.sys.syslog(INFO, AUTHPRIV, Some("useradd"), &text);
    if parsed.has("create-home") && !parsed.has("no-create-home") && !make_home(cx.sys.world, &user, 0o755) {
        cx.fail(&format!("warning: the home directory {} already exists.", user.home));
        cx.fail("Not copying any file from skel directory into it.");
    }
    Ok(0)
}

/// A group by name or number.
pub fn find_group(world: &World, name: &str) -> Option<Group> {
    let tree = &world.files;
    accounts::group(tree, name).or_else(|| accounts::group_by_id(tree, name.parse().ok()?))
}

/// Writes a new user, with a group of the same name when its primary group is new.
fn add(world: &mut World, user: &User, hash: &str) {
    put_user(world, &user.name, user);
    put_hash(world, &user.name, hash);
    if accounts::group_by_id(&world.files, user.gid).is_none() {
        put_group(world, &user.name, &Group { name: user.name.clone(), gid: user.gid, members: Vec::new() });
    }
}

/// Makes a home folder and copies `/etc/skel` into it; false when it is there already.
fn make_home(world: &mut World, user: &User, mode: u16) -> bool {
    if world.files.get(&user.home).is_some() {
        return false;
    }
    let now = world.now;
    world.files.mkdir_all(&user.home, now);
    let root = Cred::root();
    if let Ok(ino) = world.files.lookup(&root, "/", &user.home, true) {
        world.files.set_owner(ino, user.uid, user.gid, now);
        world.files.set_mode(ino, mode, now);
    }
    for (name, ino) in world.files.list(&root, "/", "/etc/skel").unwrap_or_default() {
        let Some(node) = world.files.inode(ino) else { continue };
        let Kind::File(bytes) = node.kind.clone() else { continue };
        let mode = node.mode;
        world.files.put(&format!("{}/{name}", user.home), &bytes, mode, (user.uid, user.gid), now);
    }
    true
}

const ADDUSER_TABLE: &[Opt] = &[
    flag('\0', "system"),
    flag('\0', "group"),
    flag('\0', "disabled-password"),
    flag('\0', "disabled-login"),
    flag('\0', "no-create-home"),
    flag('q', "quiet"),
    value('\0', "gecos"),
    value('\0', "comment"),
    value('\0', "home"),
    value('\0', "shell"),
    value('\0', "ingroup"),
    value('\0', "uid"),
];
const ADDUSER_OPTIONS: Options = Options {
    table: ADDUSER_TABLE,
    usage: "[options] USER [GROUP]",
    version: "",
    status: 2,
    hint: Hint::Nothing,
    in_order: false,
};

fn adduser(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &ADDUSER_OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    if cx.sys.uid() != 0 {
        cx.fail("Only root may add a user or group to the system.");
        return Ok(1);
    }
    match &parsed.operands[..] {
        [user, group] => Ok(join_group(cx, user, group)),
        [name] => {
            if accounts::user(&cx.sys.world.files, name).is_some() {
                if parsed.has("system") {
                    cx.outln(&format!("The system user `{name}' already exists. Exiting."));
                    return Ok(0);
                }
                cx.fail(&format!("The user `{name}' already exists."));
                return Ok(1);
            }
            if !is_name(name) {
                cx.fail("Please enter a username matching the regular expression configured\nvia the NAME_REGEX configuration variable.  Use the `--allow-bad-names'\noption to relax this check or reconfigure NAME_REGEX in configuration.");
                return Ok(1);
            }
            let quiet = ["system", "disabled-password", "disabled-login"].iter().any(|o| parsed.has(o));
            if !quiet {
                return Ok(crate::commands::options::not_simulated(
                    cx,
                    "asking for a password (use --disabled-password)",
                ));
            }
            new_user(cx, &parsed, name);
            Ok(0)
        }
        _ => {
            cx.fail("Only one or two names allowed.");
            Ok(1)
        }
    }
}

fn join_group(cx: &mut Cx<'_, '_>, user: &str, group: &str) -> u8 {
    if accounts::user(&cx.sys.world.files, user).is_none() {
        cx.fail(&format!("The user `{user}' does not exist."));
        return 1;
    }
    let Some(found) = accounts::group(&cx.sys.world.files, group) else {
        cx.fail(&format!("The group `{group}' does not exist."));
        return 1;
    };
    if found.members.iter().any(|m| m == user) {
        cx.outln(&format!("The user `{user}' is already a member of `{group}'."));
        return 0;
    }
    cx.outln(&format!("Adding user `{user}' to group `{group}' ..."));
    let _ = set_groups(cx.sys.world, user, group, true);
    cx.outln("Done.");
    0
}

fn new_user(cx: &mut Cx<'_, '_>, parsed: &crate::commands::options::Parsed, name: &str) {
    let system = parsed.has("system");
    let uid = parsed.last("uid").and_then(|u| u.parse().ok()).unwrap_or_else(|| free_id(cx.sys.world, system));
    let in_group = parsed.last("ingroup").and_then(|g| find_group(cx.sys.world, g));
    let own_group = in_group.is_none() && (!system || parsed.has("group"));
    let gid = in_group.map_or(if own_group { uid } else { 65_534 }, |g| g.gid);
    let home = match parsed.last("home") {
        Some(home) => home.to_owned(),
        None if system => "/nonexistent".into(),
        None => format!("/home/{name}"),
    };
    let shell = parsed.last("shell").unwrap_or(if system { "/usr/sbin/nologin" } else { "/bin/bash" }).to_owned();
    let gecos = parsed.last("gecos").or(parsed.last("comment")).unwrap_or(if system { "" } else { ",,," }).to_owned();
    let kind = if system { "system user" } else { "user" };
    cx.outln(&format!("Adding {kind} `{name}' {}...", if system { format!("(UID {uid}) ") } else { String::new() }));
    if own_group {
        cx.outln(&format!("Adding new group `{name}' ({}{gid}) ...", if system { "GID " } else { "" }));
    }
    let group = if own_group { name.to_owned() } else { accounts::group_name(&cx.sys.world.files, gid) };
    if system {
        cx.outln(&format!("Adding new user `{name}' (UID {uid}) with group `{group}' ..."));
    } else {
        cx.outln(&format!("Adding new user `{name}' ({uid}) with group `{group} ({gid})' ..."));
    }
    let user = User { name: name.to_owned(), uid, gid, gecos, home, shell };
    add(cx.sys.world, &user, "!");
    if parsed.has("no-create-home") || user.home == "/nonexistent" {
        cx.outln(&format!("Not creating home directory `{}'.", user.home));
    } else if make_home(cx.sys.world, &user, if system { 0o755 } else { 0o700 }) {
        cx.outln(&format!("Creating home directory `{}' ...", user.home));
        if !system {
            cx.outln("Copying files from `/etc/skel' ...");
        }
    }
    if !system {
        cx.outln(&format!("Adding new user `{name}' to supplemental / extra groups `users' ..."));
        cx.outln(&format!("Adding user `{name}' to group `users' ..."));
        let _ = set_groups(cx.sys.world, name, "users", true);
    }
}
