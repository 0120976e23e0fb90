//! systemd-run(1): runs a command as a transient service, timer or scope.

mod request;
mod unit_text;

use crate::commands::Command;
use crate::commands::systemctl::bus;
use crate::systemd::config::JobMode;
use crate::systemd::load::{Loader, UnitFileMap};
use crate::systemd::loaded::LoadedUnit;
use crate::systemd::manager::{JobResult, ManagerError, RuntimeScope, Unit, error_name};
use crate::systemd::span::{MSEC, format_timespan};
use crate::systemd::states::{ActiveState, LoadState, ServiceResult};
use crate::systemd::unit_name::{UnitName, UnitType};
use crate::world::{Channel, ChildEvent, Cx, Duration, Errno, ExitStatus, Pid, Task, TaskStep, Time, Wait, task};
use request::Request;

/// systemd-run(1).
pub const COMMAND: Command =
    Command { name: "systemd-run", path: "/usr/bin/systemd-run", program: |argv| task(Run::default(), argv) };

/// The command between its steps.
#[derive(Clone, Default)]
struct Run {
    started: Option<Started>,
    /// The command in a scope, which is a child.
    child: Option<Pid>,
}

/// A unit that was started.
#[derive(Clone)]
struct Started {
    request: Request,
    scope: RuntimeScope,
    unit: UnitName,
    job: u64,
    /// The job has ended well; `--wait` waits for the unit's own end.
    running: bool,
    /// The unit as it was seen last: it may be unloaded when it ends.
    last: Option<Unit>,
    /// Its processor time as it was seen last.
    cpu: Option<u64>,
    begun: Time,
}

impl Task for Run {
    fn step(&mut self, cx: &mut Cx<'_, '_>) -> TaskStep {
        if let Some(child) = self.child {
            return match cx.wait_child(Some(child)) {
                Some((_, ChildEvent::Ended(status))) => TaskStep::Exit(status.code()),
                _ => TaskStep::Wait(Wait::channel(Channel::Children(cx.pid))),
            };
        }
        match self.started.take() {
            None => match begin(cx) {
                Ok(started) => self.go_on(cx, started),
                Err(status) => TaskStep::Exit(status),
            },
            Some(started) => self.go_on(cx, started),
        }
    }
}

fn begin(cx: &mut Cx<'_, '_>) -> Result<Started, u8> {
    let request = Request::read(cx)?;
    let scope = if request.user {
        bus::connect_user(cx).map_err(|reason| say(cx, &format!("Failed to connect to bus: {reason}")))?
    } else {
        RuntimeScope::System
    };
    // What waits needs the user's message bus, which is not the manager's own socket.
    if let (RuntimeScope::User(uid), true) = (scope, request.wait)
        && cx.stat(&format!("/run/user/{uid}/bus")).is_err()
    {
        return Err(say(cx, "Failed to connect to bus: No such file or directory"));
    }
    let kind = if request.is_timer() {
        UnitType::Timer
    } else if request.scope {
        UnitType::Scope
    } else {
        UnitType::Service
    };
    let what = match kind {
        UnitType::Timer => "timer",
        UnitType::Scope => "scope",
        _ => "service",
    };
    match start(cx, &request, scope, kind) {
        Ok((unit, job)) => {
            let begun = cx.now();
            Ok(Started { request, scope, unit, job, running: false, last: None, cpu: None, begun })
        }
        Err(error) if error.name == error_name::INVALID_ARGS => Err(say(cx, &error.message)),
        Err(error) => Err(say(cx, &format!("Failed to start transient {what} unit: {}", error.message))),
    }
}

fn say(cx: &mut Cx<'_, '_>, message: &str) -> u8 {
    cx.errln(message);
    1
}

/// Makes the unit (for a timer also its service) and queues its start.
fn start(
    cx: &mut Cx<'_, '_>,
    request: &Request,
    scope: RuntimeScope,
    kind: UnitType,
) -> Result<(UnitName, u64), ManagerError> {
    bus::authorize(cx, scope)?;
    let folder = match scope {
        RuntimeScope::System => "/run/systemd/transient".to_owned(),
        RuntimeScope::User(uid) => format!("/run/user/{uid}/systemd/transient"),
    };
    let name = request.unit_name(cx, kind)?;
    if kind == UnitType::Timer
        && let Some(service) = name.with_type(UnitType::Service)
    {
        refuse_known(cx, scope, &service)?;
        let text = unit_text::service(cx, request);
        put(cx, &folder, &service, &text);
    }
    refuse_known(cx, scope, &name)?;
    let text = match kind {
        UnitType::Timer => unit_text::timer(request),
        UnitType::Scope => unit_text::scope(request),
        _ => unit_text::service(cx, request),
    };
    let mut loaded = load(cx, scope, &folder, &name, &text)?;
    if request.pipe || (request.pty && cx.tty_of(1).is_none()) {
        let pid = cx.pid;
        if let Some(exec) = loaded.settings.exec_mut() {
            exec.streams_of = Some(pid);
        }
    }
    let client = bus::client(cx);
    let job = bus::core(cx, scope, |core| core.start_transient(loaded, JobMode::Fail, client))??;
    put(cx, &folder, &name, &text);
    Ok((name, job))
}

