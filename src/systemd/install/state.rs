//! Whether a unit is enabled, as the links on disk say: systemctl(1) "is-enabled".

use super::Scope;
use super::info::{Info, Infos, Mode};
use super::preset::{Presets, Verdict};
use crate::systemd::load::{FileKind, UnitFiles};
use crate::systemd::loaded::Warning;
use crate::systemd::states::UnitFileState;
use crate::systemd::unit_name::UnitName;
use crate::world::Errno;
use std::collections::BTreeMap;

/// The state of a unit's file. Errors: `ENOENT` (no such file), `EINVAL` (no such name), those of reading. What is remarked on
/// in the file is added to `warnings`, as PID 1 does each time it is asked.
pub fn unit_file_state(
    files: &dyn UnitFiles,
    scope: Scope<'_>,
    name: &str,
    warnings: &mut Vec<Warning>,
) -> Result<UnitFileState, Errno> {
    let mut infos = Infos::default();
    let at = infos.discover(files, scope, name, true, warnings)?;
    let info = &infos.list[at];
    let path = info.path.as_deref().unwrap_or("");
    Ok(match info.mode {
        Mode::Masked if scope.is_runtime(path) => UnitFileState::MaskedRuntime,
        Mode::Masked => UnitFileState::Masked,
        _ => {
            let instance = UnitName::new(&info.name).is_some_and(|unit| unit.is_instance());
            let base = path.rsplit('/').next().unwrap_or("");
            if name != base && !instance {
                UnitFileState::Alias
            } else if scope.is_generated(path) {
                UnitFileState::Generated
            } else if scope.is_transient(path) {
                UnitFileState::Transient
            } else if let Some(state) = find_links(files, scope, info, true) {
                state
            } else if find_links(files, scope, info, false).is_some() {
                UnitFileState::Indirect
            } else if info.install.has_rules() {
                UnitFileState::Disabled
            } else if !info.install.also.is_empty() {
                UnitFileState::Indirect
            } else {
                UnitFileState::Static
            }
        }
    })
}

