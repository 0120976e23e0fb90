//! From a path to a file: path_resolution(7).

use std::sync::Arc;

use super::{Cred, FileTree, Ino, Inode, Kind, Mounts, ROOT};
use crate::world::capability::CapabilitySet;
use crate::world::errno::Errno;

/// What one wants to do with a file: access(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read it, or list it.
    Read,
    /// Write it, or change its entries.
    Write,
    /// Execute it, or pass through it.
    Execute,
}

/// Where a path leads: the folder, the last name, and the file if there is one.
#[derive(Clone, Debug)]
pub struct Found {
    /// The folder that holds, or would hold, the file.
    pub parent: Ino,
    /// The last name of the path, after symbolic links were followed; empty for `/`.
    pub name: String,
    /// The file itself.
    pub ino: Option<Ino>,
    /// The path without symbolic links, `.` and `..`.
    pub path: String,
    /// The mounts it was found through.
    pub(super) mounts: Option<Arc<Mounts>>,
}

impl Found {
    /// Whether the file lies on a read-only mount.
    pub fn read_only(&self) -> bool {
        self.mounts.as_ref().is_some_and(|mounts| mounts.read_only(&self.path))
    }

    /// Whether the file may not be executed because of its mount.
    pub fn no_exec(&self) -> bool {
        self.mounts.as_ref().is_some_and(|mounts| mounts.no_exec(&self.path))
    }

    /// Whether something is mounted right there.
    pub(super) fn is_mount_point(&self) -> bool {
        self.mounts.as_ref().is_some_and(|mounts| mounts.at(&self.path).is_some())
    }

    /// The mount point it lies below.
    pub(super) fn mount_point(&self) -> &str {
        self.mounts.as_ref().map_or("/", |mounts| mounts.point_of(&self.path))
    }
}

const MAX_LINKS: usize = 40;
const NAME_MAX: usize = 255;
const PATH_MAX: usize = 4096;

/// `path` seen from the folder `cwd`, without resolving anything.
pub fn join(cwd: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else if cwd.ends_with('/') {
        format!("{cwd}{path}")
    } else {
        format!("{cwd}/{path}")
    }
}

/// `path` without empty parts, `.` and `..`, by text alone (as `cd` does). `path` is absolute.
pub fn normalize(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}

/// A path being walked: what is left to do and where we are.
struct Walk<'a> {
    tree: &'a FileTree,
    cred: &'a Cred,
    mounts: Option<&'a Arc<Mounts>>,
    /// Parts still to go, the next one last.
    todo: Vec<String>,
    /// The folders passed, with their names; the root is not among them.
    trail: Vec<(String, Ino)>,
    links: usize,
}

