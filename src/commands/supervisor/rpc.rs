//! What `supervisorctl` can ask the daemon, and when each question is answered.

use super::config;
use super::daemon::Daemon;
use super::process::{State, Supervised};
use crate::commands::net::redis::resp::Reply;
use crate::world::{Signal, Sys};

/// A question that was asked.
#[derive(Clone, Debug)]
pub enum Waiting {
    /// It is answered.
    Done(Reply),
    /// Until a process runs or has failed, by its shown name.
    Start(String),
    /// Until a process is stopped.
    Stop(String),
    /// Until the last process of a group is stopped.
    StopGroup(String),
}

fn fault(name: &str) -> Waiting {
    Waiting::Done(Reply::Error(name.to_owned()))
}

fn ok() -> Waiting {
    Waiting::Done(Reply::ok())
}

/// Whether it counts as started.
fn is_up(state: State) -> bool {
    matches!(state, State::Running | State::Starting | State::Backoff)
}

fn position(daemon: &Daemon, name: &str) -> Option<usize> {
    daemon
        .processes
        .iter()
        .position(|p| p.program.shown() == name || format!("{}:{}", p.program.group, p.program.name) == name)
}

/// Begins to answer a question.
pub fn begin(daemon: &mut Daemon, sys: &mut Sys<'_>, words: &[String]) -> Waiting {
    let word = |at: usize| words.get(at).cloned().unwrap_or_default();
    match words.first().map_or("", String::as_str) {
        "status" => {
            let now = sys.now();
            let row = |p: &Supervised| {
                Reply::bulks([
                    p.program.shown(),
                    p.state.name().to_owned(),
                    p.description(now),
                    p.program.group.clone(),
                    p.pid.unwrap_or(0).to_string(),
                ])
            };
            let mut rows: Vec<&Supervised> = daemon.processes.iter().collect();
            rows.sort_by_key(|p| p.program.shown());
            Waiting::Done(Reply::Array(rows.into_iter().map(row).collect()))
        }
        "start" => start(daemon, sys, &word(1)),
        "stop" => stop(daemon, sys, &word(1)),
        "stopgroup" => stop_group(daemon, sys, &word(1)),
        "signal" => signal(daemon, sys, &word(1), &word(2)),
        "reread" => reread(daemon, sys),
        "add" => add(daemon, sys, &word(1)),
        "remove" => {
            let group = word(1);
            if daemon.processes.iter().any(|p| p.program.group == group && p.pid.is_some()) {
                return fault("STILL_RUNNING");
            }
            let before = daemon.processes.len();
            daemon.processes.retain(|p| p.program.group != group);
            daemon.config.programs.retain(|p| p.group != group);
            if daemon.processes.len() == before { fault("BAD_NAME") } else { ok() }
        }
        "log" => read_log(daemon, sys, &word(1), &word(2)),
        "logfile" => log_file(daemon, &word(1), &word(2)),
        "avail" => avail(daemon, sys),
        "clear" => clear(daemon, sys, &word(1)),
        "pid" => Waiting::Done(Reply::Bulk(sys.pid.to_string())),
        "shutdown" => {
            daemon.leave(sys);
            ok()
        }
        "restart" => {
            daemon.reloading = true;
            daemon.leave(sys);
            ok()
        }
        _ => fault("UNKNOWN_METHOD"),
    }
}

fn stop_group(daemon: &mut Daemon, sys: &mut Sys<'_>, group: &str) -> Waiting {
    let mut log = Vec::new();
    for process in daemon.processes.iter_mut().filter(|p| p.program.group == group && is_up(p.state)) {
        process.stop(sys, &mut log);
    }
    daemon.log(sys, &log);
    Waiting::StopGroup(group.to_owned())
}

/// Every configured process: its name, whether it is in use, how it starts, its priorities.
fn avail(daemon: &Daemon, sys: &Sys<'_>) -> Waiting {
    let Ok(config) = config::read(sys.world, daemon.config_path()) else { return fault("CANT_REREAD") };
    let groups = daemon.config.groups();
    let line = |p: &config::Program| {
        let used = if groups.contains(&p.group) { "in use" } else { "avail" };
        let starts = if p.autostart { "auto" } else { "manual" };
        format!("{:<32} {used:<9} {starts:<9} 999:{}", p.shown(), p.priority)
    };
    // Programs stand before groups, each in the order of their names.
    let mut programs: Vec<&config::Program> = config.programs.iter().collect();
    programs.sort_by_key(|p| (p.group_declared, p.shown()));
    Waiting::Done(Reply::bulks(programs.into_iter().map(line).collect::<Vec<_>>()))
}

/// Where the output of a process goes, and its state.
fn log_file(daemon: &Daemon, name: &str, channel: &str) -> Waiting {
    let Some(at) = position(daemon, name) else { return fault("BAD_NAME") };
    let process = &daemon.processes[at];
    let file = if channel == "stderr" { &process.program.stderr_logfile } else { &process.program.stdout_logfile };
    match file {
        Some(path) => Waiting::Done(Reply::bulks([path.clone(), process.state.name().to_owned()])),
        None => fault("NO_FILE"),
    }
}

