//! Archives: tar(1).

mod archive;
mod create;
mod extract;

use super::Command;
use crate::commands::options::{
    Hint, Opt, Options, Refused, Stop, Takes, absent, also, ended, flag, optional, scan, short, value,
};
use crate::world::fs::join;
use crate::world::{Cx, OpenFlags, one_shot};

/// `tar`.
pub const COMMAND: Command =
    Command { name: "tar", path: "/usr/bin/tar", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('c', "create"),
    flag('x', "extract"),
    also('\0', "get", "extract", Takes::Nothing),
    flag('t', "list"),
    value('f', "file"),
    flag('v', "verbose"),
    flag('z', "gzip"),
    also('\0', "gunzip", "gzip", Takes::Nothing),
    flag('a', "auto-compress"),
    value('C', "directory"),
    value('\0', "exclude"),
    value('\0', "strip-components"),
    flag('p', "preserve-permissions"),
    also('\0', "same-permissions", "preserve-permissions", Takes::Nothing),
    flag('P', "absolute-names"),
    flag('h', "dereference"),
    flag('O', "to-stdout"),
    flag('k', "keep-old-files"),
    flag('m', "touch"),
    flag('\0', "overwrite"),
    flag('\0', "no-same-owner"),
    flag('\0', "same-owner"),
    flag('\0', "wildcards"),
    flag('\0', "remove-files"),
    short('o', "no-same-owner"),
    absent('r', "append"),
    absent('u', "update"),
    absent('A', "catenate"),
    absent('d', "diff"),
    absent('\0', "delete"),
    absent('j', "bzip2"),
    absent('J', "xz"),
    absent('\0', "zstd"),
    absent('g', "listed-incremental"),
    absent('T', "files-from"),
    absent('X', "exclude-from"),
    absent('W', "verify"),
    absent('S', "sparse"),
    absent('w', "interactive"),
    absent('N', "newer"),
    absent('\0', "transform"),
    absent('\0', "owner"),
    absent('\0', "group"),
    absent('\0', "mode"),
    optional('\0', "totals"),
    flag('\0', "numeric-owner"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTION...] [FILE]...",
    version: "(GNU tar) 1.34",
    status: 2,
    hint: Hint::Nothing,
    in_order: true,
};

/// What is to be done.
pub struct Request {
    /// The archive, `-` for standard input or output.
    pub file: Option<String>,
    /// Members with the folder from which they are looked for (`-C`).
    pub members: Vec<(String, String)>,
    /// The folder of the last `-C`: where members are put.
    pub folder: String,
    /// Patterns of members that are left out.
    pub exclude: Vec<String>,
    /// How many leading folders are taken off when extracting.
    pub strip: usize,
    given: Vec<&'static str>,
}

impl Request {
    /// Whether an option was given.
    pub fn has(&self, key: &str) -> bool {
        self.given.contains(&key)
    }

    /// How many times.
    fn count(&self, key: &str) -> usize {
        self.given.iter().filter(|k| **k == key).count()
    }

    /// Whether a member is left out, by its name or the name of a folder above it.
    pub fn excludes(&self, name: &str) -> bool {
        let style = super::glob::Style::default();
        let name = name.trim_end_matches('/');
        self.exclude.iter().any(|pattern| {
            let pattern = pattern.trim_end_matches('/');
            // Not anchored: a pattern fits at the beginning of every part of the name.
            let starts = std::iter::once(0).chain(name.match_indices('/').map(|(at, _)| at + 1));
            starts.map(|at| &name[at..]).any(|rest| {
                let ends = std::iter::once(rest.len()).chain(rest.match_indices('/').map(|(at, _)| at));
                ends.into_iter().any(|end| super::glob::matches(pattern, &rest[..end], style))
            })
        })
    }
}

/// The words in the manner of today: `tar czf a.tgz x` is `tar -c -z -f a.tgz x`.
/// Errors: the letter whose argument is missing.
fn modern(args: Vec<String>) -> Result<Vec<String>, char> {
    let Some(first) = args.first().filter(|first| !first.starts_with('-') && !first.is_empty()) else {
        return Ok(args);
    };
    let mut rest = args[1..].iter();
    let mut out = Vec::new();
    for letter in first.chars() {
        out.push(format!("-{letter}"));
        if TABLE.iter().any(|opt| opt.short == letter && opt.takes == Takes::Argument) {
            out.push(rest.next().cloned().ok_or(letter)?);
        }
    }
    out.extend(rest.cloned());
    Ok(out)
}

const HINT: &str = "Try 'tar --help' or 'tar --usage' for more information.";

fn refuse(cx: &mut Cx<'_, '_>, refused: Refused) -> u8 {
    match refused {
        Refused::Help => {
            cx.outln(&format!("Usage: tar {}", OPTIONS.usage));
            return 0;
        }
        Refused::Version => {
            cx.outln("tar (GNU tar) 1.34");
            return 0;
        }
        Refused::NotSimulated(option) => cx.fail(&format!("option {option} is not simulated")),
        Refused::Wrong(message) => {
            cx.fail(&message);
            cx.errln(HINT);
            return 64;
        }
    }
    2
}

