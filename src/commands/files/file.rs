//! Tells what is in a file: file(1), for the kinds that are found on the VPS.

use super::Command;
use crate::commands::options::{self, Hint, Opt, Options, Stop, absent, ended, flag};
use crate::world::fs::{Device, Kind};
use crate::world::{Cx, World, one_shot};

/// `file`.
pub const COMMAND: Command =
    Command { name: "file", path: "/usr/bin/file", program: |argv| one_shot(|cx| ended(run(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('b', "brief"),
    flag('i', "mime"),
    flag('\0', "mime-type"),
    flag('L', "dereference"),
    flag('h', "no-dereference"),
    absent('z', "uncompress"),
    absent('f', "files-from"),
    absent('k', "keep-going"),
    absent('s', "special-files"),
];
const OPTIONS: Options =
    Options { table: TABLE, usage: "[-bihL] <file> ...", version: "", status: 1, hint: Hint::Usage, in_order: false };

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &OPTIONS)?;
    if parsed.operands.is_empty() {
        return Ok(options::misuse(cx, &OPTIONS));
    }
    let widest = parsed.operands.iter().map(|path| path.chars().count()).max().unwrap_or(0);
    let mime = parsed.has("mime") || parsed.has("mime-type");
    for path in &parsed.operands {
        let (text, media) = describe(cx, path, parsed.has("dereference"));
        let shown = match (mime, parsed.has("mime-type")) {
            (true, true) => media.split(';').next().unwrap_or_default().to_owned(),
            (true, false) => media,
            _ => text,
        };
        if parsed.has("brief") {
            cx.outln(&shown);
        } else {
            let gap = " ".repeat(widest - path.chars().count());
            cx.outln(&format!("{path}: {gap}{shown}"));
        }
    }
    Ok(0)
}

/// What a file is, in words and as a media type.
fn describe(cx: &mut Cx<'_, '_>, path: &str, follow: bool) -> (String, String) {
    let found = if follow { cx.stat(path) } else { cx.lstat(path) };
    let node = match found {
        Ok(node) => node.clone(),
        Err(errno) => {
            let text = format!("cannot open `{path}' ({})", errno.message());
            return (text.clone(), text);
        }
    };
    let inode = |text: &str, kind: &str| (text.to_owned(), format!("inode/{kind}; charset=binary"));
    match &node.kind {
        Kind::Dir { .. } if node.mode & 0o1000 != 0 => inode("sticky, directory", "directory"),
        Kind::Dir { .. } => inode("directory", "directory"),
        Kind::Symlink(target) => {
            let broken = if cx.stat(path).is_err() { "broken " } else { "" };
            inode(&format!("{broken}symbolic link to {target}"), "symlink")
        }
        Kind::Fifo => inode("fifo (named pipe)", "fifo"),
        Kind::Socket => inode("socket", "socket"),
        Kind::Device(device) => {
            let numbers = match device {
                Device::Null => "1/3",
                Device::Zero => "1/5",
                Device::Full => "1/7",
                Device::Random => "1/9",
                _ => "5/0",
            };
            inode(&format!("character special ({numbers})"), "chardevice")
        }
        Kind::File(bytes) => match cx.read_file(path) {
            Err(_) => {
                let text = "regular file, no read permission".to_owned();
                (text.clone(), text)
            }
            Ok(_) => contents(path, bytes),
        },
    }
}

fn contents(path: &str, bytes: &[u8]) -> (String, String) {
    let pair = |text: &str, media: &str| (text.to_owned(), media.to_owned());
    if bytes.is_empty() {
        return pair("empty", "inode/x-empty; charset=binary");
    }
    if World::builtin_name(bytes).is_some() || bytes.starts_with(b"\x7fELF") {
        let text = "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, interpreter \
                    /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped";
        return pair(text, "application/x-pie-executable; charset=binary");
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return pair("gzip compressed data", "application/gzip; charset=binary");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return pair("data", "application/octet-stream; charset=binary");
    };
    if text.chars().any(|c| c.is_control() && !"\n\r\t\u{c}\u{8}\u{1b}".contains(c)) {
        return pair("data", "application/octet-stream; charset=binary");
    }
    let (encoding, charset) =
        if text.is_ascii() { ("ASCII text", "us-ascii") } else { ("Unicode text, UTF-8 text", "utf-8") };
    let (script, media) = kind_of_text(path, text);
    let mut description = match script.is_empty() {
        true => encoding.to_owned(),
        false if script == "JSON text data" => return pair(script, &format!("{media}; charset={charset}")),
        false => format!("{script}, {encoding}"),
    };
    if script.ends_with("script") && text.starts_with("#!") {
        description.push_str(" executable");
    }
    let crlf = text.matches("\r\n").count();
    if crlf > 0 && crlf == text.matches('\n').count() {
        description.push_str(", with CRLF line terminators");
    } else if crlf > 0 {
        description.push_str(", with CRLF, LF line terminators");
    } else if !text.contains('\n') {
        description.push_str(", with no line terminators");
    }
    (description, format!("{media}; charset={charset}"))
}

/// The kind of a text by its first line, and its media type.
fn kind_of_text(path: &str, text: &str) -> (&'static str, &'static str) {
    let first = text.lines().next().unwrap_or_default();
    let interpreter = first.strip_prefix("#!").unwrap_or_default();
    let words: Vec<&str> = interpreter.split_whitespace().collect();
    let name = words.iter().map(|word| word.rsplit('/').next().unwrap_or(word)).find(|word| *word != "env");
    match name {
        Some("bash") => return ("Bourne-Again shell script", "text/x-shellscript"),
        Some("sh" | "dash") => return ("POSIX shell script", "text/x-shellscript"),
        Some(name) if name.starts_with("python") => return ("Python script", "text/x-script.python"),
        Some(name) if name.starts_with("php") => return ("PHP script", "text/x-php"),
        Some("perl") => return ("Perl script text executable", "text/x-perl"),
        Some("node") => return ("Node.js script", "application/javascript"),
        _ => {}
    }
    let trimmed = text.trim();
    if text.starts_with("<?php") {
        return ("PHP script", "text/x-php");
    }
    let braces =
        (trimmed.starts_with('{') && trimmed.ends_with('}')) || (trimmed.starts_with('[') && trimmed.ends_with(']'));
    if braces && trimmed.contains(['"', ']']) && !path.ends_with(".service") && !trimmed.contains("\n[") {
        return ("JSON text data", "application/json");
    }
    ("", "text/plain")
}
