//! Putting files into an archive.

use std::collections::BTreeMap;

use super::archive::{Member, finish, long_line, write};
use super::{Request, failed, without_root};
use crate::world::fs::{Ino, Inode, Kind, join};
use crate::world::{Cx, Time, accounts, micros};

/// A run of `-c`: the archive so far, and what was noticed.
struct Creating<'r> {
    request: &'r Request,
    out: Vec<u8>,
    status: u8,
    width: usize,
    /// Leading parts of names that were taken off and told.
    seen: Vec<String>,
    /// Files with several names, by number: the name under which each was stored.
    links: BTreeMap<Ino, String>,
    /// The archive itself, which is left out.
    own: Option<Ino>,
    to_stdout: bool,
}

/// The archive's bytes, and the exit status; `own` is the archive itself, which is left out. With `to_stdout` the
/// names that `-v` shows go to standard error.
pub fn create(cx: &mut Cx<'_, '_>, request: &Request, own: Option<Ino>, to_stdout: bool) -> (Vec<u8>, u8) {
    let mut run = Creating {
        request,
        out: Vec::new(),
        status: 0,
        width: 19,
        seen: Vec::new(),
        links: BTreeMap::new(),
        own,
        to_stdout,
    };
    for (member, folder) in &request.members {
        let mut todo = vec![member.clone()];
        while let Some(name) = todo.pop() {
            if !request.excludes(&name) {
                todo.extend(run.add(cx, folder, &name));
            }
        }
    }
    finish(&mut run.out);
    (run.out, if run.status == 0 { 0 } else { failed(cx) })
}

impl Creating<'_> {
    /// Adds a file; gives what is in it when it is a folder, the first one last.
    fn add(&mut self, cx: &mut Cx<'_, '_>, folder: &str, name: &str) -> Vec<String> {
        let path = join(folder, name);
        let follow = self.request.has("dereference");
        let found = if follow { cx.stat(&path) } else { cx.lstat(&path) }.cloned();
        let node = match found {
            Ok(node) => node,
            Err(errno) => {
                cx.fail(&format!("{name}: Cannot stat: {}", errno.message()));
                self.status = 2;
                return Vec::new();
            }
        };
        let ino = cx.lookup(&path, follow).unwrap_or(0);
        if Some(ino) == self.own {
            cx.fail(&format!("{name}: file is the archive; not dumped"));
            return Vec::new();
        }
        let stored = match self.request.has("absolute-names") {
            true => name.to_owned(),
            false => without_root(cx, name, &mut self.seen, "member names"),
        };
        let mut entry = Member {
            name: stored,
            mode: node.mode & 0o7777,
            ids: (node.uid, node.gid),
            owners: (accounts::user_name(&cx.world.files, node.uid), accounts::group_name(&cx.world.files, node.gid)),
            time: micros(node.mtime.since(Time::default())) / 1_000_000,
            kind: b'0',
            ..Member::default()
        };
        let Some(inside) = self.fill(cx, &mut entry, &node, (name, &path, ino)) else { return Vec::new() };
        if self.request.has("verbose") {
            let shown = match self.request.count("verbose") {
                1 => entry.name.clone(),
                _ => long_line(&entry, &mut self.width, self.request.has("numeric-owner")),
            };
            let fd = if self.to_stdout { 2 } else { 1 };
            cx.print(fd, format!("{shown}\n").as_bytes());
        }
        write(&mut self.out, &entry);
        if self.request.has("remove-files") && !node.is_dir() {
            let _ = cx.unlink(&path, false);
        }
        inside
    }

    /// Puts the kind and the contents into a member; `None`: it cannot be stored.
    fn fill(
        &mut self,
        cx: &mut Cx<'_, '_>,
        entry: &mut Member,
        node: &Inode,
        (name, path, ino): (&str, &str, Ino),
    ) -> Option<Vec<String>> {
        match &node.kind {
            Kind::Dir { .. } => {
                entry.kind = b'5';
                if !entry.name.ends_with('/') {
                    entry.name.push('/');
                }
                match cx.read_dir(path) {
                    Ok(names) => {
                        let base = name.trim_end_matches('/');
                        return Some(names.iter().rev().map(|inner| format!("{base}/{inner}")).collect());
                    }
                    Err(errno) => {
                        cx.fail(&format!("{name}: Cannot open: {}", errno.message()));
                        self.status = 2;
                    }
                }
            }
            Kind::Symlink(target) => {
                (entry.kind, entry.mode, entry.target) = (b'2', 0o777, target.to_string());
            }
            Kind::File(_) if node.nlink > 1 && self.links.contains_key(&ino) => {
                entry.kind = b'1';
                entry.target = self.links.get(&ino).cloned().unwrap_or_default();
            }
            Kind::File(_) => match cx.read_file(path) {
                Ok(bytes) => {
                    self.links.insert(ino, entry.name.clone());
                    entry.contents = bytes.to_vec();
                }
                Err(errno) => {
                    cx.fail(&format!("{name}: Cannot open: {}", errno.message()));
                    self.status = 2;
                    return None;
                }
            },
            Kind::Fifo => entry.kind = b'6',
            Kind::Socket => {
                cx.fail(&format!("{name}: socket ignored"));
                return None;
            }
            Kind::Device(_) => {
                cx.fail(&format!("{name}: archiving a device is not simulated"));
                return None;
            }
        }
        Some(Vec::new())
    }
}