fn refuse_known(cx: &mut Cx<'_, '_>, scope: RuntimeScope, name: &UnitName) -> Result<(), ManagerError> {
    let unit = bus::unit(cx, scope, name);
    if unit.load_state() == LoadState::NotFound && unit.active_state() == ActiveState::Inactive {
        return Ok(());
    }
    let text = format!("Unit {name} was already loaded or has a fragment file.");
    Err(ManagerError::new(error_name::UNIT_EXISTS, text))
}

fn put(cx: &mut Cx<'_, '_>, folder: &str, name: &UnitName, text: &str) {
    let now = cx.now();
    cx.world.files.put(&format!("{folder}/{name}"), text.as_bytes(), 0o644, (0, 0), now);
}

/// Reads the text as the manager will read the file.
fn load(
    cx: &mut Cx<'_, '_>,
    scope: RuntimeScope,
    folder: &str,
    name: &UnitName,
    text: &str,
) -> Result<LoadedUnit, ManagerError> {
    let place = crate::commands::systemctl::unit_files::place(cx.world, scope);
    let mut tree = cx.world.files.clone();
    tree.put(&format!("{folder}/{name}"), text.as_bytes(), 0o644, (0, 0), cx.now());
    let map = UnitFileMap::build(&tree, &place.path);
    let loaded = Loader { files: &tree, path: &place.path, map: &map, host: &place.host }.load(name);
    if let Some(warning) = loaded.warnings.iter().find(|warning| warning.line > 0) {
        let line = text.lines().nth(warning.line as usize - 1).unwrap_or_default();
        return Err(ManagerError::new(error_name::INVALID_ARGS, refusal(line, &warning.text)));
    }
    match &loaded.load_error {
        Some(error) => Err(ManagerError::new(error.name, error.message.clone())),
        None => Ok(loaded),
    }
}

/// The messages that go by the property.
fn refused_by_name(name: &str, value: &str) -> Option<String> {
    let start = "Failed to start transient service unit:";
    Some(match name {
        _ if name.starts_with("Limit") => format!("Failed to parse resource limit: {value}"),
        _ if name.ends_with("Directory") && value.starts_with('/') => {
            format!("{start} {name}= path is absolute: {value}")
        }
        _ if name.ends_with("Directory") && name != "RootDirectory" && name != "WorkingDirectory" => {
            format!("{start} {name}= path is not normalized: {value}")
        }
        "ReadOnlyPaths" | "ReadWritePaths" | "InaccessiblePaths" => format!("{start} Invalid {name}"),
        "TasksMax" if value == "0" => format!("{start} Value specified in TasksMax is out of range"),
        "CPUSchedulingPolicy" => format!("Failed to parse CPUSchedulingPolicy: {value}"),
        "CPUSchedulingPriority" => format!("{start} Invalid CPU scheduling priority: {value}"),
        "OOMScoreAdjust" if value.parse::<i32>().is_ok() => format!("{start} OOM score adjust value out of range"),
        "RestrictAddressFamilies" => format!("{start} Failed to set unit properties: Invalid argument"),
        "CPUQuota" => format!("CPU quota '{value}' invalid."),
        _ => return None,
    })
}

/// What systemd-run says about a property that the manager would only warn about.
fn refusal(line: &str, warning: &str) -> String {
    if let Some((name, value)) = line.split_once('=')
        && let Some(message) = refused_by_name(name, value)
    {
        return message;
    }
    if warning.starts_with("Unknown key") {
        return format!("Unknown assignment: {line}");
    }
    let errno = if warning.contains("out of range") { Errno::ERANGE } else { Errno::EINVAL };
    format!("Failed to parse {line}: {}", errno.message())
}

