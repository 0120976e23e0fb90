//! logind: sessions, the users that have them, and who lingers: systemd-logind.service(8).
//!
//! Its requests to the service manager (scopes of sessions, users' managers) are in `units`; everything else here is
//! its own book-keeping.

mod linger;
mod session;
mod units;
mod user;

use std::collections::BTreeMap;

use super::Systemd;
use super::journal::EntryBuilder;
use crate::world::{Notice, World};

pub use session::{Session, SessionStart, SessionState};
pub use user::{LoginUser, UserState};

/// Timer tokens of logind: this bit and a user id.
const TOKEN: u64 = 1 << 62;

/// The control group of the daemon.
const CGROUP: &str = "/system.slice/systemd-logind.service";

/// What logind knows.
#[derive(Clone, Debug, Default)]
pub struct Logind {
    sessions: BTreeMap<u64, Session>,
    users: BTreeMap<u32, LoginUser>,
    /// The kernel's audit session numbers, of which sessions and users' managers take one each.
    last_number: u64,
}

impl Logind {
    /// All sessions in the order in which they began.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values()
    }

    /// The session with this id.
    pub fn session(&self, id: &str) -> Option<&Session> {
        self.sessions.values().find(|s| s.id == id)
    }

    /// All users that logind keeps, by id.
    pub fn users(&self) -> impl Iterator<Item = &LoginUser> {
        self.users.values()
    }

    /// A user that logind keeps: logged in, lingering, or still being stopped.
    pub fn user(&self, uid: u32) -> Option<&LoginUser> {
        self.users.get(&uid)
    }

    /// A user's sessions in the order in which they began.
    pub fn sessions_of(&self, uid: u32) -> impl Iterator<Item = &Session> {
        self.sessions.values().filter(move |s| s.uid == uid)
    }

    fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }
}

/// Whether news from the kernel may mean something to logind.
pub(super) fn hears(notice: &Notice) -> bool {
    matches!(notice, Notice::Exited { .. } | Notice::CgroupEmpty(_) | Notice::Timer(_))
}

impl Systemd {
    /// The machine was switched on: nobody is logged in.
    pub(super) fn logind_boot(&mut self) {
        self.logind = Logind::default();
    }

    /// What logind makes of news from the kernel; to be called after the managers have heard them.
    pub(super) fn logind_notice(&mut self, world: &mut World, notice: &Notice) {
        if let Notice::Timer(token) = notice
            && token & TOKEN != 0
            && let Ok(uid) = u32::try_from(token & !TOKEN)
        {
            self.user_stop_due(world, uid);
        }
        self.settle(world);
    }

    /// Notices what has ended meanwhile.
    pub fn settle(&mut self, world: &mut World) {
        self.settle_sessions(world);
        self.settle_users(world);
    }

    /// Writes a line of the daemon to the journal.
    fn logind_log(&mut self, world: &mut World, message: &str, fields: &[(&'static str, &str)]) {
        let mut entry = EntryBuilder::daemon(world, CGROUP, "systemd-logind", 6, message).field("SYSLOG_FACILITY", "4");
        for (name, value) in fields {
            entry = entry.field(*name, value);
        }
        self.journal.append(world, entry);
    }
}
