//! Reads options from a table, with the messages of the C library: getopt_long(3).
//!
//! The table also marks options that the real command has and this one has not: they are refused as "not simulated".

use crate::systemd::version::{FEATURES, VERSION as VERSION_OF_SYSTEMD};
use crate::world::{Cx, NeedInput};

/// Whether an option takes an argument, or is there at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// No argument.
    Nothing,
    /// An argument: `-n 5`, `-n5`, `--lines=5`, `--lines 5`.
    Argument,
    /// Perhaps one, glued to it: `-i.bak`, `--color=auto`.
    Perhaps,
    /// The real command knows it; it is not simulated.
    NotSimulated,
}

/// A row of a command's table of options. Rows of the same `key` are one option with several spellings.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// What the command matches on: the long name, or the letter when there is none.
    pub key: &'static str,
    /// The letter, or `'\0'`.
    pub short: char,
    /// The name after `--`, or empty.
    pub long: &'static str,
    /// Its argument.
    pub takes: Takes,
}

const fn row(short: char, long: &'static str, key: &'static str, takes: Takes) -> Opt {
    Opt { key, short, long, takes }
}

/// A short option without argument; `key` is its letter.
pub const fn short(letter: char, key: &'static str) -> Opt {
    row(letter, "", key, Takes::Nothing)
}

/// A short option with an argument; `key` is its letter.
pub const fn short_value(letter: char, key: &'static str) -> Opt {
    row(letter, "", key, Takes::Argument)
}

/// A long option without argument, with a letter or `'\0'`. The key is the long name.
pub const fn flag(letter: char, long: &'static str) -> Opt {
    row(letter, long, long, Takes::Nothing)
}

/// A long option with an argument, with a letter or `'\0'`. The key is the long name.
pub const fn value(letter: char, long: &'static str) -> Opt {
    row(letter, long, long, Takes::Argument)
}

/// A long option with perhaps an argument, with a letter or `'\0'`. The key is the long name.
pub const fn optional(letter: char, long: &'static str) -> Opt {
    row(letter, long, long, Takes::Perhaps)
}

/// Another spelling of the option with this key.
pub const fn also(letter: char, long: &'static str, key: &'static str, takes: Takes) -> Opt {
    row(letter, long, key, takes)
}

/// An option that is known and not simulated. `letter` may be `'\0'`, `long` may be empty.
pub const fn absent(letter: char, long: &'static str) -> Opt {
    row(letter, long, "", Takes::NotSimulated)
}

/// What follows the message about a wrong option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// `Try 'NAME --help' for more information.`
    Try,
    /// The same after the name: `NAME: Try 'NAME --help' for more information.`
    NamedTry,
    /// `Usage: NAME …` and then the hint.
    UsageAndTry,
    /// `Usage: NAME …` alone.
    Usage,
    /// Nothing.
    Nothing,
}

/// How a command reads its arguments.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Its options.
    pub table: &'static [Opt],
    /// What stands after the name in the usage line: `[OPTION]... [FILE]...`.
    pub usage: &'static str,
    /// What `--version` shows after the name: `(GNU coreutils) 9.1`; empty when there is no such option.
    pub version: &'static str,
    /// The exit status of wrong usage.
    pub status: u8,
    /// What is printed after the message.
    pub hint: Hint,
    /// Options end at the first operand (`env`, `xargs`, `nice`).
    pub in_order: bool,
}

impl Options {
    /// The usual manner of coreutils: status 1, options and operands in any order.
    pub const fn coreutils(table: &'static [Opt], usage: &'static str) -> Self {
        Options { table, usage, version: "(GNU coreutils) 9.1", status: 1, hint: Hint::Try, in_order: false }
    }

    /// The manner of util-linux.
    pub const fn util_linux(table: &'static [Opt], usage: &'static str) -> Self {
        Options { table, usage, version: "from util-linux 2.38.1", status: 1, hint: Hint::Try, in_order: false }
    }

    /// The same with another status for wrong usage.
    pub const fn status(mut self, status: u8) -> Self {
        self.status = status;
        self
    }

    /// The same with options only before the first operand.
    pub const fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// The same with another version line.
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// The same with another hint.
    pub const fn hint(mut self, hint: Hint) -> Self {
        self.hint = hint;
        self
    }
}

