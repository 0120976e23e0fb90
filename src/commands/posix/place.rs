//! Where we are and what is found there: pwd(1), tty(1), which(1).

use crate::commands::Command;
use crate::commands::options::{self, Hint, Opt, Options, Stop, ended, flag, short};
use crate::commands::process::launch;
use crate::world::{Cx, one_shot};

/// `pwd`.
pub const PWD: Command =
    Command { name: "pwd", path: "/usr/bin/pwd", program: |argv| one_shot(|cx| ended(pwd(cx)), argv) };
/// `tty`.
pub const TTY: Command =
    Command { name: "tty", path: "/usr/bin/tty", program: |argv| one_shot(|cx| ended(tty(cx)), argv) };
/// `which`.
pub const WHICH: Command =
    Command { name: "which", path: "/usr/bin/which", program: |argv| one_shot(|cx| ended(which(cx)), argv) };

const PWD_TABLE: &[Opt] = &[flag('L', "logical"), flag('P', "physical")];
const PWD_OPTIONS: Options = Options::coreutils(PWD_TABLE, "[OPTION]...");
const TTY_TABLE: &[Opt] = &[flag('s', "silent"), options::also('\0', "quiet", "silent", options::Takes::Nothing)];
const TTY_OPTIONS: Options = Options::coreutils(TTY_TABLE, "[OPTION]...").status(2);
const WHICH_OPTIONS: Options = Options {
    table: &[short('a', "a"), short('s', "s")],
    usage: "[-as] args",
    version: "",
    status: 2,
    hint: Hint::Usage,
    in_order: true,
};

fn pwd(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &PWD_OPTIONS)?;
    if !parsed.operands.is_empty() {
        cx.fail("ignoring non-option arguments");
    }
    let cwd = cx.cwd();
    cx.outln(&cwd);
    Ok(0)
}

fn tty(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &TTY_OPTIONS)?;
    let name = cx.tty_of(0).and_then(|tty| cx.world.terminals.get(&tty)).map(|t| format!("/dev/{}", t.name));
    if !parsed.has("silent") {
        cx.outln(name.as_deref().unwrap_or("not a tty"));
    }
    Ok(u8::from(name.is_none()))
}

fn which(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &WHICH_OPTIONS)?;
    let path = cx.getenv("PATH").unwrap_or_default();
    let mut status = u8::from(parsed.operands.is_empty());
    for name in &parsed.operands {
        let folders: Vec<&str> = if parsed.has("a") { path.split(':').collect() } else { vec![&path] };
        let mut found = false;
        for folder in folders {
            if let Ok(file) = launch::find_program(cx, name, folder) {
                if name.contains('/') && cx.access(&file, crate::world::fs::Access::Execute).is_err() {
                    continue;
                }
                found = true;
                if !parsed.has("s") {
                    cx.outln(&file);
                }
            }
        }
        status = if found { status } else { 1 };
    }
    Ok(status)
}
