//! `cd`, `pwd`, `pushd`, `popd`, `dirs`: bash(1), SHELL BUILTIN COMMANDS and DIRECTORY STACK.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::run::shown_folder;
use crate::world::Sys;

pub(super) fn cd(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "LPe@") {
        Ok(found) => found,
        Err(_) => return Done::Status(2),
    };
    if rest.len() > 1 {
        shell.builtin_error("cd", "too many arguments");
        return Done::Status(1);
    }
    let (target, show) = match rest.first().map(String::as_str) {
        None => match shell.shell.variables.text("HOME") {
            Some(home) => (home.to_string(), false),
            None => {
                shell.builtin_error("cd", "HOME not set");
                return Done::Status(1);
            }
        },
        Some("-") => match shell.shell.variables.text("OLDPWD") {
            Some(old) => (old.to_string(), true),
            None => {
                shell.builtin_error("cd", "OLDPWD not set");
                return Done::Status(1);
            }
        },
        Some(target) => (target.to_string(), false),
    };
    if target.is_empty() {
        return Done::Status(0);
    }
    match shell.change_folder(sys, &target, letters.contains('P')) {
        Ok(()) => {
            if show {
                let folder = shell.variable("PWD");
                shell.print(1, &format!("{folder}\n"));
            }
            Done::Status(0)
        }
        Err(message) => {
            let message = if shell.shell.posix { format!("can't cd to {target}") } else { message };
            shell.builtin_error("cd", &message);
            Done::Status(if shell.shell.posix { 2 } else { 1 })
        }
    }
}

/// A path with `.` and `..` taken out of its text.
fn logical(folder: &str, path: &str) -> String {
    let joined = if path.starts_with('/') { path.to_string() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

impl Bash {
    /// Goes to a folder, and says so in `PWD` and `OLDPWD`.
    pub(in crate::shell) fn change_folder(
        &mut self,
        sys: &mut Sys<'_>,
        target: &str,
        physical: bool,
    ) -> Result<(), String> {
        let old = self.variable("PWD");
        let searched = if target.starts_with(['/', '.']) { None } else { self.shell.variables.text("CDPATH") };
        let candidates: Vec<String> = searched
            .iter()
            .flat_map(|path| path.split(':'))
            .filter(|folder| !folder.is_empty())
            .map(|folder| format!("{folder}/{target}"))
            .chain([target.to_string()])
            .collect();
        let mut result = Ok(());
        for candidate in candidates {
            let path = if physical { candidate } else { logical(&old, &candidate) };
            match sys.chdir(&path) {
                Ok(()) => {
                    let new = if physical { sys.cwd().to_string() } else { path };
                    self.shell.set("OLDPWD", &old);
                    self.shell.set("PWD", &new);
                    for name in ["PWD", "OLDPWD"] {
                        self.shell.variables.entry(name).attributes.exported = true;
                    }
                    return Ok(());
                }
                Err(errno) => result = Err(format!("{target}: {}", errno.message())),
            }
        }
        result
    }

    fn stack(&self) -> Vec<String> {
        std::iter::once(self.variable("PWD")).chain(self.folders.iter().cloned()).collect()
    }

    fn show_stack(&mut self) {
        let home = self.variable("HOME");
        let shown: Vec<String> = self.stack().iter().map(|folder| shown_folder(folder, &home)).collect();
        self.print(1, &format!("{}\n", shown.join(" ")));
    }
}

pub(super) fn pwd(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let letters = match shell.letters(args, "LP") {
        Ok((letters, _)) => letters,
        Err(done) => return done,
    };
    let folder = if letters.ends_with('P') { sys.cwd().to_string() } else { shell.variable("PWD") };
    shell.print(1, &format!("{folder}\n"));
    Done::Status(0)
}

/// The place in the stack that `+2` or `-0` names.
fn place(word: &str, count: usize) -> Option<usize> {
    let number: usize = word[1..].parse().ok()?;
    let place = if word.starts_with('+') { Some(number) } else { (count - 1).checked_sub(number) };
    place.filter(|place| *place < count)
}

fn is_place(word: &str) -> bool {
    word.starts_with(['+', '-']) && word.len() > 1 && word[1..].bytes().all(|b| b.is_ascii_digit())
}

pub(super) fn pushd(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let stay = args.get(1).is_some_and(|word| word == "-n");
    let word = args.get(if stay { 2 } else { 1 });
    let mut stack = shell.stack();
    let target = match word {
        None if stack.len() < 2 => {
            shell.builtin_error("pushd", "no other directory");
            return Done::Status(1);
        }
        None => {
            stack.swap(0, 1);
            stack[0].clone()
        }
        Some(word) if is_place(word) => {
            let Some(place) = place(word, stack.len()) else {
                let alone = stack.len() == 1;
                let message = format!("{word}: directory stack index out of range");
                shell.builtin_error("pushd", if alone { "directory stack empty" } else { &message });
                return Done::Status(1);
            };
            stack.rotate_left(place);
            stack[0].clone()
        }
        Some(word) => {
            stack.insert(0, word.clone());
            word.clone()
        }
    };
    if !stay && let Err(message) = shell.change_folder(sys, &target, false) {
        shell.builtin_error("pushd", &message);
        return Done::Status(1);
    }
    shell.folders = stack[1..].to_vec();
    shell.show_stack();
    Done::Status(0)
}

pub(super) fn popd(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    let mut stack = shell.stack();
    if stack.len() < 2 {
        shell.builtin_error("popd", "directory stack empty");
        return Done::Status(1);
    }
    let place = match args.get(1) {
        Some(word) if is_place(word) => match place(word, stack.len()) {
            Some(place) => place,
            None => {
                shell.builtin_error("popd", &format!("{word}: directory stack index out of range"));
                return Done::Status(1);
            }
        },
        Some(word) => {
            shell.builtin_error("popd", &format!("{word}: invalid argument"));
            return Done::Status(1);
        }
        None => 0,
    };
    stack.remove(place);
    if place == 0
        && let Err(message) = shell.change_folder(sys, &stack[0], false)
    {
        shell.builtin_error("popd", &message);
        return Done::Status(1);
    }
    shell.folders = stack[1..].to_vec();
    shell.show_stack();
    Done::Status(0)
}

pub(super) fn dirs(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let letters = match shell.letters(args, "clpv") {
        Ok((letters, _)) => letters,
        Err(done) => return done,
    };
    if letters.contains('c') {
        shell.folders.clear();
        return Done::Status(0);
    }
    let home = if letters.contains('l') { String::new() } else { shell.variable("HOME") };
    let shown: Vec<String> = shell.stack().iter().map(|folder| shown_folder(folder, &home)).collect();
    let text = if letters.contains('v') {
        shown.iter().enumerate().map(|(index, folder)| format!("{index:2}  {folder}\n")).collect()
    } else if letters.contains('p') {
        shown.iter().map(|folder| format!("{folder}\n")).collect()
    } else {
        format!("{}\n", shown.join(" "))
    };
    shell.print(1, &text);
    Done::Status(0)
}
