//! Manual pages are texts of others and not part of this machine: man(1) says so.

use super::Command;
use crate::world::{Cx, NeedInput, one_shot};

/// `man`.
pub const COMMAND: Command = Command { name: "man", path: "/usr/bin/man", program: |argv| one_shot(run, argv) };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let pages = cx.args();
    let Some(page) = pages.iter().rfind(|page| !page.starts_with('-')) else {
        cx.errln("What manual page do you want?");
        cx.errln("For example, try 'man man'.");
        return Ok(1);
    };
    cx.errln(&format!("man: the manual page {page} is not simulated; on your own computer, man {page} shows it"));
    Ok(16)
}
