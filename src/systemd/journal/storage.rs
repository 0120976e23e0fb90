//! The journal's files: where they lie, how large they are, rotation and vacuuming: journald.conf(5).

use crate::world::{Time, World};

use super::Journal;

/// Files grow in steps of this many bytes, and are at least one step long.
const STEP: u64 = 8 << 20;

/// A file that is not written to any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// Its name: `system@…-…-….journal`.
    pub name: String,
    /// The number of its last entry.
    pub last: u64,
    /// When its last entry was received.
    pub last_realtime: Time,
    /// Its size in bytes.
    pub size: u64,
}

/// What `--vacuum-…` is to reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vacuum {
    /// Not more bytes than this in all.
    pub size: Option<u64>,
    /// Nothing older than this.
    pub until: Option<Time>,
    /// Not more files than this.
    pub files: Option<usize>,
}

impl Journal {
    /// Whether the journal lies in `/var/log/journal` (and survives a reboot) or in `/run/log/journal`.
    pub fn is_persistent(&self) -> bool {
        self.persistent
    }

    /// The folder of the journal's files on this machine.
    pub fn folder(&self, world: &World) -> String {
        let machine = world.files.text("/etc/machine-id").unwrap_or_default();
        let root = if self.persistent { "/var/log/journal" } else { "/run/log/journal" };
        format!("{root}/{}", machine.trim())
    }

    /// Bytes that all files take.
    pub fn disk_usage(&self) -> u64 {
        self.active_size() + self.archives.iter().map(|a| a.size).sum::<u64>()
    }

    /// Bytes that the files being written take: one file for the system, one for each user with entries.
    fn active_size(&self) -> u64 {
        let rotated = self.archives.last().map_or(0, |a| a.last);
        let count = self.seqnum.saturating_sub(rotated);
        let files = 1 + u64::try_from(self.owners.len()).unwrap_or(0);
        // An entry takes about 600 bytes in the real format, its shared fields apart.
        files.max((count * 600).div_ceil(STEP)) * STEP
    }

    /// Archives the file that is written to and begins another one.
    pub fn rotate(&mut self, world: &World) {
        let Some(last) = self.entries.last() else { return };
        if self.archives.last().is_some_and(|a| a.last >= last.seqnum) {
            return;
        }
        let first = self.archives.last().map_or(1, |a| a.last + 1);
        let realtime = self.by_seqnum(first).map_or(world.now.0, |e| e.realtime.0);
        let archive = Archive {
            name: format!("system@{}-{first:016x}-{realtime:016x}.journal", self.seqnum_id),
            last: last.seqnum,
            last_realtime: last.realtime,
            size: self.active_size(),
        };
        self.archives.push_back(archive);
    }

    /// Removes archived files, the oldest first, until the limits are kept; returns those that went.
    pub fn vacuum(&mut self, limits: Vacuum) -> Vec<Archive> {
        let mut gone = Vec::new();
        while let Some(oldest) = self.archives.front() {
            let too_many = limits.files.is_some_and(|n| n > 0 && self.archives.len() > n.saturating_sub(1));
            let too_large = limits.size.is_some_and(|n| n > 0 && self.disk_usage() > n);
            let too_old = limits.until.is_some_and(|t| oldest.last_realtime < t);
            if !(too_many || too_large || too_old) {
                break;
            }
            let Some(archive) = self.archives.pop_front() else { break };
            let count = self.entries.iter().take_while(|e| e.seqnum <= archive.last).count();
            self.drop_oldest(count);
            gone.push(archive);
        }
        gone
    }
}
