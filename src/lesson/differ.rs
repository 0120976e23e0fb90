//! How one machine differs from another: the files that people write, and the units that these files are about.

use crate::systemd::manager::Unit;
use crate::vps::Vps;
use crate::world::Duration;
use crate::world::fs::{Cred, Kind, join};
use std::collections::{BTreeMap, BTreeSet};

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A file: its path, and the lines that differ (` `, `-` only here, `+` only there).
    File(String, Vec<String>),
    /// A unit: its name, its state here and there.
    Unit(String, String, String),
}

/// The folders that people write in.
const FOLDERS: &[&str] =
    &["/etc", "/opt", "/home", "/root", "/usr/local", "/var/spool/cron", "/var/lib/systemd/linger"];
/// Files that differ without meaning: what was typed, caches.
const NOISE: &[&str] = &[".bash_history", "nohup.out", ".log", ".cache", "machine-id", "/var/log"];
/// Longer files are compared, but not shown.
const LONG: usize = 20_000;
/// How long systemctl may take on a copy.
const PATIENCE: Duration = Duration::from_secs(10);

/// What would have to change on `here` to be as `there`.
pub fn differences(here: &Vps, there: &Vps) -> Vec<Difference> {
    let (ours, theirs) = (files(here), files(there));
    let paths: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut found = Vec::new();
    for path in paths {
        let (a, b) = (ours.get(path), theirs.get(path));
        if a != b {
            let text = |file: Option<&String>| file.map_or("", String::as_str).to_owned();
            found.push(Difference::File(path.clone(), lines(&text(a), &text(b))));
        }
    }
    let (ours, theirs) = (units(here), units(there));
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for name in names {
        let state =
            |units: &BTreeMap<String, String>| units.get(name).cloned().unwrap_or_else(|| "not-found".to_owned());
        let (a, b) = (state(&ours), state(&theirs));
        if a != b {
            found.push(Difference::Unit(name.clone(), a, b));
        }
    }
    found
}

/// Every file below the folders, as text; a link as where it leads.
fn files(vps: &Vps) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<String> = FOLDERS.iter().map(|folder| (*folder).to_owned()).collect();
    while let Some(folder) = open.pop() {
        let Ok(entries) = vps.world.files.list(&Cred::root(), "/", &folder) else { continue };
        for (name, ino) in entries {
            let path = join(&folder, &name);
            if NOISE.iter().any(|noise| path.ends_with(noise)) {
                continue;
            }
            match vps.world.files.inode(ino).map(|node| &node.kind) {
                Some(Kind::Dir { .. }) => open.push(path),
                Some(Kind::File(bytes)) => {
                    found.insert(path, String::from_utf8_lossy(bytes).into_owned());
                }
                Some(Kind::Symlink(target)) => {
                    found.insert(path, format!("-> {target}\n"));
                }
                _ => {}
            }
        }
    }
    found
}

/// The lines that differ, each with a little around it.
fn lines(a: &str, b: &str) -> Vec<String> {
    if a.len() > LONG || b.len() > LONG {
        return Vec::new();
    }
    let diff = similar::TextDiff::from_lines(a, b);
    let text = diff.unified_diff().context_radius(1).to_string();
    text.lines().filter(|line| !line.starts_with("@@")).map(str::to_owned).collect()
}

/// The state of every unit whose file stands in the administrator's folder: `active, enabled`.
fn units(vps: &Vps) -> BTreeMap<String, String> {
    let mut copy = vps.clone();
    let own = |unit: &&Unit| {
        let path = unit.loaded.fragment_path.as_ref();
        path.is_some_and(|path| path.to_string().starts_with("/etc/systemd/system/"))
    };
    let mut names: BTreeSet<String> = vps.systemd.manager.units().filter(own).map(|u| u.name.to_string()).collect();
    let written = vps.world.files.list(&Cred::root(), "/", "/etc/systemd/system").unwrap_or_default();
    names.extend(
        written
            .iter()
            .map(|(name, _)| name.to_string())
            .filter(|name| name.ends_with(".service") || name.ends_with(".timer")),
    );
    let mut found = BTreeMap::new();
    for name in names {
        let quoted = name.replace('\'', "");
        let text = copy
            .run_command(
                "root",
                &format!("systemctl show -p ActiveState,UnitFileState --value -- '{quoted}'"),
                PATIENCE,
            )
            .text;
        let words: Vec<&str> = text.split_whitespace().collect();
        found.insert(name, words.join(", "));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{TRANSCRIPT_CLOCK, baseline};

    #[test]
    fn files_and_units_that_differ_are_named() {
        let here = baseline(TRANSCRIPT_CLOCK, 1);
        let mut there = here.clone();
        let unit = b"[Service]\nExecStart=/usr/bin/sleep 1000\n";
        there.write_file("/etc/systemd/system/nap.service", unit, 0o644, (0, 0));
        there.run_command("root", "systemctl start nap", Duration::from_secs(10));
        let found = differences(&here, &there);
        assert!(
            found.iter().any(|d| matches!(d, Difference::File(path, lines)
            if path.ends_with("nap.service") && lines.contains(&"+[Service]".to_owned()))),
            "{found:?}"
        );
        assert!(
            found.contains(&Difference::Unit("nap.service".into(), "not-found".into(), "active, static".into())),
            "{found:?}"
        );
        assert_eq!(differences(&here, &here.clone()), []);
    }
}
