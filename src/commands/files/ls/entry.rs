//! A file as ls sees it.

use crate::world::fs::{FileTree, Ino, Inode, Kind};
use crate::world::{Cx, Errno};

/// A file in a listing.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// As it is shown.
    pub name: String,
    pub ino: Ino,
    pub node: Inode,
    pub links: u32,
    /// What a symbolic link leads to, when that exists.
    pub target: Option<Inode>,
}

impl Entry {
    /// Looks a file up; with `follow` a symbolic link that leads somewhere is not seen.
    pub fn find(cx: &mut Cx<'_, '_>, path: &str, name: &str, follow: bool) -> Result<Entry, Errno> {
        let ino = match cx.lookup(path, follow) {
            Ok(ino) => ino,
            Err(_) if follow && !path.ends_with('/') => cx.lookup(path, false)?,
            Err(errno) => return Err(errno),
        };
        let node = cx.world.files.inode(ino).ok_or(Errno::ENOENT)?.clone();
        let target = if node.is_symlink() { cx.stat(path).ok().cloned() } else { None };
        let links = links(&cx.world.files, &node);
        Ok(Entry { name: name.to_owned(), ino, node, links, target })
    }

    /// Kibibytes on the disk.
    pub fn blocks(&self) -> u64 {
        blocks(&self.node)
    }
}

/// Kibibytes a file takes on the disk: whole blocks of 4 KiB; short links and special files none.
pub fn blocks(node: &Inode) -> u64 {
    match &node.kind {
        Kind::File(bytes) => (bytes.len() as u64).div_ceil(4096) * 4,
        Kind::Dir { .. } => 4,
        Kind::Symlink(target) if target.len() >= 60 => 4,
        _ => 0,
    }
}

/// How many names a file has; for a folder its own, `.`, and the `..` of those in it.
pub fn links(tree: &FileTree, node: &Inode) -> u32 {
    match &node.kind {
        Kind::Dir { entries, .. } => {
            let below = entries.values().filter(|ino| tree.inode(**ino).is_some_and(Inode::is_dir)).count();
            2 + u32::try_from(below).unwrap_or(u32::MAX - 2)
        }
        _ => node.nlink,
    }
}
