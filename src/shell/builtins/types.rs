//! `type`, and how names are resolved: bash(1), COMMAND EXECUTION.

use super::{Done, find};
use crate::shell::bash::Bash;
use crate::shell::run::exec::search_path;
use crate::shell::syntax::print;
use crate::world::Sys;

/// The reserved words.
const KEYWORDS: [&str; 22] = [
    "!", "[[", "]]", "{", "}", "case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if",
    "in", "select", "then", "time", "until", "while",
];

/// What a name is.
pub(super) enum Meaning {
    /// An alias and its text.
    Alias(String),
    /// A reserved word.
    Keyword,
    /// A function.
    Function,
    /// A builtin, and whether it is a special one.
    Builtin(bool),
    /// A file.
    File(String),
}

/// All that a name may mean, the first first.
pub(super) fn meanings(shell: &mut Bash, sys: &mut Sys<'_>, name: &str, files_only: bool) -> Vec<Meaning> {
    let mut out = Vec::new();
    if !files_only {
        if let Some(text) = shell.shell.aliases.get(name).filter(|_| shell.shell.switches.has("expand_aliases")) {
            out.push(Meaning::Alias(text.to_string()));
        }
        if KEYWORDS.contains(&name) {
            out.push(Meaning::Keyword);
        }
        if shell.shell.functions.contains_key(name) {
            out.push(Meaning::Function);
        }
        if let Some(builtin) = find(name, shell.shell.posix) {
            out.push(Meaning::Builtin(builtin.special));
        }
    }
    if name.contains('/') {
        let executable = sys.access(name, crate::world::fs::Access::Execute).is_ok();
        if executable && sys.stat(name).is_ok_and(|node| node.is_file()) {
            out.push(Meaning::File(name.to_string()));
        }
    } else {
        let folders = shell.variable("PATH");
        let files = search_path(sys, &folders, name);
        out.extend(
            files
                .into_iter()
                .filter(|path| sys.access(path, crate::world::fs::Access::Execute).is_ok())
                .map(Meaning::File),
        );
    }
    out
}

pub(super) fn type_(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, names) = match shell.letters(args, "afptP") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let mut status = 0;
    for name in &names {
        let mut found = meanings(shell, sys, name, letters.contains('P'));
        if letters.contains('f') {
            found.retain(|meaning| !matches!(meaning, Meaning::Function));
        }
        if !letters.contains('a') {
            found.truncate(1);
        }
        if found.is_empty() {
            if !letters.contains(['t', 'p', 'P']) {
                let message = format!("{name}: not found");
                if shell.shell.posix {
                    shell.print(1, &format!("{message}\n"));
                } else {
                    shell.builtin_error("type", &message);
                }
            }
            status = if shell.shell.posix { 127 } else { 1 };
        }
        for meaning in &found {
            let text = match meaning {
                _ if letters.contains('t') => format!("{}\n", word(meaning)),
                Meaning::File(path) if letters.contains(['p', 'P']) => format!("{path}\n"),
                _ if letters.contains('p') => String::new(),
                Meaning::File(path) if letters.contains('a') => format!("{name} is {path}\n"),
                meaning => sentence(shell, name, meaning),
            };
            shell.print(1, &text);
        }
    }
    Done::Status(status)
}

fn word(meaning: &Meaning) -> &'static str {
    match meaning {
        Meaning::Alias(_) => "alias",
        Meaning::Keyword => "keyword",
        Meaning::Function => "function",
        Meaning::Builtin(_) => "builtin",
        Meaning::File(_) => "file",
    }
}

/// What `type` and `command -V` print.
pub(super) fn sentence(shell: &mut Bash, name: &str, meaning: &Meaning) -> String {
    match meaning {
        Meaning::Alias(text) if shell.shell.posix => format!("{name} is an alias for {text}\n"),
        Meaning::Alias(text) => format!("{name} is aliased to `{text}'\n"),
        Meaning::Keyword => format!("{name} is a shell keyword\n"),
        Meaning::Function if shell.shell.posix => format!("{name} is a shell function\n"),
        Meaning::Function => {
            let text = shell.shell.functions.get(name).map(|function| print::function(&function.definition));
            format!("{name} is a function\n{}\n", text.unwrap_or_default())
        }
        Meaning::Builtin(true) if shell.shell.posix => format!("{name} is a special shell builtin\n"),
        Meaning::Builtin(_) => format!("{name} is a shell builtin\n"),
        Meaning::File(path) => match shell.hashed.get_mut(name).map(|(path, uses)| {
            *uses += 1;
            (path.clone(), *uses)
        }) {
            Some((hashed, _)) if hashed == *path && !shell.shell.posix => format!("{name} is hashed ({path})\n"),
            _ => format!("{name} is {path}\n"),
        },
    }
}
