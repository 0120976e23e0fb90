//! Who may read what: the files of the journal and their access lists: systemd-journald.service(8), "Access Control".

use crate::world::World;
use crate::world::accounts;
use crate::world::fs::Cred;

use super::{Entry, Journal};

/// The groups whose members read everything.
const GROUPS: &[&str] = &["adm", "systemd-journal"];

/// Which files of the journal are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JournalFiles {
    /// All that can be opened.
    #[default]
    All,
    /// `--system`: the system's.
    System,
    /// `--user`: one's own.
    User,
}

/// What a reader can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Whether files of others can be opened.
    everything: bool,
    uid: u32,
    files: JournalFiles,
}

/// What went wrong when the files were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// Nothing.
    All,
    /// Some files could not be opened.
    Some,
    /// There are none of that kind.
    NoFiles,
    /// There are some and none could be opened.
    NoPermission,
}

impl Access {
    /// The access of a user.
    pub fn new(world: &World, cred: &Cred, files: JournalFiles) -> Self {
        let ids = GROUPS.iter().filter_map(|name| accounts::group(&world.files, name));
        let everything = cred.is_root() || ids.into_iter().any(|g| cred.gid == g.gid || cred.groups.contains(&g.gid));
        Access { everything, uid: cred.uid, files }
    }

    /// Whether an entry stands in a file that is open.
    pub fn sees(&self, entry: &Entry) -> bool {
        let own = entry.owner == self.uid && entry.owner != 0;
        match self.files {
            JournalFiles::All => self.everything || own,
            JournalFiles::System => self.everything && entry.owner == 0,
            JournalFiles::User => own,
        }
    }

    /// Whether the files of others are open to this reader.
    pub fn sees_everything(&self) -> bool {
        self.everything
    }

    /// How opening the files went.
    pub fn opened(&self, journal: &Journal) -> Opened {
        let own = journal.owners.contains(&self.uid);
        match (self.files, own, self.everything) {
            (JournalFiles::User, false, _) => Opened::NoFiles,
            (JournalFiles::User, true, _) | (_, _, true) => Opened::All,
            (JournalFiles::All, true, false) => Opened::Some,
            _ => Opened::NoPermission,
        }
    }

    /// Whether the entries of other users are wanted too: the hint names them.
    pub fn wants_others(&self) -> bool {
        self.files != JournalFiles::User
    }
}
