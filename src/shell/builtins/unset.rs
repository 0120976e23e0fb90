//! `unset`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::syntax::is_name;
use crate::shell::variables::Variable;
use crate::world::Sys;

pub(super) fn unset(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "fvn") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let mut status = 0;
    for word in &rest {
        if letters.contains('f') {
            shell.shell.functions.remove(word.as_str());
        } else if let Err(message) = one(shell, word, letters.contains('v')) {
            shell.builtin_error("unset", &message);
            status = 1;
        }
    }
    Done::Status(status)
}

fn one(shell: &mut Bash, word: &str, variable_only: bool) -> Result<(), String> {
    if let Some((name, subscript)) = word.strip_suffix(']').and_then(|word| word.split_once('[')) {
        if matches!(subscript, "@" | "*") && !shell.shell.variables.get(name).is_some_and(Variable::is_associative) {
            return shell.shell.variables.unset(name);
        }
        let key = shell.shell.key(name, subscript).map_err(|error| error.0)?;
        return shell.shell.variables.unset_element(name, &key);
    }
    if !is_name(word) && shell.shell.functions.get(word).is_none() {
        // bash looks for a function with that name and is silent when there is none.
        return if variable_only { Err(format!("`{word}': not a valid identifier")) } else { Ok(()) };
    }
    if shell.shell.variables.get(word).is_some() {
        return shell.shell.variables.unset(word);
    }
    if !variable_only {
        shell.shell.functions.remove(word);
    }
    Ok(())
}
