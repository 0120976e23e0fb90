//! Folders that come and go with a service: systemd.exec(5), `RuntimeDirectory=` and its kin.

use crate::systemd::config::{ExecContext, ExecDirectoryType, PreserveMode};
use crate::systemd::manager::job::JobType;
use crate::systemd::manager::{Core, RuntimeScope};
use crate::systemd::unit_name::UnitName;
use crate::world::fs::Cred;
use crate::world::{Errno, World, accounts};

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

/// Makes the folders of one kind and gives them to the user. Tells their paths. Errors: of making them.
pub(super) fn make(
    world: &mut World,
    scope: RuntimeScope,
    exec: &ExecContext,
    kind: ExecDirectoryType,
    owner: &Cred,
) -> Result<Vec<String>, Errno> {
    let directory = exec.directory(kind);
    let base = root(world, scope, kind);
    let mut paths = Vec::new();
    for name in &directory.paths {
        let path = format!("{base}/{name}");
        let existed = world.files.get(&path).is_some();
        world.files.mkdir_all(&path, world.now);
        let ino = world.files.lookup(&Cred::root(), "/", &path, true)?;
        if kind != ExecDirectoryType::Configuration && (!existed || kind == ExecDirectoryType::Runtime) {
            world.files.set_owner(ino, owner.uid, owner.gid, world.now);
        }
        world.files.set_mode(ino, directory.mode as u16 & 0o7777, world.now);
        paths.push(path);
    }
    Ok(paths)
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
