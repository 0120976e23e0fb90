//! The forked child of a manager between fork and execve: it turns itself into the unit's process: systemd.exec(5).

use super::directories::{self, Made};
use super::environment::ChildEnvironment;
use super::runtime::ExecRuntime;
use super::{confine, exec_context, namespace};
use crate::systemd::Systemd;
use crate::systemd::config::{ExecCommand, ExecContext, ExecDirectoryType, ExecInput, ExecOutput, WorkingDirectory};
use crate::systemd::expand::expand_argv;
use crate::systemd::journal::{EntryBuilder, message_id};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::manager::RuntimeScope;
use crate::systemd::manager::log::{LOG_ERR, LOG_INFO};
use crate::systemd::manager::messages::idle_channel;
use crate::systemd::unit_name::UnitName;
use crate::systemd::value::exit_status;
use crate::world::accounts::{self, User};
use crate::world::fs::{Access, Cred};
use crate::world::{Channel, Errno, Fd, MAX_PROCESSES, Program, Resource, Step, Sys, Time, Wait, World};
use std::sync::Arc;

/// Where programs named without a slash are looked for.
const DEFAULT_PATH: [&str; 6] = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// The child. It runs once and becomes the program, or ends with a status of systemd.exec(5).
#[derive(Clone)]
pub(super) struct ExecChild {
    pub unit: UnitName,
    pub scope: RuntimeScope,
    pub loaded: Arc<LoadedUnit>,
    pub command: ExecCommand,
    /// What the manager adds to the environment.
    pub environment: Vec<String>,
    /// What the environment files say.
    pub files: Vec<String>,
    pub invocation: Option<String>,
    pub group: String,
    /// The names of the sockets that were passed, whose descriptors begin at [`FIRST_PASSED`].
    pub sockets: Vec<String>,
    /// `Type=idle`: it does not begin before this moment unless its manager has nothing else to do.
    pub idle_until: Option<Time>,
    /// What the processes of this run share.
    pub runtime: ExecRuntime,
}

/// SD_LISTEN_FDS_START.
pub(super) const FIRST_PASSED: Fd = 3;

/// A step that failed: the exit status that names it, the line about it and the reason.
struct Failure {
    status: u8,
    text: String,
    errno: Errno,
}

fn failed(status: u8, text: &str) -> impl FnOnce(Errno) -> Failure {
    move |errno| Failure { status, text: text.to_owned(), errno }
}

/// Exit statuses of the child, by the step that failed.
mod step {
    pub const CHDIR: u8 = 200;
    pub const EXEC: u8 = 203;
    pub const STDIN: u8 = 208;
    pub const STDOUT: u8 = 209;
    pub const GROUP: u8 = 216;
    pub const USER: u8 = 217;
    pub const NAMESPACE: u8 = 226;
    pub const CPUAFFINITY: u8 = 215;
    pub const STDERR: u8 = 222;
    pub const RUNTIME_DIRECTORY: u8 = 233;
    pub const STATE_DIRECTORY: u8 = 238;
    pub const CACHE_DIRECTORY: u8 = 239;
    pub const LOGS_DIRECTORY: u8 = 240;
    pub const CONFIGURATION_DIRECTORY: u8 = 241;
}

impl Program for ExecChild {
    fn resume(&mut self, sys: &mut Sys<'_>) -> Step {
        if let Some(until) = self.idle_until {
            let scope = self.scope;
            let busy = |systemd: &Systemd| systemd.manager_of(scope).map(|m| (m.pid, m.jobs().next().is_some()));
            let busy = sys.init_as::<Systemd>().and_then(|(systemd, _)| busy(systemd));
            match busy {
                Some((manager, true)) if sys.now() < until => {
                    return Step::Wait(Wait::until(until).or_channel(Channel::Init(idle_channel(manager))));
                }
                _ => self.idle_until = None,
            }
        }
        match self.run(sys) {
            Ok(step) => step,
            Err(failure) => {
                let name = exit_status::short_name(failure.status).unwrap_or("n/a");
                if !failure.text.is_empty() {
                    self.log(sys, LOG_ERR, &format!("{}: {}", failure.text, failure.errno), None);
                }
                let text = format!("Failed at step {name} spawning {}: {}", self.command.path, failure.errno);
                self.log(sys, LOG_ERR, &text, Some(message_id::SPAWN_FAILED));
                Step::Exit(failure.status)
            }
        }
    }
}

