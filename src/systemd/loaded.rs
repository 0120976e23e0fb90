//! A unit as read from its files, before it has any run-time state: systemd.unit(5).

use super::config::UnitSettings;
use super::states::LoadState;
use super::unit_name::UnitName;
use std::fmt;

/// One line that systemd would write about a file: a journal line of PID 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The file, or empty when the message is about the unit as a whole.
    pub path: String,
    /// The line, counted from 1; 0 when the message is about the unit or the file as a whole.
    pub line: u32,
    /// The unit the message belongs to (the `UNIT=` field); `None` before one is known.
    pub unit: Option<String>,
    /// The message without its prefix.
    pub text: String,
    /// syslog priority: 3 err, 4 warning, 5 notice, 6 info.
    pub priority: u8,
}

impl fmt::Display for Warning {
    /// The journal's `MESSAGE=`: `path:line: text`, or `unit: text`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.path, self.line, &self.unit) {
            (path, line, _) if !path.is_empty() && line > 0 => write!(f, "{path}:{line}: {}", self.text),
            (path, _, _) if !path.is_empty() => write!(f, "{path}: {}", self.text),
            (_, _, Some(unit)) => write!(f, "{unit}: {}", self.text),
            _ => f.write_str(&self.text),
        }
    }
}

/// Why a unit is not `loaded`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The D-Bus error name: `org.freedesktop.systemd1.NoSuchUnit`, …
    pub name: &'static str,
    /// `Unit x.service not found.`
    pub message: String,
}

/// The result of reading a unit's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedUnit {
    /// The main name (aliases resolved).
    pub name: UnitName,
    /// All names, the main one first.
    pub names: Vec<UnitName>,
    pub load_state: LoadState,
    pub load_error: Option<LoadError>,
    /// Where the unit's file is: for a masked or linked unit the path of the link.
    pub fragment_path: Option<String>,
    /// In the order they were read.
    pub dropin_paths: Vec<String>,
    /// Everything the files say; the dependencies hold explicit ones, `.wants/` and `.requires/` links, and the unit that a
    /// timer, path or socket triggers. Other implicit ones are the manager's.
    pub settings: UnitSettings,
    pub warnings: Vec<Warning>,
    /// Known settings that were written but that the simulation does not act on (`[Service] CPUAffinity=`).
    pub not_simulated: Vec<String>,
}
