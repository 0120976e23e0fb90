//! Sessions: from the login to the end of the last process that was left behind: loginctl(1).

use crate::systemd::Systemd;
use crate::systemd::journal::message_id;
use crate::systemd::named::named_enum;
use crate::world::{Pid, Signal, Time, World};

named_enum! {
    /// How far a session is (`State=`).
    pub enum SessionState {
        Opening = "opening",
        Online = "online",
        Active = "active",
        Closing = "closing",
    }
}

/// A login, as PAM tells it.
#[derive(Clone, Debug)]
pub struct SessionStart {
    pub uid: u32,
    pub user: String,
    /// The process whose end is the end of the session.
    pub leader: Pid,
    /// `pts/0`; empty when there is no terminal yet.
    pub tty: String,
    /// Where the user comes from; `None`: from this machine.
    pub remote_host: Option<String>,
    /// The PAM service: `sshd`, `login`, `su-l`.
    pub service: String,
}

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id, a number.
    pub id: String,
    pub uid: u32,
    pub user: String,
    pub leader: Pid,
    /// `pts/0`; may be empty.
    pub tty: String,
    pub remote_host: Option<String>,
    pub service: String,
    /// When it began.
    pub since: Time,
    /// Its unit: `session-3.scope`.
    pub scope: String,
    /// The job that starts the scope.
    pub(super) scope_job: Option<u64>,
    /// The leader is gone; what is left of it may stay.
    pub(super) stopping: bool,
}

impl Session {
    /// The control group of its processes.
    pub fn cgroup(&self) -> String {
        format!("/user.slice/user-{}.slice/{}", self.uid, self.scope)
    }

    /// How far it is. Sessions without a seat are active as soon as they are open.
    pub fn state(&self) -> SessionState {
        if self.stopping {
            SessionState::Closing
        } else if self.scope_job.is_some() {
            SessionState::Opening
        } else {
            SessionState::Active
        }
    }
}

impl Systemd {
    /// Begins a session and moves its leader into the session's scope; the user's manager is started if this is the
    /// first one. Returns the id; [`Systemd::session_is_ready`] tells when the login may go on.
    pub fn open_session(&mut self, world: &mut World, start: SessionStart) -> String {
        let number = self.logind.number();
        let id = number.to_string();
        self.user_start(world, start.uid, &start.user);
        let session = Session {
            id: id.clone(),
            uid: start.uid,
            user: start.user,
            leader: start.leader,
            tty: start.tty,
            remote_host: start.remote_host,
            service: start.service,
            since: world.now,
            scope: format!("session-{id}.scope"),
            scope_job: None,
            stopping: false,
        };
        if let Some(process) = world.process_mut(session.leader) {
            process.cgroup = session.cgroup().into();
        }
        let leader = session.leader.to_string();
        let fields = [
            ("MESSAGE_ID", message_id::SESSION_START),
            ("SESSION_ID", session.id.as_str()),
            ("USER_ID", &session.user),
            ("LEADER", &leader),
        ];
        self.logind_log(world, &format!("New session {id} of user {}.", session.user), &fields);
        let scope_job = self.start_scope(world, &session);
        self.logind.sessions.insert(number, Session { scope_job, ..session });
        id
    }

    /// Whether the session's scope and the user's manager have been started (or could not be).
    pub fn session_is_ready(&mut self, id: &str) -> bool {
        let Some(session) = self.logind.session(id) else { return true };
        let jobs = [session.scope_job, self.logind.user(session.uid).and_then(|u| u.service_job)];
        let ready = jobs.into_iter().flatten().all(|job| self.manager.job(job).is_none());
        if ready {
            let uid = session.uid;
            for session in self.logind.sessions.values_mut().filter(|s| s.id == id) {
                session.scope_job = None;
            }
            if let Some(user) = self.logind.users.get_mut(&uid) {
                user.service_job = None;
            }
        }
        ready
    }

    /// Tells the terminal of a session, which is opened after the session.
    pub fn set_session_tty(&mut self, id: &str, tty: &str) {
        for session in self.logind.sessions.values_mut().filter(|s| s.id == id) {
            session.tty = tty.to_owned();
        }
    }

    /// The leader says goodbye: the scope is left to itself, the session is `closing` until the last process ends.
    pub fn release_session(&mut self, world: &mut World, id: &str) {
        let Some(session) = self.logind.sessions.values_mut().find(|s| s.id == id && !s.stopping) else { return };
        session.stopping = true;
        let session = session.clone();
        self.abandon_scope(world, &session);
        let leader = session.leader.to_string();
        let fields = [("SESSION_ID", session.id.as_str()), ("USER_ID", &session.user), ("LEADER", &leader)];
        let text = format!("Session {id} logged out. Waiting for processes to exit.");
        self.logind_log(world, &text, &fields);
        self.settle_sessions(world);
        self.settle_users(world);
    }

    /// The same, for the session of this leader.
    pub fn release_leader(&mut self, world: &mut World, leader: Pid) {
        let session = self.logind.sessions().find(|s| s.leader == leader && !s.stopping);
        if let Some(id) = session.map(|s| s.id.clone()) {
            self.release_session(world, &id);
        }
    }

    /// Ends a session by force, its processes too; one that is `closing` keeps what was left behind.
    pub fn terminate_session(&mut self, world: &mut World, id: &str) {
        let Some(session) = self.logind.session(id).cloned() else { return };
        if session.stopping {
            return;
        }
        for state in self.logind.sessions.values_mut().filter(|s| s.id == id) {
            state.stopping = true;
        }
        self.stop_scope(world, &session);
        self.settle_sessions(world);
    }

    /// Sends a signal to a session's processes, or to its leader only.
    pub fn kill_session(&mut self, world: &mut World, id: &str, leader_only: bool, signal: Signal) {
        let Some(session) = self.logind.session(id) else { return };
        let all = world.cgroup_members(&session.cgroup(), true);
        let targets = if leader_only { vec![session.leader] } else { all };
        for pid in targets {
            world.send_signal(pid, signal);
        }
    }

    /// Notices leaders that vanished without a word, and removes sessions of which nothing is left.
    pub(super) fn settle_sessions(&mut self, world: &mut World) {
        let lost: Vec<String> = self.logind.sessions().filter(|s| is_lost(world, s)).map(|s| s.id.clone()).collect();
        for id in lost {
            self.release_session(world, &id);
        }
        let gone: Vec<Session> = self
            .logind
            .sessions()
            .filter(|s| s.stopping && !self.unit_is_busy(&s.scope))
            .filter(|s| world.cgroup_members(&s.cgroup(), true).is_empty())
            .cloned()
            .collect();
        for session in gone {
            self.logind.sessions.retain(|_, s| s.id != session.id);
            let leader = session.leader.to_string();
            let fields = [
                ("MESSAGE_ID", message_id::SESSION_STOP),
                ("SESSION_ID", session.id.as_str()),
                ("USER_ID", &session.user),
                ("LEADER", &leader),
            ];
            self.logind_log(world, &format!("Removed session {}.", session.id), &fields);
            self.user_left(world, session.uid);
        }
    }
}

fn is_lost(world: &World, session: &Session) -> bool {
    !session.stopping && world.process(session.leader).is_none_or(|leader| leader.is_zombie())
}
