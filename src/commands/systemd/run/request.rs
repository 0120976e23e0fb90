//! What systemd-run is asked for: its command line: systemd-run(1).

use crate::commands::options::{Hint, Opt, Options, absent, flag, parse, value};
use crate::systemd::manager::{ManagerError, error_name};
use crate::systemd::mangle::unit_name_mangle;
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::fs::{Access, join};
use crate::world::{Cx, Errno};

const TABLE: &[Opt] = &[
    flag('h', "help"),
    flag('\0', "no-ask-password"),
    flag('\0', "user"),
    flag('\0', "system"),
    absent('H', "host"),
    absent('M', "machine"),
    flag('\0', "scope"),
    value('u', "unit"),
    value('p', "property"),
    value('\0', "description"),
    value('\0', "slice"),
    absent('\0', "slice-inherit"),
    flag('\0', "no-block"),
    flag('r', "remain-after-exit"),
    flag('\0', "wait"),
    flag('\0', "send-sighup"),
    value('\0', "service-type"),
    value('\0', "uid"),
    value('\0', "gid"),
    value('\0', "nice"),
    value('\0', "working-directory"),
    flag('d', "same-dir"),
    value('E', "setenv"),
    flag('t', "pty"),
    flag('P', "pipe"),
    flag('q', "quiet"),
    flag('G', "collect"),
    absent('S', "shell"),
    absent('\0', "path-property"),
    absent('\0', "socket-property"),
    value('\0', "on-active"),
    value('\0', "on-boot"),
    value('\0', "on-startup"),
    value('\0', "on-unit-active"),
    value('\0', "on-unit-inactive"),
    value('\0', "on-calendar"),
    absent('\0', "on-timezone-change"),
    absent('\0', "on-clock-change"),
    value('\0', "timer-property"),
];

const OPTIONS: Options = Options {
    table: TABLE,
    usage: "[OPTIONS...] COMMAND [ARGUMENTS...]",
    version: super::super::VERSION,
    status: 1,
    hint: Hint::Nothing,
    in_order: true,
};

/// The options that make a timer, and the settings they become.
const TIMER_OPTIONS: &[(&str, &str)] = &[
    ("on-active", "OnActiveSec"),
    ("on-boot", "OnBootSec"),
    ("on-startup", "OnStartupSec"),
    ("on-unit-active", "OnUnitActiveSec"),
    ("on-unit-inactive", "OnUnitInactiveSec"),
    ("on-calendar", "OnCalendar"),
];

/// A command line that was understood.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub user: bool,
    pub scope: bool,
    pub wait: bool,
    pub no_block: bool,
    pub quiet: bool,
    pub collect: bool,
    pub pty: bool,
    pub pipe: bool,
    pub unit: Option<String>,
    pub description: Option<String>,
    /// `Setting=value` for the service or scope, in order.
    pub properties: Vec<String>,
    /// `Setting=value` for the timer, in order.
    pub timer: Vec<String>,
    /// The program's file.
    pub program: String,
    /// Its arguments; the program's file stands for its name.
    pub argv: Vec<String>,
}

impl Request {
    /// Reads the command line; the error is the status after the message was printed.
    pub fn read(cx: &mut Cx<'_, '_>) -> Result<Self, u8> {
        let parsed = parse(cx, &OPTIONS)?;
        let mut request = Request {
            user: parsed.has("user"),
            scope: parsed.has("scope"),
            wait: parsed.has("wait") || parsed.has("pty") || parsed.has("pipe"),
            no_block: parsed.has("no-block"),
            quiet: parsed.has("quiet"),
            collect: parsed.has("collect"),
            pty: parsed.has("pty"),
            pipe: parsed.has("pipe"),
            unit: parsed.last("unit").map(str::to_owned),
            description: parsed.last("description").map(str::to_owned),
            argv: parsed.operands.clone(),
            ..Request::default()
        };
        for option in &parsed.options {
            request.add(cx, option.key, option.text());
        }
        if let Some(message) = request.contradiction() {
            cx.errln(message);
            return Err(1);
        }
        let Some(name) = request.argv.first().cloned() else {
            cx.errln("Command line to execute required.");
            return Err(1);
        };
        request.program = find_executable(cx, &name).map_err(|errno| {
            cx.errln(&format!("Failed to find executable {name}: {}", errno.message()));
            1
        })?;
        if !request.scope {
            request.argv[0].clone_from(&request.program);
        }
        Ok(request)
    }

