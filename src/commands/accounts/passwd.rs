//! `passwd`, `chsh`, `getent`, `nologin` and `visudo`: passwd(1), chsh(1), getent(1), nologin(8), visudo(8).

use super::database::{hash, put_hash, put_user};
use super::sudoers_policy;
use super::usermod::lock;
use crate::commands::Command;
use crate::commands::options::{Hint, Opt, Options, absent, flag, not_simulated, parse, value};
use crate::commands::process::launch::{execvp, immediate, say};
use crate::world::accounts;
use crate::world::{Cx, NeedInput, Step, Sys, one_shot};

/// `passwd`.
pub const PASSWD: Command = Command { name: "passwd", path: "/usr/bin/passwd", program: |argv| one_shot(passwd, argv) };
/// `chsh`.
pub const CHSH: Command = Command { name: "chsh", path: "/usr/bin/chsh", program: |argv| one_shot(chsh, argv) };
/// `getent`.
pub const GETENT: Command = Command { name: "getent", path: "/usr/bin/getent", program: |argv| one_shot(getent, argv) };
/// `nologin`: the shell of those who shall not have one.
pub const NOLOGIN: Command =
    Command { name: "nologin", path: "/usr/sbin/nologin", program: |argv| one_shot(nologin, argv) };
/// `visudo`.
pub const VISUDO: Command =
    Command { name: "visudo", path: "/usr/sbin/visudo", program: |argv| immediate(visudo, argv) };

const fn shadow(table: &'static [Opt], usage: &'static str) -> Options {
    Options { table, usage, version: "", status: 2, hint: Hint::Usage, in_order: false }
}

fn passwd(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = shadow(
        &[
            flag('l', "lock"),
            flag('u', "unlock"),
            flag('d', "delete"),
            flag('S', "status"),
            flag('e', "expire"),
            absent('a', "all"),
        ],
        "[options] [LOGIN]",
    );
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let own = accounts::user_name(&cx.sys.world.files, cx.sys.me().ruid);
    let name = parsed.operands.first().cloned().unwrap_or(own.clone());
    if accounts::user(&cx.sys.world.files, &name).is_none() {
        cx.fail(&format!("user '{name}' does not exist"));
        return Ok(1);
    }
    let root = cx.sys.me().ruid == 0;
    if !root && (name != own || parsed.options.iter().any(|o| o.key != "status")) {
        cx.fail("Permission denied.");
        return Ok(1);
    }
    let old = hash(cx.sys.world, &name).unwrap_or_else(|| "!".into());
    if parsed.has("status") {
        let mark = if old.is_empty() {
            "NP"
        } else if old.starts_with(['!', '*']) {
            "L"
        } else {
            "P"
        };
        let date = cx.sys.world.booted.strftime("%Y-%m-%d");
        cx.outln(&format!("{name} {mark} {date} 0 99999 7 -1"));
        return Ok(0);
    }
    if parsed.has("delete") {
        put_hash(cx.sys.world, &name, "");
    } else if parsed.has("lock") {
        lock(cx, &name, true);
    } else if parsed.has("unlock") {
        if old.trim_start_matches('!').is_empty() {
            cx.fail("unlocking the password would result in a passwordless account.\nYou should set a password with usermod -p to unlock the password of this account.");
            return Ok(3);
        }
        lock(cx, &name, false);
    } else if !parsed.has("expire") {
        return Ok(not_simulated(cx, "setting a password"));
    }
    cx.outln("passwd: password changed.");
    Ok(0)
}

fn chsh(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    const OPTIONS: Options = shadow(&[value('s', "shell"), absent('R', "root")], "[options] [LOGIN]");
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let own = accounts::user_name(&cx.sys.world.files, cx.sys.me().ruid);
    let name = parsed.operands.first().cloned().unwrap_or(own);
    let Some(mut user) = accounts::user(&cx.sys.world.files, &name) else {
        cx.fail(&format!("user '{name}' does not exist"));
        return Ok(1);
    };
    if cx.sys.me().ruid != 0 {
        cx.print(1, b"Password: ");
        cx.fail("PAM: Authentication failure");
        return Ok(1);
    }
    let Some(shell) = parsed.last("shell") else { return Ok(not_simulated(cx, "asking for the shell (use -s)")) };
    let listed = cx.sys.world.files.text("/etc/shells").unwrap_or_default().lines().any(|l| l == shell);
    if !listed && cx.sys.world.files.get(shell).is_none() {
        cx.fail(&format!("Warning: {shell} does not exist"));
    }
    user.shell = shell.to_owned();
    put_user(cx.sys.world, &name, &user);
    Ok(0)
}