impl Run {
    fn go_on(&mut self, cx: &mut Cx<'_, '_>, mut started: Started) -> TaskStep {
        if !started.running {
            match bus::manager(cx, started.scope).job_result(started.job) {
                None if started.request.no_block => {}
                None => {
                    let wait = Wait::channel(Channel::Init(started.job));
                    self.started = Some(started);
                    return TaskStep::Wait(wait);
                }
                Some(JobResult::Done | JobResult::Skipped) => {}
                Some(result) => return TaskStep::Exit(job_failed(cx, &started, result)),
            }
            started.running = true;
            announce(cx, &started);
            if started.request.scope {
                return match enter_scope(cx, &started) {
                    Ok(child) => {
                        self.child = Some(child);
                        TaskStep::Wait(Wait::channel(Channel::Children(cx.pid)))
                    }
                    Err(status) => TaskStep::Exit(status),
                };
            }
            if !started.request.wait {
                return TaskStep::Exit(0);
            }
        }
        started.look(cx);
        let ended = started.last.as_ref().is_none_or(|unit| unit.is_inactive_or_failed());
        if ended {
            return TaskStep::Exit(started.report(cx));
        }
        // The manager tells nobody when a unit ends; a hundred looks a second are as good as being told.
        let soon = cx.now() + Duration::from_millis(10);
        self.started = Some(started);
        TaskStep::Wait(Wait::until(soon))
    }
}

fn job_failed(cx: &mut Cx<'_, '_>, started: &Started, result: JobResult) -> u8 {
    let unit = &started.unit;
    say(
        cx,
        &match result {
            JobResult::Canceled => format!("Job for {unit} canceled."),
            JobResult::Timeout => format!("Job for {unit} timed out."),
            _ => format!(
                "Job for {unit} failed.\n\
             See \"systemctl status {unit}\" and \"journalctl -xeu {unit}\" for details."
            ),
        },
    )
}

fn announce(cx: &mut Cx<'_, '_>, started: &Started) {
    if started.request.quiet {
        return;
    }
    let unit = &started.unit;
    match unit.unit_type() {
        UnitType::Timer => {
            cx.errln(&format!("Running timer as unit: {unit}"));
            if let Some(service) = unit.with_type(UnitType::Service) {
                cx.errln(&format!("Will run service as unit: {service}"));
            }
        }
        UnitType::Scope => cx.errln(&format!("Running scope as unit: {unit}")),
        _ => cx.errln(&format!("Running as unit: {unit}")),
    }
}

/// Starts the command in the scope's control group. Errors: it cannot be executed, which has been said.
fn enter_scope(cx: &mut Cx<'_, '_>, started: &Started) -> Result<Pid, u8> {
    if let Some(group) = bus::unit(cx, started.scope, &started.unit).cgroup {
        cx.me_mut().cgroup = group.into();
    }
    let argv = started.request.argv.clone();
    cx.spawn(&started.request.program, &argv).map_err(|errno| {
        let name = argv.first().cloned().unwrap_or_default();
        say(cx, &format!("Failed to execute: {name}: {}", errno.message()))
    })
}

impl Started {
    /// Looks at the unit and remembers it.
    fn look(&mut self, cx: &mut Cx<'_, '_>) {
        let (systemd, world) = crate::vps::systemd(cx.sys);
        let Some(manager) = systemd.manager_of(self.scope) else { return };
        let found = manager.get(&self.unit).or_else(|| manager.departed(&self.unit));
        if let Some(unit) = found {
            self.cpu = manager.cpu_usage(world, unit).or(self.cpu);
            self.last = Some(unit.clone());
        }
    }

    /// `--wait`: how it ended; the status that systemd-run ends with.
    fn report(&self, cx: &mut Cx<'_, '_>) -> u8 {
        let service = self.last.as_ref().and_then(|unit| unit.service.as_deref());
        let result = service.map_or(ServiceResult::Success, |service| service.result);
        let status = service.and_then(|service| service.main_status.status);
        let times = service.map(|service| &service.main_status);
        if !self.request.quiet {
            cx.errln(&format!("Finished with result: {result}"));
            match status {
                Some(ExitStatus::Exited(code)) => {
                    cx.errln(&format!("Main processes terminated with: code=exited/status={code}"));
                }
                Some(ExitStatus::Signaled(signal, dumped)) => {
                    let code = if dumped { "dumped" } else { "killed" };
                    let name = signal.name();
                    let name = name.trim_start_matches("SIG");
                    cx.errln(&format!("Main processes terminated with: code={code}/status={name}"));
                }
                None => {}
            }
            let begin = times.and_then(|times| times.start).unwrap_or(self.begun);
            let end = times.and_then(|times| times.exit).unwrap_or_else(|| cx.now());
            let runtime = end.0.saturating_sub(begin.0);
            cx.errln(&format!("Service runtime: {}", format_timespan(runtime, MSEC)));
            if let Some(cpu) = self.cpu {
                cx.errln(&format!("CPU time consumed: {}", format_timespan(cpu, MSEC)));
            }
        }
        match (result, status) {
            (ServiceResult::Success, _) => 0,
            (ServiceResult::ExitCode, Some(ExitStatus::Exited(code))) if code > 0 => code,
            (ServiceResult::Signal, _) => 255,
            _ => 1,
        }
    }
}
