//! `alias` and `unalias`: bash(1), ALIASES.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::syntax::escape::single_quote;
use crate::world::Sys;

pub(super) fn alias(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "p") {
        Ok(found) => found,
        Err(done) => return done,
    };
    if rest.is_empty() || letters.contains('p') {
        let lines: Vec<String> =
            shell.shell.aliases.iter().map(|(name, text)| format!("alias {name}={}\n", single_quote(text))).collect();
        shell.print(1, &lines.concat());
    }
    let mut status = 0;
    for word in &rest {
        match word.split_once('=') {
            Some((name, text)) if !name.is_empty() => {
                if name.contains(['/', '$', '`', ' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')', '"', '\'', '\\']) {
                    shell.builtin_error("alias", &format!("`{name}': invalid alias name"));
                    status = 1;
                    continue;
                }
                shell.shell.aliases.insert(name.into(), text.into());
            }
            _ => match shell.shell.aliases.get(word.as_str()).cloned() {
                Some(text) => shell.print(1, &format!("alias {word}={}\n", single_quote(&text))),
                None => {
                    shell.builtin_error("alias", &format!("{word}: not found"));
                    status = 1;
                }
            },
        }
    }
    Done::Status(status)
}

pub(super) fn unalias(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "a") {
        Ok(found) => found,
        Err(done) => return done,
    };
    if letters.contains('a') {
        shell.shell.aliases.clear();
        return Done::Status(0);
    }
    if rest.is_empty() {
        return shell.usage("unalias");
    }
    let mut status = 0;
    for name in &rest {
        if shell.shell.aliases.remove(name.as_str()).is_none() {
            shell.builtin_error("unalias", &format!("{name}: not found"));
            status = 1;
        }
    }
    Done::Status(status)
}
