//! Drop-in folders, and the links in `.wants/` and `.requires/`: systemd.unit(5).

use super::files::{FileKind, UnitFiles};
use super::search::{SearchPath, UnitFileMap};
use crate::systemd::dependency::UnitDependency;
use crate::systemd::loaded::{LoadedUnit, Warning};
use crate::systemd::unit_file::LOG_WARNING;
use crate::systemd::unit_name::UnitName;
use std::collections::BTreeMap;

/// The files in a unit's folders with that suffix, by file name; of two with one name the more specific counts.
pub fn find(
    files: &dyn UnitFiles,
    path: &SearchPath,
    map: &UnitFileMap,
    names: &[UnitName],
    suffix: &str,
    extension: &str,
) -> Vec<String> {
    let mut folders = Vec::new();
    let mut collect = |stems: &[String]| {
        let names: Vec<String> = stems.iter().map(|stem| format!("{stem}{suffix}")).collect();
        let names: Vec<&String> = names.iter().filter(|name| map.has_folder_named(name)).collect();
        folders.extend(path.folders.iter().flat_map(|base| names.iter().map(move |name| format!("{base}/{name}"))));
    };
    for name in names {
        collect(&stems(name));
    }
    if let Some(first) = names.first() {
        collect(&[first.unit_type().to_string()]);
    }
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for folder in folders.iter().filter(|folder| map.has_folder(folder)) {
        for name in files.list(folder) {
            if name.ends_with(extension) && !name.starts_with('.') && !name.ends_with('~') {
                found.entry(name.clone()).or_insert_with(|| format!("{folder}/{name}"));
            }
        }
    }
    found.into_values().collect()
}

/// The names whose folders count for a unit: its own, its template's, then those cut at each dash from the right.
fn stems(name: &UnitName) -> Vec<String> {
    let mut all = vec![name.to_string()];
    all.extend(name.template().map(|template| template.to_string()));
    let mut prefix = name.prefix();
    while let Some(at) = prefix.trim_end_matches('-').rfind('-') {
        let cut = &prefix[..=at];
        let kind = name.unit_type();
        match name.instance() {
            Some(instance) => {
                all.push(format!("{cut}@{instance}.{kind}"));
                if !instance.is_empty() {
                    all.push(format!("{cut}@.{kind}"));
                }
            }
            None => all.push(format!("{cut}.{kind}")),
        }
        prefix = &prefix[..at];
        if prefix.is_empty() {
            break;
        }
    }
    all
}

/// Adds what the links in `.wants/` and `.requires/` say.
pub fn add_links(files: &dyn UnitFiles, path: &SearchPath, map: &UnitFileMap, unit: &mut LoadedUnit) {
    for (kind, suffix) in [(UnitDependency::Wants, ".wants"), (UnitDependency::Requires, ".requires")] {
        for link in find(files, path, map, &unit.names, suffix, "") {
            if let Err(text) = add_link(files, unit, kind, &link)
                && !text.is_empty()
            {
                let name = Some(unit.name.to_string());
                unit.warnings.push(Warning { path: String::new(), line: 0, unit: name, text, priority: LOG_WARNING });
            }
        }
    }
}

/// One link; an error is the warning, empty when there is nothing to say.
fn add_link(files: &dyn UnitFiles, unit: &mut LoadedUnit, kind: UnitDependency, link: &str) -> Result<(), String> {
    let entry = link.rsplit('/').next().unwrap_or(link);
    if files.is_null_or_empty(link) {
        return Err(String::new());
    }
    if files.kind(link) != Some(FileKind::Symlink) {
        return Err(format!("{kind} dependency dropin {link} is not a symlink, ignoring."));
    }
    let Some(other) = UnitName::new(entry) else {
        return Err(format!("{kind} dependency dropin {link} is not a valid unit name, ignoring."));
    };
    let target = files.readlink(link).unwrap_or_default();
    let base = target.rsplit('/').next().unwrap_or(&target);
    let same = base == entry || UnitName::new(base).is_some_and(|b| Some(&b) == other.template().as_ref());
    let other = if other.is_template() {
        let own = unit.name.instance().filter(|i| !i.is_empty()).unwrap_or(unit.name.prefix());
        other.with_instance(own)
    } else {
        Some(other)
    };
    match other {
        Some(other) if other != unit.name => unit.settings.unit.add_dependency(kind, other),
        Some(_) => {}
        None => return Err(format!("Cannot add {kind} dependency on {entry}, ignoring: Invalid argument")),
    }
    if same { Ok(()) } else { Err(format!("{kind} dependency dropin {link} target {target} has different name")) }
}
