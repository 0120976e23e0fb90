//! Completion of a command line, as the shell's user sees the machine: commands, verbs, options, units, users, signals,
//! journal fields, paths. It knows no list of its own: tables and answers are those of the commands themselves.

mod options;
mod paths;
mod units;

use super::bash::Bash;
use super::builtins;
use super::marks::{Mark, Marked, PREFIXES, Word, mark};
use crate::commands;
use crate::vps::Vps;
use crate::world::fs::Access;
use crate::world::{Duration, Pid, Signal, accounts};

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What is put in the place of the word.
    pub text: String,
    /// What the list shows.
    pub shown: String,
}

/// How long a command that is asked about itself may take on its copy of the machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// How the last word of `line` can go on, in the shell `shell`: where the word begins (a byte), and the candidates.
pub fn complete(vps: &Vps, shell: Pid, line: &str) -> (usize, Vec<Candidate>) {
    let Marked { mut words, .. } = mark(line);
    let begun = words.pop_if(|word| word.span.end == line.len());
    let begun = begun.unwrap_or_else(|| Word {
        span: line.len()..line.len(),
        text: String::new(),
        mark: next_mark(line),
        redirected: line.trim_end().ends_with(['>', '<']),
        open: None,
    });
    let mut place = Place { vps, shell, start: begun.span.start, quote: begun.open };
    let words: Vec<&str> = without_prefixes(&words);
    let mut found = Vec::new();
    if begun.redirected {
        found = paths::paths(&place, &begun.text);
    } else if begun.mark == Mark::Command && !begun.text.contains('/') {
        found = commands(&place, &begun.text);
    } else if let Some((command, rest)) = words.split_first() {
        found = arguments(&mut place, line, command, rest, &begun);
    }
    if found.is_empty() {
        found = paths::paths(&place, &begun.text);
    }
    found.sort();
    found.dedup();
    (place.start, found)
}

/// Where completion happens.
struct Place<'v> {
    vps: &'v Vps,
    shell: Pid,
    /// Where the text begins that is replaced.
    start: usize,
    /// The quote that is open.
    quote: Option<char>,
}

impl Place<'_> {
    /// What a command prints when root runs it on a copy of the machine.
    fn ask(&self, command: &str) -> String {
        self.vps.clone().run_command("root", command, PATIENCE).text
    }
}

/// Whether a word that is begun at the end of the line would be a command's name.
fn next_mark(line: &str) -> Mark {
    mark(&format!("{line}x")).words.last().map_or(Mark::Argument, |word| word.mark)
}

/// The words from the last command's name on: `sudo -u deploy` and its like are taken away.
fn without_prefixes(words: &[Word]) -> Vec<&str> {
    let name = |word: &Word| word.mark == Mark::Command;
    let from = words.iter().rposition(name).unwrap_or(words.len());
    // Where nothing but the prefix stands, it is the command: `sudo -<Tab>`.
    words[from..].iter().map(|word| word.text.as_str()).collect()
}

/// The arguments of a command.
fn arguments(place: &mut Place<'_>, line: &str, command: &str, rest: &[&str], begun: &Word) -> Vec<Candidate> {
    let word = begun.text.as_str();
    // `--unit=ngi` and `-ungi` hold the option and its value.
    let glued = word.split_once('=').filter(|(option, _)| option.starts_with("--"));
    let (option, value) = match (glued, rest.last()) {
        (Some((option, value)), _) => (option, value),
        (None, Some(last)) if last.starts_with('-') => (*last, word),
        _ => ("", word),
    };
    if glued.is_some() {
        place.start = begun.span.start + line[begun.span.clone()].find('=').map_or(0, |at| at + 1);
    }
    let values = options::values(place, command, option, value);
    if !values.is_empty() {
        return values;
    }
    if word.starts_with("--") || (word.starts_with('-') && !has_signals(command)) {
        return options::long(place, command, word);
    }
    let verb = rest.iter().find(|w| !w.starts_with('-')).copied();
    match (command, verb) {
        ("systemctl", Some(verb)) => units::for_verb(place, verb, rest.contains(&"--user"), word),
        ("service", None) => units::services(place, word),
        ("kill" | "pkill" | "killall", _) if word.starts_with('-') => signals("-", word),
        ("killall" | "pkill" | "pgrep" | "pidof", _) => processes(place, word),
        ("su" | "id" | "groups" | "usermod" | "deluser" | "passwd" | "chage", _) => users(place, word),
        ("journalctl", _) if word.contains('=') => Vec::new(),
        ("journalctl", _) if word.starts_with('_') || word.starts_with(|c: char| c.is_ascii_uppercase()) => {
            units::journal_fields(place, word)
        }
        ("help" | "type" | "command", _) => plain(builtins::names(), word),
        (name, None) if commands::verbs(name).is_some() => {
            plain(commands::verbs(name).unwrap_or_default().into_iter(), word)
        }
        ("supervisorctl", Some(_)) => units::supervised(place, word),
        _ => Vec::new(),
    }
}

