//! Users and groups, read from `/etc/passwd` and `/etc/group` as the C library does: passwd(5), group(5).

use super::fs::{Cred, FileTree};

/// A line of `/etc/passwd`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: String,
    /// User id.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Full name and more.
    pub gecos: String,
    /// Home folder.
    pub home: String,
    /// Login shell.
    pub shell: String,
}

/// A line of `/etc/group`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Group id.
    pub gid: u32,
    /// Names of the members, without those whose primary group it is.
    pub members: Vec<String>,
}

/// Every well-formed line of `/etc/passwd`, in order.
pub fn users(tree: &FileTree) -> Vec<User> {
    let text = tree.text("/etc/passwd").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let f: Vec<&str> = line.split(':').collect();
            let [name, _, uid, gid, gecos, home, shell] = f[..] else { return None };
            Some(User {
                name: name.into(),
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
                gecos: gecos.into(),
                home: home.into(),
                shell: shell.into(),
            })
        })
        .collect()
}

/// Every well-formed line of `/etc/group`, in order.
pub fn groups(tree: &FileTree) -> Vec<Group> {
    let text = tree.text("/etc/group").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let f: Vec<&str> = line.split(':').collect();
            let [name, _, gid, members] = f[..] else { return None };
            let members = members.split(',').filter(|m| !m.is_empty()).map(str::to_owned).collect();
            Some(Group { name: name.into(), gid: gid.parse().ok()?, members })
        })
        .collect()
}

/// The user with this name: getpwnam(3).
pub fn user(tree: &FileTree, name: &str) -> Option<User> {
    users(tree).into_iter().find(|u| u.name == name)
}

/// The user with this id: getpwuid(3).
pub fn user_by_id(tree: &FileTree, uid: u32) -> Option<User> {
    users(tree).into_iter().find(|u| u.uid == uid)
}

/// The group with this name: getgrnam(3).
pub fn group(tree: &FileTree, name: &str) -> Option<Group> {
    groups(tree).into_iter().find(|g| g.name == name)
}

/// The group with this id: getgrgid(3).
pub fn group_by_id(tree: &FileTree, gid: u32) -> Option<Group> {
    groups(tree).into_iter().find(|g| g.gid == gid)
}

/// The name of a user, or the id in digits when nobody has it.
pub fn user_name(tree: &FileTree, uid: u32) -> String {
    user_by_id(tree, uid).map_or_else(|| uid.to_string(), |u| u.name)
}

/// The name of a group, or the id in digits when there is none.
pub fn group_name(tree: &FileTree, gid: u32) -> String {
    group_by_id(tree, gid).map_or_else(|| gid.to_string(), |g| g.name)
}

/// The rights that `user` has after logging in: initgroups(3). The primary group comes first.
pub fn cred_of(tree: &FileTree, user: &User) -> Cred {
    let mut list = vec![user.gid];
    for group in groups(tree) {
        if group.members.contains(&user.name) && !list.contains(&group.gid) {
            list.push(group.gid);
        }
    }
    Cred::new(user.uid, user.gid, list)
}
