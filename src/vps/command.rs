//! Running one command without a terminal, as `ssh USER@vps COMMAND` does, and writing a file from outside.

use std::sync::Arc;

use super::Vps;
use crate::world::fs::Cred;
use crate::world::{
    Channel, Duration, ExitStatus, OpenFlags, OpenKind, Opener, Pid, Program, Step, Sys, Wait, accounts,
};

/// What a command without a terminal printed and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Standard output and standard error, in the order of writing.
    pub text: String,
    /// Its exit status; `None` when it still runs or could not be started.
    pub status: Option<u8>,
}

/// A command that runs without a terminal; its output can be taken as it comes.
#[derive(Clone, Debug)]
pub struct Running {
    holder: Pid,
    child: Pid,
    pipe: u64,
}

/// The sshd process at the other end of a command's pipe. It leaves its child unreaped, so that the status can be read.
#[derive(Clone)]
struct Holder;

impl Program for Holder {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        Step::Wait(Wait::channel(Channel::Children(sys.pid)))
    }
}

impl Vps {
    /// Starts `bash -c COMMAND` as `user` in the home folder; `None` when there is no such user or no shell.
    pub fn start_command(&mut self, user: &str, command: &str) -> Option<Running> {
        let account = accounts::user(&self.world.files, user)?;
        let cred = accounts::cred_of(&self.world.files, &account);
        let holder = self.world.fork(1, Box::new(Holder)).ok()?;
        self.world.close_all(holder);
        if let Some(process) = self.world.process_mut(holder) {
            (process.pgid, process.sid, process.manager) = (holder, holder, false);
            (process.comm, process.argv) = ("sshd".into(), Arc::new(vec![format!("sshd: {user}@notty")]));
            process.cgroup = format!("/user.slice/user-{}.slice/session-c{holder}.scope", account.uid).into();
        }
        let child = self.world.fork_unborn(holder).ok()?;
        let null = Opener { cred: &Cred::root(), cwd: "/", umask: 0o022, tty: None };
        let null = self.world.open(&null, "/dev/null", OpenFlags::READ, 0).ok()?;
        self.world.install(child, 0, null, false);
        let (reader, writer) = self.world.make_pipe();
        let pipe = match self.world.open_files.get(reader)?.kind {
            OpenKind::PipeRead(pipe) => pipe,
            _ => return None,
        };
        self.world.install(holder, 3, reader, false);
        self.world.open_files.retain(writer);
        self.world.install(child, 1, writer, false);
        self.world.install(child, 2, writer, false);
        if let Some(process) = self.world.process_mut(child) {
            (process.cred, process.ruid) = (cred, account.uid);
            process.cwd = account.home.as_str().into();
        }
        let path = if account.uid == 0 {
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        } else {
            "/usr/local/bin:/usr/bin:/bin:/usr/games"
        };
        let env = [
            ("USER", account.name.as_str()),
            ("LOGNAME", &account.name),
            ("HOME", &account.home),
            ("PATH", path),
            ("SHELL", &account.shell),
            ("LANG", "C.UTF-8"),
            ("XDG_RUNTIME_DIR", &format!("/run/user/{}", account.uid)),
        ];
        let env = env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let argv = ["bash".to_owned(), "-c".to_owned(), command.to_owned()];
        self.world.exec(child, "/bin/bash", &argv, env).ok()?;
        Some(Running { holder, child, pipe })
    }

    /// What a running command printed since the last call.
    pub fn take_command_output(&mut self, running: &Running) -> Vec<u8> {
        self.world.drain_pipe(running.pipe)
    }

    /// The status of a command that has ended.
    pub fn command_status(&self, running: &Running) -> Option<ExitStatus> {
        match self.world.process(running.child).map(|p| p.state) {
            Some(crate::world::State::Zombie(status)) => Some(status),
            Some(_) => None,
            None => Some(ExitStatus::Exited(255)),
        }
    }

    /// Closes the connection of a command.
    pub fn end_command(&mut self, running: &Running) {
        self.world.terminate(running.holder, ExitStatus::Exited(0));
        self.world.deliver(&mut self.systemd);
    }

    /// Runs `bash -c COMMAND` as `user`, for `limit` of virtual time at most.
    pub fn run_command(&mut self, user: &str, command: &str, limit: Duration) -> Output {
        let Some(running) = self.start_command(user, command) else {
            return Output { text: String::new(), status: None };
        };
        let deadline = self.now() + limit;
        let mut bytes = Vec::new();
        while self.command_status(&running).is_none() && self.run_one(deadline) {
            bytes.extend(self.take_command_output(&running));
        }
        bytes.extend(self.take_command_output(&running));
        let status = self.command_status(&running).map(ExitStatus::code);
        self.end_command(&running);
        Output { text: String::from_utf8_lossy(&bytes).into_owned(), status }
    }

    /// Writes a file from outside, as root; watchers of the file and of its folder hear of it.
    pub fn write_file(&mut self, path: &str, contents: &[u8], mode: u16, owner: (u32, u32)) {
        let now = self.world.now;
        self.world.files.put(path, contents, mode, owner, now);
        if let Ok(found) = self.world.files.find(&Cred::root(), "/", path, true) {
            self.world.file_changed(found.parent);
            if let Some(ino) = found.ino {
                self.world.file_changed(ino);
            }
        }
        self.world.deliver(&mut self.systemd);
    }
}