fn has_signals(command: &str) -> bool {
    matches!(command, "kill" | "pkill" | "killall")
}

fn plain<'a>(list: impl Iterator<Item = &'a str>, word: &str) -> Vec<Candidate> {
    list.filter(|item| item.starts_with(word)).map(finished).collect()
}

/// A candidate that ends its word.
fn finished(text: &str) -> Candidate {
    Candidate { text: format!("{text} "), shown: text.to_owned() }
}

/// Whether `name` is a command that the shell would find: builtin, function, alias, or a file in its `PATH`.
pub fn is_command(vps: &Vps, shell: Pid, name: &str) -> bool {
    let Some(process) = vps.world.process(shell) else { return false };
    if name.contains('/') {
        let found = vps.world.files.find(&process.cred, &process.cwd, name, true);
        let node = found.ok().and_then(|f| f.ino).and_then(|ino| vps.world.files.inode(ino));
        return node.is_some_and(|n| n.is_dir() || vps.world.files.permit(&process.cred, n, Access::Execute).is_ok());
    }
    if builtins::names().any(|builtin| builtin == name) || defined(vps, shell).iter().any(|d| d == name) {
        return true;
    }
    let path = process.getenv("PATH").unwrap_or_default();
    path.split(':').any(|folder| vps.world.files.get(&format!("{folder}/{name}")).is_some())
}

/// The aliases and functions of the shell.
fn defined(vps: &Vps, shell: Pid) -> Vec<String> {
    let program = vps.world.process(shell).and_then(|process| process.program.as_ref());
    // The box itself is a value too: look through it.
    let Some(bash) = program.and_then(|program| (**program).as_any().downcast_ref::<Bash>()) else { return Vec::new() };
    bash.shell.aliases.keys().chain(bash.shell.functions.keys()).map(|name| name.to_string()).collect()
}

/// The command that a mistyped name comes nearest to: any that the shell would find.
pub fn command_names(vps: &Vps, shell: Pid) -> Vec<String> {
    let place = Place { vps, shell, start: 0, quote: None };
    commands(&place, "").into_iter().map(|candidate| candidate.shown).collect()
}

/// What the command that is begun takes next, where its own table says so: the usage of a builtin, units for a verb.
pub fn usage(line: &str) -> Option<String> {
    if !line.ends_with(' ') {
        return None;
    }
    let words = mark(line).words;
    match without_prefixes(&words).as_slice() {
        ["systemctl"] => Some("VERB [UNIT…]".to_owned()),
        ["systemctl", verb] => {
            let found = commands::systemctl::verbs::VERBS.iter().find(|v| v.name == *verb)?;
            (found.min > 1).then(|| "UNIT…".to_owned())
        }
        [name] => builtins::usage(name).filter(|usage| !usage.is_empty()).map(str::to_owned),
        _ => None,
    }
}

fn commands(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let mut found = plain(builtins::names().filter(|name| name.starts_with(|c: char| c.is_alphabetic())), word);
    found.extend(defined(place.vps, place.shell).iter().filter(|name| name.starts_with(word)).map(|n| finished(n)));
    let Some(process) = place.vps.world.process(place.shell) else { return found };
    let files = &place.vps.world.files;
    for folder in process.getenv("PATH").unwrap_or_default().split(':') {
        let Ok(names) = files.list(&process.cred, "/", folder) else { continue };
        for (name, ino) in names.iter().filter(|(name, _)| name.starts_with(word)) {
            let node = files.inode(*ino);
            if node.is_some_and(|n| n.is_symlink() || files.permit(&process.cred, n, Access::Execute).is_ok()) {
                found.push(finished(name));
            }
        }
    }
    found
}

fn signals(dash: &str, word: &str) -> Vec<Candidate> {
    let names = Signal::all().map(|s| format!("{dash}{}", s.name()));
    names.filter(|name| name.starts_with(word)).map(|name| finished(&name)).collect()
}

fn users(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let users = accounts::users(&place.vps.world.files);
    users.iter().filter(|u| u.name.starts_with(word)).map(|u| finished(&u.name)).collect()
}

/// The names of the programs that run.
fn processes(place: &Place<'_>, word: &str) -> Vec<Candidate> {
    let living = place.vps.world.processes().filter(|p| !p.is_zombie() && !p.argv.is_empty());
    living.filter(|p| p.comm.starts_with(word)).map(|p| finished(&p.comm)).collect()
}

/// Whether a word is one of those that are followed by a command.
pub fn is_prefix(name: &str) -> bool {
    PREFIXES.contains(&name)
}

#[cfg(test)]
mod tests;
