//! The printable texts in a file: strings(1).

use super::Command;
use crate::commands::options::{self, Hint, Opt, Options, Stop, absent, ended, flag, short, value};
use crate::world::{Cx, one_shot};

/// `strings`.
pub const COMMAND: Command =
    Command { name: "strings", path: "/usr/bin/strings", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('a', "all"),
    flag('f', "print-file-name"),
    value('n', "bytes"),
    value('t', "radix"),
    short('o', "o"),
    absent('e', "encoding"),
    absent('w', "include-all-whitespace"),
];
const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[option(s)] [file(s)]",
    version: "(GNU Binutils for Debian) 2.40",
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let mut args = cx.args();
    // `-8` is short for `-n 8`.
    for arg in &mut args {
        if arg.len() > 1 && arg[1..].bytes().all(|b| b.is_ascii_digit()) && arg.starts_with('-') {
            *arg = format!("-n{}", &arg[1..]);
        }
    }
    let parsed = options::parse_args(cx, &OPTIONS, &args)?;
    let least = match parsed.last("bytes").map(|text| (text, text.parse::<usize>())) {
        None => 4,
        Some((_, Ok(n))) if n > 0 => n,
        Some((text, _)) => {
            cx.fail(&format!("invalid minimum string length {text}"));
            return Ok(1);
        }
    };
    let files = if parsed.operands.is_empty() { vec!["-".to_owned()] } else { parsed.operands.clone() };
    let radix = if parsed.has("o") { Some("o") } else { parsed.last("radix") };
    let mut status = 0;
    for file in &files {
        let bytes = match cx.input(file)? {
            Ok(bytes) => bytes,
            Err(crate::world::Errno::ENOENT) => {
                cx.errln(&format!("{}: '{file}': No such file", cx.called()));
                status = 1;
                continue;
            }
            Err(errno) => {
                cx.fail(&format!("{file}: {}", errno.message()));
                status = 1;
                continue;
            }
        };
        let printable = |byte: &u8| (32..127).contains(byte) || *byte == b'\t';
        let mut at = 0;
        for text in bytes.split(|byte| !printable(byte)) {
            if text.len() >= least {
                let place = match radix {
                    Some("d") => format!("{at:>7} "),
                    Some("o") => format!("{at:>7o} "),
                    Some("x") => format!("{at:>7x} "),
                    _ => String::new(),
                };
                let name = if parsed.has("print-file-name") { format!("{file}: ") } else { String::new() };
                cx.outln(&format!("{name}{place}{}", String::from_utf8_lossy(text)));
            }
            at += text.len() + 1;
        }
    }
    Ok(status)
}
