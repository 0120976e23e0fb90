//! Lingering: a user's manager runs from boot on, sessions or not: loginctl(1) `enable-linger`.

use crate::systemd::Systemd;
use crate::world::fs::Cred;
use crate::world::{World, accounts};

/// The folder that holds an empty file for each user that lingers.
const FOLDER: &str = "/var/lib/systemd/linger";

impl Systemd {
    /// Whether a user lingers.
    pub fn lingers(&self, world: &World, name: &str) -> bool {
        world.files.get(&format!("{FOLDER}/{name}")).is_some()
    }

    /// Makes a user linger from now on.
    pub fn enable_linger(&mut self, world: &mut World, uid: u32, name: &str) {
        let now = world.now;
        world.files.mkdir_all(FOLDER, now);
        world.files.put(&format!("{FOLDER}/{name}"), b"", 0o644, (0, 0), now);
        self.user_start(world, uid, name);
    }

    /// Ends a user's lingering; the manager stops when no session needs it.
    pub fn disable_linger(&mut self, world: &mut World, uid: u32, name: &str) {
        let _ = world.unlink(&Cred::root(), "/", &format!("{FOLDER}/{name}"), false);
        self.collect_user(world, uid);
    }

    /// logind has started: it greets the seat and starts the managers of those who linger.
    pub fn logind_start(&mut self, world: &mut World) {
        self.logind_log(world, "Watching system buttons on /dev/input/event0 (Power Button)", &[]);
        self.logind_log(world, "New seat seat0.", &[("MESSAGE_ID", super::super::journal::message_id::SEAT_START)]);
        let names = world.files.list(&Cred::root(), "/", FOLDER).unwrap_or_default();
        for (name, _) in names {
            if let Some(user) = accounts::user(&world.files, &name) {
                self.user_start(world, user.uid, &name);
            }
        }
    }
}
