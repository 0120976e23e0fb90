//! Reading a unit: its file, its drop-ins, its links, and whether all that makes sense: systemd.unit(5).

mod dropins;
mod files;
mod search;
mod verify;

pub use files::{FileKind, UnitFiles, UnitFilesMut, Writable};
pub use search::{SearchPath, UnitFileMap, may_alias, name_matches};

use crate::systemd::config::UnitSettings;
use crate::systemd::directives::Apply;
use crate::systemd::loaded::{LoadError, LoadedUnit, Warning};
use crate::systemd::states::LoadState;
use crate::systemd::unit_file::specifier::{Host, Specifiers};
use crate::systemd::unit_file::{LOG_NOTICE, Log, read};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::Errno;

/// D-Bus error names of units that are not loaded.
pub const NO_SUCH_UNIT: &str = "org.freedesktop.systemd1.NoSuchUnit";
pub const BAD_UNIT_SETTING: &str = "org.freedesktop.systemd1.BadUnitSetting";
pub const UNIT_MASKED: &str = "org.freedesktop.systemd1.UnitMasked";

/// All that reading units needs.
#[derive(Clone, Copy)]
pub struct Loader<'a> {
    pub files: &'a dyn UnitFiles,
    pub path: &'a SearchPath,
    /// Built from `files` and `path`; see [`UnitFileMap::refresh`].
    pub map: &'a UnitFileMap,
    pub host: &'a Host,
}

impl Loader<'_> {
    /// Reads a unit by any of its names; never fails, see `load_state`. A template cannot be loaded: its state is `error`.
    pub fn load(&self, name: &UnitName) -> LoadedUnit {
        let (file, names) = self.map.find(name);
        let mut unit = blank(names);
        let result = self.read_files(&mut unit, file.map(str::to_owned).as_deref());
        let result =
            result.and_then(|()| if unit.load_state == LoadState::Loaded { self.finish(&mut unit) } else { Ok(()) });
        if let Err(errno) = result {
            unit.load_state = match (unit.load_state, errno) {
                (LoadState::Stub, _) => LoadState::NotFound,
                (_, Errno::ENOEXEC) => LoadState::BadSetting,
                _ => LoadState::Error,
            };
            unit.load_error = load_error(&unit, errno);
        } else if unit.load_state == LoadState::Masked {
            unit.load_error = load_error(&unit, Errno::ENOENT);
        }
        unit
    }

    /// The drop-ins that a unit with these names has now, in the order in which they are read.
    pub fn dropins(&self, names: &[UnitName]) -> Vec<String> {
        dropins::find(self.files, self.path, self.map, names, ".d", ".conf")
    }

    /// The fragment, the links and the drop-ins.
    fn read_files(&self, unit: &mut LoadedUnit, file: Option<&str>) -> Result<(), Errno> {
        if let Some(file) = file {
            let bytes = self.files.read(file).inspect_err(|errno| {
                unit.warnings.push(about(&unit.name, LOG_NOTICE, format!("Failed to open {file}: {errno}")));
            })?;
            unit.fragment_path = Some(file.to_owned());
            if bytes.is_empty() {
                unit.load_state = LoadState::Masked;
            } else {
                unit.load_state = LoadState::Loaded;
                if let Err(errno) = self.parse(unit, file, &bytes) {
                    if errno == Errno::ENOEXEC {
                        let text = "Unit configuration has fatal error, unit will not be started.".to_owned();
                        unit.warnings.push(about(&unit.name, LOG_NOTICE, text));
                    }
                    return Err(errno);
                }
            }
        } else if needs_file(unit.name.unit_type()) {
            return Err(Errno::ENOENT);
        } else {
            unit.load_state = LoadState::Loaded;
        }
        dropins::add_links(self.files, self.path, self.map, unit);
        unit.dropin_paths = dropins::find(self.files, self.path, self.map, &unit.names, ".d", ".conf");
        for path in unit.dropin_paths.clone() {
            if let Ok(bytes) = self.files.read(&path) {
                // A fault in a drop-in ends that drop-in, not the unit.
                let _ = self.parse(unit, &path, &bytes);
            }
        }
        Ok(())
    }

    fn parse(&self, unit: &mut LoadedUnit, path: &str, bytes: &[u8]) -> Result<(), Errno> {
        let id = unit.name.to_string();
        let specifiers = Specifiers { name: &unit.name, fragment_path: unit.fragment_path.as_deref(), host: self.host };
        let mut log = Log { path, unit: &id, warnings: &mut unit.warnings };
        let mut apply =
            Apply { settings: &mut unit.settings, specifiers: &specifiers, not_simulated: &mut unit.not_simulated };
        read(bytes, sections(unit.name.unit_type()), &mut log, &mut apply)
    }

    /// What is decided when everything is read; errors have been logged.
    fn finish(&self, unit: &mut LoadedUnit) -> Result<(), Errno> {
        verify::complete(unit);
        verify::verify(unit)
    }
}

