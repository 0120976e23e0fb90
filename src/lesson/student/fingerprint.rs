//! A number that stands for all of a machine that goals are about: see [`Machine::fingerprint`].
//!
//! [`Machine::fingerprint`]: crate::lesson::judge::facts::Machine::fingerprint

use crate::systemd::manager::Manager;
use crate::systemd::states::ActiveState;
use crate::vps::Vps;
use crate::world::fs::{FileTree, Ino, Kind, ROOT};

/// Folders whose contents tell only what happened: logs, and what is made anew at each boot.
const PASSING: [&str; 7] =
    ["/var/log", "/var/cache", "/var/lib/systemd/timers", "/run/log", "/run/sudo", "/run/systemd/journal", "/proc"];

/// FNV-1a, 64 bits.
struct Print(u64);

impl Print {
    fn word(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01b3).rotate_left(17);
    }
}

/// The fingerprint of a machine.
pub(super) fn of(vps: &Vps) -> u64 {
    let mut print = Print(0xcbf2_9ce4_8422_2325);
    folder(&mut print, &vps.world.files, ROOT, &mut String::new());
    units(&mut print, &vps.systemd.manager);
    vps.systemd.users.values().for_each(|manager| units(&mut print, manager));
    for process in vps.world.processes().filter(|p| !p.is_zombie() && !p.argv.is_empty()) {
        process.argv.iter().for_each(|word| print.word(word.as_bytes()));
        print.word(process.cwd.as_bytes());
        print.number(u64::from(process.cred.uid) << 1 | u64::from(process.tty.is_some()));
    }
    print.number(vps.systemd.journal.boots().len() as u64);
    print.0
}

/// Every file below a folder, by its number and the version of its contents.
fn folder(print: &mut Print, tree: &FileTree, ino: Ino, path: &mut String) {
    let Some(node) = tree.inode(ino) else { return };
    let Kind::Dir { entries, .. } = &node.kind else { return };
    for (name, ino) in entries {
        let Some(child) = tree.inode(*ino) else { continue };
        let length = path.len();
        path.push('/');
        path.push_str(name);
        if !PASSING.contains(&path.as_str()) {
            print.number(*ino);
            print.number(u64::from(child.mode) << 32 | u64::from(child.uid) << 16 | u64::from(child.gid));
            match &child.kind {
                Kind::Dir { .. } => folder(print, tree, *ino, path),
                Kind::Symlink(target) => print.word(target.as_bytes()),
                _ => print.number(child.version),
            }
        }
        path.truncate(length);
    }
}

/// What is up or failed, and what the manager has read of the files.
fn units(print: &mut Print, manager: &Manager) {
    print.number(manager.loaded_at.0);
    for unit in manager.units().filter(|unit| unit.active_state() != ActiveState::Inactive) {
        print.word(unit.name.as_str().as_bytes());
        print.word(unit.sub_state().as_bytes());
        print.number(unit.service.as_ref().map_or(0, |service| u64::from(service.n_restarts)));
        print.number(u64::from(unit.start_limit_hit));
    }
}
