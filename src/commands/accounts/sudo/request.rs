//! The arguments of sudo: sudo(8).

use crate::commands::options::{Hint, Opt, Options, Parsed, absent, flag, optional, value};

const TABLE: &[Opt] = &[
    flag('b', "background"),
    flag('B', "bell"),
    flag('H', "set-home"),
    flag('i', "login"),
    flag('K', "remove-timestamp"),
    flag('k', "reset-timestamp"),
    flag('l', "list"),
    flag('n', "non-interactive"),
    flag('N', "no-update"),
    flag('P', "preserve-groups"),
    flag('S', "stdin"),
    flag('s', "shell"),
    flag('V', "version"),
    flag('v', "validate"),
    flag('A', "askpass"),
    Opt { key: "preserve-all", short: 'E', long: "", takes: crate::commands::options::Takes::Nothing },
    optional('\0', "preserve-env"),
    value('u', "user"),
    value('g', "group"),
    value('p', "prompt"),
    value('D', "chdir"),
    value('C', "close-from"),
    value('U', "other-user"),
    value('T', "command-timeout"),
    absent('e', "edit"),
    absent('R', "chroot"),
    absent('r', "role"),
    absent('t', "type"),
    absent('h', "host"),
];

/// How sudo reads its arguments.
pub const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[-bEHiknlSsV] [-u user] [VAR=value] [command [arg ...]]",
    version: "",
    status: 1,
    hint: Hint::Nothing,
    in_order: true,
};

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `VAR=value` before the command.
    pub assignments: Vec<String>,
    /// The command and its arguments.
    pub command: Vec<String>,
}

/// Divides the operands into assignments and the command.
pub fn request(parsed: &Parsed) -> Request {
    let is_assignment = |word: &&String| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && !name.starts_with(|c: char| c.is_ascii_digit())
                && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    let assignments: Vec<String> = parsed.operands.iter().take_while(is_assignment).cloned().collect();
    let command = parsed.operands[assignments.len()..].to_vec();
    Request { assignments, command }
}

/// Arguments as one line for `shell -c`: everything but letters, digits, `_`, `-` and `$` gets a backslash.
pub fn shell_line(command: &[String]) -> String {
    let mut out = String::new();
    for (at, word) in command.iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        for c in word.chars() {
            if !(c.is_alphanumeric() || matches!(c, '_' | '-' | '$')) {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::options::scan;

    #[test]
    fn assignments_come_before_the_command() {
        let args: Vec<String> = ["-u", "bob", "A=1", "env", "B=2"].map(str::to_owned).to_vec();
        let parsed = scan(&OPTIONS, &args).unwrap();
        let request = request(&parsed);
        assert_eq!(request.assignments, ["A=1"]);
        assert_eq!(request.command, ["env", "B=2"]);
        assert_eq!(parsed.last("user"), Some("bob"));
    }

    #[test]
    fn a_shell_line_keeps_the_dollar() {
        let words: Vec<String> = ["sh", "-c", "echo $HOME"].map(str::to_owned).to_vec();
        assert_eq!(shell_line(&words), "sh -c echo\\ $HOME");
    }
}