fn getent(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let args = cx.args();
    let Some(database) = args.first() else {
        cx.errln("getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.");
        return Ok(1);
    };
    let file = match database.as_str() {
        "passwd" | "group" | "shadow" | "hosts" | "services" | "gshadow" => format!("/etc/{database}"),
        _ => {
            cx.errln(&format!(
                "Unknown database: {database}\nTry `getent --help' or `getent --usage' for more information."
            ));
            return Ok(1);
        }
    };
    let text = cx.sys.read_file(&file).map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
    if database == "hosts" {
        return Ok(hosts(cx, &text, &args[1..]));
    }
    if args.len() == 1 {
        cx.out(&text);
        return Ok(0);
    }
    let mut status = 0;
    for key in &args[1..] {
        let found = text.lines().find(|line| {
            let mut fields = line.split(':');
            fields.next() == Some(key) || (database != "shadow" && fields.nth(1) == Some(key))
        });
        match found {
            Some(line) => cx.outln(line),
            None => status = 2,
        }
    }
    Ok(status)
}

fn hosts(cx: &mut Cx<'_, '_>, text: &str, keys: &[String]) -> u8 {
    let entries: Vec<(String, Vec<String>)> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        })
        .collect();
    let mut status = 0;
    let all: Vec<String> = entries.iter().filter_map(|(_, names)| names.first().cloned()).collect();
    for key in if keys.is_empty() { &all[..] } else { keys } {
        match entries.iter().find(|(address, names)| names.contains(key) || address == key) {
            Some((address, names)) => cx.outln(&format!("{address:<15} {}", names.join(" "))),
            None => status = 2,
        }
    }
    status
}

fn nologin(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    cx.outln("This account is currently not available.");
    Ok(1)
}

fn visudo(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let file = match argv.iter().position(|a| a == "-f") {
        Some(at) => argv.get(at + 1).cloned().unwrap_or_default(),
        None => "/etc/sudoers".to_owned(),
    };
    if sys.uid() != 0 {
        say(sys, &format!("visudo: {file}: Permission denied"));
        return Step::Exit(1);
    }
    if argv.iter().any(|a| a == "-c" || a == "--check") {
        return check(sys, &file);
    }
    let given = ["SUDO_EDITOR", "VISUAL", "EDITOR"].iter().find_map(|name| sys.getenv(name));
    let editor = given.unwrap_or_else(|| "/usr/bin/sensible-editor".into());
    let command: Vec<String> = editor.split_whitespace().map(str::to_owned).chain([file]).collect();
    execvp(sys, &command, None).unwrap_or_else(|_| {
        say(sys, &format!("visudo: no editor found (editor path = {editor})"));
        Step::Exit(1)
    })
}

fn check(sys: &mut Sys<'_>, file: &str) -> Step {
    let user = accounts::user_by_id(&sys.world.files, 0);
    let errors = user.map(|user| sudoers_policy(sys.world, &user).errors).unwrap_or_default();
    let fragments = sys.read_dir("/etc/sudoers.d").unwrap_or_default();
    let files = std::iter::once(file.to_owned())
        .chain(fragments.iter().filter(|n| !n.contains('.')).map(|n| format!("/etc/sudoers.d/{n}")));
    let mut status = 0;
    for path in files {
        match errors.iter().find(|(bad, _)| *bad == path) {
            Some((_, line)) => {
                say(sys, &format!("{path}:{line}: syntax error"));
                status = 1;
            }
            None => crate::commands::process::launch::print(sys, 1, &format!("{path}: parsed OK\n")),
        }
    }
    Step::Exit(status)
}
