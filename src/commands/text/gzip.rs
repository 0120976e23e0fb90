//! Compresses files: gzip(1), gunzip(1), zcat(1).

use super::Command;
use super::deflate::{gunzip, gzip, is_gzip};
use crate::commands::files::transfer::{self, Keep};
use crate::commands::options::{self, Hint, Opt, Options, Parsed, Stop, absent, ended, flag, short, value};
use crate::world::{Cx, OpenFlags, micros, one_shot};

const fn command(name: &'static str, path: &'static str) -> Command {
    Command { name, path, program: |argv| one_shot(|cx| ended(run(cx)), argv) }
}

/// `gzip`.
pub const GZIP: Command = command("gzip", "/usr/bin/gzip");
/// `gunzip`.
pub const GUNZIP: Command = command("gunzip", "/usr/bin/gunzip");
/// `zcat`.
pub const ZCAT: Command = command("zcat", "/usr/bin/zcat");

const TABLE: &[Opt] = &[
    flag('c', "stdout"),
    flag('\0', "to-stdout"),
    flag('d', "decompress"),
    flag('\0', "uncompress"),
    flag('f', "force"),
    flag('k', "keep"),
    flag('l', "list"),
    flag('n', "no-name"),
    flag('N', "name"),
    flag('q', "quiet"),
    flag('r', "recursive"),
    value('S', "suffix"),
    flag('t', "test"),
    flag('v', "verbose"),
    flag('\0', "fast"),
    flag('\0', "best"),
    short('1', "1"),
    short('2', "2"),
    short('3', "3"),
    short('4', "4"),
    short('5', "5"),
    short('6', "6"),
    short('7', "7"),
    short('8', "8"),
    short('9', "9"),
    absent('\0', "rsyncable"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION]... [FILE]...",
    version: "1.12",
    status: 1,
    hint: Hint::Try,
    in_order: false,
};

struct Work {
    parsed: Parsed,
    unpack: bool,
    to_stdout: bool,
    suffix: String,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    let name = cx.name();
    let has = |keys: &[&str]| parsed.last_of(keys).is_some();
    if has(&["list", "recursive"]) {
        let key = parsed.last_of(&["list", "recursive"]).unwrap_or_default();
        return Ok(options::not_simulated(cx, &format!("option --{key}")));
    }
    let work = Work {
        unpack: name != "gzip" || has(&["decompress", "uncompress", "test"]),
        to_stdout: name == "zcat" || has(&["stdout", "to-stdout"]),
        suffix: parsed.last("suffix").unwrap_or(".gz").to_owned(),
        parsed,
    };
    let files = if work.parsed.operands.is_empty() { vec!["-".to_owned()] } else { work.parsed.operands.clone() };
    let mut status = 0;
    for file in &files {
        status = status.max(if file == "-" { work.stream(cx)? } else { work.file(cx, file)? });
    }
    Ok(status)
}

impl Work {
    /// From standard input to standard output.
    fn stream(&self, cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
        if !self.unpack && cx.isatty(1) && !self.parsed.has("force") {
            let called = cx.called();
            cx.errln(&format!(
                "{called}: compressed data not written to a terminal. Use -f to force compression.\nFor help, type: {called} -h"
            ));
            return Ok(1);
        }
        let bytes = cx.stdin()?;
        if !self.unpack {
            let packed = gzip(&bytes, None, 0);
            cx.print(1, &packed);
            return Ok(0);
        }
        Ok(match gunzip(&bytes) {
            Ok(_) if self.parsed.has("test") => 0,
            Ok(text) => {
                cx.print(1, &text);
                0
            }
            Err(reason) => self.refuse(cx, "stdin", reason),
        })
    }

    fn refuse(&self, cx: &mut Cx<'_, '_>, file: &str, reason: &str) -> u8 {
        let called = if cx.name() == "gunzip" || cx.name() == "zcat" { "gzip".into() } else { cx.called() };
        cx.errln(&format!("\n{called}: {file}: {reason}"));
        1
    }

