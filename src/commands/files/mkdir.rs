//! Makes folders: mkdir(1); and named pipes: mkfifo(1).

use super::{Command, mode};
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, value};
use crate::commands::posix::quote::shell_escape_always as quoted;
use crate::world::fs::Kind;
use crate::world::{Cx, Errno, one_shot};

/// `mkdir`.
pub const COMMAND: Command =
    Command { name: "mkdir", path: "/usr/bin/mkdir", program: |argv| one_shot(|cx| ended(run(cx)), argv) };
/// `mkfifo`.
pub const MKFIFO: Command =
    Command { name: "mkfifo", path: "/usr/bin/mkfifo", program: |argv| one_shot(|cx| ended(mkfifo(cx)), argv) };

const TABLE: &[Opt] = &[value('m', "mode"), flag('p', "parents"), flag('v', "verbose"), absent('Z', "context")];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... DIRECTORY...");
const FIFO_TABLE: &[Opt] = &[value('m', "mode"), absent('Z', "context")];
const FIFO_OPTIONS: Options = Options::coreutils(FIFO_TABLE, "[OPTION]... NAME...");

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let change = match parsed.last("mode") {
        None => None,
        Some(text) => match mode::parse(text) {
            Some(change) => Some(change),
            None => {
                cx.fail(&format!("invalid mode ‘{text}’"));
                return Ok(1);
            }
        },
    };
    let mut status = 0;
    for path in &parsed.operands {
        if let Err((path, errno)) = make(cx, path, parsed.has("parents"), parsed.has("verbose")) {
            cx.fail(&format!("cannot create directory ‘{path}’: {}", errno.message()));
            status = 1;
        } else if let Some(change) = &change {
            let umask = cx.me().umask;
            let _ = cx.chmod(path, change.apply(0o777 & !umask, true, umask));
        }
    }
    Ok(status)
}

/// Makes a folder, with `parents` also those above it. Errors: the folder that failed and why.
pub fn make(cx: &mut Cx<'_, '_>, path: &str, parents: bool, verbose: bool) -> Result<(), (String, Errno)> {
    let tell = |cx: &mut Cx<'_, '_>, path: &str| {
        if verbose {
            cx.outln(&format!("{}: created directory {}", cx.called(), quoted(path)));
        }
    };
    if !parents {
        cx.mkdir(path, 0o777).map_err(|errno| (path.to_owned(), errno))?;
        tell(cx, path);
        return Ok(());
    }
    let cuts: Vec<usize> = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).collect();
    for cut in cuts.into_iter().chain([path.len()]) {
        let part = path[..cut].trim_end_matches('/');
        if part.is_empty() || path[..cut].ends_with('/') && cut < path.len() {
            continue;
        }
        match cx.mkdir(part, 0o777) {
            Ok(()) => tell(cx, part),
            Err(errno) => match cx.stat(part) {
                Ok(node) if node.is_dir() => {}
                Ok(_) if cut < path.len() => return Err((part.to_owned(), Errno::ENOTDIR)),
                Ok(_) => return Err((part.to_owned(), Errno::EEXIST)),
                Err(_) => return Err((part.to_owned(), errno)),
            },
        }
    }
    Ok(())
}

fn mkfifo(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &FIFO_OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &FIFO_OPTIONS));
    }
    let mut status = 0;
    for path in &parsed.operands {
        let (cred, cwd, now) = (cx.cred(), cx.cwd(), cx.now());
        let bits = 0o666 & !cx.me().umask;
        let files = &mut cx.world.files;
        let made = files.find(&cred, &cwd, path, false).and_then(|at| files.create(&cred, &at, Kind::Fifo, bits, now));
        if let Err(errno) = made {
            cx.fail(&format!("cannot create fifo {}: {}", quoted(path), errno.message()));
            status = 1;
        }
    }
    Ok(status)
}
