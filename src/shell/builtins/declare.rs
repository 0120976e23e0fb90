//! `declare`, `local`, `export`, `readonly`: bash(1), SHELL BUILTIN COMMANDS.

use super::Done;
use crate::shell::bash::Bash;
use crate::shell::expand::{compound, double_quoted, flags, traced};
use crate::shell::syntax::{is_name, print};
use crate::shell::variables::{Value, Variable};
use crate::world::Sys;

/// What the options say.
#[derive(Default)]
struct Wanted {
    on: String,
    off: String,
    global: bool,
    print: bool,
    functions: bool,
    names_only: bool,
}

pub(super) fn declare(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let name = args[0].clone();
    let mut wanted = Wanted::default();
    let rest = match options(shell, args, &mut wanted) {
        Ok(rest) => rest,
        Err(done) => return done,
    };
    if wanted.functions {
        return functions(shell, &name, &rest, &wanted);
    }
    if rest.is_empty() {
        list(shell, &wanted);
        return Done::Status(0);
    }
    if wanted.print {
        return print_some(shell, &name, &rest);
    }
    let local = !shell.shell.calls.is_empty() && in_function(shell) && !wanted.global;
    each(shell, &name, &rest, &wanted, local)
}

pub(super) fn local(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    if !in_function(shell) {
        if shell.shell.posix {
            shell.builtin_error("local", "not in a function");
            return Done::Unwind(crate::shell::bash::Unwind::Exit(2));
        }
        shell.builtin_error("local", "can only be used in a function");
        return Done::Status(1);
    }
    let mut wanted = Wanted::default();
    match options(shell, args, &mut wanted) {
        Ok(rest) => each(shell, "local", &rest, &wanted, true),
        Err(done) => done,
    }
}

fn in_function(shell: &Bash) -> bool {
    shell.frames.iter().any(|frame| matches!(frame, crate::shell::bash::Frame::Call(_)))
}

pub(super) fn export(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "fnp") {
        Ok(found) => found,
        Err(done) => return done,
    };
    if rest.is_empty() {
        list(shell, &Wanted { on: "x".into(), ..Wanted::default() });
        return Done::Status(0);
    }
    if letters.contains('f') {
        let mut status = 0;
        for name in &rest {
            match shell.shell.functions.get_mut(name.as_str()) {
                Some(function) => function.exported = !letters.contains('n'),
                None => {
                    shell.builtin_error("export", &format!("{name}: not a function"));
                    status = 1;
                }
            }
        }
        return Done::Status(status);
    }
    let mut wanted = Wanted::default();
    if letters.contains('n') {
        wanted.off.push('x')
    } else {
        wanted.on.push('x')
    }
    each(shell, "export", &rest, &wanted, false)
}

pub(super) fn readonly(shell: &mut Bash, _: &mut Sys<'_>, args: &[String]) -> Done {
    let (letters, rest) = match shell.letters(args, "aAfp") {
        Ok(found) => found,
        Err(done) => return done,
    };
    let mut wanted = Wanted { on: letters.replace(['p', 'f'], "") + "r", ..Wanted::default() };
    if letters.contains('f') {
        for name in &rest {
            if let Some(function) = shell.shell.functions.get_mut(name.as_str()) {
                function.readonly = true;
            }
        }
        return Done::Status(0);
    }
    if rest.is_empty() {
        wanted.on = "r".into();
        list(shell, &wanted);
        return Done::Status(0);
    }
    each(shell, "readonly", &rest, &wanted, false)
}

fn options(shell: &mut Bash, args: &[String], wanted: &mut Wanted) -> Result<Vec<String>, Done> {
    let mut at = 1;
    while let Some(word) = args.get(at).filter(|word| word.starts_with(['-', '+']) && word.len() > 1) {
        at += 1;
        if word == "--" {
            break;
        }
        let on = word.starts_with('-');
        for letter in word.chars().skip(1) {
            match letter {
                'g' => wanted.global = true,
                'p' => wanted.print = true,
                'f' => wanted.functions = true,
                'F' => (wanted.functions, wanted.names_only) = (true, true),
                'n' => {
                    shell.builtin_error(&args[0], "-n: not simulated");
                    return Err(Done::Status(2));
                }
                'I' | 't' => {}
                'a' | 'A' | 'i' | 'l' | 'r' | 'u' | 'x' if on => wanted.on.push(letter),
                'a' | 'A' | 'i' | 'l' | 'r' | 'u' | 'x' => wanted.off.push(letter),
                letter => return Err(shell.bad_option(&args[0], &format!("-{letter}"))),
            }
        }
    }
    Ok(args.get(at..).unwrap_or_default().to_vec())
}

/// Declares each word, and assigns where it has a value.
fn each(shell: &mut Bash, builtin: &str, words: &[String], wanted: &Wanted, local: bool) -> Done {
    let mut status = 0;
    for word in words {
        if let Err(message) = one(shell, word, wanted, local) {
            shell.builtin_error(builtin, &message);
            status = 1;
        }
    }
    Done::Status(status)
}

