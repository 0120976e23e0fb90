//! `logger`: writes messages to the system log: logger(1).

use super::journalctl::{FACILITIES, LEVELS};
use crate::commands::Command;
use crate::commands::options::{Hint, Options, absent, flag, optional, parse, value};
use crate::systemd::journal::{EntryBuilder, cgroup_parts};
use crate::systemd::value::parse_size;
use crate::vps::systemd;
use crate::world::accounts::user_name;
use crate::world::{Cx, NeedInput, one_shot};

/// The command.
pub const COMMAND: Command = Command { name: "logger", path: "/usr/bin/logger", program: |argv| one_shot(run, argv) };

const OPTIONS: Options = Options::util_linux(
    &[
        crate::commands::options::short('i', "i"),
        optional('\0', "id"),
        value('f', "file"),
        flag('e', "skip-empty"),
        flag('\0', "no-act"),
        value('p', "priority"),
        flag('\0', "prio-prefix"),
        flag('s', "stderr"),
        value('S', "size"),
        value('t', "tag"),
        absent('n', "server"),
        absent('P', "port"),
        absent('T', "tcp"),
        absent('d', "udp"),
        absent('u', "socket"),
        absent('\0', "journald"),
    ],
    "[options] [<message>]",
)
.hint(Hint::Try);

/// Names of levels that syslog(3) knows besides those of the journal.
const ALIASES: &[(&str, u8)] = &[("panic", 0), ("error", 3), ("warn", 4), ("security", 4)];

/// The longest message, in bytes.
const SIZE: usize = 1024;

/// How messages are sent.
struct Sender {
    facility: u8,
    level: u8,
    tag: String,
    id: Option<String>,
    to_stderr: bool,
    no_act: bool,
}

fn run(cx: &mut Cx<'_, '_>) -> Result<u8, NeedInput> {
    let parsed = match parse(cx, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Ok(status),
    };
    let (facility, level) = match parsed.last("priority").map_or(Ok((1, 5)), priority) {
        Ok(both) => both,
        Err(message) => {
            cx.fail(&message);
            return Ok(1);
        }
    };
    let id = if parsed.has("i") || parsed.has("id") {
        Some(parsed.last("id").filter(|id| !id.is_empty()).map_or_else(|| cx.pid.to_string(), str::to_owned))
    } else {
        None
    };
    let size = match parsed.last("size").map(|text| (text, parse_size(text, 1024))) {
        None => SIZE,
        Some((_, Ok(size))) => usize::try_from(size).unwrap_or(SIZE).max(1),
        Some((text, Err(_))) => {
            let text = format!("failed to parse message size: '{text}': Invalid argument");
            cx.fail(&text);
            return Ok(1);
        }
    };
    let tag = parsed.last("tag").map_or_else(|| login_name(cx), str::to_owned);
    let mut sender = Sender { facility, level, tag, id, to_stderr: parsed.has("stderr"), no_act: parsed.has("no-act") };
    if !parsed.operands.is_empty() {
        let text = parsed.operands.join(" ");
        for piece in pieces(text.as_bytes(), size) {
            sender.send(cx, piece);
        }
        return Ok(0);
    }
    let input = match parsed.last("file") {
        None | Some("-") => cx.stdin()?,
        Some(path) => match cx.read_file(path) {
            Ok(bytes) => bytes.to_vec(),
            Err(errno) => {
                let path = path.to_owned();
                cx.fail(&format!("file {path}: {}", errno.message()));
                return Ok(1);
            }
        },
    };
    let text = input.strip_suffix(b"\n").unwrap_or(&input);
    if input.is_empty() {
        return Ok(0);
    }
    for line in text.split(|b| *b == b'\n') {
        let line = if parsed.has("prio-prefix") { sender.prefix(line) } else { line };
        if line.is_empty() {
            if !parsed.has("skip-empty") {
                sender.send(cx, line);
            }
            continue;
        }
        for piece in pieces(line, size) {
            sender.send(cx, piece);
        }
    }
    Ok(0)
}

