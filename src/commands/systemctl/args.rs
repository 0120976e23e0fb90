//! The options of systemctl and what they are set to: systemctl(1), "Options".

use super::allowed;
use super::times::TimestampStyle;
use crate::commands::journal::format::{MODES, OutputMode};
use crate::commands::options::{Hint, Opt, Options, Refused, Takes, absent, also, flag, scan, value};
use crate::systemd::config::JobMode;
use crate::systemd::install::PresetMode;
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::UnitType;
use crate::systemd::version::{FEATURES, VERSION};
use crate::world::{Cx, Signal};

/// Every option.
const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "version"),
    flag('\0', "system"),
    flag('\0', "user"),
    flag('\0', "global"),
    value('H', "host"),
    value('M', "machine"),
    value('t', "type"),
    value('\0', "state"),
    flag('\0', "failed"),
    value('p', "property"),
    also('P', "", "P", Takes::Argument),
    flag('a', "all"),
    flag('l', "full"),
    flag('r', "recursive"),
    flag('\0', "reverse"),
    flag('\0', "before"),
    flag('\0', "after"),
    flag('\0', "with-dependencies"),
    value('\0', "job-mode"),
    flag('\0', "fail"),
    flag('\0', "irreversible"),
    flag('\0', "ignore-dependencies"),
    flag('T', "show-transaction"),
    flag('\0', "show-types"),
    flag('\0', "value"),
    value('\0', "check-inhibitors"),
    flag('i', "ignore-inhibitors"),
    value('\0', "kill-whom"),
    also('\0', "kill-who", "kill-whom", Takes::Argument),
    value('s', "signal"),
    value('\0', "what"),
    flag('\0', "now"),
    flag('\0', "dry-run"),
    flag('q', "quiet"),
    flag('\0', "wait"),
    flag('\0', "no-block"),
    flag('\0', "no-wall"),
    value('\0', "message"),
    flag('\0', "no-reload"),
    value('\0', "legend"),
    flag('\0', "no-legend"),
    flag('\0', "no-pager"),
    flag('\0', "no-ask-password"),
    flag('\0', "runtime"),
    flag('f', "force"),
    value('\0', "preset-mode"),
    absent('\0', "root"),
    absent('\0', "image"),
    value('n', "lines"),
    value('o', "output"),
    absent('\0', "firmware-setup"),
    absent('\0', "boot-loader-menu"),
    absent('\0', "boot-loader-entry"),
    value('\0', "reboot-argument"),
    flag('\0', "plain"),
    value('\0', "timestamp"),
    flag('\0', "read-only"),
    flag('\0', "mkdir"),
    absent('\0', "marked"),
    also('.', "", ".", Takes::Perhaps),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] COMMAND ...",
    version: "",
    status: 1,
    hint: Hint::Nothing,
    in_order: false,
};

/// Whose units are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The system's.
    #[default]
    System,
    /// The calling user's.
    User,
    /// The files of all users' managers.
    Global,
}

/// Which way `list-dependencies` looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// What the unit pulls in.
    #[default]
    Forward,
    /// What pulls it in.
    Reverse,
    /// What starts before it.
    After,
    /// What starts after it.
    Before,
}

/// A command line that was understood.
#[derive(Clone, Debug)]
pub struct Args {
    pub scope: Scope,
    /// `-H`, or `-M` with a user: a bus that cannot be reached.
    pub elsewhere: bool,
    /// `-M`: a container, of which there is none.
    pub machine: Option<String>,
    pub types: Vec<UnitType>,
    pub states: Vec<String>,
    pub properties: Vec<String>,
    pub value_only: bool,
    pub all: bool,
    pub full: bool,
    pub plain: bool,
    pub quiet: bool,
    pub legend: Option<bool>,
    pub direction: Direction,
    pub with_dependencies: bool,
    pub show_types: bool,
    pub job_mode: Option<String>,
    pub kill_whom: Option<String>,
    pub signal: Signal,
    pub what: Vec<String>,
    pub now: bool,
    pub dry_run: bool,
    pub wait: bool,
    pub no_block: bool,
    pub no_wall: bool,
    pub no_reload: bool,
    pub runtime: bool,
    /// How often `-f` was given.
    pub force: u8,
    pub preset_mode: PresetMode,
    pub lines: usize,
    pub output: OutputMode,
    pub timestamp: TimestampStyle,
    /// The verb and its arguments.
    pub operands: Vec<String>,
}

