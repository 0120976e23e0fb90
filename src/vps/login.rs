//! Logging in over SSH and losing the connection: sshd(8), and the terminal between the two ends.

use std::sync::Arc;

use super::Vps;
use crate::systemd::logind::SessionStart;
use crate::world::accounts::{self, User};
use crate::world::{
    Channel, ChildEvent, Duration, Limits, OpenKind, Pid, Program, Signal, Step, Sys, TtyId, Wait, fs::Cred,
};

/// How long a login waits for the user's service manager.
const LOGIN_GRACE: Duration = Duration::from_secs(10);

/// Why nobody can log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginError {
    /// The machine is switched off.
    Off,
    /// Nothing listens on port 22: sshd does not run.
    Refused,
    /// There is no such user.
    NoUser,
    /// The login shell could not be started.
    NoShell,
}

/// What an SSH client says when its terminal is closed.
pub fn close_reason(cut: bool) -> &'static str {
    if cut { "Connection to vps closed by remote host." } else { "Connection to vps closed." }
}

/// One of the two sshd processes of a connection: it waits for its child and ends with it.
#[derive(Clone)]
struct SshdSession {
    /// The process that does not hold the terminal logs the end of the session.
    user: String,
    privileged: bool,
}

impl Program for SshdSession {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        sys.catch(Signal::CHLD);
        while sys.take_signal().is_some() {}
        while let Some((_, event)) = sys.wait_child(None) {
            if let ChildEvent::Ended(_) = event {
                if self.privileged {
                    let text = format!("pam_unix(sshd:session): session closed for user {}", self.user);
                    let pid = sys.pid;
                    let (systemd, world) = super::systemd(sys);
                    systemd.journal.log(world, pid, 6, 10, Some("sshd"), &text);
                    systemd.release_leader(world, pid);
                }
                return Step::Exit(0);
            }
        }
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }
}

impl Vps {
    /// Opens a terminal over SSH as `user` (120 columns, 50 rows) and starts the login shell.
    ///
    /// Errors: the machine is off, sshd does not listen, no such user, no shell.
    pub fn login(&mut self, user: &str) -> Result<TtyId, LoginError> {
        if !self.on {
            return Err(LoginError::Off);
        }
        let listener = self.world.net.tcp(0, "0.0.0.0", 22).ok_or(LoginError::Refused)?;
        let sshd = self.world.net.listeners.get(&listener).map(|l| l.owner).ok_or(LoginError::Refused)?;
        let account = accounts::user(&self.world.files, user).ok_or(LoginError::NoUser)?;
        let sshd = if self.world.process(sshd).is_some() { sshd } else { 1 };
        let privileged = self.fork_sshd(sshd, &account, true)?;
        let session = self.open_session(privileged, &account);
        let holder = self.fork_sshd(privileged, &account, false)?;
        let tty = self.world.open_terminal(holder, account.uid);
        let name = self.world.terminals.get(&tty).map_or(String::new(), |t| t.name.clone());
        self.systemd.set_session_tty(&session, &name);
        self.set_title(privileged, &format!("sshd: {user} [priv]"));
        self.set_title(holder, &format!("sshd: {user}@{name}"));
        self.start_shell(holder, tty, &account, &session)?;
        self.world.deliver(&mut self.systemd);
        Ok(tty)
    }

    fn fork_sshd(&mut self, parent: Pid, user: &User, privileged: bool) -> Result<Pid, LoginError> {
        let program = SshdSession { user: user.name.clone(), privileged };
        let pid = self.world.fork(parent, Box::new(program)).map_err(|_| LoginError::Refused)?;
        self.world.close_all(pid);
        let cred = accounts::cred_of(&self.world.files, user);
        if let Some(process) = self.world.process_mut(pid) {
            process.comm = "sshd".into();
            process.exe = "/usr/sbin/sshd".into();
            process.manager = false;
            process.rss = 9 * 1024 * 1024;
            process.limits = Limits::of_session();
            if privileged {
                (process.pgid, process.sid, process.cred) = (pid, pid, Cred::root());
            } else {
                (process.ruid, process.cred) = (cred.uid, cred);
            }
        }
        Ok(pid)
    }

