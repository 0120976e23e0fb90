//! One process under supervisor and its states: STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL.

use super::config::{Autorestart, Program};
use crate::commands::accounts::pam::become_user;
use crate::commands::process::launch::{find_program, say};
use crate::world::fs::Access;
use crate::world::{
    Duration, Errno, ExitStatus, Fd, OpenFlags, Pid, Program as Code, Signal, Step, Sys, Time, accounts, setenv,
};

/// The states, in supervisor's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not started, or stopped on request.
    Stopped,
    /// Started, and not long enough alive.
    Starting,
    /// Alive for `startsecs`.
    Running,
    /// Ended too quickly; it is tried again.
    Backoff,
    /// Told to stop.
    Stopping,
    /// Ended by itself.
    Exited,
    /// Given up.
    Fatal,
}

impl State {
    /// As `supervisorctl status` prints it.
    pub fn name(self) -> &'static str {
        match self {
            State::Stopped => "STOPPED",
            State::Starting => "STARTING",
            State::Running => "RUNNING",
            State::Backoff => "BACKOFF",
            State::Stopping => "STOPPING",
            State::Exited => "EXITED",
            State::Fatal => "FATAL",
        }
    }
}

/// A line for the daemon's log: the level and the text.
pub type LogLine = (&'static str, String);

/// A supervised process.
#[derive(Clone, Debug)]
pub struct Supervised {
    /// Its configuration.
    pub program: Program,
    /// Its state.
    pub state: State,
    /// Its process, when it lives.
    pub pid: Option<Pid>,
    /// When it was started last.
    pub started: Option<Time>,
    /// When it ended last.
    pub ended: Option<Time>,
    /// Why it could not be started or did not stay.
    pub error: Option<String>,
    status: Option<ExitStatus>,
    backoff: u64,
    retry_at: Time,
    kill_at: Option<Time>,
    /// The reading ends of its output and the files they are copied to.
    pub outputs: Vec<(Fd, Option<String>)>,
}

/// The child before it becomes the program.
#[derive(Clone)]
struct Child {
    file: String,
    program: Program,
    env: Vec<String>,
    stdout: Fd,
    stderr: Fd,
}

impl Code for Child {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::CHLD] {
            sys.default_signal(signal);
        }
        let pid = sys.pid;
        let _ = sys.world.setpgid(pid, pid);
        if let Ok(null) = sys.open_file("/dev/null", OpenFlags::READ, 0) {
            sys.world.install(pid, 0, null, false);
        }
        let _ = sys.dup2(self.stdout, 1);
        let _ = sys.dup2(self.stderr, 2);
        if let Some(user) = self.program.user.as_ref().and_then(|name| accounts::user(&sys.world.files, name)) {
            become_user(sys, &user);
        }
        if let Some(folder) = &self.program.directory
            && let Err(errno) = sys.chdir(folder)
        {
            say(sys, &format!("supervisor: couldn't chdir to {folder}: {}", errno.name()));
            say(sys, "supervisor: child process was not spawned");
            return Step::Exit(127);
        }
        let argv = self.program.argv.clone();
        sys.exec(&self.file, &argv, self.env.clone()).unwrap_or_else(|errno| {
            say(sys, &format!("supervisor: couldn't exec {}: {}", argv[0], errno.name()));
            say(sys, "supervisor: child process was not spawned");
            Step::Exit(127)
        })
    }
}

impl Supervised {
    /// A process that has not been started.
    pub fn new(program: Program) -> Self {
        Supervised {
            program,
            state: State::Stopped,
            pid: None,
            started: None,
            ended: None,
            error: None,
            status: None,
            backoff: 0,
            retry_at: Time::default(),
            kill_at: None,
            outputs: Vec::new(),
        }
    }

