//! Does nothing, successfully or not: true(1), false(1), sync(1).

use crate::commands::Command;
use crate::world::{Cx, NeedInput, one_shot};

/// `true`.
pub const TRUE: Command = Command { name: "true", path: "/usr/bin/true", program: |argv| one_shot(succeed, argv) };
/// `false`.
pub const FALSE: Command = Command { name: "false", path: "/usr/bin/false", program: |argv| one_shot(fail, argv) };
/// `sync`: what is written is on the disk already.
pub const SYNC: Command = Command { name: "sync", path: "/usr/bin/sync", program: |argv| one_shot(succeed, argv) };
/// `clear`.
pub const CLEAR: Command = Command { name: "clear", path: "/usr/bin/clear", program: |argv| one_shot(clear, argv) };

fn succeed(_: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    Ok(0)
}

fn fail(_: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    Ok(1)
}

fn clear(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    if cx.getenv("TERM").is_none() {
        cx.errln("TERM environment variable not set.");
        return Ok(1);
    }
    cx.out("\x1b[H\x1b[2J\x1b[3J");
    Ok(0)
}
