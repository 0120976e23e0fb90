//! `test`, `[` and `let`: bash(1), CONDITIONAL EXPRESSIONS and ARITHMETIC EVALUATION.

use super::Done;
use crate::commands::posix::test::{Surroundings, test};
use crate::shell::bash::Bash;
use crate::shell::state::Shell;
use crate::world::Sys;
use crate::world::fs::{Access, Inode};

/// The machine with the shell's variables and options.
struct Around<'a, 'w> {
    shell: &'a mut Shell,
    sys: &'a mut Sys<'w>,
}

impl Surroundings for Around<'_, '_> {
    fn file(&mut self, path: &str, follow: bool) -> Option<Inode> {
        Surroundings::file(self.sys, path, follow)
    }

    fn number(&mut self, path: &str) -> Option<u64> {
        Surroundings::number(self.sys, path)
    }

    fn access(&mut self, path: &str, access: Access) -> bool {
        Surroundings::access(self.sys, path, access)
    }

    fn is_terminal(&mut self, fd: u32) -> bool {
        self.sys.isatty(fd)
    }

    fn ids(&mut self) -> (u32, u32) {
        Surroundings::ids(self.sys)
    }

    fn variable(&mut self, name: &str) -> Option<bool> {
        Some(match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((base, subscript)) => {
                let key = self.shell.key(base, subscript).ok()?;
                self.shell.variables.element(base, &key).is_some()
            }
            None => self.shell.text(name).is_some(),
        })
    }

    fn option(&mut self, name: &str) -> Option<bool> {
        Some(self.shell.switches.option(name).unwrap_or(false))
    }
}

/// dash knows one `=`; what it says of bash's two.
fn refused_by_dash(shell: &mut Bash, name: &str, words: &[String]) -> Option<Done> {
    let at = words.iter().position(|word| word == "==").filter(|at| shell.shell.posix && *at > 0)?;
    let before = words[at - 1].clone();
    shell.builtin_error(name, &format!("{before}: unexpected operator"));
    Some(Done::Status(2))
}

pub(super) fn test_(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    run(shell, sys, args, false)
}

pub(super) fn bracket(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String]) -> Done {
    run(shell, sys, args, true)
}

fn run(shell: &mut Bash, sys: &mut Sys<'_>, args: &[String], bracket: bool) -> Done {
    let words = args.get(1..).unwrap_or_default();
    if let Some(done) = refused_by_dash(shell, if bracket { "[" } else { "test" }, words) {
        return done;
    }
    let mut around = Around { shell: &mut shell.shell, sys };
    match test(&mut around, words, bracket) {
        Ok(value) => Done::Status(u8::from(!value)),
        Err(wrong) => {
            shell.builtin_error(if bracket { "[" } else { "test" }, &wrong.bash());
            Done::Status(2)
        }
    }
}

pub(super) fn let_(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let words = args.get(1..).unwrap_or_default();
    if words.is_empty() {
        shell.builtin_error("let", "expression expected");
        return Done::Status(1);
    }
    let mut value = 0;
    for word in words {
        match shell.shell.evaluate(word) {
            Ok(found) => value = found,
            Err(error) => {
                shell.builtin_error("let", &error.0);
                return Done::Status(1);
            }
        }
    }
    Done::Status(u8::from(value == 0))
}