    /// Finds the program file. Errors: the text that becomes the spawn error, and whether the file is missing.
    pub fn locate(&self, sys: &mut Sys<'_>) -> Result<String, (String, bool)> {
        let name = self.program.argv.first().cloned().unwrap_or_default();
        let path = sys.getenv("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        let missing = (format!("can't find command '{name}'"), true);
        let file = find_program(sys, &name, &path).map_err(|_| missing.clone())?;
        match (sys.stat(&file).map(|n| n.is_dir()), sys.access(&file, Access::Execute)) {
            (Err(_), _) => Err(missing),
            (Ok(true), _) => Err((format!("command at '{name}' is a directory"), false)),
            (_, Err(_)) => Err((format!("command at '{name}' is not executable"), false)),
            _ => Ok(file),
        }
    }

    /// Starts it.
    pub fn spawn(&mut self, sys: &mut Sys<'_>, log: &mut Vec<LogLine>) {
        (self.error, self.status) = (None, None);
        self.started = Some(sys.now());
        self.state = State::Starting;
        let spawned = match self.locate(sys) {
            Ok(file) => self.fork(sys, &file).map_err(|errno| format!("unknown error: {}", errno.name())),
            Err((text, _)) => Err(text),
        };
        match spawned {
            Ok(pid) => {
                self.pid = Some(pid);
                log.push(("INFO", format!("spawned: '{}' with pid {pid}", self.program.name)));
            }
            Err(text) => {
                log.push(("INFO", format!("spawnerr: {text}")));
                self.back_off(sys.now(), text);
            }
        }
    }

    fn fork(&mut self, sys: &mut Sys<'_>, file: &str) -> Result<Pid, Errno> {
        let (out_read, out_write) = sys.pipe(true)?;
        let mut outputs = vec![(out_read, self.program.stdout_logfile.clone())];
        let mut stderr = out_write;
        if !self.program.redirect_stderr {
            let (err_read, err_write) = sys.pipe(true)?;
            outputs.push((err_read, self.program.stderr_logfile.clone()));
            stderr = err_write;
        }
        let mut env = sys.me().env.to_vec();
        setenv(&mut env, "SUPERVISOR_ENABLED", "1");
        setenv(&mut env, "SUPERVISOR_SERVER_URL", "unix:///var/run/supervisor.sock");
        setenv(&mut env, "SUPERVISOR_PROCESS_NAME", &self.program.name);
        setenv(&mut env, "SUPERVISOR_GROUP_NAME", &self.program.group);
        for (name, value) in &self.program.environment {
            setenv(&mut env, name, value);
        }
        let child = Child { file: file.to_owned(), program: self.program.clone(), env, stdout: out_write, stderr };
        let pid = sys.fork(Box::new(child));
        let _ = sys.close(out_write);
        if stderr != out_write {
            let _ = sys.close(stderr);
        }
        for path in outputs.iter().filter_map(|(_, path)| path.as_ref()) {
            if let Ok(log) = sys.open(path, OpenFlags::APPEND, 0o644) {
                let _ = sys.close(log);
            }
        }
        self.outputs = outputs;
        pid
    }

    fn back_off(&mut self, now: Time, error: String) {
        self.error = Some(error);
        self.state = State::Backoff;
        self.backoff += 1;
        self.retry_at = now + Duration::from_secs(self.backoff);
    }

    /// Its process ended.
    pub fn finish(&mut self, now: Time, status: ExitStatus, log: &mut Vec<LogLine>) {
        let name = self.program.name.clone();
        let how = match status {
            ExitStatus::Exited(code) => format!("exit status {code}"),
            ExitStatus::Signaled(signal, core) => {
                format!("terminated by SIG{}{}", signal.name(), if core { " (core dumped)" } else { "" })
            }
        };
        (self.pid, self.kill_at) = (None, None);
        self.ended = Some(now);
        self.status = Some(status);
        let lived = self.started.map_or(Duration::ZERO, |at| now.since(at));
        if self.state == State::Stopping {
            self.state = State::Stopped;
            self.backoff = 0;
            log.push(("INFO", format!("stopped: {name} ({how})")));
        } else if lived < Duration::from_secs(self.program.startsecs) {
            log.push(("WARN", format!("exited: {name} ({how}; not expected)")));
            self.back_off(now, "Exited too quickly (process log may have details)".into());
        } else {
            if self.state == State::Starting {
                log.push(("INFO", self.success()));
            }
            (self.backoff, self.error) = (0, None);
            self.state = State::Exited;
            let expected = matches!(status, ExitStatus::Exited(code) if self.program.exitcodes.contains(&code));
            let (level, word) = if expected { ("INFO", "expected") } else { ("WARN", "not expected") };
            log.push((level, format!("exited: {name} ({how}; {word})")));
        }
    }

    fn success(&self) -> String {
        let (name, seconds) = (&self.program.name, self.program.startsecs);
        format!("success: {name} entered RUNNING state, process has stayed up for > than {seconds} seconds (startsecs)")
    }

    /// What time brings: running at last, another try, giving up, SIGKILL.
    pub fn advance(&mut self, sys: &mut Sys<'_>, leaving: bool, log: &mut Vec<LogLine>) {
        let now = sys.now();
        match self.state {
            State::Starting if self.settles_at().is_some_and(|at| at <= now) && self.pid.is_some() => {
                (self.state, self.backoff, self.error) = (State::Running, 0, None);
                log.push(("INFO", self.success()));
            }
            State::Backoff if self.backoff > self.program.startretries => {
                (self.state, self.backoff) = (State::Fatal, 0);
                let name = &self.program.name;
                log.push(("INFO", format!("gave up: {name} entered FATAL state, too many start retries too quickly")));
            }
            State::Backoff if self.retry_at <= now && !leaving => self.spawn(sys, log),
            State::Exited if !leaving && self.restarts() => self.spawn(sys, log),
            State::Stopping if self.kill_at.is_some_and(|at| at <= now) => {
                self.kill_at = None;
                if let Some(pid) = self.pid {
                    log.push(("WARN", format!("killing '{}' ({pid}) with SIGKILL", self.program.name)));
                    self.signal(sys, Signal::KILL);
                }
            }
            _ => {}
        }
    }

    fn restarts(&self) -> bool {
        match self.program.autorestart {
            Autorestart::Always => true,
            Autorestart::Never => false,
            Autorestart::Unexpected => {
                !matches!(self.status, Some(ExitStatus::Exited(code)) if self.program.exitcodes.contains(&code))
            }
        }
    }

    fn settles_at(&self) -> Option<Time> {
        Some(self.started? + Duration::from_secs(self.program.startsecs))
    }

    /// The next moment at which [`Supervised::advance`] has something to do.
    pub fn next(&self) -> Option<Time> {
        match self.state {
            State::Starting => self.settles_at(),
            State::Backoff => Some(self.retry_at),
            State::Stopping => self.kill_at,
            _ => None,
        }
    }

    /// Sends a signal to the process, or to its group.
    pub fn signal(&self, sys: &mut Sys<'_>, signal: Signal) {
        if let Some(pid) = self.pid {
            let target = i64::from(pid);
            let program = &self.program;
            let group = if signal == Signal::KILL { program.kill_as_group } else { program.stop_as_group };
            let _ = sys.kill(if group { -target } else { target }, Some(signal));
        }
    }

    /// Tells it to stop. What waits for another try is stopped at once.
    pub fn stop(&mut self, sys: &mut Sys<'_>, log: &mut Vec<LogLine>) {
        if self.pid.is_none() {
            self.state = State::Stopped;
            return;
        }
        let name = self.program.name.clone();
        if self.state != State::Stopping {
            self.state = State::Stopping;
            self.kill_at = Some(sys.now() + Duration::from_secs(self.program.stopwaitsecs));
            log.push(("INFO", format!("waiting for {name} to stop")));
        }
        let signal = self.program.stopsignal;
        self.signal(sys, signal);
    }

    /// What `supervisorctl status` says after the state.
    pub fn description(&self, now: Time) -> String {
        match self.state {
            State::Running => {
                let seconds = self.started.map_or(0, |at| now.since(at).as_secs());
                let days = match seconds / 86_400 {
                    0 => String::new(),
                    1 => "1 day, ".into(),
                    n => format!("{n} days, "),
                };
                let clock = format!("{}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
                format!("pid {}, uptime {days}{clock}", self.pid.unwrap_or(0))
            }
            State::Backoff | State::Fatal => self.error.clone().unwrap_or_default(),
            State::Stopped | State::Exited => {
                self.ended.map_or_else(|| "Not started".into(), |at| at.strftime("%b %d %I:%M %p"))
            }
            State::Starting | State::Stopping => String::new(),
        }
    }
}