fn read(cx: &mut Cx<'_, '_>) -> Result<Request, u8> {
    let mut args = match modern(cx.args()) {
        Ok(args) => args,
        Err(letter) => {
            cx.fail(&format!("Old option '{letter}' requires an argument."));
            cx.errln(HINT);
            return Err(2);
        }
    };
    let cwd = cx.cwd().to_string();
    let mut request =
        Request { file: None, members: Vec::new(), folder: cwd, exclude: Vec::new(), strip: 0, given: Vec::new() };
    loop {
        let parsed = scan(&OPTIONS, &args).map_err(|refused| refuse(cx, refused))?;
        for given in &parsed.options {
            request.given.push(given.key);
            match given.key {
                "file" => request.file = Some(given.text().to_owned()),
                "exclude" => request.exclude.push(given.text().to_owned()),
                "strip-components" => match given.text().parse() {
                    Ok(count) => request.strip = count,
                    Err(_) => {
                        cx.fail(&format!("Invalid number of elements: {}", given.text()));
                        cx.errln(HINT);
                        return Err(2);
                    }
                },
                "directory" => {
                    let folder = join(&request.folder, given.text());
                    match cx.stat(&folder).map(|node| node.is_dir()) {
                        Ok(true) => request.folder = folder,
                        other => {
                            let errno = other.err().unwrap_or(crate::world::Errno::ENOTDIR);
                            cx.fail(&format!("{}: Cannot open: {}", given.text(), errno.message()));
                            cx.errln("tar: Error is not recoverable: exiting now");
                            return Err(2);
                        }
                    }
                }
                _ => {}
            }
        }
        let Some((member, rest)) = parsed.operands.split_first() else { return Ok(request) };
        request.members.push((member.clone(), request.folder.clone()));
        args = rest.to_vec();
    }
}

fn fatal(cx: &mut Cx<'_, '_>, message: &str) -> u8 {
    cx.fail(message);
    cx.fail("Error is not recoverable: exiting now");
    2
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let request = read(cx)?;
    let modes = ["create", "extract", "list"].map(|mode| request.count(mode).min(1)).iter().sum::<usize>();
    if modes == 0 {
        cx.fail("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
        cx.errln(HINT);
        return Ok(2);
    }
    if modes > 1 {
        cx.fail("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
        cx.errln(HINT);
        return Ok(2);
    }
    let file = request.file.clone().unwrap_or_else(|| "-".into());
    if request.has("create") {
        if request.members.is_empty() {
            cx.fail("Cowardly refusing to create an empty archive");
            cx.errln(HINT);
            return Ok(2);
        }
        if file == "-" && cx.isatty(1) {
            return Ok(fatal(cx, "Refusing to write archive contents to terminal (missing -f option?)"));
        }
        return Ok(create(cx, &request, &file));
    }
    if file == "-" && cx.isatty(0) {
        return Ok(fatal(cx, "Refusing to read archive contents from terminal (missing -f option?)"));
    }
    let bytes = match cx.input(&file)? {
        Ok(bytes) => bytes,
        Err(crate::world::Errno::EISDIR) => {
            cx.fail(&format!("{file}: Cannot read: Is a directory"));
            return Ok(fatal(cx, "At beginning of tape, quitting now"));
        }
        Err(errno) => return Ok(fatal(cx, &format!("{file}: Cannot open: {}", errno.message()))),
    };
    let packed = crate::commands::text::deflate::is_gzip(&bytes);
    let bytes = match packed || request.has("gzip") {
        false => bytes,
        true => match crate::commands::text::deflate::gunzip(&bytes) {
            Ok(bytes) => bytes,
            Err(reason) => {
                cx.errln(&format!("\ngzip: stdin: {reason}"));
                cx.fail("Child returned status 1");
                cx.fail("Error is not recoverable: exiting now");
                return Ok(2);
            }
        },
    };
    Ok(extract::extract(cx, &request, &bytes))
}

fn create(cx: &mut Cx<'_, '_>, request: &Request, file: &str) -> u8 {
    let to_stdout = file == "-";
    // The archive is there, and empty, before the first member is read.
    let fd = if to_stdout {
        1
    } else {
        match cx.open(file, OpenFlags::WRITE, 0o666) {
            Ok(fd) => fd,
            Err(errno) => return fatal(cx, &format!("{file}: Cannot open: {}", errno.message())),
        }
    };
    let own = (!to_stdout).then(|| cx.lookup(file, true).ok()).flatten();
    let (bytes, status) = create::create(cx, request, own, to_stdout);
    let named = [".gz", ".tgz", ".taz"].iter().any(|end| file.ends_with(end));
    let bytes = match request.has("gzip") || (request.has("auto-compress") && named) {
        true => crate::commands::text::deflate::gzip(&bytes, None, 0),
        false => bytes,
    };
    let mut rest = &bytes[..];
    if to_stdout {
        cx.print(1, rest);
        return status;
    }
    while !rest.is_empty() {
        match cx.write(fd, rest) {
            Ok(n) if n > 0 => rest = &rest[n..],
            Ok(_) => break,
            Err(errno) => return fatal(cx, &format!("{file}: Cannot write: {}", errno.message())),
        }
    }
    let _ = cx.close(fd);
    status
}

/// The last line of a run in which something failed.
pub fn failed(cx: &mut Cx<'_, '_>) -> u8 {
    cx.fail("Exiting with failure status due to previous errors");
    2
}

/// Says that a name is taken to be relative, once for each kind of leading part.
pub fn without_root(cx: &mut Cx<'_, '_>, name: &str, seen: &mut Vec<String>, what: &str) -> String {
    let mut cut = 0;
    for (at, _) in name.match_indices("..") {
        let alone =
            (at == 0 || name.as_bytes()[at - 1] == b'/') && matches!(name.as_bytes().get(at + 2), None | Some(b'/'));
        if alone {
            cut = (at + 3).min(name.len());
        }
    }
    cut += name[cut..].len() - name[cut..].trim_start_matches('/').len();
    let lead = name[..cut].to_owned();
    if !lead.is_empty() && !seen.contains(&lead) {
        cx.fail(&format!("Removing leading `{lead}' from {what}"));
        seen.push(lead);
    }
    let rest = &name[cut..];
    if rest.is_empty() { "./".into() } else { rest.to_owned() }
}