/// An option that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The key of its row.
    pub key: &'static str,
    /// Its argument; `None` when it takes none or none was given.
    pub value: Option<String>,
}

impl Given {
    /// The argument, empty when there is none.
    pub fn text(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }
}

/// Arguments, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The options in the order in which they were given.
    pub options: Vec<Given>,
    /// The rest.
    pub operands: Vec<String>,
}

impl Parsed {
    /// Whether the option was given.
    pub fn has(&self, key: &str) -> bool {
        self.options.iter().any(|o| o.key == key)
    }

    /// The argument of the last one of these options.
    pub fn last(&self, key: &str) -> Option<&str> {
        self.options.iter().rev().find(|o| o.key == key).map(Given::text)
    }

    /// Which of these options was given last.
    pub fn last_of(&self, keys: &[&str]) -> Option<&'static str> {
        self.options.iter().rev().find(|o| keys.contains(&o.key)).map(|o| o.key)
    }
}

/// Why arguments were refused: what is printed before the hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Wrong usage, in the C library's words, without the command's name.
    Wrong(String),
    /// A known option that is not simulated, as it was written.
    NotSimulated(String),
    /// `--help` was asked for.
    Help,
    /// `--version` was asked for.
    Version,
}

/// Takes `args` (without the name) apart. Options before a `--help` or a mistake are read first, as getopt does.
pub fn scan(options: &Options, args: &[String]) -> Result<Parsed, Refused> {
    let mut parsed = Parsed::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            parsed.operands.extend(args.by_ref().cloned());
        } else if let Some(long) = arg.strip_prefix("--") {
            let given = scan_long(options, long, &mut args)?;
            parsed.options.push(given);
        } else if arg.len() > 1 && arg.starts_with('-') {
            scan_short(options, &arg[1..], &mut args, &mut parsed.options)?;
        } else {
            parsed.operands.push(arg.clone());
            if options.in_order {
                parsed.operands.extend(args.by_ref().cloned());
            }
        }
    }
    Ok(parsed)
}

fn scan_short(
    options: &Options,
    letters: &str,
    args: &mut std::slice::Iter<'_, String>,
    given: &mut Vec<Given>,
) -> Result<(), Refused> {
    for (at, letter) in letters.char_indices() {
        let rest = &letters[at + letter.len_utf8()..];
        let glued = (!rest.is_empty()).then(|| rest.to_owned());
        let opt = options.table.iter().find(|o| o.short == letter && letter != '\0');
        let Some(opt) = opt else {
            return Err(Refused::Wrong(format!("invalid option -- '{letter}'")));
        };
        let value = match opt.takes {
            Takes::NotSimulated => return Err(Refused::NotSimulated(format!("-{letter}"))),
            Takes::Nothing => {
                given.push(Given { key: opt.key, value: None });
                continue;
            }
            Takes::Perhaps => glued,
            Takes::Argument => match glued.or_else(|| args.next().cloned()) {
                None => return Err(Refused::Wrong(format!("option requires an argument -- '{letter}'"))),
                some => some,
            },
        };
        given.push(Given { key: opt.key, value });
        return Ok(());
    }
    Ok(())
}

fn scan_long(options: &Options, text: &str, args: &mut std::slice::Iter<'_, String>) -> Result<Given, Refused> {
    let (name, glued) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, None),
    };
    let opt = find_long(options, name, text)?;
    let long = opt.long;
    let value = match opt.takes {
        Takes::NotSimulated => return Err(Refused::NotSimulated(format!("--{long}"))),
        Takes::Nothing if glued.is_some() => {
            return Err(Refused::Wrong(format!("option '--{long}' doesn't allow an argument")));
        }
        Takes::Nothing => match opt.key {
            "help" => return Err(Refused::Help),
            "version" => return Err(Refused::Version),
            _ => None,
        },
        Takes::Perhaps => glued,
        Takes::Argument => match glued.or_else(|| args.next().cloned()) {
            None => return Err(Refused::Wrong(format!("option '--{long}' requires an argument"))),
            some => some,
        },
    };
    Ok(Given { key: opt.key, value })
}

/// The options that every command has.
const HELP: Opt = flag('\0', "help");
const VERSION: Opt = flag('\0', "version");

