//! Makes a file or folder with a name of its own: mktemp(1).

use super::Command;
use crate::commands::options::{self, Opt, Options, Stop, ended, flag, optional, short, value};
use crate::world::{Cx, Errno, OpenFlags, one_shot};

/// `mktemp`.
pub const COMMAND: Command =
    Command { name: "mktemp", path: "/usr/bin/mktemp", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('d', "directory"),
    flag('u', "dry-run"),
    flag('q', "quiet"),
    value('\0', "suffix"),
    optional('\0', "tmpdir"),
    options::also('p', "", "tmpdir", options::Takes::Argument),
    short('t', "t"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... [TEMPLATE]");
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    if parsed.operands.len() > 1 {
        cx.fail("too many templates");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let quiet = parsed.has("quiet");
    let template = parsed.operands.first().cloned();
    let in_tmp = template.is_none() || parsed.has("tmpdir") || parsed.has("t");
    let template = template.unwrap_or_else(|| "tmp.XXXXXXXXXX".into()) + parsed.last("suffix").unwrap_or_default();
    let end = template.rfind('X').map_or(0, |at| at + 1);
    let start = template[..end].trim_end_matches('X').len();
    if end - start < 3 {
        cx.fail(&format!("too few X's in template ‘{template}’"));
        return Ok(1);
    }
    let folder = match parsed.last("tmpdir") {
        Some(folder) if !folder.is_empty() => folder.to_owned(),
        _ => cx.getenv("TMPDIR").filter(|f| !f.is_empty()).unwrap_or_else(|| "/tmp".into()),
    };
    let full = |name: String| if in_tmp { format!("{}/{name}", folder.trim_end_matches('/')) } else { name };
    for _ in 0..100 {
        let random: String = (start..end)
            .map(|_| {
                let at = cx.world.rng.below(LETTERS.len() as u64);
                char::from(LETTERS[usize::try_from(at).unwrap_or(0)])
            })
            .collect();
        let path = full(format!("{}{random}{}", &template[..start], &template[end..]));
        let made = if parsed.has("dry-run") {
            Ok(())
        } else if parsed.has("directory") {
            cx.mkdir(&path, 0o700)
        } else {
            cx.open(&path, OpenFlags { exclusive: true, ..OpenFlags::WRITE }, 0o600).and_then(|fd| cx.close(fd))
        };
        match made {
            Ok(()) => {
                cx.outln(&path);
                return Ok(0);
            }
            Err(Errno::EEXIST) => {}
            Err(errno) => {
                let what = if parsed.has("directory") { "directory" } else { "file" };
                if !quiet {
                    let shown = full(template.clone());
                    cx.fail(&format!("failed to create {what} via template ‘{shown}’: {}", errno.message()));
                }
                return Ok(1);
            }
        }
    }
    Ok(1)
}