fn one(shell: &mut Bash, word: &str, wanted: &Wanted, local: bool) -> Result<(), String> {
    let (target, value) = match word.split_once('=') {
        Some((target, value)) => (target, Some(value)),
        None => (word, None),
    };
    let append = value.is_some() && target.ends_with('+');
    let target = if append { &target[..target.len() - 1] } else { target };
    let name = target.split_once('[').map_or(target, |(name, _)| name);
    if !is_name(name) {
        return Err(format!("`{word}': not a valid identifier"));
    }
    // A compound value was assigned already, after the variable had been made local.
    let array = value == Some("()");
    if local && !array {
        if shell.shell.variables.get(name).is_some_and(|variable| variable.attributes.readonly) {
            return Err(format!("{name}: readonly variable"));
        }
        shell.shell.variables.localize(name);
    }
    let readonly = shell.shell.variables.get(name).is_some_and(|variable| variable.attributes.readonly);
    if readonly && (value.is_some() && !array || wanted.off.contains('r')) {
        return Err(format!("{name}: readonly variable"));
    }
    attributes(shell, name, wanted, false);
    if let Some(value) = value.filter(|_| !array) {
        match target.strip_suffix(']').and_then(|target| target.split_once('[')) {
            Some((name, subscript)) => {
                let key = shell.shell.key(name, subscript).map_err(|error| error.0)?;
                shell.shell.assign(name, Some(&key), value, append)?;
            }
            None => shell.shell.assign(name, None, value, append)?,
        }
    }
    attributes(shell, name, wanted, true);
    Ok(())
}

/// Gives and takes attributes; `readonly` only at the end.
fn attributes(shell: &mut Bash, name: &str, wanted: &Wanted, end: bool) {
    let variable = shell.shell.variables.entry(name);
    let attributes = &mut variable.attributes;
    for (letters, on) in [(&wanted.on, true), (&wanted.off, false)] {
        for letter in letters.chars() {
            match letter {
                'x' => attributes.exported = on,
                'i' => attributes.integer = on,
                'l' => attributes.lower = on,
                'u' => attributes.upper = on,
                'a' => attributes.indexed = on,
                'A' => attributes.associative = on,
                'r' if end => attributes.readonly = on,
                _ => {}
            }
        }
    }
    if wanted.on.contains('A') && variable.value.is_none() {
        variable.value = Some(Value::Associative(imbl::OrdMap::new()));
    }
}

/// The line of `declare -p`.
pub(in crate::shell) fn line(name: &str, variable: &Variable) -> String {
    let flags = flags(variable);
    let flags = if flags.is_empty() { "-".to_string() } else { flags };
    match &variable.value {
        None => format!("declare -{flags} {name}\n"),
        Some(Value::Scalar(text)) => format!("declare -{flags} {name}={}\n", double_quoted(text)),
        Some(_) => format!("declare -{flags} {name}={}\n", compound(variable)),
    }
}

fn all(shell: &mut Bash) -> Vec<(String, Variable)> {
    shell.shell.variables.iter().map(|(name, variable)| (name.to_string(), variable.clone())).collect()
}

fn list(shell: &mut Bash, wanted: &Wanted) {
    let plain = wanted.on.is_empty() && !wanted.print;
    let mut out = String::new();
    for (name, variable) in all(shell) {
        if plain {
            match &variable.value {
                Some(Value::Scalar(text)) => out.push_str(&format!("{name}={}\n", traced(text))),
                Some(_) => out.push_str(&format!("{name}={}\n", compound(&variable))),
                None => {}
            }
        } else if wanted.on.chars().all(|letter| flags(&variable).contains(letter)) {
            out.push_str(&line(&name, &variable));
        }
    }
    shell.print(1, &out);
}

fn print_some(shell: &mut Bash, builtin: &str, names: &[String]) -> Done {
    let mut status = 0;
    for name in names {
        match shell.shell.variable(name) {
            Some(variable) => shell.print(1, &line(name, &variable)),
            None => {
                shell.builtin_error(builtin, &format!("{name}: not found"));
                status = 1;
            }
        }
    }
    Done::Status(status)
}

fn functions(shell: &mut Bash, builtin: &str, names: &[String], wanted: &Wanted) -> Done {
    let _ = builtin;
    let mut status = 0;
    let all: Vec<String> = shell.shell.functions.keys().map(|name| name.to_string()).collect();
    let names = if names.is_empty() { all.as_slice() } else { names };
    let given = names.len() != all.len() || !std::ptr::eq(names.as_ptr(), all.as_ptr());
    for name in names {
        match shell.shell.functions.get(name.as_str()).cloned() {
            Some(_) if wanted.names_only && given => shell.print(1, &format!("{name}\n")),
            Some(_) if wanted.names_only => shell.print(1, &format!("declare -f {name}\n")),
            Some(function) => {
                let text = print::function(&function.definition);
                shell.print(1, &format!("{text}\n"));
            }
            None => status = 1,
        }
    }
    Done::Status(status)
}
