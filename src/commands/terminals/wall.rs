//! Messages to everybody's terminal, and whether one wants them: wall(1), mesg(1).

use crate::commands::Command;
use crate::commands::accounts::logins;
use crate::world::{Cx, NeedInput, accounts, one_shot};

/// `wall`.
pub const WALL: Command = Command { name: "wall", path: "/usr/bin/wall", program: |argv| one_shot(wall, argv) };
/// `mesg`.
pub const MESG: Command = Command { name: "mesg", path: "/usr/bin/mesg", program: |argv| one_shot(mesg, argv) };

/// The columns that a line is filled up to.
const WIDTH: usize = 79;

fn wall(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut words = cx.args();
    let mut banner = true;
    if words.first().is_some_and(|word| word == "-n" || word == "--nobanner") {
        if cx.uid() == 0 {
            banner = false;
        } else {
            cx.errln("wall: --nobanner is available only for root");
        }
        words.remove(0);
    }
    if let Some(option) = words.first().filter(|word| word.len() > 1 && word.starts_with('-')) {
        let option = option.clone();
        cx.errln(&format!("wall: option {option} is not simulated"));
        return Ok(2);
    }
    let text = match words.is_empty() {
        true => String::from_utf8_lossy(&cx.stdin()?).into_owned(),
        false => words.join(" "),
    };
    let user = accounts::user_name(&cx.world.files, cx.me().ruid);
    let place = cx.tty_of(0).or(cx.me().tty).and_then(|tty| cx.world.terminals.get(&tty));
    let place = place.map_or_else(|| "somewhere".into(), |terminal| terminal.name.clone());
    let stamp = cx.now().strftime("%a %b %e %H:%M:%S %Y");
    let mut lines = Vec::new();
    if banner {
        let head = format!("Broadcast message from {user}@{} ({place}) ({stamp}):", cx.world.hostname);
        lines.extend([String::new(), head, String::new()]);
    }
    lines.extend(text.lines().map(str::to_owned));
    lines.push(String::new());
    let shown: String = lines.iter().map(|line| format!("{line:<WIDTH$}\n")).collect();
    for login in logins(cx.world) {
        let device = format!("/dev/{}", login.name);
        let open = cx.stat(&device).is_ok_and(|node| node.mode & 0o020 != 0);
        if let Some(terminal) = cx.world.terminals.get_mut(&login.tty).filter(|t| open && !t.hung_up) {
            terminal.print(format!("\n{shown}").as_bytes());
        }
    }
    Ok(0)
}

fn mesg(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let Some(terminal) = cx.tty_of(0).and_then(|tty| cx.world.terminals.get(&tty)) else {
        cx.errln("mesg: no tty");
        return Ok(2);
    };
    let device = format!("/dev/{}", terminal.name);
    let mode = cx.stat(&device).map_or(0, |node| node.mode & 0o7777);
    match cx.args().first().map(String::as_str) {
        None => {
            let open = mode & 0o020 != 0;
            cx.outln(if open { "is y" } else { "is n" });
            Ok(u8::from(!open))
        }
        Some(word @ ("y" | "n")) => {
            let mode = if word == "y" { mode | 0o020 } else { mode & !0o022 };
            match cx.chmod(&device, mode) {
                Ok(()) => Ok(u8::from(word == "n")),
                Err(errno) => {
                    cx.errln(&format!("mesg: change {device} mode failed: {}", errno.message()));
                    Ok(2)
                }
            }
        }
        Some(word) => {
            cx.errln(&format!("mesg: invalid argument: {word}\nTry 'mesg --help' for more information."));
            Ok(2)
        }
    }
}
