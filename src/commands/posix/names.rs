//! Parts of paths: basename(1), dirname(1).

use crate::commands::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, value};
use crate::world::{Cx, one_shot};

/// `basename`.
pub const BASENAME: Command =
    Command { name: "basename", path: "/usr/bin/basename", program: |argv| one_shot(|cx| ended(base(cx)), argv) };
/// `dirname`.
pub const DIRNAME: Command =
    Command { name: "dirname", path: "/usr/bin/dirname", program: |argv| one_shot(|cx| ended(dir(cx)), argv) };

const BASE_TABLE: &[Opt] = &[flag('a', "multiple"), value('s', "suffix"), absent('z', "zero")];
const BASE_OPTIONS: Options = Options::coreutils(BASE_TABLE, "NAME [SUFFIX]").in_order();
const DIR_OPTIONS: Options = Options::coreutils(&[absent('z', "zero")], "[OPTION] NAME...");

/// The last part of a path.
pub fn basename(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() && !path.is_empty() {
        return "/";
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// A path without its last part.
pub fn dirname(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rfind('/') {
        None if trimmed.is_empty() && !path.is_empty() => "/",
        None => ".",
        Some(cut) => {
            let folder = trimmed[..cut].trim_end_matches('/');
            if folder.is_empty() { "/" } else { folder }
        }
    }
}

fn base(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &BASE_OPTIONS)?;
    let several = parsed.has("multiple") || parsed.has("suffix");
    let (names, suffix) = match &parsed.operands[..] {
        [] => {
            cx.fail("missing operand");
            return Ok(options::misuse(cx, &BASE_OPTIONS));
        }
        names if several => (names.to_vec(), parsed.last("suffix").unwrap_or_default().to_owned()),
        [name] => (vec![name.clone()], String::new()),
        [name, suffix] => (vec![name.clone()], suffix.clone()),
        [_, _, extra, ..] => {
            cx.fail(&format!("extra operand ‘{extra}’"));
            return Ok(options::misuse(cx, &BASE_OPTIONS));
        }
    };
    for name in names {
        let base = basename(&name);
        let short = base.strip_suffix(suffix.as_str()).filter(|short| !short.is_empty()).unwrap_or(base);
        cx.outln(short);
    }
    Ok(0)
}

fn dir(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &DIR_OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &DIR_OPTIONS));
    }
    for name in &parsed.operands {
        cx.outln(dirname(name));
    }
    Ok(0)
}
