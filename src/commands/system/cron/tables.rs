//! Where crontabs lie, and which of them have changed: cron(8).

use std::collections::BTreeMap;

use super::schedule::{Entry, parse};
use crate::world::World;
use crate::world::fs::{Cred, Ino};

/// Users' crontabs, by the user's name.
pub const SPOOL: &str = "/var/spool/cron/crontabs";
/// The system's crontab and the folder of its fragments.
const SYSTEM: &str = "/etc/crontab";
const FRAGMENTS: &str = "/etc/cron.d";

/// A crontab that was read.
#[derive(Clone, Debug, Default)]
pub struct Table {
    version: u64,
    /// Its lines.
    pub entries: Vec<Entry>,
}

/// All crontabs by path.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Path to table.
    pub tables: BTreeMap<String, Table>,
    /// The files and folders to wait for.
    pub watched: Vec<Ino>,
}

/// The name of a user's crontab, or `*system*` names, as the log shows it.
pub fn owner(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    if path.starts_with(SPOOL) { name.to_owned() } else { format!("*system*{name}") }
}

impl Tables {
    /// Reads what is new or changed. Returns lines for the log: who, what, and details. `first`: nothing is a change yet.
    pub fn refresh(&mut self, world: &World, first: bool) -> Vec<String> {
        let mut log = Vec::new();
        let mut old = std::mem::take(&mut self.tables);
        self.watched.clear();
        for path in [SPOOL, FRAGMENTS, "/etc", SYSTEM] {
            self.watched.extend(world.files.lookup(&Cred::root(), "/", path, true).ok());
        }
        for path in paths(world) {
            let Ok(ino) = world.files.lookup(&Cred::root(), "/", &path, true) else { continue };
            let Some(node) = world.files.inode(ino).filter(|node| node.is_file()) else { continue };
            self.watched.push(ino);
            let version = node.version;
            match old.remove(&path) {
                Some(table) if table.version == version => {
                    self.tables.insert(path, table);
                    continue;
                }
                known => {
                    if !first && (known.is_some() || path.starts_with(SPOOL)) {
                        let shown = path.strip_prefix("/var/spool/cron/").unwrap_or(&path);
                        log.push(format!("({}) RELOAD ({shown})", owner(&path)));
                    }
                }
            }
            let entries = self.read(world, &path, node.mode, node.uid, &mut log);
            self.tables.insert(path, Table { version, entries });
        }
        log
    }

    fn read(&self, world: &World, path: &str, mode: u16, uid: u32, log: &mut Vec<String>) -> Vec<Entry> {
        let system = !path.starts_with(SPOOL);
        if system && uid != 0 {
            log.push(format!("({}) WRONG FILE OWNER ({path})", owner(path)));
            return Vec::new();
        }
        if system && mode & 0o022 != 0 {
            log.push(format!("({}) INSECURE MODE (group/other writable) ({path})", owner(path)));
            return Vec::new();
        }
        let text = world.files.text(path).unwrap_or_default();
        if !text.is_empty() && !text.ends_with('\n') {
            log.push(format!(
                "({}) ERROR (Missing newline before EOF, this crontab file will be ignored)",
                owner(path)
            ));
            return Vec::new();
        }
        parse(&text, system).unwrap_or_else(|mistake| {
            log.push(format!("Error: {}; while reading {path}", mistake.message));
            log.push(format!("({}) ERROR (Syntax error, this crontab file will be ignored)", owner(path)));
            Vec::new()
        })
    }
}

fn paths(world: &World) -> Vec<String> {
    let list = |folder: &str| world.files.list(&Cred::root(), "/", folder).unwrap_or_default();
    let mut paths = vec![SYSTEM.to_owned()];
    for (name, _) in list(FRAGMENTS) {
        // Names that run-parts would not take: those with a dot above all.
        if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            paths.push(format!("{FRAGMENTS}/{name}"));
        }
    }
    paths.extend(
        list(SPOOL).iter().filter(|(name, _)| !name.starts_with('.')).map(|(name, _)| format!("{SPOOL}/{name}")),
    );
    paths
}