impl ExecChild {
    fn log(&self, sys: &mut Sys<'_>, priority: u8, text: &str, id: Option<&str>) {
        let pid = sys.pid;
        let Some((systemd, world)) = sys.init_as::<Systemd>() else { return };
        let (unit, invocation) = match self.scope {
            RuntimeScope::System => ("UNIT", "INVOCATION_ID"),
            RuntimeScope::User(_) => ("USER_UNIT", "USER_INVOCATION_ID"),
        };
        let comm = world.process(pid).map(|p| p.comm.to_string()).unwrap_or_default();
        let mut entry = EntryBuilder::new(pid, priority, format!("{}: {text}", self.unit));
        entry = entry.field("SYSLOG_FACILITY", "3").identifier(&comm);
        entry = entry.field(unit, self.unit.as_str());
        if let Some(id) = &self.invocation {
            entry = entry.field(invocation, id);
        }
        if let Some(id) = id {
            entry = entry.message_id(id).field("EXECUTABLE", &self.command.path);
        }
        systemd.journal.append(world, entry);
    }

    /// The steps, in systemd's order.
    fn run(&self, sys: &mut Sys<'_>) -> Result<Step, Failure> {
        let loaded = self.loaded.clone();
        let exec = exec_context(&loaded.settings);
        let pid = sys.pid;
        // 1. Who.
        let (user, cred) = self.credentials(sys.world, exec)?;
        let own = if self.command.no_setuid || self.command.fully_privileged { None } else { cred.clone() };
        // 2. Standard input, output and error.
        let owner = own.clone().unwrap_or_else(|| sys.cred());
        let stream = self.open_standard_files(sys, exec, owner.uid)?;
        let passed = if takes_socket(exec) { None } else { Some(self.sockets.as_slice()) };
        if passed.is_none() {
            let _ = sys.close(FIRST_PASSED);
        }
        // 3. Niceness, umask, limits.
        let kept = &loaded.settings.kept;
        confine::set_attributes(sys, exec, kept);
        if kept.get("CPUAffinity").into_iter().flatten().any(|set| !confine::has_first_cpu(set)) {
            return Err(failed(step::CPUAFFINITY, "")(Errno::EINVAL));
        }
        // 4. Folders of its own.
        let folders = self.make_directories(sys.world, exec, cred.as_ref().unwrap_or(&owner))?;
        // 5. The environment.
        let environment = ChildEnvironment {
            exec,
            pid,
            user: user.as_ref(),
            invocation: self.invocation.as_deref(),
            journal_stream: stream,
            terminal: exec.tty_path.is_some(),
            directories: &folders.iter().map(|made| (made.kind, made.paths.clone())).collect::<Vec<_>>(),
            files: &self.files,
            manager: &self.environment,
            sockets: passed.unwrap_or_default(),
        };
        let env = environment.build();
        // 6. The sandbox: what it sees of the files, and what else is taken from it.
        if !self.command.fully_privileged {
            self.build_view(sys, exec, &folders)?;
            let sandbox = confine::sandbox(exec, &loaded.settings, self.runtime.network);
            sys.me_mut().sandbox = sandbox;
        }
        // 7. The program, found before any right is given up.
        let Some(path) = self.find_executable(sys, exec)? else { return Ok(Step::Exit(0)) };
        // 8. The user's rights.
        if !self.command.fully_privileged {
            confine::take_rights(sys, exec, kept, own);
        }
        // 9. The working directory, reached with those rights.
        self.change_directory(sys, exec, user.as_ref())?;
        // 10. Become the program.
        let argv = expand_argv(&self.command, &env);
        let text = format!("Failed to execute {}", self.command.path);
        if has_too_many_processes(sys) {
            return Err(failed(step::EXEC, &text)(Errno::EAGAIN));
        }
        let step = sys.exec(&path, &argv, env).map_err(failed(step::EXEC, &text))?;
        if let Some((systemd, world)) = sys.init_as::<Systemd>() {
            systemd.child_executed(world, self.scope, &self.unit, pid);
        }
        Ok(step)
    }

