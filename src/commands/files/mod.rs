//! Commands for files and folders.

pub mod ask;
mod chmod;
mod chown;
mod cp;
mod find;
pub mod glob;
mod ln;
mod ls;
mod mkdir;
pub mod mode;
mod mv;
mod rm;
mod rmdir;
mod transfer;

use super::Command;
use crate::world::Cx;
use ls::{blocks, links};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &chmod::COMMAND,
    &chown::CHGRP,
    &chown::CHOWN,
    &cp::COMMAND,
    &find::COMMAND,
    &ln::COMMAND,
    &ls::DIR,
    &ls::LS,
    &ls::VDIR,
    &mkdir::COMMAND,
    &mkdir::MKFIFO,
    &mv::COMMAND,
    &rm::COMMAND,
    &rmdir::COMMAND,
    &rmdir::UNLINK,
];

/// A path and all below it, folders before what is in them; symbolic links are not followed.
fn below(cx: &mut Cx<'_, '_>, path: &str) -> Vec<String> {
    let (mut todo, mut all) = (vec![path.to_owned()], Vec::new());
    while let Some(path) = todo.pop() {
        if let (Ok(true), Ok(names)) = (cx.lstat(&path).map(|node| node.is_dir()), cx.read_dir(&path)) {
            let folder = path.strip_suffix('/').unwrap_or(&path);
            todo.extend(names.iter().rev().map(|name| format!("{folder}/{name}")));
        }
        all.push(path);
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::commands::testing::Bench;
    use crate::world::fs::Cred;

    #[test]
    fn files_are_changed_as_by_the_real_ones() {
        let mut bench = Bench::new().file("a", "a\n").file("b", "b\n").file("full/x", "x\n").file("d/e/x", "");
        let now = bench.world.now;
        bench.world.files.remove_all("/w/d/e/x", now);
        bench.world.files.mkdir_all("/w/ro", now);
        for folder in ["/w/d", "/w/d/e", "/w/full", "/w/ro"] {
            let ino = bench.world.files.lookup(&Cred::root(), "/", folder, true).unwrap();
            bench.world.files.set_owner(ino, 1000, 1000, now);
        }
        bench.world.files.symlink(&Cred::root(), "/", "a", "/w/l", now).unwrap();
        bench.play(include_str!("files.cases"));
    }
}
