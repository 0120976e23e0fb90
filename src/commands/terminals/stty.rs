//! The settings of the terminal at standard input: stty(1).

use crate::commands::Command;
use crate::world::{Cx, NeedInput, Terminal, TtyId, one_shot};

/// `stty`.
pub const COMMAND: Command = Command { name: "stty", path: "/usr/bin/stty", program: |argv| one_shot(run, argv) };

/// Settings that can be given and change nothing that can be seen here.
const ACCEPTED: [&str; 12] =
    ["isig", "icrnl", "ixon", "ixoff", "onlcr", "opost", "echoe", "echok", "iexten", "tostop", "echoctl", "iutf8"];

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let mut words = cx.args();
    let (tty, device) = device(cx, &mut words);
    let Some(terminal) = tty.and_then(|tty| cx.world.terminals.get(&tty).cloned()) else {
        cx.fail(&format!("{device}: Inappropriate ioctl for device"));
        return Ok(1);
    };
    let mut new = terminal.clone();
    let mut given = words.iter();
    let mut shown = words.is_empty();
    while let Some(word) = given.next() {
        match word.as_str() {
            "-a" | "--all" => {
                let text = all(&new);
                cx.out(&text);
            }
            "-g" | "--save" => {
                cx.outln("500:5:bf:8a3b:3:1c:7f:15:4:0:1:0:11:13:1a:0:12:f:17:16:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0")
            }
            "size" => cx.outln(&format!("{} {}", new.rows, new.columns)),
            "speed" => cx.outln("38400"),
            "echo" => new.echo = true,
            "-echo" => new.echo = false,
            "icanon" | "cooked" => new.canonical = true,
            "-icanon" | "raw" | "cbreak" => new.canonical = false,
            "sane" => new.canonical = true,
            "cols" | "columns" | "rows" => {
                let Some(number) = given.next().and_then(|n| n.parse::<u16>().ok()) else {
                    cx.fail(&format!("missing argument to ‘{word}’\nTry 'stty --help' for more information."));
                    return Ok(1);
                };
                *(if word == "rows" { &mut new.rows } else { &mut new.columns }) = number;
            }
            word if ACCEPTED.contains(&word.trim_start_matches('-')) => {}
            word if is_real(word.trim_start_matches('-')) => {
                cx.fail(&format!("setting {word} is not simulated"));
                return Ok(1);
            }
            word => {
                cx.errln(&format!(
                    "{}: invalid argument ‘{word}’\nTry '{} --help' for more information.",
                    cx.called(),
                    cx.called()
                ));
                return Ok(1);
            }
        }
    }
    if std::mem::take(&mut shown) {
        let flags = brief(&new);
        cx.out(&format!("speed 38400 baud; line = 0;\n{flags}"));
    }
    if let Some(terminal) = tty.and_then(|tty| cx.world.terminals.get_mut(&tty)) {
        (terminal.echo, terminal.canonical) = (new.echo, new.canonical);
        (terminal.columns, terminal.rows) = (new.columns, new.rows);
    }
    Ok(0)
}

/// The terminal that is meant, and how messages name it; `-F` is taken out of the words.
fn device(cx: &Cx<'_, '_>, words: &mut Vec<String>) -> (Option<TtyId>, String) {
    let Some(at) = words.iter().position(|w| w == "-F" || w.starts_with("--file=")) else {
        return (cx.tty_of(0), "'standard input'".to_owned());
    };
    let flag = words.remove(at);
    let path = match flag.strip_prefix("--file=") {
        Some(path) => path.to_owned(),
        None if at < words.len() => words.remove(at),
        None => String::new(),
    };
    let named = |name: &str| cx.world.terminals.iter().find(|(_, t)| t.name == name && !t.hung_up).map(|(id, _)| *id);
    (path.strip_prefix("/dev/").and_then(named), path)
}

/// Settings and special characters that stty(1) knows.
fn is_real(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "intr", "quit", "erase", "kill", "eof", "eol", "start", "stop", "susp", "werase", "lnext", "min", "time",
        "parenb", "cs8", "cs7", "hupcl", "clocal", "noflsh", "inlcr", "igncr", "evenp", "ispeed", "ospeed",
    ];
    WORDS.contains(&word)
}

fn brief(terminal: &Terminal) -> String {
    let mut words = Vec::new();
    if !terminal.canonical {
        words.push("-icanon");
    }
    if !terminal.echo {
        words.push("-echo");
    }
    let line = if words.is_empty() { String::new() } else { format!("{}\n", words.join(" ")) };
    format!("-brkint -imaxbel\n{line}")
}

fn all(terminal: &Terminal) -> String {
    let mark = |on: bool| if on { "" } else { "-" };
    format!(
        "speed 38400 baud; rows {}; columns {}; line = 0;\n\
         intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>; eol2 = <undef>; swtch = <undef>; start = ^Q;\n\
         stop = ^S; susp = ^Z; rprnt = ^R; werase = ^W; lnext = ^V; discard = ^O; min = 1; time = 0;\n\
         -parenb -parodd -cmspar cs8 -hupcl -cstopb cread -clocal -crtscts\n\
         -ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr icrnl ixon -ixoff -iuclc -ixany -imaxbel -iutf8\n\
         opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0\n\
         isig {}icanon iexten {}echo echoe echok -echonl -noflsh -xcase -tostop -echoprt echoctl echoke -flusho -extproc\n",
        terminal.rows,
        terminal.columns,
        mark(terminal.canonical),
        mark(terminal.echo)
    )
}
