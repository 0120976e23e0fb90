//! Executing a unit's commands: what the manager prepares and what the forked child does: systemd.exec(5).

mod child;
mod confine;
mod directories;
mod environment;
mod namespace;
mod output;
mod runtime;

use super::log::LOG_ERR;
use super::service_state::ExecStatus;
use super::{Core, RuntimeScope};
use crate::systemd::config::{ExecContext, ServiceExecCommand, ServiceType, UnitSettings};
use crate::systemd::environment::load_files;
use crate::systemd::unit_name::UnitName;
use crate::world::{Duration, Errno, OpenFileId, Pid, comm_of};
use child::ExecChild;
pub use runtime::ExecRuntime;
use std::sync::OnceLock;

/// How long a `Type=idle` service waits for a quiet moment, in microseconds.
const IDLE_TIMEOUT: u64 = 5_000_000;

impl Core<'_> {
    /// Forks the process of one of a service's commands. It does the rest itself. Errors: the text of the reason.
    pub(super) fn service_spawn(
        &mut self,
        u: &UnitName,
        which: ServiceExecCommand,
        index: usize,
    ) -> Result<Pid, String> {
        let loaded = self.m.unit(u).loaded.clone();
        let config = self.m.service_config(u);
        let command = config.commands(which).get(index).cloned().ok_or_else(|| Errno::ENXIO.to_string())?;
        let files = match load_files(&self.w.files, &config.exec, u.as_str()) {
            Ok(files) => {
                self.log_warnings(&files.warnings);
                files.variables
            }
            Err((errno, warnings)) => {
                self.log_warnings(&warnings);
                self.log_unit(u, LOG_ERR, &format!("Failed to load environment files: {errno}"));
                return Err(errno.to_string());
            }
        };
        let sockets = self.passed_sockets(u, which, &config.exec)?;
        let main = which == ServiceExecCommand::Start && config.service_type() != ServiceType::Forking;
        let group = self.realize_cgroup(u);
        let environment = self.service_environment(u, which, main);
        let runtime = self.acquire_runtime(u, &config.exec);
        let pid = match self.w.fork_unborn(self.m.pid) {
            Ok(pid) => pid,
            Err(errno) => {
                sockets.into_iter().for_each(|(file, _)| self.w.release(file));
                return Err(errno.to_string());
            }
        };
        let names = sockets.iter().map(|(_, name)| name.clone()).collect();
        for ((file, _), fd) in sockets.into_iter().zip(child::FIRST_PASSED..) {
            self.w.install(pid, fd, file, false);
        }
        let idle = which == ServiceExecCommand::Start && config.service_type() == ServiceType::Idle;
        let idle_until = idle.then(|| self.w.now + Duration::from_micros(IDLE_TIMEOUT));
        let child = ExecChild {
            unit: u.clone(),
            scope: self.m.scope,
            loaded,
            command,
            environment,
            files,
            invocation: self.m.unit(u).invocation_id.clone(),
            group: group.clone(),
            sockets: names,
            idle_until,
            runtime,
        };
        self.dress(pid, &group, &child.command.path);
        if let Some(process) = self.w.process_mut(pid) {
            process.program = Some(Box::new(child));
        }
        let status = ExecStatus { pid: Some(pid), start: Some(self.w.now), exit: None, status: None };
        *self.m.service_mut(u).command_status_mut(which, index) = status;
        Ok(pid)
    }

    /// The sockets that a command gets: those of `ExecStart=` only. Errors: it wants one as its standard input and there
    /// is not exactly one.
    fn passed_sockets(
        &mut self,
        u: &UnitName,
        which: ServiceExecCommand,
        exec: &ExecContext,
    ) -> Result<Vec<(OpenFileId, String)>, String> {
        let sockets = if which == ServiceExecCommand::Start { self.collect_fds(u) } else { Vec::new() };
        if !child::takes_socket(exec) || sockets.len() == 1 {
            return Ok(sockets);
        }
        let text = if sockets.is_empty() { "Got no socket." } else { "Got more than one socket." };
        self.log_unit(u, LOG_ERR, text);
        sockets.into_iter().for_each(|(file, _)| self.w.release(file));
        Err(Errno::EINVAL.to_string())
    }

    /// What every forked child gets at once: its control group and a name of its own.
    fn dress(&mut self, pid: Pid, group: &str, path: &str) {
        let user = match self.m.scope {
            RuntimeScope::System => None,
            RuntimeScope::User(_) => self.w.process(self.m.pid).map(|p| (p.cred.clone(), p.ruid)),
        };
        let Some(process) = self.w.process_mut(pid) else { return };
        process.cgroup = group.into();
        let base = comm_of(path);
        let tail: String = base.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
        process.comm = format!("({tail})").into();
        process.subreaper = false;
        process.manager = false;
        if let Some((cred, ruid)) = user {
            (process.cred, process.ruid) = (cred, ruid);
        }
    }
}

/// The execution settings of a unit; those of a plain service when its type has none.
fn exec_context(settings: &UnitSettings) -> &ExecContext {
    static NONE: OnceLock<ExecContext> = OnceLock::new();
    settings.exec().unwrap_or_else(|| NONE.get_or_init(ExecContext::default))
}
