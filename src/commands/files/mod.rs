//! Commands for files and folders.

pub mod ask;
mod chmod;
mod chown;
mod cp;
mod dd;
mod du;
mod file;
mod find;
pub mod glob;
mod install;
mod ln;
mod ls;
mod mkdir;
mod mktemp;
pub mod mode;
mod mv;
mod realpath;
mod rm;
mod rmdir;
mod stat;
mod tar;
mod touch;
pub mod transfer;
mod tree;
mod truncate;
mod whereis;

use super::Command;
use crate::world::Cx;
use ls::{blocks, links};

/// Every command of this group.
pub const COMMANDS: &[&Command] = &[
    &chmod::COMMAND,
    &chown::CHGRP,
    &chown::CHOWN,
    &cp::COMMAND,
    &dd::COMMAND,
    &du::DF,
    &du::DU,
    &file::COMMAND,
    &find::COMMAND,
    &install::COMMAND,
    &ln::COMMAND,
    &ls::DIR,
    &ls::LS,
    &ls::VDIR,
    &mkdir::COMMAND,
    &mkdir::MKFIFO,
    &mktemp::COMMAND,
    &mv::COMMAND,
    &realpath::READLINK,
    &realpath::REALPATH,
    &rm::COMMAND,
    &rmdir::COMMAND,
    &rmdir::UNLINK,
    &stat::COMMAND,
    &tar::COMMAND,
    &touch::COMMAND,
    &tree::COMMAND,
    &truncate::FALLOCATE,
    &truncate::TRUNCATE,
    &whereis::COMMAND,
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

    #[test]
    fn attributes_are_shown_and_set_as_by_the_real_ones() {
        let mut bench = Bench::new();
        for (path, text) in [
            ("a", "a\n"),
            ("b", "b\n"),
            ("full/x", "x\n"),
            ("d/e/x", ""),
            ("sc.sh", "#!/bin/bash\n"),
            ("sc.py", "#!/usr/bin/env python3\n"),
            ("em", ""),
            ("u8", "é\n"),
            ("j.json", "{\"a\":1}\n"),
            ("p.php", "<?php\n"),
            ("nonl", "no nl"),
        ] {
            bench = bench.file(path, text);
        }
        let now = bench.world.now;
        bench.world.files.remove_all("/w/d/e/x", now);
        bench.world.files.symlink(&Cred::root(), "/", "a", "/w/l", now).unwrap();
        bench.play(include_str!("more.cases"));
    }

    #[test]
    fn usage_is_summed_up() {
        let mut bench = Bench::new().file("x/a/f", "1").file("x/b", "22").file("x/c/d/e", "");
        assert_eq!(bench.line("du x", "").out, "8\tx/a\n4\tx/c/d\n8\tx/c\n24\tx\n");
        assert_eq!(bench.line("du -ah x/a", "").out, "4.0K\tx/a/f\n8.0K\tx/a\n");
        assert_eq!(bench.line("du -sc x/a x/c", "").out, "8\tx/a\n8\tx/c\n16\ttotal\n");
        assert_eq!(bench.line("du -bd1 x", "").out, "4097\tx/a\n8192\tx/c\n16387\tx\n");
    }

    #[test]
    fn a_full_disk_is_told() {
        let mut bench = Bench::new();
        bench.world.files.set_limit(bench.world.files.used() + 1000);
        let ran = bench.line("dd if=/dev/zero of=big bs=1M count=1", "");
        assert!(ran.err.starts_with("dd: error writing 'big': No space left on device\n"), "{}", ran.err);
        assert_eq!(bench.line("truncate -s 1M big", "").status, Some(1));
        bench = bench.file("src", &"x".repeat(900));
        let ran = bench.line("cp src copy", "");
        assert_eq!(ran.err, "cp: error writing 'copy': No space left on device\n");
    }
}