impl Default for Args {
    fn default() -> Self {
        Args {
            scope: Scope::System,
            elsewhere: false,
            machine: None,
            types: Vec::new(),
            states: Vec::new(),
            properties: Vec::new(),
            value_only: false,
            all: false,
            full: false,
            plain: false,
            quiet: false,
            legend: None,
            direction: Direction::Forward,
            with_dependencies: false,
            show_types: false,
            job_mode: None,
            kill_whom: None,
            signal: Signal::TERM,
            what: Vec::new(),
            now: false,
            dry_run: false,
            wait: false,
            no_block: false,
            no_wall: false,
            no_reload: false,
            runtime: false,
            force: 0,
            preset_mode: PresetMode::Full,
            lines: 10,
            output: OutputMode::Short,
            timestamp: TimestampStyle::Pretty,
            operands: Vec::new(),
        }
    }
}

impl Args {
    /// Whether headers and hints are printed.
    pub fn shows_legend(&self) -> bool {
        self.legend.unwrap_or(true)
    }

    /// The job mode, `replace` unless another is asked for; the word itself if there is no such mode.
    pub fn mode(&self) -> Result<JobMode, &str> {
        match self.job_mode.as_deref() {
            None => Ok(JobMode::Replace),
            Some(word) => JobMode::parse(word).ok_or(word),
        }
    }

    /// `--user ` where a hint to the student must name the manager: ` --user` or nothing.
    pub fn user_flag(&self) -> &'static str {
        if self.scope == Scope::User { " --user" } else { "" }
    }
}

/// Reads the command line; the error is the exit status, after the message was printed.
pub fn parse(cx: &mut Cx<'_, '_>) -> Result<Args, u8> {
    let parsed = match scan(&OPTIONS, &cx.args()) {
        Ok(parsed) => parsed,
        Err(Refused::NotSimulated(option)) => {
            cx.errln(&format!("systemctl: option {option} is not simulated"));
            return Err(2);
        }
        Err(Refused::Wrong(message)) => {
            cx.errln(&format!("systemctl: {message}"));
            return Err(1);
        }
        Err(Refused::Help) => return Err(help(cx)),
        Err(Refused::Version) => return Err(version(cx)),
    };
    let mut args = Args { operands: parsed.operands, ..Args::default() };
    for given in &parsed.options {
        set(cx, &mut args, given.key, given.text())?;
    }
    if parsed.options.iter().any(|given| given.key == "recursive") && cx.uid() != 0 {
        cx.errln("--recursive requires root privileges.");
        return Err(1);
    }
    if args.wait && args.no_block {
        cx.errln("--wait may not be combined with --no-block.");
        return Err(1);
    }
    Ok(args)
}

fn help(cx: &mut Cx<'_, '_>) -> u8 {
    cx.outln("systemctl [OPTIONS...] COMMAND ...");
    0
}

fn version(cx: &mut Cx<'_, '_>) -> u8 {
    cx.outln(&format!("systemd {VERSION}\n{FEATURES}"));
    0
}

fn set(cx: &mut Cx<'_, '_>, args: &mut Args, key: &str, text: &str) -> Result<(), u8> {
    match key {
        "help" => return Err(help(cx)),
        "version" => return Err(version(cx)),
        "system" => args.scope = Scope::System,
        "user" => args.scope = Scope::User,
        "host" => args.elsewhere = true,
        "machine" if matches!(text, "" | ".host") => {}
        "machine" if text.contains('@') => args.elsewhere = true,
        "machine" => args.machine = Some(text.to_owned()),
        "global" => args.scope = Scope::Global,
        "failed" => args.states.push("failed".into()),
        "P" | "property" => {
            args.value_only |= key == "P";
            args.properties.extend(text.split(',').filter(|word| !word.is_empty()).map(str::to_owned));
        }
        "all" => args.all = true,
        "full" => args.full = true,
        "reverse" => args.direction = Direction::Reverse,
        "before" => args.direction = Direction::Before,
        "after" => args.direction = Direction::After,
        "with-dependencies" => args.with_dependencies = true,
        "job-mode" => args.job_mode = Some(text.to_owned()),
        "fail" => args.job_mode = Some("fail".into()),
        "irreversible" => args.job_mode = Some("replace-irreversibly".into()),
        "ignore-dependencies" => args.job_mode = Some("ignore-dependencies".into()),
        "show-types" => args.show_types = true,
        "value" => args.value_only = true,
        "kill-whom" => args.kill_whom = Some(text.to_owned()),
        "now" => args.now = true,
        "dry-run" => args.dry_run = true,
        "quiet" => {
            args.quiet = true;
            args.legend.get_or_insert(false);
        }
        "." => return Err(allowed::dash(cx, text)),
        "wait" => args.wait = true,
        "no-block" => args.no_block = true,
        "no-wall" => args.no_wall = true,
        "no-reload" => args.no_reload = true,
        "no-legend" => args.legend = Some(false),
        "runtime" => args.runtime = true,
        "force" => args.force = args.force.saturating_add(1),
        "plain" => args.plain = true,
        "what" => args.what.extend(text.split(',').map(str::to_owned)),
        _ => return set_checked(cx, args, key, text),
    }
    Ok(())
}

