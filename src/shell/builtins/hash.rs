//! `hash`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::run::exec::{Found, search_path};
use crate::world::Sys;

pub(super) fn hash(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "lrdtp") {
        Ok(found) => found,
        Err(done) => return done,
    };
    shell.forget_other_path();
    if letters.contains('r') {
        shell.hashed.clear();
        return Done::Status(0);
    }
    if rest.is_empty() && letters.contains('l') {
        let lines = shell.hashed.iter().map(|(name, (path, _))| format!("builtin hash -p {path} {name}\n"));
        let text: String = lines.collect();
        shell.print(1, &text);
        return Done::Status(0);
    }
    if rest.is_empty() {
        if shell.hashed.is_empty() {
            shell.print(1, "hash: hash table empty\n");
            return Done::Status(0);
        }
        let mut out = String::from("hits\tcommand\n");
        for (path, uses) in shell.hashed.values() {
            out.push_str(&format!("{uses:4}\t{path}\n"));
        }
        shell.print(1, &out);
        return Done::Status(0);
    }
    let mut status = 0;
    if letters.contains('p') {
        for name in &rest[1..] {
            shell.hashed.insert(name.clone(), (rest[0].clone(), 0));
        }
        return Done::Status(0);
    }
    for name in &rest {
        if letters.contains('d') {
            if shell.hashed.remove(name).is_none() {
                shell.builtin_error("hash", &format!("{name}: not found"));
                status = 1;
            }
        } else if letters.contains('t') {
            match shell.hashed.get(name).cloned() {
                Some((path, _)) => shell.print(1, &format!("{path}\n")),
                None => {
                    shell.builtin_error("hash", &format!("{name}: not found"));
                    status = 1;
                }
            }
        } else {
            let folders = shell.variable("PATH");
            match search_path(sys, &folders, name).into_iter().next() {
                Some(path) => {
                    shell.hashed.insert(name.clone(), (path, 0));
                }
                None => {
                    shell.builtin_error("hash", &format!("{name}: not found"));
                    status = 1;
                }
            }
        }
    }
    Done::Status(status)
}

impl Bash {
    /// Forgets what was found in another `PATH`.
    pub(in crate::shell) fn forget_other_path(&mut self) {
        let path = self.shell.variables.text("PATH");
        if self.hashed_for != path {
            self.hashed.clear();
            self.hashed_for = path;
        }
    }

    /// Remembers where a program was found, as the shell does when it runs one.
    pub(in crate::shell) fn remember(&mut self, sys: &mut Sys<'_>, name: &str) {
        if name.contains('/') || !self.shell.switches.is("hashall") {
            return;
        }
        self.forget_other_path();
        if let Some(entry) = self.hashed.get_mut(name) {
            entry.1 += 1;
        } else if let Found::Path(path) = self.find_program(sys, name) {
            self.hashed.insert(name.to_string(), (path, 1));
        }
    }
}