/// A text in pieces of at most `size` bytes, cut between characters.
fn pieces(text: &[u8], size: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(size);
        while end < rest.len() && end > 1 && rest[end] & 0xc0 == 0x80 {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

impl Sender {
    /// Heeds `<N>` at the start of a line: a priority and a facility in one number.
    fn prefix<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        let number = line.strip_prefix(b"<").and_then(|rest| {
            let end = rest.iter().position(|b| *b == b'>').filter(|end| (1..=3).contains(end))?;
            let number: u8 = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
            Some((number, &rest[end + 1..]))
        });
        let Some((number, rest)) = number else { return line };
        if number >= 8 {
            self.facility = number / 8;
        }
        self.level = number % 8;
        rest
    }

    fn send(&self, cx: &mut Cx<'_, '_>, message: &[u8]) {
        let now = cx.now().strftime("%b %e %H:%M:%S");
        if self.to_stderr {
            let id = self.id.as_ref().map(|id| format!("[{id}]")).unwrap_or_default();
            let number = self.facility * 8 + self.level;
            let text = String::from_utf8_lossy(message);
            cx.errln(&format!("<{number}>{now} {}{id}: {text}", self.tag));
        }
        if self.no_act {
            return;
        }
        let pid = cx.pid;
        let mut entry = EntryBuilder::new(pid, self.level, message.trim_ascii_end())
            .transport("syslog")
            .field("SYSLOG_FACILITY", self.facility.to_string())
            .identifier(&self.tag);
        if let Some(id) = &self.id {
            entry = entry.field("SYSLOG_PID", id);
        }
        let entry = entry.field("SYSLOG_TIMESTAMP", format!("{now} "));
        let (systemd, world) = systemd(cx.sys);
        systemd.journal.append(world, entry);
    }
}

/// Who logged in: the owner of the session, else the user that this process runs as.
fn login_name(cx: &Cx<'_, '_>) -> String {
    let parts = cgroup_parts(&cx.me().cgroup);
    let uid = parts.owner_uid.filter(|_| parts.session.is_some()).unwrap_or(cx.me().ruid);
    user_name(&cx.world.files, uid)
}

/// `facility.level`, `level`, or their numbers.
fn priority(text: &str) -> Result<(u8, u8), String> {
    let (facility, level) = match text.split_once('.') {
        Some((facility, level)) => {
            (decode(facility, FACILITIES).ok_or(format!("unknown facility name: {text}")), level)
        }
        None => (Ok(1), text),
    };
    let facility = facility.map_err(|message| message.split('.').next().unwrap_or_default().to_owned())?;
    let level = decode(level, LEVELS).ok_or_else(|| format!("unknown priority name: {level}"))?;
    // Nobody but the kernel may speak for the kernel.
    Ok((facility.max(1), level))
}

fn decode(word: &str, names: &[&str]) -> Option<u8> {
    if let Ok(number) = word.parse::<u8>() {
        return (usize::from(number) < names.len()).then_some(number);
    }
    let word = word.to_ascii_lowercase();
    let position = names.iter().position(|name| *name == word);
    position.and_then(|n| u8::try_from(n).ok()).or_else(|| ALIASES.iter().find(|a| a.0 == word).map(|a| a.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_have_two_parts() {
        assert_eq!(priority("user.err"), Ok((1, 3)));
        assert_eq!(priority("local0.notice"), Ok((16, 5)));
        assert_eq!(priority("warn"), Ok((1, 4)));
        assert_eq!(priority("kern.0"), Ok((1, 0)));
        assert_eq!(priority("nosuch.level"), Err("unknown facility name: nosuch".into()));
        assert_eq!(priority("user.loud"), Err("unknown priority name: loud".into()));
    }

    #[test]
    fn long_messages_are_cut_between_characters() {
        assert_eq!(pieces("aé".as_bytes(), 2), ["a".as_bytes(), "é".as_bytes()]);
        assert!(pieces(b"", 5).is_empty());
    }
}
