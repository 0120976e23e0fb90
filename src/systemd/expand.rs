//! Variables in command lines when they are run: systemd.service(5) "Command Lines".

use crate::systemd::config::ExecCommand;
use crate::systemd::unit_file::words::{FLAGS, Flags, WHITESPACE, split};

/// The value of a variable in a list of `NAME=value`; of two the later counts.
pub fn get<'a>(environment: &'a [String], name: &str) -> Option<&'a str> {
    environment.iter().rev().find_map(|entry| entry.strip_prefix(name)?.strip_prefix('=')).filter(|_| !name.is_empty())
}

/// The argument list with which a command is run: a word that is `$NAME` alone becomes the words of the value (none when
/// it is not set), `${NAME}` within a word becomes the value as it is, `$$` a dollar.
pub fn expand_argv(command: &ExecCommand, environment: &[String]) -> Vec<String> {
    if command.no_env_expand {
        return command.argv.clone();
    }
    let mut out = Vec::with_capacity(command.argv.len());
    for word in &command.argv {
        match word.strip_prefix('$').filter(|rest| !rest.starts_with(['{', '$'])) {
            Some(name) => {
                let value = get(environment, name).unwrap_or("");
                let flags = Flags { relax: true, unquote: true, ..FLAGS };
                out.extend(split(value, WHITESPACE, flags).unwrap_or_default());
            }
            None => out.push(expand_word(word, environment)),
        }
    }
    out
}

/// `${NAME}` and `$$` in one word; anything else with a dollar stays.
fn expand_word(word: &str, environment: &[String]) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(tail) = after.strip_prefix('$') {
            out.push('$');
            rest = tail;
        } else if let Some((name, tail)) = after.strip_prefix('{').and_then(|name| name.split_once('}'))
            && !name.contains(':')
        {
            out.push_str(get(environment, name).unwrap_or(""));
            rest = tail;
        } else {
            // The character after the dollar is not looked at again, as in systemd's own scanner.
            let length = after.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[at..at + 1 + length]);
            rest = &after[length..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_parts_of_words() {
        let environment = ["OPTS=-v --name='a b'  x", "HOME=/root", "EMPTY="].map(str::to_owned);
        let run = |words: &[&str]| {
            let argv = words.iter().map(|w| (*w).to_owned()).collect();
            expand_argv(&ExecCommand { argv, ..ExecCommand::default() }, &environment)
        };
        assert_eq!(run(&["/bin/x", "$OPTS"]), ["/bin/x", "-v", "--name=a b", "x"]);
        assert_eq!(run(&["x$OPTS", "x${HOME}y", "${OPTS}"]), ["x$OPTS", "x/rooty", "-v --name='a b'  x"]);
        assert_eq!(run(&["$NOPE", "${NOPE}", "$EMPTY", "$(date)", "$"]), [""]);
        assert_eq!(
            run(&["$$HOME", "100$", "a$$b", "${HOME", "${A:-b}"]),
            ["$HOME", "100$", "a$b", "${HOME", "${A:-b}"]
        );
    }

    #[test]
    fn a_colon_prefix_switches_it_off() {
        let command = ExecCommand { argv: vec!["$X".to_owned()], no_env_expand: true, ..ExecCommand::default() };
        assert_eq!(expand_argv(&command, &["X=1".to_owned()]), ["$X"]);
    }
}