    /// The user whose variables are set, and the rights to take on.
    fn credentials(&self, world: &World, exec: &ExecContext) -> Result<(Option<User>, Option<Cred>), Failure> {
        let tree = &world.files;
        let mut cred = None;
        let mut user = None;
        if let Some((name, uid)) = &self.runtime.user {
            let none = String::new;
            user = Some(User { name: name.clone(), uid: *uid, gid: *uid, gecos: none(), home: none(), shell: none() });
            return Ok((user, Some(Cred::new(*uid, *uid, [*uid]))));
        }
        if let Some(name) = &exec.user {
            let by_id = name.parse().ok().map(|uid| accounts::user_by_id(tree, uid));
            let found = accounts::user(tree, name).or(by_id.flatten());
            let found =
                found.ok_or(Errno::ESRCH).map_err(failed(step::USER, "Failed to determine user credentials"))?;
            cred = Some(accounts::cred_of(tree, &found));
            user = Some(found);
        } else if let RuntimeScope::User(uid) = self.scope {
            user = accounts::user_by_id(tree, uid);
        }
        let foreign = exec.user.is_some() || exec.group.is_some();
        if foreign && self.scope != RuntimeScope::System {
            // A user's manager may not change to anybody, not even to the same user's groups.
            return Err(failed(step::GROUP, "Failed to determine supplementary groups")(Errno::EPERM));
        }
        let lookup = |name: &String| {
            let by_id = || name.parse().ok().and_then(|gid| accounts::group_by_id(tree, gid));
            accounts::group(tree, name).or_else(by_id).ok_or(Errno::ESRCH)
        };
        if let Some(name) = &exec.group {
            let group = lookup(name).map_err(failed(step::GROUP, "Failed to determine group credentials"))?;
            let old = cred.unwrap_or_else(Cred::root);
            let mut groups = vec![group.gid];
            groups.extend(old.groups.iter().copied().filter(|gid| *gid != group.gid && *gid != old.gid));
            cred = Some(Cred { gid: group.gid, groups: groups.into(), ..old });
        }
        for name in &exec.supplementary_groups {
            let group = lookup(name).map_err(failed(step::GROUP, "Failed to determine supplementary groups"))?;
            let old = cred.unwrap_or_else(Cred::root);
            let mut groups = old.groups.to_vec();
            if !groups.contains(&group.gid) {
                groups.push(group.gid);
            }
            cred = Some(Cred { groups: groups.into(), ..old });
        }
        Ok((user, cred))
    }

    fn open_standard_files(&self, sys: &mut Sys<'_>, exec: &ExecContext, uid: u32) -> Result<Option<u64>, Failure> {
        let pid = sys.pid;
        let Some((systemd, world)) = sys.init_as::<Systemd>() else { return Ok(None) };
        self.set_up_output(world, &mut systemd.journal, pid, exec, uid).map_err(|error| {
            let (status, what) = match error.fd {
                0 => (step::STDIN, "Failed to set up standard input"),
                1 => (step::STDOUT, "Failed to set up standard output"),
                _ => (step::STDERR, "Failed to set up standard error output"),
            };
            failed(status, what)(error.errno)
        })
    }

    fn make_directories(&self, world: &mut World, exec: &ExecContext, owner: &Cred) -> Result<Vec<Made>, Failure> {
        let mut made = Vec::new();
        for (kind, status) in [
            (ExecDirectoryType::Runtime, step::RUNTIME_DIRECTORY),
            (ExecDirectoryType::State, step::STATE_DIRECTORY),
            (ExecDirectoryType::Cache, step::CACHE_DIRECTORY),
            (ExecDirectoryType::Logs, step::LOGS_DIRECTORY),
            (ExecDirectoryType::Configuration, step::CONFIGURATION_DIRECTORY),
        ] {
            let folders = directories::make(world, self.scope, exec, kind, owner).map_err(failed(status, ""))?;
            if !folders.paths.is_empty() {
                made.push(folders);
            }
        }
        Ok(made)
    }