/// The sections of each type's files.
pub fn sections(kind: UnitType) -> &'static [&'static str] {
    match kind {
        UnitType::Service => &["Unit", "Service", "Install"],
        UnitType::Socket => &["Unit", "Socket", "Install"],
        UnitType::Timer => &["Unit", "Timer", "Install"],
        UnitType::Path => &["Unit", "Path", "Install"],
        UnitType::Mount => &["Unit", "Mount", "Install"],
        UnitType::Automount => &["Unit", "Automount", "Install"],
        UnitType::Swap => &["Unit", "Swap", "Install"],
        UnitType::Slice => &["Unit", "Slice", "Install"],
        UnitType::Scope => &["Unit", "Scope", "Install"],
        UnitType::Target => &["Unit", "Target", "Install"],
        UnitType::Device => &["Unit", "Device", "Install"],
    }
}

/// Whether a unit of this type is nothing without a file.
fn needs_file(kind: UnitType) -> bool {
    !matches!(kind, UnitType::Slice | UnitType::Scope | UnitType::Device)
}

fn blank(names: Vec<UnitName>) -> LoadedUnit {
    let name = names[0].clone();
    LoadedUnit {
        load_state: LoadState::Stub,
        load_error: None,
        fragment_path: None,
        dropin_paths: Vec::new(),
        settings: UnitSettings::new(name.unit_type()),
        warnings: Vec::new(),
        not_simulated: Vec::new(),
        name,
        names,
    }
}

/// The error that clients see.
fn load_error(unit: &LoadedUnit, errno: Errno) -> Option<LoadError> {
    let name = &unit.name;
    let (error, message) = match unit.load_state {
        LoadState::NotFound => (NO_SUCH_UNIT, format!("Unit {name} not found.")),
        LoadState::BadSetting => (BAD_UNIT_SETTING, format!("Unit {name} has a bad unit file setting.")),
        LoadState::Masked => (UNIT_MASKED, format!("Unit {name} is masked.")),
        _ => {
            let advice = "please adjust/correct and reload service manager";
            (errno_name(errno), format!("Unit {name} failed to load properly, {advice}: {errno}"))
        }
    };
    Some(LoadError { name: error, message })
}

fn errno_name(errno: Errno) -> &'static str {
    match errno {
        Errno::EINVAL => "org.freedesktop.DBus.Error.InvalidArgs",
        Errno::ENOENT => "org.freedesktop.DBus.Error.FileNotFound",
        Errno::EACCES => "org.freedesktop.DBus.Error.AccessDenied",
        Errno::EBADMSG => "System.Error.EBADMSG",
        Errno::ENOBUFS => "System.Error.ENOBUFS",
        _ => "org.freedesktop.DBus.Error.Failed",
    }
}

/// A message about the unit as a whole.
fn about(unit: &UnitName, priority: u8, text: String) -> Warning {
    Warning { path: String::new(), line: 0, unit: Some(unit.to_string()), text, priority }
}

#[cfg(test)]
mod tests;
