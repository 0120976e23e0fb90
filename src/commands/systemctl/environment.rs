//! The manager's environment: `show-environment` and its kin: systemctl(1), "Environment commands".

use super::args::Args;
use super::{Next, bus};
use crate::systemd::manager::{Core, ManagerError};
use crate::world::Cx;

/// `show-environment`
pub fn show(cx: &mut Cx<'_, '_>, args: &Args, _words: &[String]) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let environment = bus::manager(cx, scope).environment.clone();
    for pair in environment {
        match pair.split_once('=') {
            Some((name, value)) => cx.outln(&format!("{name}={}", shell_quote(value))),
            None => cx.outln(&pair),
        }
    }
    Next::Exit(0)
}

/// `set-environment`
pub fn set(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let pairs = words[1..].to_vec();
    if pairs.iter().any(|pair| pair.split_once('=').is_none_or(|(name, _)| !is_name(name))) {
        cx.errln("Failed to set environment: Invalid environment assignments");
        return Next::Exit(1);
    }
    change(cx, args, "set", |core| core.set_environment(&pairs))
}

/// `unset-environment`
pub fn unset(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let names = words[1..].to_vec();
    if names.iter().any(|word| !is_name(word.split_once('=').map_or(word, |(name, _)| name))) {
        cx.errln("Failed to set environment: Invalid environment variable names or assignments");
        return Next::Exit(1);
    }
    change(cx, args, "set", |core| core.unset_environment(&names))
}

/// `import-environment`
pub fn import(cx: &mut Cx<'_, '_>, args: &Args, words: &[String]) -> Next {
    let mut pairs = Vec::new();
    if words.len() <= 1 {
        cx.errln("Calling import-environment without a list of variable names is deprecated.");
        pairs.extend(cx.me().env.iter().cloned());
    }
    for name in words.iter().skip(1) {
        if !is_name(name) {
            cx.errln("Failed to import environment: Invalid argument");
            return Next::Exit(1);
        }
        match cx.getenv(name) {
            Some(value) => pairs.push(format!("{name}={value}")),
            None => cx.errln(&format!("Environment variable ${name} not set, ignoring.")),
        }
    }
    change(cx, args, "import", |core| core.set_environment(&pairs))
}

fn change(cx: &mut Cx<'_, '_>, args: &Args, doing: &str, work: impl FnOnce(&mut Core<'_>)) -> Next {
    let scope = match bus::connect(cx, args) {
        Ok(scope) => scope,
        Err(status) => return Next::Exit(status),
    };
    let done: Result<(), ManagerError> = bus::request(cx, scope, |core| {
        work(core);
        Ok(())
    });
    if let Err(error) = done {
        let refused = error.name == bus::INTERACTIVE_AUTHORIZATION_REQUIRED;
        let reason = if refused { "Access denied" } else { &error.message };
        cx.errln(&format!("Failed to {doing} environment: {reason}"));
        return Next::Exit(1);
    }
    Next::Exit(0)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A value as a POSIX shell reads it back: in `$'…'` when it has to be.
fn shell_quote(value: &str) -> String {
    let special = |c: char| c.is_whitespace() || c.is_control() || "\"\\`$*?['()<>|&;!".contains(c);
    if !value.contains(special) {
        return value.to_owned();
    }
    let mut out = String::from("$'");
    for c in value.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\'' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_for_a_shell_where_they_must_be() {
        assert_eq!(shell_quote("plain-1.2/x"), "plain-1.2/x");
        assert_eq!(shell_quote("two words"), "$'two words'");
        assert_eq!(shell_quote("it's"), "$'it\\'s'");
    }
}
