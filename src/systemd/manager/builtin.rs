//! Units that are there without a file: the root mount, the slices, init's own scope: systemd.special(7).

use super::{RuntimeScope, error_name, hardware};
use crate::systemd::config::TypeConfig;
use crate::systemd::escaping::unescape_path;
use crate::systemd::loaded::{LoadError, LoadedUnit};
use crate::systemd::states::LoadState;
use crate::systemd::unit_name::UnitType;

/// Fills in what the manager knows of a unit besides its files.
pub(super) fn complete(unit: &mut LoadedUnit, scope: RuntimeScope) {
    let name = unit.name.clone();
    match (name.as_str(), name.unit_type()) {
        ("-.mount", _) if scope == RuntimeScope::System => root_mount(unit),
        ("init.scope", _) => {
            exists(unit);
            let config = &mut unit.settings.unit;
            config.description.get_or_insert_with(|| "System and Service Manager".to_owned());
            config.documentation = vec!["man:systemd(1)".to_owned()];
            config.default_dependencies = false;
            if let TypeConfig::Scope(scope) = &mut unit.settings.kind {
                scope.cgroup.slice = Some("-.slice".to_owned());
            }
        }
        (device, UnitType::Device) if scope == RuntimeScope::System => {
            if let Some((_, description, _)) = hardware::device(device) {
                exists(unit);
                unit.settings.unit.description.get_or_insert_with(|| (*description).to_owned());
            }
        }
        (_, UnitType::Mount) if scope == RuntimeScope::System && unit.fragment_path.is_none() => kernel_mount(unit),
        (_, UnitType::Mount | UnitType::Swap) if unit.load_state == LoadState::Loaded => {
            let place = match &unit.settings.kind {
                TypeConfig::Mount(mount) => mount.where_.clone(),
                TypeConfig::Swap(swap) => swap.what.clone(),
                _ => None,
            };
            let config = &mut unit.settings.unit;
            config.description = config.description.take().or(place);
        }
        // A scope is made by a program; there is none of this name.
        (_, UnitType::Scope) if unit.load_state == LoadState::Loaded && unit.fragment_path.is_none() => {
            unit.load_state = LoadState::NotFound;
            let message = format!("Unit {name} not found.");
            unit.load_error = Some(LoadError { name: error_name::NO_SUCH_UNIT, message });
        }
        (slice, UnitType::Slice) => {
            let config = &mut unit.settings.unit;
            if matches!(slice, "-.slice" | "system.slice") {
                config.default_dependencies = false;
            }
            config.description.get_or_insert_with(|| match slice {
                "-.slice" => "Root Slice".to_owned(),
                "system.slice" => "System Slice".to_owned(),
                _ => format!("Slice {}", slice_description(name.stem())),
            });
        }
        _ => {}
    }
}

fn exists(unit: &mut LoadedUnit) {
    (unit.load_state, unit.load_error) = (LoadState::Loaded, None);
    unit.warnings.clear();
}

fn root_mount(unit: &mut LoadedUnit) {
    exists(unit);
    let config = &mut unit.settings.unit;
    config.description.get_or_insert_with(|| "Root Mount".to_owned());
    config.default_dependencies = false;
    config.ignore_on_isolate = true;
    if let TypeConfig::Mount(mount) = &mut unit.settings.kind {
        mount.what = Some("/dev/vda1".to_owned());
        mount.where_ = Some("/".to_owned());
        mount.fstype = Some("ext4".to_owned());
        mount.options = Some("rw,relatime".to_owned());
        mount.cgroup.slice = Some("-.slice".to_owned());
    }
}

/// A mount that the kernel tells of.
fn kernel_mount(unit: &mut LoadedUnit) {
    let Some(place) = unescape_path(unit.name.stem()) else { return };
    let Some((kind, options)) = hardware::mounted(&place) else { return };
    exists(unit);
    let config = &mut unit.settings.unit;
    config.description.get_or_insert_with(|| place.clone());
    config.ignore_on_isolate = true;
    if let TypeConfig::Mount(mount) = &mut unit.settings.kind {
        mount.what = Some(kind.to_owned());
        mount.fstype = Some(kind.to_owned());
        mount.options = Some(options.to_owned());
        mount.where_ = Some(place);
    }
}

/// `/system/getty` for the slice `system-getty`.
fn slice_description(stem: &str) -> String {
    let unescaped = |part: &str| part.replace("\\x2d", "-");
    stem.split('-').map(|part| format!("/{}", unescaped(part))).collect()
}