impl Walk<'_> {
    fn here(&self) -> Ino {
        self.trail.last().map_or_else(|| self.mounts.map_or(ROOT, |mounts| mounts.root()), |step| step.1)
    }

    fn path(&self) -> String {
        if self.trail.is_empty() {
            return "/".into();
        }
        self.trail.iter().map(|step| format!("/{}", step.0)).collect()
    }

    /// What is mounted over an entry of the folder we are in, or the entry itself.
    fn covered(&self, name: &str, ino: Ino) -> Ino {
        let Some(mounts) = self.mounts else { return ino };
        mounts.at(&join(&self.path(), name)).map_or(ino, |mount| mount.root)
    }

    fn push_parts(&mut self, path: &str) {
        self.todo.extend(path.split('/').filter(|p| !p.is_empty()).rev().map(str::to_owned));
    }

    fn run(mut self, follow_last: bool, slash: bool) -> Result<Found, Errno> {
        while let Some(part) = self.todo.pop() {
            let here = self.here();
            let dir = self.tree.inode(here).ok_or(Errno::ENOENT)?;
            let Kind::Dir { entries, .. } = &dir.kind else { return Err(Errno::ENOTDIR) };
            self.tree.permit(self.cred, dir, Access::Execute)?;
            match part.as_str() {
                "." => continue,
                ".." => {
                    self.trail.pop();
                    continue;
                }
                name if name.len() > NAME_MAX => return Err(Errno::ENAMETOOLONG),
                _ => {}
            }
            let last = self.todo.is_empty();
            let Some(&ino) = entries.get(part.as_str()) else {
                if !last {
                    return Err(Errno::ENOENT);
                }
                let path = join(&self.path(), &part);
                return Ok(Found { parent: here, name: part, ino: None, path, mounts: self.mounts.cloned() });
            };
            let ino = self.covered(&part, ino);
            match &self.tree.inode(ino).ok_or(Errno::ENOENT)?.kind {
                Kind::Symlink(target) if !last || follow_last || slash => {
                    self.links += 1;
                    if self.links > MAX_LINKS {
                        return Err(Errno::ELOOP);
                    }
                    if target.starts_with('/') {
                        self.trail.clear();
                    }
                    if let Some(view) = self.tree.views.get(&ino) {
                        self.mounts = Some(view);
                    }
                    let target = target.clone();
                    self.push_parts(&target);
                }
                _ => self.trail.push((part, ino)),
            }
        }
        let path = self.path();
        let Some((name, ino)) = self.trail.pop() else {
            let ino = Some(self.here());
            return Ok(Found { parent: self.here(), name: String::new(), ino, path, mounts: self.mounts.cloned() });
        };
        if slash && !self.tree.inode(ino).is_some_and(Inode::is_dir) {
            return Err(Errno::ENOTDIR);
        }
        Ok(Found { parent: self.here(), name, ino: Some(ino), path, mounts: self.mounts.cloned() })
    }
}

impl FileTree {
    /// Walks `path`, absolute or seen from the absolute folder `cwd`. The folder must exist, the file need not.
    ///
    /// Errors: ENOENT, ENOTDIR, EACCES (a folder may not be passed), ELOOP, ENAMETOOLONG.
    pub fn find(&self, cred: &Cred, cwd: &str, path: &str, follow_last: bool) -> Result<Found, Errno> {
        if path.is_empty() {
            return Err(Errno::ENOENT);
        }
        if path.len() > PATH_MAX {
            return Err(Errno::ENAMETOOLONG);
        }
        let mut walk =
            Walk { tree: self, cred, mounts: cred.mounts.as_ref(), todo: Vec::new(), trail: Vec::new(), links: 0 };
        walk.push_parts(&join(cwd, path));
        walk.run(follow_last, path.ends_with('/'))
    }

    /// Like [`FileTree::find`], for a file that must exist.
    pub fn lookup(&self, cred: &Cred, cwd: &str, path: &str, follow_last: bool) -> Result<Ino, Errno> {
        self.find(cred, cwd, path, follow_last)?.ino.ok_or(Errno::ENOENT)
    }

    /// The file at an absolute path, symbolic links followed, as the superuser sees it.
    pub fn get(&self, path: &str) -> Option<&Inode> {
        let ino = self.lookup(&Cred::root(), "/", path, true).ok()?;
        self.inode(ino)
    }

    /// Whether `cred` may do `access` with `node`. Errors: EACCES.
    pub fn permit(&self, cred: &Cred, node: &Inode, access: Access) -> Result<(), Errno> {
        let bit = match access {
            Access::Read => 4,
            Access::Write => 2,
            Access::Execute => 1,
        };
        let can = cred.effective();
        if can.0 & CapabilitySet::DAC_OVERRIDE.0 != 0 {
            let free = access != Access::Execute || node.is_dir() || node.mode & 0o111 != 0;
            return if free { Ok(()) } else { Err(Errno::EACCES) };
        }
        let shift = if node.uid == cred.uid {
            6
        } else if cred.in_group(node.gid) {
            3
        } else {
            0
        };
        let looks = access == Access::Read || (access == Access::Execute && node.is_dir());
        let free = looks && can.0 & CapabilitySet::DAC_READ_SEARCH.0 != 0;
        if free || (node.mode >> shift) & bit != 0 { Ok(()) } else { Err(Errno::EACCES) }
    }
}
