//! Runs a program in a changed environment, or shows it: env(1), printenv(1).

use crate::commands::Command;
use crate::commands::options::{self, Opt, Options, Stop, absent, ended, flag, short, value};
use crate::commands::process::launch;
use crate::world::{Cx, Step, Sys, one_shot, setenv};

/// `env`.
pub const ENV: Command = Command { name: "env", path: "/usr/bin/env", program: |argv| launch::immediate(run, argv) };
/// `printenv`.
pub const PRINTENV: Command =
    Command { name: "printenv", path: "/usr/bin/printenv", program: |argv| one_shot(|cx| ended(printenv(cx)), argv) };

const TABLE: &[Opt] = &[
    flag('i', "ignore-environment"),
    absent('0', "null"),
    value('u', "unset"),
    value('C', "chdir"),
    absent('S', "split-string"),
    absent('\0', "block-signal"),
    absent('\0', "default-signal"),
    absent('\0', "ignore-signal"),
    absent('\0', "list-signal-handling"),
    short('v', "v"),
];
const OPTIONS: Options =
    Options::coreutils(TABLE, "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]").status(125).in_order();
const PRINT_OPTIONS: Options = Options::coreutils(&[absent('0', "null")], "[VARIABLE]...").status(2);

fn run(sys: &mut Sys<'_>, argv: &[String]) -> Step {
    let parsed = match launch::read_options(sys, argv, &OPTIONS) {
        Ok(parsed) => parsed,
        Err(status) => return Step::Exit(status),
    };
    let called = argv.first().cloned().unwrap_or_default();
    let mut words = &parsed.operands[..];
    let bare = words.first().is_some_and(|word| word == "-");
    if bare {
        words = &words[1..];
    }
    let mut env = if bare || parsed.has("ignore-environment") { Vec::new() } else { sys.me().env.to_vec() };
    for option in parsed.options.iter().filter(|o| o.key == "unset") {
        let prefix = format!("{}=", option.text());
        env.retain(|pair| !pair.starts_with(&prefix));
    }
    while let Some((name, value)) = words.first().and_then(|word| word.split_once('=')) {
        setenv(&mut env, name, value);
        words = &words[1..];
    }
    if let Some(folder) = parsed.last("chdir")
        && let Err(errno) = sys.chdir(folder)
    {
        let quoted = launch::quoted(folder);
        launch::say(sys, &format!("{called}: cannot change directory to {quoted}: {}", errno.message()));
        return Step::Exit(125);
    }
    let Some(name) = words.first() else {
        let text: String = env.iter().map(|pair| format!("{pair}\n")).collect();
        launch::print(sys, 1, &text);
        return Step::Exit(0);
    };
    match launch::execvp(sys, words, Some(env)) {
        Ok(step) => step,
        Err(errno) => {
            launch::say(sys, &format!("{called}: ‘{name}’: {}", errno.message()));
            if name.contains(' ') && errno == crate::world::Errno::ENOENT {
                launch::say(sys, &format!("{called}: use -[v]S to pass options in shebang lines"));
            }
            Step::Exit(launch::exec_status(errno))
        }
    }
}

fn printenv(cx: &mut Cx<'_, '_>) -> Result<u8, Stop> {
    let parsed = options::parse(cx, &PRINT_OPTIONS)?;
    if parsed.operands.is_empty() {
        let env = cx.me().env.clone();
        env.iter().for_each(|pair| cx.outln(pair));
    }
    let mut status = 0;
    for name in &parsed.operands {
        match cx.getenv(name) {
            Some(value) => cx.outln(&value),
            None => status = 1,
        }
    }
    Ok(status)
}
