//! What the processes of a container see of the files: a root of their own with the host's programs, and the volumes.

use std::sync::Arc;

use super::container::Container;
use crate::world::fs::{Cred, FileTree, Mounts};
use crate::world::{Sandbox, Sys, Time};

/// Folders of the host that stand in every container: programs and what they need.
const SHARED: &[&str] = &["/usr", "/etc", "/dev", "/proc", "/sys"];
/// Links into `/usr`.
const MERGED: &[(&str, &str)] = &[("/bin", "usr/bin"), ("/sbin", "usr/sbin"), ("/lib", "usr/lib")];
/// Folders that begin empty.
const EMPTY: &[&str] = &["/app", "/data", "/home", "/root", "/run", "/srv", "/tmp", "/var", "/opt"];

/// Gives this process the container's view of the files, and its network.
pub fn give(sys: &mut Sys<'_>, container: &Container) {
    let now = sys.now();
    let root = Cred::root();
    let tree = &mut sys.world.files;
    let mut mounts = Mounts::default();
    let ino = mounts.make_folder(tree, 0o755, now);
    mounts.cover("/", ino, false);
    let inside = |mounts: &Mounts| Cred { mounts: Some(Arc::new(mounts.clone())), ..Cred::root() };
    for folder in SHARED.iter().chain(EMPTY) {
        let _ = tree.mkdir(&inside(&mounts), "/", folder, 0o755, now);
    }
    for (link, target) in MERGED {
        let _ = tree.symlink(&inside(&mounts), "/", target, link, now);
    }
    for folder in SHARED {
        if let Ok(ino) = tree.lookup(&root, "/", folder, true) {
            mounts.cover(folder, ino, false);
        }
    }
    for (host, target) in &container.volumes {
        if tree.lookup(&root, "/", host, true).is_err() {
            tree.mkdir_all(host, now);
        }
        let Ok(ino) = tree.lookup(&root, "/", host, true) else { continue };
        make_all(tree, &mounts, target, now);
        mounts.cover(target, ino, false);
    }
    make_all(tree, &mounts, &container.folder, now);
    let me = sys.me_mut();
    me.cred.mounts = Some(Arc::new(mounts));
    me.sandbox = Some(Arc::new(Sandbox { network: container.network, names: true, ..Sandbox::default() }));
}

/// Makes a folder and those above it in the container's view.
fn make_all(tree: &mut FileTree, mounts: &Mounts, path: &str, now: Time) {
    let cred = Cred { mounts: Some(Arc::new(mounts.clone())), ..Cred::root() };
    let ends: Vec<usize> = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]).collect();
    for end in ends {
        let _ = tree.mkdir(&cred, "/", &path[..end], 0o755, now);
    }
}
