//! The environment of a unit's processes: systemd.exec(5), "Environment Variables in Spawned Processes".

use crate::systemd::config::{ExecContext, ExecDirectoryType, NotifyAccess, ServiceExecCommand};
use crate::systemd::dependency::UnitDependency as Dep;
use crate::systemd::environment::assemble;
use crate::systemd::manager::{Core, RuntimeScope};
use crate::systemd::unit_name::UnitName;
use crate::world::accounts::User;
use crate::world::{ExitStatus, setenv};

impl Core<'_> {
    /// The part that the manager knows: its own environment and the state of the service.
    pub(in crate::systemd::manager) fn service_environment(
        &self,
        u: &UnitName,
        which: ServiceExecCommand,
        main: bool,
    ) -> Vec<String> {
        let (service, config) = (self.m.service(u), self.m.service_config(u));
        let mut env = self.m.environment.clone();
        let access = config.notify_access();
        let told = match access {
            NotifyAccess::None => false,
            NotifyAccess::Main => main,
            NotifyAccess::Exec | NotifyAccess::All => true,
        };
        if told {
            let socket = match self.m.scope {
                RuntimeScope::System => "/run/systemd/notify".to_owned(),
                RuntimeScope::User(uid) => format!("/run/user/{uid}/systemd/notify"),
            };
            setenv(&mut env, "NOTIFY_SOCKET", &socket);
        }
        if let Some(pid) = service.main_pid {
            setenv(&mut env, "MAINPID", &pid.to_string());
        }
        if matches!(self.m.scope, RuntimeScope::User(_)) {
            setenv(&mut env, "MANAGERPID", &self.m.pid.to_string());
        }
        if let Some(path) = &config.pid_file {
            setenv(&mut env, "PIDFILE", path);
        }
        if matches!(which, ServiceExecCommand::Stop | ServiceExecCommand::StopPost) {
            set_result(&mut env, "", service);
        }
        if let Some((address, port)) = service.connection.as_ref().and_then(|connection| connection.remote.as_ref()) {
            setenv(&mut env, "REMOTE_ADDR", address);
            setenv(&mut env, "REMOTE_PORT", &port.to_string());
        }
        let watchdog = service.watchdog_override.unwrap_or(config.watchdog);
        if main && watchdog > 0 && watchdog != crate::systemd::span::INFINITY {
            setenv(&mut env, "WATCHDOG_USEC", &watchdog.to_string());
        }
        if which == ServiceExecCommand::Start {
            self.set_monitor(u, &mut env);
        }
        env
    }

    /// `$MONITOR_*`: the one unit whose failure or success started this one.
    fn set_monitor(&self, u: &UnitName, env: &mut Vec<String>) {
        let sources = self.m.unit(u).with_atom(&[Dep::OnFailureOf, Dep::OnSuccessOf]);
        let [source] = &sources[..] else { return };
        let Some(service) = self.m.unit(source).service.as_deref() else { return };
        set_result(env, "MONITOR_", service);
        if let Some(id) = &self.m.unit(source).invocation_id {
            setenv(env, "MONITOR_INVOCATION_ID", id);
        }
        setenv(env, "MONITOR_UNIT", source.as_str());
    }
}

/// `$SERVICE_RESULT`, `$EXIT_CODE`, `$EXIT_STATUS`.
fn set_result(env: &mut Vec<String>, prefix: &str, service: &crate::systemd::manager::Service) {
    setenv(env, &format!("{prefix}SERVICE_RESULT"), service.result.as_str());
    let (code, status) = match service.main_status.status {
        None => return,
        Some(ExitStatus::Exited(status)) => ("exited", status.to_string()),
        Some(ExitStatus::Signaled(signal, true)) => ("dumped", signal.name()),
        Some(ExitStatus::Signaled(signal, false)) => ("killed", signal.name()),
    };
    setenv(env, &format!("{prefix}EXIT_CODE"), code);
    setenv(env, &format!("{prefix}EXIT_STATUS"), &status);
}

/// What the child adds.
pub(super) struct ChildEnvironment<'a> {
    pub exec: &'a ExecContext,
    pub pid: u32,
    pub user: Option<&'a User>,
    pub invocation: Option<&'a str>,
    pub journal_stream: Option<u64>,
    pub terminal: bool,
    /// Kind and absolute paths of the folders that were made.
    pub directories: &'a [(ExecDirectoryType, Vec<String>)],
    pub files: &'a [String],
    pub manager: &'a [String],
    /// The names of the sockets behind the descriptors from 3 on.
    pub sockets: &'a [String],
}

impl ChildEnvironment<'_> {
    /// The whole environment, in systemd's order; later settings win.
    pub fn build(&self) -> Vec<String> {
        let mut env = Vec::new();
        if !self.sockets.is_empty() {
            setenv(&mut env, "LISTEN_PID", &self.pid.to_string());
            setenv(&mut env, "LISTEN_FDS", &self.sockets.len().to_string());
            setenv(&mut env, "LISTEN_FDNAMES", &self.sockets.join(":"));
        }
        if self.manager.iter().any(|pair| pair.starts_with("WATCHDOG_USEC=")) {
            setenv(&mut env, "WATCHDOG_PID", &self.pid.to_string());
        }
        if let Some(user) = self.user {
            for (name, value) in
                [("HOME", &user.home), ("LOGNAME", &user.name), ("USER", &user.name), ("SHELL", &user.shell)]
            {
                if !value.is_empty() {
                    setenv(&mut env, name, value);
                }
            }
        }
        if let Some(id) = self.invocation {
            setenv(&mut env, "INVOCATION_ID", id);
        }
        if self.terminal {
            setenv(&mut env, "TERM", "vt220");
        }
        if let Some(stream) = self.journal_stream {
            setenv(&mut env, "JOURNAL_STREAM", &format!("8:{stream}"));
        }
        for (kind, paths) in self.directories {
            setenv(&mut env, kind.variable(), &paths.join(":"));
        }
        setenv(&mut env, "SYSTEMD_EXEC_PID", &self.pid.to_string());
        assemble(self.manager, &env, self.exec, self.files)
    }
}