/// The options whose argument can be wrong.
fn set_checked(cx: &mut Cx<'_, '_>, args: &mut Args, key: &str, text: &str) -> Result<(), u8> {
    let wrong = |cx: &mut Cx<'_, '_>, message: String| {
        cx.errln(&message);
        Err(1)
    };
    match key {
        "type" => return set_types(cx, args, text),
        "state" => {
            for word in text.split(',').filter(|word| !word.is_empty()) {
                if word == "help" {
                    return Err(allowed::states_help(cx));
                }
                args.states.push(word.to_owned());
            }
        }
        "signal" if text == "help" => {
            allowed::signals_help(cx);
            return Err(0);
        }
        "signal" => match Signal::parse(text) {
            Some(signal) => args.signal = signal,
            None => return wrong(cx, format!("Failed to parse signal string \"{text}\".")),
        },
        "legend" => match text {
            "1" | "yes" | "y" | "true" | "t" | "on" => args.legend = Some(true),
            "0" | "no" | "n" | "false" | "f" | "off" => args.legend = Some(false),
            _ => return wrong(cx, format!("Failed to parse boolean argument to --legend=: {text}.")),
        },
        "preset-mode" => match text {
            "full" => args.preset_mode = PresetMode::Full,
            "enable-only" => args.preset_mode = PresetMode::EnableOnly,
            "disable-only" => args.preset_mode = PresetMode::DisableOnly,
            _ => return wrong(cx, format!("Failed to parse preset mode: {text}.")),
        },
        "lines" => match text.parse() {
            Ok(lines) => args.lines = lines,
            Err(_) if text == "all" => args.lines = usize::MAX,
            Err(_) => return wrong(cx, format!("Failed to parse lines '{text}'")),
        },
        "output" if text == "help" => {
            MODES.iter().for_each(|(word, _)| cx.outln(word));
            return Err(0);
        }
        "output" => match OutputMode::parse(text) {
            Some(mode) => args.output = mode,
            None => return wrong(cx, format!("Unknown output '{text}'.")),
        },
        "timestamp" => match text {
            "pretty" | "utc" => args.timestamp = TimestampStyle::Pretty,
            "us" | "µs" | "us+utc" | "µs+utc" => args.timestamp = TimestampStyle::Us,
            "unix" => args.timestamp = TimestampStyle::Unix,
            _ => return wrong(cx, format!("Invalid value: {text}.")),
        },
        _ => {}
    }
    Ok(())
}

fn set_types(cx: &mut Cx<'_, '_>, args: &mut Args, text: &str) -> Result<(), u8> {
    for word in text.split(',').filter(|word| !word.is_empty()) {
        if word == "help" {
            if args.shows_legend() {
                cx.outln("Available unit types:");
            }
            for kind in UnitType::ALL {
                cx.outln(kind.as_str());
            }
            return Err(0);
        }
        if let Some(kind) = UnitType::parse(word) {
            args.types.push(kind);
        } else if LoadState::parse(word).is_some() {
            args.states.push(word.to_owned());
        } else {
            cx.errln(&format!("Unknown unit type or load state '{word}'."));
            cx.errln("Use -t help to see a list of allowed values.");
            return Err(1);
        }
    }
    Ok(())
}