/// The row whose long name is `name` or alone begins with it.
fn find_long(options: &Options, name: &str, text: &str) -> Result<Opt, Refused> {
    let version = (!options.version.is_empty()).then_some(&VERSION);
    let rows: Vec<&Opt> = options.table.iter().chain([&HELP]).chain(version).filter(|o| !o.long.is_empty()).collect();
    if let Some(exact) = rows.iter().find(|o| o.long == name) {
        return Ok(**exact);
    }
    let near: Vec<&&Opt> = rows.iter().filter(|o| o.long.starts_with(name)).collect();
    match near[..] {
        [] => Err(Refused::Wrong(format!("unrecognized option '--{text}'"))),
        [first, ref others @ ..] if others.iter().all(|o| o.key == first.key && o.takes == first.takes) => {
            if first.takes == Takes::NotSimulated && !others.is_empty() {
                return Err(ambiguous(text, &near));
            }
            Ok(**first)
        }
        _ => Err(ambiguous(text, &near)),
    }
}

fn ambiguous(text: &str, near: &[&&Opt]) -> Refused {
    let names: String = near.iter().map(|o| format!(" '--{}'", o.long)).collect();
    Refused::Wrong(format!("option '--{text}' is ambiguous; possibilities:{names}"))
}

/// Why a command's work ended early; `?` turns both kinds into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Standard input is not complete.
    Input,
    /// With this exit status; what there is to say was printed.
    Exit(u8),
}

impl From<NeedInput> for Stop {
    fn from(_: NeedInput) -> Self {
        Stop::Input
    }
}

impl From<u8> for Stop {
    fn from(status: u8) -> Self {
        Stop::Exit(status)
    }
}

/// The result of a one-shot command's work, as its shape wants it.
pub fn ended(result: Result<u8, Stop>) -> Result<u8, NeedInput> {
    match result {
        Ok(status) | Err(Stop::Exit(status)) => Ok(status),
        Err(Stop::Input) => Err(NeedInput),
    }
}

/// Takes the arguments of a command apart; on a mistake prints what is wrong and returns the status to end with.
pub fn parse(cx: &mut Cx<'_, '_>, options: &Options) -> Result<Parsed, u8> {
    let args = cx.args();
    parse_args(cx, options, &args)
}

/// The same for arguments that were changed first (`head -5`).
pub fn parse_args(cx: &mut Cx<'_, '_>, options: &Options, args: &[String]) -> Result<Parsed, u8> {
    let called = cx.called();
    match scan(options, args) {
        Ok(parsed) => Ok(parsed),
        Err(Refused::Help) => {
            cx.outln(&format!("Usage: {called} {}", options.usage));
            Err(0)
        }
        Err(Refused::Version) => {
            // Programs of one package call themselves by its name.
            if options.version == VERSION_OF_SYSTEMD {
                cx.outln(&format!("systemd {VERSION_OF_SYSTEMD}\n{FEATURES}"));
            } else {
                let name = cx.name();
                cx.outln(&format!("{name} {}", options.version));
            }
            Err(0)
        }
        Err(Refused::NotSimulated(option)) => {
            cx.errln(&format!("{called}: option {option} is not simulated"));
            Err(options.status.max(2))
        }
        Err(Refused::Wrong(message)) => {
            cx.errln(&format!("{called}: {message}"));
            Err(misuse(cx, options))
        }
    }
}

/// Prints what follows a message about wrong usage, and returns the status for it.
pub fn misuse(cx: &mut Cx<'_, '_>, options: &Options) -> u8 {
    let called = cx.called();
    if matches!(options.hint, Hint::Usage | Hint::UsageAndTry) {
        cx.errln(&format!("Usage: {called} {}", options.usage));
    }
    if options.hint == Hint::NamedTry {
        cx.errln(&format!("{called}: Try '{called} --help' for more information."));
    }
    if matches!(options.hint, Hint::Try | Hint::UsageAndTry) {
        let shown = if options.version.contains("util-linux") { cx.name() } else { called };
        cx.errln(&format!("Try '{shown} --help' for more information."));
    }
    options.status
}

/// Says that something the command can really do is not simulated here, and returns status 2.
pub fn not_simulated(cx: &mut Cx<'_, '_>, what: &str) -> u8 {
    let called = cx.called();
    cx.errln(&format!("{called}: {what} is not simulated"));
    2
}

#[cfg(test)]
mod tests;