    fn add(&mut self, cx: &mut Cx<'_, '_>, key: &str, text: &str) {
        let setting = match key {
            "property" => text.to_owned(),
            "slice" => {
                format!("Slice={}", if text.ends_with(".slice") { text.to_owned() } else { format!("{text}.slice") })
            }
            "remain-after-exit" => "RemainAfterExit=yes".to_owned(),
            "send-sighup" => "SendSIGHUP=yes".to_owned(),
            "service-type" => format!("Type={text}"),
            "uid" => format!("User={text}"),
            "gid" => format!("Group={text}"),
            "nice" => format!("Nice={text}"),
            "working-directory" => format!("WorkingDirectory={}", join(&cx.cwd(), text)),
            "same-dir" => format!("WorkingDirectory={}", cx.cwd()),
            "setenv" => match text.split_once('=') {
                Some(_) => format!("Environment=\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
                None => match cx.getenv(text) {
                    Some(value) => format!("Environment=\"{text}={value}\""),
                    None => return,
                },
            },
            "timer-property" => {
                self.timer.push(text.to_owned());
                return;
            }
            _ => {
                if let Some((_, setting)) = TIMER_OPTIONS.iter().find(|(option, _)| *option == key) {
                    self.timer.push(format!("{setting}={text}"));
                }
                return;
            }
        };
        self.properties.push(setting);
    }

    /// Whether a timer is to start the command.
    pub fn is_timer(&self) -> bool {
        self.timer.iter().any(|line| TIMER_OPTIONS.iter().any(|(_, setting)| line.starts_with(setting)))
    }

    fn contradiction(&self) -> Option<&'static str> {
        if !self.timer.is_empty() && !self.is_timer() {
            return Some("--timer-property= has no effect without any other timer options.");
        }
        if self.is_timer() && self.scope {
            return Some("Scope execution mode is not supported with timers.");
        }
        if self.wait && self.scope {
            return Some("--wait may not be combined with --scope.");
        }
        if self.wait && self.no_block {
            return Some("--wait may not be combined with --no-block.");
        }
        if self.wait && self.is_timer() {
            return Some("--wait may not be combined with timer operations.");
        }
        None
    }

    /// The unit's name: as asked for, or made up. Errors: it is no unit name.
    pub fn unit_name(&self, cx: &mut Cx<'_, '_>, kind: UnitType) -> Result<UnitName, ManagerError> {
        let name = match &self.unit {
            Some(typed) => unit_name_mangle(typed, "as unit", false, kind).map(|mangled| mangled.name),
            None => {
                let (high, low) = (cx.world.rng.next_u64(), cx.world.rng.next_u64());
                Some(format!("run-r{high:016x}{low:016x}.{kind}"))
            }
        };
        let name = name.and_then(|name| UnitName::new(&name)).and_then(|name| name.with_type(kind));
        name.ok_or_else(|| ManagerError::new(error_name::INVALID_ARGS, "Invalid unit name"))
    }
}

/// The file of a program, looked for as a shell would.
fn find_executable(cx: &mut Cx<'_, '_>, name: &str) -> Result<String, Errno> {
    if name.contains('/') {
        let path = join(&cx.cwd(), name);
        cx.access(&path, Access::Execute)?;
        return Ok(path);
    }
    let folders = cx.getenv("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".to_owned());
    let mut result = Err(Errno::ENOENT);
    for folder in folders.split(':').filter(|folder| folder.starts_with('/')) {
        let path = format!("{folder}/{name}");
        match cx.access(&path, Access::Execute) {
            Ok(()) => return Ok(path),
            Err(Errno::ENOENT | Errno::ENOTDIR) => {}
            Err(errno) => result = Err(errno),
        }
    }
    result
}