fn read_log(daemon: &Daemon, sys: &Sys<'_>, name: &str, channel: &str) -> Waiting {
    let Some(at) = position(daemon, name) else { return fault("BAD_NAME") };
    let program = &daemon.processes[at].program;
    let file = if channel == "stderr" { &program.stderr_logfile } else { &program.stdout_logfile };
    // Before the first start there is no file yet; the real one makes it and finds it empty.
    let text = file.as_ref().map(|path| sys.world.files.text(path).unwrap_or_default());
    text.map_or_else(|| fault("NO_FILE"), |text| Waiting::Done(Reply::Bulk(text)))
}

fn clear(daemon: &Daemon, sys: &mut Sys<'_>, name: &str) -> Waiting {
    let Some(at) = position(daemon, name) else { return fault("BAD_NAME") };
    let program = &daemon.processes[at].program;
    let now = sys.now();
    for path in program.stdout_logfile.iter().chain(&program.stderr_logfile) {
        if sys.world.files.get(path).is_some() {
            sys.world.files.put(path, b"", 0o644, (0, 0), now);
        }
    }
    ok()
}

fn start(daemon: &mut Daemon, sys: &mut Sys<'_>, name: &str) -> Waiting {
    let Some(at) = position(daemon, name) else { return fault("BAD_NAME") };
    match daemon.processes[at].locate(sys) {
        Err((_, true)) => return fault("NO_FILE"),
        Err((_, false)) => return fault("NOT_EXECUTABLE"),
        Ok(_) => {}
    }
    if is_up(daemon.processes[at].state) {
        return fault("ALREADY_STARTED");
    }
    let mut log = Vec::new();
    daemon.processes[at].spawn(sys, &mut log);
    let failed = daemon.processes[at].error.is_some();
    daemon.log(sys, &log);
    if failed { fault("SPAWN_ERROR") } else { Waiting::Start(name.to_owned()) }
}

fn stop(daemon: &mut Daemon, sys: &mut Sys<'_>, name: &str) -> Waiting {
    let Some(at) = position(daemon, name) else { return fault("BAD_NAME") };
    if !is_up(daemon.processes[at].state) {
        return fault("NOT_RUNNING");
    }
    let mut log = Vec::new();
    daemon.processes[at].stop(sys, &mut log);
    daemon.log(sys, &log);
    Waiting::Stop(name.to_owned())
}

fn signal(daemon: &Daemon, sys: &mut Sys<'_>, signal: &str, name: &str) -> Waiting {
    let Some(at) = position(daemon, name) else { return fault("BAD_NAME") };
    let Some(signal) = Signal::parse(&signal.to_uppercase()) else { return fault("BAD_SIGNAL") };
    if daemon.processes[at].pid.is_none() {
        return fault("NOT_RUNNING");
    }
    daemon.processes[at].signal(sys, signal);
    ok()
}

/// The groups that are new, changed and gone in the files.
fn reread(daemon: &Daemon, sys: &mut Sys<'_>) -> Waiting {
    let new = match config::read(sys.world, daemon.config_path()) {
        Ok(new) => new,
        Err(message) => return Waiting::Done(Reply::Error(format!("CANT_REREAD {message}"))),
    };
    let (old_groups, new_groups) = (daemon.config.groups(), new.groups());
    let added = new_groups.iter().filter(|g| !old_groups.contains(g));
    let changed = new_groups.iter().filter(|g| old_groups.contains(g) && new.group(g) != daemon.config.group(g));
    let gone = old_groups.iter().filter(|g| !new_groups.contains(g));
    Waiting::Done(Reply::Array(vec![
        Reply::bulks(added.cloned().collect::<Vec<_>>()),
        Reply::bulks(changed.cloned().collect::<Vec<_>>()),
        Reply::bulks(gone.cloned().collect::<Vec<_>>()),
    ]))
}

fn add(daemon: &mut Daemon, sys: &mut Sys<'_>, group: &str) -> Waiting {
    if daemon.config.groups().iter().any(|g| g == group) {
        return fault("ALREADY_ADDED");
    }
    let programs: Vec<_> = match config::read(sys.world, daemon.config_path()) {
        Ok(new) => new.group(group).into_iter().cloned().collect(),
        Err(_) => Vec::new(),
    };
    if programs.is_empty() {
        return fault("BAD_NAME");
    }
    for program in programs {
        daemon.config.programs.push(program.clone());
        daemon.add(sys, Supervised::new(program));
    }
    ok()
}

impl Waiting {
    /// The answer, if it is decided.
    pub fn reply(&self, daemon: &Daemon) -> Option<Reply> {
        let state = |name: &str| position(daemon, name).map(|at| &daemon.processes[at]);
        match self {
            Waiting::Done(reply) => Some(reply.clone()),
            Waiting::Start(name) => match state(name) {
                None => Some(Reply::Error("BAD_NAME".into())),
                Some(p) if p.error.is_some() => Some(Reply::Error("SPAWN_ERROR".into())),
                Some(p) if p.state == State::Starting => None,
                Some(p) if p.state == State::Running => Some(Reply::ok()),
                // It ran and is over already: with startsecs=0 that is a start.
                Some(p) if p.program.startsecs == 0 => Some(Reply::ok()),
                Some(_) => Some(Reply::Error("ABNORMAL_TERMINATION".into())),
            },
            Waiting::Stop(name) => state(name).is_none_or(|p| p.pid.is_none()).then(Reply::ok),
            Waiting::StopGroup(group) => {
                daemon.processes.iter().all(|p| p.program.group != *group || p.pid.is_none()).then(Reply::ok)
            }
        }
    }
}
