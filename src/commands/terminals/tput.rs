//! What a terminal can do, and putting it in order: tput(1), reset(1).

use crate::commands::Command;
use crate::world::{Cx, NeedInput, one_shot};

/// `tput`.
pub const COMMAND: Command = Command { name: "tput", path: "/usr/bin/tput", program: |argv| one_shot(run, argv) };
/// `reset`.
pub const RESET: Command = Command { name: "reset", path: "/usr/bin/reset", program: |argv| one_shot(reset, argv) };

/// Capabilities without arguments and what they send, for every terminal this machine knows.
const CAPABILITIES: &[(&str, &str)] = &[
    ("bold", "\x1b[1m"),
    ("dim", "\x1b[2m"),
    ("smul", "\x1b[4m"),
    ("rmul", "\x1b[24m"),
    ("rev", "\x1b[7m"),
    ("smso", "\x1b[7m"),
    ("rmso", "\x1b[27m"),
    ("blink", "\x1b[5m"),
    ("sgr0", "\x1b(B\x1b[m"),
    ("clear", "\x1b[H\x1b[2J\x1b[3J"),
    ("el", "\x1b[K"),
    ("ed", "\x1b[J"),
    ("home", "\x1b[H"),
    ("civis", "\x1b[?25l"),
    ("cnorm", "\x1b[?12l\x1b[?25h"),
    ("smcup", "\x1b[?1049h\x1b[22;0;0t"),
    ("rmcup", "\x1b[?1049l\x1b[23;0;0t"),
    ("sc", "\x1b7"),
    ("rc", "\x1b8"),
    ("bel", "\x07"),
    ("cr", "\r"),
    ("cuu1", "\x1b[A"),
    ("reset", "\x1bc\x1b]104\x07"),
    ("init", "\x1b[!p\x1b[?3;4l\x1b[4l\x1b>"),
];

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut words = cx.args();
    let mut term = cx.getenv("TERM").filter(|term| !term.is_empty());
    if words.first().is_some_and(|word| word == "-T") && words.len() > 1 {
        term = Some(words.remove(1));
        words.remove(0);
    }
    let Some(name) = words.first().cloned() else {
        cx.errln("Usage: tput [-T TERM] capability [parameters]");
        return Ok(2);
    };
    if name.starts_with('-') {
        if name == "-V" {
            cx.outln("ncurses 6.4.20221231");
            return Ok(0);
        }
        cx.errln(&format!("tput: option {name} is not simulated"));
        return Ok(2);
    }
    let Some(term) = term else {
        cx.errln("tput: No value for $TERM and no -T specified");
        return Ok(2);
    };
    let known = [
        "xterm",
        "xterm-256color",
        "screen",
        "screen-256color",
        "linux",
        "vt100",
        "vt220",
        "dumb",
        "ansi",
        "tmux",
        "tmux-256color",
    ];
    if !known.contains(&term.as_str()) {
        cx.errln(&format!("tput: unknown terminal \"{term}\""));
        return Ok(3);
    }
    match capability(cx, &term, &name, &words) {
        Ok(text) => {
            cx.out(&text);
            Ok(0)
        }
        Err(status) => Ok(status),
    }
}

/// What a capability sends. Errors: the exit status.
fn capability(cx: &mut Cx<'_, '_>, term: &str, name: &str, words: &[String]) -> Result<String, u8> {
    let parameter = |at: usize| words.get(at).and_then(|word| word.parse::<u32>().ok()).unwrap_or(0);
    let size = [1, 2, 0].iter().find_map(|fd| cx.tty_of(*fd)).and_then(|tty| cx.world.terminals.get(&tty));
    let (columns, rows) = size.map_or((80, 24), |t| (t.columns, t.rows));
    let colors = if term.contains("256") { 256 } else { 8 };
    Ok(match name {
        "cols" => format!("{columns}\n"),
        "lines" => format!("{rows}\n"),
        "colors" => format!("{}\n", if term == "dumb" || term == "vt100" { -1 } else { colors }),
        "longname" => "terminal emulator\n".into(),
        "setaf" | "setab" => {
            let (color, base) = (parameter(1), if name == "setaf" { 3 } else { 4 });
            match color {
                0..8 => format!("\x1b[{base}{color}m"),
                8..16 if colors == 256 => format!("\x1b[{}{}m", base + 6, color - 8),
                _ => format!("\x1b[{base}8;5;{color}m"),
            }
        }
        "cup" => format!("\x1b[{};{}H", parameter(1) + 1, parameter(2) + 1),
        "cuu" | "cud" | "cuf" | "cub" => {
            let letter = char::from(b'A' + "udfb".find(&name[2..]).unwrap_or(0) as u8);
            format!("\x1b[{}{letter}", parameter(1))
        }
        name => match CAPABILITIES.iter().find(|(known, _)| *known == name) {
            Some(_) if term == "dumb" && name != "cr" && name != "bel" => return Err(1),
            Some((_, text)) => (*text).to_owned(),
            None => {
                cx.errln(&format!("tput: unknown terminfo capability '{name}'"));
                return Err(4);
            }
        },
    })
}

fn reset(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    if let Some(terminal) = cx.tty_of(0).and_then(|tty| cx.world.terminals.get_mut(&tty)) {
        terminal.canonical = true;
    }
    cx.print(2, b"\x1bc\x1b]104\x07");
    Ok(0)
}
