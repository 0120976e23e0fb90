//! Making processes: fork(2), execve(2).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cost;
use crate::world::capability::CapabilitySet;
use crate::world::errno::Errno;
use crate::world::fs::{Access, Cred, Kind};
use crate::world::process::{Pid, Process, Schedule, Signals, State, comm_of};
use crate::world::program::{Program, Step, Wait};
use crate::world::signal::{Signal, SignalSet};
use crate::world::{Duration, Limits, MAX_PROCESSES, Resource, Sys, World};

/// What stands at the start of the program files that the simulator brings: an ELF header's first bytes, then the name.
const MAGIC: &[u8] = b"\x7fELF\x02\x01\x01\0concierge\0";
/// How deep scripts may be interpreters of scripts.
const MAX_INTERPRETERS: usize = 4;
/// Memory of a small program, in bytes.
pub(in crate::world) const SMALL: u64 = 1_800 * 1024;

/// A program found and ready to run.
pub struct Loaded {
    /// Its code.
    pub program: Box<dyn Program>,
    /// The program file, an interpreter's for a script.
    pub exe: String,
    /// Its arguments, with the interpreter's before them for a script.
    pub argv: Vec<String>,
    /// The user it is to run as, when its file is set-uid.
    pub setuid: Option<u32>,
}

/// What a forked child of a service manager does until it is told what to execute.
#[derive(Clone)]
struct Unborn;

impl Program for Unborn {
    fn resume(&mut self, _: &mut Sys<'_>) -> Step {
        Step::Wait(Wait::signal())
    }
}

impl World {
    /// The contents of a program file that runs the built-in program `name`.
    pub fn program_file(name: &str) -> Vec<u8> {
        [MAGIC, name.as_bytes(), b"\0"].concat()
    }

    /// The built-in program that a file's contents name.
    pub fn builtin_name(contents: &[u8]) -> Option<&str> {
        let rest = contents.strip_prefix(MAGIC)?;
        std::str::from_utf8(rest.split(|b| *b == 0).next()?).ok()
    }