/// The state that the links to a unit amount to; with `own_names` only links that enabling would make count.
fn find_links(files: &dyn UnitFiles, scope: Scope<'_>, info: &Info, own_names: bool) -> Option<UnitFileState> {
    let path = info.path.as_deref().unwrap_or("");
    let (mut same_config, mut same_runtime, mut in_runtime, mut at_all) = (false, false, false, false);
    let mut below = false;
    for folder in &scope.path.folders {
        let search = Search { files, scope, info, own_names, ignore_same_name: below };
        let runtime = folder.starts_with("/run/");
        match search.folder(folder) {
            Found::Link => {
                if *folder == scope.path.config || (scope.host.user_manager && folder.starts_with("/etc/")) {
                    return Some(UnitFileState::Enabled);
                }
                in_runtime |= runtime;
                at_all |= !runtime;
            }
            Found::SameName => {
                same_config |= *folder == scope.path.config;
                same_runtime |= runtime;
            }
            Found::Nothing => {}
        }
        below |= Scope::is_in(folder, path);
    }
    let instance = UnitName::new(&info.name).is_some_and(|unit| unit.is_instance());
    if in_runtime {
        Some(UnitFileState::EnabledRuntime)
    } else if at_all && instance {
        Some(UnitFileState::Static)
    } else if same_config {
        Some(UnitFileState::Linked)
    } else if same_runtime {
        Some(UnitFileState::LinkedRuntime)
    } else {
        None
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    /// Only the link that makes the file known at all.
    SameName,
    Link,
}

struct Search<'a, 'b> {
    files: &'a dyn UnitFiles,
    scope: Scope<'b>,
    info: &'a Info,
    own_names: bool,
    ignore_same_name: bool,
}

impl Search<'_, '_> {
    /// Looks in the `.wants/` and `.requires/` of a search folder, then in the folder itself.
    fn folder(&self, folder: &str) -> Found {
        let names = self.files.list(folder);
        for name in names.iter().filter(|name| name.ends_with(".wants") || name.ends_with(".requires")) {
            let inside = format!("{folder}/{name}");
            if self.files.kind(&inside) != Some(FileKind::Folder) {
                continue;
            }
            let mut links = self.files.list(&inside).into_iter();
            if links.any(|link| self.is_link(&inside, &link) && self.names(&link) && self.is_known(&link)) {
                return Found::Link;
            }
        }
        let mut found = Found::Nothing;
        for name in names.iter().filter(|name| self.is_link(folder, name)) {
            let same_name = !self.ignore_same_name && *name == self.info.name;
            let same_target = self.leads_here(folder, name);
            if same_name && same_target {
                found = Found::SameName;
            } else if (same_name || same_target) && self.is_known(name) {
                return Found::Link;
            }
        }
        found
    }

    fn is_link(&self, folder: &str, name: &str) -> bool {
        self.files.kind(&format!("{folder}/{name}")) == Some(FileKind::Symlink)
    }

    /// Whether a link in `.wants/` is named like the unit, or like an instance of it.
    fn names(&self, link: &str) -> bool {
        let template = UnitName::new(link).and_then(|unit| unit.template());
        link == self.info.name || template.is_some_and(|template| template.as_str() == self.info.name)
    }

    /// Whether a link's target has the unit's name.
    fn leads_here(&self, folder: &str, name: &str) -> bool {
        let Some(target) = self.files.readlink(&format!("{folder}/{name}")) else { return false };
        target.rsplit('/').next() == Some(self.info.name.as_str())
    }

    /// Whether enabling the unit would make a link of that name.
    fn is_known(&self, name: &str) -> bool {
        let info = self.info;
        if !self.own_names || name == info.name {
            return true;
        }
        let alias = info.install.aliases.iter().any(|a| info.resolve(a, self.scope).is_ok_and(|a| a == name));
        let template = UnitName::new(&info.name).filter(UnitName::is_template);
        let instance = info.install.default_instance.as_deref().and_then(|i| template?.with_instance(i));
        alias || instance.is_some_and(|instance| instance.as_str() == name)
    }
}

/// One line of `systemctl list-unit-files`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFileEntry {
    pub name: String,
    pub state: UnitFileState,
    /// The vendor's preset: `Some(true)` is enabled; `None` where it makes no sense.
    pub preset: Option<bool>,
}

/// All unit files of the search path, by name.
pub fn list_unit_files(files: &dyn UnitFiles, scope: Scope<'_>) -> Vec<UnitFileEntry> {
    let mut found: BTreeMap<String, ()> = BTreeMap::new();
    for folder in &scope.path.folders {
        for name in files.list(folder) {
            let kind = files.kind(&format!("{folder}/{name}"));
            if UnitName::new(&name).is_some() && matches!(kind, Some(FileKind::File | FileKind::Symlink)) {
                found.insert(name, ());
            }
        }
    }
    let presets = Presets::read(files, scope);
    let entry = |name: String| {
        let state = unit_file_state(files, scope, &name, &mut Vec::new()).unwrap_or(UnitFileState::Bad);
        let preset = preset_for(&presets, &name, state);
        UnitFileEntry { name, state, preset }
    };
    found.into_keys().map(entry).collect()
}

/// The vendor's preset of one unit (`UnitFilePreset=`); `None` where it makes no sense.
pub fn preset_of(files: &dyn UnitFiles, scope: Scope<'_>, name: &str, state: UnitFileState) -> Option<bool> {
    preset_for(&Presets::read(files, scope), name, state)
}

fn preset_for(presets: &Presets, name: &str, state: UnitFileState) -> Option<bool> {
    use UnitFileState::{Alias, Bad, Generated, Static, Transient};
    if matches!(state, Static | Alias | Generated | Transient | Bad) {
        return None;
    }
    Some(matches!(presets.verdict(name), Verdict::Enable(_)))
}