    /// The PAM session: journal lines and logind's session with its control group. Returns the session's id.
    fn open_session(&mut self, leader: Pid, user: &User) -> String {
        let port = 40_000 + u64::from(leader) % 20_000;
        for text in [
            format!("Accepted publickey for {} from 10.0.2.2 port {port} ssh2: ED25519 SHA256:key", user.name),
            format!("pam_unix(sshd:session): session opened for user {}(uid={}) by (uid=0)", user.name, user.uid),
        ] {
            self.systemd.journal.log(&mut self.world, leader, 6, 10, Some("sshd"), &text);
        }
        let start = SessionStart {
            uid: user.uid,
            user: user.name.clone(),
            leader,
            tty: String::new(),
            remote_host: Some("10.0.2.2".into()),
            service: "sshd".into(),
        };
        let session = self.systemd.open_session(&mut self.world, start);
        self.world.deliver(&mut self.systemd);
        let deadline = self.now() + LOGIN_GRACE;
        while !self.systemd.session_is_ready(&session) && self.run_one(deadline) {}
        session
    }

    fn set_title(&mut self, pid: Pid, title: &str) {
        if let Some(process) = self.world.process_mut(pid) {
            process.argv = Arc::new(vec![title.to_owned()]);
        }
    }

    fn start_shell(&mut self, holder: Pid, tty: TtyId, user: &User, session: &str) -> Result<(), LoginError> {
        let shell = self.world.fork_unborn(holder).map_err(|_| LoginError::NoShell)?;
        let _ = self.world.set_controlling_terminal(shell, tty);
        let home = if self.world.files.get(&user.home).is_some() { user.home.as_str() } else { "/" };
        if let Some(process) = self.world.process_mut(shell) {
            process.cwd = home.into();
        }
        let name = self.world.terminals.get(&tty).map_or(String::new(), |t| t.name.clone());
        for fd in 0..3 {
            let file = self.world.open_object(OpenKind::Tty(tty), &format!("/dev/{name}"));
            self.world.install(shell, fd, file, false);
        }
        let path = if user.uid == 0 {
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        } else {
            "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
        };
        let env = [
            ("USER", user.name.as_str()),
            ("LOGNAME", &user.name),
            ("HOME", &user.home),
            ("PATH", path),
            ("SHELL", &user.shell),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("MOTD_SHOWN", "pam"),
            ("SSH_CLIENT", "10.0.2.2 40022 22"),
            ("SSH_CONNECTION", "10.0.2.2 40022 10.0.2.15 22"),
            ("SSH_TTY", &format!("/dev/{name}")),
            ("XDG_SESSION_ID", session),
            ("XDG_SESSION_TYPE", "tty"),
            ("XDG_SESSION_CLASS", "user"),
            ("XDG_RUNTIME_DIR", &format!("/run/user/{}", user.uid)),
        ];
        let env = env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let arg0 = format!("-{}", user.shell.rsplit('/').next().unwrap_or("sh"));
        self.world.exec(shell, &user.shell, &[arg0], env).map_err(|_| LoginError::NoShell)
    }

    /// Cuts the network connection of a terminal: nobody says goodbye.
    pub fn drop_connection(&mut self, tty: TtyId) {
        let Some(holder) = self.world.terminals.get(&tty).map(|t| t.holder) else { return };
        self.world.send_signal(holder, Signal::KILL);
        self.world.deliver(&mut self.systemd);
    }

    /// Whether a terminal is gone.
    pub fn is_closed(&self, tty: TtyId) -> bool {
        self.world.terminals.get(&tty).is_none_or(|t| t.hung_up)
    }

    /// Whether a closed terminal was lost rather than left.
    pub fn was_cut(&self, tty: TtyId) -> bool {
        self.world.terminals.get(&tty).is_some_and(|t| t.cut)
    }

    /// Whether a program in the foreground of the terminal waits for input and there is none yet.
    pub fn waits_for_input(&self, tty: TtyId) -> bool {
        let Some(terminal) = self.world.terminals.get(&tty) else { return false };
        if terminal.is_readable() {
            return false;
        }
        self.world
            .processes()
            .any(|p| p.pgid == terminal.foreground && !p.queued && p.wait.channels.contains(&Channel::Tty(tty)))
    }

    /// The next moment at which something is due, if anything is: how long a waiting student can be left alone.
    pub fn next_event(&self) -> Option<crate::world::Time> {
        self.world.events.next_time()
    }
}