    /// Finds the program that executing `path` runs.
    ///
    /// Errors: those of the walk; EACCES (no x bit, not a regular file), ENOEXEC (neither a program nor a script),
    /// ENOENT (also for a script whose interpreter is missing), ELOOP.
    pub fn load(&self, cred: &Cred, cwd: &str, path: &str, argv: &[String]) -> Result<Loaded, Errno> {
        let (mut path, mut argv) = (path.to_owned(), argv.to_vec());
        for _ in 0..MAX_INTERPRETERS {
            let found = self.files.find(cred, cwd, &path, true)?;
            let node = found.ino.and_then(|ino| self.files.inode(ino)).ok_or(Errno::ENOENT)?;
            let Kind::File(bytes) = &node.kind else { return Err(Errno::EACCES) };
            self.files.permit(cred, node, Access::Execute)?;
            if found.no_exec() {
                return Err(Errno::EACCES);
            }
            if let Some(name) = Self::builtin_name(bytes) {
                let program = (self.loader)(name, &argv).ok_or(Errno::ENOEXEC)?;
                let setuid = (node.mode & 0o4000 != 0).then_some(node.uid);
                return Ok(Loaded { program, exe: found.path, argv, setuid });
            }
            let Some(line) = bytes.strip_prefix(b"#!") else { return Err(Errno::ENOEXEC) };
            let line = line.split(|b| *b == b'\n').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line).into_owned();
            let line = line.trim_matches([' ', '\t']);
            let (interpreter, option) = line.split_once([' ', '\t']).unwrap_or((line, ""));
            if interpreter.is_empty() {
                return Err(Errno::ENOEXEC);
            }
            let mut next = vec![interpreter.to_owned()];
            if !option.trim().is_empty() {
                next.push(option.trim().to_owned());
            }
            next.push(path);
            next.extend(argv.into_iter().skip(1));
            (path, argv) = (interpreter.to_owned(), next);
        }
        Err(Errno::ELOOP)
    }

    /// A child of `parent` that runs `program`, with copies of all its parent has. Errors: EAGAIN.
    pub fn fork(&mut self, parent: Pid, program: Box<dyn Program>) -> Result<Pid, Errno> {
        let Some(old) = self.process(parent) else { return Err(Errno::ESRCH) };
        let user = old.cred.uid;
        let own = || self.processes().filter(|p| p.cred.uid == user).count() as u64;
        let limit = old.limits.soft(Resource::Nproc);
        let free = old.cred.can(CapabilitySet::SYS_RESOURCE) || old.cred.can(CapabilitySet::SYS_ADMIN);
        // Nobody can have more processes than there are, so that only a lower limit needs a count.
        let over = limit < MAX_PROCESSES as u64 && !free && own() >= limit;
        if self.processes.len() >= MAX_PROCESSES || over {
            return Err(Errno::EAGAIN);
        }
        let group = old.cgroup.clone();
        self.permit_fork(&group)?;
        let pid = self.allocate_pid();
        let Some(old) = self.process(parent) else { return Err(Errno::ESRCH) };
        let child = Process {
            pid,
            ppid: parent,
            pgid: old.pgid,
            sid: old.sid,
            tty: old.tty,
            cred: old.cred.clone(),
            ruid: old.ruid,
            comm: old.comm.clone(),
            exe: old.exe.clone(),
            argv: old.argv.clone(),
            env: old.env.clone(),
            cwd: old.cwd.clone(),
            umask: old.umask,
            nice: old.nice,
            fds: old.fds.clone(),
            signals: Signals { pending: SignalSet::default(), ..old.signals },
            program: Some(program),
            cgroup: old.cgroup.clone(),
            rss: old.rss,
            limits: old.limits,
            sandbox: old.sandbox.clone(),
            oom_score_adj: old.oom_score_adj,
            schedule: old.schedule,
            no_new_privs: old.no_new_privs,
            ..self.blank_process(pid)
        };
        let files: Vec<u64> = child.fds.values().map(|d| d.file).collect();
        for file in files {
            self.open_files.retain(file);
        }
        self.processes.insert(pid, Arc::new(child));
        self.charge(pid, cost::FORK);
        self.wake(pid);
        Ok(pid)
    }

    /// A child of the service manager `parent` that waits, with nothing open and nothing ignored, for the caller to
    /// dress it up (user, folder, descriptors, control group) and to call [`World::exec`]. It leads its own session.
    pub fn fork_unborn(&mut self, parent: Pid) -> Result<Pid, Errno> {
        let pid = self.fork(parent, Box::new(Unborn))?;
        self.close_all(pid);
        if let Some(child) = self.process_mut(pid) {
            (child.pgid, child.sid, child.tty) = (pid, pid, None);
            (child.signals, child.env, child.umask) = (Signals::default(), Arc::default(), 0o022);
            child.cwd = "/".into();
        }
        Ok(pid)
    }

    /// Puts another program into a process and lets it run. On an error nothing changes. Errors: as [`World::load`].
    pub fn exec(&mut self, pid: Pid, path: &str, argv: &[String], env: Vec<String>) -> Result<(), Errno> {
        let program = self.prepare_exec(pid, path, argv, env)?;
        if let Some(process) = self.process_mut(pid) {
            process.program = Some(program);
        }
        self.charge(pid, cost::EXEC);
        self.wake(pid);
        Ok(())
    }

    /// All of execve(2) but the jump into the new program, which is returned.
    pub(in crate::world) fn prepare_exec(
        &mut self,
        pid: Pid,
        path: &str,
        argv: &[String],
        env: Vec<String>,
    ) -> Result<Box<dyn Program>, Errno> {
        let process = self.process(pid).ok_or(Errno::ESRCH)?;
        let loaded = self.load(&process.cred, &process.cwd, path, argv)?;
        let close: Vec<u32> = process.fds.iter().filter(|(_, d)| d.cloexec).map(|(fd, _)| *fd).collect();
        for fd in close {
            let _ = self.close(pid, fd);
        }
        let Some(process) = self.process_mut(pid) else { return Err(Errno::ESRCH) };
        process.comm = comm_of(path);
        process.exe = loaded.exe.into();
        process.argv = Arc::new(loaded.argv);
        process.env = Arc::new(env);
        process.signals.caught = SignalSet::default();
        process.rss = SMALL;
        process.execed = true;
        if let Some(uid) = loaded.setuid.filter(|_| !process.no_new_privs) {
            process.cred.uid = uid;
            process.cred.capabilities.ambient = CapabilitySet::default();
        }
        Ok(loaded.program)
    }

    /// The next free process id.
    fn allocate_pid(&mut self) -> Pid {
        loop {
            let pid = self.next_pid;
            self.next_pid = if pid >= 32_767 { 300 } else { pid + 1 };
            if !self.processes.contains_key(&pid) {
                return pid;
            }
        }
    }

    /// Skips process ids, as a boot does whose short-lived helpers are not simulated.
    pub fn skip_pids(&mut self, next: Pid) {
        self.next_pid = self.next_pid.max(next);
    }

    /// A process with nothing in it.
    pub(in crate::world) fn blank_process(&self, pid: Pid) -> Process {
        Process {
            pid,
            ppid: 0,
            pgid: 0,
            sid: 0,
            tty: None,
            cred: Cred::root(),
            ruid: 0,
            comm: "".into(),
            exe: "".into(),
            argv: Arc::default(),
            env: Arc::default(),
            cwd: "/".into(),
            umask: 0o022,
            nice: 0,
            fds: BTreeMap::new(),
            signals: Signals { ignored: SignalSet::of(&[]), ..Signals::default() },
            state: State::Alive,
            wait: Wait::default(),
            wait_number: 0,
            queued: false,
            program: None,
            cgroup: "/".into(),
            started: self.now,
            cpu: Duration::ZERO,
            busy_until: self.now,
            rss: 0,
            limits: Limits::default(),
            sandbox: None,
            oom_score_adj: 0,
            schedule: Schedule::default(),
            subreaper: false,
            no_new_privs: false,
            report: None,
            manager: false,
            execed: false,
        }
    }

    /// What `signal` does to a process without a handler, decided by the program itself (`Step::Crash`).
    pub(in crate::world) fn die_of(&mut self, pid: Pid, signal: Signal) {
        let core = self.dumps_core(pid, signal);
        self.terminate(pid, crate::world::ExitStatus::Signaled(signal, core));
    }
}
