//! `id` and `groups`: user and group ids: id(1), groups(1).

use crate::commands::Command;
use crate::commands::options::{Opt, Options, absent, flag, parse, short};
use crate::world::accounts::{self, User};
use crate::world::fs::Cred;
use crate::world::{Cx, NeedInput, World, one_shot};

/// `id`.
pub const ID: Command = Command { name: "id", path: "/usr/bin/id", program: |argv| one_shot(id, argv) };
/// `groups`.
pub const GROUPS: Command = Command { name: "groups", path: "/usr/bin/groups", program: |argv| one_shot(groups, argv) };

const TABLE: &[Opt] = &[
    short('a', "a"),
    flag('g', "group"),
    flag('G', "groups"),
    flag('n', "name"),
    flag('r', "real"),
    flag('u', "user"),
    flag('z', "zero"),
    absent('Z', "context"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [USER]...");

fn find(world: &World, name: &str) -> Option<User> {
    let tree = &world.files;
    accounts::user(tree, name).or_else(|| accounts::user_by_id(tree, name.trim_start_matches('+').parse().ok()?))
}

/// The groups of a process, its own first.
fn all_groups(cred: &Cred) -> Vec<u32> {
    let mut out = vec![cred.gid];
    for gid in cred.groups.iter().filter(|g| **g != cred.gid) {
        out.push(*gid);
    }
    out
}

fn id(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let kinds = ["user", "group", "groups"].iter().filter(|k| parsed.has(k)).count();
    if kinds > 1 {
        cx.fail("cannot print \"only\" of more than one choice");
        return Ok(1);
    }
    if kinds == 0 && (parsed.has("name") || parsed.has("real")) {
        cx.fail("cannot print only names or real IDs in default format");
        return Ok(1);
    }
    if kinds == 0 && parsed.has("zero") {
        cx.fail("option --zero not permitted in default format");
        return Ok(1);
    }
    let mut status = 0;
    let mut subjects = Vec::new();
    for name in &parsed.operands {
        match find(cx.sys.world, name) {
            Some(user) => subjects.push((accounts::cred_of(&cx.sys.world.files, &user), user.uid)),
            None => {
                cx.fail(&format!("‘{name}’: no such user"));
                status = 1;
            }
        }
    }
    if parsed.operands.is_empty() {
        subjects.push((cx.sys.cred(), cx.sys.me().ruid));
    }
    let end = if parsed.has("zero") { "\0" } else { "\n" };
    for (cred, ruid) in subjects {
        let world = &*cx.sys.world;
        let user = |uid: u32| if parsed.has("name") { accounts::user_name(&world.files, uid) } else { uid.to_string() };
        let group =
            |gid: u32| if parsed.has("name") { accounts::group_name(&world.files, gid) } else { gid.to_string() };
        let text = if parsed.has("user") {
            user(if parsed.has("real") { ruid } else { cred.uid })
        } else if parsed.has("group") {
            group(cred.gid)
        } else if parsed.has("groups") {
            let separator = if parsed.has("zero") { "\0" } else { " " };
            all_groups(&cred).into_iter().map(group).collect::<Vec<_>>().join(separator)
        } else {
            full(world, &cred, ruid)
        };
        cx.out(&format!("{text}{end}"));
    }
    Ok(status)
}

fn full(world: &World, cred: &Cred, ruid: u32) -> String {
    let named = |id: u32, name: Option<String>| name.map_or_else(|| id.to_string(), |name| format!("{id}({name})"));
    let user = |uid: u32| named(uid, accounts::user_by_id(&world.files, uid).map(|u| u.name));
    let group = |gid: u32| named(gid, accounts::group_by_id(&world.files, gid).map(|g| g.name));
    let effective = if cred.uid == ruid { String::new() } else { format!(" euid={}", user(cred.uid)) };
    let list: Vec<String> = all_groups(cred).into_iter().map(group).collect();
    format!("uid={} gid={}{effective} groups={}", user(ruid), group(cred.gid), list.join(","))
}

fn groups(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const GROUPS_OPTIONS: Options = Options::coreutils(&[], "[OPTION]... [USERNAME]...");
    let parsed = match parse(cx, &GROUPS_OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let names = |world: &World, cred: &Cred| {
        all_groups(cred).into_iter().map(|g| accounts::group_name(&world.files, g)).collect::<Vec<_>>().join(" ")
    };
    if parsed.operands.is_empty() {
        let text = names(cx.sys.world, &cx.sys.cred());
        cx.outln(&text);
        return Ok(0);
    }
    let mut status = 0;
    for name in &parsed.operands {
        match find(cx.sys.world, name) {
            Some(user) => {
                let cred = accounts::cred_of(&cx.sys.world.files, &user);
                let text = names(cx.sys.world, &cred);
                cx.outln(&format!("{name} : {text}"));
            }
            None => {
                cx.fail(&format!("‘{name}’: no such user"));
                status = 1;
            }
        }
    }
    Ok(status)
}
