//! Completion of a command line: commands, verbs, units, users, signals and paths, as the shell's user sees them.

use crate::systemd::unit_name::UnitName;
use crate::vps::Vps;
use crate::world::fs::{Access, Cred, join};
use crate::world::{Pid, Signal, accounts};

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is put in the place of the word.
    pub text: String,
    /// What the list shows.
    pub shown: String,
}

/// Commands that the shell has in itself.
const BUILTINS: &[&str] = &[
    "alias", "bg", "cd", "command", "declare", "disown", "echo", "eval", "exec", "exit", "export", "fg", "history",
    "jobs", "kill", "local", "logout", "printf", "pwd", "read", "set", "shopt", "source", "test", "trap", "type",
    "ulimit", "umask", "unalias", "unset", "wait",
];

/// The verbs of systemctl in daily use.
const VERBS: &[&str] = &[
    "cat",
    "daemon-reload",
    "disable",
    "edit",
    "enable",
    "is-active",
    "is-enabled",
    "is-failed",
    "kill",
    "list-dependencies",
    "list-timers",
    "list-unit-files",
    "list-units",
    "mask",
    "poweroff",
    "reboot",
    "reload",
    "reset-failed",
    "restart",
    "show",
    "start",
    "status",
    "stop",
    "unmask",
];

/// Words that are followed by a command of their own.
const PREFIXES: &[&str] = &["sudo", "nohup", "setsid", "nice", "time", "exec", "command", "env", "watch", "timeout"];

/// How the last word of `line` can go on, in the shell `shell`: where the word begins (a byte), and the candidates.
pub fn complete(vps: &mut Vps, shell: Pid, line: &str) -> (usize, Vec<Candidate>) {
    let start = line.rfind([' ', '\t', '|', ';', '&', '(', '=', '>', '<']).map_or(0, |at| at + 1);
    let word = &line[start..];
    let command = current_command(&line[..start]);
    let redirected = line[..start].trim_end().ends_with(['>', '<']);
    let mut found = match command.as_slice() {
        _ if redirected => Vec::new(),
        [] if !word.contains('/') => commands(vps, shell, word),
        ["systemctl", rest @ ..] => systemctl(vps, rest, word),
        ["journalctl", .., "-u" | "--unit"] | ["service"] => units(vps, word, false),
        ["journalctl", ..] if word.starts_with('-') => plain(JOURNALCTL, word),
        ["kill" | "pkill" | "killall"] if word.starts_with('-') => signals(word),
        ["su" | "id" | "groups" | "usermod", ..] | ["sudo" | "ps", .., "-u"] => users(vps, word),
        _ => Vec::new(),
    };
    if found.is_empty() {
        found = paths(vps, shell, word);
    }
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found.dedup();
    (start, found)
}

const JOURNALCTL: &[&str] = &[
    "--boot",
    "--follow",
    "--list-boots",
    "--lines",
    "--no-pager",
    "--output",
    "--priority",
    "--reverse",
    "--since",
    "--unit",
    "--until",
];

/// The words of the simple command that the cursor is in, prefixes such as `sudo` taken away.
fn current_command(before: &str) -> Vec<&str> {
    let from = before.rfind(['|', ';', '&', '(', '\n']).map_or(0, |at| at + 1);
    let mut words: Vec<&str> = before[from..].split_whitespace().collect();
    while words.first().is_some_and(|word| PREFIXES.contains(word)) {
        let keep = words.iter().skip(1).position(|w| !w.starts_with('-')).map_or(words.len(), |n| n + 1);
        if words.len() > 1 && words[0] == "sudo" && words.last() == Some(&"-u") {
            break;
        }
        words.drain(..keep);
    }
    words
}

fn plain(list: &[&str], word: &str) -> Vec<Candidate> {
    list.iter().filter(|item| item.starts_with(word)).map(|item| finished(item)).collect()
}

/// A candidate that ends its word.
fn finished(text: &str) -> Candidate {
    Candidate { text: format!("{text} "), shown: text.to_owned() }
}

