//! `whoami`, `logname` and `users`: who one is: whoami(1), logname(1), users(1).

use crate::commands::Command;
use crate::commands::options::{Options, parse};
use crate::world::{Cx, NeedInput, World, accounts, one_shot};

/// `whoami`.
pub const WHOAMI: Command = Command { name: "whoami", path: "/usr/bin/whoami", program: |argv| one_shot(whoami, argv) };
/// `logname`.
pub const LOGNAME: Command =
    Command { name: "logname", path: "/usr/bin/logname", program: |argv| one_shot(logname, argv) };
/// `users`.
pub const USERS: Command = Command { name: "users", path: "/usr/bin/users", program: |argv| one_shot(users, argv) };

const OPTIONS: Options = Options::coreutils(&[], "[OPTION]");

/// Reads arguments of which there must be none.
fn nothing(cx: &mut Cx<'_, '_>) -> Result<(), u8> {
    let parsed = parse(cx, &OPTIONS)?;
    match parsed.operands.first() {
        Some(extra) => {
            cx.fail(&format!("extra operand ‘{extra}’"));
            let name = cx.called();
            cx.errln(&format!("Try '{name} --help' for more information."));
            Err(1)
        }
        None => Ok(()),
    }
}

fn whoami(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    if let Err(status) = nothing(cx) {
        return Ok(status);
    }
    let uid = cx.sys.uid();
    match accounts::user_by_id(&cx.sys.world.files, uid) {
        Some(user) => {
            cx.outln(&user.name);
            Ok(0)
        }
        None => {
            cx.fail(&format!("cannot find name for user ID {uid}: No such file or directory"));
            Ok(1)
        }
    }
}

fn logname(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    if let Err(status) = nothing(cx) {
        return Ok(status);
    }
    let tty = cx.sys.me().tty;
    let login = logins(cx.sys.world).into_iter().find(|login| Some(login.tty) == tty);
    match login {
        Some(login) => {
            cx.outln(&login.user);
            Ok(0)
        }
        None => {
            cx.fail("no login name");
            Ok(1)
        }
    }
}

fn users(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut names: Vec<String> = logins(cx.sys.world).into_iter().map(|login| login.user).collect();
    names.sort();
    if !names.is_empty() {
        cx.outln(&names.join(" "));
    }
    Ok(0)
}

/// Somebody at a terminal: what utmp(5) records.
pub struct Login {
    /// The terminal.
    pub tty: u32,
    /// Its name.
    pub name: String,
    /// Whose login it is.
    pub user: String,
    /// The login shell.
    pub leader: u32,
}

/// Everybody who is logged in, by terminal.
pub fn logins(world: &World) -> Vec<Login> {
    let at = |(tty, terminal): (&u32, &crate::world::Terminal)| {
        let leader = world.process(terminal.session?).filter(|_| !terminal.hung_up)?;
        let user = accounts::user_name(&world.files, leader.ruid);
        Some(Login { tty: *tty, name: terminal.name.clone(), user, leader: leader.pid })
    };
    world.terminals.iter().filter_map(at).collect()
}
