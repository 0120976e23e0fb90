//! Folders that come and go with a service: systemd.exec(5), `RuntimeDirectory=` and its kin.

use crate::systemd::config::{ExecContext, ExecDirectoryType, PreserveMode};
use crate::systemd::manager::job::JobType;
use crate::systemd::manager::{Core, RuntimeScope};
use crate::systemd::unit_name::UnitName;
use crate::world::fs::Cred;
use crate::world::{Errno, World, accounts};

/// The folders of one kind that were made.
pub(super) struct Made {
    pub kind: ExecDirectoryType,
    /// The paths that the service is told.
    pub paths: Vec<String>,
    /// The private folder above them and their real paths, when they are hidden from others.
    pub private: Option<(String, Vec<String>)>,
}

/// Below what folder the folders of a kind are made.
pub(in crate::systemd::manager) fn root(world: &World, scope: RuntimeScope, kind: ExecDirectoryType) -> String {
    let RuntimeScope::User(uid) = scope else { return kind.root().to_owned() };
    let home = accounts::user_by_id(&world.files, uid).map(|user| user.home).unwrap_or_default();
    match kind {
        ExecDirectoryType::Runtime => format!("/run/user/{uid}"),
        ExecDirectoryType::State => format!("{home}/.config"),
        ExecDirectoryType::Cache => format!("{home}/.cache"),
        ExecDirectoryType::Logs => format!("{home}/.config/log"),
        ExecDirectoryType::Configuration => format!("{home}/.config"),
    }
}

/// Whether folders of this kind are hidden from others: those of a user made for the run, unless they go with it.
fn is_private(exec: &ExecContext, kind: ExecDirectoryType) -> bool {
    let lasting = match kind {
        ExecDirectoryType::Configuration => false,
        ExecDirectoryType::Runtime => exec.runtime_directory_preserve != PreserveMode::No,
        _ => true,
    };
    exec.dynamic_user && lasting
}

/// Makes the folders of one kind and gives them to the user. Tells their paths. Errors: of making them.
pub(super) fn make(
    world: &mut World,
    scope: RuntimeScope,
    exec: &ExecContext,
    kind: ExecDirectoryType,
    owner: &Cred,
) -> Result<Made, Errno> {
    let directory = exec.directory(kind);
    let base = root(world, scope, kind);
    let mut made = Made { kind, paths: Vec::new(), private: None };
    let (root, now) = (Cred::root(), world.now);
    if is_private(exec, kind) && !directory.paths.is_empty() {
        let above = format!("{base}/private");
        world.files.mkdir_all(&above, now);
        let ino = world.files.lookup(&root, "/", &above, true)?;
        world.files.set_mode(ino, 0o700, now);
        made.private = Some((above, Vec::new()));
    }
    for name in &directory.paths {
        let path = format!("{base}/{name}");
        let real = match &mut made.private {
            Some((above, list)) => {
                let real = format!("{above}/{name}");
                hide(world, &path, &real, name)?;
                list.push(real.clone());
                real
            }
            None => path.clone(),
        };
        made.paths.push(path);
        let existed = world.files.get(&real).map(|node| node.is_dir());
        match existed {
            Some(false) => return Err(Errno::ENOTDIR),
            Some(true) if kind == ExecDirectoryType::Configuration => continue,
            Some(true) => {}
            None => world.files.mkdir_all(&real, now),
        }
        let ino = world.files.lookup(&root, "/", &real, true)?;
        world.files.set_mode(ino, directory.mode as u16 & 0o7777, now);
        give(world, &real, owner);
    }
    Ok(made)
}

/// Makes the public name of a private folder a link to it; a folder that stands there moves.
fn hide(world: &mut World, public: &str, real: &str, name: &str) -> Result<(), Errno> {
    let (root, now) = (Cred::root(), world.now);
    let there = world.files.find(&root, "/", public, false).ok().and_then(|found| found.ino);
    let folder = there.and_then(|ino| world.files.inode(ino)).map(|node| node.is_dir());
    match folder {
        Some(true) => world.files.rename(&root, "/", public, real, now)?,
        Some(false) => return Ok(()),
        None => {}
    }
    let above = public.rsplit_once('/').map_or("/", |(above, _)| above);
    world.files.mkdir_all(above, now);
    let up = "../".repeat(name.matches('/').count());
    world.files.symlink(&root, "/", &format!("{up}private/{name}"), public, now).map(drop)
}

/// Gives a folder that belongs to somebody else to the user, with all that is in it.
fn give(world: &mut World, path: &str, owner: &Cred) {
    let root = Cred::root();
    let Ok(ino) = world.files.lookup(&root, "/", path, false) else { return };
    if world.files.inode(ino).is_some_and(|node| (node.uid, node.gid) == (owner.uid, owner.gid)) {
        return;
    }
    let mut todo = vec![path.to_owned()];
    while let Some(path) = todo.pop() {
        let Ok(ino) = world.files.lookup(&root, "/", &path, false) else { continue };
        world.files.set_owner(ino, owner.uid, owner.gid, world.now);
        if world.files.inode(ino).is_some_and(|node| node.is_dir()) {
            let names = world.files.list(&root, "/", &path).unwrap_or_default();
            todo.extend(names.into_iter().map(|(name, _)| format!("{path}/{name}")));
        }
    }
}

impl Core<'_> {
    /// Removes the folders below `/run` of a service that is down, unless they are to be preserved.
    pub(in crate::systemd::manager) fn remove_runtime_directories(&mut self, u: &UnitName, exec: &ExecContext) {
        let restarts = self.m.has_job(u, JobType::Restart) || self.m.service(u).restart_at.is_some();
        let keep = match exec.runtime_directory_preserve {
            PreserveMode::No => false,
            PreserveMode::Yes => true,
            PreserveMode::Restart => restarts,
        };
        if keep {
            return;
        }
        let base = root(self.w, self.m.scope, ExecDirectoryType::Runtime);
        for name in &exec.directory(ExecDirectoryType::Runtime).paths {
            self.w.files.remove_all(&format!("{base}/{name}"), self.w.now);
        }
    }
}
