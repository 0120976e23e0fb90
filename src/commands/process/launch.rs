//! What commands that run other commands share: finding a program and becoming it: execvp(3).

use crate::commands::options::{Hint, Options, Parsed, Refused, scan};
use crate::world::{Errno, Fd, Pid, Program, Signal, Step, Sys, getenv};

/// Where programs are looked for when `PATH` is unset: execvp(3).
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// A command whose work is one turn that ends in another program, in waiting or in an exit.
pub type Turn = fn(&mut Sys<'_>, &[String]) -> Step;

/// A [`Turn`] as a program.
pub fn immediate(turn: Turn, argv: &[String]) -> Box<dyn Program> {
    Box::new(Immediate { turn, argv: argv.to_vec() })
}

#[derive(Clone)]
struct Immediate {
    turn: Turn,
    argv: Vec<String>,
}

impl Program for Immediate {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        (self.turn)(sys, &self.argv)
    }
}

/// Writes text to a descriptor at once; what a full pipe does not take is lost.
pub fn print(sys: &mut Sys<'_>, fd: Fd, text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match sys.write(fd, rest) {
            Ok(n) if n > 0 => rest = &rest[n..],
            _ => return,
        }
    }
}

/// Writes a line to standard error at once.
pub fn say(sys: &mut Sys<'_>, line: &str) {
    print(sys, 2, &format!("{line}\n"));
}

/// The last part of the name under which a command was called.
pub fn base_name(argv: &[String]) -> &str {
    argv.first().map_or("", |name| name.rsplit('/').next().unwrap_or_default())
}

/// Takes the arguments apart; prints what is wrong at once and returns the status to end with.
pub fn read_options(sys: &mut Sys<'_>, argv: &[String], options: &Options) -> Result<Parsed, u8> {
    let called = argv.first().cloned().unwrap_or_default();
    let refused = match scan(options, argv.get(1..).unwrap_or_default()) {
        Ok(parsed) => return Ok(parsed),
        Err(refused) => refused,
    };
    match refused {
        Refused::Help => print(sys, 1, &format!("Usage: {called} {}\n", options.usage)),
        Refused::Version => print(sys, 1, &format!("{} {}\n", base_name(argv), options.version)),
        Refused::NotSimulated(option) => {
            say(sys, &format!("{called}: option {option} is not simulated"));
            return Err(options.status.max(2));
        }
        Refused::Wrong(message) => {
            say(sys, &format!("{called}: {message}"));
            return Err(misuse(sys, argv, options));
        }
    }
    Err(0)
}

/// Prints what follows a message about wrong usage, and returns the status for it.
pub fn misuse(sys: &mut Sys<'_>, argv: &[String], options: &Options) -> u8 {
    if options.hint == Hint::Try {
        let util_linux = options.version.contains("util-linux");
        let name = if util_linux { base_name(argv) } else { argv.first().map_or("", String::as_str) };
        say(sys, &format!("Try '{name} --help' for more information."));
    }
    options.status
}

/// The file that executing `name` means: itself when it has a slash, else the first executable one of that name in `path`.
///
/// Errors: ENOENT, EACCES (one was found that may not be executed).
pub fn find_program(sys: &mut Sys<'_>, name: &str, path: &str) -> Result<String, Errno> {
    if name.contains('/') {
        return Ok(name.to_owned());
    }
    if name.is_empty() {
        return Err(Errno::ENOENT);
    }
    let mut error = Errno::ENOENT;
    for folder in path.split(':') {
        let folder = if folder.is_empty() { "." } else { folder };
        let file = format!("{}/{name}", folder.trim_end_matches('/'));
        let plain = sys.stat(&file).map(|node| node.is_file());
        match (plain, sys.access(&file, crate::world::fs::Access::Execute)) {
            (Ok(true), Ok(())) => return Ok(file),
            (Ok(true), Err(Errno::EACCES)) => error = Errno::EACCES,
            _ => {}
        }
    }
    Err(error)
}

/// Becomes the program that `argv` names, found through `PATH`; a file of no known format is given to `/bin/sh`.
/// With `env`, that is its environment and its `PATH` counts. Errors: as for [`find_program`] and exec.
pub fn execvp(sys: &mut Sys<'_>, argv: &[String], env: Option<Vec<String>>) -> Result<Step, Errno> {
    let env = env.unwrap_or_else(|| sys.me().env.to_vec());
    let name = argv.first().ok_or(Errno::ENOENT)?;
    let path = getenv(&env, "PATH").unwrap_or(DEFAULT_PATH).to_owned();
    let file = find_program(sys, name, &path)?;
    match sys.exec(&file, argv, env.clone()) {
        Err(Errno::ENOEXEC) => {
            let mut script = vec!["/bin/sh".to_owned(), file];
            script.extend(argv.iter().skip(1).cloned());
            sys.exec("/bin/sh", &script, env)
        }
        other => other,
    }
}

/// 127 for a missing program, 126 for one that cannot be executed.
pub fn exec_status(errno: Errno) -> u8 {
    if errno == Errno::ENOENT { 127 } else { 126 }
}

/// How coreutils quote a name that stands in a message between ASCII quotes.
pub fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '$', '`', '\\']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Signals that a waiting parent hands on to its child.
pub const FORWARDED: [Signal; 8] =
    [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM, Signal::USR1, Signal::USR2, Signal::ALRM, Signal::CONT];

/// A time as coreutils take it: a number with a fraction and a suffix `s`, `m`, `h` or `d`; `None` when it is none.
pub fn interval(text: &str) -> Option<std::time::Duration> {
    let (number, scale) = match text.char_indices().last()? {
        (at, 's') => (&text[..at], 1.0),
        (at, 'm') => (&text[..at], 60.0),
        (at, 'h') => (&text[..at], 3600.0),
        (at, 'd') => (&text[..at], 86_400.0),
        _ => (text, 1.0),
    };
    let seconds: f64 = number.parse().ok()?;
    if seconds.is_nan() || seconds < 0.0 || number.starts_with('+') {
        return None;
    }
    Some(std::time::Duration::try_from_secs_f64(seconds * scale).unwrap_or(std::time::Duration::MAX))
}

/// The process ids that a list `1,2 3` names; `None` when one is no number.
pub fn pid_list(text: &str) -> Option<Vec<Pid>> {
    text.split([',', ' ', '\t']).filter(|p| !p.is_empty()).map(|p| p.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_take_fractions_and_suffixes() {
        assert_eq!(interval("1.5m"), Some(std::time::Duration::from_secs(90)));
        assert_eq!(interval("0"), Some(std::time::Duration::ZERO));
        assert_eq!(interval("abc"), None);
        assert_eq!(interval("-1"), None);
        assert_eq!(interval("5x"), None);
    }

    #[test]
    fn names_with_quotes_are_quoted_otherwise() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "\"it's\"");
    }
}