fn commands(vps: &Vps, shell: Pid, word: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = plain(BUILTINS, word);
    let Some(process) = vps.world.process(shell) else { return found };
    let path = process.getenv("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin").to_owned();
    for folder in path.split(':') {
        let Ok(names) = vps.world.files.list(&process.cred, "/", folder) else { continue };
        for (name, ino) in names.iter().filter(|(name, _)| name.starts_with(word)) {
            let node = vps.world.files.inode(*ino);
            if node.is_some_and(|n| n.is_symlink() || vps.world.files.permit(&process.cred, n, Access::Execute).is_ok())
            {
                found.push(finished(name));
            }
        }
    }
    found
}

fn systemctl(vps: &Vps, rest: &[&str], word: &str) -> Vec<Candidate> {
    let mut verbs = rest.iter().filter(|w| !w.starts_with('-'));
    match verbs.next() {
        None if word.starts_with('-') => plain(&["--all", "--failed", "--no-pager", "--now", "--type", "--user"], word),
        None => plain(VERBS, word),
        Some(_) => units(vps, word, true),
    }
}

/// Units by name; those of a kind other than service only when more than `services` are asked for or one is begun.
fn units(vps: &Vps, word: &str, all: bool) -> Vec<Candidate> {
    let mut names: Vec<String> = Vec::new();
    for folder in ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system"] {
        let Ok(list) = vps.world.files.list(&Cred::root(), "/", folder) else { continue };
        names.extend(list.iter().map(|(name, _)| name.to_string()));
    }
    names.retain(|name| UnitName::new(name).is_some() && name.starts_with(word));
    if !all || !names.iter().all(|name| !name.ends_with(".service")) {
        names.retain(|name| name.ends_with(".service") || word.contains('.'));
    }
    names.iter().map(|name| finished(name)).collect()
}

fn signals(word: &str) -> Vec<Candidate> {
    let names = Signal::all().map(|s| format!("-{}", s.name()));
    names.filter(|name| name.starts_with(word)).map(|name| finished(&name)).collect()
}

fn users(vps: &Vps, word: &str) -> Vec<Candidate> {
    let users = accounts::users(&vps.world.files);
    users.iter().filter(|u| u.name.starts_with(word)).map(|u| finished(&u.name)).collect()
}

/// Files and folders that the user may see; a folder goes on with `/`.
fn paths(vps: &mut Vps, shell: Pid, word: &str) -> Vec<Candidate> {
    let Some(process) = vps.world.process(shell) else { return Vec::new() };
    let (cred, cwd) = (process.cred.clone(), process.cwd.clone());
    let home = process.getenv("HOME").unwrap_or("/").to_owned();
    let (folder, name) = word.rsplit_once('/').map_or(("", word), |(f, n)| (f, n));
    let prefix = if word.contains('/') { format!("{folder}/") } else { String::new() };
    let target = match prefix.strip_prefix("~/") {
        Some(rest) => format!("{home}/{rest}"),
        None if prefix.is_empty() => cwd.to_string(),
        None => join(&cwd, &prefix),
    };
    vps.world.refresh_proc(&target);
    let files = &vps.world.files;
    let Ok(list) = files.list(&cred, &cwd, &target) else { return Vec::new() };
    let hidden = name.starts_with('.');
    list.iter()
        .filter(|(entry, _)| entry.starts_with(name) && (hidden || !entry.starts_with('.')))
        .map(|(entry, _)| {
            let full = join(&target, entry);
            let is_folder = files.get(&full).is_some_and(|node| node.is_dir());
            let quoted = escape(entry);
            let end = if is_folder { "/" } else { " " };
            let shown = if is_folder { format!("{entry}/") } else { entry.to_string() };
            Candidate { text: format!("{prefix}{quoted}{end}"), shown }
        })
        .collect()
}

fn escape(name: &str) -> String {
    let special = |c: char| " '\"\\$&|;()<>*?[]#~`!{}".contains(c);
    name.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}
