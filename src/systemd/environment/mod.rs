//! The environment of a unit's processes: systemd.exec(5) "Environment Variables in Spawned Processes".

mod file;

pub use file::{EnvironmentFiles, load_files, parse_environment_file};

use crate::systemd::expand::get;
use crate::systemd::unit_file::words::WHITESPACE;

/// Puts lists of `NAME=value` together: of two with one name the later counts and takes the place of the earlier.
pub fn merge(lists: &[&[String]]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for entry in lists.iter().flat_map(|list| list.iter()) {
        put(&mut all, entry.clone());
    }
    all
}

/// Puts one `NAME=value` into a list, in the place of what had that name.
pub fn put(list: &mut Vec<String>, entry: String) {
    let name = entry.split('=').next().unwrap_or("").len();
    match list.iter_mut().find(|old| old.get(..=name) == entry.get(..=name)) {
        Some(old) => *old = entry,
        None => list.push(entry),
    }
}

/// The values that `PassEnvironment=` takes from the manager's environment.
pub fn pass(names: &[String], manager: &[String]) -> Vec<String> {
    names.iter().filter_map(|name| Some(format!("{name}={}", get(manager, name)?))).collect()
}

/// Takes out what `UnsetEnvironment=` names: a name removes the variable, `NAME=value` only that value.
pub fn unset(list: &mut Vec<String>, patterns: &[String]) {
    list.retain(|entry| {
        !patterns.iter().any(|pattern| {
            if pattern.contains('=') { entry == pattern } else { entry.split('=').next() == Some(pattern.as_str()) }
        })
    });
}

/// The whole environment in systemd's order: the manager's, the manager's additions for this process, what is passed,
/// `Environment=`, the files; then what is unset is taken out.
pub fn assemble(
    manager: &[String],
    additions: &[String],
    context: &crate::systemd::config::ExecContext,
    files: &[String],
) -> Vec<String> {
    let passed = pass(&context.pass_environment, manager);
    let mut all = merge(&[manager, additions, &passed, &context.environment, files]);
    unset(&mut all, &context.unset_environment);
    all
}

/// A list as `systemctl show -p Environment` prints it: entries with special characters in double quotes.
pub fn quote_list(list: &[String]) -> String {
    list.iter().map(|entry| quote(entry)).collect::<Vec<_>>().join(" ")
}

/// One word in double quotes if a shell would take it apart.
pub fn quote(word: &str) -> String {
    let special = |c: char| "\"\\`$*?['()<>|&;!#~".contains(c) || WHITESPACE.contains(c) || c < ' ';
    if !word.is_empty() && !word.contains(special) {
        return word.to_owned();
    }
    let mut out = String::from("\"");
    for c in word.chars() {
        if "\"\\`$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systemd::config::ExecContext;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn who_wins() {
        let context = ExecContext {
            environment: list(&["A=unit", "B=unit"]),
            pass_environment: list(&["E", "NOPE"]),
            unset_environment: list(&["D", "LANG", "B=file2"]),
            ..ExecContext::default()
        };
        let manager = list(&["LANG=C.UTF-8", "A=manager", "E=manager"]);
        let all = assemble(&manager, &list(&["HOME=/root"]), &context, &list(&["B=file", "D=file"]));
        assert_eq!(all, ["A=unit", "E=manager", "HOME=/root", "B=file"]);
    }

    #[test]
    fn quoting() {
        let shown = quote_list(&list(&["A=1", "G=hello world", "D=$HOME", r#"J={"a":1}"#, "P=100%"]));
        assert_eq!(shown, r#"A=1 "G=hello world" "D=\$HOME" "J={\"a\":1}" P=100%"#);
    }
}
