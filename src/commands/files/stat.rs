//! Shows a file's attributes: stat(1).

use super::{Command, blocks, links};
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, value};
use crate::commands::posix::quote::{shell_escape, shell_escape_always as quoted};
use crate::commands::posix::strftime::strftime;
use crate::world::fs::{Ino, Inode, Kind};
use crate::world::{Cx, Time, accounts, one_shot};

/// `stat`.
pub const COMMAND: Command =
    Command { name: "stat", path: "/usr/bin/stat", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('L', "dereference"),
    flag('f', "file-system"),
    absent('\0', "cached"),
    value('c', "format"),
    value('\0', "printf"),
    flag('t', "terse"),
];
const OPTIONS: Options = Options::coreutils(TABLE, "[OPTION]... FILE...");

const DEFAULT: &str = "  File: %>\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n\
Device: %Hd,%Ld\tInode: %-10i  Links: %h\n\
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n";
const TERSE: &str = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    if parsed.operands.is_empty() {
        cx.fail("missing operand");
        return Ok(options::misuse(cx, &OPTIONS));
    }
    if parsed.has("file-system") {
        return Ok(options::not_simulated(cx, "option -f"));
    }
    let mut status = 0;
    for path in &parsed.operands {
        let follow = parsed.has("dereference");
        let found = cx.lookup(path, follow).map(|ino| (ino, cx.world.files.inode(ino).cloned()));
        let (ino, node) = match found {
            Ok((ino, Some(node))) => (ino, node),
            Ok((_, None)) => continue,
            Err(errno) => {
                cx.fail(&format!("cannot statx {}: {}", quoted(path), errno.message()));
                status = 1;
                continue;
            }
        };
        let text = match parsed.last_of(&["format", "printf", "terse"]) {
            Some("format") => format(cx, parsed.last("format").unwrap_or_default(), path, ino, &node, false) + "\n",
            Some("printf") => format(cx, parsed.last("printf").unwrap_or_default(), path, ino, &node, true),
            Some(_) => format(cx, TERSE, path, ino, &node, false),
            None => format(cx, DEFAULT, path, ino, &node, false),
        };
        cx.out(&text);
    }
    Ok(status)
}

/// The format filled in; with `escapes` backslashes are read too.
fn format(cx: &mut Cx<'_, '_>, format: &str, path: &str, ino: Ino, node: &Inode, escapes: bool) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(letter) = chars.next() {
        if letter == '\\' && escapes {
            match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('\\') => out.push('\\'),
                Some('"') => out.push('"'),
                other => out.extend(other),
            }
            continue;
        }
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let (mut left, mut zero, mut width, mut precision) = (false, false, String::new(), None);
        while let Some(c) = chars.next_if(|c| "-0123456789.#+ ".contains(*c)) {
            match c {
                '-' => left = true,
                '0' if width.is_empty() => zero = true,
                '.' => precision = Some(String::new()),
                digit if digit.is_ascii_digit() => match &mut precision {
                    Some(precision) => precision.push(digit),
                    None => width.push(digit),
                },
                _ => {}
            }
        }
        let high = chars.next_if(|c| *c == 'H' || *c == 'L');
        let Some(directive) = chars.next() else {
            out.push('%');
            break;
        };
        let mut text = self::directive(cx, directive, high, path, ino, node);
        if let Some(precision) = precision.and_then(|p| p.parse::<usize>().ok()) {
            text = text.chars().take(precision).collect();
        }
        let width = width.parse::<usize>().unwrap_or(0).min(4096);
        out.push_str(&match (left, zero) {
            (true, _) => format!("{text:<width$}"),
            (_, true) => format!("{text:0>width$}"),
            _ => format!("{text:>width$}"),
        });
    }
    out
}

fn kind_name(node: &Inode) -> &'static str {
    match &node.kind {
        Kind::File(bytes) if bytes.is_empty() => "regular empty file",
        Kind::File(_) => "regular file",
        Kind::Dir { .. } => "directory",
        Kind::Symlink(_) => "symbolic link",
        Kind::Fifo => "fifo",
        Kind::Socket => "socket",
        Kind::Device(_) => "character special file",
    }
}

fn directive(cx: &mut Cx<'_, '_>, letter: char, high: Option<char>, path: &str, ino: Ino, node: &Inode) -> String {
    let files = &cx.world.files;
    let kind_bits = match &node.kind {
        Kind::File(_) => 0o100_000,
        Kind::Dir { .. } => 0o040_000,
        Kind::Symlink(_) => 0o120_000,
        Kind::Fifo => 0o010_000,
        Kind::Socket => 0o140_000,
        Kind::Device(_) => 0o020_000,
    };
    let time = |time: Time| strftime(time, "%Y-%m-%d %H:%M:%S.%N %z");
    match letter {
        '%' => "%".into(),
        'a' => format!("{:o}", node.mode),
        'A' => node.mode_string(),
        'b' => (blocks(node) * 2).to_string(),
        'B' => "512".into(),
        'd' => if high == Some('H') {
            "8"
        } else if high == Some('L') {
            "1"
        } else {
            "2049"
        }
        .into(),
        'D' => "801".into(),
        'f' => format!("{:x}", kind_bits | u32::from(node.mode)),
        'F' => kind_name(node).into(),
        'g' => node.gid.to_string(),
        'G' => accounts::group_name(files, node.gid),
        'h' => links(files, node).to_string(),
        'i' => ino.to_string(),
        'm' => "/".into(),
        'n' => path.into(),
        // The default format quotes only what has to be quoted: it says `>` where a user says `N`.
        'N' => match &node.kind {
            Kind::Symlink(target) => format!("{} -> {}", quoted(path), quoted(target)),
            _ => quoted(path),
        },
        '>' => match &node.kind {
            Kind::Symlink(target) => format!("{} -> {}", shell_escape(path), shell_escape(target)),
            _ => shell_escape(path),
        },
        'o' => "4096".into(),
        's' => node.size().to_string(),
        't' | 'T' => "0".into(),
        'u' => node.uid.to_string(),
        'U' => accounts::user_name(files, node.uid),
        'w' => time(node.ctime.min(node.mtime)),
        'W' => node.ctime.min(node.mtime).secs().to_string(),
        'x' => time(node.atime),
        'X' => node.atime.secs().to_string(),
        'y' => time(node.mtime),
        'Y' => node.mtime.secs().to_string(),
        'z' => time(node.ctime),
        'Z' => node.ctime.secs().to_string(),
        _ => "?".into(),
    }
}
