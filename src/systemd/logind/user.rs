//! Users that are logged in or linger, and the life of their service managers: user@.service(5), logind.conf(5).

use super::TOKEN;
use crate::systemd::Systemd;
use crate::systemd::named::named_enum;
use crate::world::{Duration, EventId, Time, World, accounts};

/// `UserStopDelaySec=`: how long a manager outlives the last session.
const STOP_DELAY: Duration = Duration::from_secs(10);

named_enum! {
    /// What a user is (`State=`).
    pub enum UserState {
        Offline = "offline",
        Opening = "opening",
        Lingering = "lingering",
        Online = "online",
        Active = "active",
        Closing = "closing",
    }
}

/// A user that logind keeps.
#[derive(Clone, Debug)]
pub struct LoginUser {
    pub uid: u32,
    pub gid: u32,
    pub name: String,
    /// When the first session began, or lingering.
    pub since: Time,
    /// The job that starts the user's manager.
    pub(super) service_job: Option<u64>,
    /// The user's manager is being stopped.
    pub(super) stopping: bool,
    /// When the last session ended.
    last_session: Option<Time>,
    stop_event: Option<EventId>,
}

impl LoginUser {
    /// The unit of the user's manager.
    pub fn service(&self) -> String {
        format!("user@{}.service", self.uid)
    }

    /// The slice of everything the user runs.
    pub fn slice(&self) -> String {
        format!("user-{}.slice", self.uid)
    }

    /// `XDG_RUNTIME_DIR`.
    pub fn runtime_path(&self) -> String {
        format!("/run/user/{}", self.uid)
    }
}

impl Systemd {
    /// What a user is at the moment.
    pub fn user_state(&self, world: &World, uid: u32) -> UserState {
        let Some(user) = self.logind.user(uid) else { return UserState::Offline };
        if user.stopping {
            return UserState::Closing;
        }
        if user.service_job.is_some_and(|job| self.manager.job(job).is_some()) {
            return UserState::Opening;
        }
        let mut sessions = self.logind.sessions_of(uid).peekable();
        if sessions.peek().is_some() {
            let closing = sessions.all(|s| s.stopping);
            return if closing { UserState::Closing } else { UserState::Active };
        }
        let lingers = self.lingers(world, &user.name) && self.unit_is_active(&user.service());
        if lingers { UserState::Lingering } else { UserState::Closing }
    }

    /// A user gets a session, or lingers: the manager is started unless it runs.
    pub(super) fn user_start(&mut self, world: &mut World, uid: u32, name: &str) {
        let known = self.logind.users.get_mut(&uid);
        if let Some(user) = known {
            if let Some(event) = user.stop_event.take() {
                world.events.cancel(event);
            }
            if !user.stopping {
                return;
            }
        }
        let gid = accounts::user(&world.files, name).map_or(uid, |account| account.gid);
        self.logind.number();
        let user = LoginUser {
            uid,
            gid,
            name: name.to_owned(),
            since: world.now,
            service_job: None,
            stopping: false,
            last_session: None,
            stop_event: None,
        };
        let service = user.service();
        self.logind.users.insert(uid, user);
        let job = self.start_unit(world, &service);
        if let Some(user) = self.logind.users.get_mut(&uid) {
            user.service_job = job;
        }
    }

    /// A session of the user was removed: if it was the last one the clock starts to tick.
    pub(super) fn user_left(&mut self, world: &mut World, uid: u32) {
        if self.logind.sessions_of(uid).next().is_some() {
            return;
        }
        let Some(user) = self.logind.users.get_mut(&uid) else { return };
        user.last_session = Some(world.now);
        if user.stop_event.is_none() {
            user.stop_event = Some(world.wake_init_at(world.now + STOP_DELAY, TOKEN | u64::from(uid)));
        }
    }

    /// The time after the last session is over.
    pub(super) fn user_stop_due(&mut self, world: &mut World, uid: u32) {
        if let Some(user) = self.logind.users.get_mut(&uid) {
            user.stop_event = None;
        }
        self.collect_user(world, uid);
    }

    /// Stops a user's manager if nothing needs it: no session, no lingering, no fresh goodbye.
    pub(super) fn collect_user(&mut self, world: &mut World, uid: u32) {
        let Some(user) = self.logind.user(uid).cloned() else { return };
        let fresh = user.last_session.is_some_and(|at| world.now < at + STOP_DELAY);
        let needed = self.logind.sessions_of(uid).next().is_some() || self.lingers(world, &user.name);
        if user.stopping || fresh || needed {
            return;
        }
        self.force_stop_user(world, uid);
    }

    /// Stops a user's manager.
    pub(super) fn force_stop_user(&mut self, world: &mut World, uid: u32) {
        let Some(user) = self.logind.users.get_mut(&uid) else { return };
        user.stopping = true;
        let service = user.service();
        self.stop_unit(world, &service);
        self.settle_users(world);
    }

    /// Forgets users whose manager has stopped.
    pub(super) fn settle_users(&mut self, world: &mut World) {
        let stopping: Vec<LoginUser> = self.logind.users().filter(|u| u.stopping).cloned().collect();
        for user in stopping {
            let service = format!("/user.slice/{}/{}", user.slice(), user.service());
            let busy = self.unit_is_busy(&user.service()) || !world.cgroup_members(&service, true).is_empty();
            if !busy && self.logind.sessions_of(user.uid).next().is_none() {
                self.logind.users.remove(&user.uid);
            }
        }
    }

    /// Ends everything a user runs.
    pub fn terminate_user(&mut self, world: &mut World, uid: u32) {
        let ids: Vec<String> = self.logind.sessions_of(uid).map(|s| s.id.clone()).collect();
        for id in ids {
            self.terminate_session(world, &id);
        }
        self.force_stop_user(world, uid);
    }
}