    /// Mounts what the settings ask for over the tree that the process sees.
    fn build_view(&self, sys: &mut Sys<'_>, exec: &ExecContext, folders: &[Made]) -> Result<(), Failure> {
        let needs = namespace::Needs {
            exec,
            kept: &self.loaded.settings.kept,
            tmp: self.runtime.tmp.as_ref(),
            directories: folders
                .iter()
                .filter(|made| made.private.is_none())
                .flat_map(|made| made.paths.clone())
                .collect(),
            private: folders.iter().filter_map(|made| made.private.clone()).collect(),
        };
        match namespace::build(sys.world, &needs) {
            Ok(mounts) => sys.me_mut().cred.mounts = mounts,
            Err((path, errno)) => {
                let place = path.map(|path| format!(": {path}")).unwrap_or_default();
                let text = format!("Failed to set up mount namespacing{place}");
                return Err(failed(step::NAMESPACE, &text)(errno));
            }
        }
        Ok(())
    }

    /// The program's path; `None` when it is missing and that does not matter.
    fn find_executable(&self, sys: &mut Sys<'_>, exec: &ExecContext) -> Result<Option<String>, Failure> {
        let name = &self.command.path;
        let candidates: Vec<String> = if name.contains('/') {
            vec![name.clone()]
        } else if exec.exec_search_path.is_empty() {
            DEFAULT_PATH.iter().map(|folder| format!("{folder}/{name}")).collect()
        } else {
            exec.exec_search_path.iter().map(|folder| format!("{folder}/{name}")).collect()
        };
        let mut errno = Errno::ENOENT;
        for path in candidates {
            match executable(sys, &path) {
                Ok(()) => return Ok(Some(path)),
                Err(Errno::ENOENT) => {}
                Err(other) => errno = other,
            }
        }
        if errno == Errno::ENOENT && self.command.ignore_failure {
            let text = format!("Executable {name} missing, skipping: {errno}");
            self.log(sys, LOG_INFO, &text, Some(message_id::SPAWN_FAILED));
            return Ok(None);
        }
        Err(Failure { status: step::EXEC, text: format!("Failed to locate executable {name}"), errno })
    }

    fn change_directory(&self, sys: &mut Sys<'_>, exec: &ExecContext, user: Option<&User>) -> Result<(), Failure> {
        let home = || match (user, self.scope) {
            (Some(user), _) => user.home.clone(),
            (None, _) => "/root".to_owned(),
        };
        let (path, missing_ok) = match &exec.working_directory {
            Some(WorkingDirectory { path: Some(path), missing_ok }) => (path.clone(), *missing_ok),
            Some(WorkingDirectory { path: None, missing_ok }) => (home(), *missing_ok),
            None if self.scope == RuntimeScope::System => return Ok(()),
            None => (home(), false),
        };
        match sys.chdir(&path) {
            Err(errno) if !missing_ok => {
                Err(failed(step::CHDIR, "Changing to the requested working directory failed")(errno))
            }
            _ => Ok(()),
        }
    }
}

/// Whether the socket becomes standard input or output instead of a further descriptor.
pub(super) fn takes_socket(exec: &ExecContext) -> bool {
    let output = [exec.std_output, exec.std_error];
    exec.std_input == ExecInput::Socket || output.contains(&Some(ExecOutput::Socket))
}

/// Whether the user that the child became has more processes than its limit allows: execve(2) then fails.
fn has_too_many_processes(sys: &Sys<'_>) -> bool {
    let me = sys.me();
    let limit = me.limits.soft(Resource::Nproc);
    let free = me.cred.is_root() || !(1..MAX_PROCESSES as u64).contains(&limit);
    !free && sys.world.processes().filter(|p| p.cred.uid == me.cred.uid).count() as u64 > limit
}

/// Whether a path is a regular file that may be executed.
fn executable(sys: &mut Sys<'_>, path: &str) -> Result<(), Errno> {
    let node = sys.stat(path)?;
    if node.is_dir() {
        return Err(Errno::EISDIR);
    }
    sys.access(path, Access::Execute)
}