    fn file(&self, cx: &mut Cx<'_, '_>, given: &str) -> Result<u8, Stop> {
        let called = if cx.name() == "gzip" { cx.called() } else { "gzip".into() };
        let mut file = given.to_owned();
        if self.unpack && cx.stat(&file).is_err() && !file.ends_with(&self.suffix) {
            file.push_str(&self.suffix);
        }
        let Ok(node) = cx.stat(&file).cloned() else {
            cx.errln(&format!("{called}: {file}: No such file or directory"));
            return Ok(1);
        };
        if node.is_dir() {
            cx.errln(&format!("{called}: {file} is a directory -- ignored"));
            return Ok(2);
        }
        let target = if self.unpack {
            let endings = [self.suffix.as_str(), ".tgz"];
            let cut = endings.iter().find_map(|end| file.strip_suffix(end).map(|stem| (stem, *end)));
            match cut {
                Some((stem, ".tgz")) => format!("{stem}.tar"),
                Some((stem, _)) => stem.to_owned(),
                None if self.to_stdout || self.parsed.has("test") => String::new(),
                None => {
                    cx.errln(&format!("{called}: {file}: unknown suffix -- ignored"));
                    return Ok(2);
                }
            }
        } else if file.ends_with(&self.suffix) && !self.parsed.has("force") {
            cx.errln(&format!("{called}: {file} already has {} suffix -- unchanged", self.suffix));
            return Ok(0);
        } else {
            format!("{file}{}", self.suffix)
        };
        let bytes = match cx.input(&file)? {
            Ok(bytes) => bytes,
            Err(errno) => {
                cx.errln(&format!("{called}: {file}: {}", errno.message()));
                return Ok(1);
            }
        };
        let base = file.rsplit('/').next().unwrap_or(&file);
        let stamp = u32::try_from(micros(node.mtime.since(crate::world::Time::default())) / 1_000_000).unwrap_or(0);
        let out = if !self.unpack {
            let named = !self.parsed.has("no-name");
            gzip(&bytes, named.then_some(base), if named { stamp } else { 0 })
        } else if self.to_stdout && self.parsed.has("force") && !is_gzip(&bytes) {
            bytes.clone()
        } else {
            match gunzip(&bytes) {
                Ok(text) => text,
                Err(reason) => return Ok(self.refuse(cx, &file, reason)),
            }
        };
        if self.parsed.has("test") {
            if self.parsed.has("verbose") {
                cx.errln(&format!("{file}:\t OK"));
            }
            return Ok(0);
        }
        if self.to_stdout {
            cx.print(1, &out);
            return Ok(0);
        }
        Ok(self.replace(cx, &file, &target, &node, (&bytes, &out)))
    }

    /// Writes the target and takes the source away.
    fn replace(
        &self,
        cx: &mut Cx<'_, '_>,
        file: &str,
        target: &str,
        node: &crate::world::fs::Inode,
        bytes: (&[u8], &[u8]),
    ) -> u8 {
        let called = if cx.name() == "gzip" { cx.called() } else { "gzip".into() };
        if cx.lstat(target).is_ok() && !self.parsed.has("force") {
            if cx.isatty(0) {
                cx.errln(&format!(
                    "{called}: {target} already exists;\tnot overwritten (the question is not simulated, use -f)"
                ));
            } else {
                cx.errln(&format!("{called}: {target} already exists;\tnot overwritten"));
            }
            return 2;
        }
        let written = cx.open(target, OpenFlags::WRITE, node.mode & 0o777).and_then(|fd| {
            let mut rest = bytes.1;
            while !rest.is_empty() {
                let n = cx.write(fd, rest)?;
                rest = &rest[n..];
            }
            cx.close(fd)
        });
        if let Err(errno) = written {
            cx.errln(&format!("{called}: {target}: {}", errno.message()));
            return 1;
        }
        transfer::attributes(cx, node, target, Keep { mode: true, owner: true, times: true });
        if self.parsed.has("verbose") {
            let (plain, packed) = if self.unpack { (bytes.1, bytes.0) } else { (bytes.0, bytes.1) };
            let base = file.rsplit('/').next().unwrap_or(file).trim_end_matches(&self.suffix);
            let around = if self.parsed.has("no-name") { 18 } else { 19 + base.len() };
            let body = packed.len().saturating_sub(around);
            let saved = 100.0 - body as f64 * 100.0 / plain.len().max(1) as f64;
            let verb = if self.parsed.has("keep") { "created" } else { "replaced with" };
            let how =
                if self.parsed.has("keep") { format!(" -- created {target}") } else { format!(" -- {verb} {target}") };
            cx.errln(&format!("{file}:\t{saved:5.1}%{how}"));
        }
        if !self.parsed.has("keep") {
            let _ = cx.unlink(file, false);
        }
        0
    }
}
