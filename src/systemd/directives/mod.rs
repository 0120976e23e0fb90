//! The one table of directives: which keys each section knows and how each is read: systemd.directives(7).
//!
//! `Parse::Known` marks what systemd accepts and the simulation does not act on: its value is checked as far as the check
//! says, and the loader lists it as not simulated.

mod cgroup;
mod check_cgroup;
mod check_exec;
mod commands;
mod context;
mod dependencies;
mod environment;
mod exec;
mod exec_values;
mod limits;
mod output;
pub mod paths;
mod scalar;
mod service;
mod sockets;
mod triggers;
mod unit;

pub use context::Context;

use crate::systemd::condition::ConditionKind;
use crate::systemd::config::UnitSettings;
use crate::systemd::unit_file::{Assignment, Assignments, Log, specifier::Specifiers};
use crate::world::Errno;

/// A setting's place in the settings; `None` when the unit's type has no such place.
type Place<T> = fn(&mut UnitSettings) -> Option<&mut T>;

/// How a value is read and where it goes.
#[derive(Clone, Copy)]
pub enum Parse {
    /// A boolean.
    Bool(Place<bool>),
    /// A boolean that is fatal when wrong.
    BoolFatal(Place<bool>),
    /// A boolean whose absence matters.
    Tristate(Place<Option<bool>>),
    /// A time span in seconds.
    Sec(Place<u64>),
    /// A time span in seconds where 0 means no limit.
    SecFix0(Place<u64>),
    /// A number without sign.
    Unsigned(Place<u32>),
    /// A file mode.
    Mode(Place<u32>),
    /// A text with specifiers; empty unsets it.
    Text(Place<Option<String>>),
    /// An absolute path with specifiers; empty unsets it.
    Path(Place<Option<String>>),
    /// A path whose fault is fatal.
    PathFatal(Place<Option<String>>),
    /// One of a list of words, with what the message calls it; the function says whether it took the word.
    Word(&'static str, fn(&mut UnitSettings, &str) -> bool),
    /// Anything else.
    Custom(fn(&mut Context<'_, '_>, &mut UnitSettings, &str) -> Result<(), Errno>),
    /// Accepted, checked, not simulated.
    Known(Check),
    /// Accepted without a trace: obsolete, or without effect in a simulation.
    Silent,
}

/// What is checked of a value that is not simulated.
#[derive(Clone, Copy)]
pub enum Check {
    Any,
    Bool,
    /// Nothing, or a boolean.
    BoolOrEmpty,
    Sec,
    SecDefInfinity,
    Nsec,
    Unsigned,
    /// Nothing, or a number without sign.
    UnsignedOrEmpty,
    Mode,
    Text,
    Path,
    Size,
    Int,
    Long,
    /// A path whose fault is fatal.
    PathFatal,
    /// A list of absolute paths with `-` and `+`.
    Paths,
    /// One of these words or nothing, with what the message calls it.
    Words(&'static str, &'static [&'static str]),
    /// One of these words.
    Word(&'static str, &'static [&'static str]),
    /// A list of words, perhaps after `~`, of which each is looked at.
    Each(&'static str, fn(&str) -> bool),
    /// What a reader of its own makes of it.
    With(fn(&mut Context<'_, '_>, &str) -> Result<(), Errno>),
}

/// What the simulated machine makes of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It changes what happens, or what the tools tell of it.
    Acts,
    /// Its value is checked and kept for `systemctl show` and `cat`; nothing else comes of it.
    Stored,
    /// systemd itself ignores it: obsolete.
    Ignored,
}

/// One known key.
#[derive(Clone, Copy)]
pub struct Directive {
    pub key: &'static str,
    pub parse: Parse,
    /// What kind of value it takes, in a word or two.
    pub value: &'static str,
    pub effect: Effect,
}

/// A row that acts, unless its value is only checked.
const fn row(key: &'static str, parse: Parse) -> Directive {
    let effect = match parse {
        Parse::Known(_) => Effect::Stored,
        Parse::Silent => Effect::Ignored,
        _ => Effect::Acts,
    };
    Directive { key, parse, value: parse.value(), effect }
}

impl Directive {
    /// The row with what its own reader reads.
    const fn of(self, value: &'static str) -> Self {
        Directive { value, ..self }
    }

    /// A setting that is read into its place, from where only `systemctl show` fetches it.
    const fn stored(self) -> Self {
        Directive { effect: Effect::Stored, ..self }
    }

    /// A setting that is kept as it was written, and acts all the same.
    const fn acting(self) -> Self {
        Directive { effect: Effect::Acts, ..self }
    }
}

impl Parse {
    /// The kind of value it reads; empty when only its reader knows.
    const fn value(self) -> &'static str {
        match self {
            Parse::Bool(_) | Parse::BoolFatal(_) | Parse::Tristate(_) => "boolean",
            Parse::Sec(_) | Parse::SecFix0(_) => "time span",
            Parse::Unsigned(_) => "number",
            Parse::Mode(_) => "mode",
            Parse::Text(_) => "text",
            Parse::Path(_) | Parse::PathFatal(_) => "path",
            Parse::Word(what, _) => what,
            Parse::Known(check) => check.value(),
            Parse::Custom(_) => "",
            Parse::Silent => "any",
        }
    }
}

impl Check {
    const fn value(self) -> &'static str {
        match self {
            Check::Any | Check::Text => "text",
            Check::Bool | Check::BoolOrEmpty => "boolean",
            Check::Sec | Check::SecDefInfinity | Check::Nsec => "time span",
            Check::Unsigned | Check::UnsignedOrEmpty | Check::Int | Check::Long => "number",
            Check::Mode => "mode",
            Check::Path | Check::PathFatal => "path",
            Check::Size => "size",
            Check::Paths => "paths",
            Check::Words(what, _) | Check::Word(what, _) | Check::Each(what, _) => what,
            Check::With(_) => "",
        }
    }
}

/// The tables of a section, in the order in which they are searched.
fn tables(section: &str) -> &'static [&'static [Directive]] {
    match section {
        "Unit" => &[unit::UNIT],
        "Install" => &[unit::INSTALL],
        "Service" => &[service::SERVICE, exec::EXEC, cgroup::CGROUP, commands::KILL],
        "Socket" => &[sockets::SOCKET, exec::EXEC, cgroup::CGROUP, commands::KILL],
        "Mount" => &[triggers::MOUNT, exec::EXEC, cgroup::CGROUP, commands::KILL],
        "Swap" => &[triggers::SWAP, exec::EXEC, cgroup::CGROUP, commands::KILL],
        "Scope" => &[triggers::SCOPE, cgroup::CGROUP, commands::KILL],
        "Slice" => &[cgroup::CGROUP],
        "Timer" => &[triggers::TIMER],
        "Path" => &[triggers::PATH],
        "Automount" => &[triggers::AUTOMOUNT],
        _ => &[],
    }
}

/// Finds a key of a section; keys are case-sensitive.
pub fn lookup(section: &str, key: &str) -> Option<&'static Directive> {
    if section == "Unit" && unit::condition_kind(key).is_some() {
        return Some(&unit::CONDITION);
    }
    tables(section).iter().flat_map(|table| table.iter()).find(|directive| directive.key == key)
}

/// All keys of a section, for completion.
pub fn keys(section: &str) -> Vec<String> {
    let mut keys: Vec<String> = tables(section).iter().flat_map(|t| t.iter()).map(|d| d.key.to_owned()).collect();
    if section == "Unit" {
        let kinds = ConditionKind::ALL;
        keys.extend(kinds.iter().map(|kind| format!("Condition{kind}")));
        keys.extend(kinds.iter().map(|kind| format!("Assert{kind}")).filter(|key| unit::condition_kind(key).is_some()));
    }
    keys
}

/// The sections and their own tables, then the tables that several sections share.
pub const TABLES: &[(&str, &[Directive])] = &[
    ("[Unit]", unit::UNIT),
    ("[Install]", unit::INSTALL),
    ("[Service]", service::SERVICE),
    ("[Socket]", sockets::SOCKET),
    ("[Timer]", triggers::TIMER),
    ("[Path]", triggers::PATH),
    ("[Mount]", triggers::MOUNT),
    ("[Automount]", triggers::AUTOMOUNT),
    ("[Swap]", triggers::SWAP),
    ("[Scope]", triggers::SCOPE),
    ("[Service], [Socket], [Mount], [Swap]: execution", exec::EXEC),
    ("[Service], [Socket], [Mount], [Swap], [Scope]: killing", commands::KILL),
    ("[Service], [Socket], [Mount], [Swap], [Slice], [Scope]: resources", cgroup::CGROUP),
];

/// Puts the assignments of a file into a unit's settings.
pub struct Apply<'a> {
    pub settings: &'a mut UnitSettings,
    pub specifiers: &'a Specifiers<'a>,
    /// `[Section] Key=` of what was written but is not simulated.
    pub not_simulated: &'a mut Vec<String>,
}

impl Assignments for Apply<'_> {
    fn assign(&mut self, assignment: Assignment<'_>, log: &mut Log<'_>) -> Result<(), Errno> {
        let Assignment { section, key, value, line } = assignment;
        let Some(directive) = lookup(section, key) else {
            if !key.starts_with("X-") {
                log.warn(line, format!("Unknown key '{key}' in section [{section}], ignoring."));
            }
            return Ok(());
        };
        if directive.effect == Effect::Stored {
            let shown = format!("[{section}] {key}=");
            if !self.not_simulated.contains(&shown) {
                self.not_simulated.push(shown);
            }
        }
        let complaints = log.warnings.len();
        let mut context = Context { specifiers: self.specifiers, key, line, log };
        scalar::apply(directive.parse, &mut context, self.settings, value)?;
        if matches!(directive.parse, Parse::Known(_)) && log.warnings.len() == complaints {
            let kept = self.settings.kept.entry(key.to_owned()).or_default();
            if value.is_empty() { kept.clear() } else { kept.push(value.to_owned()) }
        }
        Ok(())
    }
}
